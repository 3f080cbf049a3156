import random
from pathlib import Path

from tests.support.killing import kill_in_mid_quiz


def test_a_killed_program_loses_no_answered_question(records_dir: Path, tmp_path: Path) -> None:
    chance = random.Random(1)  # noqa: S311 - moments, not secrets
    killed = [kill_in_mid_quiz(records_dir, tmp_path, chance) for _ in range(4)]
    assert sum(run.answered for run in killed) > 10
    assert [run.lost for run in killed] == [0, 0, 0, 0]
