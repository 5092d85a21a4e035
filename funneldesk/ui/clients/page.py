"""The client base: companies and people in one fast list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.client_list import ClientChoices, ClientFilter, filter_from, ref_of
from funneldesk.domain.fields import CustomField
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.columns import make_columns, row_fetcher
from funneldesk.ui.clients.filters import ClientFilters
from funneldesk.ui.clients.selection import SelectionActions
from funneldesk.ui.clients.views import ViewsButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.lists.page import ListPage, list_head
from funneldesk.ui.lists.tools import Arranged, ListTools
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from funneldesk.store.database import Database

# A change of these may put clients in or out of the list, or in another order.
_MATTERS = ("company", "person", "contact_point", "deal", "activity", "manager", "source", "custom_value",
            "custom_field")  # fmt: skip
_Answer = tuple[Arranged, list[int] | None]


class ClientsPage(ListPage):
    """Search, filters, the table, and what can be done with the clients selected."""

    help_page = "clients"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sort = ("name", False)
        self._total = -1
        self._fields: list[CustomField] = []
        self._order: tuple[object, list[int]] | None = None  # all ids of a filter without its text
        self._keep: int | None = None  # the client to be selected again after a reload
        self.tools = ListTools(context, self, "client", lambda ids: [ref_of(code) for code in ids])
        self.selection = SelectionActions(context, self)
        self._build()
        self._make_table([])
        self._read_choices()
        self.reload()
        self.views.begin()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        column.setSpacing(SPACE_2)
        self.count = Quiet()
        self.search = SearchBox(theme, _("Name, phone, e-mail, tax number"))
        self.search.searched.connect(lambda _text: self.reload())
        self.search.key_down.connect(self._into_table)
        self.views = ViewsButton(self._context, "clients", self._view_spec, self.show_view)
        self.columns_button = IconButton(theme, "columns-3", _("Columns"), self._show_columns)
        self.doubles_button = IconButton(
            theme, "git-merge", _("Find doubles"), lambda: self._context.show_page("doubles")
        )
        self.new_button = PrimaryButton(_("New client"), self._new_menu, theme=theme, icon="plus")
        self.new_button.setEnabled(not self._context.read_only)
        left = (Heading(_("Clients")), self.count)
        tools = (self.views, self.tools.group_button, self.columns_button, self.tools.more_button)
        column.addWidget(list_head(theme, left, self.search, (*tools, self.doubles_button, self.new_button)))
        self.filters = ClientFilters(self._context)
        self.filters.changed.connect(self.reload)
        column.addWidget(self.filters)
        self.stack = QStackedWidget()
        column.addWidget(self.stack, 1)
        self.no_match = EmptyState(
            theme, "search", _("No client fits this search and these filters."), _("Show all clients"),
            self.show_all, primary=False,
        )  # fmt: skip
        self.no_clients = self._first_steps()
        self.stack.addWidget(self.no_match)
        self.stack.addWidget(self.no_clients)

    def _first_steps(self) -> EmptyState:
        from funneldesk.ui.widgets.buttons import push_button

        context = self._context
        sentence = _("Import the spreadsheet you have, or write down the first client.")
        state = EmptyState(
            context.theme, "users", sentence, _("Import a spreadsheet…"), lambda: context.show_page("import"),
            title=_("No clients yet"),
        )  # fmt: skip
        layout = state.layout()
        assert isinstance(layout, QVBoxLayout)
        second = push_button(_("Add the first client"), lambda: self.new_client("company"), role="link")
        layout.insertWidget(layout.count() - 1, second, 0, Qt.AlignmentFlag.AlignHCenter)
        state.setEnabled(not context.read_only)
        return state

    def _make_table(self, fields: list[CustomField]) -> None:
        self._fields = fields
        self.put_table(
            "clients", _("Clients"), make_columns(fields), row_fetcher(self._context, fields),
            opened=self._open, selected=self.tools.tell_selection, menu=self.selection.open_menu,
        )  # fmt: skip

    # -- reading ------------------------------------------------------------------------------

    def _read_choices(self) -> None:
        def read(db: Database) -> tuple[ClientChoices, int, list[CustomField]]:
            from funneldesk.services import cards

            return cards.client_choices(db)

        self._context.tasks.read(read, self._take_choices, receiver=self, key="client-choices")

    def _take_choices(self, found: tuple[ClientChoices, int, list[CustomField]]) -> None:
        choices, self._total, fields = found
        self.filters.set_choices(choices)
        if [(f.id, f.name, f.type) for f in fields] != [(f.id, f.name, f.type) for f in self._fields]:
            self._make_table(fields)
        self._show_state()

    def reload(self) -> None:
        """Ask for the ids that pass the filter, in order."""
        flt = self.filters.value(self.search.text().strip())
        (sort, descending), by = self._sort, self.tools.by
        bare = (self.filters.value(), sort, descending)
        kept = self._order[1] if self._order is not None and self._order[0] == bare else None

        def read(db: Database) -> _Answer:
            from funneldesk.services import cards

            found = cards.client_ids(db, flt, sort, descending, kept)
            return self.tools.arrange(db, found, by), kept

        def take(answer: _Answer) -> None:
            arranged, order = answer
            if not flt.text:
                self._order = (bare, arranged.ids)
            elif order is None:
                self._order = None
            self._take_ids(arranged)

        self._context.tasks.read(read, take, receiver=self, key="client-ids")

    def _take_ids(self, arranged: Arranged) -> None:
        selected = self.table.selected_ids()
        top = self.table.verticalScrollBar().value()
        before = self.model.rowCount()
        self.model.set_records(arranged.ids, arranged.headings)
        if self.model.rowCount() == before:
            self.table.verticalScrollBar().setValue(top)
        wanted = self._keep if self._keep is not None else selected[0] if len(selected) == 1 else None
        self._keep = None
        if wanted is not None:
            self.table.select_id(wanted)
        self._show_state()

    def _show_state(self) -> None:
        shown = len(self.model.records())
        filtered = bool(self.search.text().strip()) or not self.filters.value().empty()
        if shown:
            self.stack.setCurrentWidget(self.table)
        elif filtered and self._total:
            self.stack.setCurrentWidget(self.no_match)
        elif self._total == 0:
            self.stack.setCurrentWidget(self.no_clients)
        self.filters.setVisible(self._total != 0)
        words = ngettext("{count} client", "{count} clients", shown).format(count=format_number(shown))
        if filtered and self._total > 0:
            words = _("{shown} of {total}").format(
                shown=format_number(shown), total=format_number(self._total)
            )
        self.count.setText(words if self._total else "")

    # -- what a person does -------------------------------------------------------------------

    def show_all(self) -> None:
        """Neither search nor filter."""
        self.search.clear()
        self.filters.clear()

    def subject(self) -> tuple[str, int] | None:
        """The client with the cursor."""
        ids = self.table.selected_ids()
        return ref_of(ids[0]) if ids else None

    def _open(self, code: int) -> None:
        self.open_card.emit(*ref_of(code))

    def _into_table(self) -> None:
        if self.model.ids():
            self.table.setFocus()
            self.table.selectRow(0)

    def new_client(self, kind: str) -> None:
        """The dialog for a new company or person; the card opens when it is made."""
        from funneldesk.ui.clients.new_client import NewClientDialog

        name = self.search.text().strip() if not self.model.ids() else ""
        dialog = NewClientDialog(self._context, kind, self, name=name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(self._made)
        dialog.known.connect(self.open_card)
        dialog.open()

    def _made(self, kind: str, client_id: int) -> None:
        from funneldesk.domain.client_list import code_of

        self._keep = code_of(kind, client_id)
        self.reload()
        self.open_card.emit(kind, client_id)

    def _new_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        theme = self._context.theme
        for kind, text, icon in (
            ("company", _("Company"), "building-2"),
            ("person", _("Person"), "user"),
        ):
            menu.addAction(theme_icon(theme, icon), text, lambda kind=kind: self.new_client(kind))
        menu.popup(self.new_button.mapToGlobal(QPoint(0, self.new_button.height() + 4)))

    # -- views --------------------------------------------------------------------------------

    def _view_spec(self) -> dict[str, Any]:
        return {
            "filter": self.filters.value(self.search.text().strip()).spec(),
            **self.arrangement(),
        }

    def show_view(self, spec: dict[str, Any]) -> None:
        """Show the list as a saved view has it; an empty one shows everything."""
        flt = filter_from(spec.get("filter") or {})
        self.arrange_as(spec)
        self.search.setText(flt.text)
        self.filters.set_value(flt)
        self.tools.group_by(str(spec.get("group") or ""))

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Clients")

    def refresh(self, change: Change | None) -> None:
        """Something was written: only what this list shows is read again."""
        if change is not None and not any(change.touches(kind) for kind in _MATTERS):
            if change.touches("saved_view"):
                self.views.reload()
            return
        self._order = None
        if change is None or any(change.touches(k) for k in ("company", "person", "manager", "source",
                                                             "custom_field")):  # fmt: skip
            self._read_choices()
        self.reload()

    def show_params(self, **params: Any) -> None:
        """`new=True` (or a kind) opens the dialog, `filter=ClientFilter` filters."""
        if params.get("new"):
            kind = params["new"]
            self.new_client(kind if isinstance(kind, str) else "company")
        flt = params.get("filter")
        if isinstance(flt, ClientFilter):
            self.search.setText(flt.text)
            self.filters.set_value(flt)

    # Qt overrides

    def keyPressEvent(self, event: Any) -> None:
        key = event.key()
        if key == Qt.Key.Key_Delete and self.table.hasFocus():
            self.selection.delete()
        elif key == Qt.Key.Key_F2:
            self.selection.rename()
        elif not self.tools.key(event):
            super().keyPressEvent(event)
