"""The board of a past day: nothing on it can be changed, and the reports are of the same day."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QVBoxLayout

from funneldesk.domain import clock
from funneldesk.ui.board.past_bar import PastBar

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.board.page import BoardPage


class Past(QObject):
    """Which day is shown; the window's `as_of` carries it to the reports and back."""

    def __init__(self, page: BoardPage) -> None:
        super().__init__(page)
        self._page = page
        self._day = ""
        self.place = QVBoxLayout()  # of the bar, which is made when it is first wanted
        self._bar: PastBar | None = None
        page.header.view.past_wanted.connect(self.begin)

    @property
    def bar(self) -> PastBar:
        """The bar over the columns."""
        if self._bar is None:
            self._bar = PastBar(self._page.context)
            self._bar.day_chosen.connect(self.show_day)
            self.place.addWidget(self._bar)
        return self._bar

    def at(self) -> int | None:
        """The last moment of the day shown, None = now."""
        if not self._day:
            return None
        after = date.fromisoformat(self._day) + timedelta(days=1)
        return clock.start_of_day(after, self._page.context.zone) - 1

    def moment(self) -> int:
        """The moment that days are counted to."""
        at = self.at()
        return clock.now() if at is None else min(at, clock.now())

    def begin(self) -> None:
        """Show the board of a month ago; the slider leads on from there."""
        today = clock.local_date(clock.now(), self._page.context.zone)
        self.show_day(self._page.context.as_of or (today - timedelta(days=30)).isoformat())

    def follow(self) -> None:
        """Another day may have been chosen in the reports."""
        if self._page.context.as_of != self._day:
            self.show_day(self._page.context.as_of)

    def show_day(self, day: str) -> None:
        """Show the board of a day, or the one of now ("")."""
        page = self._page
        self._day = page.context.as_of = day
        self.bar.setVisible(bool(day))
        page.area.set_writable(page.writable())
        page.header.set_past(bool(day))
        if day:
            page.months.show(False)
        page.show_fields()
        if day:
            page.context.tasks.read(_first, self._show_life, receiver=self, key="board-life")
        page.reload()

    def _show_life(self, first: int | None) -> None:
        self.bar.set_life(first)
        if self._day:
            self.bar.show_day(date.fromisoformat(self._day))


def _first(db: Database) -> int | None:
    from funneldesk.store.queries.past_board import first_move

    with db.read() as conn:
        return first_move(conn)
