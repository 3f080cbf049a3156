"""The tone at each QRS complex, where sound can be had."""

import importlib
import importlib.util
import io
import wave
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QDir, QObject, QTemporaryFile, QUrl

_MULTIMEDIA: Final = "PySide6.QtMultimedia"

# As bedside monitors sound: short, high enough for small loudspeakers, not shrill.
_PITCH_HZ: Final = 660.0
_TONE_S: Final = 0.07
_FADE_S: Final = 0.01
_LOUDNESS: Final = 0.4
_SAMPLES_PER_S: Final = 44_100
_FULL_SCALE: Final = 32_767
_SAMPLE_BYTES: Final = 2


class Beeper(QObject):
    """Sounds a short tone when asked to, or does nothing.

    QtMultimedia and the loudspeaker are reached for when the sound is first switched on, not
    before. Where there is no QtMultimedia, no library it needs or no loudspeaker, nothing sounds
    and nothing is said. There are no alarm tones: they would tell the answer.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._enabled = False
        self._tried = False
        self._file: QTemporaryFile | None = None
        self._effect: Any = None

    @property
    def enabled(self) -> bool:
        """Whether the sound is switched on."""
        return self._enabled

    @property
    def installed(self) -> bool:
        """Whether sound can be had here, as far as is known without opening anything."""
        if self._tried:
            return self._effect is not None
        return importlib.util.find_spec(_MULTIMEDIA) is not None

    @property
    def audible(self) -> bool:
        """Whether a tone can be heard: switched on, and with something to sound it."""
        return self._enabled and self._effect is not None

    def set_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - Qt's setters look like this
        """Switch the sound on or off."""
        self._enabled = enabled
        if enabled and not self._tried:
            self._tried = True
            self._effect = self._load()

    def beep(self) -> None:
        """Sound the tone once; one that still sounds begins anew, so that none wait in a row."""
        if self.audible:
            self._effect.play()

    def _load(self) -> Any:
        try:
            multimedia: Any = importlib.import_module(_MULTIMEDIA)
        except ImportError:
            return None
        if multimedia.QMediaDevices.defaultAudioOutput().isNull():
            return None
        file = QTemporaryFile(QDir.temp().filePath("rhythmtrainer-XXXXXX.wav"), self)
        if not file.open():
            return None
        file.write(tone())
        file.close()
        self._file = file
        effect = multimedia.QSoundEffect(self)
        effect.setSource(QUrl.fromLocalFile(file.fileName()))
        effect.setVolume(1.0)
        return effect


def tone() -> bytes:
    """Return the tone as a WAV file: one channel of 16 bits, 70 ms long."""
    time = np.arange(round(_TONE_S * _SAMPLES_PER_S)) / _SAMPLES_PER_S
    # Without soft edges the loudspeaker clicks.
    edges = np.minimum(time, time[::-1]) / _FADE_S
    sound = _LOUDNESS * np.clip(edges, 0.0, 1.0) * np.sin(2 * np.pi * _PITCH_HZ * time)
    samples = (sound * _FULL_SCALE).round().astype("<i2")
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(_SAMPLE_BYTES)
        written.setframerate(_SAMPLES_PER_S)
        written.writeframes(samples.tobytes())
    return file.getvalue()
