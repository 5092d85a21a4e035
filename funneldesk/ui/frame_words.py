"""Words on the first frame in their colours, without `QPainter.setPen` (see `shapes`).

A painter on a widget begins with the colour of the widget's palette, so that a sheet over the
frame for each colour writes what the frame has noted.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from funneldesk.ui.board.card_paint import CardLook

TOKENS = (
    "text", "quiet", "accent", "on_accent", "danger", "success",
    "lost_text", "boost_text", "won_text", "leak_text", "waiting_text",
)  # fmt: skip


class Word(NamedTuple):
    """A text to write; `room` None = anywhere."""

    x: int
    base: int
    text: str
    font: QFont
    room: QRect | None


class Sheet(QWidget):
    """Writes the words of one colour."""

    def __init__(self, parent: QWidget, colour: QColor) -> None:
        super().__init__(parent)
        self.words: list[Word] = []
        self.colour = colour
        self.styled = False  # a style sheet may have changed the palette
        palette = QPalette()
        palette.setColor(QPalette.ColorRole.WindowText, colour)
        self.setPalette(palette)

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.words:
            return
        painter = QPainter(self)
        if self.styled:
            painter.setPen(self.colour)
        room: QRect | None = None
        for word in self.words:
            if word.room is not room:
                room = word.room
                if room is None:
                    painter.setClipping(False)
                else:
                    painter.setClipRect(room)
            painter.setFont(word.font)
            painter.drawText(word.x, word.base, word.text)


class FrameLook(CardLook):
    """Notes the words for the sheets instead of writing them."""

    room: QRect | None = None  # where words are seen

    def make_sheets(self, frame: QWidget) -> None:
        """The sheets over `frame`."""
        self.sheets = {token: Sheet(frame, self.theme.color(token)) for token in TOKENS}

    def clear(self) -> None:
        """Begin anew."""
        for sheet in self.sheets.values():
            sheet.words.clear()

    def shorten(self, metrics: QFontMetrics, text: str, width: int) -> str:
        """As Qt does it, which asks for a constant of Qt."""
        if metrics.horizontalAdvance(text) <= width:
            return text
        low, high = 0, len(text) - 1
        while low < high:  # the longest beginning that fits
            middle = (low + high + 1) // 2
            if metrics.horizontalAdvance(text[:middle] + "…") <= width:
                low = middle
            else:
                high = middle - 1
        return text[:low] + "…"

    def write(self, painter: QPainter, x: int, base: int, text: str, font: QFont, token: str) -> None:
        """Note a text."""
        self.sheets[token].words.append(Word(x, base, text, font, self.room))
