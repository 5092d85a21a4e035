"""Controls of reports: the period, the date of the report, the counting rule, one of a list."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QCalendarWidget, QFrame, QHBoxLayout, QMenu, QPushButton, QWidget

from funneldesk.domain.results import Span
from funneldesk.report_words import rule_hint, rule_title, span_title
from funneldesk.text import _, format_date
from funneldesk.ui.icons import dress_button
from funneldesk.ui.reports.period import ALL, CUSTOM, KINDS, Period, period_title
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.fields import DateField, number_locale
from funneldesk.ui.widgets.labels import PlainLabel, Quiet, plain_tooltip
from funneldesk.ui.widgets.popup_filter import FilterChip, Popup

IN_FRONT = ("current", "visited", "reached")


class PeriodButton(QPushButton):
    """Opens the list of periods; "any two dates" opens two fields."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._period = Period()
        dress_button(self, theme, "calendar")
        self.clicked.connect(self._open)
        self.set_period(Period())

    def period(self) -> Period:
        """What is chosen."""
        return self._period

    def set_period(self, period: Period) -> None:
        """Show a period without telling anybody."""
        self._period = period
        title = period_title(period)
        self.setText(title)
        self.setAccessibleName(_("Period: {period}").format(period=title))

    def choose(self, kind: str) -> None:
        """Take a period by its name, as the menu does."""
        if kind == CUSTOM:
            self._ask_days()
            return
        self.set_period(Period(kind))
        self.changed.emit()

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for kind, words in KINDS.items():
            if kind in (CUSTOM, "this_month", "this_quarter", "this_year", "last_90"):
                menu.addSeparator()
            action = menu.addAction(_(words))
            action.setCheckable(True)
            action.setChecked(kind == self._period.kind)
            action.triggered.connect(lambda _on=False, kind=kind: self.choose(kind))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _ask_days(self) -> None:
        def take(first: str | None, last: str | None) -> None:
            self.set_period(Period(CUSTOM, first, last) if first or last else Period(ALL))
            self.changed.emit()

        ask_two_days(self, self._theme, self._period, _("Show this period"), take)


def ask_two_days(
    under: QWidget,
    theme: Theme,
    shown: Period,
    button: str,
    take: Callable[[str | None, str | None], None],
    *,
    both: bool = False,
) -> None:
    """Two fields in a popup; `take` gets the earlier and the later day (ISO, None where empty).

    `both`: neither may be empty.
    """
    popup = Popup(under)
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    first, last = DateField(theme, shown.first), DateField(theme, shown.last)
    for words, field in ((_("First day"), first), (_("Last day"), last)):
        popup.column.addWidget(Quiet(words))
        popup.column.addWidget(field)
    error = PlainLabel("", "error")
    error.setVisible(False)
    popup.column.addWidget(error)

    def done() -> None:
        try:
            days = first.value(), last.value()
        except ValueError:
            error.setText(_("This is no day. Write it as {sample}.").format(sample="2026-12-31"))
            error.setVisible(True)
            return
        if both and None in days:
            error.setText(_("Both days are needed."))
            error.setVisible(True)
            return
        if days[0] and days[1] and days[0] > days[1]:
            days = days[1], days[0]
        popup.close()
        take(*days)

    popup.column.addWidget(PrimaryButton(button, done))
    popup.open_under(under)
    first.setFocus()


