"""`reaction`: how soon somebody answers a new lead (DEFINITIONS: reaction)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, label_of, text
from funneldesk.reports.cases import Case, arrivals
from funneldesk.reports.columns import columns
from funneldesk.reports.deal_columns import told
from funneldesk.reports.reaction_columns import Waits, waits_of
from funneldesk.reports.statistics import percentiles

HOUR = DAY / 24
_NEVER = 1 << 62
_NUMBERS = (
    *counts("leads", "answered", opens=False),
    Column("median_hours", Type.NUMBER),
    Column("p90_hours", Type.NUMBER),
    *counts("unanswered", "unanswered_day", opens=False),
    *counts("deals"),
)
_COLUMNS = (*text("manager"), *_NUMBERS)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per manager of the leads (and deals without one) that arrived in the period; hours.

    The reaction is the first activity or the first move after the arrival.  `unanswered` have had
    none until T, `unanswered_day` of them for more than a day; `deals`: those that are deals.
    """
    if all(told(facts) for facts in funnels):
        return _told(funnels, request)
    cases, excluded = arrivals(funnels, request)
    dated = [case for case in cases if case.arrived is not None]
    excluded["no_created_at"] += len(cases) - len(dated)
    waited = waits(funnels, dated)
    by_manager: dict[int | None, list[tuple[Case, float | None]]] = {}
    for pair in zip(dated, waited, strict=True):
        by_manager.setdefault(pair[0].manager, []).append(pair)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    lines = []
    for manager, own in by_manager.items():
        line = _line(own, funnels[0].as_of)
        line.put(manager=label_of(names, manager))
        lines.append(line)
    lines.sort(key=_by_leads)
    totals = _line(list(zip(dated, waited, strict=True)), funnels[0].as_of)
    return Built(_COLUMNS, lines, _NUMBERS, totals, excluded)


def _told(funnels: Sequence[FunnelFacts], request: ReportRequest) -> Built:
    """The same from columns; they open no deals."""
    import numpy as np

    waits, undated = waits_of(funnels, request)
    as_of = funnels[0].as_of
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    managers, first = np.unique(waits.manager, return_index=True)
    lines = []
    for place in np.argsort(first):
        manager = int(managers[place])
        line = _told_line(waits.of(manager), as_of)
        line.put(manager=label_of(names, None if manager == NONE else manager))
        lines.append(line)
    lines.sort(key=_by_leads)
    return Built(_COLUMNS, lines, _NUMBERS, _told_line(waits, as_of), {"no_created_at": undated})


def _told_line(waits: Waits, as_of: int) -> Line:
    line = Line()
    waiting = waits.waiting
    hours = ((waits.answered - waits.arrived)[~waiting] / HOUR).tolist()
    late = waiting & (as_of - waits.arrived > DAY)
    _numbers(line, hours, int(waiting.sum()), int(late.sum()))
    line.put(deals=int(waits.is_deal.sum()))
    return line


def _numbers(line: Line, hours: list[float], waiting: int, waiting_long: int) -> None:
    line.put(leads=len(hours) + waiting, answered=len(hours), unanswered=waiting)
    middle, late = percentiles(hours, (0.5, 0.9))
    line.put(median_hours=middle, p90_hours=late, unanswered_day=waiting_long)


def _line(cases: Sequence[tuple[Case, float | None]], as_of: int) -> Line:
    line = Line()
    hours = [wait for _, wait in cases if wait is not None]
    waiting = [case for case, wait in cases if wait is None]
    _numbers(line, hours, len(waiting), sum(1 for case in waiting if as_of - (case.arrived or 0) > DAY))
    line.count("deals", [case.deal for case, _ in cases if case.deal is not None])
    return line


def waits(funnels: Sequence[FunnelFacts], cases: Sequence[Case]) -> list[float | None]:
    """Of each case the hours until the first activity or move after it arrived; None = none yet."""
    of_lead: dict[int, list[int]] = {}
    for facts in funnels:
        for activity in facts.activities:
            if activity.lead_id is not None:
                of_lead.setdefault(activity.lead_id, []).append(activity.done_at)
    of_deal = _after(funnels, cases)
    found: list[float | None] = []
    for case in cases:
        arrived = case.arrived or 0
        first = None if case.deal is None else of_deal(case.deal.id, arrived)
        times = [] if first is None else [first]
        if case.lead is not None:
            times += [at for at in of_lead.get(case.lead.id, ()) if at >= arrived]
            if case.deal is not None and case.deal.created_at is not None and case.deal.created_at >= arrived:
                times.append(case.deal.created_at)  # to be made a deal is a move too
        found.append((min(times) - arrived) / HOUR if times else None)
    return found


def _after(funnels: Sequence[FunnelFacts], cases: Sequence[Case]) -> Callable[[int, int], int | None]:
    """A function: deal and moment -> the first activity or move of the deal from then on."""
    import numpy as np

    done = [each for facts in funnels for each in facts.activities if each.deal_id is not None]
    whose = np.fromiter((each.deal_id for each in done), dtype=np.int64, count=len(done))
    when = np.fromiter((each.done_at for each in done), dtype=np.int64, count=len(done))
    told = [np.stack((whose, when))]
    for facts in funnels:
        moves = columns(facts.moves).effective()
        moved = np.zeros(len(moves.deal), dtype=bool)
        moved[1:] = moves.deal[1:] == moves.deal[:-1]
        moved &= moves.at != NONE
        told.append(np.stack((moves.deal[moved], moves.at[moved])))
    deal, at = np.concatenate(told, axis=1)
    # of those that arrived at only one moment the first thing after it is found for all at once
    moments: dict[int, int] = {}
    several: set[int] = set()
    for case in cases:
        if case.deal is not None and moments.setdefault(case.deal.id, case.arrived or 0) != (
            case.arrived or 0
        ):
            several.add(case.deal.id)
    ids = np.array(sorted(moments), dtype=np.int64)
    since = np.array([moments[each] for each in ids.tolist()], dtype=np.int64)
    place = np.minimum(np.searchsorted(ids, deal), max(len(ids) - 1, 0))
    asked = ids[place] == deal if len(ids) else np.zeros(len(deal), dtype=bool)
    late = asked & (at >= since[place]) if len(ids) else asked
    first = np.full(len(ids), _NEVER)
    np.minimum.at(first, place[late], at[late])
    soonest = dict(zip(ids.tolist(), first.tolist(), strict=True))
    every: dict[int, list[int]] = {each: [] for each in several}
    if several:
        own = np.isin(deal, list(several))
        for deal_id, moment in zip(deal[own].tolist(), at[own].tolist(), strict=True):
            every[deal_id].append(moment)

    def found(deal_id: int, arrived: int) -> int | None:
        if deal_id in every:
            return min((moment for moment in every[deal_id] if moment >= arrived), default=None)
        at_first = soonest[deal_id]
        return None if at_first == _NEVER else at_first

    return found


def _by_leads(line: Line) -> tuple[bool, int, str]:
    name = line.values["manager"]
    return name is None, -line.values["leads"], name or ""
