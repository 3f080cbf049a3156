from rhythmtrainer.content import load_rhythms
from rhythmtrainer.model import TAUGHT_STEPS, LookAlike, Rhythm, RhythmId
from rhythmtrainer.paths import asset


def test_stored_values_are_the_names_in_lower_case() -> None:
    assert all(rhythm.value == rhythm.name.lower() for rhythm in RhythmId)


def test_there_are_53_rhythms_and_patterns() -> None:
    assert len(RhythmId) == 53


def test_a_difference_is_found_only_for_a_look_alike() -> None:
    rhythm: Rhythm = load_rhythms(asset("content", "rhythms.toml"))[RhythmId.ASYSTOLE]
    look: LookAlike = rhythm.look_alikes[0]
    assert rhythm.difference_from(look.id) == look.difference
    assert rhythm.difference_from(RhythmId.ASYSTOLE) is None


def test_a_rhythm_is_read_in_the_teaching_order() -> None:
    rhythm = load_rhythms(asset("content", "rhythms.toml"))[RhythmId.AVB1]
    assert tuple(step for step, _ in rhythm.reading) == TAUGHT_STEPS
