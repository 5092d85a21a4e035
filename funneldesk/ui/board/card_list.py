"""The cards of one stage: a list view that drags, drops, and is driven by keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QDrag,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFont,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QWidget

from funneldesk.domain.closing_months import takes
from funneldesk.text import format_number
from funneldesk.ui.board.card_delegate import CardDelegate
from funneldesk.ui.board.card_paint import GAP, SIDE, CardLook
from funneldesk.ui.board.column_paint import GROUND
from funneldesk.ui.board.model import ColumnModel, Role, dragged_ids, mime_of
from funneldesk.ui.board.moving import BELOW_ALL
from funneldesk.ui.shapes import fill_rect

DRAG_WIDTH = 240
FIRST = 100  # cards that are laid out before the first paint: more than a screen holds
AFTER_MS = 20  # and the others after it


class CardList(QListView):
    """Asks for moves by signals; the model changes only when the change has come back."""

    dropped = Signal(list, int)  # deal ids, the card they go above (0 = below all)
    drag_started = Signal()
    drag_moved = Signal(QPoint)  # where, on the screen
    drag_ended = Signal()
    opened = Signal(int)
    sideways = Signal(int)  # to the column at the left (-1) or right (+1)
    menu_wanted = Signal(QPoint)
    edit_wanted = Signal(int)
    selection_touched = Signal()

    def __init__(self, model: ColumnModel, look: CardLook, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self._column = model
        self._line: int | None = None  # the row above which a dragged card would go
        self.drag_ids: Callable[[], list[int]] = self.selected_ids
        self.setProperty("role", "cards")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setItemDelegate(CardDelegate(look, model, self))
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalScrollBar().setSingleStep(24)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragDrop)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setMouseTracking(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)  # until the first of them have been painted
        self.setBatchSize(FIRST)
        # after everything that would lay the cards out again
        self.setModel(model)
        # it paints its ground: so Qt copies what is scrolled, and asks for what has come into sight only
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setAccessibleName(model.column.name)
        self.doubleClicked.connect(self._open)
        for change in (model.rowsInserted, model.rowsRemoved, model.rowsMoved):
            change.connect(self._groups_changed)
        self.selectionModel().selectionChanged.connect(lambda *_changes: self.selection_touched.emit())

    # -- selection ----------------------------------------------------------------------------

    def column(self) -> ColumnModel:
        """The model, as what it is."""
        return self._column

    def selected_ids(self) -> list[int]:
        """The deals selected, in the order of the column."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        cards = self._column.cards()
        return [cards[row].id for row in rows if row < len(cards)]

    def current_id(self) -> int:
        """The deal with the cursor, 0 when there is none."""
        return int(self.currentIndex().data(Role.ID) or 0)

    def select_ids(self, deal_ids: list[int], *, focus: bool = False) -> bool:
        """Select these deals; False when none of them is shown here."""
        rows = [row for row in (self._column.row_of(i) for i in deal_ids) if row >= 0]
        if not rows:
            return False
        model = self.selectionModel()
        model.clearSelection()
        for row in rows:
            model.select(self._column.index(row), QItemSelectionModel.SelectionFlag.Select)
        self._lay_out_rest()
        model.setCurrentIndex(self._column.index(rows[0]), QItemSelectionModel.SelectionFlag.NoUpdate)
        self.scrollTo(self._column.index(rows[0]))
        if focus:
            self.setFocus()
        return True

    def go_to_row(self, row: int) -> None:
        """Put the cursor and the selection on a row (the last one when there are fewer)."""
        count = self._column.rowCount()
        self._lay_out_rest()
        if count:
            self.setCurrentIndex(self._column.index(min(max(row, 0), count - 1)))
        self.setFocus()

    def lay_out_anew(self) -> None:
        """Cards have another height: other parts of them are shown, or groups have names above them."""
        self.setUniformItemSizes(not self._column.grouped())
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def lay_out_all(self) -> None:
        """Give every card its place, also those that wait for the first ones to be painted."""
        if self.layoutMode() == QListView.LayoutMode.Batched:
            self.setLayoutMode(QListView.LayoutMode.SinglePass)
        self.doItemsLayout()

    def _lay_out_rest(self) -> None:
        if self.layoutMode() == QListView.LayoutMode.Batched:
            self.lay_out_all()

    def row_height(self) -> int:
        """The height of a card and its gap."""
        return self._look.card_height() + GAP

    def _open(self, index: QModelIndex) -> None:
        if index.isValid():
            self.opened.emit(index.data(Role.ID))

    # -- dragging -----------------------------------------------------------------------------

    def _groups_changed(self) -> None:
        if self._column.grouped():
            self.scheduleDelayedItemsLayout()

    def row_at(self, pos: QPoint) -> int:
        """The row above which something dropped at `pos` goes."""
        count = self._column.rowCount()
        if not count:
            return 0
        if self._column.grouped():
            index = self.indexAt(pos)
            if not index.isValid():
                return count if pos.y() > 0 else 0
            return index.row() + (pos.y() > self.visualRect(index).center().y())
        first = self.visualRect(self._column.index(0)).top()
        row = (pos.y() - first + self.row_height() // 2) // self.row_height()
        return min(max(int(row), 0), count)

    def before_id(self, row: int, moving: list[int]) -> int:
        """The deal above which `moving` go when dropped above `row`; 0 = below all."""
        for card in self._column.cards()[row:]:
            if card.id not in moving:
                return card.id
        return BELOW_ALL

    def _show_line(self, row: int | None) -> None:
        if row != self._line:
            self._line = row
            self.viewport().update()

    def _takes(self, event: QDropEvent) -> bool:
        return takes(self._column.column.stage_id) and bool(dragged_ids(event.mimeData()))

    def drag_picture(self, ids: list[int]) -> QPixmap:
        """What hangs on the mouse: the first card, and how many when there are more."""
        row = max(self._column.row_of(ids[0]), 0) if ids else 0
        card = self._column.card(self.currentIndex().row()) or self._column.card(row)
        ratio = self.devicePixelRatioF()
        width = min(self.viewport().width() - 2 * SIDE, DRAG_WIDTH)
        base = QPixmap(round((width + 12) * ratio), round((self._look.card_height() + 12) * ratio))
        base.setDevicePixelRatio(ratio)
        base.fill(Qt.GlobalColor.transparent)
        if card is None:
            return base
        picture = self._look.picture(card, width, 1, ratio, self._column.limit_of(card))
        painter = QPainter(base)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(0.92)
        for shift in (8, 4) if len(ids) > 1 else ():
            painter.drawPixmap(QPoint(shift, shift + 4), picture)
        painter.drawPixmap(QPoint(0, 4), picture)
        painter.setOpacity(1)
        if len(ids) > 1:
            self._draw_count(painter, width, len(ids))
        painter.end()
        return base

    def _draw_count(self, painter: QPainter, width: int, count: int) -> None:
        theme = self._look.theme
        text = format_number(count)
        font: QFont = theme.font(11, bold=True)
        painter.setFont(font)
        size = max(20, painter.fontMetrics().horizontalAdvance(text) + 12)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("accent_fill"))
        painter.drawRoundedRect(width - size + 6, 0, size, 20, 10, 10)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(width - size + 6, 0, size, 20, Qt.AlignmentFlag.AlignCenter, text)

    # Qt overrides

    def startDrag(self, supportedActions: Qt.DropAction) -> None:  # noqa: N803 - Qt's name
        ids = self.drag_ids()
        if not ids:
            return
        drag = QDrag(self)
        drag.setMimeData(mime_of(ids))
        picture = self.drag_picture(ids)
        drag.setPixmap(picture)
        drag.setHotSpot(QPoint(24, 24))
        self.drag_started.emit()
        try:
            drag.exec(Qt.DropAction.MoveAction)
        finally:
            self._show_line(None)
            self.drag_ended.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self._takes(event):
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
        else:
            event.ignore()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        pos = event.position().toPoint()
        self.drag_moved.emit(self.viewport().mapToGlobal(pos))
        if not self._takes(event):
            event.ignore()
            return
        self._show_line(self.row_at(pos))
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_line(None)

    def dropEvent(self, event: QDropEvent) -> None:
        self._show_line(None)
        if not self._takes(event):
            event.ignore()
            return
        ids = dragged_ids(event.mimeData())
        row = self.row_at(event.position().toPoint())
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()
        self.dropped.emit(ids, self.before_id(row, ids))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(AFTER_MS, self, self._lay_out_rest)

    def paintEvent(self, event: QPaintEvent) -> None:
        ground = QPainter(self.viewport())
        fill_rect(ground, QRectF(event.rect()), self._look.brush(GROUND))
        ground.end()
        super().paintEvent(event)
        if self._line is None:
            return
        painter = QPainter(self.viewport())
        count = self._column.rowCount()
        first = self.visualRect(self._column.index(0)).top() if count else 0
        y = first + self._line * self.row_height() - GAP // 2 - 1
        if self._column.grouped() and count:
            last = self.visualRect(self._column.index(count - 1)).bottom()
            y = self.visualRect(self._column.index(self._line)).top() if self._line < count else last
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._look.theme.color("accent"))
        painter.drawRoundedRect(SIDE, max(y, 0), self.viewport().width() - 2 * SIDE, 3, 1.5, 1.5)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, plain = (
            event.key(),
            event.modifiers()
            in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.KeypadModifier,
            ),
        )
        if plain and key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open(self.currentIndex())
        elif plain and key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.sideways.emit(-1 if key == Qt.Key.Key_Left else 1)
        elif plain and key == Qt.Key.Key_F2 and self.currentIndex().isValid():
            self.edit_wanted.emit(self.current_id())
        elif plain and key == Qt.Key.Key_Escape and self.selectionModel().hasSelection():
            self.clearSelection()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        if not self.indexAt(event.position().toPoint()).isValid():
            self.clearSelection()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        index = self.currentIndex()
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard and index.isValid()
        where = self.visualRect(index).center() if by_key else event.pos()
        if self.indexAt(where).isValid():
            self.menu_wanted.emit(self.viewport().mapToGlobal(where))
