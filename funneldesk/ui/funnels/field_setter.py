"""A row: a field of the deal, and what it is set to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from funneldesk.domain.criteria import DEAL_FIELDS
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels.rule_words import LISTS, field_text
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.fields import ChoiceField, DateField, MoneyField

if TYPE_CHECKING:
    from funneldesk.services.rules import RuleSheet

_TEXT, _CHOICE, _MONEY, _DAY = range(4)
_NOT_SET = ("client", "person_id")


class FieldSetter(QWidget):
    """`key()` is the field, `value()` what it is set to: money in minor units, an id, an ISO day."""

    changed = Signal()

    def __init__(self, context: AppContext, sheet: RuleSheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sheet = sheet
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        keys = [key for key in DEAL_FIELDS if key not in _NOT_SET]
        keys += [f"custom:{i}" for i in sheet.fields]
        self.field = ChoiceField([(key, field_text(key, sheet)) for key in keys])
        self.field.setItemText(0, _("choose a field"))
        self.field.setAccessibleName(_("Field"))
        self.text, self.choice = QLineEdit(), ChoiceField()
        self.money, self.day = MoneyField(context.currency), DateField(context.theme)
        self.values = QStackedWidget()
        for widget in (self.text, self.choice, self.money, self.day):
            inner = getattr(widget, "edit", widget)
            inner.setAccessibleName(_("Value"))
            self.values.addWidget(widget)
        row.addWidget(self.field, 1)
        row.addWidget(self.values, 1)
        self.field.changed.connect(self._show)
        self.text.textEdited.connect(lambda _text: self.changed.emit())
        for field in (self.choice, self.money, self.day):
            field.changed.connect(self.changed)
        self._show()

    def key(self) -> str:
        """The field; "" when none is chosen."""
        return str(self.field.value() or "")

    def value(self) -> str:
        """What it is set to, as text; "" for nothing, or for what cannot be read."""
        try:
            found = {
                _TEXT: self.text.text().strip(), _CHOICE: self.choice.value(), _MONEY: self.money.value(),
                _DAY: self.day.value(),
            }[self._kind()]  # fmt: skip
        except ValueError:
            return ""
        return "" if found is None else str(found)

    def set_value(self, key: str, value: str) -> None:
        """Show a field and what it is set to."""
        self.field.set_value(key or None)
        self._show()
        kind = self._kind()
        if kind == _CHOICE:
            self.choice.set_value(int(value) if value.isdigit() else None)
        elif kind == _MONEY:
            self.money.set_value(int(value) if value.lstrip("-").isdigit() else None)
        elif kind == _DAY:
            self.day.set_value(value or None)
        else:
            self.text.setText(value)

    def _kind(self) -> int:
        if self.key() in LISTS:
            return _CHOICE
        return {"amount": _MONEY, "expected_close": _DAY}.get(self.key(), _TEXT)

    def _show(self) -> None:
        if self.key() in LISTS:
            self.choice.set_options(list(getattr(self._sheet.names, LISTS[self.key()]).items()))
        self.values.setCurrentIndex(self._kind())
        self.values.setEnabled(bool(self.key()))
        self.changed.emit()
