"""Draws a column's ground and head and says how wide columns are, for the board and the first screen."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter

from funneldesk.domain.board import Totals
from funneldesk.text import _, format_money_short, format_number
from funneldesk.ui.board.card_paint import SIDE, CardLook
from funneldesk.ui.board.card_text import short_amount
from funneldesk.ui.theme import RADIUS, SPACE, SPACE_2, SPACE_3, SPACE_4, Theme

NARROWEST = 216
WIDEST = 340
AREA_SIDE, AREA_GAP, AREA_FOOT = SPACE_4, SPACE_2, SPACE_3  # around and between the columns
HEAD_LEFT, HEAD_TOP, HEAD_FOOT = SIDE + 2, SPACE_2, SPACE  # around the head in its column
LIST_FOOT = 2


def column_width(room: int, count: int, scale: float) -> int:
    """The width of each of `count` columns where `room` pixels are seen; the rest is scrolled to."""
    each = (room - 2 * AREA_SIDE - AREA_GAP * (count - 1)) // max(count, 1)
    return min(max(each, round(NARROWEST * scale)), round(WIDEST * scale))


def head_height(look: CardLook) -> int:
    """The height of a head."""
    return look.line + look.small_line + 3 * SPACE + 2


def paint_back(painter: QPainter, rect: QRect, colour: str | None, theme: Theme) -> None:
    """The ground of a column, with the stage's colour as a line at its top."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("sunken"))
    painter.drawRoundedRect(QRectF(rect), RADIUS + 2, RADIUS + 2)
    if colour:
        known = QColor.isValidColorName(colour)
        painter.setBrush(QColor(colour) if known else theme.color("neutral"))
        painter.drawRoundedRect(QRectF(rect.x() + SIDE, rect.y(), rect.width() - 2 * SIDE, 3), 1.5, 1.5)


def paint_head(
    painter: QPainter, rect: QRect, stage: str, totals: Totals, currency: str, look: CardLook, corner: int
) -> None:
    """A stage's name, count and sums; `corner` pixels at the right of the name are left free."""
    theme = look.theme
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left, top, width = rect.x() + SPACE, rect.y() + 2, rect.width() - SPACE - corner
    count = format_number(totals.count)
    count_width = QFontMetrics(look.small_bold).horizontalAdvance(count) + 10
    name = QFontMetrics(look.bold).elidedText(
        stage or _("In no stage"), Qt.TextElideMode.ElideRight, width - count_width - SPACE_2
    )
    painter.setFont(look.bold)
    painter.setPen(theme.color("text"))
    painter.drawText(QRect(left, top, width, look.line), Qt.AlignmentFlag.AlignVCenter, name)
    behind = left + QFontMetrics(look.bold).horizontalAdvance(name) + SPACE_2
    pill = QRectF(behind, top + (look.line - 16) / 2, count_width, 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("hover"))
    painter.drawRoundedRect(pill, 8, 8)
    painter.setFont(look.small_bold)
    painter.setPen(theme.color("quiet"))
    painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, count)
    if totals.count:
        row = QRect(left, rect.y() + look.line + SPACE, rect.right() + 1 - left, look.small_line)
        _paint_sums(painter, row, totals, currency, look)


def _paint_sums(painter: QPainter, row: QRect, totals: Totals, currency: str, look: CardLook) -> None:
    total = format_money_short(totals.amount, currency)
    painter.setFont(look.small_bold)
    painter.setPen(look.theme.color("text"))
    painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, total)
    used = QFontMetrics(look.small_bold).horizontalAdvance(total) + SPACE_2
    rest = _("weighted {sum}").format(sum=short_amount(totals.weighted, currency))
    painter.setFont(look.small)
    painter.setPen(look.theme.color("quiet"))
    room = row.adjusted(used, 0, 0, 0)
    shown = QFontMetrics(look.small).elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)
