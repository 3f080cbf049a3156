"""What the atria do, as far as a strip shows it."""

from rhythmtrainer.ecg.atria.activity import atrial_activity
from rhythmtrainer.model.atria import AtrialActivity, AtrialKind

__all__ = ["AtrialActivity", "AtrialKind", "atrial_activity"]
