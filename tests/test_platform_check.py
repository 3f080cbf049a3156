import os
import subprocess
import sys

import pytest

from rhythmtrainer import platform_check
from rhythmtrainer.platform_check import missing_packages, qt_fault

linux_only = pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="only Linux leaves Qt's libraries to the system"
)

OFFSCREEN = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
NOT_STARTING = {**OFFSCREEN, "QT_QPA_PLATFORM": "nosuchplatform", "DISPLAY": ":99"}
NO_SCREEN = {
    name: value
    for name, value in os.environ.items()
    if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
}


def test_qt_starts_where_the_tests_run() -> None:
    assert qt_fault(OFFSCREEN, may_install=False) is None


@linux_only
def test_a_missing_display_is_told_before_anything_is_tried(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(platform_check, "_probe", lambda _: pytest.fail("tried"))
    monkeypatch.setattr(platform_check, "_install", lambda _: pytest.fail("installed"))
    told = qt_fault(NO_SCREEN, may_install=True)
    assert told is not None
    assert "no display" in told


@linux_only
def test_a_missing_library_is_told_by_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_check, "_CORE_LIBRARIES", {"libnosuch.so.7": "libnosuch7"})
    assert missing_packages(OFFSCREEN) == ["libnosuch7"]
    told = qt_fault(NOT_STARTING, may_install=False)
    assert told is not None
    assert "apt-get install -y" in told
    assert "libnosuch7" in told


@linux_only
def test_what_is_missing_is_installed_only_where_that_is_allowed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    installed: list[list[str]] = []

    def install(packages: list[str]) -> bool:
        installed.append(packages)
        return True

    monkeypatch.setattr(platform_check, "_CORE_LIBRARIES", {"libnosuch.so.7": "libnosuch7"})
    monkeypatch.setattr(platform_check, "_install", install)
    qt_fault(NOT_STARTING, may_install=False)
    assert installed == []
    qt_fault(NOT_STARTING, may_install=True)
    assert len(installed) == 1
    assert "libnosuch7" in installed[0]


@linux_only
def test_another_fault_is_told_in_qts_own_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform_check, "missing_packages", lambda _: [])
    told = qt_fault(NOT_STARTING, may_install=False)
    assert told is not None
    assert told.startswith("Qt cannot start here")


@linux_only
def test_the_program_ends_with_a_sentence_where_there_is_no_display() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "rhythmtrainer"],
        env=NO_SCREEN,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("rhythmtrainer: ")
    assert "Traceback" not in done.stderr
