"""The waves of the atria, P and F, as Gaussians."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Beginning
from rhythmtrainer.simulate.body.gaussians import EDGE, Gaussians
from rhythmtrainer.simulate.body.patient import Patient
from rhythmtrainer.simulate.heart.activity import AtrialBeat

Array = NDArray[np.float64]

# The two halves of a P wave, in shares of its duration.
_HALVES_AT: Final = np.array([0.36, 0.64])
_OUTSIDE: Final = _HALVES_AT[0] / EDGE
_INSIDE: Final = 0.145
_RETROGRADE: Final = 0.85  # of the usual duration: both atria at once
_MOST_OF_CYCLE: Final = 0.6  # that a P wave may last
# P waves are taller where the rate is high. From one of 250 recordings of sinus rhythm to another,
# the height goes with the power -0.8 of the interval; a good part of that is the patients'.
_USUAL_CYCLE_S, _SIZE_POWER = 0.95, -0.3
_SIZES: Final = (0.75, 1.7)
_SHORTEST_CYCLE_S: Final = 0.1
# The wave runs slowly to one side and comes back at once, without rest: a saw's teeth, in shares
# of the time until the next.
_F_AT: Final = np.array([0.40, 0.68])
_F_BEFORE: Final = np.array([0.20, 0.085])
_F_AFTER: Final = np.array([0.11, 0.21])
_F_RETURN: Final = np.array([-0.05, -0.45, -0.55])
_F_LONGEST_S: Final = 0.32


def atrial_waves(beats: Sequence[AtrialBeat], patient: Patient) -> tuple[Gaussians, Array]:
    """Return the waves of atrial beats, and their ends in seconds.

    A P wave lasts as long as the patient's do, but leaves a rest before the next; an F wave fills
    its cycle.

    Returns
    -------
    waves
        Two bumps for each beat, heights towards left, feet and back.
    ends_s
        In the sense of `gaussians.EDGE`, shape ``(beats,)``.
    """
    at_s = np.array([beat.at_s for beat in beats])
    ahead = -np.array([beat.site for beat in beats])
    flutter = np.array([beat.beginning is Beginning.FLUTTER for beat in beats])
    retrograde = np.array([beat.retrograde for beat in beats])
    before_s = np.diff(at_s, prepend=np.nan)
    until_next_s = np.append(before_s[1:], np.nan)
    p_s = patient.p_s * np.where(retrograde, _RETROGRADE, 1.0)
    lasts_s = np.where(
        flutter,
        # The last one has no next: it takes as long as the one before.
        np.fmin(np.where(np.isnan(until_next_s), before_s, until_next_s), _F_LONGEST_S),
        np.fmin(p_s, _MOST_OF_CYCLE * until_next_s),
    )
    saw = flutter[:, np.newaxis]
    at = np.where(saw, _F_AT, _HALVES_AT)
    before = np.where(saw, _F_BEFORE, (_OUTSIDE, _INSIDE))
    after = np.where(saw, _F_AFTER, (_INSIDE, _OUTSIDE))
    heights = np.where(
        saw[..., np.newaxis], _saw_teeth(ahead, patient), _halves(ahead, before_s, patient)
    )
    lasts = lasts_s[:, np.newaxis]
    waves = Gaussians(at_s[:, np.newaxis] + at * lasts, before * lasts, after * lasts, heights)
    return waves, at_s + lasts_s


def _halves(ahead: Array, before_s: Array, patient: Patient) -> Array:
    """Right atrium first, then the left; the other way round from a site on the left."""
    apart, beside = patient.p_halves
    order = -np.tanh(4.0 * ahead @ (apart / np.linalg.norm(apart)))[:, np.newaxis]
    first = ahead + beside + order * apart
    second = ahead + beside - order * apart
    cycle_s = np.fmax(np.where(np.isnan(before_s), _USUAL_CYCLE_S, before_s), _SHORTEST_CYCLE_S)
    size = np.clip((cycle_s / _USUAL_CYCLE_S) ** _SIZE_POWER, *_SIZES)
    halves = np.stack([first, second], axis=1)
    return np.asarray(0.5 * patient.p_mv * size[:, np.newaxis, np.newaxis] * halves)


def _saw_teeth(ahead: Array, patient: Patient) -> Array:
    back = np.broadcast_to(_F_RETURN, ahead.shape) * np.abs(ahead[:, 1:2])
    return patient.flutter_mv * np.stack([ahead, back], axis=1)
