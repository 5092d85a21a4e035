"""Leads: prospects whose need is not formed yet; qualified, made into a deal, or dropped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.lead import LeadStatus
from funneldesk.text import _, format_date_short, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.paged_model import PagedModel, TableColumn
from funneldesk.ui.widgets.paged_table import PagedTable
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from funneldesk.domain.client_list import ClientChoices
    from funneldesk.store.database import Database
    from funneldesk.store.queries.leads import LeadRow

_STATUSES = tuple(str(status) for status in LeadStatus)
_OPEN = (0, 1)
_TOKENS = {"new": "accent", "qualified": "success", "converted": "won_text", "dropped": "quiet"}


def status_words(status: str) -> str:
    """Where a lead stands, in words."""
    return {
        "new": _("New lead"),
        "qualified": _("Qualified"),
        "converted": _("Became a deal"),
        "dropped": _("Dropped"),
    }.get(status, status)


class LeadsPage(Page):
    """The list of leads and what can be done with the ones selected."""

    help_page = "leads"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sort = ("created", True)
        self._total = -1
        self._rows: dict[int, LeadRow] = {}
        self._build()
        self._read_choices()
        self.reload()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        context, theme = self._context, self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(Heading(_("Leads")))
        self.count = Quiet()
        head.addSpacing(SPACE_2)
        head.addWidget(self.count)
        head.addStretch(1)
        self.search = SearchBox(theme, _("Name, company, phone"))
        self.search.setMaximumWidth(theme.px(320))
        self.search.searched.connect(lambda _text: self.reload())
        head.addWidget(self.search, 3)
        self.new_button = PrimaryButton(_("New lead"), self.new_lead, theme=theme, icon="plus")
        self.new_button.setEnabled(not context.read_only)
        head.addWidget(self.new_button)
        column.addLayout(head)
        column.addLayout(self._bar())
        self.model = PagedModel(context.tasks, theme, _columns(), self._fetch, self)
        self.table = PagedTable("leads", self.model, context.settings, context.tasks, theme)
        self.table.setAccessibleName(_("Leads"))
        self.table.set_sort(*self._sort)
        self.table.opened.connect(self.edit_lead)
        self.table.ids_selected.connect(self._selected)
        self.table.sort_wished.connect(self._sort_by)
        self.table.menu_wished.connect(self._context_menu)
        self.stack = QStackedWidget()
        self.no_leads = EmptyState(
            theme, "inbox", _("Cold prospects wait here until you know what they need."), _("New lead"),
            self.new_lead, title=_("No leads yet"),
        )  # fmt: skip
        self.no_match = EmptyState(
            theme, "search", _("No lead fits this search and these filters."), _("Show all leads"),
            self.show_all, primary=False,
        )  # fmt: skip
        for widget in (self.table, self.no_leads, self.no_match):
            self.stack.addWidget(widget)
        column.addWidget(self.stack, 1)

    def _bar(self) -> QHBoxLayout:
        theme = self._context.theme
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.status = ChoiceFilter(
            theme, _("Status"), [(n, status_words(status)) for n, status in enumerate(_STATUSES)]
        )
        self.status.set_chosen(_OPEN)
        self.manager = ChoiceFilter(theme, _("Manager"))
        for chip in (self.status, self.manager):
            chip.changed.connect(self.reload)
            row.addWidget(chip)
        row.addStretch(1)
        self.qualify_button = push_button(_("Qualify"), self.qualify, theme=theme, icon="badge-check")
        self.convert_button = push_button(_("Make a deal…"), self.convert, theme=theme, icon="briefcase")
        self.drop_button = push_button(_("Drop…"), self.drop, theme=theme, icon="ban")
        for button in (self.qualify_button, self.convert_button, self.drop_button):
            row.addWidget(button)
            button.setEnabled(False)
        return row

    # -- reading ------------------------------------------------------------------------------

    def _fetch(self, db: Database, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        from funneldesk.services import cards

        return {i: self._words(row) for i, row in cards.lead_rows(db, ids).items()}

    def _words(self, row: LeadRow) -> dict[str, str]:
        status = status_words(row.status)
        return {
            "title": row.title,
            "company": row.company,
            "person": row.person,
            "phone": row.phone,
            "email": row.email,
            "status": f"{status}: {row.drop_reason}" if row.drop_reason else status,
            "status.color": _TOKENS.get(row.status, "text"),
            "points": "" if row.points is None else format_number(row.points),
            "source": row.source,
            "manager": row.manager,
            "created": format_date_short(row.created_at, self._context.zone),
            "code": row.status,
            "deal": str(row.deal_id or ""),
        }

    def _read_choices(self) -> None:
        def read(db: Database) -> tuple[ClientChoices, int, list[Any]]:
            from funneldesk.services import cards

            return cards.client_choices(db)

        self._context.tasks.read(
            read, lambda found: self.manager.set_options(found[0].managers), receiver=self
        )

    def reload(self) -> None:
        """Ask for the leads that pass the filters, in order."""
        text, (sort, descending) = self.search.text().strip(), self._sort
        statuses = tuple(_STATUSES[i] for i in self.status.chosen())
        managers = self.manager.chosen()

        def read(db: Database) -> tuple[list[int], int]:
            from funneldesk.services import cards

            return cards.lead_ids(db, text, statuses, managers, sort, descending)

        self._context.tasks.read(read, self._take, receiver=self, key="lead-ids")

    def _take(self, found: tuple[list[int], int]) -> None:
        ids, self._total = found
        kept = self.table.selected_ids()
        if ids == self.model.ids():
            self.model.refresh()
        else:
            self.model.set_ids(ids)
            if len(kept) == 1:
                self.table.select_id(kept[0])
        widget: QWidget = self.table if ids else self.no_match if self._total else self.no_leads
        self.stack.setCurrentWidget(widget)
        words = ngettext("{count} lead", "{count} leads", len(ids)).format(count=format_number(len(ids)))
        self.count.setText(words if self._total else "")
        self._selected(self.table.selected_ids())

    # -- what a person does -------------------------------------------------------------------

    def show_all(self) -> None:
        """Neither search nor filter."""
        self.search.clear()
        self.status.clear()
        self.manager.clear()

    def _sort_by(self, key: str, descending: bool) -> None:
        self._sort = (key, descending)
        self.reload()

    def subject(self) -> tuple[str, int] | None:
        """The lead with the cursor."""
        ids = self.table.selected_ids()
        return ("lead", ids[0]) if ids else None

    def _selected(self, ids: Sequence[int]) -> None:
        self.selection_changed.emit(len(ids) if len(ids) > 1 else 0, "")
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

    def _context_menu(self, spot: QPoint) -> None:
        menu = self.selection_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

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
            menu.addAction(theme_icon(theme, icon), text, do)
        menu.setEnabled(bool(self.table.selected_ids()) and not self._context.read_only)
        return menu

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Leads")

    def activated(self) -> None:
        """The list takes the keys."""
        self.table.setFocus()

    def refresh(self, change: Change | None) -> None:
        """Something was written: only what this list shows is read again."""
        if change is None or any(
            change.touches(kind) for kind in ("lead", "lead_answer", "lead_question", "manager", "source")
        ):
            if change is None or change.touches("manager"):
                self._read_choices()
            self.reload()

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.search.setFocus()
        self.search.selectAll()

    def show_params(self, **params: Any) -> None:
        """`new=True` opens the dialog."""
        if params.get("new"):
            self.new_lead()

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.delete()
        else:
            super().keyPressEvent(event)


def _columns() -> list[TableColumn]:
    return [
        TableColumn("title", _("Lead"), 220),
        TableColumn("company", _("Company"), 170),
        TableColumn("person", _("Person"), 142),
        TableColumn("phone", _("Phone"), 150, sortable=False),
        TableColumn("email", _("E-mail"), 170, sortable=False, shown=False),
        TableColumn("status", _("Status"), 150),
        TableColumn("points", _("Points"), 80, numeric=True, sortable=False),
        TableColumn("source", _("Source"), 140),
        TableColumn("manager", _("Manager"), 140),
        TableColumn("created", _("Created"), 110),
    ]
