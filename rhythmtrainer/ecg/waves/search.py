"""Candidates for the P and T wave of each beat, and the sides that their bounds are read from.

Waves are sought in the mean over beats that look the same, into which the beat itself is mixed:
what the atria do without regard to the ventricles, as in atrial fibrillation, averages out.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from rhythmtrainer.ecg.waves.p_wave import Candidates, choose_p, find_p, first_place, with_lack
from rhythmtrainer.ecg.waves.sides import P_STEP, REACH, SHORTEST, T_STEP, side, side_views
from rhythmtrainer.ecg.waves.t_wave import LONGEST_CYCLE, find_t
from rhythmtrainer.ecg.waves.windows import (
    COLUMNS,
    R_COLUMN,
    Columns,
    Cycle,
    Peaks,
    Rows,
    Seconds,
    Surroundings,
    column,
    pick,
    time_of,
)

OWN_SHARE: Final = np.float32(0.2)
"""Weight of the beat itself beside the mean over its kind."""

_PQ_GAP, _J_GAP = 0.014, 0.010  # s between the complex and its level before and after
_NEXT_P = np.float32(0.03)  # s from the latest end of a T wave to the next R peak
_TINY = np.float32(1e-9)


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """Candidates for the P and T wave of each beat, and what their bounds are fitted to.

    Attributes
    ----------
    same, free
        The candidates for P from `find_p`, with the time that they lack after a T wave as an eighth
        piece of evidence.
    views
        Four blocks from `side_views`, stacked: onset and end of P, onset and end of T.
    p_context, t_context
        What else is known of each beat, shape ``(beats, 1)`` and ``(beats, 3)``: time from P peak
        to QRS onset; QRS end, pace and T peak.
    """

    p: Peaks
    t: Peaks
    same: Candidates
    free: Candidates
    views: Rows
    p_context: Rows
    t_context: Rows


def search(near: Surroundings, onset: Seconds, end: Seconds, cycle: Cycle) -> Sought:
    """Find the P and T wave of each beat, given the bounds of its QRS complex in s from R."""
    pq, j = pq_column(onset), j_column(end)
    own = near.waves - near.waves[np.arange(len(onset)), pq][:, None]
    mean = near.weights @ own
    rest = own - mean
    mixed = mean + OWN_SHARE * rest

    later = after_qrs(mixed, j)
    t = find_t(later, _noise(rest, near.weights), end, cycle)
    t_peak = time_of(t.column)
    t_before = np.append(t_peak[:1], t_peak[:-1]) - cycle.before
    earliest = first_place(t_before, cycle)
    own_p = before_qrs(own, pq)
    same, free, room = find_p(own_p, before_qrs(mixed, pq), near.weights, onset, earliest)
    same, free = with_lack(same, t_before), with_lack(free, t_before)
    p = choose_p(same, free)
    p = Peaks(p.column, p.sign, p.present & room)
    p_peak = time_of(p.column)

    next_p = column(cycle.after - _NEXT_P)
    next_p = np.maximum(np.minimum(next_p, COLUMNS - 1), t.column + SHORTEST * T_STEP)
    t_column, anywhere = t.column - R_COLUMN, np.zeros_like(pq)
    sides = [
        side(own_p, p.column, p.sign, -P_STEP, anywhere),
        side(own_p, p.column, p.sign, P_STEP, anywhere + R_COLUMN),
        side(later, t_column, t.sign, -T_STEP, anywhere),
        side(later, t_column, t.sign, T_STEP, next_p - R_COLUMN),
    ]
    rooms = [
        anywhere + REACH,
        pq - p.column,
        (t.column - j) // T_STEP,
        (next_p - t.column) // T_STEP,
    ]
    # Averaged only now, peak upon peak: P waves may keep their shape but not their place.
    kin = near.weights * p.present + _TINY * np.eye(p.present.size, dtype=np.float32)
    kin *= ((1 - OWN_SHARE) / kin.sum(axis=1))[:, None]
    sides[:2] = [kin @ rows + OWN_SHARE * rows for rows in sides[:2]]
    pace = np.full_like(end, np.sqrt(min(cycle.usual, LONGEST_CYCLE)))
    return Sought(
        p=p,
        t=t,
        same=same,
        free=free,
        views=side_views(np.concatenate(sides), np.concatenate(rooms)),
        p_context=(p_peak - onset)[:, None],
        t_context=np.stack([end, pace, t_peak], axis=1),
    )


def pq_column(qrs_onset: Seconds) -> Columns:
    """Column of the PQ level, just before the complex."""
    return np.minimum(np.maximum(column(qrs_onset - np.float32(_PQ_GAP)), 1), R_COLUMN - 1)


def j_column(qrs_end: Seconds) -> Columns:
    """Column of the J point, just after the complex."""
    return np.minimum(column(qrs_end + np.float32(_J_GAP)), COLUMNS - 1)


def after_qrs(rows: Rows, first: Columns) -> Rows:
    """Keep what lies after the R peak, the value at column `first` for all before it."""
    index = np.maximum(np.arange(R_COLUMN, COLUMNS), first[:, None])
    return pick(rows, index)


def before_qrs(rows: Rows, last: Columns) -> Rows:
    """Keep what lies before the R peak, the value at column `last` for all beyond it."""
    return pick(rows, np.minimum(np.arange(R_COLUMN), last[:, None]))


def _noise(rest: Rows, weights: Rows) -> Rows:
    """Uncertainty of the mean rows after the complex, from what is left of each beat."""
    spread = (rest[:, R_COLUMN:] ** 2).mean(axis=1)
    return np.asarray(np.sqrt((weights @ spread) * (weights**2).sum(axis=1)))
