"""Reports counted from groups of deals say what they say of deals one by one, on random histories."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.domain.team import LossReason, Manager, Source
from funneldesk.reports.catalog import CATALOG, compute_all
from funneldesk.reports.deal_columns import told
from funneldesk.reports.dynamics import first_day
from funneldesk.reports.replay import stood
from funneldesk.reports.report_info import ReportInfo
from funneldesk.services import bases, funnels, history, reporting
from funneldesk.store import closes, places
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import facts_groups, lists
from funneldesk.store.queries.facts import FactsRequest, funnel_facts
from tests.services.random_histories import GOLD, NOW, PERIODS, UTC, fill, made_base


@pytest.fixture(scope="module", params=["template", "history"])
def db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("groups") / "x.funneldesk"
    with made_base(path, request.param) as base:
        yield base


BY: dict[str, list[tuple[str, ...]]] = {
    "lost": [
        ("stage",), ("reason",), ("outcome",), ("manager",), ("source",), ("stage", "reason"),
        ("manager", "source"), ("stage", "reason", "manager"),
    ],
    "cross-table": [("manager", "source"), ("status",), ("reached", "manager"), ("outcome", "reason")],
    "dynamics": [("month",), ("week",), ("quarter",)],
}  # fmt: skip


def requests() -> Iterator[ReportRequest]:
    for info in CATALOG.values():
        if info.groups(ReportRequest(info.name), UTC) is None:
            continue
        for population in info.populations:
            for rule in info.rules or (None,):
                for by in BY.get(info.name, [()]):
                    for start, end in PERIODS:
                        asked = ReportRequest(
                            info.name, population=population, rule=rule, by=by, start=start, end=end
                        )
                        yield asked
                        if start is None:
                            yield replace(asked, managers=(1,))
                        if start is None or rule in (None, info.rule):
                            yield replace(asked, where=GOLD)


def test_groups_say_what_deals_say_one_by_one(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    few = 0
    for request in requests():
        grouped = reporting.facts(db, request)
        single = reporting.facts(db, request, one_by_one=True)
        few += sum(len(facts.deals) for facts in grouped) < sum(len(facts.deals) for facts in single)
        assert compute_all(grouped, request) == compute_all(single, request), request
    assert few > 50  # they were groups indeed


@pytest.mark.parametrize("span", ["week", "month", "quarter"])
def test_what_happened_in_spans_is_counted_as_deals_are_one_by_one(
    db: Database, monkeypatch: pytest.MonkeyPatch, span: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    request, zone = ReportRequest("dynamics", by=(span,)), ZoneInfo("Europe/Warsaw")

    def sums(deals: Iterable[DealFact], dated: str, money: bool) -> dict[Any, tuple[int, int]]:
        """By span, status and whether the amount is known: how many, and their money."""
        found: dict[Any, tuple[int, int]] = {}
        for deal in deals:
            at, amount = getattr(deal, dated), deal.amount if money else None
            day = None if at is None else first_day(at, span, zone)
            many, whole = found.get(key := (day, deal.status, amount is None), (0, 0))
            found[key] = many + deal.n, whole + (amount or 0)
        return found

    facts, single = reporting.facts(db, request)[0], reporting.facts(db, request, one_by_one=True)[0]
    assert facts.begun is not None and len(facts.begun) < len(single.deals) > len(facts.deals)
    came = [deal._replace(status="open", amount=None) for deal in single.deals]
    assert sums(facts.begun, "created_at", True) == sums(came, "created_at", True)
    for status in ("won", "lost"):
        ended = [[deal for deal in each.deals if deal.status == status] for each in (facts, single)]
        grouped, plain = (sums(each, "closed_at", status == "won") for each in ended)
        assert grouped == plain and len(plain) > 5


@pytest.mark.parametrize("by", ["manager", "source", "reason", "outcome"])
def test_groups_by_many_values_say_what_those_by_few_say(
    db: Database, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    request = ReportRequest("lost", by=(by,))
    few = reporting.facts(db, request)
    monkeypatch.setattr(facts_groups, "_FEW", 1)
    monkeypatch.setattr(facts_groups, "_looked_up", lambda *_: pytest.fail("looked up one by one"))
    many = reporting.facts(db, request)
    assert sorted(map(repr, few[0].deals)) == sorted(map(repr, many[0].deals))


@pytest.mark.parametrize("days", [0, 30, 200, 600])
def test_groups_of_a_past_moment_say_what_deals_say_one_by_one(db: Database, days: int) -> None:
    few = 0
    for place, request in enumerate(requests()):
        if place % 3 != days % 7 % 3 and request.rule is not Rule.STRICT:
            continue  # a third of them for each moment
        asked = replace(request, as_of=NOW - days * DAY)
        grouped = reporting.facts(db, asked)
        single = reporting.facts(db, asked, one_by_one=True)
        few += sum(len(facts.deals) for facts in grouped) < sum(len(facts.deals) for facts in single)
        assert compute_all(grouped, asked) == compute_all(single, asked), asked
    assert few > 10 or days == 600


COLUMNS = [info for info in CATALOG.values() if info.deal_columns is not None]


@pytest.mark.parametrize("info", COLUMNS, ids=[info.name for info in COLUMNS])
@pytest.mark.parametrize("days", [0, -20, 30, 600])
def test_columns_say_what_deals_say_one_by_one(db: Database, info: ReportInfo, days: int) -> None:
    whole = ReportRequest(info.name, as_of=NOW - days * DAY, live=days <= 0, minimum_n=3)
    ways = product(info.populations, info.rules or (None,), PERIODS, ((), (1,)))
    for population, rule, (start, end), managers in ways:
        asked = replace(
            whole, population=population, rule=rule, start=start, end=end, managers=managers
        )  # fmt: skip
        if info.told(asked, UTC) is None or (rule not in (None, Rule.REACHED, Rule.STRICT) and managers):
            continue
        columns = reporting.facts(db, asked, replace(info, brought=None))
        single = reporting.facts(db, asked, one_by_one=True)
        # now some are ahead of it
        assert all(map(told, columns)) != (days == 0 and rule is not Rule.STRICT)
        assert compute_all(columns, asked) == compute_all(single, asked), asked


@pytest.mark.parametrize("info", COLUMNS, ids=[info.name for info in COLUMNS])
@pytest.mark.parametrize("days", [-20, 30])
def test_columns_narrowed_by_a_field_of_ones_own(db: Database, info: ReportInfo, days: int) -> None:
    whole = ReportRequest(info.name, as_of=NOW - days * DAY, live=days <= 0, minimum_n=3)
    for population, managers in product(info.populations, ((), (1,))):
        asked = replace(whole, population=population, where=GOLD, managers=managers)
        if info.told(asked, UTC) is None:
            continue
        columns = reporting.facts(db, asked, replace(info, brought=None))
        single = reporting.facts(db, asked, one_by_one=True)
        every = reporting.facts(db, replace(asked, where=()), one_by_one=True)
        assert all(map(told, columns))
        assert 0 < len(single[0].deals) < len(every[0].deals) / 2
        assert compute_all(columns, asked) == compute_all(single, asked), asked


@pytest.mark.parametrize("days", [-1, 0, 1, 30, 200, 600])
def test_a_past_moment_is_the_same_by_arrays_and_deal_by_deal(db: Database, days: int) -> None:
    with db.read() as conn:
        view = lists.funnels(conn)[0]
        wanted = FactsRequest(NOW - days * DAY, moves=True)
        one_by_one = funnel_facts(conn, view, wanted)
        told = funnel_facts(conn, view, replace(wanted, columns=True))
    assert told.past is not None and told.deals == ()
    found = stood(told.past, told.k, told.as_of)
    assert found == list(one_by_one.deals)
    plain = [move._replace(from_kind=None, from_rank=0) for move in one_by_one.moves]
    assert [move._replace(from_kind=None, from_rank=0) for move in told.moves] == plain


def test_the_deals_behind_a_number_of_groups_are_so_many(db: Database) -> None:
    for name in ("stage-funnel", "finished-funnel", "lost", "key-stage"):
        request = ReportRequest(name)
        report = reporting.run(db, request)
        for column in report.columns:
            for index, row in enumerate(report.rows):
                if column.opens:
                    found = reporting.deals_behind(db, report, request, index, column.key)
                    assert len(set(found)) == row[column.key]
        for column in report.total_columns:
            if column.opens and report.totals[column.key] is not None:
                found = reporting.deals_behind(db, report, request, None, column.key)
                assert len(set(found)) == report.totals[column.key]


@pytest.mark.parametrize("days", [-1, 30, 600])
def test_lost_deals_by_reason_are_those_of_the_stage_funnel(db: Database, days: int) -> None:
    info, told_of = CATALOG["stage-funnel"], 0
    for population, (start, end), managers in product(info.populations, PERIODS, ((), (1,))):
        asked = ReportRequest(
            info.name, as_of=NOW - days * DAY, live=days < 0, population=population, start=start, end=end,
            managers=managers, rule=Rule.VISITED,
        )  # fmt: skip
        report = reporting.with_more(db, reporting.run(db, asked), asked)
        if population is Population.ACTIVITY:
            assert "unsuccessful" not in report.extra
            continue
        rows = report.extra["unsuccessful"]
        assert [sum(row[key] for row in rows) for key in ("lost", "lost_amount")] == [
            report.totals[key] for key in ("lost", "lost_amount")
        ]
        for row in rows:
            found = reporting.deals_behind(db, report, asked, None, row["key"])
            assert len(set(found)) == row["lost"]
        told_of += len(rows)
    assert told_of > 3


def test_what_is_kept_of_closes_follows_every_change(db: Database) -> None:
    with db.read() as conn:
        assert (closes.problems(conn), places.problems(conn)) == ([], [])
        kept = conn.execute(
            sa.select(
                sa.func.sum(t.deals.c.counted_owner_id.is_distinct_from(t.deals.c.manager_id)),
                sa.func.sum(t.deals.c.counted_amount.is_distinct_from(t.deals.c.amount)),
                sa.func.sum(t.deals.c.reopened),
            )
        ).one()  # fmt: skip
    assert all(kept)


HUGE: list[tuple[str, tuple[str, ...]]] = [
    ("stage-funnel", ()), ("lost", ()), ("dynamics", ()), ("cross-table", ()), ("lost", ("manager",)),
    ("lost", ("manager", "source")),
]  # fmt: skip


def test_sums_that_are_too_big_for_the_engine_are_right_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    with bases.new_base(tmp_path / "huge.funneldesk", currency="EUR", zone="UTC") as base:
        funnels.create(base, "Sales", ["Call", "Need"])
        with base.transaction(Label("sample.made")) as tx:
            for name in ("Anna", "Boris"):
                tx.insert(Manager(name=name))
                tx.insert(LossReason(name=name))
                tx.insert(Source(name=name))
            fill(tx, Random(7), 300, [1, 2])
        deal = t.deals.c
        huge = sa.case((deal.id % 9 == 0, -deal.id), else_=9 * 10**17 + deal.id)
        with base.maintenance() as conn:
            priced = sa.update(t.deals).where(deal.counted_amount.isnot(None))
            conn.execute(priced.values(amount=huge, counted_amount=huge))
        for name, by in HUGE:
            request = ReportRequest(name, by=by)
            single = reporting.facts(base, request, one_by_one=True)
            assert sum(each.amount or 0 for each in single[0].deals) > 2**63
            assert compute_all(reporting.facts(base, request), request) == compute_all(single, request)


def test_places_follow_single_changes_undo_and_redo(db: Database) -> None:
    def wrong() -> list[int]:
        with db.read() as conn:
            return places.problems(conn)

    some = [1, 2, 3, 4, 5, 6, 7, 8]
    with db.transaction(Label("sample.made")) as tx:
        for deal_id in some:
            tx.put("deal", deal_id, {"loss_comment": "other words", "loss_reason_id": 2, "amount": None})
            tx.put("deal", deal_id, {"mode": "stageless" if deal_id % 2 else None, "manager_id": 2})
    assert wrong() == []
    history.undo(db)
    assert wrong() == []
    history.redo(db)
    assert wrong() == []
    history.undo(db)
    with db.transaction(Label("sample.made")) as tx:
        fill(tx, Random(8), 30, [1, 3, 4])
    history.undo(db)
    history.redo(db)
    assert wrong() == []
    history.undo(db)
