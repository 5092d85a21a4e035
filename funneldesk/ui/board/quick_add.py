"""A new deal in one line at the head of a column: title, client with completion, amount."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QVBoxLayout

from funneldesk.text import _
from funneldesk.ui.board.model import ColumnModel
from funneldesk.ui.clients.client_field import ClientField
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_2
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton
from funneldesk.ui.widgets.fields import parse_amount


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed; `client` is set when it was chosen from the list."""

    title: str
    client_name: str
    client: tuple[str, int] | None
    amount: int | None


class QuickAdd(QFrame):
    """Enter adds and stays for the next one; Esc closes."""

    wanted = Signal(object)  # Draft
    closed = Signal()

    def __init__(self, context: AppContext, model: ColumnModel) -> None:
        super().__init__()
        self._context = context
        self.setProperty("role", "card")
        self.setAccessibleName(_("New deal in {stage}").format(stage=model.column.name))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(SPACE)
        self.title = _field(_("What is it about?"))
        self.client = ClientField(context)
        self.amount = _field(_("Amount"))
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight)
        close = IconButton(context.theme, "x", _("Close"), self.closed.emit)
        add = PrimaryButton(_("Add"), self._add)
        for line in ((self.title, close), (self.client,), (self.amount, add)):
            row = QHBoxLayout()
            row.setSpacing(SPACE)
            for place, widget in enumerate(line):
                row.addWidget(widget, 0 if place else 1)
            column.addLayout(row)
        for before, after in pairwise((self.title, self.client, self.amount, add, close)):
            self.setTabOrder(before, after)
        for field in (self.title, self.client, self.amount):
            field.returnPressed.connect(self._add)

    def begin(self) -> None:
        """Put the cursor into the first field."""
        self.title.setFocus()

    def _add(self) -> None:
        title, client = self.title.text().strip(), self.client.text().strip()
        amount: int | None = None
        text = self.amount.text().strip()
        if text:
            try:
                amount = parse_amount(text, self._context.currency)
            except ValueError:
                _mark(self.amount, True)
                self.amount.setFocus()
                return
        _mark(self.amount, False)
        if not title and not client:
            self.title.setFocus()
            return
        self.wanted.emit(Draft(title or client, client, self.client.chosen(), amount))
        for field in (self.title, self.client, self.amount):
            field.clear()
        self.title.setFocus()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _field(hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    return field


def _mark(field: QLineEdit, wrong: bool) -> None:
    field.setProperty("invalid", "true" if wrong else "")
    field.style().unpolish(field)
    field.style().polish(field)
