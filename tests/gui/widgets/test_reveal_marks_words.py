from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import ArrayLike
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.model import (
    EarlyBeats,
    Finding,
    Measurement,
    Pauses,
    PrRelation,
    PWaves,
    Regularity,
    Step,
)
from rhythmtrainer.model.measurement import WaveTimes
from tests.support.reveal_strips import PACED, SINUS, STRIPS, measured, stretch

pytestmark = pytest.mark.gui


@pytest.fixture(autouse=True)
def _application(qtbot: QtBot) -> None:
    """Fonts need an application."""
    del qtbot


def words_on(name: str, focus: Step | None = None, width: float = 1200.0) -> tuple[str, ...]:
    strip, measurement = measured(name)
    return RevealMarks(measurement, strip, focus=focus).sketch([stretch(width)]).words


def words_of(measurement: Measurement, focus: Step | None = None) -> tuple[str, ...]:
    return RevealMarks(measurement, focus=focus).sketch([stretch()]).words


def by_hand(
    beats: ArrayLike,
    findings: tuple[Finding, ...] = (),
    p_s: ArrayLike = (),
    waves: WaveTimes | None = None,
) -> Measurement:
    times = np.asarray(beats, np.float64)
    return Measurement(
        beats_s=times,
        rr_s=np.diff(times),
        rate_bpm=None,
        six_second_bpm=None,
        regularity=Regularity.CANNOT_TELL,
        rr_spread_s=None,
        waves=waves,
        p_s=np.asarray(p_s, np.float64),
        findings=findings,
    )


def with_finding(measurement: Measurement, finding: Finding) -> Measurement:
    """Put another finding in the place of the step's own."""
    kept = (finding if each.step is finding.step else each for each in measurement.findings)
    return replace(measurement, findings=tuple(kept))


def found(measurement: Measurement, step: Step) -> Finding:
    finding = measurement.finding(step)
    assert finding is not None
    return finding


def test_the_whole_strip_shows_intervals_and_names_each_wave() -> None:
    words = words_on("sinus")
    assert words.count("0.80 s") == SINUS.size - 1
    assert words.count("QRS") == SINUS.size
    assert words.count("P") == SINUS.size
    assert words.count("T") >= SINUS.size - 1
    assert sum(word.startswith("PR ") for word in words) == 1


def test_a_focus_shows_its_own_step_alone() -> None:
    assert set(words_on("sinus", Step.P_WAVES)) == {"P"}
    words = words_on("sinus", Step.QRS)
    assert any("narrow" in word for word in words)
    assert "P" not in words


def test_the_rate_is_counted_over_six_seconds_and_in_large_boxes() -> None:
    words = words_on("sinus", Step.RATE)
    assert "7 beats in 6 s \N{MULTIPLICATION SIGN} 10 = 70/min" in words
    assert "4 large boxes: 300 ÷ 4 = 75/min" in words
    assert [word for word in words if word.isdecimal()] == list("1234567")


def test_an_uneven_rhythm_shows_its_longest_and_shortest_interval() -> None:
    rr = measured("uneven")[1].rr_s
    words = words_on("uneven", Step.REGULARITY)
    assert any(word.startswith(f"longest {rr.max():.2f}") for word in words)
    assert any(word.startswith(f"shortest {rr.min():.2f}") for word in words)
    assert f"RR intervals differ by up to {np.ptp(rr):.2f} s" in words


def test_an_even_rhythm_has_no_longest_interval() -> None:
    words = words_on("sinus", Step.REGULARITY)
    assert not any(word.startswith(("longest", "shortest")) for word in words)


@pytest.mark.parametrize("focus", [None, Step.P_WAVES, Step.PR])
def test_p_waves_that_lead_to_no_beat_are_told_so(focus: Step | None) -> None:
    assert words_on("dropping", focus).count("no QRS") == 2


@pytest.mark.parametrize("focus", [None, Step.PR])
def test_a_growing_pr_interval_shows_each_of_its_numbers(focus: Step | None) -> None:
    waves = measured("dropping")[1].waves
    assert waves is not None
    words = words_on("dropping", focus)
    for seconds in np.diff(waves.pr_spans, axis=1).ravel():
        assert f"{seconds:.2f}" in words


@pytest.mark.parametrize("focus", [None, Step.P_WAVES, Step.PR])
def test_unrelated_p_waves_march_on_a_line_of_their_own(focus: Step | None) -> None:
    strip, measurement = measured("unrelated")
    sketch = RevealMarks(measurement, strip, focus=focus).sketch([stretch()])
    letters = [
        box for word, box in zip(sketch.words, sketch.word_boxes, strict=True) if word == "P"
    ]
    assert np.diff([box.center().x() for box in letters]) == pytest.approx(0.72 * 120, abs=2)
    assert len({box.top() for box in letters}) == 1
    assert sketch.words.count("0.72") == len(letters) - 1
    assert "1.63" in sketch.words
    assert "no QRS" not in sketch.words


