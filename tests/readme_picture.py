"""Draws the picture of the README from a signal that it makes itself.

``python -m tests.readme_picture`` writes ``assets/readme/practice.png``. No recording is read.
"""

import os
import sys
import time
from dataclasses import replace
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from rhythmtrainer.content import load_courses, load_notices, load_rhythms
from rhythmtrainer.gui.main_window import MainWindow
from rhythmtrainer.gui.practice.controller import PracticeController, Surroundings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.theme import apply_theme
from rhythmtrainer.model import CourseId, Origin, QuestionId, RhythmId, Strip, StripRef
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate import simulate
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.selection import Material
from tests.support import fakes

_PICTURE = Path(__file__).resolve().parents[1] / "assets" / "readme" / "practice.png"
_RATE = 46.0


class _Slow(fakes.FakeSource):
    """Gives a slow regular rhythm and says that it is simulated."""

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        cancel.check()
        strip = fakes.strip(ref.record.record, start_s, seconds, rate=_RATE)
        provenance = replace(strip.provenance, origin=Origin.SIMULATED, database=None)
        return replace(
            strip, provenance=replace(provenance, source="a signal made for this picture")
        )


def main() -> int:
    """Draw the picture."""
    app = QApplication([])
    apply_theme(app)
    window, tasks = MainWindow(), Tasks()
    controller = PracticeController(window.practice, tasks)
    span = replace(fakes.span(RhythmId.SINUS_BRADYCARDIA, "b"), rate_bpm=_RATE)
    span = replace(span, label="sinus bradycardia")
    course = load_courses(asset("content", "courses.toml"))[CourseId.ACLS]
    controller.set_surroundings(
        Surroundings(
            store=fakes.FakeStore(),
            material=Material([span], course, load_rhythms(asset("content", "rhythms.toml"))),
            simulator=simulate,
            new_session=lambda: fakes.session(seed=3),
            new_id=lambda: QuestionId("picture"),
            clock=time.perf_counter,
            now=lambda: fakes.NOW,
        )
    )
    window.practice.notice.set_text(load_notices(asset("content", "notices.toml")).summary)
    controller.set_source(_Slow(), offline=False)
    window.show()
    controller.start()
    _let_run(1500)
    choices = controller._shown.question.choices if controller._shown else ()
    window.practice.answered.emit(choices.index(RhythmId.JUNCTIONAL_ESCAPE))
    _let_run(500)
    _PICTURE.parent.mkdir(parents=True, exist_ok=True)
    saved = window.grab().save(str(_PICTURE))
    controller.stop()
    tasks.stop()
    return 0 if saved else 1


def _let_run(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


if __name__ == "__main__":
    sys.exit(main())
