"""What the board asks to be written, apart from moves: new deals, titles, managers, deletions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from funneldesk.domain.change import Change
from funneldesk.ui.board.quick_add import Draft
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

    def rename(self, deal_id: int, title: str) -> None:
        """Another title."""
        me = self._context.me

        def work(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.update(db, deal_id, actor=acting.actor(db, me), title=title)

        self._write(work)

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
