"""Letting the strips of all pages look and sound as the settings say."""

from typing import Protocol

from PySide6.QtCore import QObject

from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.pictures import Asking, Pictures, Shown
from rhythmtrainer.gui.screens import reported_px_per_mm, screen_key
from rhythmtrainer.gui.settings import Settings
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.strip_bar import StripBar
from rhythmtrainer.gui.widgets.strip_view import StripView


class StripPage(Protocol):
    """A page that shows a strip, with the bar that says how."""

    strip: StripView
    bar: StripBar

    def set_style(self, style: PaperStyle) -> None:
        """Draw on this kind of paper."""
        ...

    def mention(self, text: str) -> None:
        """Say something quietly."""
        ...


class StripLooks(QObject):
    """Carries paper, size and sound from the settings to the strips, and choices back."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._pages: list[StripPage] = []
        self._pictures: list[Pictures] = []
        self._notice = ""
        for page in (window.practice, window.review):
            self._add(page)
            self._take_pictures(page, page.chosen, page.chosen)
        window.preferences.style_changed.connect(settings.set_paper_style)
        window.preferences.beep_changed.connect(settings.set_beep)
        ruler = window.preferences.screen_ruler
        ruler.calibrated.connect(self._keep_px_per_mm)
        ruler.forgotten.connect(lambda: self._keep_px_per_mm(None))
        window.screen_changed.connect(self.apply)
        settings.strips_changed.connect(self.apply)

    def add(self, page: StripPage) -> None:
        """Let the strip of one more page look as the others do."""
        self._add(page)
        self.set_notice(self._notice)
        self.apply()

    def _add(self, page: StripPage) -> None:
        self._pages.append(page)
        self._take_pictures(page, page.strip, page.bar)
        page.bar.style_chosen.connect(self._settings.set_paper_style)
        page.bar.beep_chosen.connect(self._settings.set_beep)
        page.bar.actual_size_chosen.connect(self._settings.set_actual_size)

    def _take_pictures(self, page: StripPage, shown: Shown, asking: Asking) -> None:
        pictures = Pictures(shown, asking, self._settings, self._window)
        pictures.said.connect(page.mention)
        self._pictures.append(pictures)

    def set_notice(self, notice: str) -> None:
        """Take what every picture of a strip must say about itself."""
        self._notice = notice
        for pictures in self._pictures:
            pictures.set_notice(notice)

    def apply(self) -> None:
        """Draw and sound all strips as the settings say, on the screen that the window is on."""
        settings, screen = self._settings, self._window.screen()
        px_per_mm = settings.px_per_mm(screen_key(screen))
        for page in self._pages:
            page.set_style(settings.paper_style)
            page.strip.set_beeps(settings.beep)
            page.strip.set_screen_px_per_mm(px_per_mm)
            page.strip.set_actual_size(settings.actual_size)
        preferences = self._window.preferences
        preferences.screen_ruler.show_screen(px_per_mm, reported_px_per_mm(screen))
        preferences.show_strips(
            settings.paper_style,
            beeps=settings.beep,
            has_sound=self._window.practice.strip.has_sound,
        )

    def _keep_px_per_mm(self, px_per_mm: float | None) -> None:
        self._settings.set_px_per_mm(screen_key(self._window.screen()), px_per_mm)
