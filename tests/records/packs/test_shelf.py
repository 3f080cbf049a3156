"""The shelf: what is put on it stays, what is taken off can come back, and nothing half-done."""

import json
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from filelock import FileLock
from hypothesis import given, settings
from hypothesis import strategies as st

from rhythmtrainer.model import (
    CancelledError,
    Database,
    LabelledStrip,
    LeadName,
    Origin,
    Pack,
    PackId,
    Provenance,
    Quiz,
    RecordError,
    RhythmId,
    StripId,
    Teaching,
)
from rhythmtrainer.model.pack import OWN_STRIPS, opening_sentence, strip_id_of
from rhythmtrainer.records.packs import archive, own, workbench
from rhythmtrainer.records.packs.fields import plain_text
from rhythmtrainer.records.packs.shelf import Shelf
from rhythmtrainer.records.packs.workbench import Workbench
from rhythmtrainer.training.cancel import Cancel
from tests.records.packs.making import (
    contents,
    filled,
    label_of,
    manifest_in,
    pack_file,
    pack_of,
    rewritten,
    strip,
)

if TYPE_CHECKING:
    from rhythmtrainer.training.ports import StripShelf

_ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "packs")
    yield made
    made.close()


def _files(folder: Path) -> dict[str, bytes]:
    """Everything in a folder of packs but the lock on it."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in (".lock", "lock")
    }


def test_a_shelf_is_a_strip_shelf(shelf: Shelf) -> None:
    port: StripShelf = shelf
    assert port.own().strips == ()
    assert port.packs() == ()


def test_looking_at_an_empty_shelf_writes_nothing(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "packs")
    assert (shelf.own().strips, shelf.packs(), shelf.spans(), shelf.faults()) == ((), (), (), ())
    shelf.close()
    assert list(tmp_path.iterdir()) == []


def test_an_added_strip_comes_back(shelf: Shelf, tmp_path: Path) -> None:
    made = strip(leads=("II", "V1"))
    shelf.add(made, label_of(made))
    again = Shelf(tmp_path / "packs")
    assert again.own().strips == (label_of(made),)
    back = again.read(OWN_STRIPS, label_of(made).id)
    assert np.array_equal(back.signal, made.signal)
    assert (back.fs, back.leads, back.start_s, back.at_end) == (made.fs, made.leads, 0.0, True)
    assert back.provenance == Provenance(Origin.REAL, "Teaching file", own_licence="CC BY 4.0")


def test_nothing_of_a_file_of_ones_own_is_kept_but_its_signal(shelf: Shelf, tmp_path: Path) -> None:
    made = strip(provenance=Provenance(Origin.REAL, "/home/erika/Mustermann.edf"), start_s=36_000.5)
    shelf.add(made, replace(label_of(made), source=""))
    kept = b"".join(_files(tmp_path).values()).lower()
    assert b"mustermann" not in kept
    assert b"36000" not in kept
    assert shelf.read(OWN_STRIPS, strip_id_of(made)).provenance.title == "own recording"


_MITDB = Database("mitdb", "1.0.0", "MIT-BIH", "Moody 2001", "10.13026/x", "ODC-By 1.0", "Two.")


def test_an_excerpt_of_a_database_keeps_its_citation_and_licence(shelf: Shelf) -> None:
    made = strip(provenance=Provenance(Origin.REAL, "mitdb/1.0.0/207", _MITDB), start_s=60.0)
    shelf.add(made, label_of(made))
    back = shelf.read(OWN_STRIPS, strip_id_of(made))
    assert back.provenance.database == _MITDB
    assert back.provenance.licence == "ODC-By 1.0"
    assert back.provenance.title == "MIT-BIH 1.0.0, record 207 from 60.0 s"
    trimmed = back.cropped(2.5, 5.0)
    shelf.add(trimmed, label_of(trimmed))
    title = shelf.read(OWN_STRIPS, strip_id_of(trimmed)).provenance.title
    assert title == "MIT-BIH 1.0.0, record 207 from 62.5 s"


def test_a_name_in_the_place_of_a_record_is_not_kept(shelf: Shelf) -> None:
    made = strip(provenance=Provenance(Origin.REAL, "Erika Mustermann", _MITDB))
    shelf.add(made, label_of(made))
    assert "Erika" not in shelf.read(OWN_STRIPS, strip_id_of(made)).provenance.title


def test_a_simulated_strip_goes_on_saying_so(shelf: Shelf) -> None:
    made = strip(provenance=Provenance(Origin.SIMULATED, "simulated, seed 7"))
    shelf.add(made, label_of(made))
    shelf.change(label_of(made, "Another title"))
    assert shelf.read(OWN_STRIPS, strip_id_of(made)).provenance.origin is Origin.SIMULATED


def test_a_label_says_of_its_signal_what_is_so(shelf: Shelf) -> None:
    made = strip()
    wrong = replace(label_of(made), leads=(LeadName("V6"),), duration_s=99.0)
    shelf.add(made, replace(wrong, accepted=frozenset({wrong.answer})))
    kept = shelf.own().strips[0]
    assert (kept.leads, kept.duration_s, kept.accepted) == (made.leads, 6.0, frozenset())


def test_the_same_strip_is_not_added_twice(shelf: Shelf) -> None:
    made = strip()
    shelf.add(made, label_of(made))
    with pytest.raises(RecordError, match="already"):
        shelf.add(made, label_of(made, "Again"))
    assert shelf.own().strips == (label_of(made),)


@pytest.mark.parametrize(
    "label",
    [
        replace(label_of(strip()), id=StripId("../x")),
        replace(label_of(strip()), title=" \n"),
        replace(label_of(strip()), teaching=Teaching(age_years=-1.0)),
        replace(label_of(strip()), teaching=Teaching(note="x" * 5000)),
    ],
)
def test_a_label_with_a_fault_is_refused_and_nothing_is_kept(
    shelf: Shelf, tmp_path: Path, label: LabelledStrip
) -> None:
    with pytest.raises(RecordError, match="cannot be kept"):
        shelf.add(strip(), label)
    assert shelf.own().strips == ()
    shelf.close()
    assert _files(tmp_path) == {}


@pytest.mark.parametrize("lead", ["-aVR", "II (2)", "LA-RA", "A-S", "ECG2"])
def test_every_name_that_a_file_gives_a_lead_can_be_kept(shelf: Shelf, lead: str) -> None:
    made = strip(leads=(lead,))
    shelf.add(made, label_of(made))
    assert shelf.read(OWN_STRIPS, shelf.own().strips[0].id).leads == (lead,)


def test_a_lead_that_may_be_a_name_is_refused(shelf: Shelf) -> None:
    made = replace(strip(), leads=(LeadName("Mustermann"),))
    with pytest.raises(RecordError, match="no ECG lead"):
        shelf.add(made, label_of(made))


def test_a_changed_label_keeps_its_place_and_its_signal(shelf: Shelf) -> None:
    strips = [strip(seed) for seed in range(3)]
    for made in strips:
        shelf.add(made, label_of(made))
    changed = replace(label_of(strips[1], "Better"), answer=RhythmId.TORSADES)
    shelf.change(replace(changed, duration_s=1.0, dropped=()))
    assert [label.title for label in shelf.own().strips] == ["A strip", "Better", "A strip"]
    assert shelf.own().strips[1] == changed
    assert np.array_equal(shelf.read(OWN_STRIPS, changed.id).signal, strips[1].signal)
    with pytest.raises(RecordError, match="no such strip"):
        shelf.change(replace(changed, id=StripId("other")))
    with pytest.raises(RecordError, match="title is empty"):
        shelf.change(replace(changed, title=""))


def test_a_removed_strip_comes_back_to_its_place(shelf: Shelf, tmp_path: Path) -> None:
    strips = [strip(seed) for seed in range(3)]
    for made in strips:
        shelf.add(made, label_of(made))
    before, kept = _files(tmp_path / "packs"), shelf.own()
    gone = kept.strips[1].id
    shelf.remove(gone)
    assert [label.id for label in shelf.own().strips] == [kept.strips[0].id, kept.strips[2].id]
    with pytest.raises(RecordError):
        shelf.read(OWN_STRIPS, gone)
    with pytest.raises(RecordError, match="no such strip"):
        shelf.remove(gone)
    shelf.restore(gone)
    assert shelf.own() == kept
    assert _files(tmp_path / "packs") == before
    with pytest.raises(RecordError, match="not removed"):
        shelf.restore(gone)


def test_a_removed_strip_is_gone_when_the_program_has_ended(shelf: Shelf, tmp_path: Path) -> None:
    made = strip()
    shelf.add(made, label_of(made))
    shelf.remove(strip_id_of(made))
    shelf.close()
    assert list(_files(tmp_path)) == ["packs/own-strips/manifest.json"]
    with pytest.raises(RecordError, match="not removed"):
        shelf.restore(strip_id_of(made))
    shelf.add(made, label_of(made))
    assert len(shelf.own().strips) == 1


def test_a_second_program_does_not_sweep_what_the_first_may_restore(
    shelf: Shelf, tmp_path: Path
) -> None:
    made = strip()
    shelf.add(made, label_of(made))
    shelf.remove(strip_id_of(made))
    second = Shelf(tmp_path / "packs")
    second.add(strip(2), label_of(strip(2)))
    second.close()
    shelf.restore(strip_id_of(made))
    assert [label.id for label in shelf.own().strips] == [strip_id_of(made), strip_id_of(strip(2))]


def test_many_at_once_lose_nothing(tmp_path: Path) -> None:
    faults: list[BaseException] = []

    def add(first: int) -> None:
        shelf = Shelf(tmp_path / "packs")
        try:
            for seed in range(first, first + 5):
                shelf.add(strip(seed), label_of(strip(seed), f"{seed}"))
        except RecordError as error:
            faults.append(error)
        shelf.close()

    threads = [threading.Thread(target=add, args=(10 * n,)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not faults
    shelf = Shelf(tmp_path / "packs")
    titles = sorted(int(label.title) for label in shelf.own().strips)
    assert titles == [*range(5), *range(10, 15), *range(20, 25)]
    assert all(shelf.read(OWN_STRIPS, label.id).signal.size for label in shelf.own().strips)


def test_a_full_disk_loses_nothing(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = strip()
    shelf.add(made, label_of(made))
    before = _files(tmp_path / "packs")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(RecordError, match="No space left"):
            shelf.add(strip(2), label_of(strip(2)))
        with pytest.raises(RecordError, match="No space left"):
            shelf.change(label_of(made, "Other"))
        with pytest.raises(RecordError, match="No space left"):
            shelf.remove(strip_id_of(made))
    assert shelf.own().strips == (label_of(made),)
    assert _files(tmp_path / "packs") == before
    shelf.add(strip(2), label_of(strip(2)))


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    shelf = Shelf(tmp_path / "file" / "packs")
    with pytest.raises(RecordError, match="cannot be changed on the disk"):
        shelf.add(strip(), label_of(strip()))


def test_damage_on_the_disk_is_told_and_never_shown(shelf: Shelf, tmp_path: Path) -> None:
    made = strip()
    shelf.add(made, label_of(made))
    file = tmp_path / "packs" / "own-strips" / "1" / f"{strip_id_of(made)}.dat"
    sound = file.read_bytes()
    for damaged in (sound[:-2], sound[:-1] + b"\x7f", b""):
        file.write_bytes(damaged)
        with pytest.raises(RecordError, match="missing or damaged"):
            shelf.read(OWN_STRIPS, strip_id_of(made))
        with pytest.raises(RecordError, match="damaged"):
            shelf.write_pack(pack_of(shelf), tmp_path / "x.rtpack")
    assert not (tmp_path / "x.rtpack").exists()
    file.unlink()
    with pytest.raises(RecordError, match="missing or damaged"):
        shelf.read(OWN_STRIPS, strip_id_of(made))


def test_a_damaged_list_of_own_strips_is_told_and_not_overwritten(
    shelf: Shelf, tmp_path: Path
) -> None:
    shelf.add(strip(), label_of(strip()))
    file = tmp_path / "packs" / "own-strips" / "manifest.json"
    file.write_bytes(file.read_bytes()[:-50])
    before = _files(tmp_path / "packs")
    with pytest.raises(RecordError, match="own-strips"):
        shelf.own()
    with pytest.raises(RecordError, match="own-strips"):
        shelf.add(strip(2), label_of(strip(2)))
    assert len(shelf.faults()) == 1
    Shelf(tmp_path / "packs").close()
    assert _files(tmp_path / "packs").items() >= before.items()


def test_signals_outlive_a_list_of_own_strips_that_was_lost(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(strip(), label_of(strip()))
    manifest = tmp_path / "packs" / "own-strips" / "manifest.json"
    said = manifest.read_bytes()
    manifest.unlink()
    assert Shelf(tmp_path / "packs").own().strips == ()
    manifest.write_bytes(said)
    assert np.array_equal(shelf.read(OWN_STRIPS, strip_id_of(strip())).signal, strip().signal)


def test_a_change_does_not_wait_for_ever_for_another_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workbench, "_PATIENCE_S", 0.05)
    shelf = filled(tmp_path / "packs", 1)
    with (
        FileLock(tmp_path / "packs" / ".lock"),
        pytest.raises(RecordError, match="another rhythmtrainer"),
    ):
        shelf.add(strip(7), label_of(strip(7)))
    shelf.add(strip(7), label_of(strip(7)))
    shelf.close()


def test_a_full_shelf_is_told(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own, "MOST_STRIPS", 1)
    shelf.add(strip(), label_of(strip()))
    with pytest.raises(RecordError, match="full with 1"):
        shelf.add(strip(2), label_of(strip(2)))


def test_a_pack_reaches_another_computer_whole(tmp_path: Path) -> None:
    author = filled(tmp_path / "author", 3)
    pack = pack_of(author)
    author.write_pack(pack, tmp_path / "x.rtpack")
    student = Shelf(tmp_path / "student")
    assert student.open_pack(tmp_path / "x.rtpack", Cancel()) == pack
    assert student.packs() == (pack,)
    assert student.own().strips == ()
    for label in pack.strips:
        sent, got = author.read(OWN_STRIPS, label.id), student.read(pack.id, label.id)
        assert np.array_equal(sent.signal, got.signal)
        assert got.provenance == sent.provenance
    author.close()
    student.close()
    assert {name.partition("/")[0] for name in _files(tmp_path / "student")} == {pack.id}


_texts = st.text(max_size=20).map(plain_text)
_named = _texts.filter(bool)
_rhythms = st.sampled_from(RhythmId)
_labels = st.builds(
    replace,
    st.just(label_of(strip())),
    title=_named,
    answer=_rhythms,
    accepted=st.frozensets(_rhythms, max_size=3),
    source=_texts,
    licence=_texts,
)
_packs = st.builds(
    Pack,
    id=st.just(PackId("any")),
    title=_named,
    author=_texts,
    created=st.dates(),
    note=_texts,
    strips=st.just(()),
)


@settings(max_examples=15, deadline=None)
@given(st.lists(_labels, min_size=1, max_size=4), _packs, st.floats(0.01, 2000.0))
def test_any_pack_comes_back_as_it_was_made(
    labels: list[LabelledStrip], pack: Pack, scale: float
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        author, student = Shelf(folder / "author"), Shelf(folder / "student")
        strips = [
            replace(strip(seed), signal=strip(seed).signal * np.float32(scale))
            for seed in range(len(labels))
        ]
        for made, label in zip(strips, labels, strict=True):
            author.add(made, replace(label, id=strip_id_of(made)))
        pack = replace(pack, strips=author.own().strips)
        author.write_pack(pack, folder / "x.rtpack")
        assert student.open_pack(folder / "x.rtpack", Cancel()) == pack
        for made, label, sent in zip(strips, labels, pack.strips, strict=True):
            answers = replace(label, id=sent.id, accepted=label.accepted - {label.answer})
            assert sent == answers
            quantum = 1e-3 if np.ptp(made.signal) < 65.0 else 1.0
            got = student.read(pack.id, sent.id).signal
            np.testing.assert_allclose(got, made.signal, rtol=1e-6, atol=quantum * 0.501)
        author.close()
        student.close()


def test_equal_packs_are_equal_files(tmp_path: Path) -> None:
    one, other = filled(tmp_path / "one"), filled(tmp_path / "other")
    one.write_pack(pack_of(one), tmp_path / "one.rtpack")
    other.write_pack(pack_of(other), tmp_path / "other.rtpack")
    assert (tmp_path / "one.rtpack").read_bytes() == (tmp_path / "other.rtpack").read_bytes()


def test_a_pack_may_hold_some_of_the_strips(shelf: Shelf, tmp_path: Path) -> None:
    for seed in range(3):
        shelf.add(strip(seed), label_of(strip(seed)))
    pack = pack_of(shelf)
    some = replace(pack, strips=pack.strips[1:2], quiz=None)
    shelf.write_pack(some, tmp_path / "x.rtpack")
    assert len(contents(tmp_path / "x.rtpack")) == 3


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": OWN_STRIPS}, "own-strips"),
        ({"id": PackId("Not an id")}, "small letters"),
        ({"title": ""}, "title is empty"),
        ({"quiz": Quiz("", (StripId("other"),))}, "quiz"),
    ],
)
def test_a_pack_with_a_fault_is_not_written(
    shelf: Shelf, tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    shelf.add(strip(), label_of(strip()))
    file = tmp_path / "x.rtpack"
    file.write_bytes(b"older")
    with pytest.raises(RecordError, match=said):
        shelf.write_pack(replace(pack_of(shelf), **changed), file)  # type: ignore[arg-type]
    assert file.read_bytes() == b"older"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["packs", "x.rtpack"]


def test_a_strip_that_is_not_there_is_not_handed_out(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(strip(), label_of(strip()))
    pack = pack_of(shelf)
    shelf.remove(strip_id_of(strip()))
    with pytest.raises(RecordError, match="no such strip"):
        shelf.write_pack(pack, tmp_path / "x.rtpack")


def test_a_pack_cannot_be_written_where_there_is_no_folder(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(strip(), label_of(strip()))
    with pytest.raises(RecordError, match="cannot be written"):
        shelf.write_pack(pack_of(shelf), tmp_path / "gone" / "x.rtpack")


def test_a_pack_that_nobody_could_open_is_not_written(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf.add(strip(), label_of(strip()))
    monkeypatch.setattr(archive, "MOST_PACK_BYTES", 1000)
    with pytest.raises(RecordError, match=r"x\.rtpack cannot be written: it would be too large"):
        shelf.write_pack(pack_of(shelf), tmp_path / "x.rtpack")
    assert [path.name for path in tmp_path.iterdir()] == ["packs"]


def test_a_newer_edition_takes_the_place_of_the_older(shelf: Shelf, tmp_path: Path) -> None:
    older = shelf.open_pack(pack_file(tmp_path, date(2026, 1, 31), 2), Cancel())
    newer = shelf.open_pack(pack_file(tmp_path, date(2026, 2, 1), 1), Cancel())
    assert older.id == newer.id
    assert shelf.packs() == (newer,)
    assert len(shelf.spans()) == 1
    assert "It replaces “First course”, the edition of 2026-01-31 with 2" in opening_sentence(
        older, newer
    )
    shelf.close()
    assert {name.partition("/")[0] for name in _files(tmp_path / "packs")} == {newer.id}


def test_an_older_edition_does_not_take_the_place_of_a_newer(shelf: Shelf, tmp_path: Path) -> None:
    newer = shelf.open_pack(pack_file(tmp_path, date(2026, 2, 1)), Cancel())
    with pytest.raises(RecordError, match="edition of 2026-01-31"):
        shelf.open_pack(pack_file(tmp_path, date(2026, 1, 31)), Cancel())
    assert shelf.packs() == (newer,)
    shelf.remove_pack(newer.id)
    shelf.open_pack(pack_file(tmp_path / "again", date(2026, 1, 31)), Cancel())


def test_a_pack_that_was_damaged_on_the_disk_is_mended_by_opening_it_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    file = pack_file(tmp_path)
    pack = shelf.open_pack(file, Cancel())
    other = replace(pack, id=PackId("other"))
    manifest = tmp_path / "packs" / pack.id / "manifest.json"
    manifest.write_bytes(b"{")
    assert shelf.packs() == ()
    assert len(shelf.faults()) == 1
    assert other.id not in shelf.faults()[0]
    shelf.open_pack(file, Cancel())
    assert shelf.packs() == (pack,)
    assert shelf.faults() == ()


def test_a_refused_pack_changes_nothing(shelf: Shelf, tmp_path: Path) -> None:
    sound = pack_file(tmp_path)
    shelf.open_pack(sound, Cancel())
    before = _files(tmp_path / "packs")
    files = contents(sound)
    manifest = manifest_in(files)
    manifest["strips"][1]["answer"] = "unheard of"
    bad = rewritten(tmp_path / "bad.rtpack", files, manifest)
    as_own = rewritten(tmp_path / "own.rtpack", files, {**manifest_in(files), "id": OWN_STRIPS})
    for file in (bad, as_own):
        with pytest.raises(RecordError, match=file.name):
            shelf.open_pack(file, Cancel())
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        shelf.open_pack(sound, cancel)
    assert _files(tmp_path / "packs") == before


def test_a_replacement_that_fails_puts_the_older_back(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    older = shelf.open_pack(pack_file(tmp_path, date(2026, 1, 31)), Cancel())
    file = pack_file(tmp_path, date(2026, 2, 1), 1)
    rename, calls = Path.rename, []

    def failing(path: Path, target: Path) -> Path:
        calls.append(path)
        if len(calls) == 2:
            raise OSError(13, "Permission denied")
        return rename(path, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "rename", failing)
        with pytest.raises(RecordError, match="Permission denied"):
            shelf.open_pack(file, Cancel())
    assert shelf.packs() == (older,)
    assert all(shelf.read(older.id, label.id).signal.size for label in older.strips)


def test_a_pack_is_taken_away_whole(shelf: Shelf, tmp_path: Path) -> None:
    pack = shelf.open_pack(pack_file(tmp_path), Cancel())
    shelf.add(strip(), label_of(strip()))
    shelf.remove_pack(pack.id)
    assert shelf.packs() == ()
    for gone in (pack.id, OWN_STRIPS, PackId("../x")):
        with pytest.raises(RecordError, match="no such pack"):
            shelf.remove_pack(gone)
    assert len(shelf.own().strips) == 1


_KILLED = """
import os, sys
from pathlib import Path
import rhythmtrainer.records.signals.decode
from rhythmtrainer.records.packs.shelf import Shelf
from rhythmtrainer.training.cancel import Cancel
from tests.records.packs.making import label_of, strip
folder, file, what, moves = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
made = []
def dying(move):
    def moved(path, target):
        if len(made) == moves:
            os._exit(9)
        made.append(path)
        return move(path, target)
    return moved
