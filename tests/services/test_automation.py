"""Rules: what sets them off, what they do, that one undo takes both, that they come to an end."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.fields import FieldType
from funneldesk.domain.rule import Action, Event, Params, Rule, RuleRun
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.services import activities, deals, fields, history, leads, list_entries, rules, timed_rules
from funneldesk.services.activities import About
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, stage
from funneldesk.services.rule_conditions import dumps
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from tests.services.conftest import content

Step = Callable[[Callable[[], Change]], Change]


def all_of(db: Database, cls: type[Any]) -> list[Any]:
    with db.read() as conn:
        return select_records(conn, cls)


def rule(db: Database, event: Event, action: Action, params: Params, **more: Any) -> int:
    fresh = Rule(event=event, action=action, params=params.dumps(), **more)
    return rules.add(db, fresh).new_id("rule")


def new_deal(db: Database, **more: Any) -> int:
    return deals.create(db, NewDeal("Racks", manager_id=1, **more), funnel_id=1).new_id("deal")


def test_a_stage_makes_a_task_in_the_change_of_the_move(db: Database, both_ways: Step) -> None:
    rule(db, Event.ENTERED, Action.TASK, Params("Send the offer", days=2), funnel_id=1, stage_id=3)
    new_deal(db)
    both_ways(lambda: deals.move(db, [1], stage(3)))
    task = all_of(db, Activity)[0]
    assert (task.subject, task.deal_id, task.manager_id, task.all_day) == ("Send the offer", 1, 1, True)
    deals.move(db, [1], stage(2))
    assert len(all_of(db, Activity)) == 1, "only that stage"


@pytest.mark.parametrize(
    ("event", "step"),
    [
        (Event.LEFT, lambda db: deals.move(db, [1], stage(2))),
        (Event.WON, lambda db: deals.move(db, [1], WON)),
        (Event.LOST, lambda db: deals.move(db, [1], LOST, loss=Loss(1, "no"))),
        (Event.ACTIVITY_DONE, lambda db: activities.log(db, ActivityKind.CALL, About(deal_id=1))),
    ],
)
def test_every_event_of_a_deal_sets_its_rules_off(
    db: Database, both_ways: Step, event: Event, step: Callable[[Database], Change]
) -> None:
    new_deal(db)
    rule(db, event, Action.REMIND, Params("Look", days=0.5))
    both_ways(lambda: step(db))
    assert [a.subject for a in all_of(db, Activity) if a.done_at is None] == ["Look"]
    assert [run.outcome for run in all_of(db, RuleRun)] == ["done"]


def test_a_lead_that_arrives_is_given_to_somebody_with_a_task(db: Database, both_ways: Step) -> None:
    rule(db, Event.LEAD_ARRIVED, Action.HAND_OVER, Params("Call within the hour", manager_id=2))
    both_ways(lambda: leads.create(db, title="From the site"))
    task = all_of(db, Activity)[0]
    assert (task.lead_id, task.manager_id) == (1, 2)


def test_after_payment_the_deal_goes_to_the_one_who_fulfils(db: Database, both_ways: Step) -> None:
    new_deal(db)
    rule(db, Event.WON, Action.HAND_OVER, Params("Fulfil the order", manager_id=2), funnel_id=1)
    both_ways(lambda: deals.move(db, [1], WON))
    assert all_of(db, Deal)[0].manager_id == 2
    assert all_of(db, StageMove)[1].owner_id == 1, "the win is the seller's"


def test_a_rule_acts_only_when_its_condition_holds(db: Database) -> None:
    big = dumps(Group((Condition("amount", "gt", 1000_00), Condition("source", "empty"))))
    rule(db, Event.ENTERED, Action.SET_FIELD, Params(field="comment", value="Big"), condition=big)
    new_deal(db, amount=999_00)
    new_deal(db, amount=1000_01)
    assert [d.comment for d in all_of(db, Deal)] == [None, "Big"]


def test_a_condition_on_a_field_that_is_gone_holds_nothing_up_and_is_logged(db: Database) -> None:
    fields.add(db, "deal", "Floor", FieldType.NUMBER)
    high = dumps(Group((Condition("field:1", "gt", 3),)))
    rule(db, Event.ENTERED, Action.TASK, Params("Lift"), condition=high)
    fields.delete(db, 1)
    new_deal(db)
    assert (all_of(db, Activity), all_of(db, RuleRun)[0].detail) == ([], "condition.gone")


def test_rules_that_set_each_other_off_come_to_an_end_and_the_log_says_so(
    db: Database, both_ways: Step
) -> None:
    rule(db, Event.ENTERED, Action.MOVE, Params(stage_id=2), stage_id=3)
    rule(db, Event.ENTERED, Action.MOVE, Params(stage_id=3), stage_id=2)
    new_deal(db)
    both_ways(lambda: deals.move(db, [1], stage(3)))
    assert [run.outcome for run in all_of(db, RuleRun)] == ["done", "done", "loop"]
    assert [m.cause for m in all_of(db, StageMove)] == ["user", "user", "rule", "rule"]


def test_a_move_that_is_refused_is_logged_and_holds_nothing_up(db: Database) -> None:
    rule(db, Event.ENTERED, Action.MOVE, Params(place="lost", reason_id=1), stage_id=2)
    new_deal(db)
    deals.move(db, [1], stage(2))
    assert all_of(db, Deal)[0].stage_id == 2
    run = all_of(db, RuleRun)[0]
    assert (run.outcome, run.detail) == ("refused", "deal.loss_needs_comment")


def test_a_lost_deal_by_a_rule_ends_in_the_one_path(db: Database) -> None:
    rule(db, Event.ENTERED, Action.MOVE, Params("no answer", place="lost", reason_id=1), stage_id=2)
    new_deal(db)
    deals.move(db, [1], stage(2))
    lost = all_of(db, Deal)[0]
    assert (lost.status, lost.loss_reason_id, lost.loss_comment) == ("lost", 1, "no answer")


def test_a_stale_deal_sets_a_rule_off_once_whatever_is_undone(db: Database) -> None:
    new_deal(db)
    rule(db, Event.STALE, Action.TASK, Params("Ask what is up"), days=5, funnel_id=1)
    assert not timed_rules.run(db, now=clock.now() + 4 * clock.DAY).edits
    later = clock.now() + 6 * clock.DAY
    before = content(db)
    change = timed_rules.run(db, now=later)
    assert change.label.params == {"count": 1}
    assert not timed_rules.run(db, now=later).edits
    history.undo(db)
    assert content(db) == before
    assert not timed_rules.run(db, now=later).edits, "taken back is taken back"
    activities.log(db, ActivityKind.CALL, About(deal_id=1))
    assert timed_rules.run(db, now=clock.now() + 7 * clock.DAY).edits, "a new standstill is another one"


def test_a_planned_step_and_a_stage_on_hold_are_no_standstill(db: Database) -> None:
    from funneldesk.services import funnels

    new_deal(db)
    rule(db, Event.STALE, Action.TASK, Params("Ask"), days=5)
    activities.plan(db, ActivityKind.CALL, About(deal_id=1), due_at=None)
    later = clock.now() + 9 * clock.DAY
    assert timed_rules.count(db, Rule(event=Event.STALE, action=Action.TASK, days=5), now=later) == 0
    assert not timed_rules.run(db, now=later).edits
    activities.delete(db, 1)
    funnels.update_stage(db, 1, kind="hold")
    assert not timed_rules.run(db, now=later).edits
    funnels.update_stage(db, 1, kind="open")
    assert timed_rules.run(db, now=later).edits


def test_a_rule_is_checked_changed_switched_off_and_removed(db: Database, both_ways: Step) -> None:
    for fresh, code in (
        (Rule(event=Event.WON, action=Action.TASK), "rule.no_text"),
        (Rule(event=Event.WON, action=Action.CHANGE_OWNER), "rule.no_manager"),
        (Rule(event=Event.STALE, action=Action.TASK, params=Params("x").dumps()), "rule.no_days"),
        (Rule(event=Event.ENTERED, action=Action.MOVE), "rule.no_stage"),
        (
            Rule(event=Event.ENTERED, action=Action.MOVE, params=Params(place="lost").dumps()),
            "rule.no_reason",
        ),
        (Rule(event=Event.ENTERED, action=Action.SET_FIELD), "rule.no_field"),
        (Rule(event=Event.LEAD_ARRIVED, action=Action.MOVE), "rule.leads_do_not_move"),
    ):
        with pytest.raises(UserError) as refused:
            rules.add(db, fresh)
        assert refused.value.code == code
    both_ways(
        lambda: rules.add(db, Rule(event=Event.WON, action=Action.TASK, params=Params("Thank").dumps()))
    )
    both_ways(lambda: rules.update(db, 1, params=Params("Thank them").dumps()))
    both_ways(lambda: rules.update(db, 1, active=False))
    new_deal(db)
    deals.move(db, [1], WON)
    assert all_of(db, Activity) == []
    both_ways(lambda: rules.remove(db, 1))


def test_the_log_tells_what_fired_for_whom_newest_first(db: Database) -> None:
    rule(db, Event.ENTERED, Action.TASK, Params("Send"), stage_id=2)
    new_deal(db)
    deals.move(db, [1], stage(2))
    line = rules.log(db)[0]
    assert (line.title, line.record_kind, line.record_id, line.outcome) == ("Racks", "deal", 1, "done")
    assert line.rule is not None and line.rule.stage_id == 2


def test_a_merged_manager_is_replaced_in_rules(db: Database, both_ways: Step) -> None:
    rule(db, Event.WON, Action.CHANGE_OWNER, Params(manager_id=1))
    both_ways(lambda: list_entries.merge(db, Manager, 1, 2))
    new_deal_id = deals.create(db, NewDeal("X", manager_id=2), funnel_id=1).new_id("deal")
    deals.move(db, [new_deal_id], WON)
    assert [run.outcome for run in all_of(db, RuleRun)] == ["done"]


def test_a_condition_on_words_holds_for_a_lead_that_has_just_come(db: Database) -> None:
    hot = dumps(Group((Condition("title", "contains", "roof"),)))
    rule(db, Event.LEAD_ARRIVED, Action.TASK, Params("Call"), condition=hot)
    leads.create(db, title="A new roof")
    leads.create(db, title="A gate")
    assert [a.lead_id for a in all_of(db, Activity)] == [1]
