"""Pages of a print: what is drawn where, first laid out, then painted with page numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen, QPicture
from PySide6.QtWidgets import QWidget

from funneldesk.text import _, typeset
from funneldesk.ui.reports.charts.look import Look

Draw = Callable[[QPainter], None]
WRAP = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft) | int(Qt.AlignmentFlag.AlignTop)
INK = "#1f2430"
QUIET = "#4a5260"
LINE = "#9aa1ad"
STRIPE = "#f2f4f7"
LOGO = 44.0


@dataclass
class Page:
    """One page under construction: its head, whether it lies across, and what stands on it."""

    head: Sequence[str]
    wide: bool = False
    drawn: list[Draw] = field(default_factory=list)


class Paper:
    """Lays blocks under each other inside the margins; a block that does not fit begins a new page.

    `area` is the page's inside in the device's pixels; `look` carries the scale and the font.
    """

    def __init__(
        self, area: QRectF, look: Look, company: str = "", stamp: str = "", logo: QImage | None = None
    ) -> None:
        self.look = look
        self.pages: list[Page] = []
        self._area = area
        self._company, self._stamp, self._logo = company, stamp, logo
        self._y = 0.0
        self._head: Sequence[str] = ()
        self._kept: list[QWidget] = []

    # -- sizes --------------------------------------------------------------------------------

    @property
    def width(self) -> float:
        """The width between the margins."""
        return self._area.width()

    @property
    def left(self) -> float:
        """The left margin."""
        return self._area.left()

    @property
    def is_wide(self) -> bool:
        """Whether the page lies across."""
        return self._area.width() > self._area.height()

    def room(self) -> float:
        """The height that is left on this page."""
        return self._bottom() - self._y

    def page_room(self) -> float:
        """The height of an empty page under its head."""
        return self._bottom() - self._area.top() - self._head_height()

    def font(self, size: float, *, bold: bool = False) -> QFont:
        """A font of the print, in pixels at 96 to the inch."""
        return self.look.font(size, bold=bold)

    def text_height(self, text: str, font: QFont, width: float) -> float:
        """How high a wrapped text is."""
        box = QRectF(0, 0, width, 1e6)
        return QFontMetricsF(font).boundingRect(box, WRAP, typeset(text)).height()

    # -- building -----------------------------------------------------------------------------

    def turn(self, *, wide: bool) -> None:
        """Let the pages that follow lie across, or stand upright."""
        if wide != self.is_wide:
            area = self._area
            self._area = QRectF(area.left(), area.top(), area.height(), area.width())

    def begin(self, head: Sequence[str]) -> None:
        """A new page under a head: the title, then lines."""
        self._head = head
        self.pages.append(Page(head, self.is_wide))
        self._y = self._area.top() + self._head_height()

    def next_page(self) -> None:
        """Another page under the same head."""
        self.begin(self._head)

    def keep(self, widget: QWidget) -> None:
        """Hold a widget that is painted from until `close`."""
        self._kept.append(widget)

    def drop_after(self, pages: int) -> None:
        """Take back all pages but the first `pages`."""
        for page in self.pages[pages:]:
            page.drawn.clear()
        del self.pages[pages:]

    def close(self) -> None:
        """Put away what was painted from; nothing can be painted after it."""
        for page in self.pages:
            page.drawn.clear()
        for widget in self._kept:
            widget.hide()
            widget.deleteLater()
        self._kept.clear()

    def place(self, height: float, draw: Callable[[QPainter, QRectF], None], gap: float = 0) -> None:
        """Put a block of that height here, or on the next page when it does not fit."""
        if height > self.room() and self._y > self._area.top() + self._head_height():
            self.next_page()
        box = QRectF(self.left, self._y, self.width, height)
        self.pages[-1].drawn.append(lambda painter: draw(painter, box))
        self._y += height + self.look.px(gap)

    def space(self, height: float) -> None:
        """Leave room before what comes next, but not at the top of a page."""
        if self._y > self._area.top() + self._head_height():
            self._y += self.look.px(height)

    def text(self, text: str, size: float, *, bold: bool = False, color: str = INK, gap: float = 6) -> None:
        """A paragraph."""
        if text:
            font = self.font(size, bold=bold)
            height = self.text_height(text, font, self.width)

            def draw(painter: QPainter, box: QRectF) -> None:
                write(painter, box, text, font, color, WRAP)

            self.place(height, draw, gap)

    def entry(
        self,
        texts: Sequence[str],
        shares: Sequence[float],
        page: Callable[[], object],
        size: float,
        *,
        color: str = INK,
    ) -> None:
        """A line of contents: words in columns of these shares; the page is asked for when it is painted."""
        font, right = self.font(size), int(Qt.AlignmentFlag.AlignRight)
        inside, gap = self.width - self.look.px(64), self.look.px(12)
        wide = [inside * share - gap for share in shares]

        def draw(painter: QPainter, box: QRectF) -> None:
            left = box.left()
            for text, width in zip(texts, wide, strict=True):
                write(painter, QRectF(left, box.top(), width, box.height()), text, font, color, WRAP)
                left += width + gap
            write(painter, box, str(page()), font, color, right)

        self.place(max(map(self.text_height, texts, [font] * len(wide), wide)), draw, 6)

    # -- painting -----------------------------------------------------------------------------

    def paint(self, painter: QPainter, new_page: Callable[[bool], object], *, turned: bool = False) -> None:
        """Paint every page; between them `new_page` is told whether the next lies across.

        `turned` = all sheets stand upright: a page that lies across has its head at the left edge.
        """
        for number, page in enumerate(self.pages, start=1):
            if number > 1:
                new_page(page.wide)
            self.turn(wide=page.wide)
            if not (turned and page.wide):
                self._paint_page(painter, number, page)
                continue
            # charts would draw their words level on a painter that is turned itself
            picture = QPicture()
            inner = QPainter(picture)
            self._paint_page(inner, number, page)
            inner.end()
            painter.save()
            painter.translate(0, self._area.width())
            painter.rotate(-90)
            painter.drawPicture(0, 0, picture)
            painter.restore()

    def _paint_page(self, painter: QPainter, number: int, page: Page) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_head(painter, page)
        for draw in page.drawn:
            painter.save()
            draw(painter)
            painter.restore()
        self._paint_foot(painter, number)

    def _bottom(self) -> float:
        return self._area.bottom() - self.look.px(26)

    def _head_lines(self) -> list[tuple[str, QFont, str]]:
        lines = [(self._company, self.font(9), QUIET)] if self._company else []
        for number, text in enumerate(self._head):
            lines.append((text, self.font(17, bold=True) if number == 0 else self.font(9), INK))
        return lines

    def _head_height(self) -> float:
        gap = self.look.px(3)
        inside = self.width - self._logo_width()
        heights = [self.text_height(text, font, inside) + gap for text, font, _c in self._head_lines()]
        least = self._logo_height() + gap if self._logo is not None else 0.0
        return max(sum(heights), least) + self.look.px(18)

    def _logo_height(self) -> float:
        """A logo is two lines high, unless it is very wide."""
        logo = self._logo
        if logo is None:
            return 0.0
        return min(self.look.px(LOGO), self.width / 4 * logo.height() / max(1, logo.width()))

    def _logo_width(self) -> float:
        """What the logo takes of the head's width, with the gap before it."""
        logo = self._logo
        if logo is None:
            return 0.0
        return self._logo_height() * logo.width() / max(1, logo.height()) + self.look.px(12)

    def _paint_head(self, painter: QPainter, page: Page) -> None:
        y = self._area.top()
        self._head = page.head
        inside = self.width - self._logo_width()
        for text, font, color in self._head_lines():
            height = self.text_height(text, font, inside)
            write(painter, QRectF(self.left, y, inside, height), text, font, color, WRAP)
            y += height + self.look.px(3)
        if self._logo is not None:
            wide = self._logo_width() - self.look.px(12)
            place = QRectF(self.left + self.width - wide, self._area.top(), wide, self._logo_height())
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._logo)
        self._rule(painter, self._area.top() + self._head_height() - self.look.px(14))

    def _paint_foot(self, painter: QPainter, number: int) -> None:
        top = self._area.bottom() - self.look.px(16)
        self._rule(painter, top - self.look.px(4))
        box = QRectF(self.left, top, self.width, self.look.px(16))
        font = self.font(8.5)
        write(painter, box, self._stamp, font, QUIET, int(Qt.AlignmentFlag.AlignLeft))
        count = _("Page {number} of {pages}").format(number=number, pages=len(self.pages))
        write(painter, box, count, font, QUIET, int(Qt.AlignmentFlag.AlignRight))

    def _rule(self, painter: QPainter, y: float) -> None:
        painter.setPen(QPen(QColor(LINE), self.look.px(0.75)))
        painter.drawLine(QPointF(self.left, y), QPointF(self.left + self.width, y))


def write(painter: QPainter, box: QRectF, text: str, font: QFont, color: str | QColor, flags: int) -> None:
    """Words in a box."""
    painter.setFont(font)
    painter.setPen(QColor(color))
    painter.drawText(box, flags, typeset(text))
