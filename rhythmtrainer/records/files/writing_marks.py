"""What is known of a simulated strip, in the signs in which PhysioBank writes annotations."""

from collections.abc import Iterable, Iterator, Mapping
from enum import IntEnum
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning, Entry, Episode, RhythmId, Simulated, Truth

RHYTHM_CHANGE: Final = "+"
COMMENT: Final = '"'
COMMENT_LATER: Final = 1
"""Samples behind what it is about: on the first, the WFDB library takes it for a definition."""

# What the annotators of MIT-BIH and of the other databases of PhysioBank wrote. A rhythm that is
# missing has no sign there and is spelled out.
_RHYTHMS: Final[Mapping[RhythmId, str]] = {
    **dict.fromkeys(
        (
            *(RhythmId.NORMAL_SINUS_RHYTHM, RhythmId.PAC, RhythmId.PJC, RhythmId.BBB),
            *(RhythmId.PVC_UNIFORM, RhythmId.PVC_MULTIFORM, RhythmId.PVC_COUPLET),
            RhythmId.R_ON_T,
        ),
        "(N",
    ),
    RhythmId.SINUS_BRADYCARDIA: "(SBR",
    RhythmId.SA_EXIT_BLOCK: "(SAB",
    **dict.fromkeys(
        (RhythmId.SVT, RhythmId.ATRIAL_TACHYCARDIA, RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA), "(SVTA"
    ),
    RhythmId.ATRIAL_FLUTTER: "(AFL",
    **dict.fromkeys((RhythmId.AF_CONTROLLED, RhythmId.AF_RVR, RhythmId.PREEXCITED_AF), "(AFIB"),
    RhythmId.WPW: "(PREX",
    **dict.fromkeys(
        (
            *(RhythmId.JUNCTIONAL_ESCAPE, RhythmId.ACCELERATED_JUNCTIONAL),
            RhythmId.JUNCTIONAL_TACHYCARDIA,
        ),
        "(NOD",
    ),
    RhythmId.AVB1: "(BI",
    **dict.fromkeys(
        (
            *(RhythmId.AVB2_TYPE1, RhythmId.AVB2_TYPE2, RhythmId.AVB2_2TO1),
            RhythmId.AVB_HIGH_GRADE,
        ),
        "(BII",
    ),
    RhythmId.AVB3: "(B3",
    RhythmId.VENTRICULAR_BIGEMINY: "(B",
    RhythmId.VENTRICULAR_TRIGEMINY: "(T",
    **dict.fromkeys((RhythmId.IDIOVENTRICULAR, RhythmId.AIVR), "(IVR"),
    **dict.fromkeys(
        (
            *(RhythmId.NSVT, RhythmId.VT_MONOMORPHIC, RhythmId.VT_POLYMORPHIC),
            RhythmId.TORSADES,
        ),
        "(VT",
    ),
    RhythmId.VENTRICULAR_FLUTTER: "(VFL",
    **dict.fromkeys((RhythmId.VF_COARSE, RhythmId.VF_FINE), "(VF"),
    **dict.fromkeys((RhythmId.ASYSTOLE, RhythmId.VENTRICULAR_STANDSTILL), "(ASYS"),
    **dict.fromkeys(
        (
            *(RhythmId.PACED_ATRIAL, RhythmId.PACED_VENTRICULAR, RhythmId.PACED_DUAL),
            *(RhythmId.FAILURE_TO_CAPTURE, RhythmId.FAILURE_TO_SENSE, RhythmId.FAILURE_TO_PACE),
        ),
        "(P",
    ),
    RhythmId.ARTIFACT: "(NOISE",
}
# Runs of ventricular beats amid others: only the runs bear the sign.
_IN_RUNS: Final = frozenset((RhythmId.NSVT, RhythmId.VT_POLYMORPHIC, RhythmId.TORSADES))
_LEAST_RUN: Final = 3
_FIBRILLATES: Final = frozenset(
    (RhythmId.VF_COARSE, RhythmId.VF_FINE, RhythmId.VENTRICULAR_FLUTTER)
)
# Where a beat from below the sinus node is early; elsewhere it comes because nothing else does.
_EARLY: Final = frozenset(
    (
        *(RhythmId.PAC, RhythmId.MULTIFOCAL_ATRIAL_TACHYCARDIA, RhythmId.ATRIAL_TACHYCARDIA),
        *(RhythmId.SVT, RhythmId.PJC, RhythmId.JUNCTIONAL_TACHYCARDIA),
        *(RhythmId.PVC_UNIFORM, RhythmId.PVC_MULTIFORM, RhythmId.VENTRICULAR_BIGEMINY),
        *(RhythmId.VENTRICULAR_TRIGEMINY, RhythmId.PVC_COUPLET, RhythmId.NSVT, RhythmId.R_ON_T),
        *(RhythmId.VT_MONOMORPHIC, RhythmId.VT_POLYMORPHIC, RhythmId.TORSADES),
        *(RhythmId.VENTRICULAR_FLUTTER, RhythmId.ARTIFACT),
    )
)
_EARLY_SIGNS: Final[Mapping[int, str]] = {
    Beginning.ATRIA: "A",
    Beginning.JUNCTION: "J",
    Beginning.VENTRICLES: "V",
}
_ESCAPE_SIGNS: Final[Mapping[int, str]] = {
    Beginning.ATRIA: "e",
    Beginning.JUNCTION: "j",
    Beginning.VENTRICLES: "E",
}
_BLOCKED_SIGNS: Final[Mapping[int, str]] = {Entry.LEFT_BUNDLE: "R", Entry.RIGHT_BUNDLE: "L"}
_ON_THE_USUAL_WAY: Final = (Beginning.SINUS, Beginning.FLUTTER, Beginning.FIBRILLATION)
# A P wave so close to the end may be conducted to a QRS that the strip does not hold.
_LONGEST_PR_S: Final = 0.6


