"""Ending an exchange over HTTP from outside, also while the server keeps its answer to itself."""

import socket
import threading
import time
from contextlib import suppress
from contextvars import ContextVar
from typing import Any, Final, Self

from requests.adapters import HTTPAdapter
from urllib3 import HTTPResponse
from urllib3.connection import HTTPConnection, HTTPSConnection

_WATCH: Final[ContextVar["Watch | None"]] = ContextVar("_WATCH", default=None)


class Watch:
    """One exchange with a server, which ends when its time is over or somebody ends it.

    It is entered by the thread that makes the exchange, and knows the connection once that is
    made; what waits for the connection itself ends by its own time-out.

    Parameters
    ----------
    deadline
        When the time is over, by `time.monotonic`; infinity for no end.

    Attributes
    ----------
    late
        Whether the time was over before the exchange was.
    ended
        Whether it was ended, by whomever.
    connected
        Whether a server was asked.
    """

    def __init__(self, deadline: float) -> None:
        self.late = False
        self.ended = False
        self.connected = False
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        left_s = max(0.0, deadline - time.monotonic())
        self._timer = threading.Timer(min(left_s, threading.TIMEOUT_MAX), self._be_late)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._token = _WATCH.set(self)
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        _WATCH.reset(self._token)
        # The connection may serve another exchange now.
        self.use(None)

    def end(self) -> None:
        """Wake the thread that waits for the server. May be called from any thread."""
        with self._lock:
            self.ended = True
            self._shut()

    def _be_late(self) -> None:
        self.late = True
        self.end()

    def use(self, connected: socket.socket | None) -> None:
        """Take note of the socket on which the server answers."""
        with self._lock:
            self.connected = self.connected or connected is not None
            self._socket = connected
            if self.ended:
                self._shut()

    def _shut(self) -> None:
        # TLS inside the TLS of a proxy has no socket of its own: there the time-outs must do.
        if isinstance(self._socket, socket.socket):
            with suppress(OSError):
                # Not the method of a TLS socket, which forgets its state under the reader's hands.
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class _Connection(HTTPConnection):
    def connect(self) -> None:
        # A redirection asks for another connection.
        if (watch := _WATCH.get()) is not None and watch.ended:
            raise ConnectionAbortedError
        super().connect()

    def getresponse(self) -> HTTPResponse:  # type: ignore[override]  # as urllib3 overrides it
        if (watch := _WATCH.get()) is not None:
            watch.use(self.sock)
        return super().getresponse()


class _TlsConnection(_Connection, HTTPSConnection):
    pass


# The connections of a SOCKS proxy are of another kind and stay as they are.
_WATCHED: Final[dict[type, type]] = {HTTPConnection: _Connection, HTTPSConnection: _TlsConnection}


class WatchedAdapter(HTTPAdapter):
    """Makes connections that a `Watch` knows."""

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return where connections to a server are kept and made."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        pool.ConnectionCls = _WATCHED.get(pool.ConnectionCls, pool.ConnectionCls)
        return pool
