"""What is written around a strip in a file, and in the file's name."""

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from rhythmtrainer.gui.widgets.export.files import FileKind, Words
from rhythmtrainer.model import LeadName, Origin, Strip, describe_lead

# Longer names are cut: some systems take no more than 255 bytes with the folder's.
_LONGEST_NAME: Final = 80


def words_for(strips: Sequence[Strip], notice: str, caption: str = "") -> Words:
    """Return what is said about some strips: which leads, of what, and whose.

    Parameters
    ----------
    caption
        What the picture shows; left out where that is a question.
    """
    shown = ", ".join(filter(None, (leads_of(strips), seconds_of(strips))))
    return Words(
        title=": ".join(filter(None, (caption, shown))),
        shown=shown,
        source="; ".join(_each(strips, source_of)),
        licence="; ".join(_each(strips, lambda strip: strip.provenance.licence)),
        citation=" ".join(_each(strips, _citation)),
        notice=notice,
    )


def leads_of(strips: Sequence[Strip]) -> str:
    """Return the leads as they are printed, for example ``Lead II`` or ``Leads II, V1``."""
    names = list(dict.fromkeys(name for strip in strips for name in strip.leads))
    if len(names) == 1:
        return describe_lead(LeadName(names[0]))
    return f"Leads {', '.join(names)}" if names else ""


def seconds_of(strips: Sequence[Strip]) -> str:
    """Return which part of the recording is drawn, for example ``60.0-70.0 s``."""
    if not strips:
        return ""
    first = min(strip.start_s for strip in strips)
    last = max(strip.end_s for strip in strips)
    return f"{first:.1f}-{last:.1f} s"


def source_of(strip: Strip) -> str:
    """Return where a strip comes from; a simulated one says so first."""
    title = strip.provenance.title
    if strip.provenance.origin is Origin.SIMULATED:
        title = f"SIMULATED, {title.removeprefix('simulated, ')}"
    return f"{title}, {seconds_of([strip])}"


def _citation(strip: Strip) -> str:
    database = strip.provenance.database
    if database is None:
        return ""
    if database.doi in database.citation:
        return database.citation
    return f"{database.citation} https://doi.org/{database.doi}"


def _each(strips: Sequence[Strip], say: Callable[[Strip], str]) -> list[str]:
    """Return what is said of each strip, the same only once."""
    return [text for text in dict.fromkeys(say(strip) for strip in strips) if text]


def suggested_name(strip: Strip) -> str:
    """Return a name for a file with a strip, without an ending, for example ``mitdb-100-60s``.

    It tells where the strip comes from and not what it shows: what a simulated one shows may stand
    in the name of its source, so that is left out.
    """
    provenance = strip.provenance
    if provenance.origin is Origin.SIMULATED:
        parts = [Origin.SIMULATED.value]
    else:
        database = provenance.database.id if provenance.database else ""
        parts = [database, re.split(r"[/\\]", provenance.source)[-1]]
    # What every system takes in a file's name.
    plain = [re.sub(r"[^A-Za-z0-9_]+", "-", part).strip("-") for part in parts]
    known = "-".join(part for part in plain if part) or "strip"
    return f"{known[:_LONGEST_NAME]}-{strip.start_s:.0f}s"


def free_file(folder: Path, strip: Strip, kind: FileKind) -> Path:
    """Return a file that is not there yet, named after a strip.

    Examples
    --------
    ``mitdb-100-60s.png``, then ``mitdb-100-60s-2.png``.
    """
    name, number = suggested_name(strip), 1
    file = folder / f"{name}.{kind.value}"
    while file.exists():
        number += 1
        file = folder / f"{name}-{number}.{kind.value}"
    return file
