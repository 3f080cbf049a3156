"""Compare detected beats with reference beats, one to one."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True)
class BeatMatch:
    """How many beats were found, missed and made up.

    Matches add up: the sum over records gives the gross figures.

    Parameters
    ----------
    true_positives : int
        Reference beats with a detection of their own.
    false_negatives : int
        Reference beats without one.
    false_positives : int
        Detections without a reference beat of their own.

    Examples
    --------
    >>> BeatMatch(true_positives=98, false_negatives=2, false_positives=0).sensitivity
    0.98
    """

    true_positives: int
    false_negatives: int
    false_positives: int

    def __add__(self, other: "BeatMatch") -> "BeatMatch":
        return BeatMatch(
            self.true_positives + other.true_positives,
            self.false_negatives + other.false_negatives,
            self.false_positives + other.false_positives,
        )

    @property
    def sensitivity(self) -> float:
        """Share of the reference beats that were found; 1 if there were none to find."""
        return _share(self.true_positives, self.false_negatives)

    @property
    def positive_predictivity(self) -> float:
        """Share of the detections that are beats; 1 if nothing was detected."""
        return _share(self.true_positives, self.false_positives)

    @property
    def f1(self) -> float:
        """Harmonic mean of both; 1 if there was nothing to find and nothing was detected."""
        return _share(2 * self.true_positives, self.false_negatives + self.false_positives)


def match_beats(reference: ArrayLike, detected: ArrayLike, tolerance: float) -> BeatMatch:
    """Match each reference beat with at most one detection, the closest pairs first.

    A second detection near a beat counts as false: a matcher that let both stand for the beat
    would hide false alarms.

    Parameters
    ----------
    reference, detected : array_like, shape (beats,)
        Sample numbers, in any order.
    tolerance : float
        Largest distance of a pair, in samples.

    Returns
    -------
    BeatMatch
        The counts.

    Raises
    ------
    ValueError
        If an array is not one-dimensional or not finite, or `tolerance` is negative or NaN.

    Notes
    -----
    The counts are those of ANSI/AAMI EC57, which allows 150 ms; the pairs are chosen by distance.

    Examples
    --------
    >>> match_beats([100, 400, 700], [104, 110, 395], tolerance=54)
    BeatMatch(true_positives=2, false_negatives=1, false_positives=1)
    """
    open_reference = _checked("reference", reference)
    open_detected = _checked("detected", detected)
    if not tolerance >= 0:
        raise ValueError(f"tolerance is {tolerance}; allowed is 0 or more samples")
    matched = 0
    while open_reference.size and open_detected.size:
        choice, distance = _closest(open_reference, open_detected)
        choice_back, _ = _closest(open_detected, open_reference)
        # Two that prefer each other are what going through all pairs by distance would pick.
        mutual = choice_back[choice] == np.arange(open_reference.size)
        pairs = mutual & (distance <= tolerance)
        if not pairs.any():
            break
        matched += int(np.count_nonzero(pairs))
        open_detected = np.delete(open_detected, choice[pairs])
        open_reference = open_reference[~pairs]
    return BeatMatch(
        true_positives=matched,
        false_negatives=np.size(reference) - matched,
        false_positives=np.size(detected) - matched,
    )


def _checked(name: str, beats: ArrayLike) -> NDArray[np.float64]:
    positions = np.asarray(beats, np.float64)
    if positions.ndim != 1:
        raise ValueError(f"{name} has shape {positions.shape}; allowed is one dimension, (beats,)")
    if not np.isfinite(positions).all():
        raise ValueError(f"{name} has sample numbers that are not finite")
    return np.sort(positions)


def _closest(
    wanted: NDArray[np.float64], among: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Index of, and distance to, the closest of `among`; the first of them if several are."""
    right = np.searchsorted(among, wanted)
    before, after = np.maximum(right - 1, 0), np.minimum(right, among.size - 1)
    nearer_before = np.abs(wanted - among[before]) <= np.abs(wanted - among[after])
    value = among[np.where(nearer_before, before, after)]
    return np.searchsorted(among, value), np.abs(wanted - value)


def _share(part: int, rest: int) -> float:
    return part / (part + rest) if part + rest else 1.0
