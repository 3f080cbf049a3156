"""Tools that hands move over a strip: calipers and rulers."""

from rhythmtrainer.gui.widgets.tools.calipers import Calipers
from rhythmtrainer.gui.widgets.tools.ruler import Rule, Ruler

__all__ = ["Calipers", "Rule", "Ruler"]
