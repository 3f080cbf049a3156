"""Runs every check of the program: style, types, structure, behaviour."""

import os
import subprocess
import sys
import time
from pathlib import Path

from rhythmtrainer.platform_check import qt_fault

_ROOT = Path(__file__).resolve().parents[1]
_BIN = Path(sys.executable).parent

_CHECKS = (
    ("style", [sys.executable, "-m", "ruff", "check", "."]),
    ("layout", [sys.executable, "-m", "ruff", "format", "--check", "."]),
    ("types", [sys.executable, "-m", "mypy"]),
    ("structure", [str(_BIN / "lint-imports")]),
    ("behaviour", [sys.executable, "-m", "pytest"]),
)


def main() -> int:
    """Run all checks, also after one has failed, and return how many failed."""
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    fault = qt_fault(environ, may_install=True)
    if fault is not None:
        print(fault)
        return 1
    failed = []
    for name, command in _CHECKS:
        print(f"== {name}: {' '.join(command[1:] or command)}", flush=True)
        started = time.monotonic()
        done = subprocess.run(command, cwd=_ROOT, env=environ, check=False)  # noqa: S603 - the list above
        print(f"== {name}: {time.monotonic() - started:.0f} s, exit {done.returncode}", flush=True)
        if done.returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else "all checks passed", flush=True)
    return len(failed)


if __name__ == "__main__":
    sys.exit(main())
