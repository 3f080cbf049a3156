"""The benchmark of streaming runs, so that it is there when it is needed."""

import json
from pathlib import Path

import pytest

from tests.bench import stream

pytestmark = [pytest.mark.gui, pytest.mark.recordings]


def test_strips_come_over_a_slow_archive_and_cost_little(
    records_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = "--questions 3 --every 0.3 --delay-ms 20 --mbit 20 --only waits --only costs --json"
    stream.run(["--records", str(records_dir), *options.split()])
    found = json.loads(capsys.readouterr().out)
    assert found["waits"]["questions"] == 3
    assert found["waits"]["requests"] >= 6
    for row in found["costs"]:
        assert row["first"]["requests"] == 2
        assert row["then"]["requests"] == 1
        assert row["first"]["times own"] <= 1.2
