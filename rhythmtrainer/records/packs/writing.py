"""Writing a pack as one file to hand out."""

import hashlib
import secrets
from contextlib import suppress
from pathlib import Path

from rhythmtrainer.model import RecordError
from rhythmtrainer.records.packs.archive import open_archive, write_archive
from rhythmtrainer.records.packs.manifest import (
    MANIFEST,
    Manifest,
    checked,
    file_names,
    manifest_bytes,
)
from rhythmtrainer.records.packs.opening import read_manifest
from rhythmtrainer.records.packs.places import installed_file
from rhythmtrainer.training.cancel import Cancel


def write_pack_file(file: Path, manifest: Manifest, folder: Path) -> None:
    """Write a pack whose signals lie in a folder; an older file is replaced whole.

    Parameters
    ----------
    folder
        That of an installed pack which holds all the files that the manifest names.

    Raises
    ------
    RecordError
        If the pack has faults or would be too large to be opened, or a file cannot be read or
        written.
    """
    manifest = checked(manifest, "The pack cannot be written: it")
    new = file.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with new.open("xb") as stream:
            names = [MANIFEST, *file_names(manifest.pack)]
            write_archive(stream, names, lambda name: _content(manifest, folder, name))
        _check_openable(new, file.name)
        new.replace(file)
    except OSError as error:
        raise RecordError(f"{file.name} cannot be written: {error.strerror or error}.") from error
    finally:
        with suppress(OSError):
            new.unlink()


def _check_openable(new: Path, file: str) -> None:
    """Make sure that others can open a pack; what is sound can only be too large."""
    try:
        with open_archive(new) as archive:
            read_manifest(archive, file, Cancel())
    except RecordError as error:
        raise RecordError(
            f"{file} cannot be written: it would be too large to be opened."
        ) from error


def _content(manifest: Manifest, folder: Path, name: str) -> bytes:
    if name == MANIFEST:
        return manifest_bytes(manifest)
    content = installed_file(folder, name).read_bytes()
    if hashlib.sha256(content).hexdigest() != manifest.files[name].sha256:
        raise RecordError(f"The pack cannot be written: {name} on this computer is damaged.")
    return content
