"""The dialogs of a cost, a marked change and a standard of contact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.goals import Mark, SourceCost, Standard, StandardKind, month_days
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.widgets.fields import plain_number

if TYPE_CHECKING:
    from funneldesk.services.reporting import ReportChoices
    from funneldesk.store.database import Database


def _today(context: AppContext) -> str:
    return clock.local_date(clock.now(), context.zone).isoformat()


class CostDialog(FormDialog):
    """Source, first and last day, amount, comment; a new one begins with this month."""

    help_page = "goals"

    error_key = "amount"

    def __init__(
        self, context: AppContext, parent: QWidget, cost: SourceCost | None, choices: ReportChoices
    ) -> None:
        super().__init__(context, parent, _("Cost of a source"), _("Save"), "check")
        self._cost = cost
        month = month_days(_today(context)[:7])
        last = cost.last_day if cost else (month[1] - timedelta(days=1)).isoformat()
        currency = cost.currency if cost else context.currency
        sources = [(source.id, source.name) for source in choices.sources]
        form = self.form
        form.add_choice("source", _("Source"), sources, cost.source_id if cost else None)
        form.require("source")
        form.add_date("first", _("First day"), cost.first_day if cost else month[0].isoformat())
        form.add_date("last", _("Last day"), last)
        form.add_money("amount", _("Amount"), currency, cost.amount if cost else None)
        form.add_text("comment", _("Comment"), cost.comment if cost else "")
        for key in ("first", "last", "amount"):
            form.require(key)
        self._currency = currency
        form.field("amount" if cost else "source").setFocus()
        if not sources:
            self.tell(_("There are no sources yet: add them under Settings, Lists."))

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Set the cost."""
        from funneldesk.services import goals

        cost = SourceCost(
            id=self._cost.id if self._cost else 0,
            source_id=values["source"],
            first_day=values["first"],
            last_day=values["last"],
            amount=values["amount"],
            currency=self._currency,
            comment=values["comment"],
        )
        return goals.set_cost(db, cost, actor=actor)


class MarkDialog(FormDialog):
    """Day, what changed, and the funnel it concerns."""

    help_page = "goals"

    def __init__(
        self, context: AppContext, parent: QWidget, mark: Mark | None, choices: ReportChoices
    ) -> None:
        super().__init__(context, parent, _("Marked change"), _("Save"), "check")
        self._mark = mark
        form = self.form
        form.add_text(
            "title", _("What changed"), mark.title if mark else "", required=True, hint=_("New price list")
        )
        form.add_date("day", _("Day"), mark.day if mark else _today(context))
        form.require("day")
        funnels = [(None, _("All funnels")), *((v.funnel.id, v.funnel.name) for v in choices.funnels)]
        form.add_choice("funnel", _("Funnel"), funnels, mark.funnel_id if mark else None, optional=False)
        form.field("title").setFocus()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Set the mark."""
        from funneldesk.services import goals

        mark = Mark(
            id=self._mark.id if self._mark else 0,
            day=values["day"],
            title=values["title"],
            funnel_id=values["funnel"],
        )
        return goals.set_mark(db, mark, actor=actor)


class StandardDialog(FormDialog):
    """What is asked, how much is allowed, and for whom it holds."""

    help_page = "goals"

    error_key = "limit"

    def __init__(
        self, context: AppContext, parent: QWidget, standard: Standard | None, choices: ReportChoices
    ) -> None:
        super().__init__(context, parent, _("Standard of contact"), _("Save"), "check")
        self._standard = standard
        form = self.form
        kinds = (
            (StandardKind.CONTACT, _("A contact at least every so many days")),
            (StandardKind.ANSWER, _("A new lead is answered within so many hours")),
        )
        kind = StandardKind(standard.kind) if standard else StandardKind.CONTACT
        form.add_choice("kind", _("Rule"), kinds, kind, optional=False)
        shown = f"{standard.limit_:g}" if standard else ""
        limit = form.add_text("limit", _("Days"), shown, required=True)
        form.read_as("limit", lambda: float(plain_number(limit.text())) if limit.text().strip() else None)
        stages = [(s.id, f"{v.funnel.name} · {s.name}") for v in choices.funnels for s in v.stages]
        options = [(None, _("All stages")), *stages]
        chosen = standard.stage_id if standard else None
        form.add_choice("stage", _("Stage"), options, chosen, optional=False)
        form.add_text(
            "category", _("Clients' category"), standard.category if standard else "", hint=_("all clients")
        )
        self.choice("kind").changed.connect(self._show_kind)
        self._show_kind()
        limit.setFocus()

    def _show_kind(self) -> None:
        answer = self.choice("kind").value() == StandardKind.ANSWER
        self.form.set_label("limit", _("Hours") if answer else _("Days"))
        self.form.set_row_visible("stage", not answer)

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Set the standard."""
        from funneldesk.services import goals

        answer = values["kind"] == StandardKind.ANSWER
        standard = Standard(
            id=self._standard.id if self._standard else 0,
            kind=values["kind"],
            limit_=values["limit"],
            stage_id=None if answer else values["stage"],
            category=values["category"],
        )
        return goals.set_standard(db, standard, actor=actor)
