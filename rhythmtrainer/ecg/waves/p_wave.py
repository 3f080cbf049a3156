"""P waves: where they may be, and whether they are there.

A P wave stands out from the noise, looks the same in every beat, and stands either at the same
distance from every complex or at a distance of its own. Fibrillatory waves do none of this.
"""

from dataclasses import dataclass

import numpy as np

from rhythmtrainer.ecg.waves import coefficients
from rhythmtrainer.ecg.waves.windows import (
    R_COLUMN,
    STEP,
    Columns,
    Cycle,
    Mask,
    Peaks,
    Rows,
    Seconds,
    bumps,
    others,
    pick,
    time_of,
)

_REACHES = (9, 5)  # columns: bumps of 76 and 44 ms; in V1 the first half is what is seen
_PLACE, _SPREAD = -0.1, 0.1  # s before QRS onset; long PR intervals are still possible
_GAP = 0.03  # s from P peak to QRS onset
_FIRST = 0.44  # s before the R peak
_AFTER_T, _AFTER_T_SHARE = 0.18, 0.2  # s from T peak to P peak, and of the RR interval at most
_LACK = 0.05  # s; a P wave that is any closer to the T wave is no less likely
SMALLEST = np.float32(np.log(0.005))  # of the usual QRS complex
_SURE = np.float32(3.0)  # logits by which the evidence of one beat must be better
_MISSING = np.float32(0.4)  # of the mean P wave: less, and this beat has it elsewhere
_OUTSIDE, _CERTAIN = np.float32(1.0), 50.0  # more than any time to the usual place, any logit
_RIVAL = 16  # columns (64 ms) from the candidate to another bump
_SHAPE = 12  # columns to each side that are compared (48 ms)
_NARROWEST = 5  # columns (20 ms) that a place to search must have
_LOG_FLOOR, _TINY = np.float32(1e-3), np.float32(1e-9)
_FAR = np.float32(0.2)  # s from the usual place; further off is no more unusual
_MUCH_LARGER = np.float32(1.5)


@dataclass(frozen=True, slots=True, eq=False)
class Candidates:
    """Where P waves may be, and what speaks for them: shape ``(beats, 7)``.

    The evidence is size against the noise, likeness to the other beats, the same for all beats of
    the kind, size against the usual QRS complex, unusual distance to the complex, size in this
    beat, and the largest other bump.
    """

    column: Columns
    sign: Rows
    evidence: Rows


def find_p(
    own: Rows, mixed: Rows, weights: Rows, qrs_onset: Seconds, earliest: Seconds
) -> tuple[Candidates, Candidates, Mask]:
    """Find candidates for a P wave before each complex.

    Parameters
    ----------
    own, mixed
        From `before_qrs`: of the beat itself, and mixed with its kind.
    weights
        From `likeness`.
    qrs_onset, earliest
        QRS onset and the earliest place of a P wave, in s from the R peak.

    Returns
    -------
    tuple
        The candidates of the mean beat, for P waves that keep their distance to the complex; those
        of each beat alone, for P waves that do not; and whether there is room for a P wave.
    """
    bump, sharp = bumps(mixed, *_REACHES)
    own_bump, own_sharp = bumps(own, *_REACHES)
    time = time_of(np.arange(R_COLUMN))
    first, last = np.maximum(earliest, -_FIRST), qrs_onset - np.float32(_GAP)
    room = last - first >= _NARROWEST * STEP
    first = np.minimum(first, last - np.float32(2 * STEP))
    allowed = (time >= first[:, None]) & (time <= last[:, None])
    unusual = time - (qrs_onset + np.float32(_PLACE))[:, None]
    usual = allowed / (1 + (unusual * np.float32(1 / _SPREAD)) ** 2)

    at = (np.abs(bump + sharp) * usual).argmax(axis=1)
    theirs = others(weights)
    near = _shape_around(at)
    alike = _repetition(pick(own_bump, near), pick(theirs @ own_bump, near), weights)
    same = _weighed(bump, own_bump, at, alike, np.where(allowed, unusual, _OUTSIDE))

    at = (np.abs(own_bump + own_sharp) * usual).argmax(axis=1)
    upright = pick(own_bump, _shape_around(at)) * _sign(own_bump, at)[:, None]
    alike = _repetition(upright, theirs @ upright, weights)
    # Its distance to the complex counts neither for nor against such a wave.
    free = _weighed(own_bump, own_bump, at, alike, np.where(allowed, np.float32(0), _OUTSIDE))
    return same, free, room


