"""The columns side by side: as wide as there is room, scrolled sideways when there is none."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from funneldesk.ui.board.card_list import CardList
from funneldesk.ui.board.card_paint import CardLook
from funneldesk.ui.board.column import Column
from funneldesk.ui.board.column_paint import AREA_FOOT, AREA_GAP, AREA_SIDE, column_width
from funneldesk.ui.board.model import BoardModel
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_4


class BoardArea(QScrollArea):
    """Makes a column widget per stage and passes on what happens in them."""

    dropped = Signal(int, list, int)  # stage id, deal ids, before
    drag_started = Signal()
    drag_moved = Signal(QPoint)
    drag_ended = Signal()
    opened = Signal(int)
    menu_wanted = Signal(QPoint)
    edit_wanted = Signal(int)
    add_wanted = Signal(int, object)  # stage id, Draft
    selection_changed = Signal()

    def __init__(self, context: AppContext, model: BoardModel, look: CardLook) -> None:
        super().__init__()
        self._context = context
        self._model = model
        self._look = look
        self._selecting = False
        self._writable = not context.read_only
        self.columns: list[Column] = []
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        inner = self._inner = QWidget()
        inner.setAutoFillBackground(False)
        self._row = QHBoxLayout(inner)
        self._row.setContentsMargins(AREA_SIDE, 0, AREA_SIDE, AREA_FOOT)
        self._row.setSpacing(AREA_GAP)
        self._row.addStretch(1)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        model.rebuilt.connect(self.rebuild)

    def rebuild(self) -> None:
        """Other stages, or months: from the left on, the focus in the first of them if it was in any."""
        focused = any(column.list.hasFocus() for column in self.columns)
        for column in self.columns:
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns = []
        for place, model in enumerate(self._model.columns):
            column = Column(self._context, model, self._look, self._inner)
            self._connect(column)
            self.columns.append(column)
            self._row.insertWidget(place, column)
            column.show()
            column.set_writable(self._writable)
            if model.grouped():
                column.list.lay_out_anew()
        self._fit()
        # the focus went from column to column while they were taken away, and the view with it
        self.horizontalScrollBar().setValue(0)
        if focused and self.columns:
            self.columns[0].list.setFocus()

    def _connect(self, column: Column) -> None:
        view, stage_id = column.list, column.model.column.stage_id
        view.drag_ids = self.selected_ids
        view.dropped.connect(lambda ids, before: self.dropped.emit(stage_id, ids, before))
        view.drag_started.connect(self.drag_started)
        view.drag_moved.connect(self.drag_moved)
        view.drag_ended.connect(self.drag_ended)
        view.opened.connect(self.opened)
        view.menu_wanted.connect(self.menu_wanted)
        view.edit_wanted.connect(self.edit_wanted)
        view.sideways.connect(lambda by: self.go_sideways(column, by))
        view.selection_touched.connect(lambda: self._selected_in(column))
        column.add_wanted.connect(lambda draft: self.add_wanted.emit(stage_id, draft))

    # -- columns ------------------------------------------------------------------------------

    def lay_out_anew(self) -> None:
        """Cards have another height."""
        for view in self.lists():
            view.lay_out_anew()

    def repaint_cards(self) -> None:
        """Something every card tells of has changed."""
        for column in self.columns:
            column.model.repaint_all()

    def set_writable(self, on: bool) -> None:
        """Let cards be dragged and added, or only looked at."""
        self._writable = on
        for column in self.columns:
            column.set_writable(on)

    def column_of(self, stage_id: int) -> Column | None:
        """The column of a stage."""
        return next((c for c in self.columns if c.model.column.stage_id == stage_id), None)

    def lists(self) -> list[CardList]:
        """The list views, in order."""
        return [column.list for column in self.columns]

    def current(self) -> Column | None:
        """The column with the focus, else the one with a selection, else the first."""
        for column in self.columns:
            if column.list.hasFocus():
                return column
        for column in self.columns:
            if column.list.selectionModel().hasSelection():
                return column
        return self.columns[0] if self.columns else None

    def go_sideways(self, column: Column, by: int) -> None:
        """Put the cursor into the next column that has cards, at the same height."""
        place = self.columns.index(column) + by
        height = column.list.visualRect(column.list.currentIndex()).top()
        while 0 <= place < len(self.columns):
            target = self.columns[place]
            if target.model.rowCount():
                row = target.list.row_at(QPoint(0, max(height, 0)))
                target.list.go_to_row(row)
                self.ensureWidgetVisible(target, SPACE_4, 0)
                return
            place += by

    # -- selection over all columns -----------------------------------------------------------

    def selected_ids(self) -> list[int]:
        """The deals selected, column by column."""
        return [deal_id for view in self.lists() for deal_id in view.selected_ids()]

    def select(self, deal_ids: list[int], *, focus: bool = False) -> bool:
        """Select these deals wherever they are; False when none is shown."""
        found = False
        self._selecting = True
        for column in self.columns:
            if column.list.select_ids(deal_ids, focus=focus and not found):
                if not found:
                    self.ensureWidgetVisible(column, SPACE_4, 0)
                found = True
            else:
                column.list.clearSelection()
        self._selecting = False
        self.selection_changed.emit()
        return found

    def _selected_in(self, column: Column) -> None:
        if self._selecting:
            return
        if column.list.selectionModel().hasSelection() and not self._adding():
            self._selecting = True
            for other in self.columns:
                if other is not column:
                    other.list.clearSelection()
            self._selecting = False
        self.selection_changed.emit()

    def _adding(self) -> bool:
        from PySide6.QtWidgets import QApplication

        keys = QApplication.keyboardModifiers()
        return bool(keys & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier))

    def _fit(self) -> None:
        count = len(self.columns)
        if not count:
            return
        width = column_width(self.viewport().width(), count, self._context.theme.scale)
        for column in self.columns:
            column.setFixedWidth(width)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
