"""Rows of a form: a label, a field, and under it what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.fields import ChoiceField, DateField, MoneyField
from funneldesk.ui.widgets.labels import PlainLabel

Options = Sequence[tuple[object, str]]


class Form(QWidget):
    """Labels at the left, fields at the right; `values()` gives what is typed, None for nothing."""

    changed = Signal(str)  # the key of the field a person changed

    def __init__(self, theme: Theme, parent: QWidget | None = None, *, label_width: int = 132) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._grid = QGridLayout(self)
        self._grid.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_3)
        self._grid.setVerticalSpacing(SPACE_2)
        self._grid.setColumnMinimumWidth(0, theme.px(label_width))
        self._grid.setColumnStretch(1, 1)
        self._fields: dict[str, QWidget] = {}
        self._read: dict[str, Callable[[], Any]] = {}
        self._write: dict[str, Callable[[Any], None]] = {}
        self._errors: dict[str, PlainLabel] = {}
        self._labels: dict[str, PlainLabel] = {}
        self._required: set[str] = set()

    # -- rows ---------------------------------------------------------------------------------

    def add_text(
        self, key: str, label: str, value: str | None = None, *, required: bool = False, hint: str = ""
    ) -> QLineEdit:
        """A line of text."""
        field = QLineEdit(value or "")
        field.setPlaceholderText(hint)
        field.textEdited.connect(lambda _text: self._edited(key))
        self._add(key, label, field, lambda: field.text().strip() or None, _setter(field.setText), required)
        return field

    def add_long_text(self, key: str, label: str, value: str | None = None, lines: int = 3) -> QPlainTextEdit:
        """Several lines of text."""
        field = QPlainTextEdit(value or "")
        field.setTabChangesFocus(True)
        field.setFixedHeight(self._theme.px(20) * lines + 12)
        field.textChanged.connect(lambda: self._edited(key))
        self._add(key, label, field, lambda: field.toPlainText().strip() or None, _setter(field.setPlainText))
        return field

    def add_choice(
        self, key: str, label: str, options: Options, value: object = None, *, optional: bool = True
    ) -> ChoiceField:
        """One of (value, words)."""
        field = ChoiceField(options, value, optional=optional)
        field.setMinimumWidth(self._theme.px(120))
        field.changed.connect(lambda: self._edited(key))
        self._add(key, label, field, field.value, field.set_value)
        return field

    def add_date(self, key: str, label: str, value: str | None = None) -> DateField:
        """A day; its value is ISO text."""
        field = DateField(self._theme, value)
        field.changed.connect(lambda: self._edited(key))
        self._add(key, label, field, field.value, field.set_value)
        return field

    def add_money(self, key: str, label: str, currency: str, value: int | None = None) -> MoneyField:
        """An amount in minor units."""
        field = MoneyField(currency, value)
        field.changed.connect(lambda: self._edited(key))
        self._add(key, label, field, field.value, field.set_value)
        return field

    def add_widget(
        self,
        key: str,
        label: str,
        field: QWidget,
        read: Callable[[], Any],
        write: Callable[[Any], None] = lambda _value: None,
    ) -> None:
        """A field of another kind; `read` gives its value or raises ValueError."""
        self._add(key, label, field, read, write)

    # -- values -------------------------------------------------------------------------------

    def require(self, key: str) -> None:
        """A field that must be filled in."""
        self._required.add(key)

    def read_as(self, key: str, read: Callable[[], Any]) -> None:
        """Give the value of a field in another form."""
        self._read[key] = read

    def field(self, key: str) -> QWidget:
        """The widget of a field."""
        return self._fields[key]

    def check(self) -> bool:
        """Mark what cannot be read or is missing; the first such field gets the cursor."""
        self.clear_errors()
        wrong = ""
        for key, read in self._read.items():
            try:
                if read() is None and key in self._required:
                    self.set_error(key, _("Fill this in"))
                    wrong = wrong or key
            except ValueError:
                self.set_error(key, _("This cannot be understood"))
                wrong = wrong or key
        if wrong:
            self._fields[wrong].setFocus()
        return not wrong

    def values(self) -> dict[str, Any]:
        """What is typed, by key; call `check()` first."""
        return {key: read() for key, read in self._read.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show other values."""
        for key, value in values.items():
            if key in self._write:
                self._write[key](value)
        self.clear_errors()

    def set_error(self, key: str, text: str) -> None:
        """Say under a field what is wrong; an empty text takes it back."""
        label = self._errors[key]
        label.setText(text)
        label.setVisible(bool(text))
        field = self._fields[key]
        inner = getattr(field, "edit", field)
        inner.setProperty("invalid", "true" if text else "")
        inner.style().unpolish(inner)
        inner.style().polish(inner)

    def clear_errors(self) -> None:
        """Nothing is wrong any more."""
        for key, label in self._errors.items():
            if label.text():
                self.set_error(key, "")

    def set_label(self, key: str, label: str) -> None:
        """Call a row otherwise."""
        self._labels[key].setText(label)
        self._fields[key].setAccessibleName(label)

    def set_required(self, key: str, required: bool) -> None:
        """Whether a field must be filled in."""
        (self._required.add if required else self._required.discard)(key)

    def set_row_visible(self, key: str, visible: bool) -> None:
        """Show or hide a whole row."""
        self._labels[key].setVisible(visible)
        self._fields[key].setVisible(visible)
        self._errors[key].setVisible(visible and bool(self._errors[key].text()))

    # -- inside -------------------------------------------------------------------------------

    def _add(
        self,
        key: str,
        label: str,
        field: QWidget,
        read: Callable[[], Any],
        write: Callable[[Any], None],
        required: bool = False,
    ) -> None:
        row = self._grid.rowCount()
        name = PlainLabel(label, "field")
        name.setBuddy(field)
        name.setWordWrap(True)
        name.setMinimumHeight(self._theme.px(28))
        cell = QVBoxLayout()
        cell.setSpacing(2)
        cell.addWidget(field)
        error = PlainLabel("", "error")
        error.hide()
        cell.addWidget(error)
        field.setAccessibleName(label)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addLayout(cell, row, 1)
        self._fields[key], self._read[key], self._write[key] = field, read, write
        self._errors[key], self._labels[key] = error, name
        if required:
            self._required.add(key)

    def _edited(self, key: str) -> None:
        if self._errors[key].text():
            self.set_error(key, "")
        self.changed.emit(key)


def _setter(put: Callable[[str], None]) -> Callable[[Any], None]:
    return lambda value: put(value or "")
