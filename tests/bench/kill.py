"""Kills the program in the middle of quizzes and counts answers that were lost."""

import argparse
import json
import os
import random
import tempfile
from pathlib import Path

from tests.support.killing import kill_in_mid_quiz


def run(argv: list[str]) -> int:
    """Kill the program again and again; return 1 if an answer was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench kill")
    parser.add_argument(
        "--records", type=Path, default=os.environ.get("RHYTHMTRAINER_TEST_RECORDS"), required=False
    )
    parser.add_argument("--times", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args(argv)
    if arguments.records is None:
        parser.error("--records is needed: a folder that holds mitdb/1.0.0")
    chance = random.Random(arguments.seed)  # noqa: S311 - moments, not secrets
    answered = lost = 0
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.times):
            killed = kill_in_mid_quiz(arguments.records, Path(folder), chance)
            answered += killed.answered
            lost += killed.lost
    found = {"kills": arguments.times, "answered": answered, "lost": lost}
    if arguments.json:
        print(json.dumps(found))
    else:
        print(f"{arguments.times} kills, {answered} answers shown, {lost} lost")
    return int(lost > 0)
