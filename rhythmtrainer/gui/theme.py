"""Colours and spacing of the window."""

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from rhythmtrainer.paths import asset

UNIT: Final = 4
"""Every distance is a multiple of this many pixels."""

ACCENT_LIGHT: Final = "#1f5fbf"
ACCENT_DARK: Final = "#7db1ff"


def is_dark() -> bool:
    """Return whether the desktop asks for a dark window."""
    return QGuiApplication.styleHints().colorScheme() is Qt.ColorScheme.Dark


def verdict_colour(*, right: bool) -> QColor:
    """Return the colour behind a word and a sign that already say it."""
    if is_dark():
        return QColor("#7fd69a" if right else "#ffb46b")
    return QColor("#1c7a3d" if right else "#a34a00")


def apply_theme(app: QApplication) -> None:
    """Dress the whole program, and again whenever the desktop turns light or dark."""
    app.setStyle("Fusion")
    app.setPalette(_palette())
    app.setStyleSheet(_style_sheet())


def _palette() -> QPalette:
    dark = is_dark()
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: "#1d2125" if dark else "#f4f5f6",
        QPalette.ColorRole.WindowText: "#e7eaed" if dark else "#1b1f23",
        QPalette.ColorRole.Base: "#16191c" if dark else "#ffffff",
        QPalette.ColorRole.AlternateBase: "#22272c" if dark else "#f0f2f4",
        QPalette.ColorRole.Text: "#e7eaed" if dark else "#1b1f23",
        QPalette.ColorRole.PlaceholderText: "#98a2ab" if dark else "#5d6770",
        QPalette.ColorRole.Button: "#2a3036" if dark else "#ffffff",
        QPalette.ColorRole.ButtonText: "#e7eaed" if dark else "#1b1f23",
        QPalette.ColorRole.Highlight: ACCENT_DARK if dark else ACCENT_LIGHT,
        QPalette.ColorRole.HighlightedText: "#10151a" if dark else "#ffffff",
        QPalette.ColorRole.Link: ACCENT_DARK if dark else ACCENT_LIGHT,
        QPalette.ColorRole.ToolTipBase: "#2a3036" if dark else "#ffffff",
        QPalette.ColorRole.ToolTipText: "#e7eaed" if dark else "#1b1f23",
        QPalette.ColorRole.Mid: "#3c444c" if dark else "#c6ccd2",
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    faded = QColor("#76808a" if dark else "#8b949c")
    for role in (
        QPalette.ColorRole.WindowText,
        QPalette.ColorRole.Text,
        QPalette.ColorRole.ButtonText,
    ):
        palette.setColor(QPalette.ColorGroup.Disabled, role, faded)
    return palette


def _style_sheet() -> str:
    strong = ACCENT_DARK if is_dark() else ACCENT_LIGHT
    on_strong = "#10151a" if is_dark() else "#ffffff"
    check = asset("icons", "check-on-light.svg" if is_dark() else "check-on-dark.svg").as_posix()
    return f"""
        QPushButton {{ padding: 6px 14px; min-height: 20px; border: 1px solid palette(mid);
            border-radius: 4px; background: palette(button); }}
        QPushButton:hover {{ border-color: {strong}; }}
        QPushButton:focus {{ border: 2px solid {strong}; padding: 5px 13px; }}
        QPushButton:pressed {{ background: palette(alternate-base); }}
        QPushButton[role="primary"] {{ background: {strong}; color: {on_strong};
            border-color: {strong}; font-weight: 600; }}
        QPushButton[role="primary"]:focus {{ border: 2px solid palette(window-text); }}
        QPushButton[role="primary"]:disabled {{ background: palette(button);
            color: palette(placeholder-text); border-color: palette(mid); }}
        QPushButton[role="answer"] {{ text-align: left; padding: 8px 14px; }}
        QPushButton[role="answer"]:focus {{ padding: 7px 13px; }}
        QPushButton[role="rail"] {{ text-align: left; border: none; border-radius: 4px;
            padding: 8px 12px; background: transparent; }}
        QPushButton[role="rail"]:hover {{ background: palette(alternate-base); }}
        QPushButton[role="rail"]:checked {{ background: palette(alternate-base);
            color: {strong}; font-weight: 600; }}
        QPushButton[role="rail"]:focus {{ border: 2px solid {strong}; padding: 6px 10px; }}
        QPushButton[role="segment"] {{ padding: 3px 12px; min-height: 16px; }}
        QPushButton[role="segment"]:checked {{ background: {strong}; color: {on_strong};
            border-color: {strong}; }}
        QPushButton[role="segment"]:checked:focus {{ border: 2px solid palette(window-text);
            padding: 2px 11px; }}
        QPushButton[role="reading"] {{ text-align: left; border: none; border-radius: 3px;
            padding: 0px 4px; min-height: 12px; color: palette(placeholder-text);
            background: transparent; }}
        QPushButton[role="reading"]:hover {{ background: palette(alternate-base); }}
        QPushButton[role="reading"]:checked {{ background: {strong}; color: {on_strong}; }}
        QPushButton[role="reading"]:focus {{ border: 1px solid {strong}; padding: 0px 3px; }}
        QPushButton[role="reading"]:checked:focus {{ border-color: palette(window-text); }}
        QToolButton[role="segment"] {{ padding: 1px 18px 1px 12px; min-height: 16px;
            border: 1px solid palette(mid); border-radius: 4px; background: palette(button); }}
        QToolButton[role="segment"]:hover {{ border-color: {strong}; }}
        QToolButton[role="segment"]:focus {{ border: 2px solid {strong};
            padding: 0px 17px 0px 11px; }}
        QToolButton[role="segment"]::menu-indicator {{ subcontrol-position: right center;
            right: 5px; }}
        QScrollArea:focus {{ border: 2px solid {strong}; }}
        QLabel[role="quiet"] {{ color: palette(placeholder-text); }}
        QFrame[role="banner"] {{ border: 1px solid palette(mid); border-radius: 4px;
            background: palette(base); }}
        QCheckBox::indicator {{ width: 14px; height: 14px; border: 1px solid
            palette(placeholder-text); border-radius: 3px; background: palette(base); }}
        QCheckBox::indicator:checked {{ background: {strong}; border-color: {strong};
            image: url("{check}"); }}
        QCheckBox:focus {{ text-decoration: underline; }}
        QFrame[role="line"] {{ color: palette(mid); }}
        QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; }}
        QTableView {{ border: 1px solid palette(mid); gridline-color: transparent; }}
        QHeaderView::section {{ border: none; border-bottom: 1px solid palette(mid);
            padding: 4px 8px; background: palette(window); }}
    """


def heading_font(points_more: int = 4) -> QFont:
    """Return the window's font, larger and heavier."""
    font = QFont(QApplication.font())
    font.setPointSizeF(font.pointSizeF() + points_more)
    font.setWeight(QFont.Weight.DemiBold)
    return font


def tabular_font() -> QFont:
    """Return the window's font with figures of equal width, so that numbers do not dance."""
    font = QFont(QApplication.font())
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
