from dataclasses import dataclass

import pytest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.gui.widgets.comparison import Comparison
from rhythmtrainer.model import Measurement, Reveal, RhythmId, Step, Strip, Verdict
from rhythmtrainer.simulate import simulate

pytestmark = pytest.mark.gui


@dataclass
class Chosen:
    strip: Strip
    marks: Measurement | None
    where: str = "Simulated, seed 1"
    source: str = "Simulated, seed 1 · Lead II"


def reveal(chosen: str = "Sinus bradycardia") -> Reveal:
    return Reveal(
        verdict=Verdict.WRONG if chosen else Verdict.RIGHT,
        answer="Normal sinus rhythm",
        chosen=chosen,
        definition="One P before every QRS.",
        readings=(),
        difference="The rate decides." if chosen else "",
        note="",
        label="made up",
        source="made up",
        beats_count=True,
    )


def slow() -> Chosen:
    strip = simulate(RhythmId.SINUS_BRADYCARDIA, seconds=6.0, seed=1)
    return Chosen(strip, measure(strip, 0.0, 6.0))


@pytest.fixture
def comparison(qtbot: QtBot) -> Comparison:
    comparison = Comparison()
    comparison.resize(430, 220)
    qtbot.addWidget(comparison)
    comparison.show()
    return comparison


def test_what_was_chosen_is_shown_as_a_strip_with_where_it_comes_from(
    comparison: Comparison,
) -> None:
    comparison.show_reveal(reveal())
    menu = comparison.findChild(QToolButton, "chosenMenuButton")
    assert menu is not None
    assert not menu.isVisible()
    assert comparison.picture("Notice.", with_marks=True) is None
    comparison.show_chosen(slow())
    assert comparison._strip.stretches[0].lead == "II"
    where = comparison.findChild(QLabel, "chosenSourceLabel")
    assert where is not None
    assert where.text() == "Simulated, seed 1"
    assert menu.isVisible()
    assert "Simulated" in comparison._strip.accessibleDescription()


def test_its_marks_follow_the_step_that_is_looked_at(comparison: Comparison) -> None:
    comparison.show_reveal(reveal())
    comparison.show_chosen(slow())
    whole = comparison._strip.grab().toImage()
    comparison.set_focus_step(Step.P_WAVES)
    assert comparison._strip.grab().toImage() != whole


def test_what_must_not_be_marked_is_not(comparison: Comparison) -> None:
    comparison.show_reveal(reveal())
    comparison.show_chosen(Chosen(slow().strip, None))
    picture = comparison.picture("Notice.", with_marks=True)
    assert picture is not None
    assert list(picture.overlays) == []


def test_after_a_right_answer_there_is_nothing_to_compare(comparison: Comparison) -> None:
    comparison.show_reveal(reveal())
    comparison.show_chosen(slow())
    comparison.show_reveal(reveal(chosen=""))
    assert not comparison._strip.isVisible()
    assert comparison.picture("Notice.", with_marks=True) is None
