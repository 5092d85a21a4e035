"""The dialogs of leads: their fields, making a deal of one, dropping some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.criteria import Answers
from funneldesk.domain.lead import Lead
from funneldesk.domain.questions import LeadQuestion
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.board.criteria_dialog import ask_criteria
from funneldesk.ui.clients.client_field import ClientField
from funneldesk.ui.context import AppContext
from funneldesk.ui.doubles.warning import DoublesWarning
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.leads.questions import Questionnaire
from funneldesk.ui.widgets.labels import Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.domain.card import Names
    from funneldesk.store.database import Database
    from funneldesk.store.queries.lists import FunnelView

_Convertible = tuple["Sequence[FunnelView]", "Lead | None", tuple[str, "tuple[str, int] | None"]]
_Found = tuple["Names", "Lead | None", "Sequence[LeadQuestion]", "Mapping[int, str]"]


class LeadDialog(FormDialog):
    """The fields of a lead, new or there already; `known` carries a double that was chosen instead."""

    help_page = "leads"

    known = Signal(str, int)

    def __init__(self, context: AppContext, parent: QWidget | None, *, lead_id: int = 0) -> None:
        title = _("Lead") if lead_id else _("New lead")
        super().__init__(context, parent, title, _("Save") if lead_id else _("Add"), "check")
        self._lead_id = lead_id
        self._version: int | None = None
        form = self.form
        form.add_text("title", _("What it is about"), required=bool(lead_id))
        form.add_text("company_name", _("Company"))
        form.add_text("person_name", _("Person"))
        form.add_text("phone", _("Phone"))
        form.add_text("email", _("E-mail"))
        form.add_choice("source_id", _("Source"), ())
        form.add_choice("manager_id", _("Manager"), ())
        form.add_long_text("comment", _("Comment"), lines=2)
        self._links: dict[str, int] = {}
        self.warning = DoublesWarning(context, self._typed, ("company", "person"))
        self.warning.opened.connect(self._take_known)
        self.warning.used.connect(self._use)
        self.extra.addWidget(self.warning)
        self.questions = Questionnaire(context.theme)
        self.area = ScrollArea(self.questions)  # many questions must not push the buttons off the screen
        self.area.setFixedHeight(context.theme.px(112))
        self.area.hide()
        self.extra.addWidget(self.area)
        if not lead_id:
            form.changed.connect(lambda _key: self.warning.typing())
        self.button.setEnabled(not context.read_only)
        form.field("title").setFocus()
        context.tasks.read(self._read, self._take, receiver=self)

    def _read(self, db: Database) -> _Found:
        from funneldesk.services import cards, questionnaire

        asked = questionnaire.questions(db)
        return (*cards.lead(db, self._lead_id), asked, questionnaire.answers(db, self._lead_id))

    def _take(self, found: _Found) -> None:
        names, lead, asked, answers = found
        if self._lead_id and lead is None:
            self.context.toast(_("This lead is not there any more."), error=True)
            self.reject()
            return
        self.questions.show_questions(asked, answers)
        self.area.setVisible(bool(asked))
        self.choice("manager_id").set_options([(i, names.managers[i]) for i in names.active_managers])
        self.choice("source_id").set_options(list(names.sources.items()))
        if lead is None:
            self.choice("manager_id").set_value(self.context.me)
            return
        self._version = lead.version
        self.form.set_values({key: getattr(lead, key) for key in self.form.values()})
        if lead.drop_reason:
            self.tell(_("Dropped: {reason}").format(reason=lead.drop_reason))

    def _typed(self) -> dict[str, Any]:
        values = self.form.values()
        contacts = [(kind, values[kind]) for kind in ("phone", "email") if values[kind]]
        name = values["company_name"] or values["person_name"] or ""
        return {"name": name, "contacts": contacts, "leads": True}

    def _take_known(self, kind: str, record_id: int) -> None:
        self.reject()
        self.known.emit(kind, record_id)

    def _use(self, kind: str, client_id: int, name: str) -> None:
        """The lead comes from a client who is there already."""
        self._links = {f"{kind}_id": client_id}
        self.form.set_values({"company_name" if kind == "company" else "person_name": name})
        self.warning.hide()
        self.tell(_("From the client {name}.").format(name=name))

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Make or change the lead."""
        from funneldesk.services import leads

        values, answers = {**values, **self._links}, self.questions.answers()
        if self._lead_id:
            version = self._version
            return leads.update(
                db, self._lead_id, expected_version=version, actor=actor, answers=answers, **values
            )
        return leads.create(db, actor=actor, answers=answers, **values)


