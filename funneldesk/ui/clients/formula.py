"""Calculated fields: the dialog of a formula, and what formulas give in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField
from funneldesk.domain.formula import FormulaError, decode, shown
from funneldesk.domain.formula_kinds import BUILT_IN
from funneldesk.domain.money import to_minor
from funneldesk.text import _, format_date, format_money, format_number
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


def built_in_names(kind: str) -> dict[str, str]:
    """What of a record a formula can use, by key."""
    words = {
        "amount": _("Amount"),
        "lines_cost": _("Cost of the lines"),
        "created": _("Created"),
        "expected_close": _("Expected close"),
        "closed": _("Closed"),
        "stage_since": _("In the stage since"),
        "last_contact": _("Last contact"),
        "open_deals": _("Open deals"),
        "open_sum": _("Open sum"),
        "won_deals": _("Deals won"),
        "won_sum": _("Sum won"),
        "last_won": _("Last won"),
        "price": _("Price"),
        "cost": _("Unit cost"),
    }
    return {key: words[key] for key in BUILT_IN.get(kind, ())}


def formula_error_words(error: FormulaError) -> str:
    """What is wrong with a formula and what to do."""
    sentences = {
        "empty": _("Write a formula, like [{field}] * 0.2."),
        "long": _("A formula has at most {what} characters."),
        "sign": _("“{what}” cannot be understood here."),
        "end": _("The formula ends too early; something is missing after it or a bracket is open."),
        "field": _("There is no field “{what}”. Choose one of the list."),
        "function": _(
            "There is no function “{what}”. There are: if, days, today, round, min, max, abs, empty."
        ),
        "arguments": _("“{what}” needs another number of values in its brackets."),
        "deep": _("There are too many brackets in each other."),
        "zero": _("Division by zero"),
        "kinds": _("A text or a date cannot be calculated like a number"),
        "large": _("The number is too large"),
    }
    return sentences.get(error.code, error.code).format(what=error.what, field=_("Amount"))


def calculated_words(value: str, currency: str) -> str:
    """What a calculated field gives, in words."""
    kind, text = decode(value)
    if not text:
        return ""
    if kind == "error":
        code, _mark, what = text.partition(":")
        return formula_error_words(FormulaError(code, what))
    if kind == "money":
        return format_money(to_minor(Decimal(text), currency), currency)
    if kind == "number":
        number = round(Decimal(text), 4).normalize()
        return format_number(number, max(0, -int(number.as_tuple().exponent)))
    if kind == "date":
        from datetime import date

        return format_date(date.fromisoformat(text))
    if kind == "yes_no":
        return _("Yes") if text == "1" else _("No")
    return text


class FormulaDialog(FormDialog):
    """Name and formula; what it gives for the record in front (0 = none) is shown while it is typed."""

    help_page = "card"

    error_key = "formula"

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None,
        kind: str,
        record_id: int,
        *,
        name: str = "",
        field: CustomField | None = None,
    ) -> None:
        title = _("Calculated field") if field is None else field.name
        super().__init__(context, parent, title, _("Add") if field is None else _("Save"), "check")
        self._kind, self._record_id, self._field = kind, record_id, field
        self._names: dict[str, str] = built_in_names(kind)
        self.tell(
            _(
                "+ − * / ( ) and comparisons; if(condition; then; else), days(from; to), today(), "
                "round(number; digits), min, max, abs, empty. Fields stand in square brackets."
            )
        )
        if field is None:
            self.form.add_text("name", _("Name"), name, required=True)
        self.formula: QPlainTextEdit = self.form.add_long_text("formula", _("Formula"), "", 3)
        self.fields = ChoiceField((), None)
        self.fields.activated.connect(lambda _row: self._insert())
        self.form.add_widget("field", _("Put in a field"), self.fields, lambda: None)
        self.answer = PlainLabel("", "strong")
        self.answer.setWordWrap(True)
        if record_id:
            self.extra.addWidget(Quiet(_("For this card it gives:"), small=True))
        self.extra.addWidget(self.answer)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(200)
        self._timer.timeout.connect(self.attempt)
        self.form.changed.connect(lambda _key: self._timer.start())
        context.tasks.read(self._read, self._take, receiver=self)

    def _read(self, db: Database) -> list[CustomField]:
        from funneldesk.services import calculated

        return list(calculated.usable_fields(db, self._kind))

    def _take(self, own: list[CustomField]) -> None:
        self._names |= {f"field:{field.id}": field.name for field in own}
        self.fields.set_options(list(self._names.items()))
        if self._field is not None:
            self.formula.setPlainText(shown(self._field.options or "", self._names))
        self.attempt()

    def _insert(self) -> None:
        name = self._names.get(str(self.fields.value()))
        if name is not None:
            self.formula.insertPlainText(f"[{name}]")
            self.formula.setFocus()

    def attempt(self) -> None:
        """Work out what is typed for the record in front."""
        formula, names = self.formula.toPlainText(), dict(self._names)
        kind, record_id = self._kind, self._record_id

        def read(db: Database) -> str:
            return _attempt(db, kind, record_id, formula, names)

        self.context.tasks.read(read, self._show, receiver=self, key="formula")

    def _show(self, value: str) -> None:
        told = calculated_words(value, self.context.currency) or "—"
        self.answer.setText(told if self._record_id or value.startswith("error:") else "")

    def collected(self) -> dict[str, Any]:
        """Name and formula."""
        name = self.form.values().get("name") or ""
        return {"name": name, "formula": self.formula.toPlainText()}

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Keep the field."""
        from funneldesk.services import calculated

        if self._field is not None:
            return calculated.change(db, self._field.id, values["formula"], self._names, actor=actor)
        name, formula = values["name"], values["formula"]
        return calculated.add(db, self._kind, name, formula, self._names, actor=actor)

    def accept(self) -> None:
        """Refuse a formula that cannot be read before anything is written."""
        from funneldesk.domain.formula import kept
        from funneldesk.services.calculated import keys_of

        try:
            kept(self.formula.toPlainText(), keys_of(self._names))
        except FormulaError as error:
            self.form.set_error("formula", formula_error_words(error))
            self.formula.setFocus()
            return
        super().accept()


def _attempt(db: Database, kind: str, record_id: int, formula: str, names: Mapping[str, str]) -> str:
    from funneldesk.services import calculated

    try:
        return calculated.attempt(db, kind, record_id, formula, names)
    except FormulaError as error:
        return f"error:{error.code}:{error.what}"
