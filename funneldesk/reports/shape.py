"""What the shape of a funnel says without comparing anybody: where most is lost, hangs or dries up (1.17)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports import active_funnel, key_stage, strategy
from funneldesk.reports.built import Line, amount_of
from funneldesk.reports.columns import OPEN, columns
from funneldesk.reports.cuts import Cell
from funneldesk.reports.population import with_status
from funneldesk.reports.stage_kinds import stage_kind
from funneldesk.reports.statistics import median, unusual_count, wilson
from funneldesk.reports.steps import Step, step

FEW = 10
WEEKS = 8  # those before the last one
LEAST_A_WEEK = 3.0  # entries; with fewer all weeks are alike
UNREASONED = 0.2  # of the losses


def finding(kind: str, code: str, deals: Sequence[DealFact] = (), **values: object) -> Line:
    """A line of the audit about these deals."""
    line = Line()
    line.put(kind=kind, finding=code, **values)
    line.count("count", deals)
    line.put(amount=amount_of(deals) if deals else None)
    return line


def worst_steps(facts: FunnelFacts, traced: Sequence[DealFact]) -> Iterator[Line]:
    """The step where most money is lost, and the one that loses the greatest share, if that is another."""
    steps = [(rank, step(traced, rank)) for rank in range(1, facts.k + 1)]
    judged = [(rank, each) for rank, each in steps if each.resolved >= FEW and each.lost]
    if not judged:
        return
    whole = sum(amount_of(each.lost) for _rank, each in judged)
    dearest, most = max(judged, key=lambda pair: (amount_of(pair[1].lost), len(pair[1].lost)))
    if whole:
        share = amount_of(most.lost) / whole
        yield _worst(facts, "most", dearest, most, share)
    rank, least = min(judged, key=lambda pair: pair[1].conversion or 0.0)
    if not whole or rank != dearest:
        yield _worst(facts, "least", rank, least, None)


def _worst(facts: FunnelFacts, code: str, rank: int, each: Step, share: float | None) -> Line:
    low, high = each.interval
    return finding(
        "step", f"{code}_{kind_of(facts, rank)}", each.lost,
        step=facts.stages[rank - 1].name, advanced=len(each.advanced), resolved=each.resolved,
        rate=each.conversion, low=low, high=high, share=share,
    )  # fmt: skip


def kind_of(facts: FunnelFacts, rank: int) -> str:
    """What the stage of this rank is for."""
    return stage_kind([stage.name for stage in facts.stages], rank)


def hanging(facts: FunnelFacts, request: ReportRequest) -> Iterator[Line]:
    """The stage where most money hangs at T, and every one of contract and payment where a deal does."""
    built = active_funnel.build([facts], request, Population.ACTIVE, None)
    late = [(rank, line) for rank, line in enumerate(built.lines, start=1) if line.values["hanging"]]
    if not late:
        return
    worst = max(late, key=lambda pair: (amount_of(pair[1].behind["hanging"]), pair[1].values["hanging"]))
    for rank, line in late:
        kind, deals = kind_of(facts, rank), line.behind["hanging"]
        if rank != worst[0] and kind not in ("contract", "payment"):
            continue
        ages = [age for deal in deals if (age := active_funnel.age_days(deal, facts.as_of)) is not None]
        yield finding(
            "hanging", f"hanging_{kind}", deals,
            step=facts.stages[rank - 1].name, days=max(ages, default=None),
        )  # fmt: skip


class Weekly(NamedTuple):
    """Deals that came into a stage in the seven days before T's day, and in each of the weeks before them."""

    rank: int
    last: list[int]  # ids of deals
    before: list[int]  # counts
    p: float


