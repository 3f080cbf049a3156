"""Files over HTTP, or parts of them, with one sentence for whatever goes wrong."""

import codecs
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, urlsplit

import requests
import urllib3
from requests.exceptions import (
    ProxyError,
    RequestException,
    SSLError,
    Timeout,
    TooManyRedirects,
)

from rhythmtrainer.model import UnreachableError, UserError
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records.archive.faults import Faults
from rhythmtrainer.records.archive.stream import Stream
from rhythmtrainer.records.archive.watch import Watch, WatchedAdapter
from rhythmtrainer.training.cancel import Cancel

CONNECT_S: Final = 4.0
READ_S: Final = 6.0
WHOLE_S: Final = 30.0

_CHUNK: Final = 1 << 16
# A mirror may send on to another address, but not in circles.
_MOST_REDIRECTS: Final = 3
_CONTENT_RANGE: Final = re.compile(
    r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII | re.IGNORECASE
)
_NO_RANGE: Final = re.compile(r"bytes \*/(\d{1,15})", re.ASCII | re.IGNORECASE)
_LENGTH: Final = re.compile(r"\d{1,15}", re.ASCII)
_BEHIND_THE_END: Final = requests.codes.requested_range_not_satisfiable
_ANSWERS_TO_RANGES: Final = (requests.codes.partial_content, _BEHIND_THE_END)
_UNTRUSTED: Final = "CERTIFICATE_VERIFY_FAILED"
_WEB_PAGE: Final = re.compile(rb"\s*<(?:!doctype\s+)?html", re.IGNORECASE)


