from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QRect, QSize, QSizeF
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from rhythmtrainer.gui.screens import reported_px_per_mm, screen_key

pytestmark = pytest.mark.gui


@dataclass(frozen=True)
class FakeScreen:
    """A 24-inch desktop screen."""

    socket: str = "DP-1"
    maker: str = "Dell Inc."
    kind: str = "U2415"
    serial: str = "7MT01/A"
    pixels: QSize = field(default_factory=lambda: QSize(1920, 1200))
    size_mm: QSizeF = field(default_factory=lambda: QSizeF(518.0, 324.0))
    ratio: float = 1.0

    def name(self) -> str:
        return self.socket

    def manufacturer(self) -> str:
        return self.maker

    def model(self) -> str:
        return self.kind

    def serialNumber(self) -> str:  # noqa: N802 - as Qt names it
        return self.serial

    def geometry(self) -> QRect:
        return QRect(QRect(0, 0, 0, 0).topLeft(), self.pixels)

    def physicalSize(self) -> QSizeF:  # noqa: N802 - as Qt names it
        return self.size_mm

    def devicePixelRatio(self) -> float:  # noqa: N802 - as Qt names it
        return self.ratio


SCREEN = FakeScreen()


def test_a_screen_with_a_serial_number_is_the_same_at_any_socket() -> None:
    assert screen_key(SCREEN) == screen_key(replace(SCREEN, socket="HDMI-2"))
    assert screen_key(SCREEN) != screen_key(replace(SCREEN, serial="7MT01B"))


def test_two_screens_without_a_serial_number_are_told_apart_by_their_sockets() -> None:
    one = replace(SCREEN, serial="")
    assert screen_key(one) != screen_key(replace(one, socket="DP-2"))


def test_a_screen_with_other_pixels_is_another() -> None:
    assert screen_key(SCREEN) != screen_key(replace(SCREEN, pixels=QSize(1280, 800)))


def test_a_screen_turned_upright_is_the_same() -> None:
    assert screen_key(SCREEN) == screen_key(replace(SCREEN, pixels=QSize(1200, 1920)))


def test_a_key_is_fit_for_a_settings_file() -> None:
    odd = replace(SCREEN, maker="A/B = [c]", kind="  ", serial="%2F;\\\n")
    assert not set(screen_key(odd)) & set("/\\=[]%; \n")
    assert screen_key(replace(SCREEN, socket="", maker="", kind="", serial="")) == (
        "screen_1920x1200"
    )


def test_a_believable_size_is_the_first_guess() -> None:
    assert reported_px_per_mm(SCREEN) == pytest.approx(1920 / 518)
    laptop = replace(SCREEN, pixels=QSize(1440, 900), size_mm=QSizeF(286, 179), ratio=2.0)
    assert reported_px_per_mm(laptop) == pytest.approx(1440 / 286)


def test_a_size_is_turned_with_the_picture() -> None:
    upright = replace(SCREEN, pixels=QSize(1200, 1920))
    assert reported_px_per_mm(upright) == pytest.approx(1200 / 324)
    assert reported_px_per_mm(replace(upright, size_mm=QSizeF(324, 518))) == pytest.approx(
        1200 / 324
    )


@pytest.mark.parametrize(
    ("pixels", "size_mm", "ratio"),
    [
        (QSize(1920, 1080), QSizeF(0, 0), 1.0),
        (QSize(1920, 1080), QSizeF(-1, 300), 1.0),
        (QSize(0, 0), QSizeF(518, 324), 1.0),
        (QSize(1920, 1080), QSizeF(160, 90), 1.0),
        (QSize(1920, 1200), QSizeF(16, 10), 1.0),
        (QSize(1080, 1920), QSizeF(1600, 900), 1.0),
        (QSize(1920, 1080), QSizeF(508, 285), 1.0),
        (QSize(1280, 720), QSizeF(508, 285.75), 1.5),
        (QSize(1920, 1080), QSizeF(400, 300), 1.0),
        (QSize(1920, 1080), QSizeF(48, 27), 1.0),
        (QSize(1024, 768), QSizeF(3000, 2250), 1.0),
    ],
    ids=[
        "none",
        "negative",
        "no pixels",
        "shape for size",
        "shape in centimetres",
        "shape of a television, upright",
        "made up",
        "made up, scaled",
        "pixels not square",
        "a watch",
        "a wall",
    ],
)
def test_a_size_that_cannot_be_believed_is_none(
    pixels: QSize, size_mm: QSizeF, ratio: float
) -> None:
    screen = replace(SCREEN, pixels=pixels, size_mm=size_mm, ratio=ratio)
    assert reported_px_per_mm(screen) is None


def test_a_real_screen_answers_what_is_asked(qtbot: QtBot) -> None:
    del qtbot
    screen = QGuiApplication.primaryScreen()
    assert screen_key(screen)
    assert reported_px_per_mm(screen) is None or reported_px_per_mm(screen)
