"""What the atria do in a stretch of an ECG."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model.evidence import PrRelation, PWaves


class AtrialKind(StrEnum):
    """What the atria draw on the baseline."""

    P_WAVES = "P waves"
    FLUTTER_WAVES = "flutter waves"
    FIBRILLATORY = "fibrillatory waves"
    NONE_SEEN = "none seen"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True, slots=True, eq=False)
class AtrialActivity:
    """What the atria do in a stretch of an ECG.

    Attributes
    ----------
    p_waves, p_confidence
        How the P waves stand to the QRS complexes, and the share of such verdicts that can be
        expected to be right, 0 to 1.
    kind
        What is seen of the atria.
    p_peaks
        Sample numbers of the P or flutter waves, int64, ascending, read-only; also of those that
        no QRS follows.
    atrial_rate_bpm
        Rate of those waves per minute; None where it cannot be told.
    dissociated, dissociated_confidence
        Whether P waves march through regardless of the QRS complexes.
    pr, pr_confidence
        How the PR interval behaves from beat to beat.
    pr_s
        PR interval of each beat in seconds, float64, shape ``(beats,)``, read-only; NaN where a
        beat has no P wave.
    """

    p_waves: PWaves
    p_confidence: float
    kind: AtrialKind
    p_peaks: NDArray[np.int64]
    atrial_rate_bpm: float | None
    dissociated: bool
    dissociated_confidence: float
    pr: PrRelation
    pr_confidence: float
    pr_s: NDArray[np.float64]

    def __post_init__(self) -> None:
        self.p_peaks.flags.writeable = False
        self.pr_s.flags.writeable = False

    @property
    def flutter(self) -> bool:
        """Whether waves follow each other without a pause at 200 to 400 per minute."""
        return self.kind is AtrialKind.FLUTTER_WAVES
