"""The dialog for a new deal with a client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.criteria import Answers
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.board.criteria_dialog import ask_criteria
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import ElidedLabel

if TYPE_CHECKING:
    from funneldesk.domain.card import Names
    from funneldesk.store.database import Database
    from funneldesk.store.queries.lists import FunnelView


class NewDealDialog(Dialog):
    """`made` carries the id of the new deal; `links` are company_id and person_id."""

    help_page = "board"

    made = Signal(int)

    def __init__(
        self, context: AppContext, parent: QWidget | None, *, client: str, links: Mapping[str, int]
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._links = dict(links)
        self._funnels: Sequence[FunnelView] = ()
        column = self.headed(_("New deal"), 480)
        column.addWidget(ElidedLabel(client, "quiet"))
        self.form = form = Form(context.theme)
        form.add_text("title", _("Title"), required=True, hint=_("What does the client want?"))
        form.add_choice("funnel_id", _("Funnel"), (), optional=False)
        form.add_choice("stage_id", _("Stage"), (), optional=False)
        form.add_money("amount", _("Amount"), context.currency)
        form.add_choice("manager_id", _("Manager"), ())
        form.add_choice("source_id", _("Source"), ())
        form.add_text("demand", _("First request"), hint=_("What did the client first ask for?"))
        form.add_date("expected_close", _("Expected close"))
        form.changed.connect(self._changed)
        column.addWidget(form)
        column.addStretch(1)
        self.button = PrimaryButton(_("Add"), self.accept, theme=context.theme, icon="plus")
        self.add_foot(column, self.button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        form.field("title").setFocus()
        context.tasks.read(_read_lists, self._take, receiver=self)

    def _choice(self, key: str) -> ChoiceField:
        field = self.form.field(key)
        assert isinstance(field, ChoiceField)
        return field

    def _take(self, found: tuple[Sequence[FunnelView], Names, bool]) -> None:
        self._funnels, names, demand = found
        self.form.set_required("demand", demand)
        funnel = self._choice("funnel_id")
        funnel.set_options([(view.funnel.id, view.funnel.name) for view in self._funnels])
        known = {view.funnel.id for view in self._funnels}
        last = self._context.settings.last_funnel
        funnel.set_value(last if last in known else next(iter(known), None))
        self.form.set_row_visible("funnel_id", len(known) > 1)
        self._changed("funnel_id")
        manager = self._choice("manager_id")
        manager.set_options([(i, names.managers[i]) for i in names.active_managers])
        manager.set_value(self._context.me)
        self._choice("source_id").set_options(list(names.sources.items()))
        self.button.setEnabled(bool(known))

    def _changed(self, key: str) -> None:
        if key == "funnel_id":
            chosen = self._choice("funnel_id").value()
            stages = next((view.stages for view in self._funnels if view.funnel.id == chosen), ())
            field = self._choice("stage_id")
            field.set_options([(stage.id, stage.name) for stage in stages])

    def _save(self, answers: Answers | None = None) -> None:
        values = self.form.values()
        funnel_id, stage_id = values.pop("funnel_id"), values.pop("stage_id")
        values.update(self._links)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import deals

            new = deals.NewDeal(**values)
            return deals.create(db, new, funnel_id=funnel_id, stage_id=stage_id, answers=answers, actor=actor)

        self.button.setEnabled(False)
        save(self._context, write, self, self._done, self._failed)

    def _done(self, change: Change) -> None:
        super().accept()
        self.made.emit(change.new_id("deal"))

    def _failed(self, error: Exception) -> None:
        self.button.setEnabled(True)
        if ask_criteria(self._context, error, self, lambda answers: self._save(*answers.values())):
            return
        if isinstance(error, UserError):
            self.form.set_error("title", error_text(error))

    # Qt overrides

    def accept(self) -> None:
        """Make the deal when nothing is missing."""
        if self.form.check() and self.button.isEnabled():
            self._save()


def _read_lists(db: Database) -> tuple[Sequence[FunnelView], Names, bool]:
    from funneldesk.domain.deal import DEMAND_KEY
    from funneldesk.services import cards

    return (*cards.deal_lists(db), bool(db.setting(DEMAND_KEY, False)))
