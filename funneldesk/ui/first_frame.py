"""The first screen, painted by hand from the first page of data while the real one is being built.

Everything stands where the widgets will stand: the board's parts are drawn by the board's own
code, the distances of the shell are those of its layouts (a test holds this picture against the
real window).  Keys and clicks are kept and handed to the real window.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING

from PySide6 import QtCore  # its `Qt` is slow to load: not before the first paint
from PySide6.QtCore import QEvent, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from funneldesk.domain import clock
from funneldesk.domain.board import BoardColumn, Totals
from funneldesk.domain.closing_months import columns_of
from funneldesk.text import _
from funneldesk.ui.board.card_paint import (
    BAR_SIDE,
    GAP,
    SIDE,
    fields_of,
    months_chosen,
    narrowed,
    own_chosen,
    paint_card,
)
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
from funneldesk.ui.frame_words import FrameLook
from funneldesk.ui.rail_items import BUTTON, ICON, WIDTH, RailItem, rail_items
from funneldesk.ui.shapes import brush_of, fill_rect, pen_of, rounded
from funneldesk.ui.theme import RADIUS, SPACE, SPACE_2, SPACE_3, SPACE_4, TITLE, Theme, field_line

if TYPE_CHECKING:
    from funneldesk.store.first_page import FirstPage

BAR = 10  # thickness of scroll bars
KEPT_EVENTS = (
    QEvent.Type.KeyPress,
    QEvent.Type.KeyRelease,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.MouseButtonRelease,
)


class FirstFrame(QWidget):
    """Paints rail, bars and board; `kept` holds the keys and clicks that came meanwhile."""

    def __init__(
        self,
        theme: Theme,
        first: FirstPage,
        file: str,
        *,
        mine: bool | None = None,
        more: Mapping[str, object] = MappingProxyType({}),
    ) -> None:
        super().__init__()
        self._theme = theme
        self._first = first
        self._file = file
        self._mine = mine
        self._months = months_chosen(more)
        self._narrowed = narrowed(more, file)
        self.look = FrameLook(theme, lambda: first.currency, first.board.manager)
        self.look.set_fields(fields_of(more.get("board")))
        self.look.own_lines = len(own_chosen(more, file))
        self.look.make_sheets(self)
        self.look.set_today(Today.at(clock.now(), first.zone))
        self._title = theme.font(TITLE, bold=True)
        self.kept: list[QEvent] = []
        self._icons = False  # the data first; icons a moment later

    def draw_icons(self) -> None:
        """Add the icons, which cost as much as a screenful of cards."""
        self._icons = True
        self.setFocusPolicy(QtCore.Qt.FocusPolicy.StrongFocus)
        for sheet in self.look.sheets.values():
            sheet.styled = True
        self.update()

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        if event.type() in KEPT_EVENTS:
            self.kept.append(event.clone())
            event.accept()
            return True
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        for sheet in self.look.sheets.values():
            sheet.resize(event.size())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.look.clear()
        theme, width, height = self._theme, self.width(), self.height()
        rail, foot = theme.px(WIDTH), height - theme.px(26)
        control = theme.px(28) + 2
        bar = control + 2 * SPACE_2 + 1
        row = QRect(rail + SPACE_4, bar + SPACE_3, width - rail - 2 * SPACE_4, control)
        wraps = self._head_width() > row.width()
        head = control + SPACE_3 + SPACE_2 + (control + SPACE_2 if wraps else 0)
        fill_rect(painter, self.rect(), self.look.brush("surface"))
        self._paint_board(painter, QRect(rail, bar + head, width - rail, foot - bar - head))
        self._paint_header(painter, row, wraps=wraps)
        self._paint_bar(painter, QRect(rail, 0, width - rail, bar), control)
        self._paint_foot(painter, QRect(rail, foot, width - rail, height - foot))
        self._paint_rail(painter, QRect(0, 0, rail, height))

    # -- the board ----------------------------------------------------------------------------

    def _paint_board(self, painter: QPainter, room: QRect) -> None:
        columns: Sequence[BoardColumn | None] = self._first.board.columns
        if self._months:  # which deals close in a month is read with the whole board
            columns = [None] * len(columns_of(clock.local_date(clock.now(), self._first.zone)))
        elif self._narrowed:  # and so is which deals fulfil the conditions
            columns = [None] * len(columns)
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

    def _paint_column(self, painter: QPainter, rect: QRect, column: BoardColumn | None) -> None:
        look, currency = self.look, self._first.currency
        paint_back(painter, rect, column and column.colour, self._theme)
        if column is None:
            return
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
        look.room = room
        for place, card in enumerate(column.cards[: room.height() // step + 1]):
            where = QRect(room.x() + SIDE, room.y() + place * step, width, step - GAP)
            paint_card(painter, where, card, look, 0, column.limit_days)
        painter.setClipping(False)
        look.room = None

    def _switch(self) -> list[tuple[str, str, bool]]:
        """Words, icon, whether it is on, of the three ways to show deals."""
        months = self._months
        return [
            (_("Board"), "square-kanban", not months),
            (_("Months") if months else "", "calendar", months),
            (_("List"), "list", False),
        ]

    def _filters(self) -> list[tuple[str, str, bool]]:
        """The same of the chips at the right."""
        mine = [] if self._mine is None else [(_("Only mine"), "", self._mine)]
        chips = (_("Manager"), "users"), (_("Conditions"), "list-filter")
        return [*mine, *((words + "  ▾", icon, False) for words, icon in chips)]

    def _told(self) -> tuple[str, str]:
        """The funnel, and its figures."""
        board = self._first.board
        totals = sum((column.totals for column in board.columns), Totals())
        return f"{board.funnel}  ▾", headline(totals, self._first.currency)

    def _head_width(self) -> int:
        """How wide the head is in one line."""
        name, figures = self._told()
        wide = sum(self._chip_width(words, icon) + SPACE for words, icon, _on in self._switch()) - SPACE
        wide += self.look.width_of(self._title, name) + 18 + self.look.width_of(self.look.plain, figures)
        return wide + 3 * SPACE_2 + self._filters_width()

    def _filters_width(self) -> int:
        chips = sum(self._chip_width(words, icon) + SPACE_2 for words, icon, _on in self._filters())
        return chips + self._theme.px(176) + SPACE_2 + self._theme.px(16) + 13

    def _paint_header(self, painter: QPainter, row: QRect, *, wraps: bool) -> None:
        theme, look = self._theme, self.look
        name, figures = self._told()
        left = row.x()
        for words, icon, on in self._switch():
            left = self._chip(painter, left, row, words, icon, on=on) + SPACE
        left += SPACE_2 - SPACE
        used = look.width_of(self._title, name) + 18
        look.centred(painter, QRect(left, row.y(), used, row.height()), name, self._title, "text")
        left += used + SPACE_2
        where = QRect(left, row.y(), row.right() - left, row.height())
        look.text(painter, where, figures, look.plain, "quiet")
        left = row.right() + 1 - self._filters_width()
        if wraps:
            left, row = row.x(), row.translated(0, row.height() + SPACE_2)
        for words, icon, on in self._filters():
            left = self._chip(painter, left, row, words, icon, on=on) + SPACE_2
        self._field(painter, QRect(left, row.y(), theme.px(176), row.height()), _("Client or deal"))
        view = QRect(left + theme.px(176) + SPACE_2, row.y(), theme.px(16) + 13, row.height())
        self._icon(painter, view, "columns-3", "quiet", 16)

    # -- the shell ----------------------------------------------------------------------------

    def _paint_rail(self, painter: QPainter, rect: QRect) -> None:
        theme = self._theme
        fill_rect(painter, rect, self.look.brush("sunken"))
        fill_rect(painter, QRect(rect.right(), 0, 1, rect.height()), self.look.brush("line"))
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
            rounded(painter, QRectF(rect), RADIUS, self.look.brush("selected"))
        token, icon = "accent" if on else "quiet", theme.px(ICON) + 4
        self._icon(painter, QRect(rect.x(), rect.y() + 7, rect.width(), icon), item.icon, token, ICON)
        font = self.look.small_bold if on else self.look.small
        self.look.centred(painter, rect.adjusted(0, 7 + icon - 1, 0, -8), item.text, font, token)

    def _paint_bar(self, painter: QPainter, rect: QRect, control: int) -> None:
        theme, look = self._theme, self.look
        fill_rect(painter, QRect(rect.x(), rect.bottom(), rect.width(), 1), look.brush("line"))
        small, y = theme.px(16) + 13, rect.y() + SPACE_2
        left = rect.x() + SPACE_2
        for icon in ("arrow-left", "arrow-right"):
            self._icon(painter, QRect(left, y, small, small), icon, "disabled", 16)
            left += small + SPACE
        left += SPACE_2
        word = _("New")
        pictured = theme.px(16) + 6
        wide = look.width_of(look.bold, word) + pictured + 4 + 26
        new = QRect(rect.right() + 1 - SPACE_4 - wide, y, wide, control)
        rounded(painter, QRectF(new), RADIUS, look.brush("accent_fill"))
        self._icon(painter, QRect(new.x() + 13, y, pictured, control), "plus", "on_accent", 16)
        look.centred(painter, new.adjusted(13 + pictured, 0, -13, 0), word, look.bold, "on_accent")
        bell = QRect(new.x() - SPACE - theme.px(40), y, theme.px(40), small)
        self._icon(painter, bell, "bell", "quiet", 16)
        undo = bell.x() - SPACE_2 - SPACE - 2 * small - SPACE
        for place, icon in enumerate(("undo-2", "redo-2")):
            where = QRect(undo + place * (small + SPACE), y, small, small)
            self._icon(painter, where, icon, "disabled", 16)
        room = min(theme.px(560), (undo - SPACE - left) * 4 // 5)
        self._field(painter, QRect(left, y, room, control), _("Search everything (Ctrl+K)"))

    def _paint_foot(self, painter: QPainter, rect: QRect) -> None:
        look = self.look
        fill_rect(painter, rect, look.brush("surface"))
        fill_rect(painter, QRect(rect.x(), rect.y(), rect.width(), 1), look.brush("line"))
        where = rect.adjusted(rect.width() // 2, 1, -SPACE_3, 0)
        shown = look.shorten(look.metrics(look.small), self._file, where.width())
        where.setLeft(where.right() + 1 - look.width_of(look.small, shown))
        look.text(painter, where, shown, look.small, "quiet")

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
        handle = QRectF(rect).adjusted(2, 2, -2, -2)
        rounded(painter, handle, 3, brush_of(QColor(field_line(self._theme))))

    def _frame(self, painter: QPainter, rect: QRect, line: str, radius: int, ground: str = "raised") -> None:
        shape = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5)
        rounded(painter, shape, radius, self.look.brush(ground), pen_of(QColor(line)))

    def _field(self, painter: QPainter, rect: QRect, hint: str) -> None:
        self._frame(painter, rect, field_line(self._theme), RADIUS)
        icon = self._theme.px(16)
        self._icon(painter, QRect(rect.x() + 7, rect.y(), icon, rect.height()), "search", "quiet", 16)
        where = rect.adjusted(icon + 15, 0, -SPACE_2, 0)
        self.look.text(painter, where, hint, self.look.plain, "quiet")

    def _chip_width(self, words: str, icon: str) -> int:
        pictured = self._theme.px(16) + (10 if words else 4) if icon else 0
        return self.look.width_of(self.look.plain, words) + 22 + pictured

    def _chip(
        self, painter: QPainter, left: int, row: QRect, words: str, icon: str = "", *, on: bool = False
    ) -> int:
        """A chip that begins at `left`; where it ends."""
        theme, look = self._theme, self.look
        wide, high = self._chip_width(words, icon), theme.px(24) + 2
        rect = QRect(left, row.y() + (row.height() - high) // 2, wide, high)
        ground = "selected" if on else "raised"
        self._frame(painter, rect, theme.accent if on else theme.line, theme.px(24) // 2, ground)
        pictured = theme.px(16) + 6 if icon and words else 0
        if icon:
            where = QRect(rect.x() + 11, rect.y(), theme.px(16) if words else wide - 22, high)
            self._icon(painter, where, icon, "accent" if on else "quiet", 16)
        look.centred(painter, rect.adjusted(11 + pictured, 0, -11, 0), words, look.plain, "text")
        return left + wide
