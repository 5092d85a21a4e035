"""The stage board."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, QTimer
from PySide6.QtWidgets import QVBoxLayout

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardCard, Totals
from funneldesk.domain.change import Change
from funneldesk.text import _, format_money_short
from funneldesk.ui.actions import Actions
from funneldesk.ui.board import board_actions
from funneldesk.ui.board.area import BoardArea
from funneldesk.ui.board.autoscroll import AutoScroller
from funneldesk.ui.board.card_editor import CardEditor
from funneldesk.ui.board.card_paint import CardLook, fields_of
from funneldesk.ui.board.card_text import Today, spoken
from funneldesk.ui.board.column import Column
from funneldesk.ui.board.drop_zones import DropStrip
from funneldesk.ui.board.header import BoardHeader
from funneldesk.ui.board.model import BoardModel, ColumnModel
from funneldesk.ui.board.months import Months
from funneldesk.ui.board.moves import BoardMoves
from funneldesk.ui.board.moving import DealMover
from funneldesk.ui.board.own_lines import OwnLines
from funneldesk.ui.board.past import Past
from funneldesk.ui.board.pending import Pending
from funneldesk.ui.board.quick_add import Draft
from funneldesk.ui.board.requests import BoardRequests
from funneldesk.ui.board.states import BoardStates
from funneldesk.ui.board.touched import touched_deals
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.today import first_steps

if TYPE_CHECKING:
    from funneldesk.store.database import Database

MINUTE_MS = 60_000
_Fresh = tuple[Iterable[BoardCard], "frozenset[int] | None"]


class BoardPage(Page):
    """Shows one funnel's open deals; every move goes out as a request and comes back as a change."""

    help_page = "board"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.context = context
        self.model = BoardModel(self)
        self.look = CardLook(context.theme, lambda: context.currency, self._manager)
        self.look.set_today(Today.at(clock.now(), context.zone))
        self.look.set_fields(fields_of(context.settings.more.get("board")))
        self.mover = DealMover(context, self)
        self.requests = BoardRequests(context, self)
        self.moves = BoardMoves(self)
        self.editor: CardEditor | None = None
        self._wanted: set[int] = set()  # deals to be read anew
        self._matching: frozenset[int] | None = None  # deals that pass the conditions; None = there are none
        self.pending = Pending()
        self.add_when_loaded = False
        self._reloading = False
        self.actions_ = context.actions or Actions(self, context.theme)
        self._build()
        board_actions.register(self, self.actions_)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS)
        self._minute.timeout.connect(self._new_minute)
        self._minute.start()
        self._begin()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        self.header = BoardHeader(self.context)
        self.area = BoardArea(self.context, self.model, self.look)
        self.states = BoardStates(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        self.past, self.months = Past(self), Months(self)
        layout.addLayout(self.past.place)
        layout.addWidget(self.states, 1)
        self.strip = DropStrip(self.context.theme, self)
        self.scroller = AutoScroller(self.area, self.area.lists, self._floor, self)
        self.header.filter_changed.connect(self._filter)
        self.header.asked.connect(self.reload)
        self.header.funnel_chosen.connect(self.show_funnel)
        self.header.view.fields_changed.connect(lambda _fields: self.show_fields())
        self.own = OwnLines(self.context, self.look, self.area)
        self.header.view.own_fields = lambda: (self.own.fields, self.own.chosen())
        self.header.view.own_changed.connect(self.own.choose)
        self.header.view.grouped_changed.connect(self._group)
        self.model.set_grouped(self.header.view.grouped)
        self.header.new_funnel_wanted.connect(self.states.choose_template)
        self.header.edit_funnel_wanted.connect(self.requests.edit_funnel)
        self.model.rebuilt.connect(self._wire_columns)
        self.model.changed.connect(self._show_figures)
        area = self.area
        area.dropped.connect(self.moves.dropped_on_column)
        area.drag_started.connect(self._drag_started)
        area.drag_moved.connect(self.scroller.move_to)
        area.drag_ended.connect(self._drag_ended)
        area.opened.connect(lambda deal_id: self.open_card.emit("deal", deal_id))
        area.menu_wanted.connect(self._show_menu)
        area.edit_wanted.connect(self.edit)
        area.add_wanted.connect(self._add)
        area.selection_changed.connect(self._tell_selection)
        self.strip.dropped.connect(self.moves.dropped_on_zone)
        self.strip.drag_moved.connect(self.scroller.move_to)

        self.mover.moved.connect(lambda _change: self._moved())

    def _wire_columns(self) -> None:
        for column in self.model.columns:
            column.set_speaker(partial(self._spoken, column))

    def _begin(self) -> None:
        self.header.restore()
        self.months.restore()
        first = self.context.first_page
        wanted = self.header.chosen_managers()
        fits = first is not None and (first.board.manager_id is None) == (not wanted)
        if first is not None and fits and not self.header.where() and not self.months.on:
            self._show(first.board)
        else:
            self.states.wait()
        self.reload()

    # -- the board ----------------------------------------------------------------------------

    def show_funnel(self, funnel_id: int) -> None:
        """Show another funnel, and again next time."""
        self.context.settings.last_funnel = funnel_id
        self.reload()

    def reload(self) -> None:
        """Read the whole board."""
        funnel_id = self.context.settings.last_funnel

        at, where = self.past.at(), self.header.where()

        def read(db: Database) -> tuple[Board, frozenset[int] | None]:
            from funneldesk.store.queries.board import load_board, matching
            from funneldesk.store.queries.past_board import past_board

            with db.read() as conn:
                if at is not None:
                    return past_board(conn, funnel_id, at), None
                board = load_board(conn, funnel_id)
                return board, matching(conn, board.funnel_id, where) if where else None

        self._wanted.clear()
        self._reloading = True
        self.context.tasks.read(read, self._take, receiver=self, key="board")

    def _take(self, found: tuple[Board, frozenset[int] | None]) -> None:
        board, self._matching = found
        self._show(board)

    def _show(self, board: Board) -> None:
        selected, focus = self.pending.follow or self.area.selected_ids(), bool(self.pending.follow)
        places = [view.verticalScrollBar().value() for view in self.area.lists()]
        self._reloading = self._reloading and not board.complete
        self.pending.settle()
        self.look.set_today(Today.at(self.past.moment(), self.context.zone))
        if board.complete:
            self._filter()
            self.own.read(board.funnel_id, past=self.past.at() is not None)
        self.header.set_board(board)
        self.months.show_board(board)
        if len(places) == len(self.area.columns):
            for view, place in zip(self.area.lists(), places, strict=True):
                if place or selected:  # the others lay out their cards when they come to it
                    view.lay_out_all()
                    view.verticalScrollBar().setValue(place)
        if selected:
            self.area.select(selected, focus=focus)
        if self.add_when_loaded and board.complete:
            self.add_when_loaded = False
            self.quick_add()

    def refresh(self, change: Change | None) -> None:
        """Read anew what a change touches (None = everything)."""
        self.own.refresh(change)
        ids = touched_deals(change, self.model) if change is not None else None
        if ids is None or self._reloading or self.past.at() is not None:
            self.reload()
            return
        self._wanted |= ids
        where = self.header.where()  # may ask for anything: all is asked anew, whatever was changed
        if not self._wanted and not where:
            return
        wanted, funnel_id = sorted(self._wanted), self.model.board.funnel_id

        def read(db: Database) -> _Fresh:
            from funneldesk.store.queries.board import board_cards, matching

            with db.read() as conn:
                found = matching(conn, funnel_id, where) if where else None
                return board_cards(conn, funnel_id, wanted), found

        # a newer read of the same key replaces this one, and asks for these deals too
        self.context.tasks.read(read, lambda fresh: self._apply(wanted, fresh), receiver=self, key="board")

    def _apply(self, deal_ids: list[int], fresh: _Fresh) -> None:
        column = self.area.current()
        row = column.list.currentIndex().row() if column is not None else 0
        focused = column is not None and column.list.hasFocus()
        self._wanted.difference_update(deal_ids)
        cards, self._matching = fresh
        self._filter()
        self.model.apply(deal_ids, cards)
        follow = [i for i in self.pending.follow if i in deal_ids]
        if follow and not self.area.select(follow, focus=True) and focused and column is not None:
            column.list.go_to_row(row)
        self.pending.settle()

    def _show_figures(self) -> None:
        currency, now = self._currency(), clock.now()
        total = Totals()
        for column in self.area.columns:
            figures = self.model.totals_of(column.model, now)
            column.head.set_totals(figures, currency)
            total += figures
        self.header.set_totals(total, currency)
        self.states.show_board(self.model, total)
        self._tell_selection()

    def writable(self) -> bool:
        """Whether cards can be moved and changed: not in a base for reading, nor on a past day."""
        return not self.context.read_only and self.past.at() is None

    def show_fields(self) -> None:
        """Show what was chosen: no next step of a past day, always the day where columns are months."""
        fields = self.header.view.fields | ({"close"} if self.months.on else frozenset())
        self.look.set_fields(fields if self.past.at() is None else fields - {"step"})
        self.area.lay_out_anew()

    def _group(self, on: bool) -> None:
        selected = self.area.selected_ids()
        self.model.set_grouped(on)
        self.area.lay_out_anew()
        self.area.select(selected)

    def _filter(self) -> None:
        self.model.set_filter(self.header.chosen_managers(), self.header.text(), self._matching)

    # -- other changes ------------------------------------------------------------------------

    def _add(self, stage_id: int, draft: Draft) -> None:
        self.requests.add(self.model.board.funnel_id, stage_id, draft)

    def assign(self, manager_id: int) -> None:
        """Give the selected deals to a manager."""
        self.requests.assign(self.area.selected_ids(), manager_id)

    def delete(self) -> None:
        """Delete the selected deals; the toast offers to take it back."""
        self.pending.follow = self.area.selected_ids()
        self.requests.delete(self.pending.follow)

    def edit_current(self) -> None:
        """Change title, amount and next step of the current card in its place."""
        column = self.area.current()
        if column is not None and column.list.current_id():
            self.edit(column.list.current_id())

    def edit(self, deal_id: int) -> None:
        """Change title, amount and next step of a card in its place."""
        column = next((c for c in self.area.columns if c.model.row_of(deal_id) >= 0), None)
        card = column.model.find(deal_id) if column is not None else None
        if column is None or card is None or not self.writable():
            return
        index = column.model.index(column.model.row_of(deal_id))
        where = column.list.visualRect(index)
        corner = column.list.viewport().mapToGlobal(where.topLeft())
        self.editor = CardEditor(self.context, card, column.list)
        self.editor.saved.connect(self.requests.edit)
        self.editor.open_over(corner, where.width())

    def open_current(self) -> None:
        """Open the card of the current deal."""
        column = self.area.current()
        if column is not None and column.list.current_id():
            self.open_card.emit("deal", column.list.current_id())

    def quick_add(self) -> None:
        """Begin a new deal in the first stage (or the one in use); months have no place for it."""
        if not self.writable():
            return
        if self.months.on:
            self.add_when_loaded = True
            self.months.show(False)
            return
        column: Column | None = self.area.current()
        if column is None or column.model.column.stage_id <= 0:
            column = next((c for c in self.area.columns if c.model.column.stage_id > 0), None)
        if column is None:
            self.states.choose_template()
            return
        self.area.ensureWidgetVisible(column)
        column.open_quick_add()

    def make_funnel(self, template: str, language: str) -> None:
        """Make a funnel from a template and show it."""
        self.requests.make_funnel(template, language, self.show_funnel)

    # -- dragging -----------------------------------------------------------------------------

    def _moved(self) -> None:
        self.pending.written()
        if not self._wanted and not self._reloading:
            self.pending.settle()

    def _drag_started(self) -> None:
        self.moves.drag_started()
        self.context.clear_toast()
        name = self.model.board.won_name
        self.strip.won.set_text(f"{_('Won')} · {name}" if name else _("Won"))
        self.strip.funnel.setVisible(len(self.model.board.funnels) > 1)
        self.strip.appear()

    def _drag_ended(self) -> None:
        self.strip.hide()
        self.scroller.stop()
        self.moves.drag_ended()

    def _floor(self) -> int:
        part, foot = (self.strip, 0) if self.strip.isVisible() else (self, self.height())
        return part.mapToGlobal(QPoint(0, foot)).y()

    # -- small things -------------------------------------------------------------------------

    def _show_menu(self, where: QPoint) -> None:
        board_actions.context_menu(self, self.actions_).popup(where)

    def _tell_selection(self) -> None:
        ids = self.area.selected_ids()
        amount = self.model.amount_of(ids, clock.now())
        self.selection_changed.emit(len(ids), format_money_short(amount, self._currency()) if amount else "")

    def _currency(self) -> str:
        rates = self.model.board.rates
        return rates.currency if rates is not None else self.context.currency

    def _manager(self, manager_id: int | None) -> str:
        return self.model.board.manager(manager_id)

    def _spoken(self, model: ColumnModel, card: BoardCard) -> str:
        today = self.look.today
        assert today is not None
        manager = self._manager(card.manager_id)
        words = spoken(card, today, self._currency(), manager, model.limit_of(card))
        return ", ".join((words, *self.own.words(card.id)))

    def _new_minute(self) -> None:
        before, today = self.look.today, Today.at(self.past.moment(), self.context.zone)
        self.look.set_today(today)
        self.area.repaint_cards()
        self.months.new_moment(before, today)

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the funnel, or of the screen."""
        return self.model.board.funnel or _("Board")

    def activated(self) -> None:
        """The board has come to the front."""
        first_steps.note(self.context.settings, "board")
        self.past.follow()
        column = self.area.current()
        if column is not None:
            column.list.setFocus()

    def subject(self) -> tuple[str, int] | None:
        """The deal with the cursor."""
        column = self.area.current()
        deal_id = column.list.current_id() if column is not None else 0
        return ("deal", deal_id) if deal_id else None

    def focus_search(self) -> None:
        """Ctrl+F."""
        self.header.search.setFocus()
        self.header.search.selectAll()

    def show_params(self, **params: Any) -> None:
        """`new` begins a deal, `funnel` shows another, `months` or not is how, `deal` selects one."""
        board_actions.asked_for(self, params)
