"""Every way of moving a deal in the window: it asks what must be asked, then calls `services.deals.move`.

Nothing is moved on the screen here; the change that comes back does that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.criteria import Answers
from funneldesk.domain.deal import Status
from funneldesk.errors import UserError
from funneldesk.text import _
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.services.criteria import Questions
    from funneldesk.services.deals import Loss
    from funneldesk.store.database import Database
    from funneldesk.store.queries.board import ClosingFacts

BELOW_ALL = 0  # as `before_id`: under the last card


@dataclass(frozen=True, slots=True)
class _Request:
    """A move with all that was answered so far."""

    ids: tuple[int, ...]
    kind: str
    stage_id: int | None = None
    before_id: int | None = None
    loss: Loss | None = None
    amount: int | None = None
    at: int | None = None
    quiet: bool = False
    answers: Mapping[int, Answers] | None = None


class DealMover(QObject):
    """Moves deals to a stage, to Won or to Lost, from the board, a card or a list."""

    moved = Signal(object)  # the Change
    cancelled = Signal()  # a dialog was left; nothing has changed

    def __init__(self, context: AppContext, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._window = parent
        self.dialog: QDialog | None = None  # the one that is open

    def to_stage(
        self, deal_ids: Sequence[int], stage_id: int, *, before_id: int | None = None, quiet: bool = False
    ) -> None:
        """To an open stage, above the card `before_id` (None = at the top, 0 = below all)."""
        self._move(deal_ids, Status.OPEN, stage_id, before_id=before_id, quiet=quiet)

    def win(self, deal_ids: Sequence[int]) -> None:
        """To Won; the amount and the day are asked."""
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
        if not ids or self._all_closed(facts, Status.WON):
            return
        dialog = WonDialog(self._context, facts, self._window)
        dialog.accepted.connect(lambda: self._move(ids, Status.WON, amount=dialog.amount(), at=dialog.at()))
        self._open(dialog)

    def _with_reason(self, facts: ClosingFacts) -> None:
        ids = [deal.id for deal in facts.deals]
        if not ids or self._all_closed(facts, Status.LOST):
            return
        dialog = LossDialog(self._context, facts, self._window)
        dialog.accepted.connect(lambda: self._move(ids, Status.LOST, loss=dialog.loss()))
        self._open(dialog)

    def _all_closed(self, facts: ClosingFacts, status: Status) -> bool:
        """Whether there is nothing left to close so; it is said."""
        if any(deal.status != status for deal in facts.deals):
            return False
        words = (
            _("These deals are won already.") if status == Status.WON else _("These deals are lost already.")
        )
        self._context.toast(words)
        self.cancelled.emit()
        return True

    def _ask_criteria(self, request: _Request) -> None:
        """The stage requires what is not known: ask it, and move then."""
        ids, stage_id = list(request.ids), request.stage_id or 0

        def read(db: Database) -> Questions:
            from funneldesk.services import criteria

            return criteria.questions(db, ids, stage_id)

        def then(questions: Questions) -> None:
            from funneldesk.ui.board.criteria_dialog import CriteriaDialog

            if not questions.deals:  # somebody has filled it in meanwhile
                self._send(request)
                return
            dialog = CriteriaDialog(self._context, questions, self._window)
            dialog.accepted.connect(lambda: self._send(replace(request, answers=dialog.answers())))
            self._open(dialog)

        self._context.tasks.read(read, then, receiver=self)

    def _open(self, dialog: QDialog) -> None:
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
        at: int | None = None,
        quiet: bool = False,
    ) -> None:
        if deal_ids:
            self._send(_Request(tuple(deal_ids), kind, stage_id, before_id, loss, amount, at, quiet))

    def _send(self, request: _Request) -> None:
        me = self._context.me

        def write(db: Database) -> Change:
            from funneldesk.services import acting, deals

            return deals.move(
                db,
                request.ids,
                deals.Place(request.kind, request.stage_id),
                before_id=request.before_id,
                loss=request.loss,
                amount=request.amount,
                at=request.at,
                answers=request.answers,
                actor=acting.actor(db, me),
            )

        def failed(error: Exception) -> None:
            if isinstance(error, UserError) and error.code == "deal.criteria":
                self._ask_criteria(request)
            elif isinstance(error, UserError):
                self._context.tasks.user_error.emit(error)

        self._context.tasks.write(
            write, lambda change: self._done(change, request.quiet), failed, receiver=self
        )

    def _done(self, change: Change, quiet: bool) -> None:
        if not quiet:
            self._context.tell(change)
        self.moved.emit(change)
