"""A PhysioNet on this computer for tests, which can be told to misbehave.

As a program it serves a folder until its input ends, then says what it was asked for:
``python -m tests.support.physionet_server FOLDER --delay-ms 150 --mbit 1``.
"""

import argparse
import fnmatch
import json
import re
import socket
import ssl
import struct
import sys
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import unquote, urlsplit

_PORTION: Final = 4096
_BITS_IN_A_BYTE: Final = 8
_RANGE: Final = re.compile(r"bytes=(\d+)-(\d*)")
# Never waited for: only says that a test which forgot to close the server does not hang.
_PATIENCE_S: Final = 20.0


@dataclass(frozen=True, slots=True)
class Fault:
    """How the server misbehaves. What is left at its default stays as it should be.

    Attributes
    ----------
    status
        Answer with this status and no content.
    drops
        Close the connection without an answer.
    delay_s
        Wait so long before anything is sent.
    ends_after, reset_after, stall_after
        After so many bytes of the body, close the connection, reset it, or send nothing more.
    bytes_per_second
        Send the body in ten portions a second, so fast altogether.
    promised_more
        Announce so many more bytes than are sent.
    promises_nothing
        Do not announce how many bytes follow; the end of the connection is the end of the body.
    shifted_by
        Announce and send a range that begins so many bytes later than the one asked for.
    other_size
        Announce this size of the whole file in ``Content-Range``.
    ignores_range
        Send the whole file whatever part is asked for.
    garbled
        Turn round every bit of the body.
    content, content_type
        Answer with this content, whatever is asked for; announce it as of this kind.
    header_every_s
        Send a header line so often, and never the last one.
    """

    status: int | None = None
    drops: bool = False
    delay_s: float = 0.0
    ends_after: int | None = None
    reset_after: int | None = None
    stall_after: int | None = None
    bytes_per_second: int | None = None
    promised_more: int = 0
    promises_nothing: bool = False
    shifted_by: int = 0
    other_size: int | None = None
    ignores_range: bool = False
    garbled: bool = False
    content: bytes | None = None
    content_type: str | None = None
    header_every_s: float | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """One request that the server received.

    Attributes
    ----------
    range
        Its ``Range`` header.
    host
        For which host it is; another one than the server's where that serves as a proxy.
    """

    method: str
    path: str
    range: str | None
    host: str = field(default="", compare=False)


class Wire:
    """A slow connection that all who are served share.

    Parameters
    ----------
    delay_s
        What every answer takes, and making a connection.
    bytes_per_second
        For all together; None for no limit.
    """

    def __init__(self, delay_s: float = 0.0, bytes_per_second: float | None = None) -> None:
        self.delay_s = delay_s
        self._seconds_a_byte = 1.0 / bytes_per_second if bytes_per_second else 0.0
        self._lock = threading.Lock()
        self._free_at = 0.0

    def portions(self, content: bytes) -> list[bytes]:
        """Cut what is sent into portions, so that connections take turns."""
        if not self._seconds_a_byte:
            return [content]
        return [content[start : start + _PORTION] for start in range(0, len(content), _PORTION)]

    def wait_for(self, size: int) -> float:
        """Return in how many seconds `size` bytes more will have gone through."""
        with self._lock:
            now = time.monotonic()
            self._free_at = max(now, self._free_at) + size * self._seconds_a_byte
            return self._free_at - now


@dataclass(slots=True)
class _Planned:
    """A fault, the paths it is for, and how many requests it still spoils (None: all)."""

    fault: Fault
    pattern: str
    times: int | None


@dataclass(slots=True)
class _State:
    """What the threads of the server share."""

    root: Path
    wire: Wire
    lock: threading.Lock = field(default_factory=threading.Lock)
    requests: list[Request] = field(default_factory=list)
    planned: list[_Planned] = field(default_factory=list)
    connections: set[socket.socket] = field(default_factory=set)
    connected: int = 0
    body_bytes: int = 0
    stalled: threading.Event = field(default_factory=threading.Event)
    closing: threading.Event = field(default_factory=threading.Event)

    def fault_for(self, path: str) -> Fault:
        with self.lock:
            for planned in self.planned:
                if planned.times == 0 or not fnmatch.fnmatchcase(path, planned.pattern):
                    continue
                if planned.times is not None:
                    planned.times -= 1
                return planned.fault
        return Fault()