class Wave(IntEnum):
    """What an onset or an end belongs to, in the numbers that ecgpuwave writes beside them."""

    P = 0
    QRS = 1
    T = 2


class Mark(NamedTuple):
    """An annotation.

    Attributes
    ----------
    sample
        From the strip's first.
    symbol
        PhysioBank's sign of one letter.
    note
        Text beside it.
    wave
        For an onset or an end, which wave's it is.
    """

    sample: int
    symbol: str
    note: str = ""
    wave: Wave = Wave.P


def rhythm_sign(rhythm: RhythmId) -> str:
    """Return how PhysioBank notes that a rhythm begins.

    Examples
    --------
    >>> rhythm_sign(RhythmId.AF_RVR), rhythm_sign(RhythmId.SINUS_TACHYCARDIA)
    ('(AFIB', '(SINUS TACHYCARDIA')
    """
    return _RHYTHMS.get(rhythm, f"({rhythm.value.upper().replace('_', ' ')}")


def beat_marks(made: Simulated) -> list[Mark]:
    """Return the rhythms, the beats and what failed to be one, as reference annotations.

    Each rhythm is marked twice: in PhysioBank's sign, which may stand for several, and behind it,
    as a comment, by its id. A beat is marked at its peak, a P wave that is not conducted and a
    stimulus that is not answered at their onset. Episodes of ventricular fibrillation and flutter
    stand in brackets.

    Returns
    -------
    list of Mark
        In the order of time.
    """
    strip, truth = made.strip, made.truth
    marks = [mark for one in truth.episodes for mark in _episode_marks(truth, one, strip.fs)]
    symbols = beat_symbols(truth)
    peaks = _peaks(made, truth.qrs_s, truth.qrs_end_s)
    marks += [Mark(int(peak), sign) for peak, sign in zip(peaks, symbols, strict=True)]
    marks += _at(truth.p_s[_unconducted(made)], "x", strip.fs)
    marks += _at(truth.spikes_s[~truth.spike_captures], "^", strip.fs)
    return _within(made, marks)


def wave_marks(made: Simulated) -> list[Mark]:
    """Return onset, peak and end of every P wave, QRS complex and T wave.

    As in the Lobachevsky University database: ``( p )``, ``( N )`` and ``t )``. A T wave has no
    onset, because it has none in the model: it rises out of the ST segment.

    Returns
    -------
    list of Mark
        In the order of time.
    """
    truth, fs = made.truth, made.strip.fs
    p_peaks = _peaks(made, truth.p_s, truth.p_end_s)
    qrs_peaks = _peaks(made, truth.qrs_s, truth.qrs_end_s)
    marks = _at(truth.p_s, "(", fs, Wave.P) + _at(truth.p_end_s, ")", fs, Wave.P)
    marks += [Mark(int(peak), "p") for peak in p_peaks]
    marks += _at(truth.qrs_s, "(", fs, Wave.QRS) + _at(truth.qrs_end_s, ")", fs, Wave.QRS)
    marks += [Mark(int(peak), "N", wave=Wave.QRS) for peak in qrs_peaks]
    marks += _at(truth.t_peak_s, "t", fs, Wave.T) + _at(truth.t_end_s, ")", fs, Wave.T)
    return _within(made, marks)


def beat_symbols(truth: Truth) -> list[str]:
    """Return PhysioBank's sign for each QRS complex."""
    rhythms = rhythms_at(truth, truth.qrs_s)
    rows = zip(truth.qrs_beginning, truth.qrs_entry, truth.qrs_p >= 0, rhythms, strict=True)
    return [
        _beat_symbol(int(beginning), int(entry), rhythm, conducted=bool(conducted))
        for beginning, entry, conducted, rhythm in rows
    ]


