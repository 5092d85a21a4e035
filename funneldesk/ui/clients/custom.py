"""Custom fields on a card: their values in place, new fields, other names."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPlainTextEdit, QVBoxLayout, QWidget

from funneldesk.domain.card import FieldValue
from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula_kinds import BUILT_IN
from funneldesk.field_words import type_title
from funneldesk.text import _, format_number
from funneldesk.ui.clients.common import open_link, save
from funneldesk.ui.clients.inline import InlineChoice, InlineDate, InlineMoney, InlineText
from funneldesk.ui.clients.sections import FieldGrid, Section
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel
from funneldesk.ui.widgets.popup_filter import Popup

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class CustomFields(QWidget):
    """`put` carries the id of a field and its new value ("" = none)."""

    put = Signal(int, str)

    def __init__(self, context: AppContext, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._kind = kind
        self.record_id = 0
        self._shown: tuple[CustomField, ...] = ()
        self._setters: dict[int, Callable[[str], None]] = {}
        self._widgets: dict[int, QWidget] = {}
        add = "" if context.read_only else _("Add a field")
        self.section = Section(context.theme, _("Own fields"), add, self.ask_field)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        self.grid = FieldGrid(context.theme)
        self.section.add(self.grid)

    def show_values(self, values: Sequence[FieldValue]) -> None:
        """Show the fields of the record."""
        fields = tuple(value.field for value in values)
        if fields != self._shown:
            for key in self.grid.row_keys():
                self.grid.remove(key)
            self._setters, self._widgets = {}, {}
            for field in fields:
                self._add_row(field)
            self._shown = fields
        for value in values:
            self._setters[value.field.id](value.value)

    def field_widget(self, field_id: int) -> QWidget | None:
        """The widget of a field (for tests)."""
        return self._widgets.get(field_id)

    def _add_row(self, field: CustomField) -> None:
        widget, setter, beside = self._make(field)
        self._widgets[field.id] = widget
        widget.setEnabled(not self._context.read_only)
        self._setters[field.id] = setter
        self.grid.add(str(field.id), field.name, widget, *beside)

    def _make(self, field: CustomField) -> tuple[QWidget, Callable[[str], None], list[QWidget]]:
        put = self.put.emit
        if field.type == FieldType.CALCULATED:
            return self._make_calculated(field)
        if field.type in (FieldType.CHOICE, FieldType.YES_NO):
            choice = InlineChoice()
            yes_no: list[tuple[object, str]] = [("1", _("Yes")), ("0", _("No"))]
            choice.set_options(yes_no if field.type == FieldType.YES_NO else options_of(field))
            choice.picked.connect(lambda value: put(field.id, str(value or "")))
            return choice, lambda value: choice.set_value(value or None, value), []
        if field.type == FieldType.MULTI_CHOICE:
            several = MultiChoice(options_of(field))
            several.picked.connect(lambda value: put(field.id, str(value or "")))
            return several, several.set_json, []
        if field.type == FieldType.DATE:
            day = InlineDate()
            day.picked.connect(lambda value: put(field.id, str(value or "")))
            return day, lambda value: day.set_day(value or None), []
        if field.type == FieldType.MONEY:
            currency = self._context.currency
            money = InlineMoney(currency)
            money.amount_committed.connect(lambda minor: put(field.id, "" if minor is None else str(minor)))
            return money, lambda value: money.set_amount(_whole(value), currency), []
        text = InlineText()
        text.committed.connect(lambda value: put(field.id, value))
        beside: list[QWidget] = []
        if field.type == FieldType.LINK:
            beside = [IconButton(self._context.theme, "external-link", _("Open"),
                                 lambda: open_link(text.text().strip()))]  # fmt: skip
        if field.type == FieldType.NUMBER:
            return text, lambda value: text.set_value(_number(value)), beside
        return text, text.set_value, beside

    def _make_calculated(self, field: CustomField) -> tuple[QWidget, Callable[[str], None], list[QWidget]]:
        from funneldesk.ui.clients.formula import calculated_words

        label = ElidedLabel("")
        label.setContentsMargins(8, 0, 0, 0)
        change = IconButton(self._context.theme, "pencil", _("Change the formula"),
                            lambda: self.open_formula(field=field))  # fmt: skip
        return (
            label,
            lambda value: label.setText(calculated_words(value, self._context.currency) or "—"),
            [change],
        )

    def open_formula(self, *, name: str = "", field: CustomField | None = None) -> None:
        """The dialog of a calculated field."""
        from funneldesk.ui.clients.formula import FormulaDialog

        dialog = FormulaDialog(self._context, self, self._kind, self.record_id, name=name, field=field)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    # -- new fields ---------------------------------------------------------------------------

    def ask_field(self) -> None:
        """Ask for the name and the type of a new field."""
        popup = Popup(self)
        name = QLineEdit()
        name.setPlaceholderText(_("Name of the field"))
        name.setMinimumWidth(self._context.theme.px(240))
        types = QComboBox()
        for type_ in FieldType:
            if type_ == FieldType.CALCULATED and self._kind not in BUILT_IN:
                continue
            types.addItem(type_title(type_), str(type_))
        choices = QPlainTextEdit()
        choices.setPlaceholderText(_("The choices, one on each line"))
        choices.setFixedHeight(self._context.theme.px(88))
        choices.hide()

        def show_choices(_index: int) -> None:
            choices.setVisible(types.currentData() in (FieldType.CHOICE, FieldType.MULTI_CHOICE))
            popup.adjustSize()

        def make() -> None:
            if types.currentData() == FieldType.CALCULATED:
                popup.close()
                self.open_formula(name=name.text())
            elif name.text().strip():
                lines = choices.toPlainText().splitlines()
                self.add_field(name.text(), FieldType(types.currentData()), lines)
                popup.close()

        types.currentIndexChanged.connect(show_choices)
        name.returnPressed.connect(make)
        popup.column.addWidget(PlainLabel(_("New field"), "strong"))
        for widget in (name, types, choices, push_button(_("Add"), make, role="primary")):
            popup.column.addWidget(widget)
        popup.open_under(self.section.button)
        name.setFocus()

    def add_field(self, name: str, type_: FieldType, options: Sequence[str] = ()) -> None:
        """Make a field for all records of this kind."""
        kind = self._kind

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import fields

            return fields.add(db, kind, name, type_, options=options, actor=actor)

        save(self._context, write, self)


class MultiChoice(InlineChoice):
    """Several of a list; its value is a JSON list."""

    def __init__(self, options: Sequence[tuple[object, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.set_options(options)
        self._chosen: list[str] = []

    def set_json(self, value: str) -> None:
        """Show a kept value."""
        try:
            found = json.loads(value) if value else []
        except ValueError:
            found = [value]
        self._chosen = [str(v) for v in found] if isinstance(found, list) else [value]
        self.set_value(value, ", ".join(self._chosen))

    def make_menu(self) -> QMenu:
        """Each choice can be ticked."""
        menu = QMenu(self)
        for value, words in self._options:
            action = menu.addAction(words.replace("&", "&&"), lambda value=value: self._turn(str(value)))
            action.setCheckable(True)
            action.setChecked(str(value) in self._chosen)
        return menu

    def _turn(self, value: str) -> None:
        kept = [v for v in self._chosen if v != value]
        if len(kept) == len(self._chosen):
            kept.append(value)
        text = json.dumps(kept, ensure_ascii=False) if kept else ""
        self.set_json(text)
        self.picked.emit(text)

    def _open(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))


def options_of(field: CustomField) -> list[tuple[object, str]]:
    """The choices of a field."""
    try:
        found = json.loads(field.options or "[]")
    except ValueError:
        return []
    return [(str(v), str(v)) for v in found]


def _whole(value: str) -> int | None:
    try:
        return int(value)
    except ValueError:
        return None


def _number(value: str) -> str:
    try:
        number = float(value)
    except ValueError:
        return value
    digits = len(value.partition(".")[2])
    return format_number(number, digits)
