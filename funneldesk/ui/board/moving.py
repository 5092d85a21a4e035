"""Every way of moving a deal in the window: it asks what must be asked, then calls `services.deals.move`.

Nothing is moved on the screen here; the change that comes back does that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.deal import Status
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.services.deals import Loss
    from funneldesk.store.database import Database
    from funneldesk.store.queries.board import ClosingFacts

BELOW_ALL = 0  # as `before_id`: under the last card


class DealMover(QObject):
    """Moves deals to a stage, to Won or to Lost, from the board, a card or a list."""

    moved = Signal(object)  # the Change
    cancelled = Signal()  # a dialog was left; nothing has changed

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self.dialog: LossDialog | WonDialog | None = None  # the one that is open

    def to_stage(
        self, deal_ids: Sequence[int], stage_id: int, *, before_id: int | None = None, quiet: bool = False
    ) -> None:
        """To an open stage, above the card `before_id` (None = at the top, 0 = below all)."""
        self._move(deal_ids, Status.OPEN, stage_id, before_id=before_id, quiet=quiet)

    def win(self, deal_ids: Sequence[int]) -> None:
        """To Won; the amount is asked when it is not known."""
        if deal_ids:
            self._ask(deal_ids, self._with_amount)

    def lose(self, deal_ids: Sequence[int]) -> None:
        """To Lost; the reason and a comment are asked."""
        if deal_ids:
            self._ask(deal_ids, self._with_reason)

    # -- asking -------------------------------------------------------------------------------

    def _ask(self, deal_ids: Sequence[int], then: Callable[[ClosingFacts], None]) -> None:
        ids = list(deal_ids)

        def read(db: Database) -> ClosingFacts:
            from funneldesk.store.queries.board import closing_facts

            with db.read() as conn:
                return closing_facts(conn, ids)

        self._context.tasks.read(read, then, receiver=self)

    def _with_amount(self, facts: ClosingFacts) -> None:
        ids = [deal.id for deal in facts.deals]
        if len(facts.deals) != 1 or facts.deals[0].amount is not None:
            self._move(ids, Status.WON)
            return
        deal = facts.deals[0]
        dialog = WonDialog(
            self._context.theme,
            deal.title,
            deal.client,
            deal.currency or self._context.currency,
            self._window,
        )
        dialog.accepted.connect(lambda: self._move(ids, Status.WON, amount=dialog.amount()))
        self._open(dialog)

    def _with_reason(self, facts: ClosingFacts) -> None:
        ids = [deal.id for deal in facts.deals]
        if not ids:
            return
        dialog = LossDialog(self._context.theme, facts, self._window)
        dialog.accepted.connect(lambda: self._move(ids, Status.LOST, loss=dialog.loss()))
        self._open(dialog)

    def _open(self, dialog: LossDialog | WonDialog) -> None:
        self.dialog = dialog
        dialog.rejected.connect(self.cancelled)
        dialog.finished.connect(self._closed)
        dialog.open()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        if dialog is not None:
            dialog.deleteLater()

    # -- the one way --------------------------------------------------------------------------

    def _move(
        self,
        deal_ids: Sequence[int],
        kind: str,
        stage_id: int | None = None,
        *,
        before_id: int | None = None,
        loss: Loss | None = None,
        amount: int | None = None,
        quiet: bool = False,
    ) -> None:
        ids, me = list(deal_ids), self._context.me
        if not ids:
            return

        def write(db: Database) -> Change:
            from funneldesk.services import acting, deals

            place = deals.Place(kind, stage_id)
            who = acting.actor(db, me)
            return deals.move(db, ids, place, before_id=before_id, loss=loss, amount=amount, actor=who)

        self._context.tasks.write(write, lambda change: self._done(change, quiet), receiver=self)

    def _done(self, change: Change, quiet: bool) -> None:
        if not quiet:
            self._context.tell(change)
        self.moved.emit(change)
