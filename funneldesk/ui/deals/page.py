"""The list of deals: the board's deals as a table, those won and lost too."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QMenu, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.condition_words import option_words
from funneldesk.domain.change import Change
from funneldesk.domain.condition import ValueType, group_from, spec_of
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.deal import Status
from funneldesk.domain.fields import CustomField
from funneldesk.domain.record_list import DealFilter
from funneldesk.text import _, format_money, format_number, ngettext
from funneldesk.ui.board.moving import DealMover
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.views import ViewsButton
from funneldesk.ui.conditions.chip import ConditionChip
from funneldesk.ui.context import AppContext
from funneldesk.ui.deals.columns import make_columns, row_fetcher
from funneldesk.ui.deals.switch import DealsSwitch
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.lists.page import ListPage, list_head
from funneldesk.ui.lists.tools import Arranged, ListTools
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.searchbox import SearchBox

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_STATUSES = tuple(str(status) for status in Status)
_OPEN = (0,)
_MATTERS = ("deal", "company", "person", "activity", "manager", "source", "product", "loss_reason", "stage",
            "funnel", "custom_value", "custom_field")  # fmt: skip
# A change of these changes what can be chosen in the filters, or the columns.
_CHOOSABLE = ("manager", "source", "product", "loss_reason", "stage", "funnel", "custom_field")
_Choices = tuple[list[CustomField], list[AskField]]


class DealsPage(ListPage):
    """Search, chips, conditions, the table, and what can be done with the deals selected."""

    help_page = "deals"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._sort = ("created", True)
        self._total = -1
        self._fields: list[CustomField] = []
        self.managers: tuple[tuple[int, str], ...] = ()
        self.tools = ListTools(context, self, "deal", lambda ids: [("deal", i) for i in ids])
        self.mover = DealMover(context, self)
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
        self.switch = DealsSwitch(theme, "list")
        self.switch.chosen.connect(self._show_board)
        self.count = Quiet()
        self.search = SearchBox(theme, _("Client or deal"))
        self.search.searched.connect(lambda _text: self.reload())
        self.views = ViewsButton(context, "deals", self._view_spec, self.show_view, everything=_("All deals"))
        self.columns_button = IconButton(theme, "columns-3", _("Columns"), self._show_columns)
        tools = (self.tools.group_button, self.columns_button, self.tools.more_button)
        self.new_button = PrimaryButton(_("New deal"), self._new, theme=theme, icon="plus")
        self.new_button.setEnabled(not context.read_only)
        left = (self.switch, Heading(_("Deals")), self.count)
        column.addWidget(list_head(theme, left, self.search, (self.views, *tools, self.new_button)))
        chips = QWidget()
        row = FlowLayout(chips, SPACE_2)
        status = AskField("status", ValueType.CHOICE)
        names = [(n, option_words(status, value)) for n, value in enumerate(_STATUSES)]
        self.status = ChoiceFilter(theme, _("Outcome"), names)
        self.funnel = ChoiceFilter(theme, _("Funnel"))
        self.stage = ChoiceFilter(theme, _("Stage"))
        self.manager = ChoiceFilter(theme, _("Manager"))
        self.conditions = ConditionChip(context, "deal")
        self.status.set_chosen(_OPEN)
        for chip in (self.status, self.funnel, self.stage, self.manager, self.conditions):
            chip.changed.connect(self.reload)
            row.addWidget(chip)
        row.addWidget(push_button(_("Clear filters"), self.show_all, role="link"))
        column.addWidget(chips)
        self.stack = QStackedWidget()
        self.no_match = EmptyState(
            theme, "search", _("No deal fits this search and these filters."), _("Show all deals"),
            self.show_all, primary=False,
        )  # fmt: skip
        self.no_deals = EmptyState(
            theme, "briefcase", _("Deals begin on the board, or come with an import."), _("New deal"),
            self._new, title=_("No deals yet"),
        )  # fmt: skip
        self.stack.addWidget(self.no_match)
        self.stack.addWidget(self.no_deals)
        column.addWidget(self.stack, 1)

    def _make_table(self, fields: list[CustomField]) -> None:
        self._fields = fields
        self.put_table(
            "deals", _("Deals"), make_columns(fields), row_fetcher(self._context, fields),
            opened=lambda deal_id: self.open_card.emit("deal", deal_id),
            selected=self.tools.tell_selection, menu=self._context_menu,
        )  # fmt: skip

    # -- reading ------------------------------------------------------------------------------

    def _read_choices(self) -> None:
        def read(db: Database) -> _Choices:
            from funneldesk.services import conditions, listing

            return listing.deal_fields(db), conditions.catalogue(db, "deal")

        self._context.tasks.read(read, self._take_choices, receiver=self, key="deal-choices")

    def _take_choices(self, found: _Choices) -> None:
        fields, known = found
        options = {field.key: field.options for field in known}

        def pairs(key: str) -> list[tuple[int, str]]:
            return [(int(value), name) for value, name in options.get(key, ())]

        self.managers = tuple(pairs("manager"))
        self.manager.set_options([*self.managers, (0, _("None"))] if self.managers else [])
        self.funnel.set_options(pairs("funnel"))
        self.stage.set_options(pairs("stage"))
        if [(f.id, f.name, f.type) for f in fields] != [(f.id, f.name, f.type) for f in self._fields]:
            self._make_table(fields)
            self.reload()

    def filter(self) -> DealFilter:
        """What is asked for."""
        return DealFilter(
            text=self.search.text().strip(),
            statuses=tuple(_STATUSES[n] for n in self.status.chosen()),
            funnel_ids=self.funnel.chosen(),
            stage_ids=self.stage.chosen(),
            manager_ids=self.manager.chosen(),
            where=self.conditions.tree(),
        )

    def reload(self) -> None:
        """Ask for the deals that pass, in order."""
        flt, (sort, descending), by = self.filter(), self._sort, self.tools.by

        def read(db: Database) -> tuple[Arranged, int, int | None]:
            from funneldesk.services import listing

            ids, total = listing.deal_ids(db, flt, sort, descending)
            return self.tools.arrange(db, ids, by), total, listing.amount_of(db, "deal", ids)

        self._context.tasks.read(read, self._take, receiver=self, key="deal-ids")

    def _take(self, found: tuple[Arranged, int, int | None]) -> None:
        arranged, self._total, amount = found
        kept = self.table.selected_ids()
        self.model.set_records(arranged.ids, arranged.headings)
        if len(kept) == 1:
            self.table.select_id(kept[0])
        shown = len(arranged.ids)
        widget: QWidget = self.table if shown else self.no_match if self._total else self.no_deals
        self.stack.setCurrentWidget(widget)
        words = ngettext("{count} deal", "{count} deals", shown).format(count=format_number(shown))
        if amount:
            words = f"{words} · {format_money(amount, self._context.currency, cents=False)}"
        self.count.setText(words if self._total else "")
        self.tools.tell_selection(self.table.selected_ids())

    # -- what a person does -------------------------------------------------------------------

    def show_all(self) -> None:
        """Neither search nor filter."""
        self.search.clear()
        for chip in (self.status, self.funnel, self.stage, self.manager, self.conditions):
            chip.clear()

    def _show_board(self, key: str) -> None:
        """The board, of the funnel the list is narrowed to, by stages or by months."""
        chosen = self.funnel.chosen()
        funnel = {"funnel": chosen[0]} if len(chosen) == 1 else {}
        self._context.show_page("board", months=key == "months", **funnel)

    def _new(self) -> None:
        self._context.show_page("board", new=True)

    def delete(self) -> None:
        """Remove the deals selected; the toast takes it back."""
        ids = self.table.selected_ids()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import deals

            return deals.delete(db, ids, actor=actor)

        if ids and not self._context.read_only:
            save(self._context, write, self)

    def selection_menu(self) -> QMenu:
        """What can be done with the deals selected."""
        menu, theme, ids = QMenu(self), self._context.theme, self.table.selected_ids()
        opened = menu.addAction(
            theme_icon(theme, "panel-right"), _("Open"), lambda: self.open_card.emit("deal", ids[0])
        )
        opened.setEnabled(len(ids) == 1)
        menu.addAction(theme_icon(theme, "copy"), _("Copy"), self.table.copy)
        menu.addSeparator()
        able = bool(ids) and not self._context.read_only
        for icon, words, close in (
            ("trophy", _("Mark as won"), self.mover.win), ("circle-x", _("Mark as lost…"), self.mover.lose),
        ):  # fmt: skip
            menu.addAction(theme_icon(theme, icon), words, partial(close, ids)).setEnabled(able)
        menu.addSeparator()
        self.tools.add_to(menu, self.managers)
        menu.addSeparator()
        gone = menu.addAction(theme_icon(theme, "trash-2"), _("Delete"), self.delete)
        gone.setEnabled(able)
        return menu

    # -- views --------------------------------------------------------------------------------

    def _view_spec(self) -> dict[str, Any]:
        flt = self.filter()
        return {
            "text": flt.text, "statuses": list(flt.statuses), "funnels": list(flt.funnel_ids),
            "stages": list(flt.stage_ids), "managers": list(flt.manager_ids), "where": spec_of(flt.where),
            **self.arrangement(),
        }  # fmt: skip

    def show_view(self, spec: dict[str, Any]) -> None:
        """Show the list as a saved view has it; an empty one shows everything."""

        def numbers(name: str) -> list[int]:
            found = spec.get(name)
            return [v for v in found if type(v) is int] if isinstance(found, list) else []

        self.arrange_as(spec)
        statuses = spec.get("statuses") or []
        self.search.setText(str(spec.get("text") or ""))
        self.status.set_chosen([n for n, value in enumerate(_STATUSES) if value in statuses])
        for chip, name in ((self.funnel, "funnels"), (self.stage, "stages"), (self.manager, "managers")):
            chip.set_chosen(numbers(name))
        self.conditions.set_tree(group_from(spec.get("where")))
        self.tools.group_by(str(spec.get("group") or ""))

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Deals")

    def refresh(self, change: Change | None) -> None:
        """Something was written: only what this list shows is read again."""
        if change is None or any(change.touches(kind) for kind in _MATTERS):
            if change is None or any(change.touches(kind) for kind in _CHOOSABLE):
                self._read_choices()
            self.reload()
        elif change.touches("saved_view"):
            self.views.reload()

    def show_params(self, **params: Any) -> None:
        """`funnel`, `managers` and `text` filter as the board does; `where` asks for conditions."""
        if params.get("funnel"):
            self.funnel.set_chosen([int(params["funnel"])])
        if "managers" in params:
            self.manager.set_chosen(list(params["managers"]))
        if "text" in params:
            self.search.setText(str(params["text"]))
        if "where" in params:
            self.conditions.set_tree(params["where"])

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.table.hasFocus():
            self.delete()
        elif not self.tools.key(event):
            super().keyPressEvent(event)
