"""Finding the waves of each beat, and measuring what lies between them."""

from rhythmtrainer.ecg.waves.delineation import delineate
from rhythmtrainer.ecg.waves.intervals import intervals

__all__ = ["delineate", "intervals"]
