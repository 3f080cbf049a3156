import numpy as np
import pytest

from rhythmtrainer.model import Beginning, Entry, RhythmId
from rhythmtrainer.records.files.writing_marks import (
    COMMENT,
    RHYTHM_CHANGE,
    Mark,
    Wave,
    beat_marks,
    beat_symbols,
    rhythm_sign,
    wave_marks,
)
from tests.support.hand_simulated import simulated

TIMES = np.array([1.0, 2.0])


def symbols(
    rhythm: RhythmId, beginning: Beginning, p: int = -1, entry: Entry = Entry.BOTH_BUNDLES
) -> str:
    """Return the signs of two beats that begin alike."""
    made = simulated(
        episodes=[(rhythm, 0.0)],
        qrs_s=TIMES,
        qrs_beginning=beginning,
        qrs_entry=entry,
        qrs_p=p,
    )
    return "".join(beat_symbols(made.truth))


def signs(marks: list[Mark]) -> str:
    return "".join(mark.symbol for mark in marks)


@pytest.mark.parametrize(
    ("rhythm", "beginning", "entry", "sign"),
    [
        (RhythmId.NORMAL_SINUS_RHYTHM, Beginning.SINUS, Entry.BOTH_BUNDLES, "N"),
        (RhythmId.BBB, Beginning.SINUS, Entry.LEFT_BUNDLE, "R"),
        (RhythmId.BBB, Beginning.SINUS, Entry.RIGHT_BUNDLE, "L"),
        (RhythmId.WPW, Beginning.SINUS, Entry.BOTH_BUNDLES, "N"),
        (RhythmId.PREEXCITED_AF, Beginning.FIBRILLATION, Entry.BOTH_BUNDLES, "N"),
        (RhythmId.AF_RVR, Beginning.FIBRILLATION, Entry.BOTH_BUNDLES, "N"),
        (RhythmId.ATRIAL_FLUTTER, Beginning.FLUTTER, Entry.BOTH_BUNDLES, "N"),
        (RhythmId.PAC, Beginning.ATRIA, Entry.BOTH_BUNDLES, "A"),
        (RhythmId.PAC, Beginning.ATRIA, Entry.LEFT_BUNDLE, "a"),
        (RhythmId.SVT, Beginning.JUNCTION, Entry.BOTH_BUNDLES, "S"),
        (RhythmId.SVT, Beginning.VENTRICLES, Entry.BOTH_BUNDLES, "S"),
        (RhythmId.WANDERING_ATRIAL_PACEMAKER, Beginning.ATRIA, Entry.BOTH_BUNDLES, "e"),
        (RhythmId.PJC, Beginning.JUNCTION, Entry.BOTH_BUNDLES, "J"),
        (RhythmId.JUNCTIONAL_ESCAPE, Beginning.JUNCTION, Entry.BOTH_BUNDLES, "j"),
        (RhythmId.VT_MONOMORPHIC, Beginning.VENTRICLES, Entry.SITE, "V"),
        (RhythmId.AVB3, Beginning.VENTRICLES, Entry.SITE, "E"),
        (RhythmId.VENTRICULAR_FLUTTER, Beginning.VENTRICLES, Entry.SITE, "!"),
        (RhythmId.PACED_VENTRICULAR, Beginning.DEVICE, Entry.SITE, "/"),
        (RhythmId.FAILURE_TO_CAPTURE, Beginning.VENTRICLES, Entry.SITE, "E"),
    ],
)
def test_a_beat_is_called_after_its_beginning(
    rhythm: RhythmId, beginning: Beginning, entry: Entry, sign: str
) -> None:
    assert symbols(rhythm, beginning, entry=entry) == 2 * sign


def test_a_ventricular_beat_that_a_p_wave_took_part_in_is_a_fusion() -> None:
    assert symbols(RhythmId.PVC_UNIFORM, Beginning.VENTRICLES, p=0) == "FF"


def test_every_beginning_has_a_sign_in_every_rhythm() -> None:
    for rhythm in RhythmId:
        for beginning in Beginning:
            assert set(symbols(rhythm, beginning)) <= set("NRLAaeJjVE!/S")


def test_every_rhythm_has_a_sign_that_fits_into_an_annotation() -> None:
    for rhythm in RhythmId:
        sign = rhythm_sign(rhythm)
        assert sign.startswith("(")
        assert sign.isascii()
        assert 2 <= len(sign) < 40


def test_rhythms_are_marked_where_they_begin_by_sign_and_id() -> None:
    made = simulated(
        episodes=[(RhythmId.NORMAL_SINUS_RHYTHM, 0.0), (RhythmId.AF_RVR, 4.0)], qrs_s=(), qrs_p=()
    )
    told = [mark for mark in beat_marks(made) if mark.symbol in (RHYTHM_CHANGE, COMMENT)]
    assert told == [
        Mark(0, "+", "(N"),
        Mark(1, '"', "normal_sinus_rhythm"),
        Mark(2000, "+", "(AFIB"),
        Mark(2001, '"', "af_rvr"),
    ]


