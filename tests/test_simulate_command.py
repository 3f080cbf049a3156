import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import matplotlib.image
import numpy as np
import pytest

from rhythmtrainer.cli import main
from rhythmtrainer.model import Beginning, RhythmId
from rhythmtrainer.records.signals.decode import decode_annotations
from rhythmtrainer.simulate import simulate_known, variants_of
from rhythmtrainer.simulate.body.leads import LEADS
from rhythmtrainer.simulate_command import pr_intervals
from tests.support.truths import truth


def simulate(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["simulate", *arguments]) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    return captured.out


def known(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(simulate(capsys, *arguments, "--json"))
    return document


def fault(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["simulate", *arguments]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count("\n") == 1
    assert captured.err.endswith(".\n")
    return captured.err


def test_a_summary_says_what_was_made(capsys: pytest.CaptureFixture[str]) -> None:
    said = simulate(capsys, "normal_sinus_rhythm", "--seed", "7", "--vary", "rate=75")
    assert said.startswith("Simulated, seed 7, adult: II, 10 s at 500 samples per second\n")
    assert "Normal sinus rhythm (normal_sinus_rhythm), with rate=75, " in said
    for part in ("QRS  ", "/min", "PR  ", "RR  ", "QT  ", "of them conducted", "For training only"):
        assert part in said


@pytest.mark.parametrize("rhythm", RhythmId)
def test_every_rhythm_is_summed_up_and_told(
    rhythm: RhythmId, capsys: pytest.CaptureFixture[str]
) -> None:
    assert f"({rhythm})" in simulate(capsys, rhythm, "--seed", "1", "--fs", "250")
    document = known(capsys, rhythm, "--seed", "1", "--fs", "250")
    drawn = [episode.pop("drawn") for episode in document["episodes"]]
    assert document["episodes"] == [{"rhythm": rhythm, "start_s": 0.0, "end_s": 10.0}]
    assert [one.keys() for one in drawn] == [variants_of(rhythm).keys()]


def test_json_holds_the_truth(capsys: pytest.CaptureFixture[str]) -> None:
    document = known(capsys, "avb2_type1", "--seed", "3", "--seconds", "20", "--age", "50")
    truth = simulate_known(RhythmId.AVB2_TYPE1, seconds=20.0, seed=3, age=50.0).truth
    assert (document["simulated"], document["seed"], document["age"]) == (True, 3, 50.0)
    assert [wave["onset_s"] for wave in document["p"]] == pytest.approx(truth.p_s, abs=1e-6)
    onsets = [wave["onset_s"] for wave in document["qrs"]]
    assert onsets == pytest.approx(truth.qrs_s, abs=1e-6)
    for wave in document["qrs"]:
        if wave["p"] is not None:
            assert 0.1 < wave["onset_s"] - document["p"][wave["p"]]["onset_s"] < 0.6
    conducted = {wave["p"] for wave in document["qrs"]}
    assert len(document["p"]) - len(conducted - {None}) > 0


def test_the_same_seed_is_the_same_strip_and_no_seed_is_another(
    capsys: pytest.CaptureFixture[str],
) -> None:
    one, two = (simulate(capsys, "af", "--seed", "11", "--json") for _ in range(2))
    assert one == two
    assert len({known(capsys, "af")["seed"] for _ in range(3)}) > 1


def test_a_seed_may_stand_before_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "5", "simulate", "vt"]) == 0
    assert "seed 5," in capsys.readouterr().out


def test_a_rhythm_turns_into_others_at_known_times(capsys: pytest.CaptureFixture[str]) -> None:
    document = known(
        capsys,
        *("nsr", "--seconds", "6", "--seed", "2", "--vary", "rate=90"),
        *("--then", "2:1 AVB:4,rate=80", "--then", "VF : 3"),
    )
    rates = [episode.pop("drawn").get("rate") for episode in document["episodes"]]
    assert rates == [90.0, 80.0, None]
    assert document["episodes"] == [
        {"rhythm": "normal_sinus_rhythm", "start_s": 0.0, "end_s": 6.0},
        {"rhythm": "avb2_2to1", "start_s": 6.0, "end_s": 10.0},
        {"rhythm": "vf_coarse", "start_s": 10.0, "end_s": 13.0},
    ]
    assert document["asked"] == [
        {"rhythm": "normal_sinus_rhythm", "rate": 90.0},
        {"rhythm": "avb2_2to1", "rate": 80.0},
        {"rhythm": "vf_coarse"},
    ]


