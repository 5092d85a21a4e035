"""Standards of contact, leads against deals, and when contacts win, on hand-made facts."""

from __future__ import annotations

import re
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import (
    ActivityFact,
    DealFact,
    FunnelFacts,
    LeadFact,
    Ledger,
    MoveFact,
    PlannedFact,
)
from funneldesk.domain.goals import Standard
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.report_words import people
from funneldesk.reports.catalog import compute, deals_behind
from tests.reports.golden import at, golden

NOW = at("2025-03-01")


def call(
    deal: int | None, day: float, *, company: int | None = None, lead: int | None = None
) -> ActivityFact:
    return ActivityFact(1, "call", at("2025-02-01") + int(day * DAY), 1, deal, lead, company, None)


def one_deal(*calls: ActivityFact, standard: Standard, moves: tuple[MoveFact, ...] = ()) -> FunnelFacts:
    """A deal open since the 1st of February, in S1; T is the 1st of March: 28 days."""
    facts = golden()
    began = at("2025-02-01")
    deal = DealFact(
        1, began, "open", stage=1, reach=1, visited=1, strict=1, lost_at=None, entered_at=began,
        closed_at=None, path_known=True, staged=True, owner=1, amount=None, company_id=7,
    )  # fmt: skip
    first = MoveFact(1, 1, began, None, 0, "open", 1, 1, 1, None)
    return replace(
        facts, deals=(deal,), moves=(first, *moves), activities=calls, ledger=Ledger(standards=(standard,))
    )


def row(report: Report, manager: str | None = None) -> tuple[float, float, int]:
    line = next(r for r in report.rows if r["manager"] == manager)
    return line["checked"], line["kept"], line["broken_now"]


WEEKLY = Standard(id=1, kind="contact", limit_=7)


@pytest.mark.parametrize(
    ("days", "kept", "broken"),
    [
        ([], 7, 1),  # the beginning counts as one
        ([7, 14, 21], 28, 0),
        ([10], 14, 1),  # 7 from the beginning, 7 from the call
        ([27], 8, 0),
        ([5, 5, 5], 12, 1),
    ],
)
def test_days_inside_the_limit_are_kept(days: list[float], kept: float, broken: int) -> None:
    facts = one_deal(*[call(1, day) for day in days], standard=WEEKLY)
    assert row(compute(facts, ReportRequest("standards"))) == (28, kept, broken)


def test_a_contact_with_the_client_counts_and_of_another_does_not() -> None:
    asked = ReportRequest("standards")
    assert row(compute(one_deal(call(None, 10, company=7), standard=WEEKLY), asked))[1] == 14
    assert row(compute(one_deal(call(None, 10, company=8), standard=WEEKLY), asked))[1] == 7


def test_only_the_stage_and_only_the_period_are_looked_at() -> None:
    facts = one_deal(standard=replace(WEEKLY, stage_id=golden().stages[1].id))
    to_two = MoveFact(1, 2, at("2025-02-11"), "open", 1, "open", 2, 1, 1, None)
    assert compute(facts, ReportRequest("standards")).rows[0]["checked"] == 0
    moved = replace(facts, moves=(*facts.moves, to_two))
    assert row(compute(moved, ReportRequest("standards"))) == (18, 7, 1)
    part = ReportRequest("standards", start=at("2025-02-15"), end=at("2025-02-20"))
    assert row(compute(moved, part)) == (5, 3, 1)


def test_a_category_narrows_it() -> None:
    facts = replace(one_deal(standard=replace(WEEKLY, category="A")), categories={("company", 7): "B"})
    assert compute(facts, ReportRequest("standards")).rows[0]["checked"] == 0
    facts = replace(facts, categories={("company", 7): "A"})
    assert row(compute(facts, ReportRequest("standards")))[0] == 28


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(3.0, (1, 1, 0)), (5.0, (1, 0, 0)), (None, (1, 0, 0))],
)
def test_a_lead_is_answered_in_time_or_not(hours: float | None, expected: tuple[int, int, int]) -> None:
    arrived = at("2025-02-01")
    lead = LeadFact(1, arrived, "new", None, 1, None)
    calls = () if hours is None else (call(None, hours / 24, lead=1),)
    facts = replace(
        golden(), deals=(), moves=(), leads=(lead,), activities=calls,
        ledger=Ledger(standards=(Standard(id=1, kind="answer", limit_=4),)),
    )  # fmt: skip
    assert row(compute(facts, ReportRequest("standards"))) == expected


