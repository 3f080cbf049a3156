"""The T waves as Gaussians, beat by beat, and the QT interval that places them.

QRS and T of a beat are bound together by the ventricular gradient (Wilson et al. 1931): what the
areas below both add up to is the patient's own, whichever way the beat came about. So the T wave
of a wide complex points against it without being told. Only most of the gradient is held here:
T waves of premature beats in recordings are about half as high as their QRS complexes.
"""

from collections.abc import Sequence
from math import exp
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Entry
from rhythmtrainer.simulate.body.beats import Beats
from rhythmtrainer.simulate.body.gaussians import EDGE, Gaussians, area
from rhythmtrainer.simulate.body.patient import Patient
from rhythmtrainer.simulate.body.ventricles import Complexes
from rhythmtrainer.simulate.heart.activity import Repolarisation

Array = NDArray[np.float64]

_USUAL_QTC_S: Final = 0.40
# The QT interval follows the rate of the last minute (Franz et al. 1988; Pueyo et al. 2003), and
# the last interval alone a little.
_MEMORY_S: Final = 60.0
_AT_ONCE: Final = 0.2
_FIRST_FEW: Final = 9  # beats whose median interval was there before the first
_FOLLOWED_S: Final = (0.2, 2.0)  # intervals that it follows
_LONGEST_OF_CYCLE: Final = 0.92
_WIDENS_QT: Final = 0.8  # of the time that a QRS complex takes longer than usual
_LEAST_RECOVERY_S: Final = 0.06
# T waves are lower where the rate is high, as recordings of sinus rhythm show.
_USUAL_RR_S: Final = 0.95
_SIZE_POWER: Final = 0.3
_FAST_RR_S: Final = 0.45  # below which they are lower still
_SIZES: Final = (0.4, 1.15)
# Shares of the gradient that a beat keeps whose way is another: a conducted one, one from a site;
# and by how much less the latter has of the usual T wave.
_HELD, _HELD_FROM_SITE, _LESS_FROM_SITE = 0.75, 0.82, 0.85

# Rise of the T wave: a spread in seconds, plus shares of the time since the QRS and of the time
# that the QRS takes longer than usual.
_RISE_S, _RISE, _RISE_IF_WIDE = 0.018, 0.125, 0.1
_FALL_IF_WIDE = 0.35
# The shoulder on which it climbs, in spreads of the rise.
_SHOULDER_AHEAD, _SHOULDER = 1.4, 0.95
# Lower half of the sine wave that crowded complexes make, in shares of the cycle.
_SINE_AT, _SINE_RISE, _SINE_FALL = 0.77, 0.125, 0.105


class Recovery(NamedTuple):
    """T waves.

    Attributes
    ----------
    gaussians
        A row for each beat: peaks from its onset, heights in mV towards left, feet and back.
    peak_s, end_s
        From the onset of the QRS; NaN where the next complex comes before.
    """

    gaussians: Gaussians
    peak_s: Array
    end_s: Array


def recovery(
    beats: Beats,
    qrs: Complexes,
    recovering: Sequence[Repolarisation],
    patient: Patient,
    size: float = 1.0,
) -> Recovery:
    """Return the T waves of beats.

    Parameters
    ----------
    recovering
        What the QT interval is at a rate of 60 per minute, from some times on.
    size
        Of the T waves of conducted beats, as a share of the patient's usual ones.
    """
    rr_s = _remembered(np.clip(beats.before_s, *_FOLLOWED_S), beats.share < 1.0)
    excess_s = np.maximum(qrs.lasts_s - patient.conducted_s[Entry.BOTH_BUNDLES], 0.0)
    usual_qt_s = _corrected_s(beats, recovering) * rr_s**patient.qt_power
    qt_s = _within_cycle(usual_qt_s + _WIDENS_QT * excess_s, qrs.lasts_s, beats)
    usual = _shape(qt_s, qrs.lasts_s, excess_s, patient)
    peak_s, rise_s, fall_s = (
        one + qrs.crowded * (other - one) for one, other in zip(usual, _sine(beats), strict=True)
    )
    end_s = peak_s + EDGE * fall_s
    shoulder_s = _SHOULDER * rise_s
    shoulder = patient.recovery_shape[1] * (1.0 - qrs.crowded)
    below = area(rise_s, fall_s) + shoulder * area(shoulder_s, shoulder_s)
    fast = np.minimum(rr_s / _FAST_RR_S, 1.0)
    sizes = size * np.clip(fast * (rr_s / _USUAL_RR_S) ** _SIZE_POWER, *_SIZES)
    heights = _heights(beats, qrs, sizes, below, patient)
    return Recovery(
        Gaussians(
            np.stack([peak_s, peak_s - _SHOULDER_AHEAD * rise_s], axis=1),
            np.stack([rise_s, shoulder_s], axis=1),
            np.stack([fall_s, shoulder_s], axis=1),
            np.stack([heights, shoulder[:, np.newaxis] * heights], axis=1),
        ),
        np.where(peak_s < beats.until_next_s, peak_s, np.nan),
        np.where(end_s < beats.until_next_s, end_s, np.nan),
    )


