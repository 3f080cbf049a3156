"""A sheet of ECG paper with its leads, for any painter: a screen's, a picture's, a PDF's."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QPainter, QPen

from rhythmtrainer.ecg.paper import (
    LARGE_BOX_MM,
    PAGE_S,
    STANDARD_SPEED_MM_S,
    TICK_MM,
    Cell,
    Paper,
    PaperLayout,
    Reach,
    Rows,
    lay_out,
)
from rhythmtrainer.gui.widgets.colours import PaperStyle, StripColours
from rhythmtrainer.gui.widgets.paper.channel import Channel, channels_of
from rhythmtrainer.gui.widgets.paper.frame import Frame, whole_px
from rhythmtrainer.gui.widgets.paper.grid import Anchor, Grid
from rhythmtrainer.gui.widgets.paper.printing import Band, Name, Printer, print_font
from rhythmtrainer.gui.widgets.paper.times import between, clock, tick_step_s
from rhythmtrainer.gui.widgets.paper.tracing import Tracer
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName, Origin, Strip, describe_lead

# Above and below several rows, for the ticks and for what is printed.
_HEAD_MM: Final = TICK_MM + 1.0
_FOOT_LINES: Final = 1.6
# Frames are compared with a hundredth of a per cent to spare: pixels are rounded numbers.
_PRESSED: Final = 0.9999
_ALL: Final = 0.999
_CLOSEST_TICKS: Final = 1.0
# With the time written beside them, in heights of the text.
_CLOSEST_TIMES: Final = 7.0
_ROUNDING: Final = 1e-9
_TICK_OF_TRACE: Final = 0.8
_FINE_OF_TRACE: Final = 0.4
_NOTHING: Final = np.empty(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class SheetStyle:
    """How strips are laid out and drawn.

    Attributes
    ----------
    channel
        The lead drawn across the width; None for the first one, or lead II below the twelve.
    chosen
        The leads drawn one below another; None for all.
    speed_mm_s
        Of the paper.
    gain_mm_mv
        Negative to turn the trace upside down; None for what fits.
    """

    layout: PaperLayout = PaperLayout.RHYTHM
    channel: int | None = None
    chosen: tuple[int, ...] | None = None
    speed_mm_s: float = STANDARD_SPEED_MM_S
    gain_mm_mv: float | None = None
    paper: PaperStyle = PaperStyle.PINK


class Sheet:
    """Strips on ECG paper.

    To draw a whole strip into a file, ask for its size in millimetres, choose how many of the
    painter's pixels a millimetre has, and paint::

        sheet = Sheet([strip], SheetStyle(layout=PaperLayout.TWELVE))
        size_mm = sheet.size_mm()
        frame = sheet.frame(size_mm * px_per_mm, px_per_mm)
        sheet.paint(painter, frame)
        for overlay in overlays:
            overlay.draw(painter, sheet.stretches(frame), sheet.colours)

    The upper left corner of the sheet lies at the painter's origin; translate the painter to have
    it elsewhere. Everything is drawn as lines and text, so SVG and PDF stay sharp.

    Parameters
    ----------
    strips
        Leads of different length or rate come as several strips. Channel numbers count through
        all leads of all strips.
    channels
        The same leads, if they have been read before.

    Attributes
    ----------
    start_s, end_s
        From the first sample of any lead that is drawn to the last of any, in seconds from the
        recording's first.
    cells
        Where each lead is drawn.
    rows
        How many rows of leads there are, at least one.
    simulated
        Whether any of it is.
    """

    def __init__(
        self,
        strips: Sequence[Strip],
        style: SheetStyle | None = None,
        *,
        channels: tuple[Channel, ...] | None = None,
    ) -> None:
        self.style = style or SheetStyle()
        self.channels = channels_of(strips) if channels is None else channels
        self.simulated = any(strip.provenance.origin is Origin.SIMULATED for strip in strips)
        names = [channel.name for channel in self.channels]
        self.cells = lay_out(names, self.style.layout, self.style.channel, self.style.chosen)
        drawn = [self.channels[cell.channel] for cell in self.cells]
        self.start_s = min((channel.start_s for channel in drawn), default=0.0)
        self.end_s = max((channel.end_s for channel in drawn), default=0.0)
        self.rows = max((cell.row for cell in self.cells), default=0) + 1
        reaches = [channel.reach for channel in drawn]
        self._reach = max(reaches, key=lambda reach: reach.millivolts, default=Reach.of(_NOTHING))
        self._laid_out: tuple[Frame, tuple[Stretch, ...]] | None = None

    @property
    def colours(self) -> StripColours:
        """Colours of this paper, also for what is drawn over it."""
        return self.style.paper.colours

    @property
    def leads(self) -> tuple[LeadName, ...]:
        """Names of the leads that are drawn, each once."""
        return tuple(dict.fromkeys(self.channels[cell.channel].name for cell in self.cells))

    @property
    def layout(self) -> PaperLayout:
        """How the leads are laid out: as wished, or one below another where leads are missing."""
        wished = self.style.layout
        if wished is PaperLayout.TWELVE and not any(cell.begins > 0 for cell in self.cells):
            return PaperLayout.STACKED
        return wished

    @property
    def duration_s(self) -> float:
        """Seconds from the first sample of any lead that is drawn to the last of any."""
        return self.end_s - self.start_s

    @property
    def usual_s(self) -> float:
        """How many seconds are seen at once unless something else is wanted."""
        if self.layout is PaperLayout.TWELVE:
            return min(self.duration_s, PAGE_S)
        return self.duration_s

    def size_mm(self, row_mm: float = 30.0, seconds: float | None = None) -> QSizeF:
        """Return the size of a sheet that shows all, or some seconds, in millimetres.

        Parameters
        ----------
        row_mm
            Height of each row; a multiple of 5 divides evenly.
        """
        paper = Paper(self.style.speed_mm_s)
        width = paper.width_mm(self.usual_s if seconds is None else seconds)
        foot = LARGE_BOX_MM if self.rows > 1 else 0.0
        head = _HEAD_MM if self.rows > 1 else 0.0
        return QSizeF(width, self.rows * row_mm + head + foot)

    def frame(
        self, size: QSizeF, px_per_mm: float, from_s: float | None = None, *, crisp: bool = False
    ) -> Frame:
        """Return what is drawn into a picture of a size.

        Parameters
        ----------
        size
            In the painter's pixels.
        px_per_mm
            The painter's pixels for each millimetre of paper.
        from_s
            Seconds from the recording's first sample; the start if None.
        crisp
            Whether the painter's pixels are those of the picture: lines then lie on whole ones.
            Not for SVG and PDF.
        """
        return Frame.of(
            size.width(),
            size.height(),
            px_per_mm,
            self.start_s if from_s is None else from_s,
            speed_mm_s=self.style.speed_mm_s,
            crisp=crisp,
        )

    def gain_mm_mv(self, frame: Frame) -> float:
        """Return the gain that is drawn: as wished, or what fits into a row."""
        if self.style.gain_mm_mv is not None:
            return self.style.gain_mm_mv
        return self._reach.gain_mm_mv(self._rows_mm(frame).pitch)

    def printed_scale(self, frame: Frame) -> str:
        """Return the scale as it is printed."""
        mm_mv = self.gain_mm_mv(frame)
        gain = f"{abs(mm_mv):g} mm/mV{' inverted' if mm_mv < 0 else ''}"
        if self.is_pressed(frame):
            return f"{clock(self._shown_s(frame))} across  {gain}"
        return f"{self.style.speed_mm_s:g} mm/s  {gain}"

    def is_pressed(self, frame: Frame) -> bool:
        """Return whether time is pressed together, so that boxes would not be square."""
        return frame.px_per_s < _PRESSED * self.style.speed_mm_s * frame.px_per_mm

    def stretches(self, frame: Frame) -> tuple[Stretch, ...]:
        """Return where each lead lies; a lead none of whose samples is seen has no stretch."""
        if self._laid_out is None or self._laid_out[0] != frame:
            bands = self._bands(frame)
            gain = self.gain_mm_mv(frame)
            found = (self._stretch(frame, cell, bands, gain) for cell in self.cells)
            self._laid_out = frame, tuple(stretch for stretch in found if stretch is not None)
        return self._laid_out[1]

    def paint(self, painter: QPainter, frame: Frame, note: str = "") -> None:
        """Draw everything: grid, ticks, traces, and what is printed.

        Parameters
        ----------
        painter
            Its origin is the sheet's upper left corner. Its state is left as it was.
        note
            Printed behind the scale.
        """
        painter.save()
        area = QRectF(0.0, 0.0, frame.width, frame.height)
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.grid(frame).paint(painter)
        self.paint_traces(painter, frame, (0.0, frame.width))
        self.paint_print(painter, frame, note)
        painter.restore()

    def grid(self, frame: Frame) -> Grid:
        """Return the boxes: baselines and the first sample lie on large lines."""
        x = frame.margin - (frame.from_s - self.start_s) * frame.px_per_s
        if frame.crisp:
            # The fraction has to be the same wherever the sheet is scrolled to.
            x = frame.margin - round((frame.from_s - self.start_s) * frame.px_per_s)
        anchor = Anchor(x, self._bands(frame)[0].baseline)
        return Grid(frame, anchor, self.colours, across=not self.is_pressed(frame))

    def paint_traces(self, painter: QPainter, frame: Frame, span: tuple[float, float]) -> None:
        """Draw what scrolls, but the grid, between two places in the frame.

        Parameters
        ----------
        painter
            It is expected to clip to these places; lines reach beyond.
        """
        self._paint_ticks(painter, frame, *span)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        tracer = Tracer(frame, self.colours.trace, self.rows)
        for stretch in self.stretches(frame):
            tracer.paint(painter, self.channels[stretch.channel], stretch, *span)

    def paint_print(self, painter: QPainter, frame: Frame, note: str = "") -> None:
        """Draw what stays while the rest scrolls: calibration, leads, borders, and the scale."""
        bands = self._bands(frame)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        printer = Printer(painter, frame, self.colours)
        paper = Paper(self.style.speed_mm_s, self.gain_mm_mv(frame))
        used = {cell.row for cell in self.cells}
        printer.calibrate(paper, [band for row, band in enumerate(bands) if row in used])
        printer.divide([(self._cell_x(frame, c), bands[c.row]) for c in self.cells if c.begins])
        names = [self._name(frame, cell, bands[cell.row]) for cell in self.cells]
        # One lead's name stands with the scale, clear of the trace and of what is marked on it.
        alone = names[0].text if self.rows == 1 and names else ""
        if not alone:
            printer.name(names)
        simulated = "SIMULATED" if self.simulated else ""
        scale = self.printed_scale(frame) if self.channels else ""
        shown_s, part = self._shown_s(frame), ""
        if shown_s < _ALL * self.duration_s:
            part = between(frame.from_s, frame.from_s + shown_s, self.end_s)
        printer.foot("   ".join(filter(None, [simulated, alone, scale, note])), part)
        painter.restore()

    def _name(self, frame: Frame, cell: Cell, band: Band) -> Name:
        channel = self.channels[cell.channel]
        text = describe_lead(channel.name) if self.rows == 1 else channel.name
        if not channel.has_signal:
            text = f"{text}: no signal"
        return Name(text, self._cell_x(frame, cell), band)

    def _cell_x(self, frame: Frame, cell: Cell) -> float:
        """Return where a cell begins."""
        return self._place(frame, cell.begins)

    def _place(self, frame: Frame, share: float) -> float:
        """Return where a part of the shown time ends."""
        x = frame.margin + share * self._shown_s(frame) * frame.px_per_s
        return whole_px(x) if frame.crisp and 0 < share < 1 else x

    def borders(self, frame: Frame) -> tuple[float, ...]:
        """Return where a row changes from one lead to the next, and where the leads begin."""
        return tuple(sorted({self._cell_x(frame, cell) for cell in self.cells} | {frame.margin}))

    def _paint_ticks(self, painter: QPainter, frame: Frame, left: float, right: float) -> None:
        """Draw a tick every three seconds; where time is pressed, lines with the time."""
        pressed = self.is_pressed(frame)
        closest = (_CLOSEST_TIMES if pressed else _CLOSEST_TICKS) * frame.text_px
        step = tick_step_s(frame.px_per_s, closest)
        # What is written beside a tick reaches to the next.
        first = np.ceil((frame.seconds(left) - self.start_s) / step) - 1
        last = np.floor((frame.seconds(right) - self.start_s) / step) + 1
        last = min(last, np.floor(self.duration_s / step + _ROUNDING))
        times = self.start_s + np.arange(max(first, 0.0), last + 1) * step
        painter.save()
        # In a file the tick where the first sample lies is drawn to both sides of it.
        begin = frame.margin if frame.crisp else frame.margin - frame.trace_px
        area = QRectF(begin, 0.0, frame.width - begin, frame.height)
        painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.setFont(print_font(frame))
        for time in times.tolist():
            x = frame.x(time)
            if frame.crisp:
                x = whole_px(x) + 0.5
            if pressed:
                self._write_time(painter, frame, x, time)
            painter.setPen(QPen(self.colours.text, _TICK_OF_TRACE * frame.trace_px))
            height = min(TICK_MM * frame.px_per_mm, frame.text_px)
            painter.drawLine(QLineF(x, 0.0, x, height))
        painter.restore()

    def _write_time(self, painter: QPainter, frame: Frame, x: float, time: float) -> None:
        width = 1.0 if frame.crisp else _FINE_OF_TRACE * frame.trace_px
        line = QRectF(x - width / 2, 0.0, width, frame.height)
        painter.fillRect(line, self.colours.large_line)
        painter.setPen(self.colours.text)
        painter.drawText(QPointF(x + frame.text_px / 3, frame.text_px), clock(time))

    def _rows_mm(self, frame: Frame) -> Rows:
        foot_mm = _FOOT_LINES * frame.text_px / frame.px_per_mm
        return Rows.of(self.rows, frame.height / frame.px_per_mm, _HEAD_MM, foot_mm)

    def _bands(self, frame: Frame) -> tuple[Band, ...]:
        """Return the rows in pixels; the first baseline lies in the middle of one."""
        rows = self._rows_mm(frame)
        scale = frame.px_per_mm
        first = rows.baselines[0] * scale
        if frame.crisp:
            first = whole_px(first) + 0.5
        if len(rows.baselines) == 1:
            return (Band(first, 0.0, frame.height),)
        half = rows.pitch * scale / 2
        baselines = (first + (mm - rows.baselines[0]) * scale for mm in rows.baselines)
        return tuple(Band(baseline, baseline - half, baseline + half) for baseline in baselines)

    def _shown_s(self, frame: Frame) -> float:
        """Return how many seconds are seen of what there is."""
        return min(frame.shown_s, max(self.end_s - frame.from_s, 0.0))

    def _stretch(
        self, frame: Frame, cell: Cell, bands: Sequence[Band], gain: float
    ) -> Stretch | None:
        channel = self.channels[cell.channel]
        start = max(frame.seconds(self._place(frame, cell.begins)), channel.start_s)
        end = min(frame.seconds(self._place(frame, cell.ends)), channel.end_s)
        if not start < end:
            return None
        band = bands[cell.row]
        return Stretch(
            lead=channel.name,
            channel=cell.channel,
            start_s=start,
            end_s=end,
            left=frame.x(start),
            top=band.top,
            bottom=band.bottom,
            baseline=band.baseline,
            base_mv=channel.base_mv,
            px_per_s=frame.px_per_s,
            px_per_mv=gain * frame.px_per_mm,
            px_per_mm=frame.px_per_mm,
        )