def test_who_still_has_time_is_not_judged() -> None:
    lead = LeadFact(1, NOW - DAY // 24, "new", None, 1, None)
    answer = Standard(id=1, kind="answer", limit_=4)
    facts = replace(golden(), deals=(), moves=(), leads=(lead,), ledger=Ledger(standards=(answer,)))
    assert compute(facts, ReportRequest("standards")).rows[0]["checked"] == 0


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(0, 28), max_size=8), st.floats(0.5, 40))
def test_more_contacts_and_a_longer_limit_never_keep_less(days: list[float], limit: float) -> None:
    def kept(own: list[float], most: float) -> float:
        standard = replace(WEEKLY, limit_=most)
        return row(
            compute(one_deal(*[call(1, d) for d in own], standard=standard), ReportRequest("standards"))
        )[1]

    base = kept(days, limit)
    assert 0 <= base <= 28
    assert kept([*days, 14.0], limit) >= base - 1e-6
    assert kept(days, limit + 1) >= base - 1e-6


def test_leads_and_direct_deals_add_up_to_all_wins() -> None:
    facts = golden()
    won = [deal.id for deal in facts.deals if deal.status == "won"]
    leads = (LeadFact(1, NOW, "converted", None, 1, won[0]), LeadFact(2, NOW, "new", None, 1, None))
    made = replace(facts, leads=leads)
    report = compute(made, ReportRequest("leads-deals"))
    assert (report.totals["lead_won"], report.totals["direct_won"]) == (1, len(won) - 1)
    for key in ("lead_won", "direct_won", "lead_amount", "direct_amount"):
        assert sum(r[key] for r in report.rows) == report.totals[key]
    assert deals_behind(made, ReportRequest("leads-deals"), None, "lead_won") == (won[0],)
    assert report.totals["lead_rate"] == 1 and report.totals["p"] == pytest.approx(0.4)


@pytest.mark.parametrize("way", ["weekday", "hour", "attempt", "age"])
def test_every_closed_deal_is_in_one_row(way: str) -> None:
    facts = golden()
    calls = tuple(
        ActivityFact(n, "call", deal.created_at or 0, 1, deal.id, None, None, None)
        for n, deal in enumerate(facts.deals)
        if n % 3
    )
    made = replace(facts, activities=calls)
    report = compute(made, ReportRequest("wins-when", by=(way,)))
    assert sum(r["closed"] for r in report.rows) == report.totals["closed"] == 10
    assert sum(r["won"] for r in report.rows) == report.totals["won"] == 4
    assert report.rows[-1]["label"] is None
    labels = [r["label"] for r in report.rows]
    assert len(labels) == len(set(labels))


def test_weekday_and_hour_are_those_of_the_base() -> None:
    facts = golden()
    deal = next(d for d in facts.deals if d.status == "won")
    late = ActivityFact(
        1, "call", at("2025-01-05T23:30:00Z"), 1, deal.id, None, None, None
    )  # a Sunday in UTC
    one = replace(facts, deals=(deal._replace(closed_at=NOW),), activities=(late,))
    for zone, weekday, hour in (("UTC", "sun", "23"), ("Europe/Warsaw", "mon", "00")):
        there = replace(one, zone=zone)
        assert compute(there, ReportRequest("wins-when")).rows[0]["label"] == weekday
        assert compute(there, ReportRequest("wins-when", by=("hour",))).rows[0]["label"] == hour


def test_what_was_done_after_the_close_is_no_attempt() -> None:
    facts = golden()
    deal = next(d for d in facts.deals if d.status == "won" and d.closed_at is not None)
    after = ActivityFact(1, "call", (deal.closed_at or 0) + 1, 1, deal.id, None, None, None)
    one = replace(facts, deals=(deal,), activities=(after,))
    assert compute(one, ReportRequest("wins-when", by=("attempt",))).rows[0]["label"] is None


