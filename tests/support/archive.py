"""A small database as PhysioNet publishes them, made for a test."""

import hashlib
import random
from collections.abc import Sequence
from pathlib import Path

from rhythmtrainer.model import Database
from rhythmtrainer.records.tables.catalogue import Inventory
from rhythmtrainer.records.tables.own_catalogue import Catalogue

SIGNAL_BYTES = 200_000


def publish(
    root: Path,
    database: str = "mitdb",
    version: str = "1.0.0",
    records: Sequence[str] = ("100", "101"),
    *,
    listed: Sequence[str] | None = None,
    papers: Sequence[str] = ("ANNOTATORS", "LICENSE.txt"),
) -> Path:
    """Write a database below `root`, and return its folder.

    Each record has a header, a signal of noise and annotations, and beside it a file that is
    not one of the record's.

    Parameters
    ----------
    listed
        Lines of its list of records; by default the records themselves.
    papers
        Files beside the records; ``ANNOTATORS`` names ``atr``.
    """
    folder = root / database / version
    folder.mkdir(parents=True, exist_ok=True)
    for record in records:
        path = folder / record
        path.parent.mkdir(parents=True, exist_ok=True)
        name, frames = path.name, SIGNAL_BYTES // 2
        header = f"{name} 1 250 {frames}\n{name}.dat 16 200/mV 16 0 0 0 0 II\n"
        path.with_name(f"{name}.hea").write_text(header, encoding="ascii")
        noise = random.Random(record).randbytes(SIGNAL_BYTES)  # noqa: S311 - noise
        path.with_name(f"{name}.dat").write_bytes(noise)
        path.with_name(f"{name}.atr").write_bytes(noise[:500])
        path.with_name(f"{name}.xws").write_bytes(noise[:50])
    for paper in papers:
        text = "atr\treference beats\n" if paper == "ANNOTATORS" else f"{paper} of {database}\n"
        (folder / paper).write_text(text, encoding="utf-8")
    (folder / "RECORDS").write_text("\n".join([*(listed or records), ""]), encoding="utf-8")
    write_checksums(folder)
    return folder


def write_checksums(folder: Path) -> None:
    """Write the list of checksums of all that lies in a database's folder."""
    file = folder / "SHA256SUMS.txt"
    file.unlink(missing_ok=True)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()} {path.relative_to(folder).as_posix()}"
        for path in files
    ]
    file.write_text("\n".join([*lines, ""]), encoding="utf-8")


def files_below(folder: Path) -> dict[str, bytes]:
    """Return the content of all files below a folder by their paths below it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def known(*databases: str, records: int | None = 2, tables: tuple[str, ...] = ()) -> Catalogue:
    """Return a catalogue that knows some databases of version 1.0.0, and no recording."""
    described = [
        Database(name, "1.0.0", f"Database {name}", "Somebody 2001", "10.1/1", "ODC-By", "Good.")
        for name in databases
    ]
    return Catalogue(
        databases={(one.id, one.version): one for one in described},
        inventories={(one.id, one.version): Inventory(records, tables) for one in described},
        spans=(),
        files={},
    )
