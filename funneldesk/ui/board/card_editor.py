"""A card edited where it lies: title, amount, next step; Enter saves all three as one change."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from funneldesk.domain.board import BoardCard
from funneldesk.text import _
from funneldesk.ui.clients.due import Due, DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import MoneyField
from funneldesk.ui.widgets.popup_filter import Popup

WIDTH = 280


class CardEditor(Popup):
    """Esc or a click elsewhere leaves everything as it was."""

    saved = Signal(int, object, object)  # deal id, values of the deal, the next step or None

    def __init__(self, context: AppContext, card: BoardCard, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._card = context, card
        self._due_chosen = False
        self.setAccessibleName(_("Edit the card"))
        self.title = QLineEdit(card.title)
        self.title.setAccessibleName(_("Title of the deal"))
        self.amount = MoneyField(card.currency or context.currency, card.amount)
        self.amount.edit.setAccessibleName(_("Amount"))
        self.amount.edit.setPlaceholderText(_("Amount"))
        self.step = QLineEdit(card.next_subject or "")
        self.step.setPlaceholderText(_("Next step"))
        self.step.setAccessibleName(_("Next step"))
        self.due = DueButton(context)
        if card.next_due_at is not None:
            from funneldesk.domain import clock

            local = clock.from_micros(card.next_due_at).astimezone(context.zone)
            self.due.set_due(Due(local.date(), None if card.next_all_day else local.time()))
        self.due.chosen.connect(self._choose_due)
        for widget in (self.title, self.amount, self.step):
            self.column.addWidget(widget)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addWidget(self.due)
        row.addStretch(1)
        self.save_button = PrimaryButton(_("Save"), self.save)
        row.addWidget(self.save_button)
        self.column.addLayout(row)
        for field in (self.title, self.amount.edit, self.step):
            field.returnPressed.connect(self.save)

    def open_over(self, corner: QPoint, width: int) -> None:
        """Show over a card, inside its screen."""
        self.setFixedWidth(max(width, self._context.theme.px(WIDTH)))
        self.adjustSize()
        room = self.screen().availableGeometry()
        left = max(room.left(), min(corner.x(), room.right() - self.width()))
        top = max(room.top(), min(corner.y(), room.bottom() - self.height()))
        self.move(left, top)
        self.show()
        self.title.setFocus()
        self.title.selectAll()

    def _choose_due(self, _due: Due) -> None:
        self._due_chosen = True
        self.step.setFocus()

    def save(self) -> None:
        """Ask for what has changed."""
        card, values = self._card, {}
        title = self.title.text().strip()
        if not title:
            self.title.setFocus()
            return
        try:
            amount = self.amount.value()
        except ValueError:
            self.amount.edit.setFocus()
            self.amount.edit.selectAll()
            return
        if title != card.title:
            values["title"] = title
        if amount != card.amount:
            values["amount"] = amount  # type: ignore[assignment]
        step = self._step()
        self.close()
        if values or step is not None:
            self.saved.emit(card.id, values, step)

    def _step(self) -> dict[str, Any] | None:
        text = self.step.text().strip()
        if text == (self._card.next_subject or "") and not self._due_chosen:
            return None
        when = self.due.due().planned(self._context)
        keeps = self._card.next_id is not None and not self._due_chosen
        return {"activity_id": self._card.next_id, "text": text, "when": None if keeps else when}

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
