"""Packs from strangers: sound ones are opened, all others refused in a sentence."""

import struct
import warnings
import zipfile
from pathlib import Path

import pytest

from rhythmtrainer.model import CancelledError, RecordError
from rhythmtrainer.records.packs.opening import open_pack_file
from rhythmtrainer.training.cancel import Cancel
from tests.records.packs.making import (
    MANIFEST,
    contents,
    first_strip,
    manifest_in,
    pack_file,
    rewritten,
    told,
)


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return pack_file(tmp_path)


def _refused(file: Path) -> str:
    """Open a pack, see that it is refused and leaves nothing behind, and return the sentence."""
    folder = file.parent / "opened"
    before = sorted(file.parent.rglob("*"))
    with pytest.raises(RecordError) as caught:
        open_pack_file(file, folder, Cancel())
    assert sorted(file.parent.rglob("*")) == before
    message = str(caught.value)
    assert file.name in message
    assert "\n" not in message
    return message


def test_a_sound_pack_is_opened(sound: Path) -> None:
    folder = sound.parent / "opened"
    pack = open_pack_file(sound, folder, Cancel())
    assert (pack.title, pack.author) == ("First course", "Ada")
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    ids = [strip.id for strip in pack.strips]
    expected = {f"1/{strip}.{ending}" for strip in ids for ending in ("hea", "dat")}
    assert files == {MANIFEST, *expected}


def test_a_pack_that_was_zipped_again_is_opened(sound: Path) -> None:
    again = rewritten(sound.with_name("again.rtpack"), contents(sound))
    assert open_pack_file(again, sound.parent / "opened", Cancel()).author == "Ada"


@pytest.mark.parametrize(
    "name",
    [
        *("../evil.dat", "/evil.dat", "strips/../../evil.dat", "C:\\evil.dat"),
        *("strips\\evil.dat", "C:/evil.dat", "strips/evil.dat\0.png", "strips/nul.dat", "strips/"),
        *("evil.exe", "Manifest.json", "//server/share/evil.dat", "strips/evil.dat."),
    ],
)
def test_a_name_that_leads_out_of_the_folder_is_refused(sound: Path, name: str) -> None:
    files = {**contents(sound), name: b"evil"}
    with zipfile.ZipFile(sound, "w") as archive:
        for wanted, content in files.items():
            entry = zipfile.ZipInfo("x")
            # The library would clean the name on its way in.
            entry.filename = wanted
            archive.writestr(entry, content)
    _refused(sound)


