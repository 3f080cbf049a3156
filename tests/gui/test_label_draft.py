import pytest
from hypothesis import given
from hypothesis import strategies as st

from rhythmtrainer.gui.label.draft import (
    LONGEST_S,
    SHORTEST_S,
    Draft,
    History,
    Label,
    Trim,
)
from rhythmtrainer.gui.label.times import understood, written
from rhythmtrainer.model import LabelledStrip, LeadName, RhythmId, Scenario, StripId, Teaching

LABELLED = LabelledStrip(
    StripId("strip-1"),
    "A title",
    (LeadName("II"),),
    8.0,
    RhythmId.ATRIAL_FLUTTER,
    frozenset({RhythmId.SVT}),
    Teaching(Scenario.WITHOUT_PULSE, 0.5, "Look at the baseline."),
    "A colleague",
    "CC0",
    ("patient's name",),
)


@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(SHORTEST_S, 1e6))
def test_a_trim_always_fits_into_its_recording(start: float, length: float, whole: float) -> None:
    trim = Trim(start, length).within(whole)
    assert trim.start_s >= 0.0
    assert trim.end_s <= whole + 1e-6
    assert SHORTEST_S <= trim.length_s <= LONGEST_S


@given(st.floats(0.0, 360_000.0))
def test_a_time_that_is_written_is_understood(seconds: float) -> None:
    assert understood(written(seconds)) == pytest.approx(seconds, abs=0.051)


@pytest.mark.parametrize("text", ["", "soon", "1:2:3:4", "-5", "1:-2", "nan", "inf", "1::2"])
def test_what_is_no_time_is_not_understood(text: str) -> None:
    assert understood(text) is None


def test_a_label_comes_back_as_it_was_typed() -> None:
    label = Label.of(LABELLED)
    assert (label.age, label.age_unit) == ("6", "months")
    again = label.labelled(LABELLED.id, LABELLED.leads, LABELLED.duration_s, LABELLED.dropped)
    assert again == LABELLED


@pytest.mark.parametrize(
    ("age", "unit", "years"),
    [("", "years", None), ("68", "years", 68.0), ("1,5", "years", 1.5), ("10", "days", 0.0274)],
)
def test_an_age_is_kept_in_years(age: str, unit: str, years: float | None) -> None:
    found = Label(age=age, age_unit=unit).age_years
    assert found == (None if years is None else pytest.approx(years, rel=0.01))


@pytest.mark.parametrize("age", ["old", "-1", "121", "nan", "inf"])
def test_a_wrong_age_is_told_and_nothing_is_labelled(age: str) -> None:
    label = Label(title="A", answer=RhythmId.SVT, age=age)
    assert len(label.faults) == 1
    with pytest.raises(ValueError, match="age"):
        label.labelled(StripId("x"), (LeadName("II"),), 8.0, ())


def test_everything_that_is_missing_is_told_at_once() -> None:
    assert len(Label(title="  ").faults) == 2


def test_the_answer_itself_is_not_also_accepted() -> None:
    both = frozenset({RhythmId.SVT, RhythmId.ATRIAL_FLUTTER})
    label = Label(title="A", answer=RhythmId.SVT, accepted=both)
    labelled = label.labelled(StripId("x"), (LeadName("II"),), 8.0, ())
    assert labelled.accepted == {RhythmId.ATRIAL_FLUTTER}


def drafts(*starts: float) -> list[Draft]:
    return [Draft(Trim(start, 5.0)) for start in starts]


def test_changes_are_taken_back_and_done_again() -> None:
    first, second, third = drafts(0.0, 1.0, 2.0)
    history = History(first)
    history.change(second)
    history.change(third)
    assert history.undo() is second
    assert history.undo() is first
    assert not history.can_undo
    assert history.undo() is first
    assert history.redo() is second
    history.change(first)
    assert not history.can_redo


def test_a_drag_is_one_step_back() -> None:
    first, *dragged = drafts(0.0, 1.0, 2.0, 3.0)
    history = History(first)
    for draft in dragged:
        history.change(draft, "trim")
    history.settle()
    (last,) = drafts(9.0)
    history.change(last, "trim")
    assert history.undo() is dragged[-1]
    assert history.undo() is first


def test_no_change_is_no_step() -> None:
    (first,) = drafts(0.0)
    history = History(first)
    history.change(Draft(Trim(0.0, 5.0)))
    assert not history.can_undo