@pytest.mark.parametrize(("verdict", "there"), [(PWaves.ABSENT, True), (PWaves.CANNOT_TELL, False)])
def test_missing_p_waves_are_bracketed_only_where_they_are_absent(
    verdict: PWaves,
    there: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    _, measurement = measured("uneven")
    changed = replace(found(measurement, Step.P_WAVES), verdict=verdict)
    words = words_of(with_finding(measurement, changed), Step.P_WAVES)
    assert ("no P" in words) is there


def test_no_p_wave_is_missed_where_beats_leave_no_room_for_one() -> None:
    _, measurement = measured("fast")
    absent = replace(found(measurement, Step.P_WAVES), verdict=PWaves.ABSENT)
    for focus in (None, Step.P_WAVES, Step.PR):
        assert "no P" not in words_of(with_finding(measurement, absent), focus)


def test_early_beats_are_told_by_word_and_by_when_they_were_due() -> None:
    words = words_on("early", Step.EARLY_BEATS)
    assert words.count("early, wide") == 2
    assert words.count("due") == 2
    assert words.count("0.30 s early") == 2
    assert words_on("early").count("early, wide") == 2


def test_a_beat_of_which_it_is_not_known_when_it_was_due_has_no_due_time() -> None:
    places = ((1.45, 1.75), (3.45, 3.75))
    early = Finding(Step.EARLY_BEATS, EarlyBeats.BOTH, 2.0, "beats", 0.6, "", places)
    words = words_of(by_hand([1.0, 1.6, 3.0, 3.6, 5.0], (early,)), Step.EARLY_BEATS)
    assert words.count("early") == 2
    assert "due" not in words


def test_every_second_early_beat_is_counted_with_the_one_before() -> None:
    words = words_on("bigeminal", Step.PATTERN)
    assert words.count("1") == words.count("2") == SINUS.size // 2


@pytest.mark.parametrize("width", [400.0, 1200.0])
def test_a_pause_is_measured_at_any_size(width: float) -> None:
    words = words_on("paused", width=width)
    assert next(word for word in words if "pause" in word).startswith("pause 2.7")


def test_a_pause_is_told_in_large_boxes_too() -> None:
    assert "no beat for 14 large boxes" in words_on("paused", Step.PAUSES)


def test_a_pause_stands_where_its_finding_says() -> None:
    pause = Finding(Step.PAUSES, Pauses.PRESENT, 2.5, "s", 0.9, "", ((3.0, 5.5),))
    words = words_of(by_hand([1.0, 2.0, 3.0, 5.5, 6.5], (pause,)))
    assert [word for word in words if "pause" in word] == ["pause 2.50 s"]


def test_spikes_are_pointed_at() -> None:
    assert words_on("paced", Step.PACING).count("spike") == PACED.size
    assert words_on("paced").count("spike") == 1


def test_no_interval_is_drawn_across_a_gap() -> None:
    whole = by_hand([1.0, 2.0, 3.0, 4.0])
    assert words_of(whole).count("1.00 s") == 3
    assert words_of(replace(whole, rr_s=np.array([1.0, np.nan, 1.0]))).count("1.00 s") == 2


def test_waves_that_the_finding_does_not_bear_out_are_not_named() -> None:
    beats = np.arange(1.0, 9.0)
    rows = np.stack([beats - 0.2, beats - 0.15, beats - 0.1], axis=1)
    qrs = np.stack([beats - 0.04, beats, beats + 0.04], axis=1)
    waves = WaveTimes(rows, qrs, np.full((beats.size, 3), np.nan))
    told = Finding(Step.P_WAVES, PWaves.MORE_THAN_ONE, 300.0, "/min", 0.9, "")
    words = words_of(by_hand(beats, (told,), np.arange(0.5, 9.0, 0.2), waves))
    assert "F" in words
    assert "P" not in words
    untold = replace(told, verdict=PWaves.CANNOT_TELL, number=None)
    words = words_of(by_hand(beats, (untold,), (), waves))
    assert "QRS" in words
    assert "P" not in words


def test_a_pr_interval_of_unknown_length_has_no_number() -> None:
    _, measurement = measured("sinus")
    pr = found(measurement, Step.PR)
    assert pr.verdict is PrRelation.CONSTANT
    words = words_of(with_finding(measurement, replace(pr, number=None)))
    assert not any(word.startswith("PR") for word in words)


@pytest.mark.parametrize("name", STRIPS)
def test_no_words_name_a_rhythm(name: str) -> None:
    named = ("sinus", "fibrillation", "block", "tachycardia", "bradycardia", "junctional")
    strip, measurement = measured(name)
    for focus in (None, *Step):
        marks = RevealMarks(measurement, strip, focus=focus)
        said = " ".join((*marks.sketch([stretch()]).words, marks.legend)).lower()
        assert not any(word in said for word in named)


def test_the_legend_speaks_of_what_is_marked_only() -> None:
    dropping, early = (RevealMarks(measured(name)[1]) for name in ("dropping", "early"))
    assert "○" in dropping.legend
    assert "◆" not in dropping.legend
    assert "◆" in early.legend
    dropping.set_focus(Step.PAUSES)
    assert dropping.legend == "Nothing is marked here"