def test_only_runs_amid_other_beats_are_called_tachycardia() -> None:
    begins = [Beginning.SINUS] * 2 + [Beginning.VENTRICLES] * 4 + [Beginning.SINUS] * 3
    begins += [Beginning.VENTRICLES] * 2 + [Beginning.SINUS]
    times = 0.5 * np.arange(len(begins)) + 0.5
    made = simulated(
        episodes=[(RhythmId.NSVT, 0.0)], p_s=(), qrs_s=times, qrs_beginning=begins, qrs_p=-1
    )
    told = [(mark.sample, mark.note) for mark in beat_marks(made) if mark.symbol == RHYTHM_CHANGE]
    assert told == [(0, "(N"), (750, "(VT"), (1750, "(N")]
    alone = simulated(
        episodes=[(RhythmId.TORSADES, 0.0)],
        p_s=(),
        qrs_s=times,
        qrs_beginning=Beginning.VENTRICLES,
        qrs_p=-1,
    )
    told = [(mark.sample, mark.note) for mark in beat_marks(alone) if mark.symbol == RHYTHM_CHANGE]
    assert told == [(0, "(VT")]


def test_fibrillation_stands_in_brackets() -> None:
    made = simulated(
        episodes=[(RhythmId.NORMAL_SINUS_RHYTHM, 0.0), (RhythmId.VF_COARSE, 2.0)],
        p_s=[0.2, 1.0],
    )
    marks = beat_marks(made)
    assert signs(marks) == '+"NN+["]'
    assert [mark.sample for mark in marks if mark.symbol in "[]"] == [1000, 4999]


def test_a_beat_is_marked_at_its_peak() -> None:
    made = simulated()
    beats = [mark.sample for mark in beat_marks(made) if mark.symbol == "N"]
    peaks = np.rint((made.truth.qrs_s + 0.045) * 500)
    assert np.abs(np.array(beats) - peaks[: len(beats)]).max() <= 1
    assert len(beats) == 12


def test_a_p_wave_that_is_not_conducted_is_marked() -> None:
    made = simulated(p_s=[0.2, 1.0, 1.8], qrs_s=[0.36, 1.96], qrs_p=[0, 2])
    assert Mark(500, "x") in beat_marks(made)
    assert signs(beat_marks(made)).count("x") == 1


@pytest.mark.parametrize("beginning", [Beginning.FLUTTER, Beginning.JUNCTION, Beginning.VENTRICLES])
def test_what_the_node_need_not_conduct_is_not_called_blocked(beginning: Beginning) -> None:
    made = simulated(p_s=[0.2, 1.0], p_beginning=beginning, qrs_s=(), qrs_p=())
    assert "x" not in signs(beat_marks(made))


def test_a_p_wave_whose_qrs_the_strip_does_not_hold_is_not_called_blocked() -> None:
    made = simulated(p_s=[9.8], qrs_s=(), qrs_p=())
    assert "x" not in signs(beat_marks(made))


def test_a_stimulus_without_an_answer_is_marked() -> None:
    made = simulated(spikes_s=[1.0, 2.0], spike_captures=[True, False])
    assert [mark.sample for mark in beat_marks(made) if mark.symbol == "^"] == [1000]


def test_waves_are_marked_as_in_the_lobachevsky_database() -> None:
    marks = wave_marks(simulated(seconds=0.9, p_s=[0.2]))
    assert signs(marks) == "(p)(N)t)"
    assert [mark.wave for mark in marks if mark.symbol in "()"] == [
        *(Wave.P, Wave.P, Wave.QRS, Wave.QRS, Wave.T),
    ]
    assert [mark.sample for mark in marks[:3]] == [100, 125, 150]


def test_a_t_wave_that_does_not_end_has_no_end() -> None:
    assert signs(wave_marks(simulated(seconds=0.9, p_s=[0.2], t_end_s=np.nan))) == "(p)(N)t"


def test_what_lies_outside_of_the_strip_is_not_marked() -> None:
    made = simulated(p_s=[-0.7, -0.05, 9.95], qrs_s=[-0.54, 0.11, 10.11])
    for marks in (beat_marks(made), wave_marks(made)):
        samples = [mark.sample for mark in marks]
        assert samples == sorted(samples)
        assert min(samples) >= 0
        assert max(samples) < 5000
    assert signs(beat_marks(made)) == '+"N'


def test_gaps_have_no_peaks() -> None:
    made = simulated()
    signal = made.strip.signal.copy()
    signal[:, :2500] = np.nan
    holed = simulated()
    object.__setattr__(holed.strip, "signal", signal)
    assert signs(beat_marks(holed)) == signs(beat_marks(made))