class PhysioNetServer:
    """Serves a folder that is laid out as PhysioNet is, from a thread, inside a ``with`` block.

    ``server.misbehave(Fault(status=503), "*.dat", times=1)`` spoils the next read of a signal.

    Parameters
    ----------
    root
        The folder that holds ``mitdb/1.0.0/100.hea`` and so on.
    wire
        How slow it is; by default as fast as it can be.
    certificate
        A file with a certificate and its key, to serve over TLS.
    """

    def __init__(
        self, root: Path, wire: Wire | None = None, certificate: Path | None = None
    ) -> None:
        self._state = _State(root, wire or Wire())
        handler = type("Handler", (_Handler,), {"state": self._state})
        self._server = _Server(("127.0.0.1", 0), handler)
        self._scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
            self._scheme = "https"
        # Joined when the server closes, so that no test leaks a thread.
        self._server.daemon_threads = False
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.01}
        )

    @property
    def url(self) -> str:
        """The address of the archive, with a slash at its end."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}/"

    @property
    def requests(self) -> list[Request]:
        """All requests since the last `forget`, in order."""
        with self._state.lock:
            return list(self._state.requests)

    @property
    def body_bytes(self) -> int:
        """Bytes of bodies sent since the last `forget`."""
        with self._state.lock:
            return self._state.body_bytes

    @property
    def connections(self) -> int:
        """How many connections were made to it."""
        with self._state.lock:
            return self._state.connected

    @property
    def stalled(self) -> threading.Event:
        """Set when the server stops in the middle of an answer, or before it, and waits."""
        return self._state.stalled

    def forget(self) -> None:
        """Set the counts back to nothing."""
        with self._state.lock:
            self._state.requests.clear()
            self._state.body_bytes = 0

    def misbehave(self, fault: Fault, pattern: str = "*", times: int | None = None) -> None:
        """Spoil the answers to paths such as ``mitdb/*.dat``, all or the next `times`."""
        with self._state.lock:
            self._state.planned.append(_Planned(fault, pattern, times))

    def behave(self) -> None:
        """Take all faults back."""
        with self._state.lock:
            self._state.planned.clear()

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def close(self) -> None:
        """Stop serving, break off what is under way, and wait for all threads."""
        self._state.closing.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        with self._state.lock:
            for connection in self._state.connections:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)
        self._server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


class _Server(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Stay silent: a client that goes away, or trusts nobody, is what some tests want."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # A body does not wait until its head has been acknowledged.
    disable_nagle_algorithm = True
    state: _State

    def setup(self) -> None:
        super().setup()
        self.state.closing.wait(self.state.wire.delay_s)
        with self.state.lock:
            self.state.connections.add(self.connection)
            self.state.connected += 1

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:
            # The client went away, as some tests want it.
            self.close_connection = True

    def finish(self) -> None:
        with self.state.lock:
            self.state.connections.discard(self.connection)
        try:
            super().finish()
        except OSError:
            self.close_connection = True

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base has it
        """Stay silent."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path).lstrip("/")
        asked = self.headers.get("Range")
        with self.state.lock:
            host = self.headers.get("Host", "")
            self.state.requests.append(Request(self.command, path, asked, host))
        self.state.closing.wait(self.state.wire.delay_s)
        fault = self.state.fault_for(path)
        if fault.delay_s and self._wait(fault.delay_s):
            return
        if fault.drops:
            self.close_connection = True
            return
        if fault.header_every_s is not None:
            self._send_headers_for_ever(fault.header_every_s)
            return
        if fault.content is not None:
            self._send_head(HTTPStatus.OK, len(fault.content), kind=fault.content_type)
            self._send(fault.content)
            return
        file = self.state.root / path
        sound = ".." not in path.split("/") and file.is_file()
        status = fault.status or (HTTPStatus.OK if sound else HTTPStatus.NOT_FOUND)
        if status != HTTPStatus.OK:
            self._send_head(status, 0)
            return
        content = file.read_bytes()
        body = self._send_head_for(content, None if fault.ignores_range else asked, fault)
        if with_body:
            self._send_body(body, fault)

    def _send_head_for(self, content: bytes, asked: str | None, fault: Fault) -> bytes:
        match = _RANGE.fullmatch(asked or "")
        if match is None:
            length = None if fault.promises_nothing else len(content) + fault.promised_more
            self._send_head(HTTPStatus.OK, length)
            return content
        start = int(match[1]) + fault.shifted_by
        stop = min(int(match[2] or len(content)) + 1 + fault.shifted_by, len(content))
        if start >= len(content):
            behind = f"bytes */{len(content)}"
            self._send_head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, 0, behind)
            return b""
        size = fault.other_size or len(content)
        self._send_head(
            HTTPStatus.PARTIAL_CONTENT,
            None if fault.promises_nothing else stop - start + fault.promised_more,
            f"bytes {start}-{stop - 1}/{size}",
        )
        return content[start:stop]

    def _send_headers_for_ever(self, every_s: float) -> None:
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while not self._wait(every_s):
            self.wfile.write(b"X-More: to come\r\n")

    def _send_head(
        self,
        status: int,
        length: int | None,
        content_range: str | None = None,
        kind: str | None = None,
    ) -> None:
        self.send_response(status)
        if length is None:
            self.send_header("Connection", "close")
        else:
            self.send_header("Content-Length", str(length))
        self.send_header("Accept-Ranges", "bytes")
        if kind is not None:
            self.send_header("Content-Type", kind)
        if content_range is not None:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def _send_body(self, body: bytes, fault: Fault) -> None:
        if fault.garbled:
            body = bytes(byte ^ 0xFF for byte in body)
        if fault.bytes_per_second is not None:
            self._send_slowly(body, max(1, fault.bytes_per_second // 10))
        elif fault.stall_after is not None:
            self._send(body[: fault.stall_after])
            self._stall()
        elif fault.ends_after is not None:
            self._send(body[: fault.ends_after])
            self.close_connection = True
        elif fault.reset_after is not None:
            self._send(body[: fault.reset_after])
            self._reset()
        else:
            self._send(body)
        if fault.promised_more:
            self.close_connection = True

    def _send(self, portion: bytes) -> None:
        with self.state.lock:
            self.state.body_bytes += len(portion)
        for part in self.state.wire.portions(portion):
            self.state.closing.wait(self.state.wire.wait_for(len(part)))
            self.wfile.write(part)

    def _send_slowly(self, body: bytes, portion: int) -> None:
        for start in range(0, len(body), portion):
            self._send(body[start : start + portion])
            if self.state.closing.wait(0.1):
                self.close_connection = True
                return

    def _stall(self) -> None:
        self._wait(_PATIENCE_S)
        self.close_connection = True

    def _wait(self, seconds: float) -> bool:
        """Wait, and return whether the server was closed in the meantime."""
        self.state.stalled.set()
        self.close_connection = self.state.closing.wait(seconds)
        return self.close_connection

    def _reset(self) -> None:
        # With this option closing the socket resets the connection instead of ending it.
        linger = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self.close_connection = True
        self.connection.close()


def main() -> None:
    """Serve until the standard input ends."""
    parser = argparse.ArgumentParser(prog="python -m tests.support.physionet_server")
    parser.add_argument("root", type=Path)
    parser.add_argument("--delay-ms", type=float, default=0.0)
    parser.add_argument("--mbit", type=float, default=0.0, help="0 for no limit")
    arguments = parser.parse_args()
    rate = arguments.mbit * 1e6 / _BITS_IN_A_BYTE
    with PhysioNetServer(arguments.root, Wire(arguments.delay_ms / 1e3, rate or None)) as server:
        print(server.url, flush=True)  # noqa: T201 - the one who started it waits for it
        sys.stdin.read()
        asked = {"requests": len(server.requests), "bytes": server.body_bytes}
    print(json.dumps(asked))  # noqa: T201


if __name__ == "__main__":
    main()
