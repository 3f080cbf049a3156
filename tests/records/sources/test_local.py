import hashlib
import os
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import (
    CancelledError,
    Database,
    LeadName,
    RecordError,
    RecordRef,
    StripRef,
    UnreachableError,
)
from rhythmtrainer.records.sources.local import LocalRecords, local_folders
from rhythmtrainer.records.tables.catalogue import FileFacts
from rhythmtrainer.records.tables.verify import VerifiedFiles, description_of
from rhythmtrainer.training.cancel import Cancel
from tests.records.conftest import MITDB_100
from tests.records.making import make_record

ECG = "made.dat 16 200(3)/mV 16 0 0 0 0 II"
MADE = StripRef(RecordRef("db", "1.0", "made"), (LeadName("II"),), 0.0, 1.0)


def facts_of(path: Path) -> FileFacts:
    content = path.read_bytes()
    return FileFacts(len(content), hashlib.sha256(content).hexdigest())


@pytest.mark.recordings
def test_a_strip_knows_its_database(
    records_dir: Path, databases: dict[tuple[str, str], Database]
) -> None:
    strip = LocalRecords([records_dir], databases, {}).read(MITDB_100, 60.0, 10.0, Cancel())
    assert strip.signal.shape == (1, 3600)
    assert strip.leads == ("MLII",)
    assert strip.provenance.title == "MIT-BIH Arrhythmia Database 1.0.0, record 100"
    assert strip.provenance.licence == "ODC-By 1.0"


def test_all_leads_that_are_named_come_in_their_order(tmp_path: Path) -> None:
    make_record(tmp_path / "db", [ECG, ECG.replace("II", "V1"), ECG.replace("II", "V2")])
    local = LocalRecords([tmp_path], {}, {})
    names = ("V2", "II")
    both = StripRef(MADE.record, tuple(map(LeadName, names)), 0.0, 1.0)
    strip = local.read(both, 0.0, 1.0, Cancel())
    assert strip.leads == names
    assert local.at_hand(both) == (both,)
    for row, name in zip(strip.signal, names, strict=True):
        alone = StripRef(MADE.record, (LeadName(name),), 0.0, 1.0)
        assert np.array_equal(local.read(alone, 0.0, 1.0, Cancel()).signal[0], row)


@pytest.mark.parametrize(
    ("place", "folder"),
    [
        ("all/db/1.0", "all"),
        ("all/db", "all"),
        ("db", "db"),
        ("db/1.0", "db/1.0"),
        ("all/db/1.0", "all/db"),
    ],
)
def test_a_record_is_found_where_people_put_it(tmp_path: Path, place: str, folder: str) -> None:
    make_record(tmp_path / place, [ECG])
    local = LocalRecords([tmp_path / folder], {}, {})
    assert local.at_hand(MADE) == (MADE,)
    assert local.read(MADE, 0.0, 1.0, Cancel()).signal.shape == (1, 250)


@pytest.mark.parametrize("place", ["other", "db/2.0", "all"])
def test_a_record_of_another_database_is_not_taken_for_it(tmp_path: Path, place: str) -> None:
    make_record(tmp_path / place, [ECG])
    for folder in (tmp_path / place, tmp_path):
        local = LocalRecords([folder], {}, {})
        assert local.at_hand(MADE) == ()
        with pytest.raises(UnreachableError, match=r"db/1\.0/made is in no folder of recordings"):
            local.read(MADE, 0.0, 1.0, Cancel())


def test_a_record_is_found_in_a_folder_that_its_name_leaves_out(tmp_path: Path) -> None:
    top = tmp_path / "db/1.0/training/georgia"
    for name in ("g1", "g2"):
        (top / name).mkdir(parents=True)
    ref = StripRef(RecordRef("db", "1.0", "training/georgia/made"), (LeadName("II"),), 0.0, 1.0)
    local = LocalRecords([tmp_path], {}, {})
    assert local.at_hand(ref) == ()
    make_record(top / "g2", [ECG])
    assert local.at_hand(ref) == (ref,)
    strip = local.read(ref, 0.0, 1.0, Cancel())
    assert strip.provenance.source == "db/1.0/training/georgia/made"
    make_record(top / "g10", [ECG.replace("made.dat", "gone.dat")])
    (top / "g10/gone.dat").unlink()
    assert local.at_hand(ref) == (ref,)


def test_a_record_that_has_come_or_gone_is_noticed(tmp_path: Path) -> None:
    local = LocalRecords([tmp_path], {}, {})
    assert local.at_hand(MADE) == ()
    path = make_record(tmp_path / "db", [ECG])
    assert local.at_hand(MADE) == (MADE,)
    path.with_suffix(".dat").unlink()
    assert local.at_hand(MADE) == ()


@pytest.mark.parametrize(
    "header", [b"", b"\0", b"made\n", b"made 2 250\nmade.dat 16\n", b"made 1\n../made.dat 16\n"]
)
def test_a_header_that_makes_no_sense_is_not_at_hand(tmp_path: Path, header: bytes) -> None:
    path = make_record(tmp_path / "db", [ECG])
    path.with_suffix(".hea").write_bytes(header)
    assert LocalRecords([tmp_path], {}, {}).at_hand(MADE) == ()


