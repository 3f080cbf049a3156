"""What the window knows about the screen it is on: which it is, and how large its pixels are."""

import re
from typing import Final, Protocol

from PySide6.QtCore import QRect, QSizeF

_MM_PER_INCH: Final = 25.4

# Logical pixels for each millimetre between a wall-sized television and the densest of phones.
_BELIEVABLE_PX_PER_MM: Final = (0.8, 25.0)
# Pixels are square; the sizes that screens report are rounded to a millimetre or a centimetre.
_UNSQUARE: Final = 0.04
# Not sizes but shapes, 16:9 and 16:10, that televisions and projectors put in their place.
_SHAPES_MM: Final = frozenset({(16, 9), (16, 10), (160, 90), (160, 100), (1600, 900), (1600, 1000)})
# What a display server makes up where the screen says nothing, give or take its rounding.
_MADE_UP_DPI: Final = 96.0
_ROUNDING_MM: Final = 1.0


class Screen(Protocol):
    """What is asked of a `QScreen`."""

    def name(self) -> str:
        """Return the name of the connection, for example ``HDMI-1``."""
        ...

    def manufacturer(self) -> str:
        """Return the maker, or nothing."""
        ...

    def model(self) -> str:
        """Return the model, or nothing."""
        ...

    def serialNumber(self) -> str:  # noqa: N802 - as Qt names it
        """Return the serial number, or nothing."""
        ...

    def geometry(self) -> QRect:
        """Return place and size in logical pixels."""
        ...

    def physicalSize(self) -> QSizeF:  # noqa: N802 - as Qt names it
        """Return the size in millimetres that the screen reports."""
        ...

    def devicePixelRatio(self) -> float:  # noqa: N802 - as Qt names it
        """Return the screen's own pixels for each logical one."""
        ...


def screen_key(screen: Screen) -> str:
    """Return a name by which a screen is known again after a restart.

    A screen with a serial number is the same one at any socket; one without is known by its socket
    too. The same screen at another resolution or scale has other pixels and another name; turned
    upright it has the same.

    Returns
    -------
    str
        Letters, digits, dots, hyphens and underscores: fit for a settings file.
    """
    parts = [screen.manufacturer(), screen.model(), screen.serialNumber()]
    if not screen.serialNumber().strip():
        parts.append(screen.name())
    size = screen.geometry().size()
    long, short = max(size.width(), size.height()), min(size.width(), size.height())
    known = "_".join(re.sub(r"[^\w.-]+", "-", part.strip()) for part in parts if part.strip())
    return f"{known or 'screen'}_{long}x{short}"


def reported_px_per_mm(screen: Screen) -> float | None:
    """Return the logical pixels for each millimetre by the screen's own word, if believable.

    Returns
    -------
    float or None
        None where the screen reports no size, a shape in place of a size, pixels that are not
        square or of no plausible size, or what a display server says of every screen.
    """
    pixels, size = screen.geometry().size(), screen.physicalSize()
    width, height = size.width(), size.height()
    if not (width > 0 and height > 0) or pixels.isEmpty():
        return None
    if (round(max(width, height)), round(min(width, height))) in _SHAPES_MM:
        return None
    if (width > height) != (pixels.width() > pixels.height()):
        # Some desktops turn the picture and not the size.
        width, height = height, width
    across, down = pixels.width() / width, pixels.height() / height
    if abs(across / down - 1) > _UNSQUARE or _is_made_up(screen, width, height):
        return None
    least, most = _BELIEVABLE_PX_PER_MM
    return across if least <= across <= most else None


def _is_made_up(screen: Screen, width_mm: float, height_mm: float) -> bool:
    mm_per_px = _MM_PER_INCH / _MADE_UP_DPI * screen.devicePixelRatio()
    pixels = screen.geometry().size()
    return (
        abs(pixels.width() * mm_per_px - width_mm) < _ROUNDING_MM
        and abs(pixels.height() * mm_per_px - height_mm) < _ROUNDING_MM
    )
