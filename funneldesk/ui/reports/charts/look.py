"""How charts look: colours of the theme on the screen, ink on white paper in print."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPen
from PySide6.QtWidgets import QApplication

from funneldesk.text import together
from funneldesk.ui.theme import BODY, LIGHT, SMALL, Theme, contrast

WIDE_NAME = 26  # letters after which a name is broken into lines
NARROWEST = 18
HALF = 30  # letters of a half of a name that has a line of its own
PAIRS = (" · ", " / ")  # between the two halves of a name
COLUMN_PAD = 5  # at both sides of the words of a column together


@dataclass(frozen=True, slots=True)
class Look:
    """Colours by meaning and the fonts of a chart.  `paper` = printed, maybe without colour."""

    theme: Theme
    family: str = ""
    paper: bool = False
    scale: float = 1.0

    @property
    def back(self) -> QColor:
        """The ground."""
        return QColor("#ffffff") if self.paper else self.theme.color("raised")

    def color(self, token: str) -> QColor:
        """A colour of the theme by its token."""
        return self.theme.color(token)

    def px(self, size: float) -> float:
        """A size given for 100 % in pixels of this chart."""
        return size * self.scale

    def font(self, size: float = BODY, *, bold: bool = False) -> QFont:
        """The chart's font; unhinted on paper so that letters keep their distances."""
        font = QFont(self.family) if self.family else QFont(QApplication.font())
        font.setPixelSize(max(1, round(self.px(size))))
        font.setWeight(QFont.Weight.DemiBold if bold and not self.family else QFont.Weight.Normal)
        if bold and self.family:
            font.setBold(True)
        if self.paper:
            font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
            # letters drawn together ("fi") would not be found when the text of a PDF is searched
            font.setFeature(QFont.Tag("liga"), 0)
        return font

    def small(self, *, bold: bool = False) -> QFont:
        """The font of second lines and axes."""
        return self.font(SMALL, bold=bold)

    def metrics(self, font: QFont) -> QFontMetricsF:
        """The measures of a font."""
        return QFontMetricsF(font)

    def outline(self) -> QPen:
        """The line around every fill: one pixel whatever the zoom."""
        pen = QPen(self.color("fill_outline"))
        pen.setWidthF(1.0)
        pen.setCosmetic(True)
        return pen

    def pen(
        self, token: str, width: float = 1.0, style: Qt.PenStyle = Qt.PenStyle.SolidLine, alpha: int = 255
    ) -> QPen:
        """A line in a colour of the theme."""
        colour = self.color(token)
        colour.setAlpha(alpha)
        pen = QPen(colour)
        pen.setWidthF(self.px(width))
        pen.setStyle(style)
        pen.setCosmetic(True)
        return pen

    def hatch(self, token: str, pattern: Qt.BrushStyle) -> QBrush:
        """Stripes over a fill, so that it is told apart without colour."""
        colour = self.color(token)
        colour.setAlpha(150)
        return QBrush(colour, pattern)

    def heat(self, share: float) -> tuple[QColor, QColor]:
        """Ground and text of a heat map's cell, 0..1: light to dark blue."""
        share = min(1.0, max(0.0, share))
        low, high = self._heat_ends()
        mixed = QColor(
            round(low.red() + (high.red() - low.red()) * share),
            round(low.green() + (high.green() - low.green()) * share),
            round(low.blue() + (high.blue() - low.blue()) * share),
        )
        light = contrast(mixed.name(), "#ffffff") >= contrast(mixed.name(), "#1f2430")
        return mixed, QColor("#ffffff" if light else "#1f2430")

    def over(self, token: str) -> QColor:
        """The colour of words on a fill of that token: white or black, whichever is read better."""
        ground = self.color(token).name()
        white = contrast(ground, "#ffffff") >= min(4.5, contrast(ground, "#10131a"))
        return QColor("#ffffff" if white else "#10131a")

    def _heat_ends(self) -> tuple[QColor, QColor]:
        return (QColor("#232a36"), QColor("#0a5f94")) if self.dark else (QColor("#f1f6fb"), QColor("#005a8e"))

    @property
    def dark(self) -> bool:
        """Whether the ground is dark."""
        return self.theme.dark and not self.paper


def screen_look(theme: Theme) -> Look:
    """The look of charts in the window."""
    return Look(theme, scale=theme.scale)


def paper_look(family: str = "", scale: float = 1.0) -> Look:
    """The look of charts in print: the light theme on white, whatever the window's."""
    return Look(LIGHT, family=family, paper=True, scale=scale)


def heading(name: str) -> str:
    """A name over a column."""
    return wrapped(name, 14)


def column_width(look: Look, heads: Iterable[str], cells: Iterable[tuple[QFont, str]]) -> float:
    """The pixels that a column of a heat map needs for its head and its cells, at 100 %."""
    names = look.metrics(look.font(12))
    wide = [names.horizontalAdvance(line) for head in heads for line in heading(head).split("\n")]
    wide += [look.metrics(font).horizontalAdvance(words) for font, words in cells]
    return max(wide) / look.px(1) + COLUMN_PAD


def wrapped_all(names: Sequence[str]) -> list[str]:
    """Names in at most two lines each, all as narrow as that allows; of pairs each half has a line."""
    for between in PAIRS:
        halves = [name.rsplit(between, 1) for name in names]
        if names and all(len(pair) == 2 and max(map(len, pair)) <= HALF for pair in halves):
            return [f"{first}{between.rstrip()}\n{second}" for first, second in halves]
    for letters in range(NARROWEST, 60):
        if all(len(line) <= letters for name in names for line in wrapped(name, letters, 2).split("\n")):
            return [wrapped(name, letters, 2) for name in names]
    return [wrapped(name, 60, 2) for name in names]


def wrapped(name: str, letters: int = WIDE_NAME, lines: int = 3) -> str:
    """A name broken between words into at most `lines` lines; the last one keeps all that is left."""
    words, out = together(" ".join(name.split())).split(" "), [""]
    for word in (word.replace("\u00a0", " ") for word in words):
        longer = f"{out[-1]} {word}".strip()
        if len(longer) <= letters or not out[-1] or len(out) == lines:
            out[-1] = longer
        else:
            out.append(word)
    return "\n".join(out)
