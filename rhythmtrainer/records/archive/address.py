"""The files of an archive, wherever it is: behind an address, or in a folder."""

import os
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname

from rhythmtrainer.model import UserError
from rhythmtrainer.records import DEFAULT_ARCHIVE
from rhythmtrainer.records.archive.fetch import Fetcher
from rhythmtrainer.records.archive.folder import FolderFiles
from rhythmtrainer.records.archive.stream import Stream
from rhythmtrainer.training.cancel import Cancel


class Archive(Protocol):
    """Gives files, or parts of them, by their paths below the archive's root.

    A `deadline` is when to give up, by `time.monotonic`. Every method that has one raises

    - `MissingFileError`, if there is no such file,
    - `RecordError`, if the file is not what it should be, or other bytes come than were asked for,
    - `UnreachableError`, if the network, the server or the folder fails,
    - `CancelledError`, if `cancel` was thrown.
    """

    @property
    def host(self) -> str:
        """What the archive is called in a sentence."""
        ...

    def whole(self, path: str, limit: int, cancel: Cancel, deadline: float) -> bytes:
        """Return the content of a file that has at most `limit` bytes."""
        ...

    def part(
        self, path: str, start: int, stop: int, cancel: Cancel, deadline: float
    ) -> tuple[bytes, int | None]:
        """Return the bytes from `start` to before `stop` of a file, and its size if it is told."""
        ...

    def size(self, path: str, cancel: Cancel, deadline: float) -> int:
        """Return the size of a file in bytes."""
        ...

    def stream(
        self, path: str, start: int, cancel: Cancel, deadline: float
    ) -> AbstractContextManager[Stream]:
        """Give what comes of a file from byte `start` on; nothing where the file ends there.

        With a `deadline` of infinity it takes as long as bytes keep coming.
        """
        ...

    def close(self) -> None:
        """Let go of what is kept open."""
        ...


def open_archive(address: str) -> Archive:
    """Return the archive at an address.

    Parameters
    ----------
    address
        ``https://``, ``http://``, or ``file:///`` before a folder that is laid out as PhysioNet
        is; with or without a slash at its end.

    Raises
    ------
    UserError
        If the address makes no sense.
    """
    if not address.strip().casefold().startswith("file:"):
        return Fetcher(address)
    parts = urlsplit(address.strip())
    folder = Path(url2pathname(parts.path))
    # A host before the folder would be a share of Windows, and only there be reached.
    host = "" if parts.netloc.casefold() == "localhost" else parts.netloc
    if host and os.name == "nt":
        folder = Path(rf"\\{host}{url2pathname(parts.path)}")
    elif host or parts.query or parts.fragment or "\0" in str(folder) or not folder.is_absolute():
        raise UserError(
            f"{address!r} is no address of an archive: it must look like {DEFAULT_ARCHIVE} or"
            " file:///folder."
        )
    return FolderFiles(folder)
