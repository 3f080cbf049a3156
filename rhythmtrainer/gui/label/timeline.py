"""The whole of a recording on one line, with what is seen of it and what becomes the strip."""

from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QAbstractSlider, QSizePolicy, QWidget

from rhythmtrainer.gui.label.draft import Trim
from rhythmtrainer.gui.label.times import written
from rhythmtrainer.gui.theme import UNIT, tabular_font
from rhythmtrainer.gui.widgets.paper.times import clock

# The slider counts whole numbers: tenths of a second are finer than anybody points.
_A_SECOND: Final = 10
_TRACK_PX: Final = 5.0 * UNIT
_LEAST_THUMB_PX: Final = 2.0 * UNIT
_TRIM_PX: Final = 1.0 * UNIT
_TICK_PX: Final = 1.0 * UNIT
_TEXT_PX: Final = 12
_STEPS_S: Final = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14_400, 43_200, 86_400)
_LABEL_GAP_PX: Final = 6.0 * UNIT
_NOTCH: Final = 120.0
_WINDOWS_A_NOTCH: Final = 0.2
_FOCUS_PX: Final = 2.0


class Timeline(QAbstractSlider):
    """Moves a window of some seconds along a recording.

    A click puts its middle there, a drag takes it along. Arrows move it by a second, with Shift by
    a tenth; PageUp and PageDown by its own length; Home and End go to the ends.

    Signals
    -------
    moved
        The user wants the window to begin here, in seconds from the recording's first sample.
    """

    moved = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("labelTimeline")
        self.setAccessibleName("Place in the recording")
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setToolTip("Click or drag; ← →, PageUp, PageDown, Home, End")
        self._duration_s = 0.0
        self._window_s = 0.0
        self._trim: Trim | None = None
        self._grip_s = 0.0
        font = tabular_font()
        font.setPixelSize(_TEXT_PX)
        self.setFont(font)
        self.valueChanged.connect(self._tell)

    def sizeHint(self) -> QSize:
        """Ask for a line and its numbers."""
        return QSize(100 * UNIT, round(_TRACK_PX + _TICK_PX) + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802 - as Qt calls it
        """Ask for no less height."""
        return QSize(20 * UNIT, self.sizeHint().height())

    def show_recording(self, duration_s: float) -> None:
        """Stand for a recording of this length."""
        self._duration_s = duration_s
        self._set_range()

    def show_window(self, start_s: float, seconds: float) -> None:
        """Show where the window stands; nobody is told."""
        self._window_s = min(seconds, self._duration_s)
        self._set_range()
        was_blocked = self.blockSignals(True)  # noqa: FBT003 - as Qt declares it
        self.setValue(round(start_s * _A_SECOND))
        self.blockSignals(was_blocked)
        self._describe()

    def show_trim(self, trim: Trim) -> None:
        """Mark what becomes the strip."""
        self._trim = trim
        self.update()

    @property
    def start_s(self) -> float:
        """Where the window begins."""
        # The last window ends with the last sample, which need not lie on a tenth.
        return min(self.value() / _A_SECOND, max(self._duration_s - self._window_s, 0.0))

    def _set_range(self) -> None:
        last_s = max(self._duration_s - self._window_s, 0.0)
        was_blocked = self.blockSignals(True)  # noqa: FBT003 - as Qt declares it
        self.setRange(0, -int(-last_s * _A_SECOND // 1))
        self.setSingleStep(_A_SECOND)
        self.setPageStep(max(round(self._window_s * _A_SECOND), 1))
        self.blockSignals(was_blocked)
        self.update()

    def _tell(self) -> None:
        self._describe()
        self.moved.emit(self.start_s)

    def _describe(self) -> None:
        self.setAccessibleDescription(f"{written(self.start_s)} of {written(self._duration_s)}")
        self.update()

    # Hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the window."""
        if not self.take(event):
            event.ignore()

    def take(self, event: QKeyEvent) -> bool:
        """Answer a key that moves the window; False leaves it to others."""
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        step = 1 if fine else self.singleStep()
        page = self.pageStep()
        places = {
            Qt.Key.Key_Left: self.value() - step,
            Qt.Key.Key_Right: self.value() + step,
            Qt.Key.Key_PageUp: self.value() - page,
            Qt.Key.Key_PageDown: self.value() + page,
            Qt.Key.Key_Home: self.minimum(),
            Qt.Key.Key_End: self.maximum(),
        }
        place = places.get(Qt.Key(event.key()))
        if place is None:
            return False
        self.setValue(place)
        return True

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Move the window by a part of its length."""
        turned = event.angleDelta()
        notches = (turned.x() + turned.y()) / _NOTCH
        self.setValue(self.value() - round(notches * _WINDOWS_A_NOTCH * self.pageStep()))
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take hold of the window, or put its middle where the press is."""
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        at_s = self._seconds(event.position().x())
        if self._thumb.contains(QPointF(event.position().x(), self._thumb.center().y())):
            self._grip_s = at_s - self.start_s
        else:
            self._grip_s = self._window_s / 2
            self._put(at_s)
        self.setSliderDown(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Take the window along."""
        if self.isSliderDown():
            self._put(self._seconds(event.position().x()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go."""
        del event
        self.setSliderDown(False)

    def _put(self, at_s: float) -> None:
        self.setValue(round((at_s - self._grip_s) * _A_SECOND))

    # Drawing

    def changeEvent(self, event: QEvent) -> None:
        """Follow the window's colours."""
        super().changeEvent(event)
        self.update()

    def _x(self, seconds: float) -> float:
        return seconds / max(self._duration_s, 1e-9) * self.width()

    def _seconds(self, x: float) -> float:
        return x / max(self.width(), 1) * self._duration_s

    @property
    def _thumb(self) -> QRectF:
        left, right = self._x(self.start_s), self._x(self.start_s + self._window_s)
        width = min(max(right - left, _LEAST_THUMB_PX), float(self.width()))
        left = min(max((left + right - width) / 2, 0.0), self.width() - width)
        return QRectF(left, 0.0, width, _TRACK_PX)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line with its times, the window, and below it the strip."""
        del event
        palette = self.palette()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(0.5, 0.5, self.width() - 1.0, _TRACK_PX - 1.0)
        painter.setPen(QPen(palette.mid().color()))
        painter.setBrush(palette.base())
        painter.drawRoundedRect(track, 3.0, 3.0)
        self._draw_times(painter)
        if self._duration_s > 0:
            accent = QColor(palette.highlight().color())
            accent.setAlphaF(0.45)
            painter.setPen(QPen(palette.highlight().color()))
            painter.setBrush(accent)
            painter.drawRoundedRect(self._thumb.adjusted(0.5, 0.5, -0.5, -0.5), 2.0, 2.0)
            self._draw_trim(painter)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(palette.highlight().color(), _FOCUS_PX))
            painter.drawRoundedRect(track.adjusted(0.5, 0.5, -0.5, -0.5), 3.0, 3.0)
        painter.end()

    def _draw_trim(self, painter: QPainter) -> None:
        if self._trim is None:
            return
        left, right = self._x(self._trim.start_s), self._x(self._trim.end_s)
        width = max(right - left, _TRIM_PX)
        bar = QRectF((left + right - width) / 2, _TRACK_PX - _TRIM_PX, width, _TRIM_PX)
        painter.fillRect(bar, self.palette().text())

    def _draw_times(self, painter: QPainter) -> None:
        widest = self.fontMetrics().horizontalAdvance(clock(self._duration_s)) + _LABEL_GAP_PX
        px_per_s = self._x(1.0)
        step = next((step for step in _STEPS_S if step * px_per_s >= widest), None)
        if step is None or self._duration_s <= 0:
            return
        painter.setPen(QPen(self.palette().placeholderText().color()))
        baseline = _TRACK_PX + _TICK_PX + self.fontMetrics().ascent()
        for place in range(int(self._duration_s // step) + 1):
            x = self._x(place * step)
            painter.drawLine(QPointF(x, _TRACK_PX), QPointF(x, _TRACK_PX + _TICK_PX))
            text = clock(place * step)
            width = self.fontMetrics().horizontalAdvance(text)
            left = min(max(x - width / 2, 0.0), self.width() - width)
            painter.drawText(QPointF(left, baseline), text)
