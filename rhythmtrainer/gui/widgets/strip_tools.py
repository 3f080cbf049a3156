"""The tools of a strip: calipers and rulers, of which one at a time lies over it."""

from collections.abc import Collection, Sequence
from enum import Enum, auto

from PySide6.QtCore import QObject, Signal

from rhythmtrainer.ecg.calipers import Landmark
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.gui.widgets.tools import Calipers, Rule, Ruler
from rhythmtrainer.model import Measurement


class ToolKind(Enum):
    """What lies over a strip to measure it with."""

    CALIPERS = auto()
    RULER_300 = auto()
    RULER_6S = auto()


_RULES = {ToolKind.RULER_300: Rule.THREE_HUNDRED, ToolKind.RULER_6S: Rule.SIX_SECONDS}
_NEXT_RULER = {None: ToolKind.RULER_300, ToolKind.RULER_300: ToolKind.RULER_6S}


class StripTools(QObject):
    """Keeps the tools where they were put, whichever of them lies over the strip.

    Attributes
    ----------
    kind
        Which one does; None for none.

    Signals
    -------
    changed
        One of them reads something else.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.kind: ToolKind | None = None
        self.calipers = Calipers(self)
        self.ruler = Ruler(parent=self)
        for tool in (self.calipers, self.ruler):
            tool.changed.connect(self.changed)

    @property
    def current(self) -> Calipers | Ruler | None:
        """The tool that lies over the strip."""
        if self.kind is None:
            return None
        return self.calipers if self.kind is ToolKind.CALIPERS else self.ruler

    @property
    def next_ruler(self) -> ToolKind | None:
        """The rule that comes next: the 300 rule, the 6-second rule, none."""
        after = self.kind if self.kind in _RULES else None
        return _NEXT_RULER.get(after)

    def offer(self, measurement: Measurement | None, kinds: Collection[Landmark]) -> None:
        """Let the tools hold on to what was measured; count beats only where waves are known."""
        self.calipers.set_snap_kinds(kinds)
        self.calipers.set_measurement(measurement)
        self.ruler.set_measurement(measurement)
        self.ruler.set_counts_shown(bool(set(kinds) - {Landmark.R}))

    def lay_down(self, stretches: Sequence[Stretch], first_s: float) -> None:
        """Put the current tool on what is shown; calipers stay where they were if that is seen.

        Parameters
        ----------
        first_s
            The strip's first sample, from which heavy lines and ticks are counted.
        """
        if self.kind is ToolKind.CALIPERS:
            if not self.calipers.is_seen(stretches):
                self.calipers.place(stretches)
        elif self.kind in _RULES:
            self.ruler.set_origin(first_s)
            self.ruler.set_rule(_RULES[self.kind])
            self.ruler.place(stretches)

    def let_go(self) -> None:
        """Let go of what a hand holds: the strip is taken from under it."""
        self.calipers.released()
        self.ruler.released()

    def march(self, stretches: Sequence[Stretch]) -> None:
        """March the calipers out across what is shown, or stop that."""
        if self.calipers.pair is not None or self.calipers.place(stretches):
            self.calipers.set_marching(not self.calipers.marching)
