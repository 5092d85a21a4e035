"""The own fields that the import will make: their type as the cells look like, to be changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from funneldesk.domain.fields import FieldType
from funneldesk.field_words import type_title
from funneldesk.importing.choices import MOST
from funneldesk.importing.custom import CHOICES, FreshField
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.import_wizard.columns_table import narrow
from funneldesk.ui.import_wizard.decisions import Section, clear_layout
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import ValuesView
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

_TYPES = (
    FieldType.TEXT, FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.NUMBER, FieldType.MONEY,
    FieldType.DATE, FieldType.YES_NO, FieldType.LINK,
)  # fmt: skip


class NewFields(Section):
    """A line for each: name, type, the values that stand in the column."""

    def __init__(self, theme: Theme, session: ImportSession) -> None:
        super().__init__(_("New fields"))
        self._theme = theme
        self._session = session
        self._shown: tuple[FreshField, ...] = ()
        self.combos: dict[str, QComboBox] = {}
        self.hints: dict[str, Quiet] = {}
        self.hide()

    def show_values(self, view: ValuesView | None) -> None:
        """Show the fields that would be made."""
        fresh = view.fresh if view is not None else ()
        if fresh != self._shown:
            self._shown = fresh
            focus = next((key for key, combo in self.combos.items() if combo.hasFocus()), "")
            clear_layout(self.column, keep=1)
            self.combos, self.hints = {}, {}
            for field in fresh:
                self._add(field)
            if focus in self.combos:
                self.combos[focus].setFocus()
        self.setVisible(bool(fresh))

    def _add(self, field: FreshField) -> None:
        label = ElidedLabel(field.name)
        combo = QComboBox()
        combo.setAccessibleName(_("Type of the field {name}").format(name=field.name))
        combo.setFixedWidth(round(168 * narrow(self._theme)))
        for type_ in _TYPES:
            combo.addItem(type_title(type_), str(type_))
        combo.setCurrentIndex(combo.findData(field.type))
        rows = combo.model()
        if field.different > MOST and isinstance(rows, QStandardItemModel):
            for type_ in CHOICES:  # a list that long is no list to choose from
                rows.item(combo.findData(str(type_))).setEnabled(False)
        combo.activated.connect(partial(self._chosen, combo, field.key))
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(label, 1)
        row.addWidget(combo)
        self.column.addWidget(line)
        hint = Quiet(values_words(field), wrap=True, small=True)
        self.column.addWidget(hint)
        self.combos[field.key], self.hints[field.key] = combo, hint
        if field.misfits:
            words = ngettext(
                "{count} row does not fit and would be rejected.",
                "{count} rows do not fit and would be rejected.",
                field.misfits,
            )
            warning = PlainLabel(words.format(count=format_number(field.misfits)), "error")
            warning.setWordWrap(True)
            self.column.addWidget(warning)

    def _chosen(self, combo: QComboBox, key: str, _index: int) -> None:
        self._session.choose_type(key, str(combo.currentData()))


def values_words(field: FreshField) -> str:
    """The choices of a list, or the first values of any other column."""
    values = "  ·  ".join(" ".join(value[:40].split()) for value in field.values)
    if field.type in CHOICES:
        return _("Choices: {choices}").format(choices=values)
    rest = field.different - len(field.values)
    if rest <= 0:
        return values
    more = ngettext("and {count} more", "and {count} more", rest)
    return f"{values}  {more.format(count=format_number(rest))}"
