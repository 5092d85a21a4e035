"""Random work on deals: moves with answers, automatic steps, rules, activities, repeats, other funnels."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.client import Company, Person
from funneldesk.domain.criteria import Answers, Meeting
from funneldesk.domain.deal import Deal
from funneldesk.domain.draft import mapped
from funneldesk.domain.funnel import DealMode, Funnel, Stage, ordered
from funneldesk.domain.repeat import Repeat
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.domain.team import Manager
from funneldesk.services import (
    activities,
    deals,
    funnels,
    moving,
    other_funnel,
    quick_deals,
    rehearsal,
    repeats,
    rules,
    stages,
    steps,
    timed_rules,
)
from funneldesk.services.activities import About, Step
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, Place, stage
from funneldesk.services.repeats import Again
from tests.services.random_kit import NAMES, PICK, Work

TODAY = date(2026, 6, 1)


class DealWork(Work):
    """What is done with deals and funnels."""

    @rule(name=NAMES, amount=st.none() | st.integers(0, 10**9), pick=PICK)
    def new_deal(self, name: str, amount: int | None, pick: int) -> None:
        new = NewDeal(
            name, company_id=self.one(Company, pick), person_id=self.one(Person, pick + 1), amount=amount
        )
        where = self.one(Stage, pick) if pick % 4 == 0 else None
        if pick % 5:
            self.do(deals.create, new, funnel_id=1, stage_id=where, actor=self.actor(pick))
        else:
            self.do(quick_deals.add, NewDeal(name, amount=amount), funnel_id=1, client_name=name)

    @rule(pick=PICK, place=st.sampled_from(["stage", "stage", "stage", "won", "lost"]), before=PICK)
    def move_deals(self, pick: int, place: str, before: int) -> None:
        chosen = self.some(Deal, pick)
        target: Place = {"won": WON, "lost": LOST}.get(place) or stage(self.one(Stage, before) or 0)
        loss = Loss(1 + before % 4, "too dear" if before % 5 else "", "Rival" if before % 3 else None)
        if chosen:
            self.do(
                moving.move,
                chosen,
                target,
                before_id=self.one(Deal, before) if before % 2 else None,
                loss=loss if place == "lost" else None,
                amount=before if place == "won" and before % 2 else None,
                actor=self.actor(pick),
            )

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
            self.do(moving.move, chosen, stage(where), answers=given, actor=self.actor(pick))

    @rule(pick=PICK, name=NAMES, amount=st.none() | st.integers(0, 10**9))
    def change_deal(self, pick: int, name: str, amount: int | None) -> None:
        found = self.one(Deal, pick)
        if found is None:
            return
        if pick % 3:
            self.do(deals.update, found, title=name, amount=amount)
        else:
            step = {"activity_id": None, "text": name, "when": {"due_at": pick}}
            self.do(quick_deals.edit, found, {"amount": amount}, step=step, actor=self.actor(pick))

    @rule(pick=PICK, name=NAMES)
    def give_client(self, pick: int, name: str) -> None:
        found = self.one(Deal, pick)
        person = self.one(Person, pick) if pick % 2 else None
        client = ("person", person) if person is not None else None
        if found is not None:
            self.do(quick_deals.give_client, found, client=client, client_name=name, actor=self.actor(pick))

    @rule(pick=PICK)
    def give_or_remove_deals(self, pick: int) -> None:
        chosen, manager = self.some(Deal, pick), self.one(Manager, pick)
        if chosen and pick % 4 == 0:
            self.do(deals.delete, chosen)
        elif chosen and manager:
            self.do(deals.assign, chosen, manager)

    @rule(pick=PICK)
    def send_to_another_funnel(self, pick: int) -> None:
        chosen, funnel = self.some(Deal, pick), self.one(Funnel, pick // 3)
        if chosen and funnel:
            self.do(other_funnel.send, chosen, funnel, actor=self.actor(pick))

    @rule(pick=PICK, name=NAMES)
    def do_it_again(self, pick: int, name: str) -> None:
        chosen, known = self.some(Deal, pick, 2), self.one(Repeat, pick)
        again = Again(name, pick, self.one(Manager, pick), self.one(Funnel, pick)) if pick % 2 else None
        if pick % 5 == 0:
            self.do(repeats.run_due, TODAY + timedelta(days=pick % 60))
        elif pick % 5 == 1 and known and pick % 2:
            self.do(repeats.put_day, [known], TODAY + timedelta(days=pick % 50))
        elif pick % 5 == 1 and known:
            self.do(repeats.cancel, [known])
        elif chosen and pick % 5 == 2:
            self.do(repeats.start, chosen, again, actor=self.actor(pick))
        elif chosen:
            self.do(repeats.plan, chosen, TODAY + timedelta(days=pick % 40), again)

    # The day --------------------------------------------------------------------
    @rule(pick=PICK, kind=st.sampled_from(list(ActivityKind)), due=st.none() | st.integers(1, 10**16))
    def plan_or_log(self, pick: int, kind: ActivityKind, due: int | None) -> None:
        about = About(company_id=self.one(Company, pick), deal_id=self.one(Deal, pick))
        step = Step(kind, "then", due_at=due)
        if pick % 3 == 0:
            self.do(activities.plan_for, self.some(Deal, pick), step, actor=self.actor(pick))
        elif pick % 3 == 1:
            self.do(activities.plan, kind, about, due_at=due, actor=self.actor(pick))
        else:
            then = step if pick % 2 else None
            self.do(activities.log, kind, about, text="done", at=due, then=then, actor=self.actor(pick))

    @rule(pick=PICK, due=st.integers(1, 10**16), how=st.integers(0, 9))
    def work_on_an_activity(self, pick: int, due: int, how: int) -> None:
        found = self.one(Activity, pick)
        manager = self.one(Manager, due) or 0
        if found is None:
            return
        then = Step(ActivityKind.CALL, "again", due_at=due) if pick % 2 else None
        some = self.some(Activity, pick)
        work: list[tuple[Any, ...]] = [
            (activities.complete, {"result": "fine", "then": then}, found),
            (activities.put_off, {"due_at": due, "minutes": 30 if pick % 2 else None}, found),
            (activities.update, {"due_at": due}, found),
            (activities.update, {"deal_id": self.one(Deal, due)}, found),
            (activities.delete, {}, found),
            (activities.snooze, {}, some, due),
            (activities.give, {}, found, manager),
            (activities.accept, {}, some),
            (activities.return_back, {}, found),
            (activities.complete, {}, found),
        ]
        service, values, *args = work[how]
        self.do(service, *args, actor=self.actor(pick), **values)

    @rule(pick=PICK, days=st.integers(1, 90))
    def wait(self, pick: int, days: int) -> None:
        day = TODAY + timedelta(days=days)
        when = {"due_at": 10**15 + days * clock.DAY, "due_local": day.isoformat(), "due_zone": "UTC"}
        self.do(activities.wait, self.some(Deal, pick), text="Come back", days=days, **when)

    @rule(pick=PICK)
    def finish_a_step(self, pick: int) -> None:
        found = [a.id for a in self.all(Activity) if a.stage_id and a.done_at is None]
        if found:
            self.do(activities.complete, found[pick % len(found)], actor=self.actor(pick))

    # Funnels --------------------------------------------------------------------
    def live(self, funnel: int) -> list[Stage]:
        return ordered([s for s in self.all(Stage) if s.funnel_id == funnel])

    @rule(name=NAMES, pick=PICK)
    def work_on_stages(self, name: str, pick: int) -> None:
        found = [s.id for s in self.live(1)]
        if pick % 7 == 0 and len(found) > 2:
            self.do(stages.remove_stage, found[pick % 3], to_id=found[pick % 3 - 1])
        elif pick % 7 == 1 and len(found) > 2:
            self.do(stages.merge_stage, found[pick % 3], found[pick % 3 - 1])
        elif pick % 3 == 0 and len(found) < 8:
            self.do(funnels.add_stage, 1, f"{name} {pick % 5}", before_id=found[0])
        elif pick % 3 == 1:
            self.do(funnels.reorder, 1, found[pick % 3 :] + found[: pick % 3])
        else:
            self.do(funnels.update_stage, found[pick % len(found)], name=f"{name} {pick % 7}")

    @rule(name=NAMES, pick=PICK)
    def work_on_funnels(self, name: str, pick: int) -> None:
        found = self.one(Funnel, pick) or 0
        if len(self.all(Funnel)) < 4 and pick % 4 == 0:
            self.do(funnels.create_from_template, ("sale", "general", "simple")[pick % 3], language="en")
        elif len(self.all(Funnel)) < 4 and pick % 4 == 1:
            self.do(funnels.create, f"{name} {pick % 9}", ["One", "Two", "Three"])
        elif pick % 4 == 2 and found != 1:
            service = stages.archive_funnel if pick % 8 > 3 else stages.restore_funnel
            self.do(service, found)
        else:
            self.do(funnels.update_funnel, found, name=f"{name} {pick % 9}", allow_skip=pick % 5 > 0)

    @rule(
        pick=PICK,
        keys=st.sets(st.sampled_from(["amount", "client", "phone", "meeting", "receipt", "demand"])),
        items=st.sets(st.sampled_from(["Budget named", "Decision maker known"])),
    )
    def ask_in_a_stage(self, pick: int, keys: set[str], items: set[str]) -> None:
        found = self.one(Stage, pick)
        required = json.dumps(sorted(keys)) if keys and pick % 3 else None
        checklist = "\n".join(sorted(items)) or None
        values = {"required": required, "checklist": checklist, "key_task": "Ask", "subtasks": "a\nb"}
        if found is not None:
            self.do(funnels.update_stage, found, **values)

    @rule(pick=PICK, mode=st.sampled_from(list(DealMode)))
    def change_the_way(self, pick: int, mode: DealMode) -> None:
        chosen = self.some(Deal, pick)
        if pick % 5 == 0:
            self.do(funnels.update_funnel, 1, deal_mode=str(mode))
        elif pick % 5 == 1 and chosen:
            self.do(steps.set_skips, chosen[0], self.some(Stage, pick, 2))
        elif chosen:
            self.do(steps.set_mode, chosen, mode, actor=self.actor(pick))

    @rule(pick=PICK)
    def redesign(self, pick: int) -> None:
        names = [f"Stage {n} {pick % 3}" for n in range(1 + pick % 5)]
        if pick % 6 == 0 and len(self.all(Stage)) < 40:
            self.do(rehearsal.adopt, 1, mapped(self.live(1), names))

    @rule(pick=PICK, event=st.sampled_from(list(Event)), action=st.sampled_from(list(Action)))
    def work_on_rules(self, pick: int, event: Event, action: Action) -> None:
        known = [one.id for one in self.all(Rule)]
        if known and pick % 6 == 0:
            self.do(rules.update, known[pick % len(known)], active=pick % 4 == 0, days=1 + pick % 9)
            return
        if len(known) > 4:
            self.do(rules.remove, known[pick % len(known)])
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
        self.do(rules.add, fresh)

    @rule(days=st.integers(0, 30))
    def let_time_pass(self, days: int) -> None:
        self.do(timed_rules.run, now=clock.now() + days * clock.DAY)