def weekly(facts: FunnelFacts) -> list[Weekly]:
    """By stage how unusual the last week was (1.11); stages that few deals come to are not judged."""
    import numpy as np

    zone = ZoneInfo(facts.zone)
    today = clock.local_date(facts.as_of, zone)
    bounds = [clock.start_of_day(today - timedelta(days=7 * n), zone) for n in range(WEEKS + 2)]
    moves = columns(facts.moves).effective()
    # an unknown time lies before all of them
    here = (moves.at >= bounds[-1]) & (moves.at < bounds[0]) & (moves.kind == OPEN) & (moves.rank > 0)
    came = moves.where(here & moves.counts).of(facts.deals)
    week = len(bounds) - 1 - np.searchsorted(bounds[::-1], came.at, side="right")
    entered = [
        [set(came.deal[(came.rank == rank) & (week == n)].tolist()) for n in range(WEEKS + 1)]
        for rank in range(1, facts.k + 1)
    ]
    found = []
    for rank, weeks in enumerate(entered, start=1):
        before = [len(week) for week in weeks[1:]]
        if sum(before) >= LEAST_A_WEEK * WEEKS:
            found.append(Weekly(rank, sorted(weeks[0]), before, unusual_count(len(weeks[0]), before)))
    return found


def week_line(facts: FunnelFacts, week: Weekly, q: float) -> Line:
    """An unusual week as a line."""
    usual = sum(week.before) / len(week.before)
    deals = {deal.id: deal for deal in facts.deals}
    few = len(week.last) < usual
    place = "top" if week.rank == 1 else "stage"
    return finding(
        "volume", f"week_{'few' if few else 'many'}_{place}", [deals[each] for each in week.last],
        step=facts.stages[week.rank - 1].name, usual=usual, q=q, flag="leak" if few else "boost",
    )  # fmt: skip


def deciding(facts: FunnelFacts, request: ReportRequest) -> tuple[Line | None, str | None, str | None]:
    """The key stage as a line where it is sure; and its name and that of the turning point."""
    built = key_stage.build([facts], request, Population.FINISHED, None)
    totals = built.totals.values
    name, turning = totals["key_stage"], totals["turning_point"]
    if name is None:
        return None, None, turning
    place = next(n for n, line in enumerate(built.lines) if line.values["stage"] == name)
    line = built.lines[place]
    low, high = wilson(line.values["won"], line.values["resolved"])
    told = finding(
        "key", "key_stage", line.behind["resolved"], step=name,
        advanced=line.values["won"], resolved=line.values["resolved"], rate=line.values["probability"],
        low=low, high=high, reference=built.lines[place - 1].values["probability"],
    )  # fmt: skip
    return told, name, turning


def people(
    facts: FunnelFacts, request: ReportRequest, population: Population, cells: Sequence[Cell]
) -> Iterator[Line]:
    """Who could take more contacts, and who has many that bring little (1.12)."""
    lines = [
        line
        for line in strategy.build([facts], request, population, None).lines
        if line.values["strategy"] is not None
    ]
    revenue = median([line.values["revenue_per_month"] for line in lines])
    volume = median([line.values["volume"] for line in lines])
    if revenue is None or volume is None:
        return
    for line in lines:
        known, told = line.values, dict[str, object]()
        if known["strategy"] == "under-loaded" and known["revenue_per_month"] >= revenue:
            code = "more_contacts"
        elif strategy.takes_many(known["volume"], volume) and known["revenue_per_month"] < revenue:
            code, weakest = "weakest_step", _weakest(known["manager"], cells)
            if weakest is None:
                continue
            told = {
                "step": facts.stages[weakest.rank - 1].name, "rate": weakest.rate,
                "advanced": weakest.on, "resolved": weakest.resolved,
                "reference": weakest.verdict.reference,
            }  # fmt: skip
        else:
            continue
        yield finding(
            "people", code, line.behind["deals"], by="manager", slice=known["manager"],
            month_deals=known["volume"], usual=volume, **told,
        )  # fmt: skip


def _weakest(manager: str, cells: Sequence[Cell]) -> Cell | None:
    """The step of a manager furthest below the others', more than chance or not."""
    below = [
        cell
        for cell in cells
        if cell.by == "manager" and cell.rank and cell.label == manager
        and cell.verdict.reference is not None and cell.rate < cell.verdict.reference
    ]  # fmt: skip
    return min(below, key=lambda cell: cell.rate - (cell.verdict.reference or 0.0), default=None)


def without_reason(deals: Sequence[DealFact]) -> Iterator[Line]:
    """Losses of which nobody said why."""
    lost = with_status(deals, "lost")
    silent = [deal for deal in lost if deal.loss_reason_id is None]
    if len(lost) >= FEW and len(silent) >= UNREASONED * len(lost):
        yield finding("record", "no_reason", silent, resolved=len(lost), share=len(silent) / len(lost))
