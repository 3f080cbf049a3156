import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from edfio import read_edf

from rhythmtrainer.model import Origin, RecordError, RhythmId, Strip
from rhythmtrainer.records.files.opening import Files
from rhythmtrainer.records.files.source import SIMULATED
from rhythmtrainer.records.files.writing import ENDINGS, write_simulated
from rhythmtrainer.records.files.writing_marks import beat_marks, wave_marks
from rhythmtrainer.records.signals.decode import decode_annotations
from rhythmtrainer.training.cancel import Cancel
from tests.support.hand_simulated import simulated

import wfdb  # isort: skip - its import is quiet behind that of what decodes

TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")
REMARKS = ("Rhythm: normal_sinus_rhythm", "Seed 7, adult")
STEP_MV = {".hea": 1e-4, ".edf": 1e-4, ".csv": 1e-4}


def read_back(file: Path) -> Strip:
    files = Files({})
    guess = files.guess(file)
    recording = files.open(file, guess.layout if guess else None, Cancel())
    strip = recording.read(recording.leads, 0.0, recording.duration_s, Cancel())
    recording.close()
    return strip


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize(
    ("seconds", "fs", "leads"),
    [
        (10.0, 500.0, ("II",)),
        (10.0, 500.0, TWELVE),
        (7.3, 360.0, ("MCL1", "V6")),
        (2.002, 250.0, ("II", "PADS")),
        (1.0, 5000.0, ("aVR",)),
        (1.0, 50.0, ("I",)),
    ],
)
def test_what_was_written_is_read(
    tmp_path: Path, ending: str, seconds: float, fs: float, leads: tuple[str, ...]
) -> None:
    made = simulated(seconds, fs, leads)
    file = tmp_path / f"made{ending}"
    assert write_simulated(file, made, REMARKS)[-1] == file
    strip = read_back(file)
    samples = made.strip.signal.shape[1]
    assert (strip.fs, strip.leads) == (fs, made.strip.leads)
    assert samples <= strip.signal.shape[1] <= samples + 0.1 * fs
    assert np.abs(strip.signal[:, :samples] - made.strip.signal).max() <= STEP_MV[ending]


@pytest.mark.parametrize("ending", ENDINGS)
def test_every_file_says_that_it_is_simulated_and_how(tmp_path: Path, ending: str) -> None:
    write_simulated(tmp_path / f"made{ending}", simulated(), REMARKS)
    content = (tmp_path / f"made{ending}").read_bytes().decode("latin-1")
    assert SIMULATED in content
    assert "For training only" in content
    assert read_back(tmp_path / f"made{ending}").provenance.origin is Origin.SIMULATED
    assert all(remark in content for remark in REMARKS)


@pytest.mark.parametrize("ending", ENDINGS)
def test_no_fact_about_a_person_is_seen_in_it(tmp_path: Path, ending: str) -> None:
    file = tmp_path / f"made{ending}"
    write_simulated(file, simulated(), REMARKS)
    files = Files({})
    guess = files.guess(file)
    recording = files.open(file, guess.layout if guess else None, Cancel())
    assert set(recording.dropped) <= {
        *("free-text comments", "text before the numbers"),
        *("text about the recording", "notes in the recording"),
    }
    assert recording.repairs == ()
    recording.close()


def test_a_table_is_recognised_without_doubt(tmp_path: Path) -> None:
    file = tmp_path / "made.csv"
    write_simulated(file, simulated(leads=TWELVE), REMARKS)
    guess = Files({}).guess(file)
    assert guess is not None
    assert guess.doubts == ()
    assert guess.layout.fs == 500.0
    assert guess.layout.time_column == 0
    assert [column.lead for column in guess.layout.columns] == list(TWELVE)
    assert {column.units for column in guess.layout.columns} == {"mV"}


def test_the_wfdb_library_reads_signals_and_annotations(tmp_path: Path) -> None:
    made = simulated(
        leads=("II", "V1"),
        episodes=[(RhythmId.NORMAL_SINUS_RHYTHM, 0.0), (RhythmId.AF_RVR, 6.0)],
    )
    write_simulated(tmp_path / "made.hea", made, REMARKS)
    record = wfdb.rdrecord(str(tmp_path / "made"))
    assert record.sig_name == ["II", "V1"]
    assert np.abs(record.p_signal.T - made.strip.signal).max() <= 1e-4
    assert record.comments[1:] == list(REMARKS)
    for ending, marks in (("atr", beat_marks(made)), ("marks", wave_marks(made))):
        samples, symbols, _, notes = decode_annotations(tmp_path / "made", ending)
        read = wfdb.rdann(str(tmp_path / "made"), ending, return_label_elements=["label_store"])
        plain = [note.strip("\0") for note in notes]
        found = [*zip(samples.tolist(), symbols, plain, read.num.tolist(), strict=True)]
        said = [mark for mark in found if mark[2].startswith(SIMULATED)]
        assert [mark[:2] for mark in said] == [(1, '"')]
        found.remove(said[0])
        assert found == marks


def test_annotations_that_lie_far_apart_are_found_again(tmp_path: Path) -> None:
    made = simulated(seconds=300.0, p_s=[0.2, 250.0], qrs_p=[0, 1])
    write_simulated(tmp_path / "long.hea", made)
    samples, symbols, _, _ = decode_annotations(tmp_path / "long", "atr")
    assert symbols == ["+", '"', '"', "N", "N"]
    assert samples[-1] == pytest.approx(250.205 * 500, abs=25)