def rhythms_at(truth: Truth, times_s: NDArray[np.float64]) -> list[RhythmId | None]:
    """Return the rhythm at each of some times; before the first episode it is the first's."""
    if not truth.episodes:
        return [None] * times_s.size
    starts = [episode.start_s for episode in truth.episodes]
    places = np.clip(np.searchsorted(starts, times_s, side="right") - 1, 0, None)
    return [truth.episodes[place].rhythm for place in places]


def _beat_symbol(beginning: int, entry: int, rhythm: RhythmId | None, *, conducted: bool) -> str:
    if beginning == Beginning.DEVICE:
        return "/"
    if beginning in _ON_THE_USUAL_WAY:
        return _BLOCKED_SIGNS.get(entry, "N")
    if rhythm is RhythmId.SVT:
        # The circuit that leads the beat has no beginning in one chamber.
        return "S"
    if beginning == Beginning.VENTRICLES and (conducted or rhythm in _FIBRILLATES):
        return "!" if rhythm in _FIBRILLATES else "F"
    if rhythm not in _EARLY:
        return _ESCAPE_SIGNS[beginning]
    aberrant = beginning == Beginning.ATRIA and entry in _BLOCKED_SIGNS
    return "a" if aberrant else _EARLY_SIGNS[beginning]


def _episode_marks(truth: Truth, episode: Episode, fs: float) -> list[Mark]:
    first, end = round(episode.start_s * fs), round(episode.end_s * fs)
    marks = [
        Mark(round(start_s * fs), RHYTHM_CHANGE, sign) for start_s, sign in _signs(truth, episode)
    ]
    marks.append(Mark(first + COMMENT_LATER, COMMENT, episode.rhythm.value))
    if episode.rhythm in _FIBRILLATES:
        marks += [Mark(first, "["), Mark(end - 1, "]")]
    return marks


def _signs(truth: Truth, episode: Episode) -> Iterator[tuple[float, str]]:
    """Yield the signs of an episode's rhythm, and from when on each holds."""
    sign, other = rhythm_sign(episode.rhythm), rhythm_sign(RhythmId.NORMAL_SINUS_RHYTHM)
    if episode.rhythm not in _IN_RUNS:
        yield episode.start_s, sign
        return
    inside = (truth.qrs_s >= episode.start_s) & (truth.qrs_s < episode.end_s)
    running = _in_runs(truth.qrs_beginning[inside] == Beginning.VENTRICLES)
    onsets_s = truth.qrs_s[inside]
    yield episode.start_s, sign if running[:1].any() else other
    for place in np.flatnonzero(np.diff(running)) + 1:
        yield float(onsets_s[place]), sign if running[place] else other


def _in_runs(ventricular: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return which beats are one of several ventricular ones in a row."""
    edges = np.flatnonzero(np.diff(ventricular, prepend=False, append=False))
    running = np.zeros(ventricular.size, np.bool_)
    for start, end in edges.reshape(-1, 2):
        running[start:end] = end - start >= _LEAST_RUN
    return running


def _unconducted(made: Simulated) -> NDArray[np.bool_]:
    """Return which P waves the AV node or the bundles blocked."""
    truth = made.truth
    from_above = np.isin(truth.p_beginning, (Beginning.SINUS, Beginning.ATRIA))
    blocked = ~np.isin(np.arange(truth.p_s.size), truth.qrs_p)
    return np.asarray(
        from_above & blocked & (truth.p_s < made.strip.duration_s - _LONGEST_PR_S), np.bool_
    )


def _peaks(
    made: Simulated, onsets_s: NDArray[np.float64], ends_s: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return where in each wave the leads together lie furthest from where it began.

    A wave that does not lie within the strip has its peak in its middle.
    """
    signal, fs = made.strip.signal, made.strip.fs
    firsts, lasts = np.rint(onsets_s * fs).astype(int), np.rint(ends_s * fs).astype(int)
    peaks: NDArray[np.int64] = (firsts + lasts) // 2
    held = (firsts >= 0) & (lasts < signal.shape[1]) & (lasts > firsts)
    for row in np.flatnonzero(held):
        wave = signal[:, firsts[row] : lasts[row] + 1]
        away = np.nan_to_num(np.abs(wave - wave[:, :1])).sum(axis=0)
        peaks[row] = firsts[row] + int(away.argmax())
    return peaks


def _at(times_s: NDArray[np.float64], symbol: str, fs: float, wave: Wave = Wave.P) -> list[Mark]:
    known = times_s[np.isfinite(times_s)]
    return [Mark(sample, symbol, wave=wave) for sample in np.rint(known * fs).astype(int).tolist()]


def _within(made: Simulated, marks: Iterable[Mark]) -> list[Mark]:
    """Sort the marks that lie in the strip; those of one sample stay as they were."""
    samples = made.strip.signal.shape[1]
    return sorted(
        (mark for mark in marks if 0 <= mark.sample < samples), key=lambda mark: mark.sample
    )
