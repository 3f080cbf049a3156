"""A picture of nothing but stretches, and hands that use a tool on it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter

from rhythmtrainer.gui.widgets.colours import PaperStyle, StripColours
from rhythmtrainer.gui.widgets.overlay import Tool
from rhythmtrainer.gui.widgets.stretch import Stretch
from rhythmtrainer.model import LeadName, Measurement, Regularity, WaveTimes

NO_KEYS = Qt.KeyboardModifier.NoModifier
PINK = PaperStyle.PINK.colours


def stretch(
    lead: str = "II",
    channel: int = 0,
    *,
    times: tuple[float, float] = (20.0, 30.0),
    box: tuple[float, float, float] = (40.0, 0.0, 280.0),
    px_per_mm: float = 4.0,
    speed_mm_s: float = 25.0,
    gain_mm_mv: float = 10.0,
) -> Stretch:
    """Return a stretch; `box` is its left, top and bottom."""
    left, top, bottom = box
    return Stretch(
        lead=LeadName(lead),
        channel=channel,
        start_s=times[0],
        end_s=times[1],
        left=left,
        top=top,
        bottom=bottom,
        baseline=top + 0.6 * (bottom - top),
        base_mv=0.0,
        px_per_s=speed_mm_s * px_per_mm,
        px_per_mv=gain_mm_mv * px_per_mm,
        px_per_mm=px_per_mm,
    )


def page_of_twelve(px_per_mm: float = 3.6, row_px: float = 150.0) -> list[Stretch]:
    """Return three rows of four leads, a quarter of ten seconds each, and lead II below."""
    leads = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
    quarter, margin = 2.5, 10 * px_per_mm
    cells = []
    for channel, lead in enumerate(leads):
        column, row = divmod(channel, 3)
        left = margin + column * quarter * 25.0 * px_per_mm
        cells.append(
            stretch(
                lead,
                channel,
                times=(column * quarter, (column + 1) * quarter),
                box=(left, row * row_px, (row + 1) * row_px),
                px_per_mm=px_per_mm,
            )
        )
    below = (margin, 3 * row_px, 4 * row_px)
    return [*cells, stretch("II", 1, times=(0.0, 10.0), box=below, px_per_mm=px_per_mm)]


def measured(beats: Sequence[float]) -> Measurement:
    """Return a measurement of beats with a P wave 0.16 s before each, and their borders."""
    r = np.array(beats, np.float64)
    waves = WaveTimes(
        p=np.add.outer(r, [-0.20, -0.16, -0.10]),
        qrs=np.add.outer(r, [-0.04, 0.0, 0.05]),
        t=np.add.outer(r, [0.2, 0.3, 0.4]),
    )
    return Measurement(
        r,
        np.diff(r),
        rate_bpm=None,
        six_second_bpm=None,
        regularity=Regularity.CANNOT_TELL,
        rr_spread_s=None,
        waves=waves,
        p_s=r - 0.16,
    )


class Hands:
    """Presses, drags and keys on a picture of some stretches, which can be looked at.

    Attributes
    ----------
    held
        The modifier keys that are held while a tool is dragged.
    """

    def __init__(self, stretches: Sequence[Stretch]) -> None:
        self.stretches = list(stretches)
        self.held = NO_KEYS
        self.tool: Tool | None = None

    def take(self, tool: Tool) -> None:
        self.tool = tool

    def modifiers(self) -> Qt.KeyboardModifier:
        return self.held

    @property
    def _tool(self) -> Tool:
        assert self.tool is not None
        return self.tool

    def press(self, x: float, y: float) -> bool:
        return self._tool.pressed(QPointF(x, y), self.stretches)

    def move(self, x: float, y: float) -> None:
        self._tool.moved(QPointF(x, y), self.stretches)

    def drag(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        self.press(*start)
        self.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        self.move(*end)
        self._tool.released()

    def key(self, key: Qt.Key, held: Qt.KeyboardModifier = NO_KEYS) -> bool:
        return self._tool.key(QKeyEvent(QEvent.Type.KeyPress, key, held), self.stretches)

    def picture(
        self, width: int = 1060, height: int = 620, colours: StripColours = PINK, ratio: float = 1.0
    ) -> NDArray[np.int16]:
        """Return red, green and blue of what the tool draws, shape (height, width, 3)."""
        image = QImage(round(width * ratio), round(height * ratio), QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(QColor(colours.background))
        painter = QPainter(image)
        self._tool.draw(painter, self.stretches, colours)
        painter.end()
        flat = np.frombuffer(image.constBits(), dtype=np.uint8)
        rows = flat.reshape(image.height(), image.width(), 4)
        return rows[:, :, 2::-1].astype(np.int16)

    def inked(self, colours: StripColours = PINK, ratio: float = 1.0) -> NDArray[np.bool_]:
        """Return which pixels the tool touches."""
        back = colours.background
        ground = np.array([back.red(), back.green(), back.blue()])
        seen = self.picture(colours=colours, ratio=ratio)
        return np.asarray((np.abs(seen - ground) > 8).any(axis=2))
