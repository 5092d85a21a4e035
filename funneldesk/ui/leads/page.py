"""Leads: prospects whose need is not formed yet; qualified, made into a deal, or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.condition import group_from, spec_of
from funneldesk.domain.fields import CustomField
from funneldesk.domain.lead import LeadStatus
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.views import ViewsButton
from funneldesk.ui.conditions.chip import ConditionChip
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.leads.columns import make_columns, row_fetcher, status_words
from funneldesk.ui.lists.page import ListPage, list_head
from funneldesk.ui.lists.tools import Arranged, ListTools
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.flow import HeadRow
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from funneldesk.domain.client_list import ClientChoices
    from funneldesk.store.database import Database

_STATUSES = tuple(str(status) for status in LeadStatus)
_OPEN = (0, 1)
_MATTERS = (
    "lead", "lead_answer", "lead_question", "manager", "source", "custom_field", "custom_value", "activity",
)  # fmt: skip


class LeadsPage(ListPage):
    """The list of leads and what can be done with the ones selected."""

    help_page = "leads"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sort = ("created", True)
        self._total = -1
        self._fields: list[CustomField] = []
        self.managers: tuple[tuple[int, str], ...] = ()
        self.tools = ListTools(context, self, "lead", lambda ids: [("lead", i) for i in ids])
        self._build()
        self._make_table([])
        self._read_choices()
        self.reload()
        self.views.begin()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        context, theme = self._context, self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        column.setSpacing(SPACE_2)
        self.count = Quiet()
        self.search = SearchBox(theme, _("Name, company, phone"))
        self.search.searched.connect(lambda _text: self.reload())
        self.views = ViewsButton(context, "leads", self._view_spec, self.show_view, everything=_("All leads"))
        self.columns_button = IconButton(theme, "columns-3", _("Columns"), self._show_columns)
        tools = (self.tools.group_button, self.columns_button, self.tools.more_button)
        self.new_button = PrimaryButton(_("New lead"), self.new_lead, theme=theme, icon="plus")
        self.new_button.setEnabled(not context.read_only)
        left = (Heading(_("Leads")), self.count)
        column.addWidget(list_head(theme, left, self.search, (self.views, *tools, self.new_button)))
        column.addWidget(self._bar())
        self.stack = QStackedWidget()
        self.no_leads = EmptyState(
            theme, "inbox", _("Cold prospects wait here until you know what they need."), _("New lead"),
            self.new_lead, title=_("No leads yet"),
        )  # fmt: skip
        self.no_match = EmptyState(
            theme, "search", _("No lead fits this search and these filters."), _("Show all leads"),
            self.show_all, primary=False,
        )  # fmt: skip
        for widget in (self.no_leads, self.no_match):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)

    def _make_table(self, fields: list[CustomField]) -> None:
        self._fields = fields
        self.put_table(
            "leads", _("Leads"), make_columns(fields), row_fetcher(self._context, fields),
            opened=self.edit_lead, selected=self._selected, menu=self._context_menu,
        )  # fmt: skip

    def _bar(self) -> HeadRow:
        theme = self._context.theme
        self.status = ChoiceFilter(
            theme, _("Status"), [(n, status_words(status)) for n, status in enumerate(_STATUSES)]
        )
        self.status.set_chosen(_OPEN)
        self.manager = ChoiceFilter(theme, _("Manager"))
        self.conditions = ConditionChip(self._context, "lead")
        for chip in (self.status, self.manager, self.conditions):
            chip.changed.connect(self.reload)
        self.qualify_button = push_button(_("Qualify"), self.qualify, theme=theme, icon="badge-check")
        self.convert_button = push_button(_("Make a deal…"), self.convert, theme=theme, icon="briefcase")
        self.drop_button = push_button(_("Drop…"), self.drop, theme=theme, icon="ban")
        buttons = (self.qualify_button, self.convert_button, self.drop_button)
        for button in buttons:
            button.setEnabled(False)
        return HeadRow((self.status, self.manager, self.conditions), buttons)

    # -- reading ------------------------------------------------------------------------------

    def _read_choices(self) -> None:
        def read(db: Database) -> tuple[ClientChoices, list[CustomField]]:
            from funneldesk.services import cards, listing

            return cards.client_choices(db)[0], listing.lead_fields(db)

        self._context.tasks.read(read, self._take_choices, receiver=self, key="lead-choices")

    def _take_choices(self, found: tuple[ClientChoices, list[CustomField]]) -> None:
        choices, fields = found
        self.managers = choices.managers
        self.manager.set_options(choices.managers)
        if [(f.id, f.name, f.type) for f in fields] != [(f.id, f.name, f.type) for f in self._fields]:
            self._make_table(fields)

    def reload(self) -> None:
        """Ask for the leads that pass the filters, in order."""
        text, (sort, descending), by = self.search.text().strip(), self._sort, self.tools.by
        statuses = tuple(_STATUSES[i] for i in self.status.chosen())
        managers, where = self.manager.chosen(), self.conditions.tree()

        def read(db: Database) -> tuple[Arranged, int]:
            from funneldesk.services import cards

            ids, total = cards.lead_ids(db, text, statuses, managers, sort, descending, where)
            return self.tools.arrange(db, ids, by), total

        self._context.tasks.read(read, self._take, receiver=self, key="lead-ids")

    def _take(self, found: tuple[Arranged, int]) -> None:
        arranged, self._total = found
        kept = self.table.selected_ids()
        self.model.set_records(arranged.ids, arranged.headings)
        if len(kept) == 1:
            self.table.select_id(kept[0])
        shown = len(arranged.ids)
        widget: QWidget = self.table if shown else self.no_match if self._total else self.no_leads
        self.stack.setCurrentWidget(widget)
        words = ngettext("{count} lead", "{count} leads", shown).format(count=format_number(shown))
        self.count.setText(words if self._total else "")
        self._selected(self.table.selected_ids())

    # -- what a person does -------------------------------------------------------------------

    def show_all(self) -> None:
        """Neither search nor filter."""
        self.search.clear()
        self.status.clear()
        self.manager.clear()
        self.conditions.clear()

    def subject(self) -> tuple[str, int] | None:
        """The lead with the cursor."""
        ids = self.table.selected_ids()
        return ("lead", ids[0]) if ids else None

    def _selected(self, ids: Sequence[int]) -> None:
        self.tools.tell_selection(ids)
        writable = bool(ids) and not self._context.read_only
        self.qualify_button.setEnabled(writable and len(ids) == 1)
        self.convert_button.setEnabled(writable and len(ids) == 1)
        self.drop_button.setEnabled(writable)

    def new_lead(self) -> None:
        """The dialog for a new lead."""
        from funneldesk.ui.leads.dialogs import LeadDialog

        dialog = LeadDialog(self._context, self)
        dialog.known.connect(self._open_known)
        self._open(dialog)

    def _open_known(self, kind: str, record_id: int) -> None:
        if kind == "lead":
            self.edit_lead(record_id)
        else:
            self.open_card.emit(kind, record_id)

    def edit_lead(self, lead_id: int) -> None:
        """The dialog with the fields of a lead."""
        from funneldesk.ui.leads.dialogs import LeadDialog

        self._open(LeadDialog(self._context, self, lead_id=lead_id))

    def qualify(self) -> None:
        """The need of the selected lead is confirmed."""
        self._write(lambda leads, db, ids, actor: leads.qualify(db, ids[0], actor=actor))

    def convert(self) -> None:
        """Make company, person and deal of the selected lead."""
        from funneldesk.ui.leads.dialogs import ConvertDialog

        ids = self.table.selected_ids()
        if len(ids) == 1:
            dialog = ConvertDialog(self._context, self, ids[0])
            dialog.made.connect(lambda deal_id: self.open_card.emit("deal", deal_id))
            self._open(dialog)

    def drop(self) -> None:
        """Close the selected leads with a reason."""
        from funneldesk.ui.leads.dialogs import DropDialog

        ids = self.table.selected_ids()
        if ids:
            self._open(DropDialog(self._context, self, ids))

    def delete(self) -> None:
        """Remove the selected leads; the toast takes it back."""
        self._write(lambda leads, db, ids, actor: leads.delete(db, ids, actor=actor))

    def reopen(self) -> None:
        """Take a dropped lead up again."""
        self._write(lambda leads, db, ids, actor: leads.reopen(db, ids[0], actor=actor))

    def _write(self, use: Callable[[Any, Any, list[int], Any], Change]) -> None:
        ids = self.table.selected_ids()
        if not ids or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import leads

            return use(leads, db, ids, actor)

        save(self._context, write, self)

    def _open(self, dialog: Any) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def selection_menu(self) -> QMenu:
        """What can be done with the leads selected."""
        menu, theme = QMenu(self), self._context.theme
        for icon, text, do in (
            ("badge-check", _("Qualify"), self.qualify),
            ("briefcase", _("Make a deal…"), self.convert),
            ("ban", _("Drop…"), self.drop),
            ("rotate-ccw", _("Take up again"), self.reopen),
            ("trash-2", f"{_('Delete')}\tDel", self.delete),
        ):
            action = menu.addAction(theme_icon(theme, icon), text, do)
            if do in (self.qualify, self.convert, self.reopen):  # these ask of one lead
                action.setEnabled(len(self.table.selected_ids()) == 1)
        menu.addSeparator()
        self.tools.add_to(menu, self.managers)
        menu.setEnabled(bool(self.table.selected_ids()) and not self._context.read_only)
        return menu

    # -- views --------------------------------------------------------------------------------

    def _view_spec(self) -> dict[str, Any]:
        return {
            "text": self.search.text().strip(), "statuses": list(self.status.chosen()),
            "managers": list(self.manager.chosen()), "where": spec_of(self.conditions.tree()),
            **self.arrangement(),
        }  # fmt: skip

    def show_view(self, spec: dict[str, Any]) -> None:
        """Show the list as a saved view has it; an empty one shows everything."""
        self.arrange_as(spec)
        self.search.setText(str(spec.get("text") or ""))
        for chip, name in ((self.status, "statuses"), (self.manager, "managers")):
            chip.set_chosen([v for v in spec.get(name) or [] if type(v) is int])
        self.conditions.set_tree(group_from(spec.get("where")))
        self.tools.group_by(str(spec.get("group") or ""))

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Leads")

    def refresh(self, change: Change | None) -> None:
        """Something was written: only what this list shows is read again."""
        if change is None or any(change.touches(kind) for kind in _MATTERS):
            if change is None or change.touches("manager") or change.touches("custom_field"):
                self._read_choices()
            self.reload()
        elif change.touches("saved_view"):
            self.views.reload()

    def show_params(self, **params: Any) -> None:
        """`new=True` opens the dialog, `lead` that of a lead, `where` asks for conditions."""
        if params.get("new"):
            self.new_lead()
        if params.get("lead"):
            self.table.select_id(int(params["lead"]))
            self.edit_lead(int(params["lead"]))
        if params.get("where"):
            self.conditions.set_tree(params["where"])

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.delete()
        elif not self.tools.key(event):
            super().keyPressEvent(event)
