"""Where the files of a pack lie once it is on this computer.

``<packs>/<pack id>/manifest.json`` beside ``<packs>/<pack id>/1/<strip id>.hea`` and ``.dat``: a
folder of packs is laid out as an archive lays out databases, so that a `RecordRef` names a strip.
"""

from pathlib import Path
from typing import Final

from rhythmtrainer.model import PackId, RecordRef, StripId
from rhythmtrainer.records.packs.manifest import MANIFEST

PACK_VERSION: Final = "1"
"""The version by which a `RecordRef` names a strip of a pack; published databases have others."""


def record_of(pack: PackId, strip: StripId) -> RecordRef:
    """Return the name of a pack's strip as a recording."""
    return RecordRef(pack, PACK_VERSION, strip)


def is_of_pack(record: RecordRef) -> bool:
    """Return whether a recording is a strip of a pack."""
    return record.version == PACK_VERSION


def manifest_file(folder: Path) -> Path:
    """Return the manifest in the folder of a pack."""
    return folder / MANIFEST


def installed_file(folder: Path, name: str) -> Path:
    """Return where a file of a pack lies in the pack's folder, by its name in the manifest."""
    return folder / PACK_VERSION / name.rpartition("/")[2]
