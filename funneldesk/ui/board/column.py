"""One stage on the board: its head with the figures, the quick entry, its cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.domain.board import Totals
from funneldesk.text import _, format_money_short, format_number, format_percent
from funneldesk.ui.board.card_list import CardList
from funneldesk.ui.board.card_paint import GAP, SIDE, CardLook
from funneldesk.ui.board.card_text import totals_notes
from funneldesk.ui.board.column_paint import (
    HEAD_FOOT,
    HEAD_LEFT,
    HEAD_TOP,
    LIST_FOOT,
    head_height,
    paint_back,
    paint_head,
)
from funneldesk.ui.board.model import ColumnModel
from funneldesk.ui.board.quick_add import QuickAdd
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import plain_tooltip


class ColumnHead(QWidget):
    """Painted, not made of labels: a board with many stages must open at once."""

    def __init__(self, model: ColumnModel, look: CardLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self._totals = Totals()
        self._currency = ""
        self.corner = 0  # room for a button at the right of the name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_totals(self, totals: Totals, currency: str) -> None:
        """Show other figures."""
        self._totals, self._currency = totals, currency
        column = self._model.column
        lines = [column.name]
        if column.goal:
            lines.append(column.goal)
        lines.append(_("Chance to win: {percent}").format(percent=format_percent(column.probability, 0)))
        notes = totals_notes(totals)
        if notes:
            lines.append(notes)
        self.setToolTip("<br>".join(plain_tooltip(line) for line in lines))
        self.setAccessibleName(
            _("{stage}, {count} deals, {sum}, weighted {weighted}").format(
                stage=column.name,
                count=format_number(totals.count),
                sum=format_money_short(totals.amount, currency),
                weighted=format_money_short(totals.weighted, currency),
            )
        )
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(120, head_height(self._look))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_head(
            painter,
            self.rect(),
            self._model.column.name,
            self._totals,
            self._currency,
            self._look,
            self.corner,
        )

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        return super().event(event)


class Column(QWidget):
    """A stage: head, quick entry when open, cards."""

    add_wanted = Signal(object)  # Draft

    def __init__(self, context: AppContext, model: ColumnModel, look: CardLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._theme = context.theme
        self.model = model
        self.quick_add: QuickAdd | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, HEAD_TOP, 0, LIST_FOOT)
        layout.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(HEAD_LEFT, 0, SIDE, HEAD_FOOT)
        self.head = ColumnHead(model, look, self)
        top.addWidget(self.head, 1)
        self.add_button = IconButton(
            context.theme,
            "plus",
            _("New deal in {stage}").format(stage=model.column.name),
            self.open_quick_add,
            parent=self,
        )
        if model.column.stage_id > 0 and not context.read_only:
            self.head.corner = self.add_button.sizeHint().width()
        else:
            self.add_button.hide()
        layout.addLayout(top)
        self.list = CardList(model, look, self)
        layout.addWidget(self.list, 1)
        self._layout = layout

    def set_writable(self, on: bool) -> None:
        """Let deals be dragged, dropped and added, or only looked at."""
        mode = QAbstractItemView.DragDropMode
        self.list.setDragDropMode(mode.DragDrop if on else mode.NoDragDrop)
        self.add_button.setVisible(on and self.model.column.stage_id > 0)
        if not on and self.quick_add is not None:
            self.quick_add.hide()

    def open_quick_add(self) -> None:
        """Begin a new deal here."""
        if self.quick_add is None:
            self.quick_add = QuickAdd(self._context, self.model)
            self.quick_add.wanted.connect(self.add_wanted)
            self.quick_add.closed.connect(self.close_quick_add)
            box = QHBoxLayout()
            box.setContentsMargins(SIDE, 0, SIDE, GAP)
            box.addWidget(self.quick_add)
            self._layout.insertLayout(1, box)
        self.quick_add.show()
        self.quick_add.begin()

    def close_quick_add(self) -> None:
        """Back to the cards."""
        if self.quick_add is not None:
            self.quick_add.hide()
        self.list.setFocus()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.add_button.sizeHint()
        self.add_button.setGeometry(self.width() - size.width() - SIDE, SPACE, size.width(), size.height())
        self.add_button.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_back(QPainter(self), self.rect(), self.model.column.colour, self._theme, event.rect())