def test_noise_is_asked_for_by_its_name_too(capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("clean", "cpr"):
        assert known(capsys, "nsr", "--seed", "1", "--noise", name)["noise"] == name


def test_a_value_with_a_colon_is_no_length(capsys: pytest.CaptureFixture[str]) -> None:
    document = known(capsys, "nsr", "--seed", "1", "--then", "flutter:5,ratio=4:1")
    assert document["asked"][1] == {"rhythm": "atrial_flutter", "ratio": "4:1"}


def test_leads_are_named_in_any_case(capsys: pytest.CaptureFixture[str]) -> None:
    assert known(capsys, "nsr", "--leads", "ii, v1,AVR,mcl1")["leads"] == [
        "II",
        "V1",
        "aVR",
        "MCL1",
    ]
    assert len(known(capsys, "nsr", "--leads", "12")["leads"]) == 12


def test_everything_that_may_vary_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    said = simulate(capsys, "--list")
    blocks = {block.split(":")[0]: block for block in said.replace("\n    ", "\t").split("\n")}
    for rhythm in RhythmId:
        for name in variants_of(rhythm):
            assert f"\t{name}=" in blocks[rhythm]
    assert all(lead in said for lead in LEADS)
    one = simulate(capsys, "--list", "3avb")
    assert one.startswith("avb3: Third-degree (complete) AV block (3AVB)\n    ")
    assert "avb1" not in one
    assert "rate=60..100 /min" in simulate(capsys, "--list", "nsr")
    assert "rate=60..100 /min" not in simulate(capsys, "--list", "nsr", "--age", "0.1")


@pytest.mark.parametrize("ending", ["hea", "edf", "csv"])
@pytest.mark.parametrize("leads", ["II", "12", ",".join(LEADS), "PADS"])
def test_what_is_written_is_read_by_this_program(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], ending: str, leads: str
) -> None:
    file = tmp_path / f"made.{ending}"
    said = simulate(capsys, "nsr", "--seed", "7", "--leads", leads, "--out", str(file))
    assert f"Written: {file}" in said or f", {file}" in said
    assert main(["analyze", str(file), "--as-guessed", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["source"].startswith("simulated (")
    assert (found["fs"], found["duration_s"]) == (500.0, 10.0)
    truth = simulate_known(RhythmId.NORMAL_SINUS_RHYTHM, seed=7).truth
    rate = 60 / np.diff(truth.qrs_s).mean()
    assert found["rate_bpm"] == pytest.approx(rate, rel=0.05)


def test_a_record_tells_how_it_was_made(tmp_path: Path) -> None:
    arguments = ["nsr", "--seed", "7", "--age", "5", "--vary", "rate=100", "--then", "vf:5"]
    assert main(["simulate", *arguments, "--out", str(tmp_path / "made.hea")]) == 0
    header = (tmp_path / "made.hea").read_text(encoding="ascii")
    for part in ("SIMULATED", "nobody's", "(normal_sinus_rhythm), with rate=100", "5 years old"):
        assert part in header
    assert "# From 10 s: Coarse ventricular fibrillation (vf_coarse), with " in header
    assert "Seed 7" in header
    samples, symbols, _, notes = decode_annotations(tmp_path / "made", "atr")
    changes = [
        (sample, note.strip("\0"))
        for sample, symbol, note in zip(samples.tolist(), symbols, notes, strict=True)
        if symbol == "+"
    ]
    assert changes == [(0, "(N"), (5000, "(VF")]
    assert symbols[-1] == "]"
    assert symbols.count("N") >= 14


def test_a_picture_says_that_it_is_simulated(tmp_path: Path) -> None:
    for leads in ("II", "II,V1"):
        file = tmp_path / f"{leads}.png"
        assert main(["simulate", "avb3", "--leads", leads, "--out", str(file)]) == 0
        picture = matplotlib.image.imread(file)
        head = picture[: picture.shape[0] // 20, -200:, :3]
        assert (head < 0.2).any()


@pytest.mark.parametrize("name", ["VT", "third-degree", "Wenckebach", "a-fib RVR"])
def test_a_rhythm_is_found_by_what_it_is_called(
    capsys: pytest.CaptureFixture[str], name: str
) -> None:
    assert len(known(capsys, name)["episodes"]) == 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("sinus", "Like it are normal_sinus_rhythm, sinus_bradycardia, sinus_tachycardia, "),
        ("wenkebach", "Like it are avb2_type1"),
        ("", "There is no rhythm “”. rhythmtrainer simulate --list names all."),
        ("?!", "There is no rhythm “?!”. rhythmtrainer simulate --list names all."),
    ],
)
def test_an_unknown_rhythm_is_answered_with_those_like_it(
    capsys: pytest.CaptureFixture[str], name: str, told: str
) -> None:
    assert told in fault(capsys, name)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--list"),
        (["nosuch"], "no rhythm"),
        (["nsr", "--seconds", "-1"], "seconds must be above 0 and at most 3600"),
        (["nsr", "--seconds", "0"], "seconds must be above 0"),
        (["nsr", "--seconds", "1e9"], "at most 3600"),
        (["nsr", "--fs", "3"], "fs must be 50 to 5000"),
        (["nsr", "--age", "-3"], "age must be 0 to"),
        (["nsr", "--noise", "-1"], "noise must be 0 to"),
        (["nsr", "--noise", "loud"], "neither a number nor one of clean, usual, noisy"),
        (["nsr", "--leads", "II,II"], "'II' is named more than once"),
        (["nsr", "--leads", "II,X9"], "no simulated lead 'X9', only I, II"),
        (["nsr", "--leads", ""], "at least one of I, II"),
        (["nsr", "--vary", "rate=500"], "rate must be 60 to 100 /min"),
        (["nsr", "--vary", "rate=nan"], "rate must be 60 to 100 /min"),
        (["nsr", "--vary", "rate=fast"], "rate must be a number"),
        (["nsr", "--vary", "rate"], "NAME=VALUE may vary rate=60..100"),
        (["nsr", "--vary", "colour=red"], "NAME=VALUE may vary rate=60..100"),
        (["nsr", "--vary", "rate=70", "--vary", "rate=80"], "more than once"),
        (["flutter", "--vary", "ratio=9:1"], "ratio must be one of 2:1"),
        (["nsr", "--then", "vf"], "RHYTHM:SECONDS"),
        (["nsr", "--then", "vf:soon"], "RHYTHM:SECONDS"),
        (["nsr", "--then", "vf:1-2"], "RHYTHM:SECONDS"),
        (["nsr", "--then", "nosuch:5"], "no rhythm"),
        (["nsr", "--then", "vf:-5"], "seconds must be above 0"),
        (["nsr", "--then", "vf:5,colour=red"], "“colour=red” varies nothing in vf_coarse"),
        (["nsr", "--out", "made.mp3"], ".hea, .edf, .csv or .png"),
        (["nsr", "--out", ""], ".hea, .edf, .csv or .png"),
        (["nsr", "--out", "nowhere/made.hea"], "cannot be written"),
        (["nsr", "--out", "nowhere/made.png"], "cannot be written"),
        (["nsr", "--out", "my strip.hea"], "WFDB record"),
        (["nsr", "--leads", "12", "--seconds", "60", "--out", "made.png"], "at most 5 minutes"),
    ],
)
def test_what_cannot_be_is_refused_with_what_can(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    told: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told in fault(capsys, *arguments)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments", [["--seconds", "nan"], ["--fs", "fast"], ["--age", "inf"], ["--seed", "-1"]]
)
def test_numbers_that_are_none_are_refused(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["simulate", "nsr", *arguments])
    assert left.value.code == 2


def test_rhythms_are_simulated_without_qt_and_without_scipy(tmp_path: Path) -> None:
    for module in ("PySide6", "scipy"):
        (tmp_path / f"{module}.py").write_text("raise ImportError('none here')", encoding="utf-8")
    for arguments in (["--list"], ["avb3", "--json"]):
        done = subprocess.run(  # noqa: S603 - this interpreter with arguments of this file
            [sys.executable, "-m", "rhythmtrainer", "simulate", *arguments],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


def test_who_stops_reading_is_not_shown_a_fault() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "rhythmtrainer", "simulate", "--list"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read()
    process.stderr.close()
    process.wait()
    assert told == ""


def test_the_pr_interval_of_a_fusion_beat_is_not_told() -> None:
    one = truth(
        [0.0, 1.0],
        [0.16, 1.05],
        {0: 0, 1: 1},
        qrs_beginning=[Beginning.SINUS, Beginning.VENTRICLES],
    )
    np.testing.assert_allclose(pr_intervals(one), [0.16, np.nan])
