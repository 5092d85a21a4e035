"""The day: what is in which list, at the edges, and how each line leaves it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.board import is_stale
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import Deal
from funneldesk.domain.results import ReportRequest
from funneldesk.domain.team import Manager
from funneldesk.services import (
    activities,
    agenda,
    deals,
    funnels,
    history,
    leads,
    list_entries,
    reporting,
    team,
)
from funneldesk.services.activities import About, Step
from funneldesk.services.agenda import Day
from funneldesk.services.deals import NewDeal, stage
from funneldesk.store.database import Database
from funneldesk.store.queries.board import load_board
from funneldesk.store.transaction import Actor

UTC_ZONE = ZoneInfo("UTC")
CALL, TASK = ActivityKind.CALL, ActivityKind.TASK


def look(db: Database, *, me: int = 1, after: int = 0) -> Day:
    """The day of a manager, `after` days from now."""
    return agenda.day(db, zone=UTC_ZONE, manager_id=me, giver_id=me, now=clock.now() + after * DAY)


def counts(day: Day) -> dict[str, int]:
    names = ("overdue", "today", "leads", "without_step", "stale", "given")
    return {name: getattr(day, name).count for name in names if getattr(day, name).count}


def new_deal(db: Database, title: str = "Deal") -> int:
    change = deals.create(db, NewDeal(title, company_id=1), funnel_id=1, actor=Actor(1))
    return change.new_id("deal")


def test_a_deal_goes_stale_by_the_limit_of_its_stage_from_the_last_real_action(db: Database) -> None:
    deal = new_deal(db)
    funnels.update_stage(db, 1, limit_days=5.0)
    assert counts(look(db, after=4)) == {"without_step": 1}
    assert counts(look(db, after=6)) == {"stale": 1}
    activities.log(db, CALL, About(deal_id=deal), text="hello", at=clock.now() + 3 * DAY)
    assert counts(look(db, after=6)) == {"without_step": 1}
    assert counts(look(db, after=9)) == {"stale": 1}
    activities.plan(db, CALL, About(deal_id=deal), due_at=clock.now() + 20 * DAY, actor=Actor(1))
    assert counts(look(db, after=15)) == {}
    assert counts(look(db, after=25)) == {"overdue": 1}


def test_a_stage_on_hold_never_makes_a_deal_stale_and_others_have_thirty_days(db: Database) -> None:
    deal = new_deal(db)
    funnels.update_stage(db, 1, limit_days=None)
    assert counts(look(db, after=29)) == {"without_step": 1}
    assert counts(look(db, after=31)) == {"stale": 1}
    funnels.update_stage(db, 2, kind="hold")
    deals.move(db, [deal], stage(2))
    assert counts(look(db, after=400)) == {"without_step": 1}


def test_a_new_lead_leaves_the_day_when_it_is_answered_and_the_answer_is_the_reaction(db: Database) -> None:
    lead = leads.create(db, title="From the site", phone="1").new_id("lead")
    assert [line.lead_id for line in look(db).leads.lines] == [lead]
    assert counts(look(db, me=2)) == {"leads": 1}, "a lead of nobody is everybody's"
    change = activities.log(db, CALL, About(lead_id=lead), result="no answer", actor=Actor(1))
    assert counts(look(db)) == {}
    with db.transaction(change.label) as tx:
        answered = tx.get(Activity, change.new_id("activity"))
    assert answered.done_at == change.at
    history.undo(db)
    assert counts(look(db)) == {"leads": 1}


def test_what_is_given_is_seen_by_who_gave_it_until_it_is_accepted(db: Database) -> None:
    deal = new_deal(db)
    given = activities.plan(
        db, TASK, About(deal_id=deal), text="Draw it", due_at=clock.now() + DAY, manager_id=2, actor=Actor(1)
    ).new_id("activity")
    assert counts(look(db, me=1)) == {"given": 1}
    assert look(db, me=1).left == 0, "nothing to be done by who gave it yet"
    assert counts(look(db, me=2, after=3)) == {"overdue": 1}
    activities.complete(db, given, result="drawn", actor=Actor(2))
    mine = look(db, me=1)
    assert (mine.given.lines[0].result, mine.given.lines[0].manager) == ("drawn", "Bob")
    assert mine.left == 2, "the task to be accepted, and the deal that has no step now"
    activities.return_back(db, given, actor=Actor(1))
    assert counts(look(db, me=2, after=3)) == {"overdue": 1}
    activities.complete(db, given, actor=Actor(2))
    activities.accept(db, [given], actor=Actor(1))
    assert "given" not in counts(look(db, me=1))


def test_a_task_of_ones_own_is_given_by_nobody_and_one_given_back_neither(db: Database) -> None:
    own = activities.plan(db, TASK, About(company_id=1), due_at=9**15, actor=Actor(1)).new_id("activity")
    activities.give(db, own, 2, actor=Actor(1))
    assert counts(look(db, me=1)) == {"given": 1}
    activities.give(db, own, 2, actor=Actor(2))
    assert counts(look(db, me=1)) == {}


def test_a_call_done_with_its_result_and_the_next_step_is_one_change(db: Database) -> None:
    deal = new_deal(db)
    call = activities.plan(db, CALL, About(deal_id=deal), due_at=clock.now() - DAY, actor=Actor(1))
    then = Step(CALL, "Ask again", due_at=clock.now() + 5 * DAY)
    activities.complete(db, call.new_id("activity"), result="no answer", then=then, actor=Actor(1))
    assert counts(look(db)) == {}
    assert look(db).done == 1
    with db.transaction(call.label) as tx:
        assert tx.get(Deal, deal).next_due_at == then.due_at
    history.undo(db)
    assert counts(look(db)) == {"overdue": 1}


def test_a_reminder_comes_when_it_is_due_and_again_after_it_was_put_off(db: Database) -> None:
    due = clock.now() + DAY
    call = activities.plan(db, CALL, About(company_id=1), due_at=due, actor=Actor(1)).new_id("activity")

    def reminded(at: int) -> int:
        return agenda.reminders(db, manager_id=1, now=at).count

    assert [reminded(due - 1), reminded(due)] == [0, 1]
    activities.snooze(db, [call], due + 10)
    assert [reminded(due + 9), reminded(due + 10)] == [0, 1]
    activities.put_off(db, call, due_at=due + 5)
    assert [reminded(due + 4), reminded(due + 5)] == [0, 1]
    activities.complete(db, call)
    assert reminded(due + 100) == 0


def test_the_day_is_that_of_the_zone(db: Database) -> None:
    warsaw = ZoneInfo("Europe/Warsaw")
    now = clock.to_micros(datetime(2026, 6, 1, 20, tzinfo=UTC))  # 22:00 in Warsaw
    late = clock.to_micros(datetime(2026, 6, 1, 23, tzinfo=UTC))  # the day after there
    activities.plan(db, CALL, About(company_id=1), due_at=late, actor=Actor(1))
    assert agenda.day(db, zone=warsaw, manager_id=1, now=now).today.count == 0
    assert agenda.day(db, zone=UTC_ZONE, manager_id=1, now=now).today.count == 1
    assert [line.due_at for line in agenda.calendar(db, date(2026, 6, 2), 1, zone=warsaw)] == [late]


def test_a_manager_merged_into_another_leaves_nothing_behind(db: Database) -> None:
    deal = new_deal(db)
    activities.plan(db, TASK, About(deal_id=deal), due_at=9**15, manager_id=2, actor=Actor(1))
    third = team.add_manager(db, "Cem").new_id("manager")
    list_entries.merge(db, Manager, 1, third)
    assert counts(look(db, me=third)) == {"given": 1}


@pytest.mark.parametrize("kind", ["open", "hold"])
@pytest.mark.parametrize("limit", [None, 5.0])
def test_today_the_board_and_the_report_agree_on_what_stands_too_long(
    db: Database, kind: str, limit: float | None
) -> None:
    funnels.update_stage(db, 2, kind=kind, limit_days=limit)
    deal = new_deal(db)
    deals.move(db, [deal], stage(2))
    for other in [new_deal(db, f"D{n}") for n in range(25)]:  # enough visits for the report to know
        deals.move(db, [other], stage(2))
        deals.move(db, [other], stage(3))
    at = clock.now() + 40 * DAY
    with db.read() as conn:
        column = next(c for c in load_board(conn, 1).columns if c.stage_id == 2)
    on_board = is_stale(column.cards[0], at, column.limit_days)
    today = agenda.day(db, zone=UTC_ZONE, now=at)
    in_today = deal in {line.deal_id for line in today.stale.lines}
    report = reporting.run(db, ReportRequest("active-funnel", as_of=at))
    limit = report.rows[1]["hanging_after"]
    hangs = limit is not None and limit < 40
    assert (on_board, in_today, hangs) == ((kind == "open"),) * 3
