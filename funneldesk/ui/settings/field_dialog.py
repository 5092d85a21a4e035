"""A new own field, or another name, type and choices of one; what would not convert is told first."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula_kinds import BUILT_IN
from funneldesk.errors import UserError
from funneldesk.field_words import type_title
from funneldesk.text import _, error_text, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from funneldesk.services.field_types import Conversion
    from funneldesk.store.database import Database

_LISTS = (FieldType.CHOICE, FieldType.MULTI_CHOICE)


class OwnFieldDialog(Dialog):
    """Name, type, choices."""

    help_page = "settings"

    def __init__(self, context: AppContext, kind: str, field: CustomField | None, parent: QWidget) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._kind = kind
        self._field = field
        title = _("New field") if field is None else _("Change the field")
        column = self.headed(title, 460)
        self.form = Form(context.theme, label_width=100)
        self.name = self.form.add_text("name", _("Name"), field.name if field else None, required=True)
        by_formula = field is None and kind in BUILT_IN
        types = [(str(t), type_title(t)) for t in FieldType if by_formula or t != FieldType.CALCULATED]
        now = field.type if field else str(FieldType.TEXT)
        self.type = self.form.add_choice("type", _("Type"), types, now, optional=False)
        lines = "\n".join(json.loads(field.options or "[]")) if field else ""
        self.choices = self.form.add_long_text("choices", _("Choices, one on each line"), lines, lines=5)
        column.addWidget(self.form)
        self.told = PlainLabel("", "quiet")
        self.told.setWordWrap(True)
        self.told.hide()
        column.addWidget(self.told)
        column.addStretch(1)
        self.button = PrimaryButton(_("Add") if field is None else _("Save"), self.accept)
        self.add_foot(column, self.button)
        self.form.changed.connect(lambda _key: self.preview())
        self.preview()
        self.name.setFocus()

    def preview(self) -> None:
        """Tell what another type would do to the values there are."""
        field, type_ = self._field, FieldType(str(self.type.value()))
        self.form.set_row_visible("choices", type_ in _LISTS)
        if field is None or type_ == field.type:
            self.told.hide()
            formula = type_ == FieldType.CALCULATED
            self.button.setText(
                _("Write the formula…") if formula else _("Add") if field is None else _("Save")
            )
            return
        options = self.options()
        words = yes_no_words()

        def read(db: Database) -> Conversion:
            from funneldesk.services import field_types

            return field_types.preview(db, field.id, type_, options, words)

        self._context.tasks.read(read, self._tell, receiver=self, key="field-conversion")

    def options(self) -> list[str]:
        """The choices typed."""
        return [line.strip() for line in self.choices.toPlainText().splitlines() if line.strip()]

    def _tell(self, found: Conversion) -> None:
        kept = found.total - found.lost
        words = ngettext("{count} value converts.", "{count} values convert.", kept)
        text = words.format(count=format_number(kept))
        if found.lost:
            lost = ngettext(
                "{count} does not and is taken away (Undo brings it back): {examples}",
                "{count} do not and are taken away (Undo brings them back): {examples}",
                found.lost,
            )
            examples = ", ".join(found.examples) + ("…" if found.lost > len(found.examples) else "")
            text = f"{text} {lost.format(count=format_number(found.lost), examples=examples)}"
        if found.options and not self.options():
            text = "\n".join([text, _("Choices: {choices}").format(choices=", ".join(found.options[:12]))])
        self.told.setText(text)
        self.told.show()
        self.button.setText(_("Change the type"))

    # Qt overrides

    def accept(self) -> None:
        if not self.form.check():
            return
        name, type_, options = self.name.text().strip(), FieldType(str(self.type.value())), self.options()
        field, kind, words = self._field, self._kind, yes_no_words()
        if type_ == FieldType.CALCULATED:
            self._write_formula(name)
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import field_types, fields

            if field is None:
                return fields.add(db, kind, name, type_, options=options, actor=actor)
            return field_types.change(db, field.id, name, type_, options, words, actor=actor)

        save(self._context, write, self, lambda _change: super(OwnFieldDialog, self).accept(), self._failed)

    def _write_formula(self, name: str) -> None:
        from funneldesk.ui.clients.formula import FormulaDialog

        super().accept()
        dialog = FormulaDialog(self._context, self.parentWidget(), self._kind, 0, name=name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _failed(self, error: Exception) -> None:
        text = error_text(error) if isinstance(error, UserError) else str(error)
        code = error.code if isinstance(error, UserError) else ""
        self.form.set_error("choices" if code == "field.no_options" else "name", text)


def yes_no_words() -> dict[str, str]:
    """What a yes or a no becomes in a text."""
    return {"1": _("Yes"), "0": _("No")}
