"""Small WFDB records made for a test."""

import random
from collections.abc import Sequence
from pathlib import Path

FRAMES = 400


def make_record(
    folder: Path,
    signals: Sequence[str],
    name: str = "made",
    first_line: str | None = None,
    size: int = 12_000,
) -> Path:
    """Write a record whose signal files hold noise, and return its path without an ending.

    Parameters
    ----------
    signals
        The lines of the header that describe the signals.
    first_line
        The header's first line; by default 250 Hz and `FRAMES` frames.
    size
        Bytes in each signal file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    first_line = first_line or f"{name} {len(signals)} 250 {FRAMES}"
    (folder / f"{name}.hea").write_text("\n".join([first_line, *signals, ""]), encoding="utf-8")
    for file in {line.split()[0] for line in signals}:
        (folder / file).write_bytes(random.Random(file).randbytes(size))  # noqa: S311 - noise
    return folder / name
