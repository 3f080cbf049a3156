"""Real strips of the catalogue, and simulated ones made in their image.

A simulated patient stands beside each real one: as many strips, each with the lead, the sampling
rate and the length of its counterpart. ``MLII`` is lead II; the lead of vfdb, which no one named,
is taken for it. Both are filtered alike to 0.5 to 40 Hz, which is what a monitor shows and what
the narrowest of the recordings hold, so that neither recorder nor mains give a strip away.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfiltfilt

from rhythmtrainer import paths
from rhythmtrainer.model import LeadName, RecordError, RhythmId, Span, Strip, UnreachableError
from rhythmtrainer.records.sources.local import LocalRecords
from rhythmtrainer.records.tables.own_catalogue import load_catalogue
from rhythmtrainer.simulate import simulate
from rhythmtrainer.training.cancel import Cancel

FEWEST_PATIENTS: Final = 8
BAND_HZ: Final = (0.5, 40.0)
STRIP_S: Final = 10.0
_SHORTEST_S: Final = 6.0
_SAME_LEAD: Final[Mapping[str, str]] = {"MLII": "II", "ECG": "II"}
_NOWHERE: Final = Path("no-catalogue-of-ones-own")


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """A filtered strip of one lead.

    Attributes
    ----------
    patient
        A real patient's name; the simulated one beside him has the same.
    """

    signal: NDArray[np.float64]
    fs: float
    patient: str
    is_real: bool


@dataclass(frozen=True, slots=True)
class _Window:
    span: Span
    start_s: float
    seconds: float


def spans_by_rhythm() -> Mapping[RhythmId, Sequence[Span]]:
    """Return the catalogue's spans of each rhythm, both halves, where patients are enough."""
    found: dict[RhythmId, list[Span]] = defaultdict(list)
    for span in load_catalogue(paths.dataset(), _NOWHERE).spans:
        found[span.rhythm].append(span)
    return {
        rhythm: found[rhythm]
        for rhythm in RhythmId
        if len({span.patient for span in found[rhythm]}) >= FEWEST_PATIENTS
    }


def pairs(
    rhythm: RhythmId, spans: Sequence[Span], records: Path, strips: int, seeds: Sequence[int]
) -> Iterator[tuple[Sample, list[Sample]]]:
    """Yield up to so many strips of each patient, each with its simulated counterparts.

    Parameters
    ----------
    seeds
        For each cohort of simulated patients, the seed of the first.
    """
    source = LocalRecords([records], {}, {})
    for number, (patient, windows) in enumerate(_windows(spans, strips).items()):
        for place, window in enumerate(windows):
            real = _read(source, window)
            if real is None:
                continue
            whole_s = window.seconds * len(windows)
            made = [_made(rhythm, real, whole_s, seed + number) for seed in seeds]
            from_s = place * window.seconds
            cut = [one.cropped(from_s, from_s + window.seconds) for one in made]
            yield _sample(real, patient), [_sample(one, patient, is_real=False) for one in cut]


def _made(rhythm: RhythmId, real: Strip, seconds: float, seed: int) -> Strip:
    """Simulate a rhythm in the lead of a real strip, at its sampling rate."""
    lead = LeadName(_SAME_LEAD.get(real.leads[0], real.leads[0]))
    return simulate(rhythm, seconds=seconds, fs=real.fs, leads=(lead,), seed=seed)


def _sample(strip: Strip, patient: str, *, is_real: bool = True) -> Sample:
    return Sample(_filtered(strip), strip.fs, patient, is_real)


def _windows(spans: Sequence[Span], strips: int) -> dict[str, list[_Window]]:
    """Windows of each patient, evenly taken from all that his spans hold."""
    every: dict[str, list[_Window]] = defaultdict(list)
    for span in spans:
        seconds = min(STRIP_S, span.ref.duration_s)
        if seconds >= _SHORTEST_S:
            starts = np.arange(span.ref.start_s, span.ref.end_s - seconds + 1e-6, seconds)
            every[span.patient] += [_Window(span, start, seconds) for start in starts.tolist()]
    return {
        patient: [windows[k] for k in np.linspace(0, len(windows) - 1, strips).round().astype(int)]
        if len(windows) > strips
        else windows
        for patient, windows in every.items()
    }


def _read(source: LocalRecords, window: _Window) -> Strip | None:
    """Read a window; None where the record is not there or cannot be read without gaps."""
    try:
        strip = source.read(window.span.ref, window.start_s, window.seconds, Cancel())
    except (UnreachableError, RecordError):
        return None
    return strip if np.isfinite(strip.signal[0]).all() else None


def _filtered(strip: Strip) -> NDArray[np.float64]:
    highest = min(BAND_HZ[1], 0.45 * strip.fs)
    sos = butter(2, (BAND_HZ[0], highest), "bandpass", fs=strip.fs, output="sos")
    return np.asarray(sosfiltfilt(sos, strip.signal[0].astype(np.float64)))
