"""Measuring strips of whatever sampling rate they come with."""

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.inputs import MAX_RATE, MIN_RATE
from rhythmtrainer.model import Measurement, Strip


def for_measuring(strip: Strip) -> Strip | None:
    """Return a strip at a rate at which beats are looked for; None if it is too coarse for that.

    Samples that come too often are averaged, a few into one.
    """
    if strip.fs < MIN_RATE or not strip.signal.size:
        return None
    if strip.fs <= MAX_RATE:
        return strip
    few = int(np.ceil(strip.fs / MAX_RATE))
    whole = strip.signal[:, : strip.signal.shape[1] // few * few]
    coarse = whole.reshape(len(strip.leads), -1, few).mean(axis=2)
    return Strip(coarse, strip.fs / few, strip.leads, strip.start_s, strip.at_end, strip.provenance)


def measured(strip: Strip, start_s: float, end_s: float) -> Measurement:
    """Measure a strip between two times; nothing is found on one that is too coarse for it."""
    return measure(for_measuring(strip) or _silent(strip), start_s, end_s)


def beats_of(strip: Strip) -> NDArray[np.float64]:
    """Return R peaks in seconds from the recording's first sample; none on a coarse strip."""
    fine = for_measuring(strip)
    if fine is None:
        return np.empty(0)
    return fine.start_s + detect_beats(fine.signal, fine.fs) / fine.fs


def _silent(strip: Strip) -> Strip:
    """Return a strip without signal that lasts as long."""
    samples = max(round(strip.duration_s * MIN_RATE), 1)
    nothing = np.full((len(strip.leads), samples), np.nan, np.float32)
    return Strip(nothing, MIN_RATE, strip.leads, strip.start_s, strip.at_end, strip.provenance)
