from typing import Any

import numpy as np
import pytest

from rhythmtrainer.ecg.waves import delineate
from rhythmtrainer.ecg.waves.intervals import intervals
from rhythmtrainer.model.intervals import Interval, PToQrs
from rhythmtrainer.model.waves import ABSENT, Wave, Waves
from tests.support.waves_synthetic import NORMAL, VENTRICULAR, WITHOUT_P, regular, strip_of

FS = 500
BEATS = 500 + 400 * np.arange(10)


def wave(*offsets: int, absent: tuple[int, ...] = ()) -> Wave:
    """One wave per beat at `offsets` from the R peak, absent in some beats."""
    marks = []
    for offset in offsets:
        positions = BEATS + offset
        positions[list(absent)] = ABSENT
        marks.append(positions)
    return Wave(*marks)


def waves(p: Wave | None = None, qrs: Wave | None = None, t: Wave | None = None) -> Waves:
    return Waves(
        p=p or wave(-100, -80, -50),
        qrs=qrs or wave(-20, 0, 25),
        t=t or wave(80, 130, 170),
    )


def test_intervals_are_those_between_the_bounds() -> None:
    found = intervals(waves(), FS, BEATS)
    assert found.pr.value_s == pytest.approx(0.16)
    assert found.qrs.value_s == pytest.approx(0.09)
    assert found.qt.value_s == pytest.approx(0.38)
    assert found.qtc_bazett.value_s == pytest.approx(0.38 / 0.8**0.5)
    assert found.qtc_fridericia.value_s == pytest.approx(0.38 / 0.8 ** (1 / 3))
    assert found.p_to_qrs == PToQrs(share=1.0, count=10, confidence=10 / 11)


def test_what_is_the_same_in_every_beat_is_constant_and_trusted() -> None:
    pr = intervals(waves(), FS, BEATS).pr
    assert pr.spread_s == pytest.approx(0)
    assert pr.constant
    assert pr.count == 10
    assert pr.confidence > 0.85


def test_a_beat_without_the_wave_is_not_measured() -> None:
    found = intervals(waves(p=wave(-100, -80, -50, absent=(2, 3, 4))), FS, BEATS)
    assert found.pr.count == 7
    assert found.pr.confidence < 0.7
    assert found.qt.count == 10
    assert found.p_to_qrs.share == pytest.approx(0.7)


def test_no_p_waves_leave_no_pr_interval() -> None:
    found = intervals(waves(p=wave(-100, -80, -50, absent=tuple(range(10)))), FS, BEATS)
    assert found.pr == Interval(None, None, None, 0, 0.0)
    assert found.pr.constant is None
    assert found.p_to_qrs.share == 0
    assert found.p_to_qrs.confidence > 0.9


def test_one_odd_beat_widens_the_range_and_not_the_spread() -> None:
    onset = BEATS - 100
    onset[4] -= 60
    found = intervals(waves(p=Wave(onset, BEATS - 80, BEATS - 50)), FS, BEATS).pr
    assert found.range_s == pytest.approx(0.12)
    assert found.spread_s is not None
    assert found.spread_s < 0.02
    assert found.value_s == pytest.approx(0.16)


def test_what_varies_is_not_constant_and_trusted_less() -> None:
    onset = BEATS - 100 - 20 * (np.arange(10) % 4)
    varying = intervals(waves(p=Wave(onset, BEATS - 80, BEATS - 50)), FS, BEATS).pr
    assert varying.constant is False
    assert varying.confidence < intervals(waves(), FS, BEATS).pr.confidence


@pytest.mark.parametrize(("wider", "constant"), [(19, True), (20, False), (30, False)])
def test_less_than_a_small_box_is_constant(wider: int, constant: bool) -> None:  # noqa: FBT001 - a table
    onset = BEATS - 100 - wider * (np.arange(10) % 2)
    assert (
        intervals(waves(p=Wave(onset, BEATS - 80, BEATS - 50)), FS, BEATS).pr.constant is constant
    )


def test_three_beats_can_be_constant_and_nothing_is_left_out_of_so_few() -> None:
    onset = BEATS - 100
    onset[1] -= 25
    found = intervals(
        waves(p=Wave(onset, BEATS - 80, BEATS - 50)), FS, BEATS, among=np.arange(10) < 3
    ).pr
    assert found.spread_s == pytest.approx(0.05)
    assert found.constant is False
    assert intervals(waves(), FS, BEATS, among=np.arange(10) < 3).pr.constant is True


