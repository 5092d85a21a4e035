"""The controls over a report: what it is asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QSizePolicy, QWidget

from funneldesk.domain.condition import group_from, spec_of
from funneldesk.domain.results import Report
from funneldesk.report_words import grouping_title, population_title, shown_columns
from funneldesk.reports.catalog import CATALOG
from funneldesk.reports.report_info import OWN
from funneldesk.text import _
from funneldesk.ui.conditions.chip import ConditionChip
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.choice import Choice
from funneldesk.ui.reports.goal_chip import GoalChip
from funneldesk.ui.reports.period import CUSTOM, Period
from funneldesk.ui.reports.pickers import CompareChip, DayChip, OneOf, PeriodButton, RulePicker
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import plain_tooltip
from funneldesk.ui.widgets.popup_filter import ChoiceFilter

MOST_BY = max(info.by_most for info in CATALOG.values())


class Controls(QWidget):
    """Shows a `Choice` and writes what a person changes into it; then `changed`."""

    changed = Signal()

    def __init__(self, context: AppContext, choice: Choice, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self._choice = choice
        self._funnels: list[tuple[int, str]] = []
        self._closes: dict[int, str] = {}  # funnel -> when its deals are expected to close
        self.funnel = QComboBox()
        self.funnel.setAccessibleName(_("Funnel"))
        self.period = PeriodButton(theme)
        self.population = QComboBox()
        self.population.setAccessibleName(_("Which deals"))
        for box in (self.funnel, self.population):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.rule = RulePicker(theme)
        self.by = OneOf(theme, _("By"), icon="layers")
        # these go on from `by`, whose icon stands for all of them
        self.then_by = [OneOf(theme, _("and by"), none=_("Nothing else")) for _each in range(MOST_BY - 1)]
        self.managers = ChoiceFilter(theme, _("Managers"), icon="users")
        self.source = OneOf(theme, _("Source"), none=_("All sources"), icon="globe")
        self.product = OneOf(theme, _("Product"), none=_("All products"), icon="package")
        self.conditions = ConditionChip(context, "deal")
        self.as_of = DayChip(theme, _("As of"))
        self.goal = GoalChip(theme, context.currency)
        self.columns = ChoiceFilter(theme, _("Figures"), icon="columns-3")
        self.figure = ConditionChip(context, "deal", title=_("Own figure"), icon="list-filter", letters=24)
        self.figure.setToolTip(
            plain_tooltip(_("At each stage also counts the deals that fulfil conditions, and their share."))
        )
        self._own_fields: list[str] = []  # what deals can be grouped by beside what the report says
        self._figures: list[str] = []  # the keys of what can be chosen there
        self.compare = CompareChip(theme)
        self.new_business = QCheckBox(_("With deals yet to come"))
        self.new_business.setToolTip(
            plain_tooltip(
                _("Beside the open deals counts those that will arrive, at the pace of the last 60 days.")
            )
        )
        self.turned = QCheckBox(_("Managers in rows"))
        self.turned.setToolTip(plain_tooltip(_("Turns the matrix: a row for each manager, stages across.")))
        self.reset = push_button(_("Clear filters"), self.clear, role="link")
        # what is counted in the first line, what narrows it in the second, while there is room
        self.flow = FlowLayout(self, SPACE_2)
        for widget in (
            self.funnel, self.period, self.population, self.rule, self.by, *self.then_by,
            self.compare, self.goal, self.new_business, self.turned, self.columns, self.figure,
        ):  # fmt: skip
            self.flow.addWidget(widget)
        self.flow.part()
        for widget in (
            self.managers, self.source, self.product, self.conditions, self.as_of, self.reset,
        ):  # fmt: skip
            self.flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._connect()

    def _connect(self) -> None:
        self.funnel.activated.connect(lambda _index: self._take())
        self.population.activated.connect(lambda _index: self._take())
        for box in (self.new_business, self.turned):
            box.clicked.connect(lambda _on: self._take())
        for control in (
            self.period, self.rule, self.by,
            self.compare, self.managers, self.source, self.product, self.conditions, self.as_of, self.columns,
            self.goal, self.figure,
        ):  # fmt: skip
            control.changed.connect(self._take)
        for then in self.then_by:
            then.changed.connect(self._take)

    def set_choices(self, choices: Any) -> None:
        """What there is to choose from (`services.reporting.ReportChoices`)."""
        blocked = QSignalBlocker(self.managers)
        self._funnels = [(view.funnel.id, view.funnel.name) for view in choices.funnels]
        self._closes = {view.funnel.id: view.funnel.expected_close for view in choices.funnels}
        self.managers.set_options([(m.id, m.name) for m in choices.managers])
        blocked.unblock()
        self.source.set_options([(s.name, s.name) for s in choices.sources])
        self.product.set_options([(p.name, p.name) for p in choices.products])
        self._own_fields = [OWN + name for name in choices.own_fields]
        for own in self._choice.own.values():  # a field may have been removed or renamed since
            own.by = [name for name in own.by if not name.startswith(OWN) or name in self._own_fields]
        known = {key for key, _name in self._funnels}
        if self._choice.funnel not in known:
            self._choice.funnel = 0
        managers = {m.id for m in choices.managers}
        self._choice.managers = [m for m in self._choice.managers if m in managers]
        self.show_choice()

    def show_choice(self) -> None:
        """Show what is chosen, and only what the chosen report knows."""
        choice, info, own = self._choice, self._choice.info(), self._choice.mine()
        by = tuple(own.by) or self._usual_by()
        single = info.by_stage or "stage" in by
        self.funnel.clear()
        if not single and len(self._funnels) > 1:
            self.funnel.addItem(_("All funnels"), 0)
        for key, name in self._funnels:
            self.funnel.addItem(name, key)
        self.funnel.setCurrentIndex(max(0, self.funnel.findData(choice.funnel)))
        self.period.set_period(choice.period)
        self.population.clear()
        for population in info.populations:
            self.population.addItem(population_title(population), str(population))
        chosen = own.population or str(info.population)
        self.population.setCurrentIndex(max(0, self.population.findData(chosen)))
        self.population.setVisible(len(info.populations) > 1)
        self.rule.setVisible(len(info.rules) > 1)
        if info.rules:
            self.rule.set_rules([str(rule) for rule in info.rules], own.rule or str(info.rule))
        self.goal.setVisible(info.goal)
        self.goal.set_goal(own.goal_wins, own.goal_amount)
        self.new_business.setVisible(info.foretells)
        self.new_business.setChecked(own.new_business)
        self.figure.setVisible(info.own_figure)
        self.figure.set_tree(group_from(own.figure), tell=False)
        self.turned.setVisible(info.turns)
        self.turned.setChecked(own.turned)
        self._show_by(by)
        self._show_filters()

    def show_figures(self, report: Report | None) -> None:
        """Offer the figures of the report that is shown; None while there is none."""
        blocked = QSignalBlocker(self.columns)
        found = [] if report is None else shown_columns(replace(report, chosen=()))
        found = [shown for shown in found if shown.numeric]
        self._figures = [shown.column.key for shown in found]
        self.columns.set_options([(place, shown.label) for place, shown in enumerate(found)])
        own = self._choice.mine().columns
        self.columns.set_chosen([place for place, key in enumerate(self._figures) if key in own])
        self.columns.setVisible(len(found) > 1)
        blocked.unblock()

    def _usual_by(self) -> tuple[str, ...]:
        """The grouping where none is chosen; of a forecast the way that its funnel says."""
        info = self._choice.info()
        if not info.foretells:
            return info.by_default
        funnel = self._choice.funnel or (self._funnels[0][0] if self._funnels else 0)
        return (self._closes.get(funnel, info.by_default[0]),)

    def _show_by(self, by: tuple[str, ...]) -> None:
        info = self._choice.info()
        names = (*info.by, *(self._own_fields if info.crossed else ()))
        options = [(name, grouping_title(name)) for name in names]
        self.by.setVisible(bool(info.by))
        self.by.rename(_("Rows") if info.crossed else _("By"))
        self.then_by[0].rename(_("Columns") if info.crossed else _("and by"))
        self.by.set_options(options)
        self.by.set_value(by[0] if by else "")
        for place, box in enumerate(self.then_by, start=1):
            box.setVisible(place <= len(by) and place < info.by_most)
            box.set_options([(name, words) for name, words in options if name not in by[:place]])
            box.set_value(by[place] if place < len(by) else "")

    def _show_filters(self) -> None:
        choice = self._choice
        blocked = QSignalBlocker(self.managers)
        self.managers.set_chosen(choice.managers)
        blocked.unblock()
        self.source.set_value(choice.source)
        self.product.set_value(choice.product)
        self.conditions.set_tree(choice.tree(), tell=False)
        self.as_of.set_day(choice.as_of)
        self.compare.set_days(Period(CUSTOM, choice.compare_first or None, choice.compare_last or None))
        self.compare.set_value(choice.compare)
        self.compare.setVisible(choice.can_compare())
        self.reset.setVisible(choice.filtered())

    def clear(self) -> None:
        """All deals of all time again; the kind of report stays as it is."""
        choice = self._choice
        choice.period, choice.managers, choice.source, choice.product, choice.as_of = Period(), [], "", "", ""
        choice.conditions = {}
        self.show_choice()
        self.changed.emit()

    def _take(self) -> None:
        choice, own = self._choice, self._choice.mine()
        choice.funnel = int(self.funnel.currentData() or 0)
        choice.period = self.period.period()
        choice.managers = list(self.managers.chosen())
        choice.source, choice.product = self.source.value(), self.product.value()
        choice.as_of = self.as_of.day()
        choice.compare = self.compare.value()
        days = self.compare.days()
        choice.compare_first, choice.compare_last = days.first or "", days.last or ""
        tree = self.conditions.tree()
        choice.conditions = spec_of(tree) if tree else {}
        info = choice.info()
        population = str(self.population.currentData() or "")
        own.population = "" if population == str(info.population) else population
        own.rule = "" if self.rule.value() == str(info.rule) else self.rule.value()
        by = [box.value() for box in (self.by, *self.then_by)] if info.by else []
        own.by = list(dict.fromkeys(name for name in by if name))
        if info.foretells and tuple(own.by) == self._usual_by():
            own.by = []  # it follows the funnel
        if self._figures:
            own.columns = [self._figures[place] for place in self.columns.chosen()]
        if info.goal:
            own.goal_wins, own.goal_amount = self.goal.goal()
        own.new_business = info.foretells and self.new_business.isChecked()
        figure = self.figure.tree()
        own.figure = spec_of(figure) if info.own_figure and figure else {}
        own.turned = info.turns and self.turned.isChecked()
        self.show_choice()
        self.changed.emit()
