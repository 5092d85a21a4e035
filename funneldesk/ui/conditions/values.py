"""What is typed or chosen beside a condition: text, number, amount, day, choices, from and to."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSpinBox, QWidget

from funneldesk.condition_words import field_name, option_words
from funneldesk.domain.condition import Need, Value, ValueType
from funneldesk.domain.condition_fields import AskField
from funneldesk.text import _, format_number
from funneldesk.ui.theme import SPACE, Theme
from funneldesk.ui.widgets.fields import DateField, MoneyField
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter

_MOST_DAYS = 9_999


class ValueEditor(QWidget):
    """Base of the editors; `value()` is None while what is typed cannot be read."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(SPACE)

    def value(self) -> Value:
        """What is asked for."""
        return None

    def set_value(self, value: Value) -> None:
        """Show what is asked for."""


class TextValue(ValueEditor):
    """A word; of a field of numbers, a number."""

    def __init__(self, *, number: bool = False) -> None:
        super().__init__()
        self._number = number
        self.edit = QLineEdit()
        self.edit.textChanged.connect(lambda _text: self.changed.emit())
        self.setFocusProxy(self.edit)
        self._row.addWidget(self.edit)

    def value(self) -> Value:
        text = self.edit.text().strip()
        if not self._number:
            return text or None
        try:
            return float("".join(text.split()).replace(",", "."))
        except ValueError:
            return None

    def set_value(self, value: Value) -> None:
        if self._number and isinstance(value, int | float):
            part = f"{value:.10g}".partition(".")[2]
            value = format_number(value, len(part))
        self.edit.setText("" if value is None else str(value))


class FieldValue(ValueEditor):
    """A day or an amount."""

    def __init__(self, field: DateField | MoneyField) -> None:
        super().__init__()
        self.field = field
        self.field.changed.connect(self.changed)
        self.setFocusProxy(self.field)
        self._row.addWidget(self.field)

    def value(self) -> Value:
        try:
            return self.field.value()
        except ValueError:
            return None

    def set_value(self, value: Value) -> None:
        if isinstance(self.field, MoneyField):
            self.field.set_value(int(value) if isinstance(value, int | float) else None)
        else:
            self.field.set_value(value if isinstance(value, str) else None)


class DaysValue(ValueEditor):
    """A number of days."""

    def __init__(self) -> None:
        super().__init__()
        self.spin = QSpinBox()
        self.spin.setRange(0, _MOST_DAYS)
        self.spin.setValue(30)
        self.spin.setAccessibleName(_("Days"))
        self.spin.valueChanged.connect(lambda _value: self.changed.emit())
        self.setFocusProxy(self.spin)
        self._row.addWidget(self.spin)
        self._row.addWidget(Quiet(_("days")))
        self._row.addStretch(1)

    def value(self) -> Value:
        return self.spin.value()

    def set_value(self, value: Value) -> None:
        if isinstance(value, int):
            with QSignalBlocker(self.spin):
                self.spin.setValue(value)


class SomeValue(ValueEditor):
    """Any number of the choices of a field."""

    def __init__(self, theme: Theme, field: AskField) -> None:
        super().__init__()
        self._values = [value for value, _name in field.options]
        self._theme = theme
        self._field = field
        self.chip = ChoiceFilter(theme, _("Choose"), self._named())
        self.chip.changed.connect(self.changed)
        self.setFocusProxy(self.chip)
        self._row.addWidget(self.chip)
        self._row.addStretch(1)

    def _named(self) -> Sequence[tuple[int, str]]:
        return [(n, option_words(self._field, value)) for n, value in enumerate(self._values)]

    def value(self) -> Value:
        return tuple(self._values[n] for n in self.chip.chosen()) or None

    def set_value(self, value: Value) -> None:
        wanted = value if isinstance(value, tuple) else ()
        missing = [v for v in wanted if v not in self._values]
        if missing:  # a choice nobody uses any more stays asked for
            self._values += missing
            self.chip.set_options(self._named())
        self.chip.set_chosen([self._values.index(v) for v in wanted])


class TypedChoices(TextValue):
    """Several texts with semicolons, where nothing is there to choose from yet."""

    def value(self) -> Value:
        return tuple(part.strip() for part in self.edit.text().split(";") if part.strip()) or None

    def set_value(self, value: Value) -> None:
        self.edit.setText("; ".join(str(v) for v in value) if isinstance(value, tuple) else "")


class RangeValue(ValueEditor):
    """From and to; either may stay empty."""

    def __init__(self, low: ValueEditor, high: ValueEditor) -> None:
        super().__init__()
        self.ends = (low, high)
        for place, end in enumerate(self.ends):
            if place:
                self._row.addWidget(Quiet("–"))
            end.changed.connect(self.changed)
            self._row.addWidget(end, 1)
        self.setFocusProxy(low)

    def value(self) -> Value:
        low, high = (end.value() for end in self.ends)
        return None if low is None and high is None else (low, high)

    def set_value(self, value: Value) -> None:
        if isinstance(value, tuple) and len(value) == 2:
            for end, part in zip(self.ends, value, strict=True):
                end.set_value(part)


def make_editor(theme: Theme, currency: str, field: AskField, wants: Need, kind: str) -> ValueEditor:
    """The editor for what a condition on `field` wants."""
    if wants is Need.DAYS:
        return DaysValue()
    if wants is Need.SOME:
        made: ValueEditor = SomeValue(theme, field) if field.options else TypedChoices()
    elif wants is Need.TWO:
        made = RangeValue(_one(theme, currency, field), _one(theme, currency, field))
    elif wants is Need.ONE:
        made = _one(theme, currency, field)
    else:
        made = ValueEditor()
    words = field_name(field, kind)
    if isinstance(made, RangeValue):
        _name(made.ends[0], _("{field}: from").format(field=words))
        _name(made.ends[1], _("{field}: up to").format(field=words))
    elif not isinstance(made, SomeValue):
        _name(made, words)
    return made


def _name(editor: ValueEditor, words: str) -> None:
    """What a screen reader calls the widget that takes the cursor."""
    inner: QWidget = editor
    while (proxy := inner.focusProxy()) is not None:
        inner = proxy
    inner.setAccessibleName(words)


def _one(theme: Theme, currency: str, field: AskField) -> ValueEditor:
    if field.type is ValueType.MONEY:
        return FieldValue(MoneyField(currency))
    if field.type in (ValueType.DAY, ValueType.MOMENT):
        return FieldValue(DateField(theme))
    return TextValue(number=field.type is ValueType.NUMBER)
