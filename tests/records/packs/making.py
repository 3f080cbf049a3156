"""Strips, labels and pack files made for a test."""

import hashlib
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rhythmtrainer.model import (
    LabelledStrip,
    LeadName,
    Origin,
    Pack,
    PackId,
    Provenance,
    Quiz,
    RhythmId,
    Scenario,
    Strip,
    StripId,
    Teaching,
)
from rhythmtrainer.model.pack import strip_id_of
from rhythmtrainer.records.packs.shelf import Shelf

FS = 250.0
MANIFEST = "manifest.json"


def signal(leads: int = 1, seconds: float = 6.0, seed: int = 1) -> NDArray[np.float32]:
    """Some millivolts of noise, in whole microvolts."""
    rng = np.random.default_rng(seed)
    return np.asarray(rng.normal(0.0, 0.5, (leads, round(seconds * FS))).round(3), np.float32)


def strip(
    seed: int = 1,
    leads: tuple[str, ...] = ("II",),
    provenance: Provenance | None = None,
    start_s: float = 0.0,
) -> Strip:
    """A strip of a file of somebody's own, whose name tells who that is."""
    return Strip(
        signal=signal(len(leads), seed=seed),
        fs=FS,
        leads=tuple(map(LeadName, leads)),
        start_s=start_s,
        at_end=True,
        provenance=provenance or Provenance(Origin.REAL, "Erika Mustermann.edf"),
    )


def label_of(made: Strip, title: str = "A strip") -> LabelledStrip:
    """What an instructor says about a strip."""
    return LabelledStrip(
        id=strip_id_of(made),
        title=title,
        leads=made.leads,
        duration_s=made.duration_s,
        answer=RhythmId.VT_MONOMORPHIC,
        accepted=frozenset({RhythmId.VENTRICULAR_FLUTTER, RhythmId.SVT}),
        teaching=Teaching(Scenario.WITHOUT_PULSE, 61.5, "Wide and fast.\nNo P waves."),
        source="Teaching file",
        licence="CC BY 4.0",
        dropped=("name", "date of birth"),
    )


def filled(folder: Path, count: int = 2) -> Shelf:
    """A shelf with some strips of the user's own."""
    shelf = Shelf(folder)
    for seed in range(count):
        made = strip(seed, leads=("II", "V1"))
        shelf.add(made, label_of(made, f"Strip {seed}"))
    return shelf


def pack_of(shelf: Shelf, created: date = date(2026, 1, 31), title: str = "First course") -> Pack:
    """A pack of all the strips on a shelf, asked in the other order."""
    strips = shelf.own().strips
    return Pack(
        id=PackId("first-course"),
        title=title,
        author="Ada",
        created=created,
        note="For the first evening.",
        strips=strips,
        quiz=Quiz("Evening quiz", tuple(label.id for label in reversed(strips))),
    )


def pack_file(folder: Path, created: date = date(2026, 1, 31), count: int = 2) -> Path:
    """A sound pack."""
    shelf = filled(folder / f"author-{created}-{count}", count)
    file = folder / f"made-{created}-{count}.rtpack"
    shelf.write_pack(pack_of(shelf, created), file)
    shelf.close()
    return file


def contents(file: Path) -> dict[str, bytes]:
    """The files in a pack, by their names."""
    with zipfile.ZipFile(file) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def manifest_in(files: Mapping[str, bytes]) -> dict[str, Any]:
    """The manifest of a pack, to be changed."""
    found: dict[str, Any] = json.loads(files[MANIFEST])
    return found


def rewritten(
    file: Path, files: Mapping[str, bytes], manifest: Mapping[str, Any] | None = None
) -> Path:
    """Write files as a zip, with another manifest where one is given."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            if name == MANIFEST and manifest is not None:
                archive.writestr(name, json.dumps(manifest))
            else:
                archive.writestr(name, content)
    return file


def told(manifest: dict[str, Any], name: str, content: bytes) -> None:
    """Let a manifest tell the truth about a changed file."""
    manifest["files"][name] = {
        "bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def first_strip(manifest: Mapping[str, Any]) -> StripId:
    """The id of the first strip in a manifest."""
    return StripId(manifest["strips"][0]["id"])
