from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from rhythmtrainer.model import CancelledError, LeadName, RecordError
from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.training.cancel import Cancel
from rhythmtrainer.training.ports import OpenRecording, RecordingFiles
from tests.records.files.making import FS, dicom_group, edf_bytes, wave, write_dicom
from tests.records.making import make_record

# What is opened has to fit where the pages ask for it.
FILES: RecordingFiles = Files({})
ECG = "made.dat 16 200(0)/mV 16 0 0 0 0 II"


def wfdb(folder: Path) -> Path:
    return make_record(folder, [ECG]).with_suffix(".hea")


def edf(folder: Path) -> Path:
    file = folder / "made.edf"
    file.write_bytes(edf_bytes([("ECG II", "mV", wave())]))
    return file


def dicom(folder: Path) -> Path:
    samples = (wave() * 200).astype("<i2")[:, np.newaxis]
    return write_dicom(folder / "made.dcm", [dicom_group([("5.6.3-9-2", "Lead II")], samples)])


def table(folder: Path) -> Path:
    file = folder / "made.csv"
    rows = (f"{place / FS:.3f},{value}" for place, value in enumerate(wave()))
    file.write_text("\n".join(["time (s),II (mV)", *rows]), encoding="utf-8")
    return file


def opened(file: Path) -> OpenRecording:
    guess = FILES.guess(file)
    return FILES.open(file, None if guess is None else guess.layout, Cancel())


KINDS = pytest.mark.parametrize("make", [wfdb, edf, dicom, table])


@KINDS
def test_every_kind_is_known_by_what_is_in_it(make: Callable[[Path], Path], tmp_path: Path) -> None:
    file = make(tmp_path)
    if file.suffix != ".hea":
        file = file.rename(file.with_suffix(".bin"))
    recording = opened(file)
    assert recording.leads == ("II",)
    assert set(recording.rates) == {FS}
    recording.close()


@KINDS
def test_a_strip_is_cut_out_of_what_was_asked_for(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    recording = opened(make(tmp_path))
    end = recording.duration_s
    whole = recording.read(recording.leads, 0.0, end + 5.0, Cancel())
    part = recording.read(recording.leads, 0.5, 0.3, Cancel())
    assert whole.at_end
    assert whole.duration_s == pytest.approx(end)
    assert not part.at_end
    assert part.start_s == pytest.approx(0.5, abs=1 / FS)
    first = round(part.start_s * FS)
    assert np.array_equal(part.signal, whole.signal[:, first : first + part.signal.shape[1]])
    behind = recording.read(recording.leads, end + 1.0, 1.0, Cancel())
    assert behind.signal.shape == (1, 0)
    assert behind.at_end
    recording.close()


@KINDS
def test_what_cannot_be_read_is_told_in_one_sentence(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    recording = opened(make(tmp_path))
    for leads, start_s, seconds in (
        ([], 0.0, 1.0),
        (["V9"], 0.0, 1.0),
        (["II", "II"], 0.0, 1.0),
        (["II"], 0.0, 0.0),
        (["II"], float("nan"), 1.0),
        (["II"], 0.0, float("inf")),
    ):
        with pytest.raises(RecordError, match="made"):
            recording.read([LeadName(lead) for lead in leads], start_s, seconds, Cancel())
    recording.close()


@KINDS
def test_work_that_was_called_off_ends(make: Callable[[Path], Path], tmp_path: Path) -> None:
    file = make(tmp_path)
    recording = opened(file)
    cancel = Cancel()
    cancel.throw()
    with pytest.raises(CancelledError):
        recording.read(recording.leads, 0.0, 1.0, cancel)
    with pytest.raises(CancelledError):
        FILES.open(file, None, cancel)
    recording.close()


@KINDS
def test_nothing_names_the_file(make: Callable[[Path], Path], tmp_path: Path) -> None:
    folder = tmp_path / "Erika Mustermann"
    folder.mkdir()
    recording = opened(make(folder))
    assert recording.provenance.source.startswith("own recording (")
    assert recording.provenance.database is None
    recording.close()


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("made.csv", b"", "made.csv is empty"),
        ("made.edf", b"", "made.edf is empty"),
        ("made.bin", bytes(range(256)), "made.bin is of no kind that is read"),
        ("made.dat", bytes(1000), "made.dat is of no kind that is read: WFDB with its header"),
        ("made.txt", b"\xff\xfe1\x002\x00", "made.txt is a text in UTF-16"),
        ("made.txt", b"Dear colleague,\nhe is well.\n", "made.txt is a text without columns"),
        ("made.hea", b"", "made.hea is not a WFDB header"),
        ("made.pdf", b"%PDF-1.4\n\x00\x01", "made.pdf is of no kind that is read"),
    ],
)
def test_a_file_of_another_kind_is_refused(
    name: str, content: bytes, fault: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(RecordError) as error:
        opened(tmp_path / name)
    assert str(error.value).startswith(fault)


def test_a_missing_file_and_a_folder_are_told() -> None:
    with pytest.raises(RecordError, match=r"none\.csv is missing"):
        FILES.guess(Path("none.csv"))
    with pytest.raises(RecordError, match="is no file"):
        FILES.guess(Path(__file__).parent)


def test_a_table_is_not_read_before_its_layout_is_confirmed(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match="has to be confirmed"):
        FILES.open(table(tmp_path), None, Cancel())


def test_every_kind_has_a_pattern_for_the_dialog() -> None:
    names = [name for name, _ in FILES.patterns]
    assert names == ["WFDB", "EDF", "DICOM", "Table"]
    assert all(ending.startswith("*.") for _, endings in FILES.patterns for ending in endings)


def test_a_table_that_begins_with_a_nought_is_no_edf(tmp_path: Path) -> None:
    file = tmp_path / "made.txt"
    rows = (f"{place:<8}{value:.3f}" for place, value in enumerate(wave()))
    file.write_text("\n".join(rows), encoding="utf-8")
    assert FILES.guess(file) is not None
