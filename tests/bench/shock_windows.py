"""Windows of real recordings whose labels say whether to shock, and labels that are disputed."""

import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.shock.features import ShockFeatures, shock_features
from rhythmtrainer.records.signals.wfdb_reader import read_annotations

# While it is imported the library calls pandas in a way that pandas 3 warns about.
with warnings.catch_warnings():
    warnings.filterwarnings("ignore", "The inplace keyword", DeprecationWarning)
    import wfdb

WINDOW_S: Final = 4.0
FAST_VT: Final = 150.0
"""Repetitions a minute (see `ShockFeatures.rate`) from which on tachycardia is to be shocked."""

VF, VT, SLOW_VT, SINUS, OTHER, ASYSTOLE, NOISE = (
    "VF/flutter",
    "VT >= 150",
    "VT < 150",
    "sinus",
    "other",
    "asystole",
    "noise",
)
SHOCKABLE: Final = (VF, VT)
_CLASSES: Final = {
    "(VF": VF,
    "(VFIB": VF,
    "(VFL": VF,
    "(VT": VT,
    "(N": SINUS,
    "(NSR": SINUS,
    "(SBR": SINUS,
    "(ASYS": ASYSTOLE,
    "(NOISE": NOISE,
}

VFDB_RECORDS: Final = (
    *("418", "419", "420", "421", "422", "423", "424", "425", "426", "427", "428", "429"),
    *("430", "602", "605", "607", "609", "610", "611", "612", "614", "615"),
)
_SAME_PATIENT: Final = {"429": "428", "430": "428", "202": "201"}


@dataclass(frozen=True, slots=True)
class Dispute:
    """A stretch whose label the trace does not bear out.

    Attributes
    ----------
    start_s, end_s
        Every window of this label that reaches into the stretch is left out.
    early
        Whether it stood in the list that the goals were set with, or was added later, also by
        looking at the traces, before anything was fitted.
    """

    record: str
    label: str
    start_s: float
    end_s: float
    reason: str
    early: bool = True


_END = 2100.0
DISPUTED: Final = (
    Dispute("418", "(N", 0, _END, "wide, sine-like, about 114/min"),
    Dispute("421", "(N", 1331, 1336, "a fast rhythm"),
    Dispute("421", "(VT", 1348, 1352, "looks normal"),
    Dispute("424", "(ASYS", 1537, 1593, "looks like VF with a wandering baseline"),
    Dispute("607", "(ASYS", 1713, 1801, "looks like fine VF, 0.2 mV"),
    Dispute("427", "(ASYS", 1533, _END, "slow broad complexes, not flat"),
    Dispute("430", "(HGEA", 0, _END, "runs of VT inside"),
    Dispute("610", "(HGEA", 0, _END, "runs of VT inside"),
    Dispute("426", "(SVTA", 1770, 1871, "fast, wide, shape changes"),
    Dispute("602", "(VT", 1247, 1634, "pacing spikes"),
    Dispute("430", "(VF", 1987, 2013, "organised, slow, wide"),
    Dispute("611", "(VT", 0, _END, "runs at 138/min"),
    Dispute("609", "(HGEA", 0, _END, "runs of VT inside", early=False),
    Dispute("427", "(VT", 1400, 1533, "low slow waves, no tachycardia", early=False),
    Dispute("426", "(VF", 682, 746, "ripple under 0.1 mV, nearly flat", early=False),
    Dispute("419", "(N", 1286, 1381, "fast wide waves on a wandering baseline", early=False),
)


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Windows of one length and what is known of each; arrays of shape ``(windows,)``.

    Attributes
    ----------
    features
        Of each window.
    record, patient, label, rhythm
        Names; `rhythm` is one of the classes above.
    start_s
        From the recording's first sample.
    """

    features: ShockFeatures
    record: NDArray[np.str_]
    patient: NDArray[np.str_]
    label: NDArray[np.str_]
    rhythm: NDArray[np.str_]
    start_s: NDArray[np.float64]

    def disputed(self, *, early: bool) -> NDArray[np.bool_]:
        """Mark windows with a disputed label, by the early list or by the whole of it."""
        marked = np.zeros(self.start_s.size, np.bool_)
        for one in DISPUTED:
            if one.early or not early:
                inside = (self.start_s + WINDOW_S > one.start_s) & (self.start_s < one.end_s)
                marked |= (self.record == one.record) & (self.label == one.label) & inside
        return marked


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Windows cut from one lead: samples ``(windows, samples)``, and where they come from."""

    samples: NDArray[np.float32]
    fs: float
    record: str
    label: list[str]
    start_s: list[float]

    def kept(self, rows: NDArray[np.int64]) -> "Cut":
        """Return some of the windows."""
        return Cut(
            self.samples[rows],
            self.fs,
            self.record,
            [self.label[row] for row in rows],
            [self.start_s[row] for row in rows],
        )


def read_signal(record: Path) -> tuple[NDArray[np.float32], float]:
    """Read all signals of a WFDB record, given without suffix, as they are: also noise."""
    signal, fs, _ = read_commented(record)
    return signal, fs


def read_commented(record: Path) -> tuple[NDArray[np.float32], float, str]:
    """Read all signals of a WFDB record, and the comments of its header."""
    read = wfdb.rdrecord(str(record))
    signal = np.ascontiguousarray(read.p_signal.T, np.float32)
    return signal, float(read.fs), " ".join(read.comments)


def cut_by_label(record: Path, lead: int = 0, *, end_s: float = _END) -> Cut:
    """Cut windows side by side that lie wholly inside one rhythm label."""
    signal, fs = read_signal(record)
    marks = read_annotations(record, "atr")
    changes = [
        (int(sample), note)
        for sample, note in zip(marks.samples, marks.aux_notes, strict=True)
        if note.startswith("(")
    ]
    ends = [sample for sample, _ in changes[1:]] + [min(signal.shape[1], int(end_s * fs))]
    length = int(WINDOW_S * fs)
    starts: list[int] = []
    labels: list[str] = []
    for (begin, note), end in zip(changes, ends, strict=True):
        here = range(begin, end - length + 1, length)
        starts += here
        labels += [note] * len(here)
    samples = signal[lead][np.asarray(starts)[:, np.newaxis] + np.arange(length)]
    return Cut(samples, fs, record.name, labels, [start / fs for start in starts])


def measured(cuts: list[Cut]) -> Labelled:
    """Measure windows and name their rhythms."""
    parts = [shock_features(cut.samples, cut.fs) for cut in cuts]
    features = ShockFeatures(
        *(
            np.concatenate([getattr(part, name) for part in parts])
            for name in ("values", "amplitude", "rate", "regularity", "rise")
        )
    )
    record = np.concatenate([np.full(len(cut.label), cut.record) for cut in cuts])
    label = np.array([one for cut in cuts for one in cut.label])
    rhythm = np.array([_CLASSES.get(one, OTHER) for one in label])
    rhythm[(rhythm == VT) & (features.rate < FAST_VT)] = SLOW_VT
    patient = np.array([_SAME_PATIENT.get(one, one) for one in record])
    start_s = np.array([one for cut in cuts for one in cut.start_s])
    return Labelled(features, record, patient, label, rhythm, start_s)
