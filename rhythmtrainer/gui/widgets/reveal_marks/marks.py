"""The reveal's marks, drawn on the strip that was just answered."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtGui import QPainter

from rhythmtrainer.gui.widgets.colours import StripColours
from rhythmtrainer.gui.widgets.reveal_marks.atria import mark_p_waves, mark_pr
from rhythmtrainer.gui.widgets.reveal_marks.complexes import (
    hatch_disturbed,
    mark_early,
    mark_pattern,
    mark_qrs,
    mark_spikes,
)
from rhythmtrainer.gui.widgets.reveal_marks.facts import Facts, facts_of
from rhythmtrainer.gui.widgets.reveal_marks.legend import legend
from rhythmtrainer.gui.widgets.reveal_marks.rhythm import mark_pauses, mark_rate, mark_regularity
from rhythmtrainer.gui.widgets.reveal_marks.room import SMALLEST_TEXT_PX, Room, text_size
from rhythmtrainer.gui.widgets.reveal_marks.sketch import Sketch
from rhythmtrainer.gui.widgets.reveal_marks.whole import mark_everything
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import Measurement, Step, Strip

_CLOSEST_BEATS_PX: Final = 8.0
_LEAST_HEIGHT_PX: Final = 32.0


class RevealMarks:
    """Marks a strip with what was measured on it; the strip itself does not move.

    Parameters
    ----------
    measurement
        What is marked.
    strip
        The strip that was measured, so that marks keep clear of its trace; None if unknown.
    channel
        Place of the lead that was measured among all leads that the view was given. Only this lead
        is marked; where a page shows it twice, the longer stretch.
    row
        Row of that lead in `strip`.
    focus
        The step that is read now: only its marks are drawn, with more numbers. None marks all.
    """

    def __init__(
        self,
        measurement: Measurement,
        strip: Strip | None = None,
        *,
        focus: Step | None = None,
        channel: int = 0,
        row: int | None = None,
    ) -> None:
        self._measurement = measurement
        self._facts = facts_of(measurement)
        self._row = channel if row is None else row
        self._strip = strip if strip is not None and self._row < len(strip.leads) else None
        self._channel = channel
        self._focus = focus
        self._drawn: tuple[tuple[Stretch, ...], Sketch] | None = None

    @property
    def focus(self) -> Step | None:
        """The step whose marks are drawn; None stands for all."""
        return self._focus

    def set_focus(self, focus: Step | None) -> None:
        """Mark one step, or all."""
        if focus is not self._focus:
            self._focus = focus
            self._drawn = None

    @property
    def legend(self) -> str:
        """What the marks mean, in a line; for after the answer, since it tells what was found."""
        return legend(self._facts, self._focus)

    def draw(self, painter: QPainter, stretches: Sequence[Stretch], colours: StripColours) -> None:
        """Draw over what is shown; leave nothing of the painter's state changed."""
        shown = tuple(stretches)
        if self._drawn is None or self._drawn[0] != shown:
            self._drawn = shown, self.sketch(shown)
        self._drawn[1].paint(painter, colours)

    def sketch(self, stretches: Sequence[Stretch]) -> Sketch:
        """Lay the marks out without painting them."""
        if not stretches:
            return Sketch()
        width = max(each.right for each in stretches) - min(each.left for each in stretches)
        size = text_size(stretches[0], width)
        sketch = Sketch(size / SMALLEST_TEXT_PX)
        for stretch in _to_mark(stretches, self._channel):
            if not _too_dense(stretch, self._facts):
                self._mark(sketch, Room(stretch, size, self._strip, self._row))
        return sketch

    def _mark(self, sketch: Sketch, room: Room) -> None:
        facts, measurement = self._facts, self._measurement
        if self._focus is None:
            mark_everything(sketch, room, facts, measurement)
            return
        {
            Step.RATE: lambda: mark_rate(sketch, room, facts, measurement),
            Step.REGULARITY: lambda: mark_regularity(sketch, room, facts, measurement),
            Step.P_WAVES: lambda: mark_p_waves(sketch, room, facts),
            Step.PR: lambda: mark_pr(sketch, room, facts, measurement),
            Step.QRS: lambda: mark_qrs(sketch, room, facts, measurement),
            Step.EARLY_BEATS: lambda: mark_early(sketch, room, facts, measurement),
            Step.PATTERN: lambda: mark_pattern(sketch, room, facts, measurement),
            Step.PAUSES: lambda: mark_pauses(sketch, room, facts),
            Step.PACING: lambda: mark_spikes(sketch, room, facts),
            Step.BASELINE: lambda: hatch_disturbed(sketch, room, facts),
        }[self._focus]()


def _to_mark(stretches: Sequence[Stretch], channel: int) -> list[Stretch]:
    """Return the stretches of a lead, without those that a longer one shows too."""
    own = [each for each in stretches if each.channel == channel and _has_room(each)]
    return [
        each
        for each in own
        if not any(
            other.start_s <= each.start_s
            and each.end_s <= other.end_s
            and other.end_s - other.start_s > each.end_s - each.start_s
            for other in own
        )
    ]


def _has_room(stretch: Stretch) -> bool:
    return (
        stretch.bottom - stretch.top >= _LEAST_HEIGHT_PX
        and stretch.right > stretch.left
        and stretch.px_per_s > 0
    )


def _too_dense(stretch: Stretch, facts: Facts) -> bool:
    """Whether marks would run together."""
    return facts.usual_rr * stretch.px_per_s < _CLOSEST_BEATS_PX