class ConvertDialog(FormDialog):
    """`made` carries the id of the deal."""

    help_page = "leads"

    made = Signal(int)

    def __init__(self, context: AppContext, parent: QWidget | None, lead_id: int) -> None:
        super().__init__(context, parent, _("Make a deal"), _("Make a deal"), "briefcase")
        self._lead_id = lead_id
        self._funnels: Sequence[FunnelView] = ()
        self._proposed = ""
        self._answers: Answers | None = None
        self.tell(_("Company and person are made with it; those that are there already are taken."))
        form = self.form
        self.client = ClientField(context)
        self.client.settled.connect(self._tell_client)
        form.add_widget("client", _("Client"), self.client, self.client.chosen)
        self.whose = Quiet(small=True)
        form.add_widget("whose", "", self.whose, lambda: None)
        form.add_text("title", _("Title"), required=True)
        form.add_choice("funnel_id", _("Funnel"), (), optional=False)
        form.add_choice("stage_id", _("Stage"), (), optional=False)
        form.add_money("amount", _("Amount"), context.currency)
        form.add_text("demand", _("First request"), hint=_("What did the client first ask for?"))
        form.changed.connect(self._changed)
        context.tasks.read(self._read, self._take, receiver=self)

    def _read(self, db: Database) -> _Convertible:
        from funneldesk.services import cards, leads

        return cards.deal_lists(db)[0], cards.lead(db, self._lead_id)[1], leads.proposed(db, self._lead_id)

    def _take(self, found: _Convertible) -> None:
        self._funnels, lead, (self._proposed, client) = found
        self.client.show_client(self._proposed, client)
        self.choice("funnel_id").set_options([(v.funnel.id, v.funnel.name) for v in self._funnels])
        self.form.set_row_visible("funnel_id", len(self._funnels) > 1)
        self._changed("funnel_id")
        if lead is not None:
            self.form.set_values({"title": lead.title, "demand": lead.comment})
        self.button.setEnabled(bool(self._funnels))

    def _changed(self, key: str) -> None:
        if key == "funnel_id":
            chosen = self.choice("funnel_id").value()
            stages = next((v.stages for v in self._funnels if v.funnel.id == chosen), ())
            self.choice("stage_id").set_options([(stage.id, stage.name) for stage in stages])

    def _tell_client(self) -> None:
        name = self.client.text().strip()
        if self.client.chosen() is not None:
            words = _("Is there already: the deal goes to this client.")
        else:
            words = _("A new client is made.") if name else _("Type a name, or find the client.")
        self.whose.setText(words)

    def collected(self) -> dict[str, Any]:
        """A name that was typed anew is said; what was proposed is found again when it is written."""
        values = self.form.values()
        del values["whose"]
        name = self.client.text().strip()
        new = name if values["client"] is None and name != self._proposed else ""
        return {**values, "new_client": new, "demand": values["demand"] or ""}

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Convert the lead."""
        from funneldesk.services import leads

        return leads.convert(db, self._lead_id, actor=actor, answers=self._answers, **values)

    def _failed(self, error: Exception) -> None:
        self._answers = None
        if not ask_criteria(self.context, error, self, self._answered):
            super()._failed(error)
        self.button.setEnabled(True)

    def _answered(self, answers: dict[int, Answers]) -> None:
        self._answers = next(iter(answers.values()))
        self.accept()

    def done_with(self, change: Change) -> None:
        """Tell which deal it became."""
        self.made.emit(change.new_id("deal"))


class DropDialog(FormDialog):
    """Asks why leads are dropped."""

    help_page = "leads"

    error_key = "reason"

    def __init__(self, context: AppContext, parent: QWidget | None, lead_ids: Sequence[int]) -> None:
        count = len(lead_ids)
        several = ngettext("Drop {count} lead", "Drop {count} leads", count)
        title = _("Drop the lead") if count == 1 else several.format(count=format_number(count))
        super().__init__(context, parent, title, _("Drop"), "ban")
        self._ids = list(lead_ids)
        self.form.add_text("reason", _("Why?"), required=True, hint=_("No budget, wrong number, no need…"))
        self.form.field("reason").setFocus()

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Drop the leads."""
        from funneldesk.services import leads

        return leads.drop(db, self._ids, values["reason"] or "", actor=actor)
