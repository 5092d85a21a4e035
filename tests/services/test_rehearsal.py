"""Past deals through other stages: in memory first, then adopted as one change with its history."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.draft import DraftStage, as_it_is, mapped, taken
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.errors import UserError
from funneldesk.services import activities, deals, fields, funnels, rehearsal, reporting
from funneldesk.services.activities import About
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, stage
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from tests.services.conftest import content

Step = Callable[[Callable[[], Change]], Change]
REQUEST = ReportRequest("stage-funnel", funnel_id=1, population=Population.SNAPSHOT, rule=Rule.REACHED)


@pytest.fixture
def past(db: Database) -> Database:
    """Of five deals one won at the end, one lost in stage 3, the others open in 1, 2 and 4."""
    for title, last in (("A", 4), ("B", 3), ("C", 1), ("D", 2), ("E", 4)):
        made = deals.create(db, NewDeal(title, amount=100), funnel_id=1).new_id("deal")
        for place in range(2, last + 1):
            deals.move(db, [made], stage(place))
    deals.move(db, [1], WON)
    deals.move(db, [2], LOST, loss=Loss(1, "no"))
    return db


def live(db: Database) -> list[Any]:
    return list(funnels.views(db)[0].stages)


def column(report: Any, key: str) -> list[Any]:
    return [row[key] for row in report.rows]


def test_the_same_stages_give_the_same_report(past: Database) -> None:
    found = rehearsal.rehearse(past, as_it_is(live(past)), REQUEST)
    assert found.now.rows == found.then.rows
    assert found.now.totals == found.then.totals


def test_stages_taken_together_and_a_new_one_are_counted_in_memory_only(past: Database) -> None:
    before = content(past)
    draft = (DraftStage("Known", (1, 2)), DraftStage("Offer seen", (3, 4)), DraftStage("Papers signed"))
    found = rehearsal.rehearse(past, draft, REQUEST)
    assert column(found.now, "count") == [5, 4, 3, 2]
    assert column(found.then, "stage") == ["Known", "Offer seen", "Papers signed"]
    assert column(found.then, "count") == [5, 3, 1], "nobody but the winner came beyond"
    assert column(found.then, "lost") == [0, 1, 0]
    assert found.then.totals["won"] == 1
    assert content(past) == before


def test_what_is_adopted_gives_the_report_that_was_rehearsed(past: Database, both_ways: Step) -> None:
    draft = (DraftStage("Offer seen", (3, 4)), DraftStage("Known", (1, 2)), DraftStage("Papers signed"))
    rehearsed = rehearsal.rehearse(past, draft, REQUEST).then
    both_ways(lambda: rehearsal.adopt(past, 1, draft))
    adopted = reporting.run(past, REQUEST)
    for key in ("stage", "count", "lost", "waiting"):
        assert column(adopted, key) == column(rehearsed, key), key
    with past.read() as conn:
        causes = {move.cause for move in select_records(conn, StageMove)}
        places = [deal.stage_id for deal in select_records(conn, Deal)]
    assert causes == {"user", "funnel_changed"}
    assert places == [None, None, 1, 1, 3]


def test_a_stage_with_open_deals_must_go_somewhere(past: Database) -> None:
    before = content(past)
    with pytest.raises(UserError, match=r"stage\.needs_target"):
        rehearsal.adopt(past, 1, (DraftStage("All", (1, 2, 3)),))
    for draft, code in (
        ((), "funnel.no_stages"),
        ((DraftStage(" ", (1, 2, 3, 4)),), "name.empty"),
        ((DraftStage("One", (1, 2)), DraftStage("ONE", (3, 4))), "name.taken"),
        ((*[DraftStage(str(n)) for n in range(62)], DraftStage("x", (1, 2, 3, 4))), "funnel.too_many_stages"),
    ):
        with pytest.raises(UserError) as refused:
            rehearsal.adopt(past, 1, draft)
        assert refused.value.code == code
    assert content(past) == before


def test_names_may_change_places(past: Database, both_ways: Step) -> None:
    names = [each.name for each in live(past)]
    draft = (
        DraftStage(names[1], (1,)), DraftStage(names[0], (2,)), DraftStage(names[2], (3,)),
        DraftStage(names[3], (4,)),
    )  # fmt: skip
    both_ways(lambda: rehearsal.adopt(past, 1, draft))
    assert [each.name for each in live(past)] == [names[1], names[0], names[2], names[3]]


def test_present_stages_are_matched_by_name_by_result_and_by_place(db: Database) -> None:
    draft = mapped(live(db), ["Client qualified", "Offer sent", "Deal won soon"])
    assert draft == (
        DraftStage("Client qualified", (1, 2)),
        DraftStage("Offer sent", (3,)),
        DraftStage("Deal won soon", (4,)),
    )
    assert taken(draft, 3, None)[1].takes == ()
    assert taken(draft, 3, 2)[2].takes == (4, 3)


def test_what_repeats_is_proposed(past: Database) -> None:
    for deal_id in (1, 2, 3):
        activities.log(past, ActivityKind.MEETING, About(deal_id=deal_id))
        activities.log(past, ActivityKind.LETTER, About(deal_id=deal_id), text="Invoice for the racks")
    activities.log(past, ActivityKind.LETTER, About(deal_id=1), text="Contract")
    fields.add(past, "deal", "Old status")
    for deal_id in (1, 2):
        fields.set_value(past, 1, "deal", deal_id, "На согласовании")
    found = {(p.result, p.name): p.deals for p in rehearsal.proposals(past, 1)}
    assert found == {
        ("meeting_held", ""): 3,
        ("invoice_issued", ""): 3,
        ("terms_agreed", "На согласовании"): 2,
    }
