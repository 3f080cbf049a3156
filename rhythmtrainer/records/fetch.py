"""Parts of files over HTTP, with one sentence for whatever goes wrong."""

import codecs
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import quote, urlsplit

import requests
import urllib3
from requests.exceptions import ProxyError, RequestException, SSLError, Timeout

from rhythmtrainer.model import RecordError, UnreachableError, UserError
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records.watch import Watch, WatchedAdapter
from rhythmtrainer.training.cancel import Cancel

CONNECT_S: Final = 4.0
READ_S: Final = 6.0
WHOLE_S: Final = 30.0

_CHUNK: Final = 1 << 16
_CONTENT_RANGE: Final = re.compile(r"bytes (\d{1,15})-(\d{1,15})/(\d{1,15}|\*)", re.ASCII)
_ADVICE: Final = "Check the connection and try again, or use a copy of the record on this computer."


class Fetcher:
    """Reads files, or parts of them, below one address.

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
        self._session = requests.Session()
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, WatchedAdapter())
        # A compressed body would have other byte positions than the file.
        self._session.headers["Accept-Encoding"] = "identity"

    def close(self) -> None:
        """Close the connections that are kept open."""
        self._session.close()

    def whole(self, path: str, limit: int, cancel: Cancel, deadline: float) -> bytes:
        """Return the content of the file at `path`, which has at most `limit` bytes.

        Parameters
        ----------
        deadline
            When to give up, by `time.monotonic`.

        Raises
        ------
        RecordError
            If there is no such file, or it is too long.
        UnreachableError
            If the network or the server fails.
        CancelledError
            If `cancel` was thrown.
        """
        with self._response(path, {}, cancel, deadline) as (response, watch):
            content = self._body(path, response, (0, limit + 1), cancel, watch)
        if content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<"):
            raise self._web_page(path)
        if len(content) > limit:
            raise RecordError(f"{path} is longer than {limit} bytes, so it is no header.")
        return content

    def part(
        self, path: str, start: int, stop: int, cancel: Cancel, deadline: float
    ) -> tuple[bytes, int | None]:
        """Return the bytes from `start` to before `stop` of a file, and its size if it is told.

        Raises
        ------
        RecordError
            If there is no such file, or the server sends other bytes than were asked for.
        UnreachableError
            If the network or the server fails.
        CancelledError
            If `cancel` was thrown.
        """
        asked = {"Range": f"bytes={start}-{stop - 1}"}
        with self._response(path, asked, cancel, deadline) as (response, watch):
            if response.status_code == requests.codes.partial_content:
                size = self._range_size(path, response, start, stop)
                skipped = 0
            else:
                announced = response.headers.get("Content-Length", "")
                size = int(announced) if announced.isdigit() else None
                skipped = start
                if size is not None and size < stop:
                    raise self._too_short(path)
            wanted = (skipped, skipped + stop - start)
            content = self._body(path, response, wanted, cancel, watch)
        if len(content) != stop - start:
            raise self._broken_off(path)
        return content, size

    def size(self, path: str, cancel: Cancel, deadline: float) -> int:
        """Return the size of the file at `path` in bytes.

        Raises
        ------
        RecordError
            If there is no such file, or the server does not tell.
        UnreachableError
            If the network or the server fails.
        CancelledError
            If `cancel` was thrown.
        """
        with self._response(path, {}, cancel, deadline, method="HEAD") as (response, _):
            announced = response.headers.get("Content-Length", "")
        if not announced.isdigit():
            raise RecordError(f"{self.host} does not say how long {path} is.")
        return int(announced)

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
            except (RequestException, urllib3.exceptions.HTTPError) as error:
                cancel.check()
                raise self._trouble(path, error, watch) from error
            with response:
                cancel.check()
                # Headers that were cut off look as if there were no more of them.
                if watch.late:
                    raise self._too_late(path)
                self._check_answer(path, response)
                yield response, watch

    def _body(
        self,
        path: str,
        response: requests.Response,
        wanted: tuple[int, int],
        cancel: Cancel,
        watch: Watch,
    ) -> bytes:
        """Return the bytes of the body from ``wanted[0]`` to before ``wanted[1]``, or fewer."""
        start, stop = wanted
        content = bytearray()
        received = 0
        try:
            while received < stop:
                chunk = response.raw.read1(min(_CHUNK, stop - received), decode_content=False)
                cancel.check()
                if watch.late:
                    raise self._too_slow(path)
                if not chunk:
                    break
                content += chunk[max(0, start - received) :]
                received += len(chunk)
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            # Waking a blocked read ends it in an error of its own.
            cancel.check()
            if watch.late:
                raise self._too_slow(path) from error
            if isinstance(error, urllib3.exceptions.TimeoutError):
                raise self._too_late(path) from error
            raise self._broken_off(path) from error
        return bytes(content)

    def _check_answer(self, path: str, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.not_found:
            raise RecordError(f"{self.host} has no file {path}.")
        if status in (requests.codes.unauthorized, requests.codes.forbidden):
            raise UnreachableError(
                f"{path} was not read: {self.host} does not give it to everybody ({status}): is"
                f" there a log-in page on this network? {_ADVICE}"
            )
        if status == requests.codes.requested_range_not_satisfiable:
            raise self._too_short(path)
        if status not in (requests.codes.ok, requests.codes.partial_content):
            raise UnreachableError(
                f"{path} was not read: {self.host} answers with fault {status}. Try again later,"
                " or use a copy of the record on this computer."
            )
        if self._base.startswith("https:") and not response.url.startswith("https:"):
            raise UnreachableError(
                f"{path} was not read: {self.host} leads to an address that is not protected."
            )
        kind = response.headers.get("Content-Type", "").partition(";")[0].strip()
        if kind.casefold() == "text/html":
            raise self._web_page(path)
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise RecordError(f"{self.host} sends {path} in another form than it was asked for.")

    def _range_size(
        self, path: str, response: requests.Response, start: int, stop: int
    ) -> int | None:
        told = _CONTENT_RANGE.fullmatch(response.headers.get("Content-Range", ""))
        if told is not None and told[3] != "*" and int(told[3]) < stop:
            raise self._too_short(path)
        length = response.headers.get("Content-Length", str(stop - start))
        sound = told is not None and (int(told[1]), int(told[2])) == (start, stop - 1)
        if told is None or not sound or length != str(stop - start):
            raise RecordError(f"{self.host} sends other bytes of {path} than it was asked for.")
        return None if told[3] == "*" else int(told[3])

    def _too_short(self, path: str) -> RecordError:
        return RecordError(f"{path} is shorter at {self.host} than its header promises.")

    def _broken_off(self, path: str) -> UnreachableError:
        return UnreachableError(
            f"{path} was not read: the connection to {self.host} broke off. {_ADVICE}"
        )

    def _too_slow(self, path: str) -> UnreachableError:
        return UnreachableError(f"{path} was not read: {self.host} sends it too slowly. {_ADVICE}")

    def _too_late(self, path: str) -> UnreachableError:
        return UnreachableError(
            f"{path} was not read: {self.host} did not answer in time. {_ADVICE}"
        )

    def _web_page(self, path: str) -> UnreachableError:
        return UnreachableError(
            f"{path} was not read: {self.host} answers with a web page instead of the recording: is"
            f" there a log-in page on this network? {_ADVICE}"
        )

    def _trouble(self, path: str, error: Exception, watch: Watch) -> UnreachableError:
        if watch.late or isinstance(error, Timeout | urllib3.exceptions.TimeoutError):
            return self._too_late(path)
        if isinstance(error, SSLError):
            what = f"no protected connection to {self.host} could be made"
        elif isinstance(error, ProxyError):
            what = f"the proxy on the way to {self.host} does not answer"
        else:
            what = f"{self.host} could not be reached"
        return UnreachableError(f"{path} was not read: {what}. {_ADVICE}")


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
            f"{base_url!r} is no address of an archive: it must look like {DEFAULT_ARCHIVE}."
        )
    return parts.geturl().rstrip("/") + "/", host