def test_an_edf_file_holds_rhythms_and_beats(tmp_path: Path) -> None:
    made = simulated(episodes=[(RhythmId.NORMAL_SINUS_RHYTHM, 0.0), (RhythmId.AF_RVR, 6.0)])
    write_simulated(tmp_path / "made.edf", made, REMARKS)
    edf = read_edf(tmp_path / "made.edf")
    assert " ".join(edf.recording.additional) == SIMULATED
    said = [(note.onset, note.duration, note.text) for note in edf.annotations]
    assert (0.0, 6.0, "normal_sinus_rhythm") in said
    assert (6.0, 4.0, "af_rvr") in said
    beats = [onset for onset, _, text in said if text == "N"]
    assert len(beats) == 12


def test_a_rate_that_edf_cannot_say_is_told(tmp_path: Path) -> None:
    with pytest.raises(RecordError, match=r"EDF cannot say 128\.501 samples per second"):
        write_simulated(tmp_path / "made.edf", simulated(fs=128.501))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("ending", [".hea", ".csv"])
@pytest.mark.parametrize("fs", [128.501, 333.33])
def test_any_rate_can_be_written_otherwise(tmp_path: Path, ending: str, fs: float) -> None:
    write_simulated(tmp_path / f"made{ending}", simulated(fs=fs))
    assert read_back(tmp_path / f"made{ending}").fs == fs


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_strip_of_one_sample_is_written(tmp_path: Path, ending: str) -> None:
    made = simulated(seconds=0.02, fs=50.0, p_s=(), qrs_s=())
    assert write_simulated(tmp_path / f"made{ending}", made)


@pytest.mark.parametrize("ending", ENDINGS)
def test_large_voltages_are_not_cut_off(tmp_path: Path, ending: str) -> None:
    made = simulated()
    object.__setattr__(made.strip, "signal", made.strip.signal * np.float32(30.0))
    write_simulated(tmp_path / f"made{ending}", made)
    assert np.abs(read_back(tmp_path / f"made{ending}").signal - made.strip.signal).max() < 2e-3


@pytest.mark.parametrize("ending", [".hea", ".csv"])
def test_gaps_stay_gaps(tmp_path: Path, ending: str) -> None:
    made = simulated()
    signal = made.strip.signal.copy()
    signal[:, 1000:1500] = np.nan
    object.__setattr__(made.strip, "signal", signal)
    write_simulated(tmp_path / f"made{ending}", made)
    gaps = np.isnan(read_back(tmp_path / f"made{ending}").signal)
    assert np.array_equal(gaps, np.isnan(signal))


@pytest.mark.parametrize("ending", ENDINGS)
def test_older_files_are_replaced(tmp_path: Path, ending: str) -> None:
    write_simulated(tmp_path / f"made{ending}", simulated(seconds=5.0))
    write_simulated(tmp_path / f"made{ending}", simulated(seconds=2.0, leads=("V1",)))
    strip = read_back(tmp_path / f"made{ending}")
    assert strip.leads == ("V1",)
    assert strip.duration_s == 2.0


@pytest.mark.parametrize("name", ["made.mp3", "made", ".hea", "made.hea.txt"])
def test_an_unknown_ending_is_refused_with_what_is_allowed(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordError, match=r"\.hea, \.edf, \.csv"):
        write_simulated(tmp_path / name, simulated())
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["my strip.hea", "a.b.hea", "ü.hea"])
def test_a_name_that_is_none_for_a_record_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(RecordError, match="cannot be the name of a WFDB record"):
        write_simulated(tmp_path / name, simulated())
    assert not list(tmp_path.iterdir())


def _a_folder(folder: Path, ending: str) -> Path:
    (folder / f"made{ending}").mkdir()
    return folder / f"made{ending}"


def _nowhere(folder: Path, ending: str) -> Path:
    return folder / "nowhere" / f"made{ending}"


def _in_a_file(folder: Path, ending: str) -> Path:
    (folder / "file").write_text("", encoding="utf-8")
    return folder / "file" / f"made{ending}"


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("place", [_a_folder, _nowhere, _in_a_file])
def test_a_failure_is_one_sentence_and_leaves_nothing(
    tmp_path: Path, ending: str, place: Callable[[Path, str], Path]
) -> None:
    file = place(tmp_path, ending)
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(RecordError, match=r"cannot be written: .+\.$"):
        write_simulated(file, simulated())
    assert sorted(tmp_path.rglob("*")) == before


def test_no_half_record_stays_where_one_file_cannot_be_placed(tmp_path: Path) -> None:
    (tmp_path / "made.marks").mkdir()
    with pytest.raises(RecordError, match=r"made\.marks cannot be written: it is a folder"):
        write_simulated(tmp_path / "made.hea", simulated())
    assert [path.name for path in tmp_path.iterdir()] == ["made.marks"]


@contextmanager
def full_disk() -> Iterator[None]:
    """Let no file grow beyond what few samples need; what the tests print must not come between."""
    import resource  # noqa: PLC0415 - not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform == "win32", reason="no file is kept small there")
@pytest.mark.parametrize("ending", ENDINGS)
def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, ending: str) -> None:
    made = simulated(leads=TWELVE)
    with full_disk(), pytest.raises(RecordError, match=r"cannot be written: .+\.$"):
        write_simulated(tmp_path / f"made{ending}", made)
    assert not list(tmp_path.iterdir())
