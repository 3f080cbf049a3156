"""The desktop program: the only place that knows every part, brings them together and parts them.

The window is on the screen before the heavy libraries are loaded; they come in the background.
"""

from rhythmtrainer.app.options import Options
from rhythmtrainer.app.program import Program, run

__all__ = ["Options", "Program", "run"]
