"""Reports counted from the deals of their period alone say what they say of all deals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any

import pytest
import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.client import Company, Person
from funneldesk.domain.clock import DAY
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.domain.team import CurrencyRate, LossReason, Source
from funneldesk.reports.catalog import CATALOG, compute_all
from funneldesk.reports.report_info import ReportInfo
from funneldesk.services import bases, funnels, reporting, team
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.store.queries.happenings import activity_facts
from funneldesk.store.transaction import Transaction
from tests.services.random_histories import GOLD, NOW, fill, mark, talk

PARTS = [info for info in CATALOG.values() if info.part is not None or info.moves_of is not None]
PERIODS = [
    (None, None), (NOW - 200 * DAY, NOW - 20 * DAY), (NOW - 25 * DAY, None), (None, NOW - 450 * DAY)
]  # fmt: skip


def buy(tx: Transaction, rnd: Random, deals: int) -> None:
    """Clients of deals: few, so that they buy again."""
    companies = [tx.insert(Company(name=f"C{n}", created_at=NOW)) for n in range(12)]
    people = [tx.insert(Person(name=f"P{n}", created_at=NOW)) for n in range(12)]
    for deal in range(1, deals):
        client = {"company_id": rnd.choice([None, *companies])}
        tx.put("deal", deal, client | {"person_id": rnd.choice([None, *people])})


@pytest.fixture(scope="module", params=["template", "history"])
def db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("parts") / "x.funneldesk"
    with bases.new_base(path, currency="EUR", zone="Europe/Warsaw") as base:
        funnels.create(base, "Sales", ["Call", "Need", "Offer", "Contract"])
        for name in ("Anna", "Boris"):
            team.add_manager(base, name)
        with base.transaction(Label("sample.made")) as tx:
            tx.insert(CurrencyRate(currency="USD", day="2024-01-01", rate="0.9"))
            for name in ("Dear", "Late"):
                tx.insert(LossReason(name=name))
                tx.insert(Source(name=name))
            fill(tx, Random(5), 300, [1, 2, 3, 4])
            talk(tx, Random(7), 300)
            mark(tx, Random(8), 300)
            tx.put("funnel", 1, {"probability_source": request.param})
        with base.read() as conn:
            live = [stage.id for stage in lists.funnels(conn)[0].stages]
        with base.transaction(Label("sample.made")) as tx:
            fill(tx, Random(6), 100, live, ahead=True)
            buy(tx, Random(9), 400)
        yield base


@pytest.mark.parametrize("info", PARTS, ids=[info.name for info in PARTS])
@pytest.mark.parametrize("days", [0, -20, 30])
def test_the_deals_of_a_period_say_what_all_deals_say(db: Database, info: ReportInfo, days: int) -> None:
    whole = ReportRequest(info.name, as_of=NOW - days * DAY, live=days <= 0, minimum_n=3)
    info = replace(info, brought=None)
    every = replace(info, part=None, moves_of=None)
    fewer = less_done = 0
    for population, (start, end), managers, where in product(
        info.populations, PERIODS, ((), (1,)), ((), GOLD)
    ):
        if managers and where:
            continue
        asked = replace(
            whole, population=population, start=start, end=end, managers=managers, where=where
        )  # fmt: skip
        part, all_ = reporting.facts(db, asked, info), reporting.facts(db, asked, every)
        fewer += len(part[0].deals) < len(all_[0].deals) or len(part[0].moves) < len(all_[0].moves)
        less_done += len(part[0].activities) < len(all_[0].activities)
        assert compute_all(part, asked) == compute_all(all_, asked), asked
    assert less_done > 0 or days >= 0 or not info.activities
    assert fewer > 0 or days >= 0  # of what is not kept as it stood then, all are read


def test_nobody_asks_for_a_part_without_a_period_but_of_open_deals() -> None:
    for info in PARTS:
        for population in info.populations:
            request = ReportRequest(info.name, population=population)
            deals, moves = info.parts(request, clock.now())
            asks = population is Population.ACTIVE or info.name == "velocity"
            assert (deals is None or asks) and moves is None


def test_what_was_done_comes_in_order_of_id(db: Database) -> None:
    with db.read() as conn:
        every = activity_facts(conn, NOW)
        some = activity_facts(conn, NOW, None, set(range(1, 60)))
        span = activity_facts(conn, NOW, (NOW - 90 * DAY, NOW - 9 * DAY))
        wanted = conn.execute(
            sa.text("SELECT id FROM activities WHERE done_at <= :now AND kind != 'note' ORDER BY id"),
            {"now": NOW},
        ).scalars()
        assert [each.id for each in every] == list(wanted)
    assert some == tuple(each for each in every if each.deal_id is not None and each.deal_id < 60)
    assert span == tuple(each for each in every if NOW - 90 * DAY <= each.done_at < NOW - 9 * DAY)
    assert 0 < len(some) < len(every) and 0 < len(span) < len(every)


@pytest.mark.parametrize("name", ["strategy", "audit"])
def test_how_much_was_done_for_a_deal_is_as_many_as_its_activities(db: Database, name: str) -> None:
    one_by_one = replace(CATALOG[name], done_by_deal=False, activities=True)
    for population, (start, end), managers in product(one_by_one.populations, PERIODS, ((), (1,))):
        asked = ReportRequest(name, population=population, start=start, end=end, managers=managers, as_of=NOW)
        counted, listed = reporting.facts(db, asked), reporting.facts(db, asked, one_by_one)
        assert counted[0].done is not None and not counted[0].activities
        assert listed[0].done is None
        assert compute_all(counted, asked) == compute_all(listed, asked), asked


class _Unread(tuple[Any, ...]):
    """What was not read: nobody may look at it."""

    def __iter__(self) -> Iterator[Any]:
        raise AssertionError("a report looks at what it does not ask for")

    __len__ = __iter__  # type: ignore[assignment]


@pytest.mark.parametrize("info", CATALOG.values(), ids=list(CATALOG))
def test_a_report_looks_at_nothing_that_it_does_not_ask_for(db: Database, info: ReportInfo) -> None:
    asks = {"activities": info.activities, "leads": info.leads}
    unread: dict[str, Any] = {name: _Unread() for name, read in asks.items() if not read}
    for population in info.populations:
        asked = ReportRequest(info.name, population=population)
        found = [replace(each, **unread) for each in reporting.facts(db, asked)]
        compute_all(found, asked)
