import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest

from rhythmtrainer import __version__
from rhythmtrainer.cli import main
from rhythmtrainer.model import TAUGHT_STEPS, RhythmId
from tests.support.archive import publish
from tests.support.physionet_server import Fault, PhysioNetServer
from tests.support.synthetic import ecg_at, regular_peaks


def test_measurements_come_as_json(records_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = ["--start", "60", "--duration", "30", "--json", "--records", str(records_dir)]
    assert main(["analyze", "mitdb/1.0.0/100", *arguments]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["lead"] == "MLII"
    assert 70 < found["rate_bpm"] < 80
    assert found["rr_s"]["count"] == len(found["beats"]) - 1
    assert min(found["beats"]) >= 60 * 360
    assert max(found["beats"]) < 90 * 360
    assert np.diff(found["beats"]).mean() / 360 == pytest.approx(found["rr_s"]["mean"], abs=1e-3)
    assert [finding["step"] for finding in found["findings"][:5]] == list(TAUGHT_STEPS)
    assert 0.12 < found["intervals"]["pr"]["value_s"] < 0.20
    assert found["intervals"]["qtc_bazett"]["value_s"] > found["intervals"]["qt"]["value_s"]


def test_measurements_come_as_text(records_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--records", str(records_dir), "analyze", "mitdb/231", "--duration", "10"]) == 0
    said = capsys.readouterr().out
    assert "MIT-BIH Arrhythmia Database 1.0.0, record 231" in said
    for part in ("Regularity", "PR  ", "QTc Bazett", "P wave before every QRS", "%)"):
        assert part in said


def test_a_whole_record_is_measured_and_its_checksum_compared(
    records_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["analyze", str(records_dir / "mitdb" / "1.0.0" / "117"), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["beats"]) > 1500
    for ending in ("hea", "dat"):
        shutil.copy(records_dir / "mitdb" / "1.0.0" / f"117.{ending}", tmp_path)
    signal = tmp_path / "117.dat"
    damaged = bytearray(signal.read_bytes())
    damaged[3000] ^= 1
    signal.write_bytes(damaged)
    assert main(["analyze", str(tmp_path / "117"), "--json"]) == 1
    told = capsys.readouterr().err
    assert "checksum" in told
    assert "117" in told


def test_another_lead_can_be_chosen(records_dir: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record = str(records_dir / "mitdb" / "1.0.0" / "100.hea")
    assert main(["analyze", record, "--lead", "V5", "--duration", "5", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lead"] == "V5"
    assert main(["analyze", record, "--lead", "V9"]) == 1
    assert "MLII" in capsys.readouterr().err


def test_a_picture_is_drawn_on_paper(records_dir: Path, tmp_path: Path) -> None:
    record = str(records_dir / "mitdb" / "1.0.0" / "100")
    file = tmp_path / "strip.png"
    assert main(["analyze", record, "--duration", "25", "--png", str(file)]) == 0
    picture = matplotlib.image.imread(file)
    assert picture.shape[1] > 1000
    assert (picture[:, :, :3].max(axis=2) < 0.2).sum() > 1000
    assert list(tmp_path.iterdir()) == [file]


def test_a_picture_that_is_too_long_or_has_no_place_is_refused(
    records_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record = str(records_dir / "mitdb" / "1.0.0" / "100")
    assert main(["analyze", record, "--png", str(tmp_path / "long.png")]) == 1
    assert "at most 5 minutes" in capsys.readouterr().err
    nowhere = str(tmp_path / "nowhere" / "strip.png")
    assert main(["analyze", record, "--duration", "5", "--png", nowhere]) == 1
    assert "cannot be written" in capsys.readouterr().err


def test_a_table_is_measured_once_its_layout_is_confirmed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "watch.csv"
    rows = (f"{value:.3f}" for value in ecg_at(regular_peaks(75, 10.0), 500.0, 10.0))
    file.write_text("\n".join(["Sampling rate: 500 Hz", "ii (mV)", *rows]), encoding="utf-8")
    assert main(["analyze", str(file)]) == 1
    seems = "It seems to hold II in mV, 500 samples per second, from line 3 on."
    told = capsys.readouterr().err
    assert f"watch.csv is a table. {seems} If that is right, add --as-guessed." in told
    assert main(["analyze", str(file), "--as-guessed", "--lead", "ii", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["assumed"] == [seems]
    assert (found["lead"], found["duration_s"]) == ("II", 10.0)
    assert found["rate_bpm"] == pytest.approx(75, abs=1)


def test_what_is_no_recording_is_not_called_a_table(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"%PDF-1.4\n" + bytes(range(256)))
    assert main(["analyze", str(file)]) == 1
    assert "letter.pdf is of no kind that is read" in capsys.readouterr().err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device is full here")
def test_an_output_that_cannot_be_written_is_told_in_a_sentence() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123 - a device
        command = [sys.executable, "-m", "rhythmtrainer", "records", "coverage", "--json"]
        run = subprocess.run(  # noqa: S603 - this interpreter with arguments of this file
            command, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert run.returncode == 1
    assert run.stderr.startswith("rhythmtrainer: What was found could not be written: ")
    assert run.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["nosuch/record"], "no record"),
        (["mitdb/100", "--start", "-5"], "--start"),
        (["mitdb/100", "--start", "99999"], "no sample"),
        (["mitdb/100", "--duration", "0"], "longer than 0"),
        ([""], "names no record"),
        (["/"], "names no record"),
        (["mitdb/**"], "no record"),
        (["mitdb/100", "--duration", "5", "--png", ""], "name of a file"),
    ],
)
def test_wrong_wishes_are_told_in_a_sentence(
    records_dir: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert main(["--records", str(records_dir), "analyze", *arguments]) == 1
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("command", [["analyze", "mitdb/100"], []])
def test_a_missing_folder_of_recordings_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(["--records", str(tmp_path / "nowhere"), *command]) == 1
    assert "nowhere" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [
        ["analyze", "x", "--start", "nan"],
        ["analyze", "x", "--duration", "inf"],
        ["--seed", str(2**63)],
        ["--seed", "-1"],
    ],
)
def test_numbers_that_are_none_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_a_gap_is_not_measured_as_a_pause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fs, seconds = 250, 20
    signal = np.rint(1000 * ecg_at(regular_peaks(75, seconds), fs, seconds)).astype("<i2")
    signal[8 * fs : 10 * fs] = -32768
    (tmp_path / "gap.dat").write_bytes(signal.tobytes())
    header = f"gap 1 {fs} {signal.size}\ngap.dat 16 1000 16 0 {signal[0]} 0 0 II\n"
    (tmp_path / "gap.hea").write_text(header, encoding="ascii")
    assert main(["analyze", str(tmp_path / "gap"), "--duration", "19", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["rate_bpm"] == pytest.approx(75, abs=0.5)
    assert found["rr_s"]["max"] < 0.9
    assert found["regularity"] == "regular"


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["--version"])
    assert left.value.code == 0
    assert __version__ in capsys.readouterr().out


def test_the_command_line_works_without_qt(records_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("raise ImportError('no Qt here')", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "rhythmtrainer", "analyze", "mitdb/100", "--duration", "10"],
        env={
            **os.environ,
            "PYTHONPATH": str(tmp_path),
            "RHYTHMTRAINER_RECORDS": str(records_dir),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Rate" in done.stdout
    assert done.stderr == ""


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """An archive of two small records that no shipped table knows."""
    publish(tmp_path / "published", "cudb", records=("cu01", "cu02"))
    return tmp_path / "published"


def records(folder: Path, *arguments: str) -> int:
    return main(["records", *arguments, "--data-dir", str(folder / "data"), "--offline"])


def test_a_database_is_fetched_listed_and_verified(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert records(tmp_path, "fetch", "cudb", "--archive", archive.as_uri()) == 0
    captured = capsys.readouterr()
    assert captured.out.startswith("cudb: 2 records with 10 files are on this computer")
    assert "  0%  cudb cu01: record 1 of 2" in captured.err
    assert records(tmp_path, "list") == 0
    assert re.search(r"cudb +1\.0\.0 +2 of 35 +0\.4 MB", capsys.readouterr().out)
    assert records(tmp_path, "list", "cudb") == 0
    said = capsys.readouterr().out
    assert "10.13026/C2X59M" in said
    assert re.search(r"cu02 +0\.2 MB", said)
    assert records(tmp_path, "verify", "cudb") == 0
    assert "cudb: 9 files as published." in capsys.readouterr().out


def test_damage_is_told_with_an_exit_code(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert records(tmp_path, "verify") == 0
    assert records(tmp_path, "fetch", "cudb", "cu01", "--archive", archive.as_uri()) == 0
    folder = tmp_path / "data" / "recordings" / "cudb" / "1.0.0"
    (folder / "cu01.dat").write_bytes(b"?")
    (folder / "cu01.atr").unlink()
    capsys.readouterr()
    assert records(tmp_path, "verify") == 1
    told = capsys.readouterr().err
    assert "damaged: cu01.dat" in told
    assert "missing: cu01.atr" in told


def test_options_stand_before_or_behind_the_commands(archive: Path, tmp_path: Path) -> None:
    common = ["--data-dir", str(tmp_path / "data"), "--archive", archive.as_uri()]
    for arguments in (
        [*common, "records", "fetch", "cudb", "cu01"],
        ["records", *common, "fetch", "cudb", "cu01"],
        ["records", "fetch", "cudb", "cu01", *common],
        ["--offline", "records", "--records", str(archive), "fetch", "cudb", "cu01", *common],
    ):
        assert main(arguments) == 0
        shutil.rmtree(tmp_path / "data" / "recordings" / "cudb")


def test_a_folder_of_records_is_looked_at(
    archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert records(tmp_path, "verify", "cudb", "--records", str(archive)) == 0
    assert records(tmp_path, "list", "--records", str(archive)) == 0
    assert f"looked for in {archive}, " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["fetch", "mitbd"], "Like it are mitdb"),
        (["fetch", "mitdb"], "network is to be left alone"),
        (["fetch", "mitdb", "--archive", "file:///nowhere"], "nowhere"),
        (["index", "mitdb"], "records fetch mitdb"),
        (["index", "nstdb"], "labels are not understood"),
        (["verify", "mitdb"], "No records of mitdb"),
        (["list", "--records", "/nowhere"], "no folder of recordings at /nowhere"),
    ],
)
def test_what_cannot_be_done_with_recordings_is_told_in_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], told: str
) -> None:
    assert records(tmp_path, *arguments) == 1
    captured = capsys.readouterr()
    assert told in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""


@pytest.mark.parametrize("arguments", [["records"], ["records", "fetch"], ["records", "burn"]])
def test_a_command_that_is_none_is_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2


def test_coverage_is_told_of_every_rhythm(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert records(tmp_path, "coverage", "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert list(document) == ["rhythms"]
    rows = {row["rhythm"]: row for row in document["rhythms"]}
    assert list(rows) == list(RhythmId)
    assert {"rhythm", "excerpts", "minutes", "patients", "databases"} <= set(rows["vf_coarse"])
    assert rows["vf_coarse"]["excerpts"] >= 20
    assert "vfdb" in rows["vf_coarse"]["databases"]
    assert rows["pea"] == {
        "rhythm": "pea",
        "excerpts": 0,
        "minutes": 0,
        "patients": 0,
        "databases": [],
        "exam_patients": 0,
        "simulated_only": True,
    }


def test_a_fetched_database_is_added_to_the_users_own_catalogue(
    records_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    address = records_dir.as_uri()
    assert records(tmp_path, "fetch", "mitdb", "231", "--archive", address) == 0
    assert records(tmp_path, "index", "mitdb") == 0
    assert "are in your catalogue" in capsys.readouterr().out
    assert records(tmp_path, "list") == 0
    assert "your own" in capsys.readouterr().out


def in_new_process(*arguments: str, **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(  # noqa: S603 - this interpreter with arguments of this file
        [sys.executable, *arguments],
        env={**os.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_recordings_are_told_of_without_qt_and_without_scipy(archive: Path, tmp_path: Path) -> None:
    (tmp_path / "PySide6.py").write_text("raise ImportError('no Qt here')", encoding="utf-8")
    (tmp_path / "scipy.py").write_text("raise ImportError('no SciPy here')", encoding="utf-8")
    for arguments in (
        ["coverage"],
        ["list"],
        ["fetch", "cudb", "--archive", archive.as_uri()],
        ["verify"],
    ):
        process = in_new_process(
            *("-m", "rhythmtrainer", "records", *arguments),
            *("--data-dir", str(tmp_path / "data"), "--offline"),
            PYTHONPATH=str(tmp_path),
        )
        _, told = process.communicate()
        assert process.returncode == 0, told


def test_an_interrupted_fetch_ends_quietly_and_is_resumed(archive: Path, tmp_path: Path) -> None:
    with PhysioNetServer(archive) as server:
        server.misbehave(Fault(stall_after=100_000), "*/cu01.dat", times=1)
        arguments = ("records", "fetch", "cudb", "cu01", "--data-dir", str(tmp_path / "data"))
        process = in_new_process("-m", "rhythmtrainer", *arguments, "--archive", server.url)
        assert server.stalled.wait(30)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
        assert process.returncode == 130
        assert "Traceback" not in told
        assert told.endswith("rhythmtrainer: stopped.\n")
        below = tmp_path / "data" / "recordings"
        left = {path.name for path in below.rglob("*") if path.is_file()}
        assert {name for name in left if name.startswith((".", "cu01.d"))} <= {"cu01.dat.part"}
        assert main([*arguments, "--archive", server.url]) == 0
    assert not list(below.rglob("*.part"))


def test_a_terminal_that_knows_few_letters_is_no_fault(tmp_path: Path) -> None:
    process = in_new_process(
        *("-m", "rhythmtrainer", "records", "coverage", "--data-dir", str(tmp_path)),
        PYTHONIOENCODING="ascii",
    )
    said, told = process.communicate()
    assert process.returncode == 0, told
    assert "only simulated" in said


def test_who_stops_reading_is_not_shown_a_fault(tmp_path: Path) -> None:
    process = in_new_process(
        "-m", "rhythmtrainer", "records", "coverage", "--data-dir", str(tmp_path)
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert told == ""
