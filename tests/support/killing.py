"""Killing the program in the middle of a quiz, and counting what was lost."""

import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rhythmtrainer.store import open_store, sqlite_url

_ROBOT = Path(__file__).with_name("quiz_robot.py")
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Killed:
    """What a killed run had shown as answered, and what its database still holds of it."""

    answered: int
    lost: int


def kill_in_mid_quiz(records: Path, data_dir: Path, chance: random.Random) -> Killed:
    """Let the program answer strips, end it with SIGKILL at some moment, and look at the rest.

    Raises
    ------
    StoreError
        If the database cannot be opened afterwards.
    """
    robot = subprocess.Popen(  # noqa: S603 - this interpreter with the robot beside this file
        [sys.executable, str(_ROBOT), str(records), str(data_dir)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(_ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert robot.stdout is not None
    first = robot.stdout.readline().strip()
    time.sleep(chance.uniform(0.0, 0.4))
    robot.kill()
    rest, _ = robot.communicate()
    # A line that was cut off in the middle was not shown whole.
    shown = {first, *(line.strip() for line in rest.splitlines(keepends=True) if "\n" in line)}
    store = open_store(sqlite_url(data_dir / "answers.sqlite"))
    kept = {attempt.question for attempt in store.attempts()}
    store.close()
    return Killed(answered=len(shown), lost=len(shown - kept))