class Fetcher:
    """Reads files, or parts of them, below one address; see `Archive`.

    Calling off and the deadline end a read at any time once the connection is made. What
    making it takes is limited by `CONNECT_S` for each address of the host, and by nothing else.

    Proxies named in the environment are used, and TLS certificates are verified.

    Parameters
    ----------
    base_url
        An http or https address, with or without a slash at its end.

    Raises
    ------
    UserError
        If `base_url` is no such address.
    """

    def __init__(self, base_url: str) -> None:
        self._base, self.host = _checked_address(base_url)
        self._faults = Faults(self.host)
        self._session = requests.Session()
        self._session.max_redirects = _MOST_REDIRECTS
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedAdapter())
        # A compressed body would have other byte positions than the file.
        self._session.headers["Accept-Encoding"] = "identity"

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def whole(self, path: str, limit: int, cancel: Cancel, deadline: float) -> bytes:
        """Return the content of a file that has at most `limit` bytes; see `Archive.whole`."""
        with self._response(path, {}, cancel, deadline) as (response, watch):
            content = b"".join(self._body(path, response, (0, limit + 1), cancel, watch))
            if not content and _announced(response) is None:
                # Headers that were cut off look as if there were no more of them.
                raise self._faults.broken_off(path)
        if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
            raise self._faults.web_page(path)
        if len(content) > limit:
            raise self._faults.too_long(path, limit)
        return content

    def part(
        self, path: str, start: int, stop: int, cancel: Cancel, deadline: float
    ) -> tuple[bytes, int | None]:
        """Return a part of a file and the size of the whole; see `Archive.part`."""
        asked = {"Range": f"bytes={start}-{stop - 1}"}
        with self._response(path, asked, cancel, deadline) as (response, watch):
            if response.status_code == _BEHIND_THE_END:
                raise self._faults.too_short(path)
            size, skipped = self._range(path, response, start, stop)
            if size is not None and size < stop:
                raise self._faults.too_short(path)
            wanted = (skipped, skipped + stop - start)
            content = b"".join(self._body(path, response, wanted, cancel, watch))
        if len(content) != stop - start:
            raise self._faults.broken_off(path)
        return content, size

    def size(self, path: str, cancel: Cancel, deadline: float) -> int:
        """Return the size of a file in bytes; see `Archive.size`."""
        with self._response(path, {}, cancel, deadline, method="HEAD") as (response, _):
            size = _announced(response)
        if size is None:
            raise self._faults.unknown_size(path)
        return size

    @contextmanager
    def stream(self, path: str, start: int, cancel: Cancel, deadline: float) -> Iterator[Stream]:
        """Give what comes of a file from byte `start` on; see `Archive.stream`."""
        asked = {"Range": f"bytes={start}-"} if start else {}
        with self._response(path, asked, cancel, deadline) as (response, watch):
            if response.status_code == _BEHIND_THE_END:
                told = _NO_RANGE.fullmatch(response.headers.get("Content-Range", ""))
                if told is None or int(told[1]) != start:
                    raise self._faults.too_short(path)
                yield Stream(start, iter(()))
                return
            size, skipped = self._range(path, response, start, None)
            if size is not None and size < start:
                raise self._faults.too_short(path)
            wanted = (skipped, None if size is None else skipped + size - start)
            yield Stream(size, self._to_the_end(path, response, wanted, cancel, watch))

    def _to_the_end(
        self,
        path: str,
        response: requests.Response,
        wanted: tuple[int, int | None],
        cancel: Cancel,
        watch: Watch,
    ) -> Iterator[bytes]:
        start, stop = wanted
        given = 0
        for chunk in self._body(path, response, wanted, cancel, watch):
            given += len(chunk)
            yield chunk
        if stop is not None and given != stop - start:
            raise self._faults.broken_off(path)

    @contextmanager
    def _response(
        self,
        path: str,
        headers: dict[str, str],
        cancel: Cancel,
        deadline: float,
        method: str = "GET",
    ) -> Iterator[tuple[requests.Response, Watch]]:
        with Watch(deadline) as watch, cancel.calling(watch.end):
            try:
                response = self._session.request(
                    method,
                    self._base + quote(path),
                    headers=headers,
                    stream=True,
                    allow_redirects=True,
                    timeout=(CONNECT_S, min(READ_S, max(0.1, deadline - time.monotonic()))),
                )
            # A bundle of certificates that is missing, and a proxy's address that makes no sense,
            # are an OSError and a ValueError of no special kind.
            except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
                cancel.check()
                raise self._trouble(path, error, watch) from error
            with response:
                cancel.check()
                # Headers that were cut off look as if there were no more of them.
                if watch.late:
                    raise self._faults.too_late(path)
                self._check_answer(path, response, ranged="Range" in headers)
                yield response, watch

    def _body(
        self,
        path: str,
        response: requests.Response,
        wanted: tuple[int, int | None],
        cancel: Cancel,
        watch: Watch,
    ) -> Iterator[bytes]:
        """Give the body from byte ``wanted[0]`` to before ``wanted[1]``, or to its end."""
        start, stop = wanted
        received = 0
        while stop is None or received < stop:
            most = _CHUNK if stop is None else min(_CHUNK, stop - received)
            chunk = self._chunk(path, response, most, cancel, watch)
            if not chunk:
                break
            if not received and _WEB_PAGE.match(chunk):
                raise self._faults.web_page(path)
            if received + len(chunk) > start:
                yield chunk[max(0, start - received) :]
            received += len(chunk)

    def _chunk(
        self, path: str, response: requests.Response, most: int, cancel: Cancel, watch: Watch
    ) -> bytes:
        try:
            chunk: bytes = response.raw.read1(most, decode_content=False)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # Waking a blocked read ends it in an error of its own.
            cancel.check()
            if watch.late:
                raise self._faults.too_slow(path) from error
            if isinstance(error, urllib3.exceptions.TimeoutError):
                raise self._faults.too_late(path) from error
            raise self._faults.broken_off(path) from error
        cancel.check()
        if watch.late:
            raise self._faults.too_slow(path)
        return chunk

    def _check_answer(self, path: str, response: requests.Response, *, ranged: bool) -> None:
        status = response.status_code
        if status == requests.codes.not_found:
            raise self._faults.missing(path)
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise self._faults.locked(path, status)
        if status == requests.codes.proxy_authentication_required:
            raise self._faults.proxy(path)
        if status != requests.codes.ok and not (ranged and status in _ANSWERS_TO_RANGES):
            raise self._faults.status(path, status)
        if self._base.startswith("https:") and not response.url.startswith("https:"):
            raise self._faults.unprotected(path)
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind.casefold() == "text/html" and status != _BEHIND_THE_END:
            raise self._faults.web_page(path)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise self._faults.other_form(path)

    def _range(
        self, path: str, response: requests.Response, start: int, stop: int | None
    ) -> tuple[int | None, int]:
        """Return the size of the file, and how much of the body comes before byte `start`.

        `stop` is one behind the last byte that was asked for; None asks for all that follow.
        """
        if response.status_code != requests.codes.partial_content:
            return _announced(response), start
        told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if told is None:
            raise self._faults.other_bytes(path)
        first, last = int(told[1]), int(told[2])
        size = None if told[3] == "*" else int(told[3])
        if size is not None and stop is not None and size < stop:
            raise self._faults.too_short(path)
        expected_last = size if stop is None else stop
        length = response.headers.get("Content-Length", str(last + 1 - first))
        if (
            first != start
            or (expected_last is not None and last + 1 != expected_last)
            or length != str(last + 1 - first)
        ):
            raise self._faults.other_bytes(path)
        return size, 0

    def _trouble(self, path: str, error: Exception, watch: Watch) -> UnreachableError:
        if watch.late or isinstance(error, Timeout | urllib3.exceptions.TimeoutError):
            return self._faults.too_late(path)
        if watch.connected and isinstance(error, ValueError | TooManyRedirects):
            return self._faults.misled(path)
        if isinstance(error, SSLError):
            untrusted = _UNTRUSTED in str(error)
            return self._faults.untrusted(path) if untrusted else self._faults.no_tls(path)
        return self._no_way(path, error)

    def _no_way(self, path: str, error: Exception) -> UnreachableError:
        """Say why no server was reached; an `OSError` of no kind is about a missing file."""
        if isinstance(error, ProxyError):
            return self._faults.proxy(path)
        if isinstance(error.args[0] if error.args else None, urllib3.exceptions.ProtocolError):
            return self._faults.broken_off(path)
        known = isinstance(error, RequestException | urllib3.exceptions.HTTPError)
        if known and not isinstance(error, ValueError):
            return self._faults.unreachable(path)
        return self._faults.setting(path, str(error))


def _announced(response: requests.Response) -> int | None:
    length = response.headers.get("Content-Length", "")
    return int(length) if _LENGTH.fullmatch(length) else None


def _checked_address(base_url: str) -> tuple[str, str]:
    """Return the address with a slash at its end, and its host."""
    try:
        parts = urlsplit(base_url.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        parts, host, port = urlsplit(""), None, None
    sound = parts.scheme in ("http", "https") and not (parts.query or parts.fragment)
    if not sound or not host or port == 0 or any(part.isspace() for part in base_url.strip()):
        raise UserError(
            f"{base_url!r} is no address of an archive: it must look like {DEFAULT_ARCHIVE} or"
            " file:///folder."
        )
    return parts.geturl().rstrip("/") + "/", host
