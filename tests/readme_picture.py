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
from rhythmtrainer.gui.practice.controller import PracticeController
from rhythmtrainer.gui.practice.surroundings import Surroundings
from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.gui.theme import apply_theme
from rhythmtrainer.model import CourseId, QuestionId, RhythmId, Strip, StripRef
from rhythmtrainer.paths import asset
from rhythmtrainer.simulate import simulate, simulate_known
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.selection import Material
from tests.support import fakes

_PICTURE = Path(__file__).resolve().parents[1] / "assets" / "readme" / "practice.png"
_ANSWER, _CHOSEN = RhythmId.AVB2_TYPE2, RhythmId.AVB2_TYPE1
# A patient on whom every dropped beat is found.
_SEED = 4


class _Blocked(fakes.FakeSource):
    """Gives a simulated rhythm in which a beat is dropped now and then."""

    def read(self, ref: StripRef, start_s: float, seconds: float, cancel: Cancel) -> Strip:
        cancel.check()
        del ref
        whole = simulate(_ANSWER, seconds=fakes.RECORD_SECONDS, fs=fakes.FS, seed=_SEED)
        return whole.cropped(start_s, start_s + seconds)


def main() -> int:
    """Draw the picture."""
    app = QApplication([])
    apply_theme(app)
    window, tasks = MainWindow(), Tasks()
    controller = PracticeController(window.practice, tasks)
    rhythms = load_rhythms(asset("content", "rhythms.toml"))
    span = replace(fakes.span(_ANSWER, "b"), rate_bpm=None, label=rhythms[_ANSWER].name)
    course = load_courses(asset("content", "courses.toml"))[CourseId.ACLS]
    controller.set_surroundings(
        Surroundings(
            store=fakes.FakeStore(),
            material=Material([span], course, rhythms),
            simulator=simulate_known,
            new_session=lambda _: fakes.session(seed=3),
            new_id=lambda: QuestionId("picture"),
            clock=time.perf_counter,
            now=lambda: fakes.NOW,
        )
    )
    window.practice.notice.set_text(load_notices(asset("content", "notices.toml")).summary)
    controller.set_source(_Blocked(), offline=False)
    window.show()
    controller.start()
    _let_run(1500)
    choices = controller._shown.question.choices if controller._shown else ()
    window.practice.answered.emit(choices.index(_CHOSEN))
    _let_run(1500)
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
