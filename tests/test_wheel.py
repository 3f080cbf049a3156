import os
import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]


def run(*command: str, folder: Path, path: Path | None = None) -> str:
    environ = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    if path is not None:
        environ["PYTHONPATH"] = str(path)
    done = subprocess.run(  # noqa: S603 - commands of this file
        [sys.executable, *command],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_built_wheel_carries_everything_it_needs(tmp_path: Path) -> None:
    wheels, site = tmp_path / "wheels", tmp_path / "site"
    run(
        *("-m", "pip", "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", str(wheels)),
        str(_ROOT),
        folder=tmp_path,
    )
    (wheel,) = wheels.glob("*.whl")
    run(
        *("-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)),
        folder=tmp_path,
    )
    said = run(
        "-c",
        "import rhythmtrainer, rhythmtrainer.app.shipped as app\n"
        "from pathlib import Path\n"
        "from rhythmtrainer.training.cancel import Cancel\n"
        "shipped = app.load_shipped(Path('own'), Cancel())\n"
        "print(rhythmtrainer.__file__)\n"
        "print(len(shipped.rhythms), len(shipped.catalogue.spans) > 100)\n"
        "from rhythmtrainer.paths import dataset\n"
        "from rhythmtrainer.records.index.rule_files import read_rules\n"
        "print(len(read_rules(dataset('rules'), 'mitdb').rules) > 10)\n"
        "print(dataset('patients.csv').is_file())",
        folder=tmp_path,
        path=site,
    )
    file, counts, *others = said.splitlines()
    assert Path(file).is_relative_to(site)
    assert counts == "53 True"
    assert others == ["True", "True"]
