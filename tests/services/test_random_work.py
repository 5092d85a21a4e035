"""Random work of a day: whatever is done, undone and redone, the content and the checks agree.

A model keeps the content hash after every change.  Undo must lead to the hash of before, redo
to that of after, and a reopened base must go on from there.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change, Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.criteria import Answers, Meeting
from funneldesk.domain.deal import Deal
from funneldesk.domain.draft import mapped
from funneldesk.domain.funnel import DealMode, Stage, ordered
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import (
    activities,
    bases,
    clients,
    deals,
    doubles,
    funnels,
    history,
    leads,
    rehearsal,
    rules,
    stages,
    steps,
    team,
    timed_rules,
)  # fmt: skip
from funneldesk.services.activities import About
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, Place, stage
from funneldesk.services.doubles import Merge
from funneldesk.store.database import Database, open_database
from funneldesk.store.transaction import Actor, select_records

NAMES = st.sampled_from(["Ann", "Łucja", "Жанна", "Zoë <b>", "ООО «Ромб»", "A & B", "x" * 60])
PICK = st.integers(0, 10**6)
CONTACTS = st.lists(
    st.sampled_from([("phone", "+48 22 000 11 22"), ("email", "A@b.example"), ("website", "b.example")]),
    max_size=3,
)
# What a person is told; nothing may have been written then.
REFUSED = {
    "name.taken", "deal.wrong_stage", "deal.loss_needs_comment", "deal.loss_needs_reason", "deal.no_back",
    "deal.no_skip", "manager.merge_self", "funnel.too_many_stages", "record.gone", "deal.criteria",
    "deal.fixed_steps", "deal.stageless", "stage.needs_target", "funnel.no_stages",
}  # fmt: skip


class RandomWork(RuleBasedStateMachine):
    """One base, worked on at random."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="funneldesk-random-"))
        self.path = self.folder / "base.funneldesk"
        self.db: Database = bases.new_base(
            self.path, template="simple", language="en", currency="EUR", zone="UTC"
        )
        self.hashes = [self.look()]  # after each change that is done, the start first
        self.undone: list[str] = []
        team.add_manager(self.db, "First")
        self.hashes.append(self.look())

    def teardown(self) -> None:
        try:
            while len(self.hashes) > 1:
                history.undo(self.db)
                self.hashes.pop()
                if len(self.hashes) % 7 == 1:
                    assert self.look() == self.hashes[-1]
            assert self.look() == self.hashes[0]
        finally:
            self.db.close()
            shutil.rmtree(self.folder)

    # Help -------------------------------------------------------------------
    def look(self) -> str:
        """The content's hash; everything that is kept must agree with what it is kept from."""
        result = bases.check(self.db)
        assert result.problems == ()
        return result.content_sha256

    def ids(self, cls: type[Any]) -> list[int]:
        with self.db.read() as conn:
            return [int(record.id) for record in select_records(conn, cls)]

    def one(self, cls: type[Any], pick: int) -> int | None:
        found = self.ids(cls)
        return found[pick % len(found)] if found else None

    def some(self, cls: type[Any], pick: int, most: int = 3) -> list[int]:
        found = self.ids(cls)
        if not found:
            return []
        start, count = pick % len(found), 1 + pick // 7 % most
        return found[start : start + count]

    def do(self, step: Callable[[], Change]) -> None:
        """Do a step and remember where it led."""
        try:
            change = step()
        except UserError as error:
            if error.code not in REFUSED:
                raise
            change = Change(0, 0, "", Label(error.code))
        if not change.edits:  # refused, or nothing differed
            assert self.look() == self.hashes[-1]
            return
        self.hashes.append(self.look())
        self.undone.clear()

    def actor(self, pick: int) -> Actor | None:
        return Actor(self.one(Manager, pick), "somebody") if pick % 3 else None

    # Work -------------------------------------------------------------------
    @rule(name=NAMES, contacts=CONTACTS, pick=PICK)
    def new_company(self, name: str, contacts: list[tuple[str, str]], pick: int) -> None:
        manager = self.one(Manager, pick)
        self.do(lambda: clients.create_company(self.db, name=name, contacts=contacts, manager_id=manager))

    @rule(name=NAMES, contacts=CONTACTS, pick=PICK)
    def new_person(self, name: str, contacts: list[tuple[str, str]], pick: int) -> None:
        company = self.one(Company, pick) if pick % 2 else None
        self.do(lambda: clients.create_person(self.db, name=name, contacts=contacts, company_id=company))

    @rule(name=NAMES, contacts=st.none() | CONTACTS, pick=PICK)
    def change_client(self, name: str, contacts: list[tuple[str, str]] | None, pick: int) -> None:
        kind, cls = ("company", Company) if pick % 2 else ("person", Person)
        found = self.one(cls, pick)
        if found is not None:
            self.do(lambda: clients.update(self.db, (kind, found), contacts=contacts, name=name, city="Łódź"))

    @rule(pick=PICK)
    def remove_client(self, pick: int) -> None:
        kind, cls = ("company", Company) if pick % 2 else ("person", Person)
        refs = [(kind, found) for found in self.some(cls, pick, 2)]
        if refs and pick % 3 == 0:
            self.do(lambda: clients.delete(self.db, refs))

    @rule(name=NAMES, amount=st.none() | st.integers(0, 10**9), pick=PICK)
    def new_deal(self, name: str, amount: int | None, pick: int) -> None:
        new = NewDeal(
            name, company_id=self.one(Company, pick), person_id=self.one(Person, pick + 1), amount=amount
        )
        where = self.one(Stage, pick) if pick % 4 == 0 else None
        self.do(lambda: deals.create(self.db, new, funnel_id=1, stage_id=where, actor=self.actor(pick)))

    @rule(pick=PICK, place=st.sampled_from(["stage", "stage", "stage", "won", "lost"]), before=PICK)
    def move_deals(self, pick: int, place: str, before: int) -> None:
        chosen = self.some(Deal, pick)
        target: Place = {"won": WON, "lost": LOST}.get(place) or stage(self.one(Stage, before) or 0)
        loss = Loss(1 + before % 4, "too dear" if before % 5 else "", "Rival" if before % 3 else None)
        above = self.one(Deal, before) if before % 2 else None
        if chosen:
            self.do(
                lambda: deals.move(
                    self.db,
                    chosen,
                    target,
                    before_id=above,
                    loss=loss if place == "lost" else None,
                    amount=before if place == "won" and before % 2 else None,
                    actor=self.actor(pick),
                )
            )

    @rule(pick=PICK, name=NAMES, amount=st.none() | st.integers(0, 10**9))
    def change_deal(self, pick: int, name: str, amount: int | None) -> None:
        found = self.one(Deal, pick)
        if found is not None:
            self.do(lambda: deals.update(self.db, found, title=name, amount=amount))

    @rule(pick=PICK)
    def assign_deals(self, pick: int) -> None:
        chosen, manager = self.some(Deal, pick), self.one(Manager, pick)
        if chosen and manager:
            self.do(lambda: deals.assign(self.db, chosen, manager))

    @rule(pick=PICK)
    def remove_deals(self, pick: int) -> None:
        chosen = self.some(Deal, pick, 2)
        if chosen and pick % 3 == 0:
            self.do(lambda: deals.delete(self.db, chosen))

    @rule(pick=PICK, kind=st.sampled_from(list(ActivityKind)), due=st.none() | st.integers(1, 10**16))
    def plan_or_log(self, pick: int, kind: ActivityKind, due: int | None) -> None:
        about = About(company_id=self.one(Company, pick), deal_id=self.one(Deal, pick))
        if pick % 2:
            self.do(lambda: activities.plan(self.db, kind, about, due_at=due, actor=self.actor(pick)))
        else:
            self.do(lambda: activities.log(self.db, kind, about, text="done", at=due, actor=self.actor(pick)))

    @rule(pick=PICK, due=st.integers(1, 10**16))
    def change_activity(self, pick: int, due: int) -> None:
        found = self.one(Activity, pick)
        if found is None:
            return
        deal = self.one(Deal, due)
        step: Callable[[], Change] = [
            lambda: activities.complete(self.db, found, result="fine"),
            lambda: activities.update(self.db, found, due_at=due),
            lambda: activities.update(self.db, found, deal_id=deal),
            lambda: activities.delete(self.db, found),
        ][pick % 4]
        self.do(step)

    @rule(name=NAMES, pick=PICK)
    def work_on_team(self, name: str, pick: int) -> None:
        first, second = self.one(Manager, pick), self.one(Manager, pick // 3)
        if pick % 3 == 0 or first is None or second is None:
            self.do(lambda: team.add_manager(self.db, f"{name} {pick % 5}"))
        elif pick % 3 == 1:
            self.do(lambda: team.merge_managers(self.db, first, second))
        else:
            self.do(lambda: team.set_active(self.db, first, pick % 2 == 0))

    @rule(name=NAMES, pick=PICK)
    def work_on_stages(self, name: str, pick: int) -> None:
        with self.db.read() as conn:
            found = [s.id for s in ordered(select_records(conn, Stage))]
        if pick % 7 == 0 and len(found) > 2:
            self.do(lambda: stages.remove_stage(self.db, found[pick % 3], to_id=found[pick % 3 - 1]))
        elif pick % 7 == 1 and len(found) > 2:
            self.do(lambda: stages.merge_stage(self.db, found[pick % 3], found[pick % 3 - 1]))
        elif pick % 3 == 0 and len(found) < 8:
            self.do(lambda: funnels.add_stage(self.db, 1, f"{name} {pick % 5}", before_id=found[0]))
        elif pick % 3 == 1:
            self.do(lambda: funnels.reorder(self.db, 1, found[pick % 3 :] + found[: pick % 3]))
        else:
            fresh = f"{name} {pick % 7}"
            self.do(lambda: funnels.update_stage(self.db, found[pick % len(found)], name=fresh))

    @rule(pick=PICK)
    def merge_or_part_doubles(self, pick: int) -> None:
        kind, cls = ("company", Company) if pick % 2 else ("person", Person)
        found = self.some(cls, pick)
        if len(found) > 1 and pick % 3:
            self.do(lambda: doubles.merge(self.db, [Merge(kind, found[0], tuple(found[1:]))]))
        elif len(found) > 1:
            self.do(lambda: doubles.dismiss(self.db, kind, found))

    @rule(
        pick=PICK,
        keys=st.sets(st.sampled_from(["amount", "client", "phone", "meeting", "receipt", "demand"])),
        items=st.sets(st.sampled_from(["Budget named", "Decision maker known"])),
    )
    def ask_in_a_stage(self, pick: int, keys: set[str], items: set[str]) -> None:
        found = self.one(Stage, pick)
        if found is not None:
            required = json.dumps(sorted(keys)) if keys and pick % 3 else None
            checklist = "\n".join(sorted(items)) or None
            values: dict[str, Any] = {
                "required": required,
                "checklist": checklist,
                "key_task": "Ask",
                "subtasks": "a\nb",
            }
            self.do(lambda: funnels.update_stage(self.db, found, **values))

    @rule(pick=PICK, name=NAMES, amount=st.integers(0, 10**9), full=st.booleans())
    def move_with_answers(self, pick: int, name: str, amount: int, full: bool) -> None:
        chosen, where = self.some(Deal, pick), self.one(Stage, pick // 5)
        values: dict[str, object] = {"amount": amount, "client": name, "phone": "+48 600", "demand": "racks"}
        answers = Answers(
            values if full else {"amount": amount},
            frozenset({"receipt", "Budget named", "Decision maker known"} if full else ()),
            Meeting("Office", 10**15 + pick) if full else None,
        )
        if chosen and where:
            given = dict.fromkeys(chosen, answers)
            self.do(lambda: deals.move(self.db, chosen, stage(where), answers=given, actor=self.actor(pick)))

    @rule(pick=PICK, mode=st.sampled_from(list(DealMode)))
    def change_the_way(self, pick: int, mode: DealMode) -> None:
        chosen = self.some(Deal, pick)
        if pick % 5 == 0:
            self.do(lambda: funnels.update_funnel(self.db, 1, deal_mode=str(mode)))
        elif pick % 5 == 1 and chosen:
            skips = self.some(Stage, pick, 2)
            self.do(lambda: steps.set_skips(self.db, chosen[0], skips))
        elif chosen:
            self.do(lambda: steps.set_mode(self.db, chosen, mode, actor=self.actor(pick)))

    @rule(pick=PICK)
    def finish_a_step(self, pick: int) -> None:
        with self.db.read() as conn:
            found = [a.id for a in select_records(conn, Activity) if a.stage_id and a.done_at is None]
        if found:
            self.do(lambda: activities.complete(self.db, found[pick % len(found)], actor=self.actor(pick)))

    @rule(pick=PICK, event=st.sampled_from(list(Event)), action=st.sampled_from(list(Action)))
    def work_on_rules(self, pick: int, event: Event, action: Action) -> None:
        known = self.ids(Rule)
        if len(known) > 4:
            self.do(lambda: rules.remove(self.db, known[pick % len(known)]))
            return
        place = ["open", "open", "won", "lost"][pick % 4]
        params = Params(
            "Look", days=pick % 5, manager_id=self.one(Manager, pick), field="comment", value=str(pick % 3),
            place=place, stage_id=self.one(Stage, pick // 3), reason_id=1 + pick % 4,
        )  # fmt: skip
        if event is Event.LEAD_ARRIVED and action in (Action.MOVE, Action.SET_FIELD):
            action = Action.TASK
        where = self.one(Stage, pick // 7) if pick % 2 else None
        fresh = Rule(event=event, stage_id=where, days=1 + pick % 9, action=action, params=params.dumps())
        self.do(lambda: rules.add(self.db, fresh))

    @rule(days=st.integers(0, 30))
    def let_time_pass(self, days: int) -> None:
        self.do(lambda: timed_rules.run(self.db, now=clock.now() + days * clock.DAY))

    @rule(name=NAMES, pick=PICK)
    def new_lead(self, name: str, pick: int) -> None:
        self.do(lambda: leads.create(self.db, title=name, actor=self.actor(pick)))

    @rule(pick=PICK)
    def redesign(self, pick: int) -> None:
        with self.db.read() as conn:
            known = ordered(select_records(conn, Stage))
        names = [f"Stage {n} {pick % 3}" for n in range(1 + pick % 5)]
        if pick % 6 == 0 and len(self.ids(Stage)) < 40:
            self.do(lambda: rehearsal.adopt(self.db, 1, mapped(known, names)))

    # Back and forth -----------------------------------------------------------
    @precondition(lambda self: len(self.hashes) > 2)
    @rule(steps=st.integers(1, 4))
    def undo(self, steps: int) -> None:
        for _step in range(min(steps, len(self.hashes) - 2)):
            history.undo(self.db)
            self.undone.append(self.hashes.pop())
        assert self.look() == self.hashes[-1]

    @precondition(lambda self: self.undone)
    @rule(steps=st.integers(1, 4))
    def redo(self, steps: int) -> None:
        for _step in range(min(steps, len(self.undone))):
            history.redo(self.db)
            self.hashes.append(self.undone.pop())
        assert self.look() == self.hashes[-1]

    @rule()
    def reopen(self) -> None:
        self.db.close()
        self.db = open_database(self.path)
        assert self.look() == self.hashes[-1]
        assert (history.state(self.db).redo is not None) == bool(self.undone)


def test_five_hundred_random_steps_with_undo_and_redo_never_diverge() -> None:
    run_state_machine_as_test(
        RandomWork,
        settings=settings(max_examples=10, stateful_step_count=50, derandomize=True, deadline=None),
    )


@pytest.mark.heavy
def test_ten_thousand_random_steps_with_undo_and_redo_never_diverge() -> None:
    run_state_machine_as_test(
        RandomWork,
        settings=settings(max_examples=100, stateful_step_count=100, derandomize=False, deadline=None),
    )
