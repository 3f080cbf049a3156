import io
import sys
import wave
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QUrl

from rhythmtrainer.gui.widgets.sound import Beeper, tone

pytestmark = [pytest.mark.gui, pytest.mark.usefixtures("qapp")]

NAME = "PySide6.QtMultimedia"


class Device:
    def __init__(self, *, missing: bool) -> None:
        self._missing = missing

    def isNull(self) -> bool:  # noqa: N802 - Qt's name
        return self._missing


class Effect(QObject):
    """Notes what it is asked to sound."""

    made: "list[Effect]"

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.source = b""
        self.played = 0
        self.made.append(self)

    def setSource(self, url: QUrl) -> None:  # noqa: N802 - Qt's name
        with open(url.toLocalFile(), "rb") as file:  # noqa: PTH123 - as a library opens it
            self.source = file.read()

    def setVolume(self, volume: float) -> None:  # noqa: N802 - Qt's name
        assert 0 < volume <= 1

    def play(self) -> None:
        self.played += 1


def multimedia(monkeypatch: pytest.MonkeyPatch, *, device: bool) -> list[Effect]:
    """Put a made-up QtMultimedia in the place of the real one; return what it sounds."""
    module: Any = ModuleType(NAME)

    class Devices:
        @staticmethod
        def defaultAudioOutput() -> Device:  # noqa: N802 - Qt's name
            return Device(missing=not device)

    Effect.made = []
    module.__spec__ = ModuleSpec(NAME, None)
    module.QMediaDevices = Devices
    module.QSoundEffect = Effect
    monkeypatch.setitem(sys.modules, NAME, module)
    return Effect.made


def test_without_the_extra_nothing_sounds_and_nothing_fails(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, NAME, None)
    beeper = Beeper()
    assert not beeper.installed
    beeper.set_enabled(True)
    beeper.beep()
    assert beeper.enabled
    assert not beeper.audible


def test_without_a_loudspeaker_nothing_sounds(monkeypatch: pytest.MonkeyPatch) -> None:
    made = multimedia(monkeypatch, device=False)
    beeper = Beeper()
    assert beeper.installed
    beeper.set_enabled(True)
    beeper.beep()
    assert made == []
    assert not beeper.audible
    assert not beeper.installed


def test_nothing_is_reached_for_until_it_is_switched_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made = multimedia(monkeypatch, device=True)
    beeper = Beeper()
    beeper.beep()
    beeper.set_enabled(False)
    assert made == []
    beeper.set_enabled(True)
    beeper.set_enabled(True)
    assert len(made) == 1


def test_it_sounds_once_for_each_beat_while_it_is_on(monkeypatch: pytest.MonkeyPatch) -> None:
    made = multimedia(monkeypatch, device=True)
    beeper = Beeper()
    beeper.set_enabled(True)
    beeper.beep()
    beeper.beep()
    beeper.set_enabled(False)
    beeper.beep()
    assert [effect.played for effect in made] == [2]
    assert made[0].source == tone()


def test_the_tone_is_short_and_begins_and_ends_softly() -> None:
    with wave.open(io.BytesIO(tone())) as file:
        assert file.getnchannels() == 1
        seconds = file.getnframes() / file.getframerate()
        samples = np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(float)
    assert 0.04 < seconds < 0.12
    assert np.abs(samples).max() < 32_767 / 2
    assert np.abs(samples[[0, -1]]).max() < 100
    assert np.abs(np.diff(samples)).max() < 2_000
