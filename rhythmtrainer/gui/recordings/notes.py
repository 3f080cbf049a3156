"""What is said about a recording besides its name."""

from collections.abc import Sequence
from typing import Final

_MOST: Final = 3


def said_of_file(dropped: Sequence[str], repairs: Sequence[str]) -> str:
    """Say what was left out about the patient, and what was mended, in a line or two.

    Examples
    --------
    >>> said_of_file(("patient's name", "recording date"), ())
    "Left out, and never kept: patient's name, recording date."
    """
    said = []
    if dropped:
        said.append(f"Left out, and never kept: {_listed(dropped)}.")
    said.extend(repairs[:_MOST])
    if len(repairs) > _MOST:
        said.append(f"And {len(repairs) - _MOST} more repairs.")
    return " ".join(said)


def _listed(kinds: Sequence[str]) -> str:
    more = len(kinds) - 2 * _MOST
    if more <= 0:
        return ", ".join(kinds)
    return f"{', '.join(kinds[: 2 * _MOST])}, and {more} more"
