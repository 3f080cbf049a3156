from pathlib import Path

import pytest

from rhythmtrainer.content import load_courses, load_guideline, load_notices, load_rhythms
from rhythmtrainer.model import ContentError, CourseId, PrRelation, RhythmId, Step
from rhythmtrainer.paths import asset

RHYTHMS = asset("content", "rhythms.toml")
COURSES = asset("content", "courses.toml")
NOTICES = asset("content", "notices.toml")


def test_every_rhythm_is_described() -> None:
    assert list(load_rhythms(RHYTHMS)) == list(RhythmId)


def test_every_rhythm_has_look_alikes_and_sources() -> None:
    for rhythm in load_rhythms(RHYTHMS).values():
        assert len(rhythm.look_alikes) >= 3, rhythm.id
        assert rhythm.sources, rhythm.id


def test_names_are_not_shared() -> None:
    names = [rhythm.name for rhythm in load_rhythms(RHYTHMS).values()]
    assert len(set(names)) == len(names)


def test_nothing_but_itself_is_taken_for_pulseless_electrical_activity() -> None:
    for rhythm in load_rhythms(RHYTHMS).values():
        assert RhythmId.PEA not in [look.id for look in rhythm.look_alikes]


@pytest.mark.parametrize(
    ("course_id", "fewest"),
    # Of what is flat, a short list has but one other.
    [(CourseId.ACLS, 2), (CourseId.PALS, 1), (CourseId.TELEMETRY, 3)],
)
def test_every_rhythm_has_look_alikes_in_its_course(course_id: CourseId, fewest: int) -> None:
    rhythms = load_rhythms(RHYTHMS)
    course = load_courses(COURSES)[course_id]
    for rhythm in course.rhythms:
        inside = [look for look in rhythms[rhythm].look_alikes if look.id in course.rhythms]
        assert len(inside) >= fewest, rhythm


def test_telemetry_asks_for_everything_and_only_pals_for_children() -> None:
    courses = load_courses(COURSES)
    assert courses[CourseId.TELEMETRY].rhythms == tuple(RhythmId)
    assert courses[CourseId.PALS].ages == (0, 16)
    assert courses[CourseId.ACLS].ages is courses[CourseId.TELEMETRY].ages is None
    assert len({course.title for course in courses.values()}) == len(CourseId)
    assert all(course.sources for course in courses.values())


def test_a_course_with_wrong_ages_or_sources_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "courses.toml"
    text = COURSES.read_text(encoding="utf-8")
    broken = text.replace("ages = [0, 16]", "ages = [16, 0]").replace('"W25", "W26"', '"W99"')
    file.write_text(broken.replace("guideline =", "guide ="), encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        load_courses(file)
    for part in ("course pals, ages", "'W99' is not listed", "meta, guideline"):
        assert part in str(fault.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = RHYTHMS.read_text(encoding="utf-8")
    broken = (
        text.replace('\nid = "asystole"', '\nid = "flat_line"', 1)
        .replace("lethal = false", 'lethal = "no"', 1)
        .replace('shock = "never"', 'shock = "perhaps"', 1)
    )
    file = tmp_path / "rhythms.toml"
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        load_rhythms(file)
    for part in ("flat_line", "rhythm asystole", "lethal", "perhaps", "rhythms.toml"):
        assert part in str(fault.value)


@pytest.mark.parametrize("content", [b"[[rhythm]\n", b"\xff\xfe", b"rhythm = 3\n", b""])
def test_a_file_of_another_kind_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "rhythms.toml"
    file.write_bytes(content)
    with pytest.raises(ContentError, match=r"rhythms\.toml"):
        load_rhythms(file)


def test_a_missing_file_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"courses\.toml cannot be read"):
        load_courses(tmp_path / "courses.toml")


def test_a_course_with_a_wrong_rhythm_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "courses.toml"
    file.write_text(
        COURSES.read_text(encoding="utf-8").replace('"svt"', '"psvt"\n, "asystole"', 1),
        encoding="utf-8",
    )
    with pytest.raises(ContentError) as fault:
        load_courses(file)
    assert "psvt" in str(fault.value)
    assert "twice" in str(fault.value)


def test_the_notices_say_what_has_to_be_said() -> None:
    notices = load_notices(NOTICES)
    said = " ".join(notices.in_full)
    for words in ("training only", "not a medical device", "not been reviewed by a clinician"):
        assert words in said
    for name in ("American Heart Association", "PhysioNet"):
        assert name in notices.not_affiliated


def test_the_guideline_behind_the_content_is_named() -> None:
    assert "2025" in load_guideline(RHYTHMS)


def test_every_rhythm_says_which_readings_agree_with_it() -> None:
    rhythms = load_rhythms(RHYTHMS)
    assert rhythms[RhythmId.AVB2_TYPE1].agreeing[Step.PR] == {
        PrRelation.LENGTHENING,
        PrRelation.VARYING,
    }
    assert rhythms[RhythmId.AF_RVR].agreeing[Step.PR] == frozenset()
    assert not rhythms[RhythmId.PEA].agreeing


def test_a_reading_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "rhythms.toml"
    text = RHYTHMS.read_text(encoding="utf-8")
    broken = text.replace('qrs = ["narrow"]', 'qrs = ["thin"]', 1).replace(
        'agreeing = { regularity = ["regular"]', 'agreeing = { evenness = ["regular"]', 1
    )
    file.write_text(broken, encoding="utf-8")
    with pytest.raises(ContentError) as fault:
        load_rhythms(file)
    for part in ("thin", "evenness", "normal_sinus_rhythm, agreeing"):
        assert part in str(fault.value)
