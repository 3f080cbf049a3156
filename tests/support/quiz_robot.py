"""Answers strips as fast as the program shows them, and prints each answered question.

Run as a process of its own, so that it can be killed: ``python quiz_robot.py RECORDS DATA_DIR``.
"""

import sys
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from rhythmtrainer.app import Options, Program


def main(records: str, data_dir: str) -> None:
    """Answer until killed."""
    app = QApplication([])
    program = Program(Options(records=Path(records), data_dir=Path(data_dir), offline=True), {})
    page, controller = program.window.practice, program.practice

    def act() -> None:
        if page.asking and controller._painted_at is not None:
            page.answered.emit(0)
        elif page.revealing:
            question = controller._shown
            assert question is not None
            sys.stdout.write(f"{question.question.id}\n")
            sys.stdout.flush()
            page.next_requested.emit()
        elif not page.showing_question:
            controller.start()

    hand = QTimer()
    hand.timeout.connect(act)
    hand.start(1)
    program.start()
    app.exec()


if __name__ == "__main__":
    main(*sys.argv[1:])