def test_the_confidence_is_that_of_a_median() -> None:
    error = 1.25 * 0.016 / np.sqrt(10)
    assert intervals(waves(), FS, BEATS).pr.confidence == pytest.approx(
        1 / (1 + (error / 0.02) ** 2)
    )


def test_a_beat_without_a_complex_has_no_part_in_the_share_of_p_waves() -> None:
    found = intervals(
        waves(p=wave(-100, -80, -50, absent=(3,)), qrs=wave(-20, 0, 25, absent=(3,))), FS, BEATS
    )
    assert (found.p_to_qrs.share, found.p_to_qrs.count) == (1.0, 9)


def test_the_first_beat_has_no_corrected_qt() -> None:
    found = intervals(waves(), FS, BEATS)
    assert found.qtc_bazett.count == 9
    assert found.qtc_fridericia.count == 9


def test_an_interval_across_a_gap_corrects_nothing() -> None:
    gaps = np.arange(9) == 4
    found = intervals(waves(), FS, BEATS, gaps=gaps)
    assert found.qtc_bazett.count == 8
    assert found.qt.count == 10


def test_only_the_chosen_beats_are_measured() -> None:
    chosen = np.arange(10) % 2 == 0
    found = intervals(waves(), FS, BEATS, among=chosen)
    assert found.qrs.count == 5
    assert found.qtc_bazett.value_s == pytest.approx(0.38 / 0.8**0.5)


def test_fewer_beats_are_trusted_less() -> None:
    few = intervals(waves(), FS, BEATS, among=np.arange(10) < 2).pr
    assert few.constant is None
    assert 0 < few.confidence < intervals(waves(), FS, BEATS).pr.confidence


def test_no_beats_have_no_intervals() -> None:
    def nothing() -> Wave:
        return Wave(*(np.empty(0, np.int64) for _ in range(3)))

    found = intervals(Waves(nothing(), nothing(), nothing()), FS, [])
    assert found.qrs.value_s is None
    assert found.p_to_qrs == PToQrs(None, 0, 0.0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"fs": 0}, "fs is 0; allowed is more than 0 Hz"),
        ({"fs": np.nan}, "fs is nan; allowed is more than 0 Hz"),
        ({"beats": BEATS[1:]}, r"beats has shape \(9,\); waves have \(10,\)"),
        ({"among": [True]}, r"among has shape \(1,\); beats has \(10,\)"),
        ({"gaps": [False]}, r"gaps has shape \(1,\); allowed is one less than beats"),
    ],
)
def test_what_does_not_fit_is_refused(arguments: dict[str, Any], message: str) -> None:
    given: dict[str, Any] = {"waves": waves(), "fs": FS, "beats": BEATS}
    with pytest.raises(ValueError, match=message):
        intervals(**(given | arguments))


# From the signal on


def test_intervals_of_a_lead() -> None:
    peaks = regular(75, 12)
    beats = np.round(peaks * FS).astype(np.int64)
    signal = strip_of([NORMAL] * peaks.size, peaks, FS, 12)
    found = intervals(delineate(signal, FS, beats), FS, beats)
    assert found.pr.value_s == pytest.approx(0.15, abs=0.02)
    assert found.qrs.value_s == pytest.approx(0.09, abs=0.02)
    assert found.qt.value_s == pytest.approx(0.39, abs=0.03)
    assert found.pr.constant
    assert found.qrs.confidence > 0.8


def test_narrow_and_wide_complexes_are_told_apart() -> None:
    peaks = regular(75, 12)
    beats = np.round(peaks * FS).astype(np.int64)
    widths = []
    for kind in (WITHOUT_P, VENTRICULAR):
        signal = strip_of([kind] * peaks.size, peaks, FS, 12)
        found = intervals(delineate(signal, FS, beats), FS, beats)
        widths.append(found.qrs.value_s)
        assert found.p_to_qrs.share == 0
    narrow, wide = widths
    assert narrow is not None
    assert wide is not None
    assert narrow < 0.11
    assert wide > 0.13
