"""Rules are checked at the door, and all their faults are named at once."""

import shutil
from pathlib import Path

import pytest

from rhythmtrainer.model import RhythmId, UserError
from rhythmtrainer.paths import dataset
from rhythmtrainer.records.index.rule_files import read_rules
from rhythmtrainer.records.index.rules import BuildError, without

RULE = """
version = "1"
reader = "annotations"

[[rule]]
codes = ["(N"]
rhythm = "pac"
rate_source = "reference beats"
reason = "made"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("common.toml", "patients.toml"):
        shutil.copy(dataset("rules") / name, tmp_path)
    return tmp_path


def faults_of(folder: Path, text: str) -> str:
    (folder / "made.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BuildError) as caught:
        read_rules(folder, "made")
    return str(caught.value)


def test_a_fault_of_the_rules_is_one_that_the_user_can_act_on() -> None:
    assert issubclass(BuildError, UserError)


def test_good_rules_are_read(folder: Path) -> None:
    (folder / "made.toml").write_text(RULE, encoding="utf-8")
    rules = read_rules(folder, "made")
    assert (rules.database, rules.version, rules.annotations) == ("made", "1", "atr")
    assert rules.rules[0].reason == "made"


def test_a_database_without_rules_is_named(folder: Path) -> None:
    with pytest.raises(BuildError, match="no rules for made"):
        read_rules(folder, "made")


def test_all_faults_are_named_at_once(folder: Path) -> None:
    text = RULE.replace('"pac"', '"pacc"').replace('version = "1"', "")
    text += '[[chosen]]\nreason = ""\nsays = "header"\n'
    text += '[[left_out]]\nreason = "made"\nsays = "somebody"\n'
    text += '[[lead]]\nreason = "made"\nsays = "header"\nleed = "II"\n'
    said = faults_of(folder, text)
    for fault in (
        "'pacc' is not a valid RhythmId",
        "version is missing",
        "no reason is given",
        "says is 'somebody'",
        "unknown: leed",
    ):
        assert fault in said


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ('event = "N("', "unterminated subpattern"),
        ('event = "V*"', "the event 'V*' may be no beat at all"),
        ("rate = [95, 65]", "does not end after it begins"),
        ("rate = [95]", "not enough values"),
        ('accepted = ["pacc"]', "'pacc' is not a valid RhythmId"),
        ("clear = 3", "unknown: clear"),
    ],
)
def test_a_key_that_cannot_be_meant_is_refused(folder: Path, line: str, fault: str) -> None:
    said = faults_of(folder, f"{RULE}{line}\n")
    assert "rule 1: " in said
    assert fault in said


def test_text_that_is_no_toml_is_refused_with_the_files_name(folder: Path) -> None:
    assert "made.toml is not TOML" in faults_of(folder, "[[rule")


def test_a_missing_common_file_is_named(folder: Path) -> None:
    (folder / "common.toml").unlink()
    assert "common.toml cannot be opened" in faults_of(folder, RULE)


@pytest.mark.parametrize("name", sorted(path.stem for path in dataset("rules").glob("*.toml")))
def test_shipped_rules_can_be_read(name: str) -> None:
    if "reader = " in (dataset("rules") / f"{name}.toml").read_text(encoding="utf-8"):
        assert read_rules(dataset("rules"), name).reader


def test_stretches_are_taken_away_from_stretches() -> None:
    assert without([(0, 10), (20, 30)], [(5, 22), (25, 26)]) == [(0, 5), (22, 25), (26, 30)]
    assert without([(0, 10)], [(0, 10)]) == []
    assert without([(5, 5)], []) == []


def test_keys_of_a_wrong_kind_are_named(folder: Path) -> None:
    wrong = 'beat_annotations = "qrs"\nmost_spans = "few"\npatient = 7\nrhythm_note = 1\n'
    said = faults_of(folder, wrong + RULE)
    for fault in ("beat_annotations is no list", "most_spans is no int", "patient", "rhythm_note"):
        assert fault in said


def test_a_number_of_records_to_count_is_none(folder: Path) -> None:
    assert "beat_annotations is no list" in faults_of(folder, "beat_annotations = 3\n" + RULE)


def test_a_database_may_have_rates_of_its_own(folder: Path) -> None:
    text = RULE + '[[rate_class]]\nrhythms = ["normal_sinus_rhythm"]\nrate = [110, 180]\n'
    (folder / "made.toml").write_text(text + 'reason = "made"\n', encoding="utf-8")
    rates = read_rules(folder, "made").borders.rates
    assert rates[RhythmId.NORMAL_SINUS_RHYTHM] == (110, 180)
    assert rates[RhythmId.AF_RVR] == (110, 220)


def test_two_classes_of_one_rhythm_are_named(folder: Path) -> None:
    one = '[[rate_class]]\nrhythms = ["svt"]\nrate = [110, 180]\nreason = "made"\n'
    assert "made.toml: two classes for svt" in faults_of(folder, RULE + one + one)


def test_a_code_that_begins_an_episode_gives_its_reason(folder: Path) -> None:
    assert "episode_symbol 1: no reason" in faults_of(
        folder, RULE + '[[episode_symbol]]\nsymbol = "["\n'
    )
