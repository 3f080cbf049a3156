"""How well each second of a recording can be read."""

from rhythmtrainer.ecg.quality.seconds import quality

__all__ = ["quality"]
