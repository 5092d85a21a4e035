"""The rules of a funnel as sentences, each with its switch; those of all funnels and of leads below."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QVBoxLayout, QWidget

from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels.rule_words import rule_text
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.rules import RuleSheet


class AutomationPanel(QWidget):
    """Asks for what a person does to the rules."""

    edit_wanted = Signal(object)  # a Rule; id 0 = a new one
    removal_wanted = Signal(int)
    switched = Signal(int, bool)
    log_wanted = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sheet: RuleSheet | None = None
        self._funnel_id = 0
        self._writable = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
        column.addWidget(
            Quiet(
                _("When something happens to a deal, something is done at once. Undo takes both back."),
                wrap=True,
            )
        )
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE_2)
        column.addLayout(self._rows)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        self.add_button = push_button(_("Add a rule…"), self._open_menu, theme=context.theme, icon="plus")
        self.log_button = push_button(
            _("What the rules did…"), self.log_wanted.emit, theme=context.theme, icon="history"
        )
        foot.addWidget(self.add_button)
        foot.addWidget(self.log_button)
        foot.addStretch(1)
        column.addSpacing(SPACE_2)
        column.addLayout(foot)
        column.addStretch(1)

    def show_rules(self, sheet: RuleSheet, funnel_id: int, *, writable: bool) -> None:
        """Show the rules that concern a funnel."""
        self._sheet, self._funnel_id, self._writable = sheet, funnel_id, writable
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        mine = [rule for rule in sheet.rules if rule.funnel_id == funnel_id]
        others = [rule for rule in sheet.rules if rule.funnel_id is None]
        for rule in mine:
            self._rows.addWidget(self._row(rule))
        if others:
            self._rows.addWidget(PlainLabel(_("In all funnels, and on leads"), "field"))
            for rule in others:
                self._rows.addWidget(self._row(rule))
        if not sheet.rules:
            first = _("No rules yet. The first could plan a task when a deal comes to a stage.")
            self._rows.addWidget(Quiet(first, wrap=True))
        self.add_button.setEnabled(writable)

    def _row(self, rule: Rule) -> QWidget:
        assert self._sheet is not None
        words = rule_text(rule, self._sheet, self._context.currency)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE_2)
        switch = QCheckBox()
        switch.setChecked(rule.active)
        switch.setAccessibleName(_("On: {rule}").format(rule=words))
        switch.setToolTip(_("On or off"))
        switch.setEnabled(self._writable)
        switch.clicked.connect(lambda on: self.switched.emit(rule.id, on))
        text = PlainLabel(words, "" if rule.active else "quiet")
        text.setWordWrap(True)
        theme = self._context.theme
        edit = IconButton(theme, "pencil", _("Change this rule"), lambda: self.edit_wanted.emit(rule))
        remove = IconButton(
            theme, "trash-2", _("Remove this rule"), lambda: self.removal_wanted.emit(rule.id)
        )
        line.addWidget(switch)
        line.addWidget(text, 1)
        for button in (edit, remove):
            button.setEnabled(self._writable)
            line.addWidget(button)
        return row

    def starts(self) -> list[tuple[str, Rule]]:
        """What a new rule can begin with."""
        funnel = self._funnel_id
        hand_over = Params(_("Fulfil the order"), days=1).dumps()
        call = Params(_("Call the lead")).dumps()
        return [
            (_("A task when a deal comes to a stage"),
             Rule(funnel_id=funnel, event=Event.ENTERED, action=Action.TASK)),
            (_("Hand over after payment to the one who fulfils"),
             Rule(funnel_id=funnel, event=Event.WON, action=Action.HAND_OVER, params=hand_over)),
            (_("A task when a deal stands still"),
             Rule(funnel_id=funnel, event=Event.STALE, days=7, action=Action.TASK,
                  params=Params(_("Find out what is up")).dumps())),
            (_("A task when a deal was lost"),
             Rule(funnel_id=funnel, event=Event.LOST, action=Action.TASK,
                  params=Params(_("Call again"), days=90, kind="call").dumps())),
            (_("A lead is given to somebody"),
             Rule(event=Event.LEAD_ARRIVED, action=Action.HAND_OVER, params=call)),
        ]  # fmt: skip

    def make_menu(self) -> QMenu:
        """The beginnings of a rule."""
        menu = QMenu(self)
        for words, rule in self.starts():
            menu.addAction(words, self._asker(rule))
        return menu

    def _asker(self, rule: Rule) -> Callable[[], None]:
        return lambda: self.edit_wanted.emit(rule)

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.add_button.mapToGlobal(QPoint(0, self.add_button.height())))
