"""What is asked of many moments, months or ages at once is what is found of each for itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from unittest.mock import patch
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal_table import DealTable
from funneldesk.domain.facts import FunnelFacts, MoveFact, StageInfo
from funneldesk.domain.move_table import LOST as LOST_PLACE
from funneldesk.domain.move_table import NONE, MoveTable, Past
from funneldesk.domain.move_table import WON as WON_PLACE
from funneldesk.domain.rates import Rates
from funneldesk.reports import ageing
from funneldesk.reports.ageing import (
    TRAINING_DAYS,
    _by_length,
    _observed,
    chances,
    chances_seen,
    chances_within,
    stays_by_rank,
)
from funneldesk.reports.backtest import _Past
from funneldesk.reports.draws import _by_chance
from funneldesk.reports.months import months_of
from funneldesk.reports.past_stays import PastStays
from funneldesk.reports.replay import replayed
from funneldesk.reports.timeline import OPEN, WON, Standing, Timeline, timeline
from tests.reports.standings import deal_standing

ZONES = ("UTC", "Europe/Warsaw", "America/St_Johns", "Pacific/Apia", "Asia/Kathmandu", "America/Havana")
SPAN = tuple(clock.to_micros(datetime(year, 1, 1, tzinfo=UTC)) for year in (1995, 2031))
K = 3
STAGES = tuple(StageInfo(rank, f"S{rank}", rank / 4) for rank in range(1, K + 1))


@given(st.lists(st.integers(*SPAN), max_size=20), st.sampled_from(ZONES))
def test_months_are_those_of_the_local_days(moments: list[int], name: str) -> None:
    zone = ZoneInfo(name)
    # and the last and first moments of months, where clocks may go back
    edges = [clock.start_of_day(clock.local_date(at, zone).replace(day=1), zone) for at in moments]
    asked = [*moments, *(at + shift for at in edges for shift in (-DAY // 24, -1, 0, 1, DAY // 48))]
    days = [clock.local_date(at, zone) for at in asked]
    assert months_of(asked, zone).tolist() == [12 * day.year + day.month - 1 for day in days]


PLACES = st.sampled_from([("open", 0), ("open", 1), ("open", 2), ("open", 3), ("won", 0), ("lost", 0)])
TIMES = st.one_of(st.none(), st.integers(0, 60))


@st.composite
def histories(draw: st.DrawFn) -> list[MoveFact]:
    """Moves of a few deals: times unknown, the same, or going back."""
    moves: list[MoveFact] = []
    for deal in range(1, draw(st.integers(1, 5)) + 1):
        steps = draw(st.lists(st.tuples(TIMES, PLACES), min_size=1, max_size=7))
        if draw(st.booleans()):
            steps = sorted(steps, key=lambda step: -1 if step[0] is None else step[0])
        for seq, (day, (kind, rank)) in enumerate(steps):
            at = None if day is None else day * DAY
            moves.append(MoveFact(deal, seq, at, None, 0, kind, rank, None, None, None))
    return moves


@given(histories(), st.lists(st.integers(0, 61), min_size=1, max_size=5))
def test_standing_and_reach_of_many_moments(moves: list[MoveFact], days: list[int]) -> None:
    moments = [day * DAY - 1 for day in days]
    at_once = told(moves)
    at_once.look_at(moments)
    for moment in moments:
        standing = at_once.standing(moment)
        assert standing.tolist() == told(moves).standing(moment).tolist()
        stood = at_once.stood(moment)
        assert stood.tolist() == standing[standing >= 0].tolist()
        reach = np.zeros(len(at_once.deals), dtype=int)
        reach[at_once.deal[stood]] = at_once.reach(stood, moment, K)
        for place, first in enumerate(at_once.first.tolist()):
            rows = [n for n in range(first, len(at_once.deal)) if at_once.deal[n] == place]
            until = [n for n in rows if at_once.at[n] <= moment]
            assert standing[place] == (first + len(until) - 1 if until else -1)
            here = [int(at_once.rank[n]) for n in until if at_once.kind[n] == OPEN]
            won = bool(until) and at_once.kind[first + len(until) - 1] == WON
            assert reach[place] == (K + 1 if won else max([0, *here]))


@given(histories(), st.lists(st.integers(0, 61), min_size=1, max_size=5), st.integers(0, 40))
def test_some_moves_stand_at_a_moment_as_among_all(
    moves: list[MoveFact], days: list[int], before: int
) -> None:
    history, moments = told(moves), sorted(day * DAY for day in days)
    for which in (history.kind == OPEN, history.kind == WON, history.rank > 1):
        some = Standing(history, which, moments[0], moments[-1])
        for moment in moments:
            expected = [row for row in history.stood(moment).tolist() if which[row]]
            assert some.rows[some.stood(moment)].tolist() == expected
            since = moment - before * DAY
            late = [row for row in expected if history.at[row] >= since]
            assert some.rows[some.stood(moment, since)].tolist() == late


MONTHS = [(day * DAY, (day + 30) * DAY) for day in (1, 31)]


@given(histories(), st.sampled_from((5, 60)), st.integers(0, 31))
def test_the_ends_that_a_past_month_learns_from(moves: list[MoveFact], training: int, bits: int) -> None:
    history = told(moves)
    usable = np.array([bool(bits >> place & 1) for place in range(len(history.deals))])
    worth = np.arange(len(history.at), dtype=float)
    worth[::3] = np.nan
    history = replace(history, amount=worth)
    facts = FunnelFacts(1, "F", STAGES, 61 * DAY, "EUR", (), ())
    past = _Past(facts, history, usable, None, MONTHS)
    for start, _end in MONTHS:
        moment, since = start - 1, start - training * DAY
        rows = [
            r for r in history.stood(moment).tolist() if history.kind[r] != OPEN and usable[history.deal[r]]
        ]
        rows = [row for row in rows if history.at[row] >= since]
        reach = history.reach(np.array(rows, dtype=int), moment, K).tolist()
        ended = past.ended_by(moment, since)
        assert ended.many == len(rows)
        won = [row for row in rows if history.kind[row] == WON]
        assert ended.known.tolist() == [worth[row] for row in won if np.isfinite(worth[row])]
        for rank in range(1, K + 1):
            came = [row for row, far in zip(rows, reach, strict=True) if far >= rank]
            assert ended.came[rank - 1] == len(came)
            assert ended.came_won[rank - 1] == len([row for row in came if row in won])


def told(moves: list[MoveFact]) -> Timeline:
    """Their columns."""
    ids = np.array(sorted({move.deal_id for move in moves}), dtype=np.int64)
    return timeline(moves, ids, np.full(len(ids), np.nan))


@given(histories(), st.integers(1, 61), st.one_of(st.none(), st.just(7.0)))
def test_stays_are_those_of_each_stage(moves: list[MoveFact], day: int, horizon: float | None) -> None:
    history, moment = told(moves), day * DAY
    usable = np.ones(len(history.deals), dtype=bool)
    every = stays_by_rank(history, usable, moment, K, horizon)
    after = history.until()
    for rank in range(1, K + 1):
        rows = (history.kind == OPEN) & (history.rank == rank) & np.isfinite(history.at)
        rows &= history.at <= moment
        left = np.where(np.isfinite(after) & (after <= moment), after, np.inf)
        expected = sorted(((moment - history.at[rows]) / DAY).tolist())
        assert sorted(every[rank].begun.tolist()) == expected
        assert sorted(every[rank].length.tolist()) == sorted(((left - history.at)[rows] / DAY).tolist())
        assert every[rank].count == rows.sum()
    whole = stays_by_rank(history, usable, moment, K)
    for own, all_ in zip(stays_by_rank(history, usable, moment, K, only_ended=True), whole, strict=True):
        assert own.ended.all()
        assert chances(own, AGES, 0.3).tolist() == chances(all_, AGES, 0.3).tolist()


AGES = np.concatenate((np.linspace(0, 2, 60), np.linspace(2, 61, 60)))


@given(histories(), st.integers(1, 61), st.sampled_from((1, 7, 30)), st.sampled_from((5.0, 365.0, np.inf)))
def test_past_stays_say_what_those_of_the_moment_say(
    moves: list[MoveFact], day: int, horizon: int, training: float
) -> None:
    history, moment = told(moves), day * DAY
    assume(history.in_order())
    usable = np.ones(len(history.deals), dtype=bool)
    past = PastStays(history, usable, K, 61 * DAY, 30 * DAY)
    seen = past.seen(moment, horizon * DAY, training)
    known = stays_by_rank(history, usable, moment, K, horizon, training)
    for rank in range(1, K + 1):
        stays, oldest = known[rank], training + horizon
        fresh = (stays.begun >= horizon) & (stays.begun <= oldest)
        assert seen.count[rank] == stays.count
        assert seen.fresh[rank] == fresh.sum()
        assert seen.fresh_won[rank] == (fresh & stays.won & (stays.to_close <= horizon)).sum()
        wins, all_ = _observed(_by_length(stays), past.steps.days, horizon, oldest)
        assert seen.all[rank].tolist() == all_.tolist()
        assert seen.wins[rank].tolist() == wins.tolist()
        with patch.object(ageing, "_CELLS", -1):
            plain = chances_within(stays, AGES, 0.3, horizon)
        found = chances_seen(seen, rank, past.steps.of(AGES), 0.3)
        assert found.tolist() == pytest.approx(plain.tolist())


@given(st.lists(st.floats(0.001, 1.0), min_size=1, max_size=30), st.integers(0, 1000))
def test_a_number_is_found_as_by_search(chances: list[float], seed: int) -> None:
    until = np.cumsum(chances) / np.sum(chances)
    until[-1] = 1.0
    drawn = np.random.default_rng(seed).random(200)
    assert _by_chance(until, drawn).tolist() == np.searchsorted(until, drawn).tolist()


@st.composite
def known_stays(draw: st.DrawFn) -> tuple[list[float], list[float], list[float]]:
    """Length, beginning and days to the win of some stays."""
    rows = []
    for _each in range(draw(st.integers(0, 30))):
        begun = draw(st.integers(0, 900)) / 2
        length = draw(st.one_of(st.just(np.inf), st.integers(0, int(begun * 2)).map(lambda n: n / 2)))
        won = draw(st.booleans()) and length < np.inf
        rows.append((length, begun, length + draw(st.integers(0, 80)) / 2 if won else np.inf))
    return tuple(map(list, zip(*sorted(rows), strict=True))) if rows else ([], [], [])  # type: ignore[return-value]


@given(known_stays(), st.lists(st.integers(0, 900), min_size=1, max_size=12), st.sampled_from((0.5, 30.0)))
def test_each_age_sees_the_stays_that_are_known_to_it(
    rows: tuple[list[float], list[float], list[float]], halves: list[int], horizon: float
) -> None:
    length, begun, to_win = (np.array(each, dtype=float) for each in rows)
    ages = np.array(sorted({half / 2 for half in halves}))
    wins, all_ = _observed((length, begun, to_win), ages, horizon, TRAINING_DAYS + horizon)
    for place, age in enumerate(ages.tolist()):
        ago = begun - age
        seen = (length > age) & (ago >= horizon) & (ago <= TRAINING_DAYS + horizon)
        assert all_[place] == seen.sum()
        assert wins[place] == (seen & (to_win <= age + horizon)).sum()


@given(histories())
def test_the_path_in_strict_order_is_that_of_each_deal(moves: list[MoveFact]) -> None:
    own: dict[int, list[MoveFact]] = {}
    for move in moves:
        own.setdefault(move.deal_id, []).append(move)
    table = {
        "id": list(own),
        "created": [1] * len(own),
        "manager": [NONE] * len(own),
        "staged": [1] * len(own),
    }
    place = {"open": 0, "won": WON_PLACE, "lost": LOST_PLACE}
    columns = {
        "deal": [move.deal_id for move in moves],
        "seq": [move.seq for move in moves],
        "at": [NONE if move.at is None else move.at for move in moves],
        "place": [place[move.to_kind] or move.to_rank for move in moves],
    }
    told_moves = MoveTable(columns, {1: 1, 2: 2, 3: 3})
    past = Past((), told_moves, Rates("EUR", ZoneInfo("UTC"), {}), DealTable(table))
    there, found = replayed(past, K, np.array(list(own)))
    assert there.all()
    for at, rows in enumerate(own.values()):
        standing = deal_standing(rows, K)
        assert found["strict"][at] == standing.strict
        assert found["visited"][at] == standing.visited
        assert found["reach"][at] == standing.reach
