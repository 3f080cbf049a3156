"""What can be read from an ECG: arrays in, results out."""

from rhythmtrainer.ecg.beats import detect_beats
from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.quality import quality
from rhythmtrainer.ecg.shock import advise_shock
from rhythmtrainer.ecg.waves import delineate

__all__ = ["advise_shock", "delineate", "detect_beats", "measure", "quality"]
