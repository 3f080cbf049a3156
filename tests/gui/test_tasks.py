import threading

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.tasks import Tasks
from rhythmtrainer.model import CancelledError, RecordError, UserError
from rhythmtrainer.training.cancel import Cancel

pytestmark = pytest.mark.gui


def nothing(_: object) -> None:
    pytest.fail("called although it must not be")


def test_the_result_comes_back_on_the_main_thread(qtbot: QtBot, tasks: Tasks) -> None:
    found: list[tuple[int, bool]] = []
    main = QThread.currentThread()
    tasks.run(
        lambda _: threading.get_ident(),
        lambda ident: found.append((ident, QThread.currentThread() is main)),
        nothing,
    )
    qtbot.waitUntil(lambda: bool(found))
    assert found[0][0] != threading.get_ident()
    assert found[0][1]
    assert not tasks._running


def test_a_fault_that_the_user_can_act_on_is_handed_over(qtbot: QtBot, tasks: Tasks) -> None:
    told: list[UserError] = []

    def work(_: Cancel) -> None:
        raise RecordError("The file is damaged.")

    tasks.run(work, nothing, told.append)
    qtbot.waitUntil(lambda: bool(told))
    assert str(told[0]) == "The file is damaged."


def test_a_cancelled_task_is_never_heard_of_again(qtbot: QtBot, tasks: Tasks) -> None:
    gate = threading.Event()

    def work(cancel: Cancel) -> str:
        with cancel.calling(gate.set):
            gate.wait(5.0)
        return "done"

    task = tasks.run(work, nothing, nothing)
    task.cancel()
    assert gate.wait(5.0)
    qtbot.waitUntil(lambda: not tasks._running)


def test_work_that_notices_the_switch_is_quiet(qtbot: QtBot, tasks: Tasks) -> None:
    def work(_: Cancel) -> None:
        raise CancelledError

    tasks.run(work, nothing, nothing)
    qtbot.waitUntil(lambda: not tasks._running)


def test_a_defect_is_told_as_one_and_to_its_owner(qtbot: QtBot) -> None:
    tasks = Tasks()
    failures: list[UserError] = []

    def work(_: Cancel) -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(tasks.crashed) as told:
        tasks.run(work, nothing, failures.append)
    assert told.args is not None
    assert isinstance(told.args[0], ZeroDivisionError)
    qtbot.waitUntil(lambda: bool(failures))


def test_stopping_calls_everything_off(tasks: Tasks) -> None:
    gate = threading.Event()

    def work(cancel: Cancel) -> None:
        with cancel.calling(gate.set):
            gate.wait(5.0)

    tasks.run(work, nothing, nothing)
    tasks.run(work, nothing, nothing)
    tasks.stop()
    assert gate.is_set()
    assert not tasks._running
