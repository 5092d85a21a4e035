"""The board by the month of the expected close: a card dragged to another month gets another date."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from funneldesk.domain import clock
from funneldesk.domain.board import Board
from funneldesk.domain.change import Change
from funneldesk.domain.closing_months import LATER, NO_DATE, OVERDUE, columns_of, is_month, last_day
from funneldesk.text import _
from funneldesk.ui.board.card_paint import months_chosen
from funneldesk.ui.board.card_text import Today

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.board.page import BoardPage


class Months(QObject):
    """Whether the columns are months, and what is done with cards there.

    What a person has chosen is shown again at the next start; a past day and a new deal go to the stages
    without being a choice.
    """

    def __init__(self, page: BoardPage) -> None:
        super().__init__(page)
        self._page = page
        self.on = False
        page.header.switch.chosen.connect(self._chosen)

    def _chosen(self, key: str) -> None:
        if key in ("board", "months"):
            self.choose(key == "months")

    def restore(self) -> None:
        """Begin as it was chosen last."""
        if months_chosen(self._page.context.settings.more):
            self._turn(True)

    def choose(self, on: bool) -> None:
        """Months or stages, now and at the next start."""
        settings = self._page.context.settings
        kept = settings.more.get("board")
        settings.more["board"] = {**(kept if isinstance(kept, dict) else {}), "months": on}
        settings.save()
        self.show(on)

    def show(self, on: bool) -> None:
        """Months, or stages again.  A past day has stages only: dates are kept as they are today."""
        page = self._page
        if on == self.on:
            return
        self._turn(on)
        if on and page.past.at() is not None:
            page.past.show_day("")
        page.area.select([])  # a deal selected may stand far to the right now
        page.reload()

    def _turn(self, on: bool) -> None:
        page = self._page
        self.on = on
        page.header.switch.set_here("months" if on else "board")
        page.show_fields()
        page.own.set_stages(self._stage if on else None)

    def today(self) -> date:
        """The day that months are told from."""
        return clock.local_date(clock.now(), self._page.context.zone)

    def show_board(self, board: Board) -> None:
        """Show a board that was read, the way that is chosen; the first cards only are shown by stage."""
        today = self.today() if self.on and board.complete else None
        self._page.model.set_board(board, today, names(today) if today is not None else None)

    def new_moment(self, before: Today | None, now: Today) -> None:
        """With a new day deals are overdue, and the month may be another."""
        if self.on and before is not None and before.start != now.start:
            self._page.reload()

    def _stage(self, deal_id: int) -> str:
        found = self._page.model.find(deal_id)
        stages = self._page.model.board.columns
        return next((s.name for s in stages if found and s.stage_id == found[1].stage_id), "") or _(
            "In no stage"
        )

    # -- what is done -------------------------------------------------------------------------

    def put(self, ids: list[int], column_id: int) -> None:
        """Deals are expected to close by the end of a month, or nobody knows when; one change."""
        page, me = self._page, self._page.context.me
        day = last_day(column_id).isoformat() if is_month(column_id) else None
        if (day is None and column_id != NO_DATE) or self._stand_in(ids, column_id):
            return
        page.pending.follow = list(ids)

        def work(db: Database) -> Change:
            from funneldesk.services import acting, bulk

            refs = [("deal", deal_id) for deal_id in ids]
            return bulk.set_column(db, refs, "expected_close", day, actor=acting.actor(db, me))

        page.requests.write(work, toast=True)

    def sideways(self, ids: list[int], by: int) -> None:
        """Deals go to the month after (1) or before (-1) that of the first of them."""
        found = self._page.model.find(ids[0])
        if found is None:
            return
        months = [column for column in columns_of(self.today()) if is_month(column)]
        here = found[0].column.stage_id
        before = {OVERDUE: -1, LATER: len(months), NO_DATE: len(months)}
        place = (months.index(here) if here in months else before.get(here, 0)) + by
        if 0 <= place < len(months):
            self.put(ids, months[place])

    def _stand_in(self, ids: list[int], column_id: int) -> bool:
        found = [self._page.model.find(deal_id) for deal_id in ids]
        return all(each is not None and each[0].column.stage_id == column_id for each in found)


def names(today: date) -> dict[int, str]:
    """The columns in words; the year only where it is not this one."""
    from funneldesk.report_words.season import month_title

    def name(column: int) -> str:
        day = last_day(column)
        return month_title(day.month) if day.year == today.year else f"{month_title(day.month)} {day.year}"

    words = {OVERDUE: _("Overdue"), LATER: _("Later"), NO_DATE: _("Without a date")}
    return {column: words.get(column) or name(column) for column in columns_of(today)}
