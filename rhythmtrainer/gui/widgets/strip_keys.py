"""The keys that move and measure a strip; the same on every page that shows one."""

from collections.abc import Callable
from typing import Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QToolButton, QWidget

from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_view import StripView

STRIP_KEYS: Final = (
    ("P", "paper or monitor"),
    ("Space", "freeze the monitor, or let it run"),
    ("C", "calipers: drag, or ← → (with Shift further, with Ctrl to the next R peak or border)"),
    (",  .  Tab", "take the left leg, the right leg, or both"),
    ("S   V   Del", "snap to R peaks and borders; measure mV too; take the calipers off"),
    ("M", "march the calipers out"),
    ("R", "300 rule, 6-second rule, or none"),
    ("← →  Home End", "scroll; back in time on a frozen monitor (or by wheel, or dragging)"),
    ("+ -  0", "zoom the paper; fit the width"),
    ("A", "actual size"),
    ("B", "beep with each QRS"),
    ("Ctrl+C  Ctrl+S", "copy or save the strip"),
    ("Esc", "put the tool away"),
)
"""What is pressed, and what it does."""


class StripKeys(QObject):
    """Listens on a page for the keys of its strip.

    Letters come as shortcuts, whatever has the focus. Arrows and signs come by `take` from the
    page, after the tool over the strip has had its choice of them.
    """

    def __init__(self, view: StripView, bar: StripBar, page: QWidget) -> None:
        super().__init__(page)
        self._view = view
        self._page = page
        self._moves = _moves(view)
        for key, slot in (
            (Qt.Key.Key_P, view.change_mode),
            (Qt.Key.Key_C, view.toggle_calipers),
            (Qt.Key.Key_M, view.march_out),
            (Qt.Key.Key_R, view.turn_ruler),
            (Qt.Key.Key_A, bar.toggle_actual_size),
            (Qt.Key.Key_B, bar.toggle_beep),
            (Qt.Key.Key_Space, self._space),
            (QKeySequence.StandardKey.Copy, bar.copy_wanted.emit),
            (QKeySequence.StandardKey.Save, bar.save_wanted.emit),
        ):
            shortcut = QShortcut(QKeySequence(key), page)
            shortcut.setAutoRepeat(False)
            shortcut.activated.connect(slot)

    def take(self, event: QKeyEvent) -> bool:
        """Answer an arrow, a sign or Esc; False leaves it to the page."""
        if event.key() == Qt.Key.Key_Escape and self._view.tool is not None:
            self._view.set_tool(None)
            self._page.setFocus()
            return True
        move = self._moves.get(event.key())
        if move is None:
            return False
        move()
        return True

    def _space(self) -> None:
        if not press_focused():
            self._view.toggle_frozen()


def _moves(view: StripView) -> dict[int, Callable[[], object]]:
    return {
        Qt.Key.Key_Left: lambda: view.scroll_by(-1),
        Qt.Key.Key_Right: lambda: view.scroll_by(1),
        Qt.Key.Key_Home: view.to_start,
        Qt.Key.Key_End: view.to_end,
        Qt.Key.Key_Plus: view.zoom_in,
        Qt.Key.Key_Equal: view.zoom_in,
        Qt.Key.Key_Minus: view.zoom_out,
        Qt.Key.Key_0: view.fit,
    }


def press_focused() -> bool:
    """Let a control that was reached by Tab be pressed with Enter and Space alike.

    Returns
    -------
    bool
        Whether there was one.
    """
    control = QApplication.focusWidget()
    if control is None or not control.isEnabled() or not control.isVisible():
        return False
    if isinstance(control, QToolButton) and control.menu() is not None:
        control.showMenu()
    elif isinstance(control, QAbstractButton):
        control.click()
    elif isinstance(control, QComboBox):
        control.showPopup()
    else:
        return False
    return True