shelf = Shelf(folder)
Path.rename, Path.replace = dying(Path.rename), dying(Path.replace)
if what == "open":
    shelf.open_pack(file, Cancel())
elif what == "add":
    shelf.add(strip(5), label_of(strip(5)))
else:
    shelf.remove(shelf.own().strips[0].id)
"""


@pytest.mark.parametrize(("what", "moves"), [("open", 0), ("open", 1), ("add", 2), ("remove", 1)])
def test_a_killed_program_leaves_nothing_half_done(tmp_path: Path, what: str, moves: int) -> None:
    folder = tmp_path / "packs"
    shelf = filled(folder)
    older = shelf.open_pack(pack_file(tmp_path, date(2026, 1, 31)), Cancel())
    before = shelf.own()
    shelf.close()
    newer = pack_file(tmp_path, date(2026, 2, 1), 1)
    died = subprocess.run(  # noqa: S603 - this interpreter
        [sys.executable, "-c", _KILLED, str(folder), str(newer), what, str(moves)],
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
        check=False,
    )
    assert died.returncode == 9
    assert any(path.name.startswith(".work-") for path in folder.iterdir())
    again = Shelf(folder)
    assert again.packs() == (older,)
    expected = before.strips[1:] if what == "remove" else before.strips
    assert again.own().strips == expected
    named = {f"own-strips/1/{label.id}.{end}" for label in expected for end in ("hea", "dat")}
    named |= {f"{older.id}/1/{label.id}.{end}" for label in older.strips for end in ("hea", "dat")}
    named |= {"own-strips/manifest.json", f"{older.id}/manifest.json"}
    assert set(_files(folder)) == named
    assert not any(path.name.startswith(".work-") for path in folder.iterdir())


def test_a_bench_that_is_in_use_is_not_swept(tmp_path: Path) -> None:
    bench = Workbench(tmp_path)
    place = bench.written(b"mine")
    Shelf(tmp_path).close()
    assert place.read_bytes() == b"mine"
    bench.close()
    assert list(tmp_path.glob(".work-*")) == []


def test_the_manifest_on_the_disk_is_plain_text(shelf: Shelf, tmp_path: Path) -> None:
    shelf.add(strip(), label_of(strip(), "Größe"))
    text = (tmp_path / "packs" / "own-strips" / "manifest.json").read_text(encoding="utf-8")
    assert "Größe" in text
    assert json.loads(text)["format"] == "rhythmtrainer-pack"