def test_a_whole_record_in_a_later_folder_comes_before_a_header_alone(tmp_path: Path) -> None:
    make_record(tmp_path / "one/db", [ECG])
    (tmp_path / "one/db/made.dat").unlink()
    alone = LocalRecords([tmp_path / "one"], {}, {})
    assert alone.at_hand(MADE) == ()
    with pytest.raises(RecordError, match=r"made\.dat is missing"):
        alone.read(MADE, 0.0, 1.0, Cancel())
    make_record(tmp_path / "two/db", [ECG])
    both = LocalRecords([tmp_path / "one", tmp_path / "two"], {}, {})
    assert both.at_hand(MADE) == (MADE,)
    assert both.read(MADE, 0.0, 1.0, Cancel()).duration_s == 1.0


@pytest.mark.parametrize("ending", ["hea", "dat"])
def test_a_file_that_is_not_the_published_one_is_refused(tmp_path: Path, ending: str) -> None:
    path = make_record(tmp_path / "db/1.0", [ECG])
    names = [f"db/1.0/made.{ending}" for ending in ("hea", "dat")]
    files = {name: facts_of(tmp_path / name) for name in names}
    LocalRecords([tmp_path], {}, files).read(MADE, 0.0, 1.0, Cancel())
    content = bytearray(path.with_suffix(f".{ending}").read_bytes())
    content[-1] ^= 1
    path.with_suffix(f".{ending}").write_bytes(bytes(content))
    with pytest.raises(RecordError, match=rf"made\.{ending} is not the published file"):
        LocalRecords([tmp_path], {}, files).read(MADE, 0.0, 1.0, Cancel())
    path.with_suffix(f".{ending}").write_bytes(bytes(content[:-1]))
    with pytest.raises(RecordError, match="bytes instead of"):
        LocalRecords([tmp_path], {}, files).read(MADE, 0.0, 1.0, Cancel())


def test_a_file_is_compared_once_and_again_when_it_has_changed(tmp_path: Path) -> None:
    path = make_record(tmp_path / "db/1.0", [ECG]).with_suffix(".dat")
    local = LocalRecords([tmp_path], {}, {"db/1.0/made.dat": facts_of(path)})
    local.read(MADE, 0.0, 1.0, Cancel())
    stamp = path.stat()
    path.write_bytes(bytes(stamp.st_size))
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    local.read(MADE, 0.0, 1.0, Cancel())
    os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns + 1))
    with pytest.raises(RecordError, match="its checksum differs"):
        local.read(MADE, 0.0, 1.0, Cancel())


def test_a_read_that_was_called_off_reads_nothing(tmp_path: Path) -> None:
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        LocalRecords([tmp_path], {}, {}).read(MADE, 0.0, 1.0, cancel)


def test_a_record_that_climbs_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    make_record(tmp_path / "secret", [ECG])
    ref = StripRef(RecordRef("db", "1.0", "../../secret/made"), (LeadName("II"),), 0.0, 1.0)
    local = LocalRecords([tmp_path / "records"], {}, {})
    assert local.at_hand(ref) == ()
    with pytest.raises(RecordError, match="does not name a record"):
        local.read(ref, 0.0, 1.0, Cancel())


def test_folders_are_searched_in_the_order_of_their_importance(tmp_path: Path) -> None:
    names = ("explicit", "setting", "ours", "ours too", "wfdb", "wfdb-too")
    folders = [tmp_path / name for name in names]
    for folder in folders:
        folder.mkdir()
    environ = {
        "RHYTHMTRAINER_RECORDS": os.pathsep.join(map(str, [*folders[2:4], tmp_path / "gone"])),
        "WFDB": f"{folders[4]}{os.pathsep}https://physionet.org/files {folders[5]} {folders[0]}",
    }
    assert local_folders(folders[0], folders[1], environ) == tuple(folders)


def test_the_current_folder_may_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "http").mkdir()
    assert local_folders(None, None, {"WFDB": ". http://physionet.org/a:b"}) == (tmp_path,)


def test_a_missing_setting_is_left_out_but_a_missing_wish_is_told(tmp_path: Path) -> None:
    assert local_folders(None, tmp_path / "gone", {}) == ()
    with pytest.raises(RecordError, match=r"There is no folder of recordings at .*gone"):
        local_folders(tmp_path / "gone", None, {})


@pytest.mark.recordings
def test_a_broken_copy_is_not_at_hand(records_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "mitdb"
    folder.mkdir()
    shutil.copy(records_dir / "mitdb/1.0.0/100.dat", folder)
    (folder / "100.hea").write_bytes(b"\0\1\2")
    assert LocalRecords([tmp_path], {}, {}).at_hand(MITDB_100) == ()


def test_a_header_that_no_list_confirms_may_end_its_lines_otherwise(tmp_path: Path) -> None:
    header = tmp_path / "100.hea"
    header.write_bytes(b"100 1 360 10\r\n100.dat 16 200\r\n# a comment\r\n")
    published = b"100 1 360 10\n100.dat 16 200\n"
    facts = FileFacts(len(published), hashlib.sha256(published).hexdigest())
    name = "made/1/100.hea"
    with pytest.raises(RecordError, match="not the published file"):
        VerifiedFiles({name: facts}).check(name, header)
    described = replace(facts, described=description_of(published))
    VerifiedFiles({name: described}).check(name, header)
    header.write_bytes(header.read_bytes().replace(b"200", b"400"))
    with pytest.raises(RecordError, match="not the published file"):
        VerifiedFiles({name: described}).check(name, header)
