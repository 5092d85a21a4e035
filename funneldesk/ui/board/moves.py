"""Drops and keys of the board as requests: each ends in `services.deals.move` through the mover."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QMenu

from funneldesk.domain.deal import Status
from funneldesk.text import _, ngettext
from funneldesk.ui.board.drop_zones import LATER, OTHER_FUNNEL
from funneldesk.ui.board.moving import BELOW_ALL
from funneldesk.ui.today.doing import WAITS

if TYPE_CHECKING:
    from funneldesk.ui.board.page import BoardPage


class BoardMoves(QObject):
    """Nothing moves on the screen here; the change that comes back does that."""

    def __init__(self, page: BoardPage) -> None:
        super().__init__(page)
        self._page = page
        self._dragging = False
        self.menu: QMenu | None = None  # the one opened last
        self._after_drag: list[Callable[[], None]] = []
        tasks = page.context.tasks
        for given_up in (page.mover.cancelled, tasks.user_error, tasks.crashed):
            given_up.connect(self._forget)

    # -- drops --------------------------------------------------------------------------------

    def dropped_on_column(self, stage_id: int, ids: list[int], before_id: int) -> None:
        """Deals were dropped above the card `before_id` of a stage."""
        if stage_id < 0:  # a month
            self._later(lambda: self._page.months.put(ids, stage_id))
        else:
            self._later(lambda: self.send(ids, stage_id, before_id))

    def dropped_on_zone(self, kind: str, ids: list[int]) -> None:
        """Deals were dropped on Won, Lost, another funnel or Later."""
        asks = {OTHER_FUNNEL: self.ask_funnel, LATER: self.ask_days}
        self._later(lambda: asks[kind](ids) if kind in asks else self.close(kind, ids))

    def drag_started(self) -> None:
        """Until it ends nothing is asked and nothing written."""
        self._dragging = True

    def drag_ended(self) -> None:
        """Now what was dropped."""
        self._dragging = False
        waiting, self._after_drag = self._after_drag, []
        for request in waiting:
            request()

    def _later(self, request: Callable[[], None]) -> None:
        """During a drag its own loop runs: dialogs and changes wait until it has ended."""
        self._page.scroller.stop()
        if self._dragging:
            self._after_drag.append(request)
        else:
            request()

    # -- requests -----------------------------------------------------------------------------

    def close(self, kind: str, ids: list[int]) -> None:
        """Deals are won or lost."""
        if ids:
            self._page.pending.expect(ids)
            mover = self._page.mover
            (mover.win if kind == Status.WON else mover.lose)(ids)

    def ask_funnel(self, ids: list[int]) -> None:
        """Ask which funnel deals go to; the only other one is taken at once."""
        page = self._page
        others = [(i, name) for i, name in page.model.board.funnels if i != page.model.board.funnel_id]
        if len(others) == 1:
            page.requests.to_funnel(ids, others[0][0])
            return
        menu = QMenu(page)
        menu.addSection(_("Other funnel"))
        for funnel_id, name in others:
            menu.addAction(name.replace("&", "&&"), partial(page.requests.to_funnel, ids, funnel_id))
        self._popup(menu)

    def ask_days(self, ids: list[int]) -> None:
        """Ask in how many days to come back to deals."""
        page, menu = self._page, QMenu(self._page)
        menu.addSection(_("Come back to it"))
        for days in WAITS:
            words = ngettext("In {count} day", "In {count} days", days).format(count=days)
            menu.addAction(words, partial(page.requests.wait, ids, days))
        self._popup(menu)

    def _popup(self, menu: QMenu) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(QCursor.pos())
        self.menu = menu

    def send(self, ids: list[int], stage_id: int, before_id: int | None = None) -> None:
        """Deals go to a stage, above the card `before_id` (None = at the top, 0 = below all)."""
        page = self._page
        found = [page.model.find(i) for i in ids]
        same = all(f is not None and f[0].column.stage_id == stage_id for f in found)
        page.pending.expect(ids, stage_id)
        page.mover.to_stage(ids, stage_id, before_id=before_id, quiet=same)

    def _forget(self) -> None:
        self._page.pending.forget()

    # -- the deals selected -------------------------------------------------------------------

    def selected_to(self, stage_id: int) -> None:
        """Move the selected deals to the top of a stage."""
        self.send(self._page.area.selected_ids(), stage_id)

    def sideways(self, by: int) -> None:
        """Move the selected deals one stage on (1) or back (-1)."""
        page = self._page
        ids = page.area.selected_ids()
        if not ids:
            return
        if page.months.on:
            page.months.sideways(ids, by)
            return
        stages = [c.column.stage_id for c in page.model.columns if c.column.stage_id]
        found = page.model.find(ids[0])
        here = page.pending.stage_of(ids[0], found[0].column.stage_id if found else 0)
        place = (stages.index(here) if here in stages else -1) + by
        if 0 <= place < len(stages):
            self.send(ids, stages[place])

    def up_or_down(self, by: int) -> None:
        """Move the selected deals one card up (-1) or down (1) in their column."""
        column = self._page.area.current()
        ids = column.list.selected_ids() if column is not None else []
        if column is None or not ids or column.model.column.stage_id <= 0:
            return
        rows = [column.model.row_of(i) for i in ids]
        count = column.model.rowCount()
        if (by < 0 and rows[0] == 0) or (by > 0 and rows[-1] == count - 1):
            return
        if by < 0:
            above = column.model.card(rows[0] - 1)
            before = above.id if above else None
        else:
            below = column.model.card(rows[-1] + 2)
            before = below.id if below else BELOW_ALL
        self.send(ids, column.model.column.stage_id, before)

    def win(self) -> None:
        """The selected deals are won."""
        self.close(Status.WON, self._page.area.selected_ids())

    def lose(self) -> None:
        """The selected deals are lost."""
        self.close(Status.LOST, self._page.area.selected_ids())
