"""Letting the strips of all pages look and sound as the settings say."""

from PySide6.QtCore import QObject

from rhythmtrainer.gui.main_window import MainWindow, StripPage
from rhythmtrainer.gui.pictures import Asking, Pictures, Shown
from rhythmtrainer.gui.screens import reported_px_per_mm, screen_key
from rhythmtrainer.gui.settings import Settings


class StripLooks(QObject):
    """Carries paper, size and sound from the settings to the strips, and choices back."""

    def __init__(self, window: MainWindow, settings: Settings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._pages = window.strip_pages
        self._pictures: list[Pictures] = []
        for page in self._pages:
            self._take_pictures(page, page.strip, page.bar)
            page.bar.style_chosen.connect(settings.set_paper_style)
            page.bar.beep_chosen.connect(settings.set_beep)
            page.bar.actual_size_chosen.connect(settings.set_actual_size)
        for page in (window.practice, window.review):
            self._take_pictures(page, page.chosen, page.chosen)
        window.preferences.style_changed.connect(settings.set_paper_style)
        window.preferences.beep_changed.connect(settings.set_beep)
        ruler = window.preferences.screen_ruler
        ruler.calibrated.connect(self._keep_px_per_mm)
        ruler.forgotten.connect(lambda: self._keep_px_per_mm(None))
        window.screen_changed.connect(self.apply)
        settings.strips_changed.connect(self.apply)

    def _take_pictures(self, page: StripPage, shown: Shown, asking: Asking) -> None:
        pictures = Pictures(shown, asking, self._settings, page)
        pictures.said.connect(page.mention)
        self._pictures.append(pictures)

    def set_notice(self, notice: str) -> None:
        """Take what every picture of a strip must say about itself."""
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
