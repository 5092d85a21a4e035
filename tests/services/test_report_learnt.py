"""What is learnt from groups and columns of deals is what is learnt from deals one by one."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.goals import Measure, Plan, month_after
from funneldesk.domain.results import ReportRequest
from funneldesk.reports import probability
from funneldesk.reports.catalog import CATALOG, compute_all
from funneldesk.reports.learnt import Learnt, learnt
from funneldesk.services import bases, deals, funnels, reporting
from funneldesk.store.database import Database
from tests.services.random_histories import GOLD, NOW, PERIODS, made_base


@pytest.fixture(scope="module", params=["template", "history"])
def db(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("groups") / "x.funneldesk"
    with made_base(path, request.param) as base:
        yield base


@pytest.mark.parametrize("months", [0, 3, 12])
@pytest.mark.parametrize("days", [-20, 30])
def test_chances_learnt_from_groups_are_those_learnt_from_deals(
    db: Database, monkeypatch: pytest.MonkeyPatch, months: int, days: int
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW - days * DAY)
    as_of = NOW - days * DAY if days > 0 else None
    request = ReportRequest("stage-funnel", training_months=months, as_of=as_of)
    grouped, single = (reporting.facts(db, request, one_by_one=each)[0] for each in (False, True))
    chances = probability.chosen(grouped)
    assert chances == pytest.approx(probability.chosen(single))
    by_history = grouped.probability_source == "history"
    assert by_history == (chances != probability.template(grouped))


FORECASTS = [
    ReportRequest("forecast", by=by, new_business=new, start=start, end=end, plan=3, training_months=months)
    for by, new, months, (start, end) in [
        (("dates",), False, None, (None, None)),
        (("pace",), True, 0, (NOW - 300 * DAY, NOW + 60 * DAY)),
        (("dated",), True, 6, (None, NOW + 90 * DAY)),
        (("pace",), False, 3, (NOW - 300 * DAY, NOW - 200 * DAY)),
    ]
]


def same_learnt(apart: FunnelFacts, whole: FunnelFacts, but: Collection[str] = ()) -> None:
    for name in {field.name for field in fields(Learnt)}.difference(but):
        own, all_ = (getattr(learnt(each), name) for each in (apart, whole))
        assert own.dtype == all_.dtype and np.array_equal(own, all_, equal_nan=own.dtype == float), name


@pytest.mark.parametrize("request_", FORECASTS, ids=str)
def test_a_forecast_learns_from_columns_what_it_learns_from_deals(
    db: Database, monkeypatch: pytest.MonkeyPatch, request_: ReportRequest
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + 20 * DAY)  # all that is ahead has been
    info = replace(CATALOG["forecast"], apart=None)
    apart, whole = reporting.facts(db, request_)[0], reporting.facts(db, request_, info)[0]
    assert apart.learnt is not None and whole.learnt is None
    assert 0 < len(apart.deals) < len(whole.deals)
    same_learnt(apart, whole, {"owner"})  # nothing is asked of an owner
    report = compute_all([apart], request_)
    assert report == compute_all([whole], request_)
    for key in ("won_count", "open"):
        found = reporting.deals_behind(db, report, request_, None, key)
        assert len(set(found)) == report.totals[key]


@pytest.mark.parametrize("days", [-20, -1, 30])
def test_a_forecast_of_some_deals_or_of_a_past_moment_knows_each_deal(
    db: Database, monkeypatch: pytest.MonkeyPatch, days: int
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW - days * DAY)
    request = ReportRequest("forecast", as_of=NOW - 30 * DAY if days > 0 else None)
    for asked in (replace(request, managers=(1,)), replace(request, where=GOLD), request):
        found = reporting.facts(db, asked)[0]
        narrowed = asked is not request
        # in the days ahead of now some deals move
        assert (found.learnt is None) == (narrowed or days != -20)
        assert (found.whole is not None) == narrowed and (found.whole is None or found.whole.learnt is None)


GOALS = [(None, Measure.DEALS), (1, Measure.MONEY), (1, Measure.DEALS), (2, Measure.CALLS)]


@pytest.fixture(scope="module")
def planned(db: Database) -> Database:
    """With goals of months before and after now, but of Boris only for calls."""
    with db.transaction(Label("sample.made")) as tx:
        month = f"{clock.from_micros(NOW - 200 * DAY):%Y-%m}"
        for n in range(12):
            for who, measure in (
                (None, Measure.DEALS),
                (1, Measure.MONEY),
                (1, Measure.DEALS),
                (2, Measure.CALLS),
            ):
                tx.insert(Plan(month=month, manager_id=who, measure=str(measure), value=2 + n % 3))
            month = month_after(month)
    return db


PLANS = [
    ReportRequest("plan-fact", start=start, end=end, managers=managers)
    for start, end in (*PERIODS, (NOW - 100 * DAY, NOW + 60 * DAY))
    for managers in ((), (1,), (2,), (1, 2))
]


@pytest.mark.parametrize("request_", PLANS, ids=str)
def test_a_plan_is_held_against_a_part_of_the_deals_as_against_all(
    planned: Database, monkeypatch: pytest.MonkeyPatch, request_: ReportRequest
) -> None:
    now = NOW + 20 * DAY  # all that is ahead has been
    monkeypatch.setattr(clock, "now", lambda: now)
    info = replace(CATALOG["plan-fact"], apart=None, only=None)
    part, whole = reporting.facts(planned, request_)[0], reporting.facts(planned, request_, info)[0]
    this = request_.end is None or request_.end > now
    foretold = this and request_.managers != (2,)
    assert bool(part.moves) == foretold and whole.moves
    assert (part.whole is not None) == (foretold and bool(request_.managers))
    assert (part.learnt is not None) == (foretold and not request_.managers)
    # those of a manager are looked at one by one where his chance is
    assert (len(part.deals) < len(whole.deals)) != (foretold and bool(request_.managers))
    if part.learnt is not None:
        same_learnt(part, whole)
    report = compute_all([part], request_)
    assert report == compute_all([whole], request_)
    assert any(row["chance"] is not None for row in report.rows) == foretold
    for place, row in enumerate(report.rows):
        if row["measure"] == "deals" and row["deals"]:
            assert len(reporting.deals_behind(planned, report, request_, place, "deals")) == row["deals"]
            break


def test_nothing_is_learnt_for_a_month_without_a_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="Europe/Warsaw") as base:
        funnels.create(base, "Sales", ["Call", "Need", "Offer"])
        for amount in (100, 200):
            deals.create(base, deals.NewDeal("Racks", amount=amount), funnel_id=1)
        deals.move(base, [2], deals.WON)
        found = reporting.facts(base, ReportRequest("plan-fact"))[0]
        assert not found.moves and found.learnt is None and [deal.id for deal in found.deals] == [2]
        month = f"{clock.local_date(NOW, ZoneInfo('Europe/Warsaw')):%Y-%m}"
        with base.transaction(Label("sample.made")) as tx:
            tx.insert(Plan(month=month, manager_id=None, measure="deals", value=3))
        assert reporting.facts(base, ReportRequest("plan-fact"))[0].moves


@pytest.mark.parametrize("name", ["forecast", "plan-fact"])
def test_the_last_evening_of_a_month_west_of_greenwich_belongs_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    zone = ZoneInfo("America/New_York")
    moment = clock.to_micros(datetime(2026, 3, 3, 12, tzinfo=zone))
    monkeypatch.setattr(clock, "now", lambda: moment)
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone=zone.key) as base:
        funnels.create(base, "Sales", ["Call", "Offer"])
        deals.create(base, deals.NewDeal("Racks", amount=100), funnel_id=1)
        deals.move(base, [1], deals.WON)
        moment = clock.to_micros(datetime(2026, 3, 31, 22, tzinfo=zone))  # of April in Greenwich
        report = reporting.run(base, ReportRequest(name))
    if name == "forecast":
        assert report.totals["won_count"] == 1
    else:
        assert [row["fact"] for row in report.rows if row["measure"] == "deals"] == [1]
