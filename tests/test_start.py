import subprocess
import sys

import pytest

_HEAVY = (
    "scipy",
    "wfdb",
    "matplotlib",
    "sqlalchemy",
    "alembic",
    "pandas",
    "requests",
    "edfio",
    "pydicom",
)


@pytest.mark.parametrize("module", ["rhythmtrainer.cli", "rhythmtrainer.app"])
def test_heavy_libraries_wait_until_the_window_is_on_the_screen(module: str) -> None:
    done = subprocess.run(  # noqa: S603 - this interpreter with the text below
        [sys.executable, "-c", f"import sys, {module}; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    loaded = set(done.stdout.split())
    assert module in loaded
    assert loaded.isdisjoint(_HEAVY)
