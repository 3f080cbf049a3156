"""Reading a strip the way it is taught, each step with its number and its confidence."""

from rhythmtrainer.ecg.evidence.measuring import measure
from rhythmtrainer.ecg.evidence.rate import measure_beats

__all__ = ["measure", "measure_beats"]