def _within_cycle(qt_s: Array, qrs_s: Array, beats: Beats) -> Array:
    """Return QT intervals that end before the next beat where beats go on so fast.

    A single early beat does not hurry the T wave before it: it falls on it.
    """
    return np.maximum(
        np.minimum(qt_s, _LONGEST_OF_CYCLE * beats.cycle_s), qrs_s + _LEAST_RECOVERY_S
    )


def _heights(beats: Beats, qrs: Complexes, size: Array, below_s: Array, patient: Patient) -> Array:
    """Return T vectors in mV, where T waves of a height of 1 have so much area below them."""
    held = size * _HELD + (_HELD_FROM_SITE - size * _HELD) * beats.share
    held += (1.0 - held) * qrs.crowded
    usual = 1.0 - _LESS_FROM_SITE * beats.share
    against = usual[:, np.newaxis] * _usual_area(patient) - _areas(qrs.gaussians)
    return np.asarray(
        (size * usual)[:, np.newaxis] * patient.recovery + (held / below_s)[:, np.newaxis] * against
    )


def _remembered(rr_s: Array, conducted: NDArray[np.bool_]) -> Array:
    """Return the interval between beats that the ventricles go by at each beat.

    What was before the first is taken from intervals between conducted beats, if there are any: a
    run that has just begun was not there.
    """
    first_s, led = rr_s[:_FIRST_FEW], conducted[:_FIRST_FEW]
    between_led_s = first_s[1:][led[1:] & led[:-1]]
    memory_s = float(np.median(between_led_s if between_led_s.size else first_s))
    remembered = []
    for interval_s in rr_s.tolist():
        memory_s += (1.0 - exp(-interval_s / _MEMORY_S)) * (interval_s - memory_s)
        remembered.append(memory_s)
    return (1.0 - _AT_ONCE) * np.array(remembered) + _AT_ONCE * rr_s


def _corrected_s(beats: Beats, recovering: Sequence[Repolarisation]) -> Array:
    if not recovering:
        return np.full(beats.at_s.size, _USUAL_QTC_S)
    starts_s = [one.from_s for one in recovering]
    row = np.searchsorted(starts_s, beats.at_s, side="right") - 1
    return np.array([one.qtc_s for one in recovering])[np.maximum(row, 0)]


def _shape(
    qt_s: Array, qrs_s: Array, excess_s: Array, patient: Patient
) -> tuple[Array, Array, Array]:
    """Return peaks, and spreads of rise and fall."""
    left_s = qt_s - qrs_s
    fall_s = patient.recovery_shape[0] * left_s + _FALL_IF_WIDE * excess_s
    rise_s = _RISE_S + _RISE * left_s + _RISE_IF_WIDE * excess_s
    return qt_s - fall_s, rise_s, fall_s / EDGE


def _sine(beats: Beats) -> tuple[Array, Array, Array]:
    """Return peaks and spreads of T waves that fill what is left of a cycle."""
    cycle_s = np.maximum(np.minimum(beats.before_s, beats.until_next_s), _FOLLOWED_S[0])
    return _SINE_AT * cycle_s, _SINE_RISE * cycle_s, _SINE_FALL * cycle_s


def _usual_area(patient: Patient) -> Array:
    """Return the area below a QRS complex by both bundles, in mV s."""
    spread = patient.conducted.spread[Entry.BOTH_BUNDLES]
    spread_s = spread * patient.conducted_s[Entry.BOTH_BUNDLES]
    return np.asarray(area(spread_s, spread_s) @ patient.conducted.vectors[Entry.BOTH_BUNDLES])


def _areas(bumps: Gaussians) -> Array:
    """Return the areas below the complexes, in mV s, shape ``(beats, 3)``."""
    return np.asarray(np.einsum("bk,bkd->bd", area(bumps.before_s, bumps.after_s), bumps.heights))
