"""Small things that all parts of the library page have."""

from html import escape
from typing import Final

from PySide6.QtWidgets import QLabel, QPushButton, QTextBrowser

from rhythmtrainer.gui.theme import heading_font

_USUAL: Final = "segment"
_BROWSER_STYLE: Final = """
    QTextBrowser { border: 1px solid palette(mid); }
    QTextBrowser:focus { border-color: palette(highlight); }
"""


def button(name: str, label: str, accessible: str = "", *, role: str = _USUAL) -> QPushButton:
    """Return a button that Enter presses as Space does.

    Parameters
    ----------
    accessible
        What a screen reader says where the label alone does not tell enough.
    """
    made = QPushButton(label)
    made.setObjectName(name)
    made.setProperty("role", role)
    made.setAutoDefault(True)
    made.setAccessibleName(accessible or label.removesuffix(" …"))
    return made


def heading(text: str, points_more: int = 0) -> QLabel:
    """Return a label that heads a part of the page."""
    label = QLabel(text)
    label.setFont(heading_font(points_more))
    return label


def facts_browser(name: str, accessible: str) -> QTextBrowser:
    """Return what shows facts with links, and scrolls where there are many."""
    browser = QTextBrowser()
    browser.setObjectName(name)
    browser.setAccessibleName(accessible)
    browser.setOpenExternalLinks(True)
    browser.setStyleSheet(_BROWSER_STYLE)
    return browser


def tooltip(text: str) -> str:
    """Return a tooltip that wraps, and in which nothing is taken for markup."""
    return f"<p>{escape(text)}</p>" if text else ""


def allow(pressed: QPushButton, why_not: str, hint: str = "") -> None:
    """Let a button be pressed, or say in its tooltip why it cannot be."""
    pressed.setEnabled(not why_not)
    pressed.setToolTip(tooltip(why_not or hint))
    pressed.setAccessibleDescription(why_not or hint)
