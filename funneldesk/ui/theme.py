"""Every colour, size and distance of the window, in one place, for light and dark."""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import NamedTuple

from PySide6 import QtCore
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from funneldesk.collector import collector_paused

# Distances in pixels at 100 %; everything else is made of these.
SPACE = 4
SPACE_2 = 8
SPACE_3 = 12
SPACE_4 = 16
SPACE_6 = 24

ROW_HEIGHT = 28
RADIUS = 6

# Type scale in pixels at 100 %.
SMALL = 11
BODY = 13
TITLE = 16
HEADLINE = 22


class Theme(NamedTuple):
    """Colours as #rrggbb by what they mean, and the scale of type (1.0 = 100 %)."""

    name: str
    dark: bool
    surface: str  # the window
    raised: str  # cards, tables, inputs
    sunken: str  # board columns, rail, heads of tables
    hover: str
    selected: str  # background of selected rows; text on it stays `text`
    line: str  # decorative lines
    outline: str  # borders of inputs and shapes: at least 3:1 on raised
    text: str
    quiet: str
    disabled: str
    accent: str  # text, icons and lines in the accent colour
    accent_fill: str  # primary buttons
    accent_hover: str
    on_accent: str
    danger: str  # overdue, errors
    danger_fill: str
    on_danger: str
    success: str
    warning_back: str
    warning_text: str
    tooltip_back: str
    tooltip_text: str
    # Meaning colours of fills (Okabe-Ito), and their readable forms for text.
    won: str
    lost: str
    leak: str
    boost: str
    waiting: str
    neutral: str
    won_text: str
    lost_text: str
    leak_text: str
    boost_text: str
    waiting_text: str
    fill_outline: str  # the line around coloured fills, at least 3:1 on raised
    shadow: str
    scale: float = 1.0

    def color(self, token: str) -> QColor:
        """The colour of a token such as ``accent``."""
        return QColor(getattr(self, token))

    def px(self, size: float) -> int:
        """A size given for 100 % in pixels of this scale."""
        return round(size * self.scale)

    def font(self, size: int = BODY, *, bold: bool = False) -> QFont:
        """The system's font in a size of the scale."""
        font = QFont(QApplication.font())
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        return font


LIGHT = Theme(
    name="light",
    dark=False,
    surface="#f7f8fa",
    raised="#ffffff",
    sunken="#eef0f4",
    hover="#e6e9ef",
    selected="#dfe6fb",
    line="#dde1e8",
    outline="#868e9c",
    text="#1f2430",
    quiet="#5a6372",
    disabled="#9aa1ad",
    accent="#3152c8",
    accent_fill="#3457d5",
    accent_hover="#2946b4",
    on_accent="#ffffff",
    danger="#b3261e",
    danger_fill="#b3261e",
    on_danger="#ffffff",
    success="#00704f",
    warning_back="#fff3d6",
    warning_text="#6b4a00",
    tooltip_back="#2a303c",
    tooltip_text="#f2f4f8",
    won="#0072b2",
    lost="#e69f00",
    leak="#d55e00",
    boost="#009e73",
    waiting="#56b4e9",
    neutral="#9aa0a6",
    won_text="#00598c",
    lost_text="#855700",
    leak_text="#a84700",
    boost_text="#00704f",
    waiting_text="#1f6391",
    fill_outline="#4a5260",
    shadow="#1f2430",
)

