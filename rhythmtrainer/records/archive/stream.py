"""A file of an archive on its way."""

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stream:
    """What comes of a file, from some byte on to its end.

    Attributes
    ----------
    size
        Bytes of the whole file; None where nobody tells.
    chunks
        What comes, in order. Raises what `Archive.stream` does; what was given before is good.
    """

    size: int | None
    chunks: Iterator[bytes]
