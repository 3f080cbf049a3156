"""Measurements: ``python -m tests.bench NAME``; each prints a table, or JSON with ``--json``."""

import importlib
import sys

_COMMANDS = {
    "beats": "accuracy and speed of beat detection, against a rival in the same run",
    "kill": "answers that survive a killed program",
}


def main() -> int:
    """Run the command that is named first."""
    name, *rest = sys.argv[1:] or [""]
    if name not in _COMMANDS:
        for known, what in _COMMANDS.items():
            print(f"python -m tests.bench {known:8} {what}")
        return 2
    result: int = importlib.import_module(f"tests.bench.{name}").run(rest)
    return result


if __name__ == "__main__":
    sys.exit(main())
