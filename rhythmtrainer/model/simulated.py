"""A simulated strip with what is known of it because it was made."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.rhythm import RhythmId
from rhythmtrainer.model.strip import Strip


class Beginning(IntEnum):
    """Where an activation of the heart began."""

    SINUS = 0
    ATRIA = 1
    FLUTTER = 2
    FIBRILLATION = 3
    JUNCTION = 4
    VENTRICLES = 5
    DEVICE = 6


class Entry(IntEnum):
    """Which way an activation enters the ventricles."""

    BOTH_BUNDLES = 0
    LEFT_BUNDLE = 1
    """The right bundle is blocked: right bundle branch block."""
    RIGHT_BUNDLE = 2
    """The left bundle is blocked: left bundle branch block."""
    SITE = 3
    """From a place in the muscle, cell by cell."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch in which one rhythm holds, in seconds from the strip's first sample."""

    rhythm: RhythmId
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What happened in a simulated heart, wave by wave.

    Times are float64 seconds from the strip's first sample, ascending; some waves lie just outside
    of the strip. There are A waves of the atria and V complexes of the ventricles.

    Attributes
    ----------
    p_s, p_end_s
        Onsets and ends of the P and F waves, shape ``(A,)``. The waves of atrial fibrillation
        cannot be told from one another and are not here.
    p_beginning
        `Beginning` of each, int8, shape ``(A,)``; from below for one that came back from there.
    qrs_s, qrs_end_s
        Onsets and ends of the QRS complexes, shape ``(V,)``.
    qrs_beginning
        Where each began, int8, shape ``(V,)``: `Beginning.SINUS` is one that the sinus node led.
    qrs_entry
        `Entry` of each, int8, shape ``(V,)``; of a fusion beat that of its conducted part.
    qrs_p
        Row of the P wave that was conducted to each complex, int64, shape ``(V,)``; -1 if none was.
    t_peak_s, t_end_s
        Peaks and ends of the T waves, shape ``(V,)``; NaN where a T does not come to its end.
    spikes_s
        Stimuli of a pacemaker.
    spike_in_atria
        Which of them are meant for the atria, bool.
    spike_captures
        Which of them were answered, bool.
    episodes
        The rhythm at each moment, without gaps, in the order of time.
    """

    p_s: NDArray[np.float64]
    p_end_s: NDArray[np.float64]
    p_beginning: NDArray[np.int8]
    qrs_s: NDArray[np.float64]
    qrs_end_s: NDArray[np.float64]
    qrs_beginning: NDArray[np.int8]
    qrs_entry: NDArray[np.int8]
    qrs_p: NDArray[np.int64]
    t_peak_s: NDArray[np.float64]
    t_end_s: NDArray[np.float64]
    spikes_s: NDArray[np.float64]
    spike_in_atria: NDArray[np.bool_]
    spike_captures: NDArray[np.bool_]
    episodes: tuple[Episode, ...]

    def __post_init__(self) -> None:
        for name in self.__slots__:
            value = getattr(self, name)
            if isinstance(value, np.ndarray):
                value.flags.writeable = False


@dataclass(frozen=True, slots=True, eq=False)
class Simulated:
    """A strip whose waves nobody needs to find.

    Attributes
    ----------
    drawn
        For each episode what was asked for or drawn of it, by the names of its variants.
    """

    strip: Strip
    truth: Truth
    drawn: tuple[Mapping[str, float | str], ...] = ()

    @property
    def beats_s(self) -> NDArray[np.float64]:
        """Onsets of the QRS complexes."""
        return self.truth.qrs_s

    @property
    def p_s(self) -> NDArray[np.float64]:
        """Onsets of the P and F waves."""
        return self.truth.p_s
