"""Comparing files with what was published."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.tables.catalogue import FileFacts


def check_content(name: str, content: bytes, files: Mapping[str, FileFacts]) -> None:
    """Compare a file's content with the published facts, where `files` lists it.

    Parameters
    ----------
    name
        The file's path below the archive's root.

    Raises
    ------
    RecordError
        If the content is not the published one.
    """
    facts = files.get(name)
    if facts is None or hashlib.sha256(content).hexdigest() == facts.sha256:
        return
    if not facts.described or description_of(content) != facts.described:
        raise RecordError(f"{name} is not the published file: its checksum differs.")


def description_of(header: bytes) -> str:
    r"""Return the SHA-256 of what a header says, whatever its comments and ends of lines.

    Examples
    --------
    >>> description_of(b"1 1 500\r\n#Age: 63\r\n") == description_of(b"1  1 500")
    True
    """
    lines = (b" ".join(line.split()) for line in header.splitlines())
    said = b"\n".join(line for line in lines if line and not line.startswith(b"#"))
    return hashlib.sha256(said).hexdigest()


class VerifiedFiles:
    """Files on this computer, each compared once with what was published.

    A file that has changed since, by its size or time of change, is compared anew.

    Parameters
    ----------
    files
        Published facts by path below the archive's root.
    """

    def __init__(self, files: Mapping[str, FileFacts]) -> None:
        self._files = files
        self._sound: set[tuple[Path, int, int]] = set()

    def check(self, name: str, path: Path) -> None:
        """Compare the file at `path` with the published file called `name`, if that is listed.

        Raises
        ------
        RecordError
            If the file is not the published one or cannot be read.
        """
        facts = self._files.get(name)
        if facts is None:
            return
        try:
            found = path.stat()
            key = (path, found.st_size, found.st_mtime_ns)
            if key in self._sound:
                return
            if facts.described:
                check_content(name, path.read_bytes(), self._files)
            else:
                self._compare(path, found.st_size, facts)
        except OSError as error:
            raise RecordError(f"{path} cannot be read: {error.strerror or error}.") from error
        self._sound.add(key)

    def _compare(self, path: Path, size: int, facts: FileFacts) -> None:
        if size != facts.size:
            raise RecordError(
                f"{path} is not the published file: it has {size} bytes instead of {facts.size}."
            )
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if digest != facts.sha256:
            raise RecordError(f"{path} is not the published file: its checksum differs.")
