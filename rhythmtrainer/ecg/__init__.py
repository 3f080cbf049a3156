"""What can be read from an ECG: arrays in, results out."""

from rhythmtrainer.ecg.beats import detect_beats

__all__ = ["detect_beats"]
