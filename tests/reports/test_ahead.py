"""What a goal still takes: calls a working day, new deals by stage, prospects by source; worked by hand."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from funneldesk.domain.ahead import Ahead
from funneldesk.domain.clock import DAY, working_days
from funneldesk.domain.facts import ActivityFact, DealFact, FunnelFacts, LeadFact, Ledger, MoveFact, StageInfo
from funneldesk.domain.goals import SourceCost
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.ahead import look
from funneldesk.reports.catalog import compute
from funneldesk.reports.prospects import whole_parts
from tests.reports.golden import at, deal_fact

UTC = ZoneInfo("UTC")
NOW = at("2026-03-12T12:00:00Z")  # a Thursday
BEGUN = at("2026-02-23")  # the day on which the ended deals came
SOURCES = {1: "Fair", 2: "Website"}


def deal(number: int, source: int | None, *path: tuple[float, str, int], since: int = BEGUN) -> DealFact:
    """A deal of 10.00 that came `since`; its path by days from then."""
    found = deal_fact(number, since, 1, 1_000, moves(number, path, since), 2)
    return found._replace(source_id=source)


def moves(number: int, path: tuple[tuple[float, str, int], ...], since: int = BEGUN) -> list[MoveFact]:
    found: list[MoveFact] = []
    for seq, (days, kind, rank) in enumerate(path, start=1):
        last = found[-1] if found else None
        was, place = (last.to_kind, last.to_rank) if last else (None, 0)
        when = since + round(days * DAY)
        found.append(MoveFact(number, seq, when, was, place, kind, rank, 1, 1, None))
    return found


PATHS: dict[int, tuple[int | None, tuple[tuple[float, str, int], ...]]] = {
    1: (1, ((0, "open", 1), (4, "open", 2), (10, "won", 0))),  # won on 5 March
    2: (1, ((0, "open", 1), (6, "lost", 0))),
    3: (2, ((0, "open", 1), (2, "open", 2), (8, "lost", 0))),
    4: (2, ((0, "open", 1), (5, "lost", 0))),
    5: (1, ((0, "open", 1),)),
    6: (None, ((0, "open", 1), (3, "open", 2))),
}
CALLS = {1: (1, 2, 5), 2: (3, 7), 3: (1, 2, 3), 6: (1,)}  # days; that of 2 on day 7 is after its end


def facts() -> FunnelFacts:
    """Two stages of 20 and 50 %; four deals have ended, one of them won, two are open.

    Calls at S1, until further: 2 + 1 + 1 + 0 of four deals, one each.  At S2, on day 2 of the third one the
    very moment it came: 1 + 2 of two deals, one and a half each.  One meeting at S2: half a one each.
    """
    calls = [(number, BEGUN + day * DAY) for number, days in CALLS.items() for day in days]
    calls.append((5, NOW - DAY // 24))  # this morning
    done = [ActivityFact(n, "call", when, 1, d, None, None, None) for n, (d, when) in enumerate(calls, 1)]
    done.append(ActivityFact(90, "meeting", BEGUN + 6 * DAY, 1, 1, None, None, None))
    done.append(ActivityFact(91, "task", BEGUN + 6 * DAY, 1, 1, None, None, None))
    return FunnelFacts(
        funnel_id=1,
        funnel="Sales",
        stages=(StageInfo(1, "S1", 0.2), StageInfo(2, "S2", 0.5)),
        as_of=NOW,
        currency="EUR",
        deals=tuple(deal(number, source, *path) for number, (source, path) in PATHS.items()),
        moves=tuple(move for number, (_source, path) in PATHS.items() for move in moves(number, path)),
        managers={1: "Anna"},
        sources=SOURCES,
        activities=tuple(sorted(done, key=lambda each: each.done_at)),
    )


def ahead(given: FunnelFacts, **asked: object) -> Ahead:
    request = ReportRequest("reverse-plan", **asked)  # type: ignore[arg-type]
    found = look(given, request, compute(given, request))
    assert found is not None
    return found


def test_what_is_missing_is_brought_by_open_deals_and_then_by_new_ones() -> None:
    left = ahead(facts(), plan=3)
    # March: one won, two are missing, 0.2 + 0.5 come of the open ones; 1.3 / 0.2 = 6.5 new deals
    assert (left.start, left.end, left.won) == (at("2026-03-01"), at("2026-04-01"), 1)
    assert (left.missing_wins, left.new_deals) == (2, 7)
    assert left.expected_wins == pytest.approx(0.7)
    assert left.new_wins == pytest.approx(1.3)
    assert [(row["stage"], row["open"], row["still"]) for row in left.stages] == [("S1", 1, 7), ("S2", 1, 3)]
    # the one won in March has come to both, the one open in S2 to S1 as well
    assert [row["there"] for row in left.stages] == [3, 2]
    assert (left.decided, left.start_by, left.cycle_days) == (4, None, None)


def test_calls_and_meetings_in_all_and_a_working_day() -> None:
    left = ahead(facts(), plan=3)
    assert left.working_days == 14
    calls, meetings = left.work
    # a win: 1 / 0.2 + 1.5 / 0.5 = 8 calls.  The deal in S1 had its call, so 1.5 * 0.2 / 0.5 is left; the one
    # in S2 had none there, so 1.5: together 2.1.  New: 1.3 * 8 = 10.4.  14 calls on 14 days
    assert calls["per_win"] == pytest.approx(8)
    keys = ("kind", "for_open", "for_new", "in_all", "per_day", "done_today")
    assert [calls[key] for key in keys] == ["call", 3, 11, 14, 1, 1]
    # 0.5 / 0.5 = 1 a win; 0.5 * 0.4 + 0.5 = 0.7 of the open ones, 1.3 of the new ones
    assert meetings["per_win"] == pytest.approx(1)
    assert [meetings[key] for key in keys] == ["meeting", 1, 2, 3, 1, 0]


def test_a_goal_in_money_misses_money() -> None:
    left = ahead(facts(), plan_amount=3_500)
    # 35.00 - 10.00 won, at 10.00 a win, though the goal is four wins
    assert left.missing_wins == pytest.approx(2.5)
    assert left.won_amount == 1_000


def test_a_goal_that_is_reached_takes_nothing_more() -> None:
    left = ahead(facts(), plan=1)
    assert (left.missing_wins, left.new_deals, left.work, left.prospects) == (0, 0, (), None)
    covered = ahead(replace(facts(), stages=(StageInfo(1, "S1", 0.9), StageInfo(2, "S2", 0.9))), plan=2)
    assert (covered.missing_wins, covered.new_deals, covered.prospects) == (1, 0, None)
    assert covered.work[0]["for_new"] == 0 < covered.work[0]["for_open"]


def test_without_a_chance_to_win_nothing_can_be_told() -> None:
    left = ahead(replace(facts(), stages=(StageInfo(1, "S1", 0.0), StageInfo(2, "S2", 0.5))), plan=9)
    assert (left.new_deals, left.work, left.prospects) == (None, (), None)
    assert [row["still"] for row in left.stages] == [None, 15]  # 7.5 / 0.5
    none_won = replace(facts(), deals=())
    request = ReportRequest("reverse-plan", plan_amount=100)
    assert look(none_won, request, compute(none_won, request)) is None


def test_a_stage_without_a_chance_is_no_step_to_a_win() -> None:
    """A stage where deals are put away, say, with nought set as its chance."""
    left = ahead(replace(facts(), stages=(StageInfo(1, "S1", 0.2), StageInfo(2, "S2", 0.0))), plan=3)
    assert [row["still"] for row in left.stages] == [9, None]  # 1.8 / 0.2
    (calls,) = left.work  # the meeting was held at S2
    # 1 / 0.2 = 5 a win; of the deal in S1 all is done, that in S2 had none of its one and a half
    assert calls["per_win"] == pytest.approx(5)
    assert (calls["for_open"], calls["for_new"]) == (2, 9)


def test_the_work_is_the_whole_funnels_and_what_is_missing_that_of_the_chosen_deals() -> None:
    whole = facts()
    mine = replace(whole, deals=tuple(each for each in whole.deals if each.id == 5), whole=whole)
    left = ahead(mine, plan=1)
    assert (left.won, left.missing_wins, left.expected_wins) == (0, 1, 0.2)
    assert left.work[0]["per_win"] == pytest.approx(8)
    assert (left.work[0]["for_open"], left.work[0]["for_new"]) == (1, 7)  # 0.6, and 0.8 * 8 = 6.4


@pytest.mark.parametrize(
    ("now", "start", "end", "days"),
    [
        ("2026-03-12T12:00:00Z", "2026-03-01", "2026-03-13", 1),  # its last day, today
        ("2026-03-14T12:00:00Z", "2026-03-01", "2026-03-16", 0),  # a Saturday before the end
        ("2026-03-14T12:00:00Z", "2026-03-01", "2026-03-17", 1),
        ("2026-03-12T12:00:00Z", "2026-04-01", "2026-05-01", 22),  # a month to come, all of it
        ("2026-03-12T12:00:00Z", "2026-02-01", "2026-03-01", 0),  # over
    ],
)
def test_working_days_left(now: str, start: str, end: str, days: int) -> None:
    assert working_days(at(now), at(start), at(end), UTC) == days


def test_without_working_days_there_is_no_number_a_day() -> None:
    left = ahead(facts(), plan=30, start=at("2026-02-01"), end=at("2026-03-01"))
    assert left.work[0]["per_day"] is None
    assert left.work[0]["in_all"] > 0


def test_the_day_by_which_deals_must_come() -> None:
    # wins of 1 to 10 days: three of four within 7.75, so before the evening of 31 March by the 24th
    paths = {n: ((0.0, "open", 1), (float(n), "won", 0)) for n in range(1, 11)}
    given = replace(
        facts(),
        deals=tuple(deal(n, 1, *path) for n, path in paths.items()),
        moves=tuple(move for n, path in paths.items() for move in moves(n, path)),
    )
    left = ahead(given, plan=30)
    assert left.cycle_days == pytest.approx(7.75)
    assert str(left.start_by) == "2026-03-24"


def test_prospects_as_the_sources_brought_them() -> None:
    cost = SourceCost(
        source_id=1, first_day="2026-01-01", last_day="2026-01-31", amount=30_000, currency="EUR"
    )
    old = replace(cost, first_day="2024-01-01", last_day="2024-12-31")  # before the year that is learnt from
    left = ahead(replace(facts(), ledger=Ledger(costs=(cost, old))), plan=3)
    assert left.prospects is not None
    # 6.5 deals: 7 prospects of 3, 2 and 1 in six: 3.5, 2.33, 1.17
    keys = ("source", "leads", "prospects", "cost_per_lead", "cost")
    assert [tuple(row[key] for key in keys) for row in left.prospects.rows] == [
        ("Fair", 3, 4, 10_000, 40_000),
        ("Website", 2, 2, None, None),
        (None, 1, 1, None, None),
    ]
    assert (left.by, left.prospects.total, left.prospects.cost) == ("share", 7, 40_000)


def test_prospects_by_the_win_rate_of_the_sources() -> None:
    # 29.3 wins, 146.5 deals
    by_share, by_rate = ahead(facts(), plan=31), ahead(facts(), plan=31, by=("rate",))
    assert by_share.prospects is not None
    assert by_rate.prospects is not None
    assert [row["prospects"] for row in by_share.prospects.rows] == [74, 49, 24]
    # one of four won: p = 0.25.  Fair 3.5 / 12, Website 2.5 / 12, none decided 0.25: weights 3.5, 1.667, 1;
    # a prospect of this mix is won 1.04955 times as often, so 139.6 of them do
    assert [row["shrunk"] for row in by_rate.prospects.rows] == pytest.approx([3.5 / 12, 2.5 / 12, 0.25])
    assert [row["prospects"] for row in by_rate.prospects.rows] == [79, 38, 23]
    assert by_rate.prospects.total == 140
    assert by_rate.prospects.cost is None


def test_leads_that_come_to_nothing_are_prospects_too() -> None:
    leads = (LeadFact(1, BEGUN, "dropped", 1, 1, None), LeadFact(2, BEGUN, "new", 2, 1, None))
    left = ahead(replace(facts(), leads=leads), plan=3)
    assert left.prospects is not None
    # eight arrivals made six deals: 6.5 * 8 / 6 = 8.67
    assert left.prospects.total == 9
    assert sum(row["prospects"] for row in left.prospects.rows) == 9
    # a dropped lead is decided, a new one is not: (1 + 10/5) / (3 + 10) of Fair
    assert {row["source"]: row["shrunk"] for row in left.prospects.rows}["Fair"] == pytest.approx(3 / 13)


def test_whole_parts_add_up() -> None:
    assert whole_parts(7, [0.5, 1 / 3, 1 / 6]) == [4, 2, 1]
    assert whole_parts(0, [0.5, 0.5]) == [0, 0]
    assert whole_parts(10, [1 / 3] * 3) == [4, 3, 3]
