"""What the golden pictures show: views of signals that are made here.

``python -m tests.support.scenes FOLDER`` draws them at the scale of this process; it is run by
`tests.support.golden`, which sees to the fonts.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

from rhythmtrainer.ecg.evidence import measure
from rhythmtrainer.ecg.paper import PaperLayout
from rhythmtrainer.gui.theme import apply_theme
from rhythmtrainer.gui.widgets.colours import PaperStyle
from rhythmtrainer.gui.widgets.monitor.view import MonitorView
from rhythmtrainer.gui.widgets.paper.view import PaperView
from rhythmtrainer.gui.widgets.reveal_marks import RevealMarks
from rhythmtrainer.gui.widgets.tools import Calipers, Rule, Ruler
from rhythmtrainer.model import STANDARD_LEADS, Measurement, Strip
from tests.support.evidence_synthetic import strip_of
from tests.support.golden import name_of
from tests.support.synthetic import add_waves, ecg_at, regular_peaks

_FONT: Final = "DejaVu Sans"
_FONT_PX: Final = 13
_FS: Final = 250.0
_STRIP_S: Final = 6.0
_PAGE_S: Final = 10.0
_FRAME_S: Final = 0.016

# Small pictures: they are kept for ever.
_STRIP: Final = (540, 160)
_PAGE: Final = (400, 280)
_MARKED: Final = (640, 200)

# How high each lead stands, in the order of the standard leads.
_HEIGHTS: Final = (0.6, 1.0, 0.5, -0.8, 0.3, 0.8, -0.5, -0.2, 0.4, 0.9, 1.1, 0.8)


@dataclass(frozen=True, slots=True)
class Scene:
    """A view, ready to be looked at.

    Attributes
    ----------
    make
        Makes the view with everything on it.
    theme
        Whether the window around it is light or dark.
    """

    make: Callable[[], QWidget]
    theme: Qt.ColorScheme = Qt.ColorScheme.Light

    def picture(self) -> QImage:
        """Draw the view."""
        QGuiApplication.styleHints().setColorScheme(self.theme)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app)
        return self.make().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def _lead(seconds: float) -> NDArray[np.float32]:
    """Make a lead all of whose beats are alike, and whole pixels apart: small to compress."""
    return ecg_at(regular_peaks(75, seconds), _FS, seconds, noise=0.0, wander=0.0)


def _sinus(seconds: float = _STRIP_S) -> Strip:
    return strip_of(_lead(seconds), _FS)


def _twelve(seconds: float = _PAGE_S) -> Strip:
    return strip_of(np.outer(_HEIGHTS, _lead(seconds)), _FS, names=STANDARD_LEADS)


def _complete_block() -> Strip:
    """P waves at 78 a minute, complexes at 41, and neither knows of the other."""
    return _conducted(np.arange(0.2, _PAGE_S, 0.77), np.arange(0.9, _PAGE_S, 1.45))


def _dropped_beats() -> Strip:
    """P waves at 75 a minute, each followed later than the one before, until one is not."""
    atria = np.arange(0.5, _PAGE_S, 0.8)
    delays = np.tile([0.16, 0.26, 0.33, np.nan], atria.size)[: atria.size]
    ventricles = atria + delays
    return _conducted(atria, ventricles[np.isfinite(ventricles)])


def _conducted(atria: NDArray[np.float64], ventricles: NDArray[np.float64]) -> Strip:
    """P waves and narrow complexes with T waves at times in s."""
    lead = np.zeros(round(_PAGE_S * _FS))
    for delay, height, spread in ((0.0, 1.0, 0.012), (0.03, -0.25, 0.01), (0.32, 0.3, 0.05)):
        add_waves(lead, _FS, ventricles + delay, height, spread)
    add_waves(lead, _FS, atria, 0.15, 0.022)
    return strip_of(lead, _FS)


def _damaged() -> Strip:
    """A strip with a gap, and a stretch in which the amplifier is at its limit."""
    lead = _lead(_STRIP_S)
    lead[round(1.5 * _FS) : round(2.2 * _FS)] = np.nan
    lead[round(4.0 * _FS) : round(4.8 * _FS)] = 4.0
    return strip_of(lead, _FS)


def _measured(strip: Strip) -> Measurement:
    return measure(strip, strip.start_s, strip.end_s)


def _paper(
    make: Callable[[], Strip],
    paper: PaperStyle = PaperStyle.PINK,
    layout: PaperLayout = PaperLayout.RHYTHM,
    size: tuple[int, int] = _STRIP,
) -> PaperView:
    view = PaperView()
    view.resize(*size)
    view.set_style(paper)
    view.set_layout(layout)
    view.set_strip(make())
    return view


def _far() -> QWidget:
    """All of a quarter of an hour, in the middle of which something is high."""
    lead = np.tile(_sinus(_PAGE_S).signal[0], 90)
    lead[lead.size // 2 :][:2000] *= 2
    view = _paper(lambda: strip_of(lead, _FS))
    view.zoom(0.0001)
    return view


def _marked(make: Callable[[], Strip], paper: PaperStyle) -> QWidget:
    strip = make()
    view = _paper(lambda: strip, paper, size=_MARKED)
    view.set_overlays([RevealMarks(_measured(strip), strip)])
    return view


def _with_calipers(paper: PaperStyle) -> QWidget:
    strip = _sinus()
    view = _paper(lambda: strip, paper)
    calipers = Calipers(view)
    calipers.set_measurement(_measured(strip))
    calipers.set_marching(True)
    calipers.place(view.stretches)
    view.set_tool(calipers)
    return view


def _with_ruler(rule: Rule) -> QWidget:
    strip = _sinus(8.0)
    view = _paper(lambda: strip)
    ruler = Ruler(rule, view)
    ruler.set_measurement(_measured(strip))
    ruler.set_counts_shown(True)
    ruler.place(view.stretches)
    view.set_tool(ruler)
    return view


def _monitor(strip: Strip, size: tuple[int, int], swept_s: float) -> MonitorView:
    """Sweep for some time, in frames, by a clock that only this scene moves."""
    now = 0.0
    view = MonitorView(clock=lambda: now)
    view.resize(*size)
    view.set_heart_rate_shown(True)
    view.set_strip(strip)
    view.set_beats(_measured(strip).beats_s, until_s=strip.end_s)
    view.show()
    for frame in range(round(swept_s / _FRAME_S)):
        now = frame * _FRAME_S
        view.advance()
    return view


def _frozen_with_marks() -> QWidget:
    strip = _complete_block()
    view = _monitor(strip, (640, 240), 9.0)
    view.set_frozen(True)
    view.set_overlays([RevealMarks(_measured(strip), strip)])
    return view


_DARK: Final = Qt.ColorScheme.Dark

SCENES: Final = {
    "paper-pink": Scene(partial(_paper, _sinus)),
    "paper-green": Scene(partial(_paper, _sinus, PaperStyle.GREEN)),
    "paper-contrast": Scene(partial(_paper, _sinus, PaperStyle.CONTRAST)),
    "paper-night": Scene(partial(_paper, _sinus, PaperStyle.NIGHT), _DARK),
    "paper-damaged": Scene(partial(_paper, _damaged)),
    "paper-far": Scene(_far),
    "page-pink": Scene(partial(_paper, _twelve, PaperStyle.PINK, PaperLayout.TWELVE, _PAGE)),
    "page-night": Scene(
        partial(_paper, _twelve, PaperStyle.NIGHT, PaperLayout.TWELVE, _PAGE), _DARK
    ),
    "marks-block-pink": Scene(partial(_marked, _complete_block, PaperStyle.PINK)),
    "marks-block-night": Scene(partial(_marked, _complete_block, PaperStyle.NIGHT), _DARK),
    "marks-dropped-pink": Scene(partial(_marked, _dropped_beats, PaperStyle.PINK)),
    "calipers-pink": Scene(partial(_with_calipers, PaperStyle.PINK)),
    "calipers-night": Scene(partial(_with_calipers, PaperStyle.NIGHT), _DARK),
    "ruler-300": Scene(partial(_with_ruler, Rule.THREE_HUNDRED)),
    "ruler-six-seconds": Scene(partial(_with_ruler, Rule.SIX_SECONDS)),
    "monitor-one-lead": Scene(lambda: _monitor(_sinus(20.0), (540, 200), 14.0)),
    "monitor-twelve-leads": Scene(lambda: _monitor(_twelve(20.0), (390, 330), 14.0), _DARK),
    "monitor-frozen": Scene(_frozen_with_marks),
}


def main() -> int:
    """Draw every scene into the folder that is named first."""
    folder = Path(sys.argv[1])
    app = QApplication([])
    font = QFont(_FONT)
    font.setPixelSize(_FONT_PX)
    app.setFont(font)
    scale = round(app.devicePixelRatio())
    for name, scene in SCENES.items():
        # The least quality is the most compression; nothing is lost in either case.
        assert scene.picture().save(str(folder / name_of(name, scale)), quality=0), name
    return 0


if __name__ == "__main__":
    sys.exit(main())