def test_the_week_tells_what_happened_in_it() -> None:
    facts = golden()
    lost = next(d for d in facts.deals if d.status == "lost" and d.closed_at is not None)
    start = (lost.closed_at or 0) - DAY
    calls = (
        ActivityFact(1, "call", start, 1, lost.id, None, None, None),
        ActivityFact(2, "call", start + DAY * 8, 1, lost.id, None, None, None),
    )
    promised = PlannedFact(1, start + DAY * 8, "meeting", "Bring samples", None)
    told = replace(
        facts,
        activities=calls,
        planned=(promised,),
        titles={lost.id: "Shelves"},
        comments={lost.id: "10 % off"},
    )
    report = compute(told, ReportRequest("week", start=start, end=start + DAY * 7))
    sections = {(r["section"], r["what"]): r for r in report.rows}
    assert sections["done", "call"]["count"] == report.totals["done"] == 1
    assert sections["lost", "Shelves"]["words"] == "Price: 10 % off"
    assert sections["promised", "Bring samples"]["words"] == at_day(start + DAY * 8)
    for key in ("created", "won", "lost"):
        assert sum(r["count"] for r in report.rows if r["section"] == key) == report.totals[key]
    behind = deals_behind(told, ReportRequest("week", start=start, end=start + DAY * 7), None, "lost")
    assert lost.id in behind and len(behind) == report.totals["lost"]


def test_stages_of_a_week_stand_in_the_order_of_the_funnel() -> None:
    facts = golden()
    order = [stage.name for stage in facts.stages]
    several = 0
    for start in range(at("2025-01-01"), facts.as_of, DAY):  # some begin with a deal that is far already
        report = compute(facts, ReportRequest("week", start=start, end=start + 21 * DAY))
        for manager in {row["manager"] for row in report.rows}:
            own = [r["what"] for r in report.rows if r["section"] == "moved" and r["manager"] == manager]
            assert own == sorted(own, key=order.index)
            several += len(own) > 1
    assert several


def test_the_team_of_a_week_adds_up_to_its_totals_and_its_numbers_open() -> None:
    facts = golden()
    asked = ReportRequest("week", start=at("2025-01-06"), end=at("2025-02-24"))
    report = compute(facts, asked)
    team = report.extra["team"]
    assert len(team) > 1 and report.totals["moved"] and report.totals["won"]
    for key in ("done", "created", "won", "won_amount", "lost", "promised"):
        assert sum(line[key] for line in team) == report.totals[key], key
    everyone: set[int] = set()
    for line in team:
        for key in ("created", "moved", "won", "lost"):
            own = deals_behind(facts, asked, None, f"{key}{line['key']}")
            assert len(own) == line[key]
            everyone |= set(own) if key == "moved" else set()
    assert len(everyone) == report.totals["moved"]


def at_day(moment: int) -> str:
    return clock.local_date(moment, ZoneInfo("UTC")).isoformat()


def test_a_deal_of_a_week_without_an_amount_has_none_rather_than_nought() -> None:
    facts = golden()
    deals = tuple(deal._replace(amount=None) for deal in facts.deals)
    facts = replace(facts, deals=deals, titles={deal.id: f"Racks {deal.id}" for deal in deals})
    report = compute(facts, ReportRequest("week", start=at("2025-01-06"), end=at("2025-02-24")))
    amounts = {row["amount"] for row in report.rows if row["section"] in ("won", "lost")}
    assert amounts == {None}
    said = [line for person in people(report) for line in person.lines if line[0] in ("Won", "Lost")]
    parts = [part for _section, words in said for part in words.split("; ")]
    assert parts and all(re.fullmatch(r"Racks \d+( \([A-Z].+\))?", part) for part in parts)


def test_without_a_period_it_is_the_running_week() -> None:
    report = compute(golden(), ReportRequest("week"))  # as of Saturday, the 1st of March
    assert (report.start, report.end) == (at("2025-02-24"), at("2025-03-03"))
    deals = [d.id for d in golden().deals if (d.closed_at or 0) >= at("2025-02-24") and d.status == "won"]
    assert report.totals["won"] == len(deals)
