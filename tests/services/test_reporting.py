"""Reports of a real base: filters, and the two ways of knowing where deals stand."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.domain.team import LossReason
from funneldesk.services import bases, deals, funnels, reporting, team
from funneldesk.store.database import Database
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


def test_the_kept_columns_and_the_history_give_the_same_facts(db: Database) -> None:
    wander(db, 25, seed=4)
    with db.read() as conn:
        view = lists.funnels(conn)[0]
        now = clock.now()
        kept = funnel_facts(conn, view, FactsRequest(now, live=True))
        replayed = funnel_facts(conn, view, FactsRequest(now))
    assert len(kept.deals) == 25
    for one, other in zip(kept.deals, replayed.deals, strict=True):
        for name in one.__slots__:
            if name != "strict":  # only the history knows it
                assert getattr(one, name) == getattr(other, name), name


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
