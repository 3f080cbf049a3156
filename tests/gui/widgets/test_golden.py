import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from rhythmtrainer.gui.widgets.colours import PaperStyle
from tests.support.golden import PICTURES, SCALES, check, difference, draw, name_of, pixels, renew
from tests.support.scenes import SCENES

pytestmark = pytest.mark.gui

LARGEST_PICTURE = 60_000
LARGEST_ALTOGETHER = 1_000_000
SIZE = (600, 240)

Pixels = NDArray[np.uint8]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Path]:
    """Draw everything once for each scale."""
    folders: dict[int, Path] = {}

    def at(scale: int) -> Path:
        if scale not in folders:
            folders[scale] = tmp_path_factory.mktemp("drawn")
            draw(folders[scale], scale)
        return folders[scale]

    return at


@pytest.mark.skipif(sys.platform != "linux", reason="only there can the font be fixed")
@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("scene", SCENES)
def test_a_view_looks_as_it_did(scene: str, scale: int, drawn: Callable[[int], Path]) -> None:
    name = name_of(scene, scale)
    check(drawn(scale) / name, PICTURES / name)


def test_every_picture_belongs_to_a_scene_and_is_small() -> None:
    sizes = {path.name: path.stat().st_size for path in PICTURES.iterdir()}
    assert set(sizes) == {name_of(scene, scale) for scene in SCENES for scale in SCALES}
    assert {name: size for name, size in sizes.items() if size > LARGEST_PICTURE} == {}
    assert sum(sizes.values()) < LARGEST_ALTOGETHER


def paper(style: PaperStyle, *, shift: float = 0.0, without_line: float | None = None) -> QImage:
    """Draw a grid and a wave, moved up a little, or without one of the small lines."""
    colours = style.colours
    image = QImage(*SIZE, QImage.Format.Format_RGB32)
    image.fill(colours.background)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(colours.small_line, 1.0))
    for y in np.arange(0.5, SIZE[1], 6.0):
        if y != without_line:
            painter.drawLine(QPointF(0, y), QPointF(SIZE[0], y))
    painter.setPen(QPen(colours.trace, 1.5))
    x = np.linspace(0, SIZE[0], 300)
    y = 120 - shift - 60 * np.sin(x / 40)
    painter.drawPolyline([QPointF(*point) for point in zip(x, y, strict=True)])
    painter.end()
    return image


@pytest.mark.parametrize("style", PaperStyle)
def test_the_same_drawn_again_is_alike(style: PaperStyle) -> None:
    assert not difference(pixels(paper(style)), pixels(paper(style)))


@pytest.mark.parametrize("style", PaperStyle)
def test_a_missing_small_line_is_seen_on_every_paper(style: PaperStyle) -> None:
    assert difference(pixels(paper(style, without_line=24.5)), pixels(paper(style)))


@pytest.mark.parametrize("style", PaperStyle)
def test_a_trace_half_a_pixel_away_is_seen(style: PaperStyle) -> None:
    assert difference(pixels(paper(style, shift=0.5)), pixels(paper(style)))


@pytest.mark.parametrize("style", PaperStyle)
def test_another_rounding_of_edges_is_not_a_difference(style: PaperStyle) -> None:
    assert not difference(pixels(paper(style, shift=0.02)), pixels(paper(style)))


def test_a_little_noise_everywhere_is_not_a_difference() -> None:
    expected = pixels(paper(PaperStyle.PINK)).astype(int)
    noise = np.random.default_rng(0).integers(-8, 9, expected.shape)
    assert not difference(
        np.clip(expected + noise, 0, 255).astype(np.uint8), pixels(paper(PaperStyle.PINK))
    )


def test_a_single_letter_is_seen() -> None:
    expected = pixels(paper(PaperStyle.PINK))
    changed = expected.copy()
    changed[100:109, 200:202] = 0
    assert difference(changed, expected)


def test_an_unlike_pair_is_kept_and_named(tmp_path: Path) -> None:
    actual, expected, kept = tmp_path / "a.png", tmp_path / "page@1x.png", tmp_path / "kept"
    paper(PaperStyle.PINK, without_line=24.5).save(str(actual))
    paper(PaperStyle.PINK).save(str(expected))
    with pytest.raises(AssertionError, match=r"page@1x\.\*\.png"):
        check(actual, expected, kept)
    shown = pixels(QImage(str(kept / "page@1x.difference.png")))
    assert np.flatnonzero(shown.any(axis=(1, 2))).tolist() == [24]
    for kind, path in (("actual", actual), ("expected", expected)):
        copy = QImage(str(kept / f"page@1x.{kind}.png"))
        assert not difference(pixels(copy), pixels(QImage(str(path))))


@pytest.mark.parametrize("there", [False, True], ids=["no picture", "another size"])
def test_what_cannot_be_compared_fails(tmp_path: Path, *, there: bool) -> None:
    actual, expected = tmp_path / "a.png", tmp_path / "page@1x.png"
    paper(PaperStyle.PINK).save(str(actual))
    if there:
        blank = QImage(10, 10, QImage.Format.Format_RGB32)
        blank.fill(QColor(Qt.GlobalColor.white))
        blank.save(str(expected))
    with pytest.raises(AssertionError, match="look at it"):
        check(actual, expected, tmp_path / "kept")


def test_only_what_has_changed_is_drawn_anew(tmp_path: Path) -> None:
    drawn, kept = tmp_path / "drawn", tmp_path / "kept"
    drawn.mkdir()
    kept.mkdir()
    before, after = paper(PaperStyle.PINK), paper(PaperStyle.PINK, shift=2.0)
    for name, old, new in (
        ("alike@1x.png", before, paper(PaperStyle.PINK, shift=0.02)),
        ("changed@1x.png", before, after),
        ("gone@2x.png", before, None),
        ("new@2x.png", None, after),
    ):
        if old is not None:
            old.save(str(kept / name))
        if new is not None:
            new.save(str(drawn / name))
    alike = (kept / "alike@1x.png").read_bytes()
    assert renew(drawn, kept) == ["changed@1x.png", "gone@2x.png", "new@2x.png"]
    assert {path.name for path in kept.iterdir()} == {path.name for path in drawn.iterdir()}
    assert (kept / "alike@1x.png").read_bytes() == alike
    assert (kept / "changed@1x.png").read_bytes() == (drawn / "changed@1x.png").read_bytes()
