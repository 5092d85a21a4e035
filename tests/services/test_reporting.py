"""Reports of a real base: filters, and the two ways of knowing where deals stand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.facts import DealFact
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.domain.team import LossReason
from funneldesk.errors import UserError
from funneldesk.services import bases, deals, funnels, history, reporting, stages, team
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.moves import append_move
from funneldesk.store.queries import lists
from funneldesk.store.queries.facts import FactsRequest, funnel_facts

STAGES = ["Call", "Offer", "Contract"]


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    base = bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="UTC")
    funnels.create(base, "Sales", STAGES)
    for name in ("Anna", "Boris"):
        team.add_manager(base, name)
    yield base
    base.close()


def wander(db: Database, count: int, seed: int) -> None:
    """Deals of two managers that go here and there, are lost, won and reopened."""
    chance = random.Random(seed)
    with db.read() as conn:
        view = lists.funnels(conn)[0]
        people = [each.id for each in lists.managers(conn)]
    with db.transaction(Label("reason.created")) as tx:
        reason = tx.insert(LossReason(name="Dear"))
    places = [deals.stage(each.id) for each in view.stages] + [deals.WON, deals.LOST]
    for number in range(count):
        deals.create(
            db,
            deals.NewDeal(
                f"D{number}", amount=chance.choice([None, 5_000]), manager_id=chance.choice(people)
            ),
            funnel_id=view.funnel.id,
            stage_id=chance.choice(view.stages).id,
        )
        with db.read() as conn:
            newest = max(fact.id for fact in funnel_facts(conn, view, FactsRequest(clock.now())).deals)
        for _ in range(chance.randrange(5)):
            place = chance.choice(places)
            loss = deals.Loss(reason, "no money") if place == deals.LOST else None
            deals.move(db, [newest], place, loss=loss)


def same_facts_both_ways(db: Database) -> list[DealFact]:
    """The facts by the kept columns, after holding them against those of the history."""
    with db.read() as conn:
        view = lists.funnels(conn)[0]
        now = clock.now()
        kept = funnel_facts(conn, view, FactsRequest(now, live=True))
        replayed = funnel_facts(conn, view, FactsRequest(now))
    for one, other in zip(kept.deals, replayed.deals, strict=True):
        for name in one._fields:
            if name != "strict":  # only the history knows it
                assert getattr(one, name) == getattr(other, name), (name, one.id)
    return list(kept.deals)


def test_the_kept_columns_and_the_history_give_the_same_facts(db: Database) -> None:
    wander(db, 25, seed=4)
    assert len(same_facts_both_ways(db)) == 25


def test_a_deal_closed_the_same_way_twice_was_closed_the_first_time(db: Database) -> None:
    deals.create(db, deals.NewDeal("One", amount=5_000, manager_id=1), funnel_id=1)
    deals.move(db, [1], deals.WON)
    with db.transaction(Label("deal.changed")) as tx:
        tx.update(Deal, 1, manager_id=2, amount=7_000)
        append_move(tx, tx.get(Deal, 1), deals.WON)  # writes nothing; a base may have it all the same
        (*_before, won) = tx.select(StageMove, t.stage_moves.c.deal_id == 1, order=t.stage_moves.c.seq)
        again = replace(won, id=0, seq=won.seq + 1, from_kind=won.to_kind, from_stage_id=None)
        tx.insert(replace(again, owner_id=2, amount=7_000))
    (fact,) = same_facts_both_ways(db)
    assert (fact.owner, fact.amount) == (1, 5_000)
    assert bases.check(db).ok


REDESIGNS: dict[str, list[tuple[str, int, int]]] = {
    "the first stage is removed": [("remove", 1, 2)],
    "a middle stage is removed": [("remove", 2, 3)],
    "the last stage is removed": [("remove", 3, 1)],
    "a stage is merged into the next": [("merge", 1, 2)],
    "a stage is merged into the one before": [("merge", 3, 2)],
    "stages are merged one after the other": [("merge", 1, 2), ("merge", 2, 3)],
    "a stage is removed that took another in": [("merge", 1, 2), ("remove", 2, 3)],
}


@pytest.mark.parametrize("name", REDESIGNS)
def test_the_two_ways_agree_after_stages_went_and_after_more_work(db: Database, name: str) -> None:
    wander(db, 25, seed=11)
    before = same_facts_both_ways(db)
    for what, stage_id, into in REDESIGNS[name]:
        if what == "merge":
            stages.merge_stage(db, stage_id, into)
        else:
            stages.remove_stage(db, stage_id, to_id=into)
        assert bases.check(db).ok
        same_facts_both_ways(db)
    wander(db, 10, seed=12)
    assert len(same_facts_both_ways(db)) == 35
    while history.undo(db).label.code not in ("stage.merged", "stage.removed", "stage.removed_to"):
        continue
    for _step in REDESIGNS[name][1:]:
        history.undo(db)
    assert same_facts_both_ways(db) == before


def test_what_was_lost_in_a_merged_stage_counts_as_lost_in_the_other(db: Database) -> None:
    one_lost_in_the_second_stage(db)
    stages.merge_stage(db, 2, 3)
    (fact,) = same_facts_both_ways(db)
    assert (fact.lost_at, fact.reach, fact.visited) == (2, 2, 0b11)
    report = reporting.run(db, ReportRequest("stage-funnel"))
    assert [row["count"] for row in report.rows][:2] == [1, 1]


def test_what_was_lost_in_a_removed_stage_counts_where_the_deal_was_before(db: Database) -> None:
    one_lost_in_the_second_stage(db)
    stages.remove_stage(db, 2)
    (fact,) = same_facts_both_ways(db)
    assert (fact.lost_at, fact.reach, fact.visited) == (1, 1, 0b01)
    stages.remove_stage(db, 1)
    (fact,) = same_facts_both_ways(db)
    assert (fact.lost_at, fact.reach, fact.visited) == (0, 0, 0)


def test_moves_made_by_a_change_of_the_funnel_are_nobodys_activity(db: Database) -> None:
    deals.create(db, deals.NewDeal("One", manager_id=1), funnel_id=1)
    stages.remove_stage(db, 1, to_id=3)
    with db.read() as conn:
        facts = funnel_facts(conn, lists.funnels(conn)[0], FactsRequest(clock.now(), moves=True))
    assert [(move.to_rank, move.counts) for move in facts.moves] == [(-1, True), (2, False)]


def one_lost_in_the_second_stage(db: Database) -> None:
    """A deal that went from the first stage to the second and was lost there."""
    deals.create(db, deals.NewDeal("One", manager_id=1), funnel_id=1)
    with db.transaction(Label("reason.created")) as tx:
        reason = tx.insert(LossReason(name="Dear"))
    deals.move(db, [1], deals.stage(2))
    deals.move(db, [1], deals.LOST, loss=deals.Loss(reason, "no money"))


def test_the_chance_of_a_stage_is_the_funnels_whoever_is_asked_about(db: Database) -> None:
    wander(db, 30, seed=7)
    with db.read() as conn:
        view = lists.funnels(conn)[0]
        anna = lists.managers(conn)[0]
    funnels.update_funnel(db, view.funnel.id, probability_source="history")
    request = ReportRequest("manager-matrix", population=Population.ACTIVE, rule=Rule.CURRENT)
    whole = reporting.run(db, request)
    own = reporting.run(db, ReportRequest("manager-matrix", managers=(anna.id,)))
    chances = {row["stage"]: row["probability"] for row in whole.rows}
    assert {row["stage"]: row["probability"] for row in own.rows} == chances
    assert own.filters == {"manager": (anna.name,)}


def test_the_deals_behind_a_number_are_those_counted_then(db: Database) -> None:
    wander(db, 10, seed=2)
    request = ReportRequest("stage-funnel")
    report = reporting.run(db, request)
    before = report.rows[0]["count"]
    wander(db, 5, seed=3)
    assert len(reporting.deals_behind(db, report, request, 0, "count")) == before


def test_an_archived_funnel_can_still_be_reported_on(db: Database) -> None:
    wander(db, 5, seed=6)
    funnels.create(db, "Other", STAGES)
    before = reporting.run(db, ReportRequest("stage-funnel", funnel_id=1)).rows
    stages.archive_funnel(db, 1)
    assert [view.funnel.name for view in reporting.choices(db).funnels] == ["Other", "Sales"]
    assert reporting.run(db, ReportRequest("stage-funnel", funnel_id=1)).rows == before


def test_what_stands_beside_a_report_is_asked_where_no_funnel_is_left(db: Database) -> None:
    request = ReportRequest("reverse-plan")
    report = reporting.run(db, request)
    while funnels.views(db):
        history.undo(db)  # while the window shows the report
    with pytest.raises(UserError) as caught:
        reporting.with_more(db, report, request)
    assert caught.value.code == "funnel.none"
