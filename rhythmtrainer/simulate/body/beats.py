"""The ventricular beats of an activity as columns."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import Entry
from rhythmtrainer.simulate.heart.activity import VentricularBeat

Array = NDArray[np.float64]

_ALONE_S = 1.0  # the interval of a beat that has no other


class Beats(NamedTuple):
    """Ventricular beats in the order of time; a value for each, a row for each site.

    Attributes
    ----------
    way
        Row of `loops.CONDUCTED` by which the conducted part runs.
    share
        Part of the muscle that is activated from the site: all of it for `Entry.SITE`.
    before_s, until_next_s
        Intervals to the beats before and behind; infinite behind the last.
    """

    at_s: Array
    way: NDArray[np.int64]
    site: Array
    share: Array
    slowness: Array
    size: Array
    before_s: Array
    until_next_s: Array

    @property
    def cycle_s(self) -> Array:
        """The longer of both intervals: what is short then is no single early beat."""
        ahead_s = np.where(np.isfinite(self.until_next_s), self.until_next_s, 0.0)
        return np.maximum(self.before_s, ahead_s)


def columns_of(beats: Sequence[VentricularBeat]) -> Beats:
    """Return one beat or more as columns."""
    at, _, entries, sites, shares, slowness, sizes, _ = zip(*beats, strict=True)
    entry = np.array(entries, np.int64)
    at_s = np.array(at, np.float64)
    gaps_s = np.diff(at_s)
    return Beats(
        at_s=at_s,
        way=np.minimum(entry, Entry.RIGHT_BUNDLE),
        site=np.array([(0.0, 0.0, 0.0) if site is None else site for site in sites], np.float64),
        share=np.where(entry == Entry.SITE, 1.0, np.array(shares, np.float64)),
        slowness=np.array(slowness, np.float64),
        size=np.array(sizes, np.float64),
        before_s=np.append(gaps_s[:1] if gaps_s.size else _ALONE_S, gaps_s),
        until_next_s=np.append(gaps_s, np.inf),
    )
