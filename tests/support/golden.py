"""Golden pictures: how the views looked when somebody last looked at them and was content.

``python -m tests.support.golden`` draws all of `tests.support.scenes` anew into
``tests/data/pictures``, at one and at two pixels for each logical pixel, and names those that have
changed. Look at each of them before it is committed.

They are drawn in processes of their own that know one font only, the one that comes with
matplotlib, so that they are the same on every Linux machine.
"""

import argparse
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

ROOT: Final = Path(__file__).resolve().parents[2]
PICTURES: Final = ROOT / "tests" / "data" / "pictures"
KEPT: Final = ROOT / "build" / "pictures"
"""Where the failing pairs are kept; git ignores it."""

SCALES: Final = (1, 2)

# The levels go from 0 to 255. The faintest line on any paper differs from its ground by 18.
_FAINT: Final = 16
# Another version of Qt may round an antialiased edge otherwise; it does not move a line.
_STRONG: Final = 64
_FAINT_SHARE: Final = 0.0005

_PATIENCE_S: Final = 100
_FONTS_ONLY: Final = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <match target="font">
    <edit name="antialias" mode="assign"><bool>true</bool></edit>
    <edit name="hinting" mode="assign"><bool>false</bool></edit>
    <edit name="rgba" mode="assign"><const>none</const></edit>
  </match>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """How far a picture is from the one that is expected.

    Attributes
    ----------
    strong
        How many pixels differ by more than any rounding.
    faint
        The share of pixels that differ visibly.
    """

    strong: int
    faint: float

    def __bool__(self) -> bool:
        return self.strong > 0 or self.faint > _FAINT_SHARE


def name_of(scene: str, scale: int | str) -> str:
    """Return the file name of a picture."""
    return f"{scene}@{scale}x.png"


def pixels(image: QImage) -> NDArray[np.uint8]:
    """Return red, green and blue of each pixel, shape ``(height, width, 3)``."""
    plain = image.convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(plain.constBits(), dtype=np.uint8)
    return flat.reshape(plain.height(), plain.width(), 4)[:, :, 2::-1].copy()


def difference(actual: NDArray[np.uint8], expected: NDArray[np.uint8]) -> Difference:
    """Compare two pictures of the same size."""
    apart = _apart(actual, expected)
    return Difference(int((apart > _STRONG).sum()), float((apart > _FAINT).mean()))


def check(actual_path: Path, expected_path: Path, kept: Path = KEPT) -> None:
    """Fail if a picture is not like the expected one, and keep both.

    Raises
    ------
    AssertionError
        With the places of the pictures, and of one that shows where they differ.
    """
    name = expected_path.name
    again = "look at it, then `python -m tests.support.golden` if it is as it should be"
    actual = QImage(str(actual_path))
    if not expected_path.is_file():
        raise AssertionError(f"no {expected_path}: {_keep(kept, name, actual=actual)}; {again}")
    expected = QImage(str(expected_path))
    if actual.size() != expected.size():
        sizes = " and ".join(f"{one.width()}x{one.height()}" for one in (actual, expected))
        where = _keep(kept, name, actual=actual, expected=expected)
        raise AssertionError(f"{name} is {sizes} large: {where}; {again}")
    found = difference(pixels(actual), pixels(expected))
    if found:
        shown = np.clip(_apart(pixels(actual), pixels(expected)) * 4, 0, 255).astype(np.uint8)
        height, width = shown.shape
        apart = QImage(shown.tobytes(), width, height, width, QImage.Format.Format_Grayscale8)
        where = _keep(kept, name, actual=actual, expected=expected, difference=apart)
        raise AssertionError(
            f"{name}: {found.strong} pixels differ strongly, {100 * found.faint:.2f} %"
            f" visibly: {where}; {again}"
        )


def draw(folder: Path, scale: int) -> None:
    """Draw every scene at a scale into a folder, in a process that sees nothing of this machine.

    Raises
    ------
    AssertionError
        If it fails, with what it said.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(  # noqa: S603 - a module beside this one
            [sys.executable, "-m", "tests.support.scenes", str(folder)],
            cwd=ROOT,
            env=_environment(scale, Path(scratch)),
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    assert done.returncode == 0, done.stderr


def _apart(actual: NDArray[np.uint8], expected: NDArray[np.uint8]) -> NDArray[np.int16]:
    """Return the largest difference of a colour in each pixel."""
    apart: NDArray[np.int16] = np.abs(actual.astype(np.int16) - expected).max(axis=2)
    return apart


def _keep(folder: Path, name: str, **pictures: QImage) -> str:
    folder.mkdir(parents=True, exist_ok=True)
    for kind, picture in pictures.items():
        picture.save(str(folder / f"{Path(name).stem}.{kind}.png"))
    return f"see {folder / Path(name).stem}.*.png"


def _environment(scale: int, scratch: Path) -> dict[str, str]:
    found = importlib.util.find_spec("matplotlib")
    assert found is not None
    assert found.origin is not None
    fonts = Path(found.origin).parent / "mpl-data" / "fonts" / "ttf"
    settings = scratch / "fonts.conf"
    settings.write_text(_FONTS_ONLY.format(fonts=fonts, cache=scratch / "cache"))
    ours = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_SCALE_FACTOR": str(scale),
        "QT_FONT_DPI": "96",
        "FONTCONFIG_FILE": str(settings),
        "LC_ALL": "C.UTF-8",
    }
    others = {name: value for name, value in os.environ.items() if not name.startswith("QT_")}
    return others | ours


def renew(drawn: Path, pictures: Path) -> list[str]:
    """Replace pictures that are no longer alike, and take away those of scenes that are no more.

    Returns
    -------
    list of str
        File names of what has changed.
    """
    pictures.mkdir(parents=True, exist_ok=True)
    names = {path.name for path in drawn.iterdir()}
    gone = {path.name for path in pictures.glob(name_of("*", "*"))} - names
    for name in gone:
        (pictures / name).unlink()
    changed = {name for name in names if not _alike(drawn / name, pictures / name)}
    for name in changed:
        shutil.copyfile(drawn / name, pictures / name)
    return sorted(gone | changed)


def _alike(drawn: Path, kept: Path) -> bool:
    ours, theirs = QImage(str(drawn)), QImage(str(kept))
    return ours.size() == theirs.size() and not difference(pixels(ours), pixels(theirs))


def main() -> int:
    """Draw all golden pictures anew."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.support.golden",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--into", type=Path, default=PICTURES, help="default: %(default)s")
    into: Path = parser.parse_args().into
    with tempfile.TemporaryDirectory() as folder:
        for scale in SCALES:
            draw(Path(folder), scale)
        changed = renew(Path(folder), into)
    sys.stdout.write("\n".join([*changed, f"{len(changed)} pictures have changed", ""]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
