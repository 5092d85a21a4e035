"""One field set for one record or for a whole selection, with how many of them it changes."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QLineEdit, QWidget

from funneldesk.condition_words import field_name, option_words
from funneldesk.domain.change import Change
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import AskField, custom_id
from funneldesk.errors import UserError
from funneldesk.text import _, error_text, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField, DateField, MoneyField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter

if TYPE_CHECKING:
    from funneldesk.services.bulk import Ref
    from funneldesk.store.database import Database

_COLUMN = {"manager": "manager_id", "source": "source_id", "product": "product_id"}


def column_of(key: str) -> str:
    """The column behind a built-in field."""
    return _COLUMN.get(key, key)


def can_edit(field: AskField, kinds: Sequence[str]) -> bool:
    """Whether a field can be set in a list of these kinds of record."""
    from funneldesk.services.bulk import COLUMNS

    if custom_id(field.key) is not None:
        return field.owner in kinds and not field.calculated
    return any(column_of(field.key) in COLUMNS[kind] for kind in kinds)


class FieldDialog(Dialog):
    """Which field, and its new value; an empty value takes away what is there."""

    help_page = "deals"

    def __init__(
        self,
        context: AppContext,
        refs: Sequence[Ref],
        fields: Sequence[AskField],
        kind: str,
        parent: QWidget,
        *,
        chosen: str = "",
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._refs = list(refs)
        self._kind = kind
        kinds = sorted({each for each, _id in refs})
        self._fields = {field.key: field for field in fields if can_edit(field, kinds)}
        self._read: Callable[[], Any] = lambda: None
        self._column = self.headed(_("Set a field"), 440)
        names = [(key, field_name(field, kind)) for key, field in self._fields.items()]
        self.field = ChoiceField(names, chosen or None, optional=False)
        self.field.setAccessibleName(_("Field"))
        self._column.addWidget(self.field)
        self.editor: QWidget = QLineEdit()
        self._column.addWidget(self.editor)
        self.error = PlainLabel("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._column.addWidget(self.error)
        self.note = Quiet(wrap=True)
        self._column.addWidget(self.note)
        self.button = PrimaryButton(_("Set"), self.accept)
        self.add_foot(self._column, self.button)
        self.field.changed.connect(self._show_editor)
        self._show_editor()
        self.editor.setFocus()

    def value(self) -> Any:
        """What is to be written; ValueError where it cannot be read."""
        return self._read()

    def _show_editor(self) -> None:
        field = self._fields[str(self.field.value())]
        old = self.editor
        self.editor, self._read, changed = _make(self._context, field)
        self.editor.setAccessibleName(field_name(field, self._kind))
        self._column.replaceWidget(old, self.editor)
        old.hide()
        old.deleteLater()
        changed.connect(self._preview)
        self._preview()

    def _preview(self, *_args: object) -> None:
        self.error.hide()
        key, refs = str(self.field.value()), self._refs
        many = ngettext("{count} record is selected.", "{count} records are selected.", len(refs))
        text = many.format(count=format_number(len(refs)))
        try:
            value = self.value()
        except ValueError:
            self.note.setText(text)
            return
        if custom_id(key) is not None:
            self.note.setText(text)
            return

        def read(db: Database) -> int:
            from funneldesk.services import bulk

            return bulk.count_changes(db, refs, column_of(key), value)

        def told(count: int) -> None:
            change = ngettext("{count} of them changes.", "{count} of them change.", count)
            self.note.setText(f"{text} {change.format(count=format_number(count))}")

        self._context.tasks.read(read, told, receiver=self, key="field-preview")

    # Qt overrides

    def accept(self) -> None:
        key, refs = str(self.field.value()), self._refs
        try:
            value = self.value()
        except ValueError:
            self._say(_("This cannot be understood"))
            return
        field_id = custom_id(key)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import bulk

            if field_id is not None:
                return bulk.set_custom(db, refs, field_id, str(value or ""), actor=actor)
            return bulk.set_column(db, refs, column_of(key), value, actor=actor)

        save(self._context, write, self, lambda _change: super(FieldDialog, self).accept(), self._failed)

    def _failed(self, error: Exception) -> None:
        self._say(error_text(error) if isinstance(error, UserError) else str(error))

    def _say(self, text: str) -> None:
        self.error.setText(text)
        self.error.show()


def _make(context: AppContext, field: AskField) -> tuple[QWidget, Callable[[], Any], Any]:
    """An editor, what reads it, and its signal of changes."""
    custom = custom_id(field.key) is not None
    if field.type is ValueType.REF or (custom and field.type in (ValueType.CHOICE, ValueType.FLAG)):
        options: list[tuple[object, str]] = [(v, option_words(field, v)) for v, _name in field.options]
        if field.type is ValueType.FLAG:
            options = [("1", _("Yes")), ("0", _("No"))]
        choice = ChoiceField(options)
        return choice, choice.value, choice.changed
    if field.type is ValueType.SEVERAL:
        names = [str(v) for v, _name in field.options]
        several = ChoiceFilter(context.theme, _("Choose"), list(enumerate(names)))

        def chosen() -> str:
            kept = [names[n] for n in several.chosen()]
            return json.dumps(kept, ensure_ascii=False) if kept else ""

        return several, chosen, several.changed
    if field.type is ValueType.DAY:
        day = DateField(context.theme)
        return day, day.value, day.changed
    if field.type is ValueType.MONEY:
        money = MoneyField(context.currency)
        return money, lambda: None if money.value() is None else str(money.value()), money.changed
    line = QLineEdit()
    line.setPlaceholderText(_("Leave empty to take away what is there"))
    if field.type is ValueType.CHOICE and field.options:
        from PySide6.QtWidgets import QCompleter

        line.setCompleter(QCompleter([str(v) for v, _name in field.options], line))
    return line, lambda: line.text().strip() or None, line.textChanged
