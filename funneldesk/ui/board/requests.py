"""What the board asks to be written, apart from moves: new deals, titles, managers, deletions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.criteria import Answers
from funneldesk.errors import UserError
from funneldesk.text import _
from funneldesk.ui.board.criteria_dialog import ask_criteria
from funneldesk.ui.board.quick_add import Draft
from funneldesk.ui.clients.due import Due
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class BoardRequests(QObject):
    """Each goes to a service in the writing thread; what it changed comes back through the hub."""

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context, self._window = context, parent

    def add(self, funnel_id: int, stage_id: int, draft: Draft, answers: Answers | None = None) -> None:
        """A new deal at the top of a stage, with its client; what a later stage requires is asked."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals, quick_deals

            return quick_deals.add(
                db,
                deals.NewDeal(draft.title, amount=draft.amount),
                funnel_id=funnel_id,
                stage_id=stage_id,
                client=draft.client,
                client_name=draft.client_name,
                answers=answers,
                actor=acting.actor(db, me),
            )

        def asked(found: dict[int, Answers]) -> None:
            self.add(funnel_id, stage_id, draft, next(iter(found.values())))

        self.write(work, asked=asked)

    def edit(self, deal_id: int, values: dict[str, Any], step: dict[str, Any] | None) -> None:
        """Another title or amount, and another next step (its text, and when), in one change."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, quick_deals

            return quick_deals.edit(db, deal_id, values, step=step, actor=acting.actor(db, me))

        self.write(work, toast=True)

    def to_funnel(
        self, ids: Sequence[int], funnel_id: int, answers: Mapping[int, Answers] | None = None
    ) -> None:
        """Deals go to the first stage of another funnel; what it requires is asked, deal after deal."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, other_funnel

            return other_funnel.send(db, ids, funnel_id, answers=answers, actor=acting.actor(db, me))

        def asked(found: dict[int, Answers]) -> None:
            self.to_funnel(ids, funnel_id, {**(answers or {}), **found})

        self.write(work, toast=True, asked=asked)

    def wait(self, ids: Sequence[int], days: int) -> None:
        """Come back to deals in so many days: their next step is put off, or one is planned."""
        context, me, text = self._context, self._context.me, _("Come back to it")
        day = clock.local_date(clock.now(), context.zone) + timedelta(days=days)
        when = Due(day).planned(context)

        def work(db: Database) -> Change:
            from funneldesk.services import acting, activities

            return activities.wait(db, ids, text=text, days=days, actor=acting.actor(db, me), **when)

        self.write(work, toast=True)

    def assign(self, ids: Sequence[int], manager_id: int) -> None:
        """Give deals to a manager."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.assign(db, ids, manager_id, actor=acting.actor(db, me))

        if ids:
            self.write(work, toast=True)

    def delete(self, ids: Sequence[int]) -> None:
        """Delete deals; the toast offers to take it back."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.delete(db, ids, actor=acting.actor(db, me))

        if ids:
            self.write(work, toast=True)

    def make_funnel(self, template: str, language: str, then: Callable[[int], None]) -> None:
        """A funnel from a template; `then` is told its id."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, funnels

            return funnels.create_from_template(db, template, language=language, actor=acting.actor(db, me))

        self._context.tasks.write(work, lambda change: then(change.new_id("funnel")), receiver=self)

    def edit_funnel(self, funnel_id: int) -> None:
        """Open the funnel in its editor."""
        self._context.show_page("funnels", funnel=funnel_id)

    def write(
        self,
        work: Callable[[Database], Change],
        *,
        toast: bool = False,
        asked: Callable[[dict[int, Answers]], None] | None = None,
    ) -> None:
        """Have it written; `asked` takes what a stage requires, when that was asked for."""

        def done(change: Change) -> None:
            if toast:
                self._context.tell(change)

        def failed(error: Exception) -> None:
            if asked is not None and ask_criteria(self._context, error, self._window, asked):
                return
            if isinstance(error, UserError):
                self._context.tasks.user_error.emit(error)

        self._context.tasks.write(work, done, failed, receiver=self)
