"""What a stage asks, what follows a loss, the one path: all of it in the change of the move."""

from __future__ import annotations

from typing import Any

import pytest

from funneldesk.domain import clock
from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.client import Company
from funneldesk.domain.criteria import Answers, DealCheck, Meeting
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.fields import FieldType
from funneldesk.domain.funnel import DealMode
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.services import (
    activities,
    billing,
    clients,
    criteria,
    deals,
    fields,
    funnels,
    leads,
    moving,
    other_funnel,
    quick_deals,
    rules,
    steps,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import LOST, WON, FollowUp, Loss, NewDeal, stage
from funneldesk.store.database import Database
from funneldesk.text import label_text
from tests.services.conftest import content
from tests.services.moving_kit import Step, all_of, ask, automatic, deal

# -- criteria -----------------------------------------------------------------------------------


def test_what_is_missing_is_told_and_nothing_is_written(db: Database) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    ask(db, 2, "amount", "client", checklist="Budget named\nDecision maker known")
    before = content(db)
    with pytest.raises(UserError) as refused:
        deals.move(db, [1], stage(2))
    assert refused.value.code == "deal.criteria"
    assert refused.value.params == {
        "stage": "Client qualified",
        "criteria": ["amount", "client", "Budget named", "Decision maker known"],
    }
    assert content(db) == before


def test_answers_fill_the_deal_its_client_and_the_checklist_in_the_change_of_the_move(
    db: Database, both_ways: Step
) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    fields.add(db, "deal", "Floor", FieldType.NUMBER)
    ask(db, 2, "amount", "phone", "custom:1", "meeting", "receipt", checklist="Budget named")
    asked = criteria.questions(db, [1], 2).deals[0]
    assert asked.keys == ("client", "amount", "phone", "custom:1", "meeting")
    assert asked.checks == ("receipt", "Budget named")
    answers = Answers(
        values={"client": "Delta", "amount": 500_00, "phone": "+48 600 100 200", "custom:1": "3"},
        checked=frozenset({"receipt", "Budget named"}),
        meeting=Meeting("Main street 1", clock.now() + clock.DAY, "2026-01-02T10:00", "UTC"),
    )
    both_ways(lambda: deals.move(db, [1], stage(2), answers={1: answers}))
    moved = deal(db)
    assert (moved.stage_id, moved.amount) == (2, 500_00)
    assert next(c.name for c in all_of(db, Company) if c.id == moved.company_id) == "Delta"
    assert {check.item for check in all_of(db, DealCheck)} == {"receipt", "Budget named"}
    meeting = all_of(db, Activity)[0]
    assert (meeting.kind, meeting.place) == ("meeting", "Main street 1")
    assert criteria.questions(db, [1], 2).deals == (), "what was answered is not asked again"


def test_a_meeting_is_scheduled_only_with_place_date_and_time(db: Database) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    ask(db, 2, "meeting")
    day = clock.now() + clock.DAY
    activities.plan(db, ActivityKind.MEETING, About(deal_id=1), due_at=day, all_day=True)
    with pytest.raises(UserError, match=r"deal\.criteria"):
        deals.move(db, [1], stage(2))
    activities.update(db, 1, all_day=False)
    with pytest.raises(UserError, match=r"deal\.criteria"):
        deals.move(db, [1], stage(2))
    activities.update(db, 1, place="Their office")
    deals.move(db, [1], stage(2))
    assert deal(db).stage_id == 2


def test_what_belongs_to_a_client_needs_one(db: Database) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    ask(db, 2, "phone")
    with pytest.raises(UserError, match=r"deal\.no_client"):
        deals.move(db, [1], stage(2), answers={1: Answers({"phone": "1"})})


def test_a_deal_that_is_removed_takes_its_checks_along(db: Database, both_ways: Step) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    ask(db, 2, checklist="Budget named")
    deals.move(db, [1], stage(2), answers={1: Answers(checked=frozenset({"Budget named"}))})
    both_ways(lambda: deals.delete(db, [1]))


# -- closing ------------------------------------------------------------------------------------


def test_a_loss_plans_a_follow_up_in_the_same_change(db: Database, both_ways: Step) -> None:
    deals.create(db, NewDeal("Racks", company_id=1, manager_id=2), funnel_id=1)
    later = FollowUp("Call again", clock.now() + 30 * clock.DAY)
    both_ways(lambda: deals.move(db, [1], LOST, loss=Loss(1, "too dear", follow_up=later)))
    task = all_of(db, Activity)[0]
    assert (task.subject, task.deal_id, task.company_id, task.manager_id) == ("Call again", 1, 1, 2)


def test_a_win_has_its_day_and_none_that_is_still_to_come(db: Database) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    with pytest.raises(UserError, match=r"deal\.won_later"):
        deals.move(db, [1], WON, at=clock.now() + clock.DAY)
    deals.move(db, [1], WON, amount=10_00, at=clock.now() - clock.DAY)
    won = deal(db)
    assert won.closed_at == all_of(db, StageMove)[0].at, "never before the deal was there"
    assert won.amount == 10_00


def test_deals_that_are_closed_so_already_are_left_out_and_said(db: Database, both_ways: Step) -> None:
    for title in "ABCD":
        deals.create(db, NewDeal(title), funnel_id=1)
    deals.move(db, [1], WON)
    deals.move(db, [2], LOST, loss=Loss(1, comment="why", competitor="K"))
    change = both_ways(lambda: deals.move(db, [1, 2, 3], LOST, loss=Loss(1, comment="other")))
    assert label_text(change.label) == "Deals lost: 2, lost already before: 1"
    assert [deal(db, i).loss_comment for i in (1, 2, 3)] == ["other", "why", "other"]
    reasons = len(all_of(db, LossReason))
    again = deals.move(db, [1, 2], LOST, loss=Loss(None, comment="new", new_reason="Of nobody"))
    assert (again.journal_id, len(all_of(db, LossReason))) == (0, reasons), "nothing is written"
    change = both_ways(lambda: deals.move(db, [1, 2, 3, 4], WON))
    assert label_text(change.label) == "4 deals won"
    deals.move(db, [4], stage(2))
    change = both_ways(lambda: deals.move(db, [4, 1], WON))
    assert label_text(change.label) == "Deals won: 1, won already before: 1"


# -- one path -----------------------------------------------------------------------------------


def test_losing_winning_and_moving_end_in_one_function_whatever_sets_it_off(
    db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The ways of the window end in `deals.move` (see the tests of the board); all others end here too."""
    called: list[tuple[str, str]] = []
    real = moving.move_one

    def noted(tx: Any, moved: Deal, request: moving.Moving) -> None:
        called.append((request.cause, str(request.place.kind)))
        real(tx, moved, request)

    monkeypatch.setattr(moving, "move_one", noted)
    for place in ("open", "won", "lost"):
        lost = Params("no answer", place=place, stage_id=3, reason_id=1).dumps()
        rules.add(db, Rule(event=Event.LEFT, stage_id=2, action=Action.MOVE, params=lost, active=False))
    automatic(db)
    activities.complete(db, 1)
    assert called == [("task", "open")]
    steps.set_mode(db, [1], DealMode.MANUAL)
    for rule_id, kind in ((1, "open"), (2, "won"), (3, "lost")):
        deals.move(db, [1], stage(2))
        rules.update(db, rule_id, active=True)
        called.clear()
        deals.move(db, [1], stage(1))
        assert called == [("user", "open"), ("rule", kind)]
        rules.update(db, rule_id, active=False)


def test_a_deal_of_nobody_gets_its_client_with_what_was_done_for_it(db: Database, both_ways: Step) -> None:
    for title in ("A", "B"):
        deals.create(db, NewDeal(title), funnel_id=1)
    activities.plan(db, ActivityKind.CALL, About(deal_id=1), text="Ask", due_at=5)
    both_ways(lambda: quick_deals.give_client(db, 1, client_name="acme"))
    both_ways(lambda: quick_deals.give_client(db, 2, client=("person", 1)))
    assert (deal(db, 1).company_id, deal(db, 2).person_id) == (1, 1), "ACME was there already"
    assert [act.company_id for act in all_of(db, Activity)] == [1]
    for client, code in (("Other", "record.stale"), (" ", "name.empty")):
        with pytest.raises(UserError) as refused:
            quick_deals.give_client(db, 1, client_name=client)
        assert refused.value.code == code


def test_what_is_owed_for_a_deal_of_nobody_goes_to_its_client(db: Database, both_ways: Step) -> None:
    clients.create_company(db, name="Gone")
    gone = max(c.id for c in all_of(db, Company))
    deals.create(db, NewDeal("A", company_id=gone), funnel_id=1)
    for number, company in (("1", None), ("2", 1)):
        billing.add_invoice(db, number, 100, deal_id=1, company_id=company)
        billing.add_payment(db, 40, invoice_id=int(number))
    clients.delete(db, [("company", gone)])
    owned = [[r.company_id for r in all_of(db, kind)] for kind in (Invoice, Payment)]
    assert owned == [[None, 1], [None, 1]]
    both_ways(lambda: quick_deals.give_client(db, 1, client=("person", 1)))
    owned = [[(r.company_id, r.person_id) for r in all_of(db, kind)] for kind in (Invoice, Payment)]
    assert owned == [[(None, 1), (1, None)]] * 2


@pytest.mark.parametrize("kind", ["company", "person"])
def test_a_client_that_is_gone_meanwhile_is_said(db: Database, kind: str) -> None:
    deals.create(db, NewDeal("A"), funnel_id=1)
    for act in (
        lambda: quick_deals.give_client(db, 1, client=(kind, 999)),
        lambda: quick_deals.add(db, NewDeal("B"), funnel_id=1, client=(kind, 999)),
    ):
        with pytest.raises(UserError) as refused:
            act()
        assert refused.value.code == "record.gone"


def test_a_deal_is_not_moved_by_changing_its_fields(db: Database) -> None:
    deals.create(db, NewDeal("A"), funnel_id=1)
    before = content(db)
    for values in ({"status": "won"}, {"stage_id": 2}, {"funnel_id": 2}):
        with pytest.raises(AssertionError, match="only by move"):
            deals.update(db, 1, **values)
    assert content(db) == before


def test_a_deal_made_in_a_later_stage_must_meet_its_criteria(db: Database, both_ways: Step) -> None:
    ask(db, 1, "amount")
    ask(db, 3, "amount", checklist="Budget named")
    deals.create(db, NewDeal("First"), funnel_id=1)
    before = content(db)
    with pytest.raises(criteria.MissingCriteria) as refused:
        quick_deals.add(db, NewDeal("Racks"), funnel_id=1, stage_id=3, client_name="New one")
    assert refused.value.params["criteria"] == ["amount", "Budget named"]
    asked = refused.value.questions.deals[0]
    assert (asked.title, asked.client, asked.keys, asked.checks) == (
        "Racks", "New one", ("amount",), ("Budget named",),
    )  # fmt: skip
    assert content(db) == before, "neither the deal nor its client was made"
    answers = Answers({"amount": 5_00}, frozenset({"Budget named"}))
    both_ways(
        lambda: quick_deals.add(
            db, NewDeal("Racks"), funnel_id=1, stage_id=3, client_name="New one", answers=answers
        )
    )
    assert (deal(db, 2).amount, deal(db, 2).stage_id) == (5_00, 3)


def test_a_lead_that_becomes_a_deal_in_a_later_stage_meets_its_criteria(
    db: Database, both_ways: Step
) -> None:
    ask(db, 2, "demand", "amount")
    lead = leads.create(db, title="Roof").new_id("lead")
    with pytest.raises(criteria.MissingCriteria) as refused:
        leads.convert(db, lead, funnel_id=1, stage_id=2)
    assert refused.value.questions.deals[0].keys == ("amount",), "what the lead wants is the demand"
    both_ways(lambda: leads.convert(db, lead, funnel_id=1, stage_id=2, answers=Answers({"amount": 7})))


def test_the_first_stage_of_another_funnel_asks_too(db: Database, both_ways: Step) -> None:
    funnel = funnels.create_from_template(db, "general", language="en").new_id("funnel")
    first = next(v for v in funnels.views(db) if v.funnel.id == funnel).stages[0].id
    ask(db, first, "amount")
    for title in ("One", "Two"):
        deals.create(db, NewDeal(title), funnel_id=1)
    with pytest.raises(criteria.MissingCriteria):
        other_funnel.send(db, [1, 2], funnel)
    answers = {1: Answers({"amount": 1}), 2: Answers({"amount": 2})}
    both_ways(lambda: other_funnel.send(db, [1, 2], funnel, answers=answers))
    assert [(d.funnel_id, d.amount) for d in all_of(db, Deal)] == [(funnel, 1), (funnel, 2)]


def places(db: Database) -> list[int]:
    """The deals of the third stage from above."""
    with db.read() as conn:
        query = "SELECT id FROM deals WHERE stage_id = 3 ORDER BY position, id"
        return [row[0] for row in conn.exec_driver_sql(query)]


@pytest.mark.parametrize("elsewhere", [True, False])
def test_a_card_put_above_one_that_does_not_stand_there_goes_to_the_top(
    db: Database, both_ways: Step, elsewhere: bool
) -> None:
    first, other, mine = (
        deals.create(db, NewDeal(title), funnel_id=1).new_id("deal") for title in ("First", "Other", "Mine")
    )
    # in another column, or in this one but among those that are put there
    deals.move(db, [first] if elsewhere else [first, other], stage(3))
    with db.maintenance() as conn:
        conn.exec_driver_sql("UPDATE deals SET position = 0")
    moved = [mine] if elsewhere else [other, mine]
    both_ways(lambda: deals.move(db, moved, stage(3), before_id=other))
    assert places(db) == [*moved, first]
