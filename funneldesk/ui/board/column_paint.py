"""Draws a column's ground and head and says how wide columns are, for the board and the first screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QColor, QPainter

from funneldesk.domain.board import Totals
from funneldesk.text import _, format_money_short, format_number
from funneldesk.ui.board.card_paint import SIDE, CardLook
from funneldesk.ui.board.card_text import short_amount
from funneldesk.ui.shapes import brush_of, fill_rect, rounded
from funneldesk.ui.theme import RADIUS, SPACE, SPACE_2, SPACE_3, SPACE_4, Theme

NARROWEST = 216
WIDEST = 340
AREA_SIDE, AREA_GAP, AREA_FOOT = SPACE_4, SPACE_2, SPACE_3  # around and between the columns
HEAD_LEFT, HEAD_TOP, HEAD_FOOT = SIDE + 2, SPACE_2, SPACE  # around the head in its column
CORNER = RADIUS + 2  # of a column
LIST_FOOT = CORNER  # below the list of cards, which is square
GROUND = "sunken"  # the colour on which cards lie


def column_width(room: int, count: int, scale: float) -> int:
    """The width of each of `count` columns where `room` pixels are seen; the rest is scrolled to."""
    each = (room - 2 * AREA_SIDE - AREA_GAP * (count - 1)) // max(count, 1)
    return min(max(each, round(NARROWEST * scale)), round(WIDEST * scale))


def head_height(look: CardLook) -> int:
    """The height of a head."""
    return look.line + look.small_line + 3 * SPACE + 2


def paint_back(
    painter: QPainter, rect: QRect, colour: str | None, theme: Theme, part: QRect | None = None
) -> None:
    """The ground of a column, with the stage's colour as a line at its top; only `part` of it is wanted."""
    brush = brush_of(theme.color(GROUND))
    if part is not None and part.top() >= rect.top() + CORNER:  # cards are scrolled: mostly straight edges
        middle = part.intersected(rect.adjusted(0, CORNER, 0, -CORNER))
        fill_rect(painter, QRectF(middle), brush)
        if part.bottom() <= middle.bottom():
            return
        painter.setClipRect(part.adjusted(0, middle.height(), 0, 0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rounded(painter, QRectF(rect), CORNER, brush)
    if colour:
        line = QColor(colour) if QColor.isValidColorName(colour) else theme.color("neutral")
        bar = QRectF(rect.x() + SIDE, rect.y(), rect.width() - 2 * SIDE, 3)
        rounded(painter, bar, 1.5, brush_of(line))


def paint_head(
    painter: QPainter, rect: QRect, stage: str, totals: Totals, currency: str, look: CardLook, corner: int
) -> None:
    """A stage's name, count and sums; `corner` pixels at the right of the name are left free."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, top, width = rect.x() + SPACE, rect.y() + 2, rect.width() - SPACE - corner
    count = format_number(totals.count)
    count_width = look.width_of(look.small_bold, count) + 10
    name = look.shorten(look.metrics(look.bold), stage or _("In no stage"), width - count_width - SPACE_2)
    look.text(painter, QRect(left, top, width, look.line), name, look.bold, "text")
    behind = left + look.width_of(look.bold, name) + SPACE_2
    pill = QRect(behind, top + (look.line - 16) // 2, count_width, 16)
    rounded(painter, QRectF(pill), 8, look.brush("hover"))
    look.centred(painter, pill, count, look.small_bold, "quiet")
    if totals.count:
        row = QRect(left, rect.y() + look.line + SPACE, rect.right() + 1 - left, look.small_line)
        _paint_sums(painter, row, totals, currency, look)


def _paint_sums(painter: QPainter, row: QRect, totals: Totals, currency: str, look: CardLook) -> None:
    total = format_money_short(totals.amount, currency)
    look.text(painter, row, total, look.small_bold, "text")
    used = look.width_of(look.small_bold, total) + SPACE_2
    rest = _("weighted {sum}").format(sum=short_amount(totals.weighted, currency))
    look.text(painter, row.adjusted(used, 0, 0, 0), rest, look.small, "quiet")
