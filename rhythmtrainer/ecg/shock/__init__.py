"""Whether a shock is advised."""

from rhythmtrainer.ecg.shock.advice import advise_shock

__all__ = ["advise_shock"]
