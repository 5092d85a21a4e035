"""The first screen, painted by hand from the first page of data while the real one is being built.

Everything stands where the widgets will stand: the board's parts are drawn by the board's own
code, the distances of the shell are those of its layouts (a test holds this picture against the
real window).  Keys and clicks are kept and handed to the real window.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from funneldesk.domain import clock
from funneldesk.domain.board import BoardColumn, Totals
from funneldesk.text import _
from funneldesk.ui.board.card_paint import BAR_SIDE, GAP, SIDE, CardLook, paint_card
from funneldesk.ui.board.card_text import Today, headline
from funneldesk.ui.board.column_paint import (
    AREA_FOOT,
    AREA_GAP,
    AREA_SIDE,
    HEAD_FOOT,
    HEAD_LEFT,
    HEAD_TOP,
    LIST_FOOT,
    column_width,
    head_height,
    paint_back,
    paint_head,
)
from funneldesk.ui.rail_items import BUTTON, ICON, WIDTH, RailItem, rail_items
from funneldesk.ui.theme import BODY, RADIUS, SPACE, SPACE_2, SPACE_3, SPACE_4, TITLE, Theme, field_line

if TYPE_CHECKING:
    from funneldesk.store.first_page import FirstPage

CENTRE = Qt.AlignmentFlag.AlignCenter
MIDDLE = Qt.AlignmentFlag.AlignVCenter
BAR = 10  # thickness of scroll bars
KEPT_EVENTS = (
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
)


class FirstFrame(QWidget):
    """Paints rail, bars and board; `kept` holds the keys and clicks that came meanwhile."""

    def __init__(self, theme: Theme, first: FirstPage, file: str, *, mine: bool | None = None) -> None:
        super().__init__()
        self._theme = theme
        self._first = first
        self._file = file
        self._mine = mine
        self.look = CardLook(theme, lambda: first.currency, first.board.manager)
        self.look.set_today(Today.at(clock.now(), first.zone))
        self.kept: list[QEvent] = []
        self._icons = False  # the data first; icons a moment later
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def draw_icons(self) -> None:
        """Add the icons, which cost as much as a screenful of cards."""
        self._icons = True
        self.update()

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        if event.type() in KEPT_EVENTS:
            self.kept.append(event.clone())
            event.accept()
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme, width, height = self._theme, self.width(), self.height()
        rail, foot = theme.px(WIDTH), height - theme.px(26)
        control = theme.px(28) + 2
        bar = control + 2 * SPACE_2 + 1
        head = control + SPACE_3 + SPACE_2
        painter.fillRect(self.rect(), theme.color("surface"))
        self._paint_board(painter, QRect(rail, bar + head, width - rail, foot - bar - head))
        self._paint_header(painter, QRect(rail + SPACE_4, bar + SPACE_3, width - rail - 2 * SPACE_4, control))
        self._paint_bar(painter, QRect(rail, 0, width - rail, bar), control)
        self._paint_foot(painter, QRect(rail, foot, width - rail, height - foot))
        self._paint_rail(painter, QRect(0, 0, rail, height))

    # -- the board ----------------------------------------------------------------------------

    def _paint_board(self, painter: QPainter, room: QRect) -> None:
        columns = self._first.board.columns
        width = column_width(room.width(), len(columns), self._theme.scale)
        whole = 2 * AREA_SIDE + len(columns) * width + (len(columns) - 1) * AREA_GAP
        scrolls = whole > room.width()
        height = room.height() - AREA_FOOT - (BAR if scrolls else 0)
        for place, column in enumerate(columns):
            left = room.x() + AREA_SIDE + place * (width + AREA_GAP)
            if left < room.right():
                self._paint_column(painter, QRect(left, room.y(), width, height), column)
        if scrolls:
            length = max(28, room.width() * room.width() // whole)
            self._handle(painter, QRect(room.x(), room.bottom() + 1 - BAR, length, BAR))

    def _paint_column(self, painter: QPainter, rect: QRect, column: BoardColumn) -> None:
        look, currency = self.look, self._first.currency
        paint_back(painter, rect, column.colour, self._theme)
        icon = self._theme.px(16)
        corner = icon + 13 if column.stage_id > 0 else 0
        head = QRect(
            rect.x() + HEAD_LEFT, rect.y() + HEAD_TOP, rect.width() - HEAD_LEFT - SIDE, head_height(look)
        )
        paint_head(painter, head, column.name, column.totals, currency, look, corner)
        if corner:
            where = QRect(rect.right() + 1 - corner - SIDE, rect.y() + SPACE, corner, corner)
            self._icon(painter, where, "plus", "quiet", 16)
        top = head.bottom() + 1 + HEAD_FOOT
        room = QRect(rect.x(), top, rect.width(), rect.bottom() + 1 - LIST_FOOT - top)
        self._paint_cards(painter, room, column)

    def _paint_cards(self, painter: QPainter, room: QRect, column: BoardColumn) -> None:
        look, step = self.look, self.look.card_height() + GAP
        whole = column.totals.count * step
        width = room.width() - 2 * SIDE
        if whole > room.height():
            width = room.width() - BAR - SIDE - BAR_SIDE
            length = max(28, room.height() * room.height() // whole)
            self._handle(painter, QRect(room.right() + 1 - BAR, room.y(), BAR, length))
        look.ratio = self.devicePixelRatioF()
        painter.setClipRect(room)
        for place, card in enumerate(column.cards[: room.height() // step + 1]):
            where = QRect(room.x() + SIDE, room.y() + place * step, width, step - GAP)
            paint_card(painter, where, card, look, 0, column.limit_days)
        painter.setClipping(False)

    def _paint_header(self, painter: QPainter, row: QRect) -> None:
        theme, board, look = self._theme, self._first.board, self.look
        painter.setPen(theme.color("text"))
        title = theme.font(TITLE, bold=True)
        name = f"{board.funnel}  ▾"
        painter.setFont(title)
        used = QFontMetrics(title).horizontalAdvance(name) + 18
        painter.drawText(QRect(row.x(), row.y(), used, row.height()), CENTRE, name)
        right = row.right() + 1 - theme.px(190)
        self._field(painter, QRect(right, row.y(), theme.px(190), row.height()), _("Client or deal"))
        right = self._chip(painter, right - SPACE_2, row, _("Manager") + "  ▾", "users")
        if self._mine is not None:
            right = self._chip(painter, right - SPACE_2, row, _("Only mine"), on=self._mine)
        left = row.x() + used + SPACE_2
        words = headline(sum((column.totals for column in board.columns), Totals()), self._first.currency)
        where = QRect(left, row.y(), right - SPACE_2 - left, row.height())
        look.text(painter, where, words, look.plain, theme.color("quiet"))

    # -- the shell ----------------------------------------------------------------------------

    def _paint_rail(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.color("sunken"))
        painter.fillRect(QRect(rect.right(), 0, 1, rect.height()), theme.color("line"))
        head = theme.px(ICON) + 17
        inner = rect.width() - 1 - 2 * SPACE
        self._icon(painter, QRect(SPACE, SPACE_2, inner, head), "list", "quiet", ICON)
        height = theme.px(BUTTON) + 2
        items = rail_items()
        top, low = SPACE_2 + head + 2 * SPACE, rect.height() - SPACE_2
        low -= sum(height + SPACE for item in items if item.low) - SPACE
        for item in items:
            y = low if item.low else top
            self._rail_button(painter, QRect(SPACE, y, inner, height), item)
            if item.low:
                low += height + SPACE
            else:
                top += height + SPACE

    def _rail_button(self, painter: QPainter, rect: QRect, item: RailItem) -> None:
        theme, on = self._theme, item.key == "board"
        if on:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(QRectF(rect), RADIUS, RADIUS)
        token, icon = "accent" if on else "quiet", theme.px(ICON) + 4
        self._icon(painter, QRect(rect.x(), rect.y() + 7, rect.width(), icon), item.icon, token, ICON)
        painter.setFont(self.look.small_bold if on else self.look.small)
        painter.setPen(theme.color(token))
        painter.drawText(rect.adjusted(0, 7 + icon - 1, 0, -8), CENTRE, item.text)

    def _paint_bar(self, painter: QPainter, rect: QRect, control: int) -> None:
        theme, look = self._theme, self.look
        painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), theme.color("line"))
        small, y = theme.px(16) + 13, rect.y() + SPACE_2
        left = rect.x() + SPACE_2
        for icon in ("arrow-left", "arrow-right"):
            self._icon(painter, QRect(left, y, small, small), icon, "disabled", 16)
            left += small + SPACE
        left += SPACE_2
        word = _("New")
        pictured = theme.px(16) + 6
        wide = QFontMetrics(look.bold).horizontalAdvance(word) + pictured + 4 + 26
        new = QRect(rect.right() + 1 - SPACE_4 - wide, y, wide, control)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(QRectF(new), RADIUS, RADIUS)
        self._icon(painter, QRect(new.x() + 13, y, pictured, control), "plus", "on_accent", 16)
        painter.setFont(look.bold)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(new.adjusted(13 + pictured, 0, -13, 0), CENTRE, word)
        undo = new.x() - SPACE_2 - SPACE - 2 * small - SPACE
        for place, icon in enumerate(("undo-2", "redo-2")):
            where = QRect(undo + place * (small + SPACE), y, small, small)
            self._icon(painter, where, icon, "disabled", 16)
        room = min(theme.px(560), (undo - SPACE - left) * 4 // 5)
        self._field(painter, QRect(left, y, room, control), _("Search everything (Ctrl+K)"))

    def _paint_foot(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        painter.fillRect(rect, theme.color("surface"))
        painter.fillRect(QRect(rect.x(), rect.y(), rect.width(), 1), theme.color("line"))
        painter.setFont(self.look.small)
        painter.setPen(theme.color("quiet"))
        where = rect.adjusted(rect.width() // 2, 1, -SPACE_3, 0)
        shown = QFontMetrics(self.look.small).elidedText(
            self._file, Qt.TextElideMode.ElideRight, where.width()
        )
        painter.drawText(where, MIDDLE | Qt.AlignmentFlag.AlignRight, shown)

    # -- pieces -------------------------------------------------------------------------------

    def _icon(self, painter: QPainter, room: QRect, name: str, token: str, size: int) -> None:
        if not self._icons:
            return
        from funneldesk.ui.icons import pixmap

        pixels = self._theme.px(size)
        picture = pixmap(name, getattr(self._theme, token), pixels, self.devicePixelRatioF())
        left, top = room.x() + (room.width() - pixels) // 2, room.y() + (room.height() - pixels) // 2
        painter.drawPixmap(left, top, picture)

    def _handle(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(field_line(self._theme)))
        painter.drawRoundedRect(QRectF(rect).adjusted(2, 2, -2, -2), 3, 3)

    def _frame(self, painter: QPainter, rect: QRect, line: str, radius: int) -> None:
        painter.setPen(QPen(QColor(line)))
        painter.setBrush(self._theme.color("raised"))
        painter.drawRoundedRect(QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)

    def _field(self, painter: QPainter, rect: QRect, hint: str) -> None:
        self._frame(painter, rect, field_line(self._theme), RADIUS)
        icon = self._theme.px(16)
        self._icon(painter, QRect(rect.x() + 7, rect.y(), icon, rect.height()), "search", "quiet", 16)
        painter.setFont(self._theme.font(BODY))
        painter.setPen(self._theme.color("quiet"))
        painter.drawText(rect.adjusted(icon + 15, 0, -SPACE_2, 0), MIDDLE, hint)

    def _chip(
        self, painter: QPainter, right: int, row: QRect, words: str, icon: str = "", *, on: bool = False
    ) -> int:
        """A chip that ends at `right`; where it begins."""
        theme, look = self._theme, self.look
        pictured = theme.px(16) + 6 if icon else 0
        wide = look.width_of(look.plain, words) + 22 + (pictured + 4 if icon else 0)
        high = theme.px(24) + 2
        rect = QRect(right - wide, row.y() + (row.height() - high) // 2, wide, high)
        self._frame(painter, rect, theme.accent if on else theme.line, theme.px(24) // 2)
        if icon:
            self._icon(painter, QRect(rect.x() + 11, rect.y(), pictured, high), icon, "quiet", 16)
        painter.setFont(look.plain)
        painter.setPen(theme.color("text"))
        painter.drawText(rect.adjusted(11 + pictured, 0, -11, 0), CENTRE, words)
        return rect.x()
