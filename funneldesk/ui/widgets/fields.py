"""Fields of forms: dates and amounts that a person types, with None for nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation

from PySide6.QtCore import QDate, QLocale, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCalendarWidget, QComboBox, QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from funneldesk.domain.money import from_minor, to_minor
from funneldesk.text import _, language
from funneldesk.ui.theme import SPACE, Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.popup_filter import Popup


def number_locale() -> QLocale:
    """The locale of the chosen language, for what Qt itself shows or reads."""
    return QLocale(language())


class LineField(QWidget):
    """A line to type into with something beside it; a screen reader gives the line the field's name."""

    changed = Signal()

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.edit = QLineEdit()
        self.edit.textEdited.connect(lambda _text: self.changed.emit())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFocusProxy(self.edit)

    def setAccessibleName(self, name: str) -> None:
        super().setAccessibleName(name)
        self.edit.setAccessibleName(name)


class DateField(LineField):
    """A day to type or to pick; its value is an ISO date or None."""

    def __init__(self, theme: Theme, value: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        self.edit.setPlaceholderText(_show_day(date(date.today().year, 12, 31)))  # noqa: DTZ011 - a sample
        layout.addWidget(self.edit, 1)
        layout.addWidget(IconButton(theme, "calendar", _("Choose a day"), self._pick))
        self.set_value(value)

    def value(self) -> str | None:
        """The day as ISO text, None when empty; ValueError when it is no day."""
        text = self.edit.text().strip()
        return parse_day(text).isoformat() if text else None

    def set_value(self, value: str | None) -> None:
        """Show an ISO date, or nothing."""
        self.edit.setText(_show_day(date.fromisoformat(value)) if value else "")

    def _pick(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setLocale(number_locale())
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        try:
            day = date.fromisoformat(self.value() or "")
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        except ValueError:
            pass  # nothing readable is typed yet: the calendar opens on today
        calendar.clicked.connect(lambda picked: self._take(picked, popup))
        calendar.activated.connect(lambda picked: self._take(picked, popup))
        popup.column.addWidget(calendar)
        popup.open_under(self.edit)

    def _take(self, picked: QDate, popup: Popup) -> None:
        self.set_value(picked.toString(Qt.DateFormat.ISODate))
        popup.close()
        self.changed.emit()


class MoneyField(LineField):
    """An amount; its value is minor units or None (unknown, which is not 0)."""

    def __init__(self, currency: str, value: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currency = currency
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE * 2)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.edit, 1)
        self._code = Quiet(currency)
        layout.addWidget(self._code)
        self.set_value(value)

    def set_currency(self, currency: str) -> None:
        """Take what is typed for an amount in another currency."""
        self.currency = currency
        self._code.setText(currency)

    def value(self) -> int | None:
        """Minor units, None when empty; ValueError when it is no amount."""
        text = self.edit.text().strip()
        return parse_amount(text, self.currency) if text else None

    def set_value(self, value: int | None) -> None:
        """Show minor units, or nothing."""
        if value is None:
            self.edit.clear()
            return
        units = from_minor(value, self.currency)
        shown = format(units.normalize() if units == units.to_integral_value() else units, "f")
        point = number_locale().decimalPoint()
        whole, _dot, part = shown.partition(".")
        grouped = f"{int(whole):,}".replace(",", "\u00a0")
        if whole.startswith("-") and not grouped.startswith("-"):
            grouped = f"-{grouped}"
        self.edit.setText(f"{grouped}{point}{part}" if part else grouped)


class ChoiceField(QComboBox):
    """One of a list of (value, words); `optional` puts an empty line first, whose value is None."""

    changed = Signal()

    def __init__(
        self,
        options: Sequence[tuple[object, str]] = (),
        value: object = None,
        *,
        optional: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._optional = optional
        self.setMaxVisibleItems(16)
        self.set_options(options)
        self.set_value(value)
        self.currentIndexChanged.connect(lambda _index: self.changed.emit())

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """Other things to choose from; the choice stays when it is among them."""
        kept = self.value()
        with QSignalBlocker(self):
            self.clear()
            if self._optional:
                self.addItem("—", None)
            for value, words in options:
                self.addItem(words, value)
        self.set_value(kept)

    def value(self) -> object:
        """What is chosen."""
        return self.currentData()

    def set_value(self, value: object) -> None:
        """Choose `value`; when it is not in the list, the first."""
        for index in range(self.count()):
            if self.itemData(index) == value:
                self.setCurrentIndex(index)
                return
        self.setCurrentIndex(0 if self.count() else -1)


def parse_day(text: str) -> date:
    """A typed day: ISO, or the order of the language (day first but in American English)."""
    digits = [part for part in "".join(c if c.isdigit() else " " for c in text).split() if part]
    if len(digits) != 3:
        raise ValueError(text)
    one, two, three = (int(part) for part in digits)
    if len(digits[0]) == 4:
        return date(one, two, three)
    year = three + 2000 if three < 100 else three
    month_first = number_locale().dateFormat(QLocale.FormatType.ShortFormat).lower().startswith("m")
    return date(year, one, two) if month_first else date(year, two, one)


_TOO_MUCH = 10**13  # units of money


def parse_amount(text: str, currency: str) -> int:
    """A typed amount in minor units; the last comma or point before at most two digits is decimal.

    ValueError where it is none, or so large that the sums of a board would overflow.
    """
    bare = "".join(c for c in text if not c.isspace() and c != "\u00a0")
    mark = max(bare.rfind(","), bare.rfind("."))
    if mark >= 0 and len(bare) - mark - 1 <= 2:
        bare = bare[:mark].replace(",", "").replace(".", "") + "." + bare[mark + 1 :]
    else:
        bare = bare.replace(",", "").replace(".", "")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) >= _TOO_MUCH:
        raise ValueError(text)
    return to_minor(value, currency)


def _show_day(day: date) -> str:
    from PySide6.QtCore import QDate as Day

    shape = number_locale().dateFormat(QLocale.FormatType.ShortFormat)
    if "yyyy" not in shape:
        shape = shape.replace("yy", "yyyy")
    return number_locale().toString(Day(day.year, day.month, day.day), shape)


def plain_number(text: str) -> Decimal:
    """A typed number with a comma or a point; ValueError where it is none."""
    bare = "".join(text.split()).replace("\u00a0", "").replace(",", ".")
    try:
        value = Decimal(bare)
    except InvalidOperation as error:
        raise ValueError(text) from error
    if not value.is_finite() or abs(value) > _TOO_MUCH:
        raise ValueError(text)
    return value
