import json
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.gui


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.bench", "paint", "--quick", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=False)  # noqa: S603 - our own module
    assert done.returncode == 0, done.stderr
    printed: dict[str, Any] = json.loads(done.stdout)
    return printed


def test_every_part_is_measured_beside_its_rivals(report: dict[str, Any]) -> None:
    for part in ("monitor", "page", "recording"):
        for title, rows in report[part].items():
            ours = [row for name, row in rows.items() if name.startswith("rhythmtrainer")]
            assert ours, title
            assert "full redraw" in rows, title
            for row in ours:
                assert 0 < row["median_ms"] <= row["p99_ms"] <= row["max_ms"]


def test_late_frames_are_told_beside_those_of_an_empty_timer(report: dict[str, Any]) -> None:
    for rows in report["late frames"].values():
        assert set(rows) == {"rhythmtrainer", "empty timer"}
        assert all(0 <= row["late_percent"] <= 100 for row in rows.values())


def test_the_machine_is_named(report: dict[str, Any]) -> None:
    assert report["setting"]["platform"]
    assert report["setting"]["machine"]
