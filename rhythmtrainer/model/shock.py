"""What a defibrillator would be advised to do about a few seconds of ECG."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShockAdvice:
    """Whether a rhythm looks shockable, and why.

    Attributes
    ----------
    shock
        Whether a shock would be advised: ventricular fibrillation, flutter or fast tachycardia.
    score
        From 0 (surely not) to 1 (surely shockable); a shock is advised from 0.5 on.
    reason
        What was seen, in words: ``chaotic, 5.1 Hz, no QRS``.
    """

    shock: bool
    score: float
    reason: str
