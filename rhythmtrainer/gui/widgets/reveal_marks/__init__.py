"""The marks of the reveal: waves, intervals, dropped beats and pauses on the strip itself."""

from rhythmtrainer.gui.widgets.reveal_marks.marks import RevealMarks

__all__ = ["RevealMarks"]
