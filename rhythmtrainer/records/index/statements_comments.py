"""The comments in a record's header, where some databases keep what they say about it."""

from pathlib import Path

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.signals.header import record_file


def read_comments(path: Path) -> list[str]:
    """Return the comments of the record at `path`, one for each line that is not empty.

    Raises
    ------
    RecordError
        If the header cannot be opened.
    """
    file = record_file(path)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise RecordError(f"{file.name} cannot be opened: {error.strerror or error}.") from error
    lines = content.decode("utf-8", errors="replace").splitlines()
    return [text for line in lines if line.startswith("#") and (text := line.lstrip("#").strip())]
