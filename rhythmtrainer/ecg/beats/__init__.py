"""Finding the beats."""

from rhythmtrainer.ecg.beats.detection import detect_beats

__all__ = ["detect_beats"]
