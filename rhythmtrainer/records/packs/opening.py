"""Opening a pack that may come from anybody."""

import hashlib
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from rhythmtrainer.model import LabelledStrip, Pack, RecordError
from rhythmtrainer.records.packs.archive import Archive, open_archive
from rhythmtrainer.records.packs.limits import MIB, MOST_MANIFEST_BYTES
from rhythmtrainer.records.packs.manifest import (
    MANIFEST,
    Manifest,
    manifest_bytes,
    parse_manifest,
    raise_faults,
    strip_files,
)
from rhythmtrainer.records.packs.places import installed_file, manifest_file
from rhythmtrainer.records.packs.signals import check_record
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.training.cancel import Cancel


def open_pack_file(file: Path, folder: Path, cancel: Cancel) -> Pack:
    """Unpack a pack into a folder of its own.

    Every file is compared with the manifest, and every signal read, before it is written. Where
    any of it is wrong the folder is gone again.

    Parameters
    ----------
    folder
        Made here; it must not be there yet.

    Raises
    ------
    RecordError
        If the pack is damaged, made by a newer version, or not what a pack is; or if there is
        no room for it.
    CancelledError
        If `cancel` was thrown.
    """
    with open_archive(file) as archive, _new_folder(folder, file.name):
        manifest = read_manifest(archive, file.name, cancel)
        _check_room(manifest, folder, file.name)
        for strip in manifest.pack.strips:
            for name, content in _record(archive, manifest.files, strip, file.name, cancel):
                _write(installed_file(folder, name), content, file.name)
        _write(manifest_file(folder), manifest_bytes(manifest), file.name)
    return manifest.pack


def read_manifest(archive: Archive, file: str, cancel: Cancel) -> Manifest:
    """Read the manifest in an archive and compare it with the files beside it.

    Raises
    ------
    RecordError
        If it has faults, or other files are there than it says.
    CancelledError
        If `cancel` was thrown.
    """
    manifest = parse_manifest(archive.read(MANIFEST, MOST_MANIFEST_BYTES, cancel), file)
    sizes = {name: size for name, size in archive.sizes.items() if name != MANIFEST}
    told = {name: facts.size for name, facts in manifest.files.items()}
    faults = [f"it lacks {name}" for name in sorted(told.keys() - sizes.keys())]
    faults += [f"it holds {name} unasked" for name in sorted(sizes.keys() - told.keys())]
    faults += [
        f"{name} has {sizes[name]} bytes instead of {told[name]}"
        for name in sorted(told.keys() & sizes.keys())
        if sizes[name] != told[name]
    ]
    raise_faults(faults, file)
    return manifest


def _record(
    archive: Archive,
    files: Mapping[str, FileFacts],
    strip: LabelledStrip,
    file: str,
    cancel: Cancel,
) -> list[tuple[str, bytes]]:
    """Return the names and contents of the two files of a strip once they are known to be sound."""
    names = strip_files(strip.id)
    contents = [archive.read(name, files[name].size, cancel) for name in names]
    for name, content in zip(names, contents, strict=True):
        if hashlib.sha256(content).hexdigest() != files[name].sha256:
            raise RecordError(f"{file} is damaged: the checksum of {name} differs.")
    check_record(strip, contents[0], contents[1], file)
    return list(zip(names, contents, strict=True))


@contextmanager
def _new_folder(folder: Path, file: str) -> Iterator[None]:
    try:
        folder.mkdir(parents=True)
        installed_file(folder, "").mkdir()
    except OSError as error:
        raise RecordError(_no_place(file, error)) from error
    try:
        yield
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _check_room(manifest: Manifest, folder: Path, file: str) -> None:
    needed = sum(facts.size for facts in manifest.files.values())
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        raise RecordError(_no_place(file, error)) from error
    if needed > free:
        raise RecordError(
            f"{file} cannot be opened: it needs {needed // MIB + 1} MiB of disk, and"
            f" {free // MIB} MiB are free."
        )


def _write(file: Path, content: bytes, pack: str) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise RecordError(_no_place(pack, error)) from error


def _no_place(file: str, error: OSError) -> str:
    return f"{file} cannot be unpacked: {error.strerror or error}."