DARK = Theme(
    name="dark",
    dark=True,
    surface="#16181d",
    raised="#1f2229",
    sunken="#1a1c22",
    hover="#2b2f39",
    selected="#2c3962",
    line="#31353f",
    outline="#7d8593",
    text="#e6e8ed",
    quiet="#a4abb8",
    disabled="#6a7180",
    accent="#9db1ff",
    accent_fill="#4263d9",
    accent_hover="#4a6be0",
    on_accent="#ffffff",
    danger="#ff8a80",
    danger_fill="#c0392f",
    on_danger="#ffffff",
    success="#4ed3a6",
    warning_back="#3d3217",
    warning_text="#f5d48a",
    tooltip_back="#e6e8ed",
    tooltip_text="#1f2229",
    won="#2585c0",
    lost="#e69f00",
    leak="#dc6818",
    boost="#14ab80",
    waiting="#6cc0f0",
    neutral="#a3a9b3",
    won_text="#74c2f2",
    lost_text="#f2b84b",
    leak_text="#ff9e5e",
    boost_text="#4ed3a6",
    waiting_text="#8ccbf2",
    fill_outline="#b9c0cc",
    shadow="#000000",
)


def field_line(theme: Theme) -> str:
    """The line around fields, and the handles of scroll bars."""
    return "#474d5a" if theme.dark else "#c3c9d3"


def choose_theme(wish: str, scale: float = 1.0) -> Theme:
    """The theme for ``light``, ``dark`` or ``system`` at a scale of type (1.0 to 1.75)."""
    dark = _system_is_dark() if wish == "system" else wish == "dark"
    base = DARK if dark else LIGHT
    return base if scale == 1.0 else base._replace(scale=min(max(scale, 1.0), 1.75))


def _system_is_dark() -> bool:
    # To ask for the scheme makes PySide6 build all constants of Qt, which the first screen does
    # without; until then the palette is the platform's own, which on Linux tells the same.
    if sys.platform.startswith("linux") and "Qt" not in vars(QtCore):
        return QGuiApplication.palette().window().color().lightness() < 128
    return QGuiApplication.styleHints().colorScheme() == QtCore.Qt.ColorScheme.Dark


@lru_cache(maxsize=8)
def make_palette(theme: Theme) -> QPalette:
    """A palette with every role of every group set, so that no default grey shows.

    One for each theme: Qt keeps what it has drawn of an icon by the palette, and draws all anew for another.
    """
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.surface,
        role.WindowText: theme.text,
        role.Base: theme.raised,
        role.AlternateBase: theme.surface,
        role.ToolTipBase: theme.tooltip_back,
        role.ToolTipText: theme.tooltip_text,
        role.PlaceholderText: theme.quiet,
        role.Text: theme.text,
        role.Button: theme.raised,
        role.ButtonText: theme.text,
        role.BrightText: theme.on_danger,
        role.Light: theme.raised,
        role.Midlight: theme.hover,
        role.Mid: theme.line,
        role.Dark: theme.outline,
        role.Shadow: theme.shadow,
        role.Highlight: theme.selected,
        role.HighlightedText: theme.text,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent_fill,
    }
    muted = {role.WindowText, role.Text, role.ButtonText, role.HighlightedText, role.PlaceholderText}
    palette = QPalette()
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive, QPalette.ColorGroup.Disabled):
        off = group == QPalette.ColorGroup.Disabled
        for key, value in colours.items():
            palette.setColor(group, key, QColor(theme.disabled if off and key in muted else value))
    return palette


_DRESSED = "funneldesk_dressed"


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Dress the application; call it before widgets are made, or rebuild them after."""
    from funneldesk.ui.stylesheet import make_stylesheet

    if not app.property(_DRESSED):  # the style cannot be asked: under a style sheet it has no name
        app.setStyle(QStyleFactory.create("Fusion"))
        app.setProperty(_DRESSED, True)
    font = QFont(app.font())
    font.setPixelSize(theme.px(BODY))
    # Qt goes through a list of all widgets and calls back into them: one that was collected meanwhile (a
    # dialog that refers to itself and is shown no more) would crash it
    with collector_paused():
        app.setPalette(make_palette(theme))
        app.setFont(font)
        app.setStyleSheet(make_stylesheet(theme))


def contrast(one: str, other: str) -> float:
    """The WCAG contrast of two #rrggbb colours, 1 to 21."""

    def luminance(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)
