"""What the board asks to be written, apart from moves: new deals, titles, managers, deletions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.text import _
from funneldesk.ui.board.quick_add import Draft
from funneldesk.ui.clients.due import Due
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class BoardRequests(QObject):
    """Each goes to a service in the writing thread; what it changed comes back through the hub."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context

    def add(self, funnel_id: int, stage_id: int, draft: Draft) -> None:
        """A new deal at the top of a stage, with its client."""
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
                actor=acting.actor(db, me),
            )

        self._write(work)

    def edit(self, deal_id: int, values: dict[str, Any], step: dict[str, Any] | None) -> None:
        """Another title or amount, and another next step (its text, and when), in one change."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, quick_deals

            return quick_deals.edit(db, deal_id, values, step=step, actor=acting.actor(db, me))

        self._write(work, toast=True)

    def to_funnel(self, ids: Sequence[int], funnel_id: int) -> None:
        """Deals go to the first stage of another funnel."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, other_funnel

            return other_funnel.send(db, ids, funnel_id, actor=acting.actor(db, me))

        self._write(work, toast=True)

    def wait(self, ids: Sequence[int], days: int) -> None:
        """Come back to deals in so many days: their next step is put off, or one is planned."""
        context, me, text = self._context, self._context.me, _("Come back to it")
        day = clock.local_date(clock.now(), context.zone) + timedelta(days=days)
        when = Due(day).planned(context)

        def work(db: Database) -> Change:
            from funneldesk.services import acting, activities

            return activities.wait(db, ids, text=text, days=days, actor=acting.actor(db, me), **when)

        self._write(work, toast=True)

    def assign(self, ids: Sequence[int], manager_id: int) -> None:
        """Give deals to a manager."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.assign(db, ids, manager_id, actor=acting.actor(db, me))

        if ids:
            self._write(work, toast=True)

    def delete(self, ids: Sequence[int]) -> None:
        """Delete deals; the toast offers to take it back."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.delete(db, ids, actor=acting.actor(db, me))

        if ids:
            self._write(work, toast=True)

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

    def _write(self, work: Callable[[Database], Change], *, toast: bool = False) -> None:
        def done(change: Change) -> None:
            if toast:
                self._context.tell(change)

        self._context.tasks.write(work, done, receiver=self)
