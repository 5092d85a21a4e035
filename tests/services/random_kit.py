"""The base of the random work: what a step is, what must hold after it, undo, redo, reopening."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from funneldesk.domain.change import Change
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import bases, clients, deals, history, leads, portfolio, team
from funneldesk.store import next_step
from funneldesk.store.database import Database, open_database
from funneldesk.store.transaction import Actor, select_records

NAMES = st.sampled_from(["Ann", "Łucja", "Жанна", "Zoë <b>", "ООО «Ромб»", "A & B", "x" * 60])
PICK = st.integers(0, 10**6)
# What a person is told; nothing may have been written then.
REFUSED = {
    "name.taken", "deal.wrong_stage", "deal.loss_needs_comment", "deal.loss_needs_reason", "deal.no_back",
    "deal.no_skip", "manager.merge_self", "list.merge_self", "list.in_use", "deal.criteria",
    "funnel.too_many_stages", "record.gone", "deal.fixed_steps", "deal.stageless",
    "stage.needs_target", "stage.last", "stage.bad_target", "funnel.no_stages",
    "lead.closed", "transfer.self", "transfer.nothing", "field.calculated",
    "field.unreadable", "field.no_options", "rate.own", "rate.missing", "history.all_in_use",
    "history.gone_already", "history.is_barrier", "deal.amount_too_large", "import.no_rows", "record.stale",
}  # fmt: skip
BATCHES = (clients, deals, leads, portfolio, next_step)  # each does many records otherwise than few


class Work(RuleBasedStateMachine):
    """One base, the hash of its content after every change, and the way back and forth."""

    wrote: Counter[str] = Counter()  # "module.function" -> how often it has changed something
    steps = 0

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="funneldesk-random-"))
        self.path = self.folder / "base.funneldesk"
        self.db: Database = bases.new_base(
            self.path, template="simple", language="en", currency="EUR", zone="UTC"
        )
        self.hashes = [self.look()]  # after each change that is done, the start first
        self.undone: list[str] = []
        self.many = [vars(module)["MANY"] for module in BATCHES]
        self.do(team.add_manager, "First")
        self.first = history.entries(self.db)[0].id

    @initialize(few=st.booleans())
    def begin(self, few: bool) -> None:
        """In half of the runs even one record goes the way of many."""
        for module in BATCHES if few else ():
            vars(module)["MANY"] = 1

    def teardown(self) -> None:
        try:
            while len(self.hashes) > 1:
                history.undo(self.db)
                self.hashes.pop()
                if len(self.hashes) % 7 == 1:
                    assert self.look() == self.hashes[-1]
            assert self.look() == self.hashes[0]
        finally:
            for module, many in zip(BATCHES, self.many, strict=True):
                vars(module)["MANY"] = many
            self.db.close()
            shutil.rmtree(self.folder)

    # Help -------------------------------------------------------------------
    def look(self) -> str:
        """The content's hash; everything that is kept must agree with what it is kept from."""
        result = bases.check(self.db)
        assert result.problems == (), result.problems
        return result.content_sha256

    def all(self, cls: type[Any]) -> list[Any]:
        with self.db.read() as conn:
            return select_records(conn, cls)

    def one(self, cls: type[Any], pick: int) -> int | None:
        found = self.all(cls)
        return int(found[pick % len(found)].id) if found else None

    def some(self, cls: type[Any], pick: int, most: int = 3) -> list[int]:
        found = [int(record.id) for record in self.all(cls)]
        if not found:
            return []
        start, count = pick % len(found), 1 + pick // 7 % most
        return found[start : start + count]

    def do(self, service: Callable[..., Change | None], *args: Any, **values: Any) -> None:
        """Let a service do its work and remember where it led."""
        Work.steps += 1
        try:
            change = service(self.db, *args, **values)
        except UserError as error:
            if error.code not in REFUSED:
                raise
            change = None
        if change is None or not change.edits:  # refused, or nothing differed
            assert self.look() == self.hashes[-1]
            return
        Work.wrote[f"{service.__module__.rpartition('.')[2]}.{service.__name__}"] += 1
        self.hashes.append(self.look())
        self.undone.clear()

    def actor(self, pick: int) -> Actor | None:
        return Actor(self.one(Manager, pick), "somebody") if pick % 3 else None

    # Back and forth -----------------------------------------------------------
    @precondition(lambda self: len(self.hashes) > 2)
    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        for _step in range(min(steps, len(self.hashes) - 2)):
            history.undo(self.db)
            self.undone.append(self.hashes.pop())
        assert self.look() == self.hashes[-1]
        Work.wrote["history.undo"] += 1

    @precondition(lambda self: self.undone)
    @rule(steps=st.integers(1, 4))
    def redo(self, steps: int) -> None:
        for _step in range(min(steps, len(self.undone))):
            history.redo(self.db)
            self.hashes.append(self.undone.pop())
        assert self.look() == self.hashes[-1]
        Work.wrote["history.redo"] += 1

    @precondition(lambda self: len(self.hashes) > 2)
    @rule(pick=PICK)
    def take_back_one(self, pick: int) -> None:
        """Any entry: the last is undone, an older one is taken back by a new change."""
        done = [line.id for line in history.entries(self.db, None) if line.id > self.first]
        entry = done[pick % len(done)]
        try:
            last = history.look_back(self.db, entry).whole
        except UserError as error:
            if error.code not in REFUSED:
                raise
            return
        if not last:
            self.do(history.take_back, entry, actor=self.actor(pick))
            return
        service = history.undo_entry if pick % 2 else history.take_back
        service(self.db, entry)
        self.undone.append(self.hashes.pop())
        assert self.look() == self.hashes[-1]
        Work.wrote[f"history.{service.__name__}"] += 1

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = open_database(self.path)
        assert self.look() == self.hashes[-1]
        assert (history.state(self.db).redo is not None) == bool(self.undone)
