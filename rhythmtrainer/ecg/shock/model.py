"""The sum of small trees that turns what was measured on a window into a score."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from rhythmtrainer.ecg.shock.coefficients import TREES


@dataclass(frozen=True, slots=True, eq=False)
class Trees:
    """Trees of three questions and four answers.

    Attributes
    ----------
    features
        Column that each question asks about, shape ``(trees, 3)``: the first question decides
        whether the second (no) or the third (yes) comes next.
    thresholds
        Above it the answer is yes, shape ``(trees, 3)``.
    values
        What is added for no-no, no-yes, yes-no and yes-yes, shape ``(trees, 4)``.
    """

    features: NDArray[np.int64]
    thresholds: NDArray[np.float64]
    values: NDArray[np.float64]

    def score(self, rows: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the log odds of each row, shape ``(rows,)``."""
        above = rows[:, self.features] > self.thresholds
        first = above[:, :, 0]
        leaf = 2 * first + np.where(first, above[:, :, 2], above[:, :, 1])
        total: NDArray[np.float64] = self.values[np.arange(len(self.values)), leaf].sum(axis=1)
        return total

    @classmethod
    def from_rows(cls, rows: ArrayLike) -> "Trees":
        """Take trees from rows of three features, three thresholds and four values."""
        table = np.asarray(rows, np.float64)
        return cls(table[:, :3].astype(np.int64), table[:, 3:6], table[:, 6:])


FITTED = Trees.from_rows(TREES)
"""The trees that the advice uses."""
