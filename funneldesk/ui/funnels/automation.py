"""The rules of the funnel in front: read, shown, changed through the services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels import requests
from funneldesk.ui.funnels.automation_panel import AutomationPanel

if TYPE_CHECKING:
    from funneldesk.services.rules import RuleSheet
    from funneldesk.store.database import Database
    from funneldesk.ui.funnels.rule_dialog import RuleDialog


class Automation(QObject):
    """Owns the panel; every edit is one change with a toast that takes it back."""

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self.panel = AutomationPanel(context)
        self.dialog: RuleDialog | None = None
        self.sheet: RuleSheet | None = None
        self._funnel_id = 0
        self._writable = True
        panel = self.panel
        panel.edit_wanted.connect(self.edit)
        panel.removal_wanted.connect(lambda rule_id: self._write(requests.remove_rule(rule_id)))
        panel.switched.connect(lambda rule_id, on: self._write(requests.change_rule(rule_id, {"active": on})))
        panel.log_wanted.connect(self.show_log)

    def show_funnel(self, funnel_id: int, *, writable: bool) -> None:
        """The rules of a funnel, read anew."""
        self._funnel_id, self._writable = funnel_id, writable

        def read(db: Database) -> RuleSheet:
            from funneldesk.services import rules

            return rules.sheet(db)

        self._context.tasks.read(read, self._take, receiver=self, key="funnel-rules")

    def _take(self, sheet: RuleSheet) -> None:
        self.sheet = sheet
        self.panel.show_rules(sheet, self._funnel_id, writable=self._writable)

    def edit(self, rule: Rule) -> None:
        """Ask for a rule; one with the id 0 is a new one."""
        from funneldesk.ui.funnels.rule_dialog import RuleDialog

        if self.sheet is None:
            return
        dialog = self.dialog = RuleDialog(self._context, self.sheet, rule, self._window)

        def agreed(made: Rule) -> None:
            save(self._context, requests.put_rule(made), self, done, failed)

        def done(_change: Change) -> None:
            dialog.done(RuleDialog.DialogCode.Accepted)

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                dialog.refuse(error.code, error_text(error))

        dialog.agreed.connect(agreed)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def end_wait(self, funnel_id: int, stage_id: int, days: float) -> None:
        """Ask for the rule by which a deal that waits too long is lost."""
        lost = Params(place="lost", text=_("No answer in time"))
        self.edit(
            Rule(
                funnel_id=funnel_id, event=Event.STALE, stage_id=stage_id, days=days, action=Action.MOVE,
                params=lost.dumps(),
            )
        )  # fmt: skip

    def show_log(self) -> None:
        """What the rules did."""
        from funneldesk.ui.funnels.rule_log import RuleLog

        RuleLog(self._context, self._window).open()

    def _write(self, work: requests.Write) -> None:
        save(self._context, work, self)
