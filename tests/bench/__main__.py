"""Measurements: ``python -m tests.bench NAME``; each prints a table, or JSON with ``--json``."""

import importlib
import sys

_COMMANDS = {
    "beats": "accuracy and speed of beat detection, against rivals in the same run",
    "waves": "where P, QRS and T begin and end, against rivals in the same run",
    "evidence": "how often what is read off a strip agrees with what its label implies",
    "paint": "frame times of monitor and paper, against pyqtgraph and a full redraw",
    "shock": "shock advice by rhythm and patient",
    "quality": "whether noisy seconds are told from readable ones",
    "simulate": "how long simulated strips take to make, against a rival in the same run",
    "criteria": "whether each rhythm's criteria hold in simulated strips, by their ground truth",
    "verdicts": "whether what is measured on simulated strips is what was put into them",
    "realism": "how well simulated strips are told from real ones, and by what",
    "stream": "what strips from an archive cost and how long they take, with delay and faults",
    "day": "how long a recording of a day takes to open, against reading it whole",
    "kill": "answers that survive a killed program",
    "fuzz": "what damaged files of every kind do to their readers",
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
