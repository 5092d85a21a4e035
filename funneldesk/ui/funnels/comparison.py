"""A row: a field, how it is compared, and with what; or a field and what it is set to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QStackedWidget, QWidget

from funneldesk.domain.criteria import DEAL_FIELDS
from funneldesk.services.rule_conditions import OPS, Comparison
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels.rule_words import LISTS, field_text
from funneldesk.ui.funnels.rule_words import OPS as OP_WORDS
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.fields import ChoiceField, DateField, MoneyField

if TYPE_CHECKING:
    from funneldesk.services.rules import RuleSheet

_TEXT, _CHOICE, _MONEY, _DAY = range(4)
_NOT_SET = ("client", "person_id")


class ComparisonRow(QWidget):
    """`test()` is what stands there, None when no field is chosen."""

    changed = Signal()

    def __init__(
        self, context: AppContext, sheet: RuleSheet, *, setting: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sheet = sheet
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        keys = [key for key in DEAL_FIELDS if not setting or key not in _NOT_SET]
        keys += [f"custom:{i}" for i in sheet.fields]
        self.field = ChoiceField([(key, field_text(key, sheet)) for key in keys])
        self.field.setItemText(0, _("choose a field") if setting else _("no condition"))
        self.field.setAccessibleName(_("Field"))
        self.op = ChoiceField([(op, _(OP_WORDS[op])) for op in OPS], optional=False)
        self.op.setAccessibleName(_("How it is compared"))
        self.op.setVisible(not setting)
        self.text, self.choice = QLineEdit(), ChoiceField()
        self.money, self.day = MoneyField(context.currency), DateField(context.theme)
        self.value = QStackedWidget()
        for widget in (self.text, self.choice, self.money, self.day):
            inner = getattr(widget, "edit", widget)
            inner.setAccessibleName(_("Value"))
            self.value.addWidget(widget)
        row.addWidget(self.field, 2)
        row.addWidget(self.op, 1)
        row.addWidget(self.value, 2)
        self.field.changed.connect(self._show)
        self.op.changed.connect(self._show)
        self.text.textEdited.connect(lambda _text: self.changed.emit())
        for field in (self.choice, self.money, self.day):
            field.changed.connect(self.changed)
        self._show()

    def _kind(self) -> int:
        key = str(self.field.value() or "")
        if key in LISTS:
            return _CHOICE
        return {"amount": _MONEY, "expected_close": _DAY}.get(key, _TEXT)

    def _show(self) -> None:
        key, kind = str(self.field.value() or ""), self._kind()
        if key in LISTS:
            self.choice.set_options(list(getattr(self._sheet.names, LISTS[key]).items()))
        self.value.setCurrentIndex(kind)
        needed = bool(key) and self.op.value() not in ("filled", "empty")
        self.op.setEnabled(bool(key))
        self.value.setEnabled(needed)
        self.changed.emit()

    def test(self) -> Comparison | None:
        """What is compared; None when no field is chosen."""
        key = self.field.value()
        if key is None:
            return None
        return Comparison(str(key), str(self.op.value()), self._value())

    def _value(self) -> str:
        try:
            found = {
                _TEXT: self.text.text().strip(), _CHOICE: self.choice.value(), _MONEY: self.money.value(),
                _DAY: self.day.value(),
            }[self._kind()]  # fmt: skip
        except ValueError:
            return ""
        return "" if found is None else str(found)

    def set_test(self, test: Comparison) -> None:
        """Show a comparison."""
        self.field.set_value(test.field or None)
        self.op.set_value(test.op)
        self._show()
        kind = self._kind()
        if kind == _CHOICE:
            self.choice.set_value(int(test.value) if test.value.isdigit() else None)
        elif kind == _MONEY:
            self.money.set_value(int(test.value) if test.value.lstrip("-").isdigit() else None)
        elif kind == _DAY:
            self.day.set_value(test.value or None)
        else:
            self.text.setText(test.value)
