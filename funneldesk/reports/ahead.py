"""What a goal still takes: new deals by stage, calls and meetings a working day, prospects by source.

It stands beside the report `reverse-plan` and is counted after it, of facts of its own: who looks at the need
by stage does not wait for a look at everything that was done.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.ahead import Ahead
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.reports.built import amount_of
from funneldesk.reports.columns import OPEN, columns
from funneldesk.reports.forecast import period_of
from funneldesk.reports.outlook import in_stages, won_within
from funneldesk.reports.probability import chosen, resolved
from funneldesk.reports.prospects import SHARE, spread
from funneldesk.reports.report_info import ReportInfo
from funneldesk.reports.statistics import whole_up

REPORT = "reverse-plan"
KINDS = ("call", "meeting", "letter", "message")  # contacts with the client, one by one
ENOUGH = 10  # ended deals from which work, and wins from which a length, is learnt


def info_of(plan: ReportInfo) -> ReportInfo:
    """What is looked at for it; `plan` is the entry of the reverse plan."""
    return replace(plan, looks_at=None, moves=True, activities=True, leads=True, ledger=True, learns=True)


def look(facts: FunnelFacts, request: ReportRequest, report: Report) -> Ahead | None:
    """What the goal of `report` still takes; None where it has no goal in wins.

    Missing: the goal - what is won in the period (of a goal in money: the missing money / average won
    amount); new deals bring what the open ones are not expected to, sum of p_k of their stages.
    Entries still needed at stage k: new wins / p_k.  Work: see `_work`.
    """
    target, average = report.totals["target_wins"], report.totals["won_average"]
    if target is None:
        return None
    zone = ZoneInfo(facts.zone)
    period = period_of(request, facts.as_of, zone)
    won = won_within(facts, period)
    missing = float(target - len(won))
    if request.plan is None and request.plan_amount is not None:
        missing = (request.plan_amount - amount_of(won)) / average
    missing = max(0.0, missing)
    open_deals, chances = in_stages(facts.deals), chosen(facts)
    expected = math.fsum(chances[deal.stage - 1] for deal in open_deals)
    new_wins = max(0.0, missing - expected)
    new = _needed(new_wins, chances[0])
    way = (request.by or (SHARE,))[0]
    learnt = resolved(facts.whole or facts)
    days = clock.working_days(facts.as_of, period.start, period.end, zone)
    last, longest = _start_by(learnt, period.end, zone)
    return Ahead(
        start=period.start,
        end=period.end,
        by=way,
        won=len(won),
        won_amount=amount_of(won),
        missing_wins=missing,
        expected_wins=expected,
        new_wins=new_wins,
        new_deals=None if new is None else whole_up(new),
        working_days=days,
        start_by=last,
        cycle_days=longest,
        decided=len(learnt),
        stages=_stages(facts, open_deals, len(won), new_wins, chances),
        work=_work(facts, learnt, open_deals, chances, new_wins, days) if missing else (),
        prospects=spread(facts, request, new, way) if new else None,
    )


def _needed(wins: float, chance: float) -> float | None:
    return wins / chance if chance > 0 else 0.0 if not wins else None


def _start_by(learnt: Sequence[DealFact], end: int, zone: ZoneInfo) -> tuple[date | None, float | None]:
    """The last day to come for three of four, by the lengths of the wins learnt from, and that length."""
    import numpy as np

    lengths = [
        (deal.closed_at - deal.created_at) / DAY
        for deal in learnt
        if deal.status == "won" and deal.created_at is not None and deal.closed_at is not None
    ]
    lengths = [each for each in lengths if each >= 0]
    if len(lengths) < ENOUGH:
        return None, None
    longest = float(np.quantile(lengths, 0.75))
    return clock.local_date(end - 1 - round(longest * DAY), zone), longest


def _stages(
    facts: FunnelFacts, open_deals: Sequence[DealFact], won: int, new_wins: float, chances: Sequence[float]
) -> tuple[Mapping[str, Any], ...]:
    """`there`: open at the stage or further on, and won in the period; all of them have come to the stage."""
    here = Counter(deal.stage for deal in open_deals)
    rows = []
    for rank, (stage, chance) in enumerate(zip(facts.stages, chances, strict=True), start=1):
        entries = _needed(new_wins, chance)
        rows.append(
            {
                "stage": stage.name,
                "open": here[rank],
                "there": won + sum(here[each] for each in range(rank, facts.k + 1)),
                "probability": chance,
                "still": None if entries is None else whole_up(entries),
            }
        )
    return tuple(rows)


def _work(
    facts: FunnelFacts,
    learnt: Sequence[DealFact],
    open_deals: Sequence[DealFact],
    chances: Sequence[float],
    new_wins: float,
    days: int,
) -> tuple[Mapping[str, Any], ...]:
    """A row per kind of contact that was ever done with an ended deal.

    Work a_k at stage k = contacts after k was reached and before anything further was, of all ended
    deals, those that went no further included, per ended deal that reached k.  `per_win` = sum of a_k / p_k.
    `for_new` = new wins * per_win.  `for_open`: of a deal in stage j what is left of a_j, and
    a_i * p_j / p_i of each later stage i.  A stage with p_k = 0 is no step to a win: its a_k / p_k is 0.
    `in_all` is both, each rounded up; `per_day` = that / working days left, rounded up, None without any.
    """
    ended, stands = {deal.id: deal.closed_at for deal in learnt}, {deal.id: deal.stage for deal in open_deals}
    done = Counter((kind, rank) for _deal, kind, rank in _contacts(facts, facts.whole or facts, ended))
    here = Counter(
        (deal_id, kind)
        for deal_id, kind, rank in _contacts(facts, facts, dict.fromkeys(stands, facts.as_of))
        if rank >= stands[deal_id]
    )
    today = _today(facts, {deal.id for deal in facts.deals})
    reached = [sum(1 for deal in learnt if deal.reach >= rank) for rank in range(1, facts.k + 1)]
    rows = []
    for kind in KINDS:
        each = [done[kind, rank] / max(1, n) for rank, n in enumerate(reached, start=1)]
        for_win = [a / p if p else 0.0 for a, p in zip(each, chances, strict=True)]
        per_win = sum(for_win)
        if not per_win or not chances[0]:
            continue
        left = 0.0
        for deal in open_deals:
            place = deal.stage - 1
            left += max(0.0, each[place] - here[deal.id, kind])
            left += chances[place] * sum(for_win[deal.stage :])
        for_open, for_new = whole_up(left), whole_up(new_wins * per_win)
        in_all = for_open + for_new
        rows.append(
            {
                "kind": kind,
                "per_win": per_win,
                "for_open": for_open,
                "for_new": for_new,
                "in_all": in_all,
                "per_day": math.ceil(in_all / days) if days else None,
                "done_today": today[kind],
            }
        )
    return tuple(rows)


def _contacts(
    facts: FunnelFacts, moved: FunnelFacts, until: Mapping[int, int | None]
) -> Iterator[tuple[int, str, int]]:
    """Of these deals the contacts up to a moment: deal, kind, the furthest stage it had come to by then."""
    reached = _furthest(moved, until)
    for activity in facts.activities:
        deal_id = activity.deal_id
        if deal_id is None or activity.kind not in KINDS or deal_id not in until:
            continue
        last = until[deal_id]
        if last is not None and activity.done_at <= last:
            times, ranks = reached.get(deal_id, ([], []))
            place = bisect_right(times, activity.done_at)
            yield deal_id, activity.kind, ranks[place - 1] if place else 1


def _furthest(moved: FunnelFacts, ids: Collection[int]) -> dict[int, tuple[list[int], list[int]]]:
    """By deal the moments at which it came further than ever, and the ranks it came to."""
    import numpy as np

    moves = columns(moved.moves)
    wanted = (moves.kind == OPEN) & (moves.rank > 0) & (moves.at != NONE)
    moves = moves.where(wanted & np.isin(moves.deal, np.fromiter(ids, dtype=np.int64, count=len(ids))))
    found: dict[int, tuple[list[int], list[int]]] = {}
    for deal_id, at, rank in zip(moves.deal.tolist(), moves.at.tolist(), moves.rank.tolist(), strict=True):
        times, ranks = found.setdefault(deal_id, ([], []))
        if not ranks or rank > ranks[-1]:
            times.append(at)
            ranks.append(rank)
    return found


def _today(facts: FunnelFacts, ids: set[int]) -> Counter[str]:
    zone = ZoneInfo(facts.zone)
    begun = clock.start_of_day(clock.local_date(facts.as_of, zone), zone)
    return Counter(a.kind for a in facts.activities if a.deal_id in ids and a.done_at >= begun)
