"""What can be done with a strip beyond its bar's buttons."""

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.strip_stage import StripMode
from rhythmtrainer.gui.widgets.strip_view import StripView

_LAYOUTS = {
    PaperLayout.RHYTHM: "One lead",
    PaperLayout.STACKED: "All leads",
    PaperLayout.TWELVE: "Page of 12 leads",
}
_STYLES = {
    PaperStyle.PINK: "Pink paper",
    PaperStyle.GREEN: "Green paper",
    PaperStyle.CONTRAST: "High contrast",
    PaperStyle.NIGHT: "Night",
}


class StripMenu(QMenu):
    """Zoom, layout, kind of paper, copying and saving.

    Attributes
    ----------
    copy, save, actual_size
        Actions whose work is done elsewhere.
    """

    def __init__(
        self, view: StripView, choose_style: Callable[[PaperStyle], object], parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._view = view
        self.setToolTipsVisible(True)
        self._zooms = (
            self._add("Zoom in\t+", view.zoom_in),
            self._add("Zoom out\t-", view.zoom_out),
            self._add("Fit the width\t0", view.fit),
        )
        self.actual_size = self._checkable("Actual size\tA")
        self.addSeparator()
        self._layouts = self._choice(_LAYOUTS, view.set_layout)
        self.addSeparator()
        self._styles = self._choice(_STYLES, choose_style)
        self.addSeparator()
        self.copy = self.addAction("Copy\tCtrl+C")
        self.save = self.addAction("Save …\tCtrl+S")
        self._marks = self._checkable("Copy and save with the marks")
        self._marks.setChecked(True)
        self.aboutToShow.connect(self._refresh)

    @property
    def with_marks(self) -> bool:
        """Whether copies carry the marks, once the strip has some."""
        return self._marks.isChecked()

    def _refresh(self) -> None:
        view = self._view
        for action in self._zooms:
            action.setEnabled(view.mode is StripMode.PAPER)
        self.actual_size.setChecked(view.shown_in_actual_size)
        self.actual_size.setEnabled(view.calibrated)
        self.actual_size.setToolTip(
            "" if view.calibrated else "Measure your screen on the Settings page first"
        )
        for layout, action in self._layouts.items():
            action.setChecked(layout is view.layout_shown)
            action.setEnabled(layout in view.layouts)
        for style, action in self._styles.items():
            action.setChecked(style is view.style_shown)
        self._marks.setEnabled(view.marked)
        for action in (self.copy, self.save):
            action.setEnabled(bool(view.leads))

    def _add(self, text: str, slot: Callable[[], object]) -> QAction:
        action = self.addAction(text)
        action.triggered.connect(slot)
        return action

    def _checkable(self, text: str) -> QAction:
        action = self.addAction(text)
        action.setCheckable(True)
        return action

    def _choice(
        self, names: Mapping[Any, str], choose: Callable[[Any], object]
    ) -> dict[Any, QAction]:
        group = QActionGroup(self)
        actions = {}
        for value, name in names.items():
            actions[value] = group.addAction(self._checkable(name))
            actions[value].triggered.connect(lambda _=False, value=value: choose(value))
        return actions
