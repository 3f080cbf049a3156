import pytest

from rhythmtrainer.model import CancelledError
from rhythmtrainer.training.cancel import Cancel


def test_a_fresh_switch_lets_work_go_on() -> None:
    cancel = Cancel()
    cancel.check()
    assert not cancel.thrown


def test_a_thrown_switch_stops_work() -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        cancel.check()


def test_throwing_wakes_what_waits_inside_a_library() -> None:
    cancel = Cancel()
    woken: list[str] = []
    with cancel.calling(lambda: woken.append("woken")):
        cancel.throw()
    assert woken == ["woken"]


def test_nothing_is_woken_after_the_wait() -> None:
    cancel = Cancel()
    woken: list[str] = []
    with cancel.calling(lambda: woken.append("woken")):
        pass
    cancel.throw()
    assert woken == []


def test_a_wait_does_not_begin_once_the_switch_is_thrown() -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError), cancel.calling(lambda: None):
        pytest.fail("the wait began")