class DayChip(FilterChip):
    """The date of the report; nothing chosen = now."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        self._day = ""
        super().__init__(theme, name, "history", parent)

    def day(self) -> str:
        """The ISO day, empty for now."""
        return self._day

    def set_day(self, day: str) -> None:
        """Show a day without telling anybody."""
        self._day = day
        self._show(format_date(date.fromisoformat(day)) if day else "")

    def clear(self) -> None:
        """Back to now."""
        if self._day:
            self.set_day("")
            self.changed.emit()

    def _open(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = QCalendarWidget()
        calendar.setLocale(number_locale())
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        if self._day:
            day = date.fromisoformat(self._day)
            calendar.setSelectedDate(QDate(day.year, day.month, day.day))

        def take(picked: QDate) -> None:
            self.set_day(date(picked.year(), picked.month(), picked.day()).isoformat())
            popup.close()
            self.changed.emit()

        calendar.clicked.connect(take)
        calendar.activated.connect(take)
        popup.column.addWidget(calendar)
        now = push_button(_("Now"), self.clear, role="link")
        now.clicked.connect(popup.close)
        popup.column.addWidget(now)
        popup.open_under(self)


class OneOf(FilterChip):
    """One of a list in a chip; "" chooses none."""

    def __init__(
        self, theme: Theme, name: str, none: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        self._options: list[tuple[str, str]] = []
        self._value = ""
        self._none = none
        super().__init__(theme, name, icon, parent)

    def set_options(self, options: Sequence[tuple[str, str]]) -> None:
        """(value, words) of each."""
        self._options = list(options)
        self.set_value(self._value)

    def rename(self, name: str) -> None:
        """Call it otherwise."""
        self._name = name
        self.set_value(self._value)

    def value(self) -> str:
        """What is chosen."""
        return self._value

    def set_value(self, value: str) -> None:
        """Choose without telling anybody; an unknown value chooses none."""
        words = dict(self._options)
        self._value = value if value in words else ""
        self._show(words.get(self._value, ""))

    def choose(self, value: str) -> None:
        """Choose as a person does."""
        self.set_value(value)
        self.changed.emit()

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        choices = ([("", self._none)] if self._none else []) + self._options
        for value, words in choices:
            action = menu.addAction(words.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(value == self._value)
            action.triggered.connect(lambda _on=False, value=value: self.choose(value))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))


class CompareChip(OneOf):
    """What to compare with: the period before, a year before, or any two dates."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        self._days = Period(CUSTOM)
        super().__init__(theme, _("Compare with"), none=_("Nothing"), icon="arrow-right-left", parent=parent)
        self._spans = [(str(span), span_title(span)) for span in Span if span is not Span.ANY]
        self.set_days(self._days)

    def days(self) -> Period:
        """The two days that `any` means; empty when another is chosen."""
        return self._days

    def set_days(self, days: Period) -> None:
        """Show two days without telling anybody."""
        self._days = days
        words = period_title(days) if days.first and days.last else _(KINDS[CUSTOM])
        self.set_options([*self._spans, (str(Span.ANY), words)])

    def choose(self, value: str) -> None:
        """Choose as a person does; two dates are asked for first."""
        if value != Span.ANY:
            self.set_days(Period(CUSTOM))
            super().choose(value)
            return

        def take(first: str | None, last: str | None) -> None:
            self.set_days(Period(CUSTOM, first, last))
            super(CompareChip, self).choose(value)

        ask_two_days(self, self._theme, self._days, _("Compare with this period"), take, both=True)


class RulePicker(QFrame):
    """Three counting rules in front, all of them with their words in a menu."""

    changed = Signal()

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rules: tuple[str, ...] = ()
        self._value = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2 // 2)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for rule in IN_FRONT:
            button = push_button(rule_title(rule), partial(self.choose, rule))
            button.setCheckable(True)
            button.setToolTip(plain_tooltip(rule_hint(rule)))
            self._group.addButton(button)
            self.buttons[rule] = button
            row.addWidget(button)
        self.other = push_button("")
        self.other.setCheckable(True)
        self.other.setVisible(False)
        self._group.addButton(self.other)
        row.addWidget(self.other)
        row.addWidget(IconButton(theme, "ellipsis", _("All counting rules"), self._open))

    def set_rules(self, rules: Sequence[str], value: str) -> None:
        """Show the rules a report may be counted by, and the one chosen."""
        self._rules = tuple(rules)
        self._value = value
        for rule, button in self.buttons.items():
            button.setVisible(rule in self._rules)
            button.setChecked(rule == value)
        self.other.setVisible(value not in IN_FRONT)
        if value not in IN_FRONT:
            self.other.setText(rule_title(value))
            self.other.setToolTip(plain_tooltip(rule_hint(value)))
            self.other.setChecked(True)

    def value(self) -> str:
        """The rule chosen."""
        return self._value

    def choose(self, rule: str) -> None:
        """Choose as a person does."""
        self.set_rules(self._rules, rule)
        self.changed.emit()

    def _open(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for rule in self._rules:
            action = menu.addAction(f"{rule_title(rule)} — {rule_hint(rule)}".replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(rule == self._value)
            action.triggered.connect(lambda _on=False, rule=rule: self.choose(rule))
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