def choose_p(same: Candidates, free: Candidates) -> Peaks:
    """Decide which candidates are P waves; the beat's own one needs the better evidence."""
    together = _verdict(same.evidence, coefficients.P_EVIDENCE)
    alone = _verdict(free.evidence, coefficients.P_FREE_EVIDENCE) - _SURE
    not_here = (together <= 0) | (same.evidence[:, 5] < _MISSING)
    own = not_here & (alone > 0)
    column = np.where(own, free.column, same.column)
    return Peaks(column, np.where(own, free.sign, same.sign), own | (together > 0))


def _verdict(evidence: Rows, fit: Rows) -> Rows:
    enough = evidence[:, 3] > SMALLEST
    return np.where(enough, fit[0] + evidence @ fit[1:], np.float32(-_CERTAIN))


def _sign(bump: Rows, at: Columns) -> Rows:
    return np.where(bump[np.arange(len(at)), at] < 0, np.float32(-1), np.float32(1))


def _shape_around(at: Columns) -> Columns:
    near = at[:, None] + np.arange(-_SHAPE, _SHAPE + 1)
    return np.asarray(np.minimum(np.maximum(near, 0), R_COLUMN - 1))


def _repetition(mine: Rows, theirs: Rows, weights: Rows) -> tuple[Rows, Rows, Rows]:
    """Difference and correlation of the shape of each candidate and that in similar beats.

    The third is the mean correlation of the similar beats.
    """
    noise = np.sqrt(weights @ ((mine - theirs) ** 2).mean(axis=1))
    power = np.sqrt((mine**2).sum(axis=1) * (theirs**2).sum(axis=1))
    alike = (mine * theirs).sum(axis=1) / np.maximum(power, _TINY**2)
    return noise, alike, weights @ alike


def _weighed(
    bump: Rows, own_bump: Rows, at: Columns, repetition: tuple[Rows, Rows, Rows], unusual: Rows
) -> Candidates:
    """Gather what speaks for the candidates at the columns `at`."""
    each = np.arange(len(at))
    noise, alike, alike_of_kind = repetition
    sign = _sign(bump, at)
    size = np.maximum(np.abs(bump[each, at]), _TINY)
    elsewhere = np.abs(np.arange(R_COLUMN) - at[:, None]) > _RIVAL
    elsewhere &= unusual < _OUTSIDE
    rival = np.where(elsewhere, np.abs(bump), 0).max(axis=1)
    evidence = [
        np.log(np.maximum(size / np.maximum(noise, _TINY), _LOG_FLOOR)),
        alike,
        alike_of_kind,
        np.log(np.maximum(size, _LOG_FLOOR)),
        np.minimum(np.abs(unusual[each, at]), _FAR),
        np.minimum(own_bump[each, at] * sign / size, _MUCH_LARGER),
        np.minimum(rival / size, _MUCH_LARGER),
    ]
    return Candidates(at, sign, np.stack(evidence, axis=1))


def first_place(t_before: Seconds, cycle: Cycle) -> Seconds:
    """Tell how soon after the T wave before it a P wave may peak, in s from the R peak."""
    return np.asarray(t_before + np.minimum(_AFTER_T, _AFTER_T_SHARE * cycle.before))


def with_lack(found: Candidates, t_before: Seconds) -> Candidates:
    """Add an eighth piece of evidence: the time that the candidate lacks after a T wave."""
    lack = _AFTER_T - (time_of(found.column) - t_before)
    lack = np.minimum(np.maximum(lack, 0), _LACK).astype(np.float32)
    evidence = np.concatenate([found.evidence, lack[:, None]], axis=1)
    return Candidates(found.column, found.sign, evidence)
