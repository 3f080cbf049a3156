"""Outlines of long leads, built in slices while the window has nothing else to do."""

import time
from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from rhythmtrainer.ecg.envelope import EnvelopeBuilder
from rhythmtrainer.gui.widgets.paper.channel import Channel

_SLICE_S: Final = 0.0025
_STEP: Final = 65_536


class Pyramids(QObject):
    """Gives long channels their envelopes.

    Signals
    -------
    ready
        A long lead has got its envelope.
    """

    ready = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: list[Channel] = []
        self._builder: EnvelopeBuilder | None = None
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._build)

    def set_channels(self, channels: Sequence[Channel]) -> None:
        """Build envelopes for the long ones of these, and no longer for those before."""
        self._builder = None
        self._waiting = [
            channel for channel in channels if channel.is_long and channel.envelope is None
        ]
        if self._waiting:
            self._timer.start()
        else:
            self._timer.stop()

    @property
    def is_building(self) -> bool:
        """Whether a channel waits for its envelope."""
        return bool(self._waiting)

    def _build(self) -> None:
        until = time.perf_counter() + _SLICE_S
        while self._waiting and time.perf_counter() < until:
            channel = self._waiting[0]
            if self._builder is None:
                self._builder = EnvelopeBuilder(channel.signal)
            if self._builder.step(_STEP):
                channel.envelope = self._builder.envelope
                self._builder = None
                self._waiting.pop(0)
                self.ready.emit()
        if not self._waiting:
            self._timer.stop()