def test_a_file_that_is_there_twice_is_refused(sound: Path) -> None:
    files = contents(sound)
    with zipfile.ZipFile(sound, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        for name, content in [*files.items(), *files.items()]:
            archive.writestr(name, content)
    assert "twice" in _refused(sound)


def test_a_link_is_refused(sound: Path) -> None:
    files = contents(sound)
    with zipfile.ZipFile(sound, "w") as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = (0o120777 if name.endswith(".dat") else 0o100644) << 16
            archive.writestr(entry, b"/etc/passwd" if name.endswith(".dat") else content)
    assert "no plain file" in _refused(sound)


def test_an_encrypted_pack_is_refused(sound: Path) -> None:
    content = bytearray(sound.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    sound.write_bytes(content)
    assert "encrypted" in _refused(sound)


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_kinds_of_compression_are_refused(sound: Path, method: int) -> None:
    files = contents(sound)
    with zipfile.ZipFile(sound, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    assert "compressed" in _refused(sound)


def test_a_bomb_is_refused_before_it_is_unpacked(sound: Path) -> None:
    files, name = contents(sound), "strips/bomb.dat"
    manifest = manifest_in(files)
    told(manifest, name, bytes(100_000_000))
    rewritten(sound, {**files, name: bytes(100_000_000)}, manifest)
    assert sound.stat().st_size < 200_000
    assert "it would take" in _refused(sound)


def test_a_large_manifest_is_refused(sound: Path) -> None:
    files = contents(sound)
    rewritten(sound, {**files, MANIFEST: files[MANIFEST] + b" " * 9_000_000})
    assert "too large" in _refused(sound)


def test_many_files_are_refused(sound: Path) -> None:
    files = contents(sound) | {f"strips/x{number}.dat": b"" for number in range(2001)}
    assert "more than" in _refused(rewritten(sound, files))


def _sizes_changed(file: Path, name: str, size: int) -> None:
    """Let a zip lie about how large a file in it is once it is unpacked."""
    content = bytearray(file.read_bytes())
    for signature, size_at, name_at in ((b"PK\x03\x04", 22, 30), (b"PK\x01\x02", 24, 46)):
        place = content.index(signature)
        while content[place + name_at : place + name_at + len(name)] != name.encode():
            place = content.index(signature, place + 1)
        struct.pack_into("<L", content, place + size_at, size)
    file.write_bytes(content)


@pytest.mark.parametrize("size", [0, 10, 5999, 6001, 30_000_000])
def test_a_lie_about_a_size_is_noticed(sound: Path, size: int) -> None:
    files = contents(sound)
    manifest = manifest_in(files)
    name = f"strips/{first_strip(manifest)}.dat"
    assert len(files[name]) == 6000
    _sizes_changed(sound, name, size)
    assert "instead of" in _refused(sound)
    manifest["files"][name]["bytes"] = size
    rewritten(sound, files, manifest)
    _sizes_changed(sound, name, size)
    _refused(sound)


def test_a_newer_pack_is_refused(sound: Path) -> None:
    files = contents(sound)
    rewritten(sound, files, {**manifest_in(files), "version": 2, "strips": "unheard of"})
    assert "newer version" in _refused(sound)


def test_a_missing_file_is_named(sound: Path) -> None:
    files = contents(sound)
    name = f"strips/{first_strip(manifest_in(files))}.hea"
    del files[name]
    assert f"lacks {name}" in _refused(rewritten(sound, files))


def test_a_pack_without_a_manifest_is_refused(sound: Path) -> None:
    files = contents(sound)
    del files[MANIFEST]
    assert "no manifest.json" in _refused(rewritten(sound, files))


def test_a_file_that_nobody_asked_for_is_refused(sound: Path) -> None:
    files = contents(sound) | {"strips/more.dat": b"more"}
    assert "strips/more.dat" in _refused(rewritten(sound, files))


@pytest.mark.parametrize("ending", ["hea", "dat"])
def test_a_wrong_checksum_is_noticed(sound: Path, ending: str) -> None:
    files = contents(sound)
    name = f"strips/{first_strip(manifest_in(files))}.{ending}"
    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])
    assert f"checksum of {name}" in _refused(rewritten(sound, files))


def test_free_text_in_a_header_is_refused_with_a_right_checksum(sound: Path) -> None:
    files = contents(sound)
    manifest = manifest_in(files)
    name = f"strips/{first_strip(manifest)}.hea"
    files[name] += b"# Erika Mustermann, born 1 May 1950\n"
    told(manifest, name, files[name])
    assert "damaged" in _refused(rewritten(sound, files, manifest))


def test_a_wrong_lead_or_length_is_refused(sound: Path) -> None:
    files = contents(sound)
    for changed in ({"leads": ["II", "V2"]}, {"leads": ["II"]}, {"duration_s": 7.0}):
        manifest = manifest_in(files)
        manifest["strips"][0].update(changed)
        assert "damaged" in _refused(rewritten(sound, files, manifest))


def test_a_pack_that_is_cut_off_anywhere_is_refused(sound: Path) -> None:
    content = sound.read_bytes()
    places = {*range(0, len(content), 397), *range(len(content) - 60, len(content))}
    cut = sound.with_name("cut.rtpack")
    for place in places:
        cut.write_bytes(content[:place])
        _refused(cut)


@pytest.mark.parametrize("where", ["before", "behind"])
def test_a_pack_inside_another_file_is_refused(sound: Path, where: str) -> None:
    content = sound.read_bytes()
    sound.write_bytes(b"GIF89a" + content if where == "before" else content + b"</html>")
    assert "not a pack" in _refused(sound)


def test_a_directory_of_64_bits_is_refused(sound: Path) -> None:
    content = sound.read_bytes()
    end = content[-22:]
    fields = list(struct.unpack("<4s4H2LH", end))
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    fields[5] += len(locator)
    sound.write_bytes(content[:-22] + locator + struct.pack("<4s4H2LH", *fields))
    assert "of a kind" in _refused(sound)


def test_a_huge_directory_is_refused_unread(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unwanted(*_: object) -> None:
        raise AssertionError("the zip was opened")

    monkeypatch.setattr(zipfile, "ZipFile", unwanted)
    size = 3_000_000
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, size, 0, 0)
    sound.write_bytes(bytes(size) + end)
    assert "more than" in _refused(sound)


def test_damage_anywhere_is_refused_or_harmless(sound: Path) -> None:
    content = sound.read_bytes()
    sound_pack = open_pack_file(sound, sound.parent / "sound", Cancel())
    damaged = sound.with_name("damaged.rtpack")
    for place in range(0, len(content), 211):
        changed = bytearray(content)
        changed[place] ^= 0x55
        damaged.write_bytes(changed)
        folder = sound.parent / f"opened-{place}"
        try:
            pack = open_pack_file(damaged, folder, Cancel())
        except RecordError:
            assert not folder.exists()
        else:
            # A time or a mode of a file in the zip has changed, and nothing that counts.
            assert pack == sound_pack


@pytest.mark.parametrize("content", [b"", b"PK", b"PK\x05\x06" + bytes(18), bytes(5000)])
def test_what_is_no_zip_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "no.rtpack"
    file.write_bytes(content)
    _refused(file)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    assert "cannot be read" in _refused(tmp_path / "gone.rtpack")
    (tmp_path / "folder.rtpack").mkdir()
    assert "it is no file" in _refused(tmp_path / "folder.rtpack")


def test_a_full_disk_is_told_and_leaves_nothing(
    sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_file: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Path, "write_bytes", full)
        assert "No space left on device" in _refused(sound)


def test_a_disk_without_room_is_told_before(sound: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class _Usage:
        free = 1000

    monkeypatch.setattr("shutil.disk_usage", lambda _: _Usage)
    assert "MiB are free" in _refused(sound)


def test_a_cancelled_opening_leaves_nothing(sound: Path) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        open_pack_file(sound, sound.parent / "opened", cancel)
    assert not (sound.parent / "opened").exists()


def test_a_folder_that_is_in_use_is_left_alone(sound: Path) -> None:
    folder = sound.parent / "opened"
    folder.mkdir()
    with pytest.raises(RecordError, match="cannot be unpacked"):
        open_pack_file(sound, folder, Cancel())
    assert folder.is_dir()
