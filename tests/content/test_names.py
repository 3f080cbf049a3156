import pytest

from rhythmtrainer import paths
from rhythmtrainer.content import load_rhythms
from rhythmtrainer.content.names import rhythms_called, rhythms_like
from rhythmtrainer.model import RhythmId

RHYTHMS = load_rhythms(paths.asset("content", "rhythms.toml"))


@pytest.mark.parametrize("rhythm", RhythmId)
def test_a_rhythm_is_found_by_what_it_is_called(rhythm: RhythmId) -> None:
    taught = RHYTHMS[rhythm]
    names = [rhythm.value, rhythm.value.replace("_", " ").title(), taught.name, *taught.synonyms]
    if taught.abbreviation:
        names += [taught.abbreviation, taught.abbreviation.lower()]
    for name in names:
        assert rhythms_called(name, RHYTHMS) == (rhythm,)


@pytest.mark.parametrize(
    ("name", "rhythm"),
    [
        ("VT", "vt_monomorphic"),
        ("af", "af_controlled"),
        ("third-degree", "avb3"),
        ("complete heart", "avb3"),
        ("RBBB", "bbb"),
    ],
)
def test_the_beginning_of_a_name_is_enough(name: str, rhythm: str) -> None:
    assert rhythms_called(name, RHYTHMS) == (rhythm,)


def test_a_beginning_that_several_share_finds_them_all() -> None:
    found = rhythms_called("sinus", RHYTHMS)
    assert set(found) >= {"normal_sinus_rhythm", "sinus_bradycardia", "sinus_tachycardia"}
    assert list(found) == [rhythm for rhythm in RHYTHMS if rhythm in found]


@pytest.mark.parametrize(
    ("name", "rhythm"),
    [("torsade de points", "torsades"), ("wenkebach", "avb2_type1"), ("vf_corse", "vf_coarse")],
)
def test_a_name_that_is_misspelled_is_like_the_right_one(name: str, rhythm: str) -> None:
    assert rhythms_called(name, RHYTHMS) == ()
    assert rhythms_like(name, RHYTHMS)[0] == rhythm


@pytest.mark.parametrize("name", ["", "?!", "zzzzzz"])
def test_some_names_are_like_none(name: str) -> None:
    assert rhythms_called(name, RHYTHMS) == rhythms_like(name, RHYTHMS) == ()
