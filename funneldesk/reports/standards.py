"""`standards`: how far the standards of contact are kept, and what is outside them now."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.goals import Standard, StandardKind
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, label_of, rates, ratio, text
from funneldesk.reports.cases import Case, arrivals
from funneldesk.reports.moves import effective
from funneldesk.reports.reaction import waits

_COLUMNS = (
    *text("standard"),
    Column("limit", Type.NUMBER),
    *text("label", "manager"),
    Column("checked", Type.NUMBER),
    Column("kept", Type.NUMBER),
    *rates("kept_share"),
    *counts("broken_now"),
)


class _Kept(NamedTuple):
    """Of one deal or lead: how much of it was looked at, how much was inside, whether it is outside now."""

    manager: int | None
    checked: float
    kept: float
    deal: DealFact | None
    broken: bool


class _Stay(NamedTuple):
    """A time in which a standard holds for a deal."""

    begin: int
    end: int
    lasts: bool  # at T it is so still


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per standard and manager, the team first.

    Contact (`checked` and `kept` in days): a deal's open days in the period, in the standard's stage
    when it names one; a day is inside while the last contact with the deal or its client, or the
    beginning, is not longer ago than the limit.  Answer (in leads): those that arrived in the period and
    were answered or have waited longer than the limit.  `broken_now`: deals outside it at T.
    """
    lines: list[Line] = []
    cases, excluded = arrivals(funnels, request)
    dated = [case for case in cases if case.arrived is not None]
    waited = waits(funnels, dated)
    names = {key: name for facts in funnels for key, name in facts.managers.items()}
    for standard in funnels[0].ledger.standards:
        if standard.kind == StandardKind.ANSWER:
            found = _answers(funnels, standard, dated, waited)
        else:
            found = [kept for facts in funnels for kept in _contacts(facts, funnels[0], standard, request)]
        lines += _rows(funnels, standard, found, names)
    return Built(_COLUMNS, lines, excluded=excluded)


def _rows(
    funnels: Sequence[FunnelFacts], standard: Standard, found: Sequence[_Kept], names: dict[int, str]
) -> list[Line]:
    stages = {stage.id: stage.name for facts in funnels for stage in facts.stages}
    label = stages.get(standard.stage_id or 0) or standard.category
    if standard.stage_id is not None and standard.stage_id not in stages:
        return []  # a stage of a funnel that is not looked at
    people = sorted({kept.manager for kept in found}, key=lambda m: (m is None, names.get(m or 0, "")))
    lines = []
    for team, own in [(True, list(found)), *((False, [k for k in found if k.manager == m]) for m in people)]:
        line = Line()
        checked, kept = sum(k.checked for k in own), sum(k.kept for k in own)
        line.put(standard=standard.kind, limit=standard.limit_, label=label)
        line.put(manager=None if team or not own else label_of(names, own[0].manager))
        if team:
            line.put(scope="team")
        line.put(checked=round(checked, 6), kept=round(kept, 6), kept_share=ratio(kept, checked))
        line.count("broken_now", [k.deal for k in own if k.broken and k.deal is not None])
        lines.append(line)
    return lines


def _answers(
    funnels: Sequence[FunnelFacts], standard: Standard, cases: Sequence[Case], waited: Sequence[float | None]
) -> list[_Kept]:
    as_of = funnels[0].as_of
    found = []
    for case, hours in zip(cases, waited, strict=True):
        if not _of_category(funnels, standard, case.deal):
            continue
        since = (as_of - (case.arrived or 0)) / DAY * 24
        if hours is None and since <= standard.limit_:
            continue  # there is still time
        kept = hours is not None and hours <= standard.limit_
        found.append(_Kept(case.manager, 1, float(kept), case.deal, hours is None))
    return found


def _of_category(funnels: Sequence[FunnelFacts], standard: Standard, deal: DealFact | None) -> bool:
    if standard.category is None:
        return True
    return deal is not None and any(_category(facts, deal) == standard.category for facts in funnels)


def _category(facts: FunnelFacts, deal: DealFact) -> str | None:
    if deal.company_id is not None:
        return facts.categories.get(("company", deal.company_id))
    return facts.categories.get(("person", deal.person_id or 0))


def _contacts(
    facts: FunnelFacts, first: FunnelFacts, standard: Standard, request: ReportRequest
) -> Iterator[_Kept]:
    rank = next((n for n, s in enumerate(facts.stages, 1) if s.id == standard.stage_id), None)
    if standard.stage_id is not None and rank is None:
        return
    moves = effective(facts.moves)
    times = _times(first)
    limit = int(standard.limit_ * DAY)
    low = request.start if request.start is not None else -(2**62)
    high = min(facts.as_of, request.end if request.end is not None else facts.as_of)
    for deal in facts.deals:
        if not _of_category([facts], standard, deal):
            continue
        mine = _of_deal(times, deal)
        checked = outside = 0
        broken = False
        for stay in _stays(facts, moves.get(deal.id, []), rank):
            one, two, late = _inside(stay, mine, limit, low, high)
            checked, outside = checked + one, outside + two
            broken = broken or (stay.lasts and late)
        if checked:
            yield _Kept(deal.owner, checked / DAY, (checked - outside) / DAY, deal, broken)


Times = tuple[dict[int, list[int]], dict[int, list[int]], dict[int, list[int]]]


def _times(facts: FunnelFacts) -> Times:
    """When there was contact, by deal, company and person."""
    deals: dict[int, list[int]] = {}
    companies: dict[int, list[int]] = {}
    people: dict[int, list[int]] = {}
    for activity in facts.activities:
        for found, key in (
            (deals, activity.deal_id), (companies, activity.company_id), (people, activity.person_id)
        ):  # fmt: skip
            if key is not None:
                found.setdefault(key, []).append(activity.done_at)
    return deals, companies, people


def _of_deal(times: Times, deal: DealFact) -> list[int]:
    deals, companies, people = times
    own = set(deals.get(deal.id, ()))
    if deal.company_id is not None:
        own.update(companies.get(deal.company_id, ()))
    elif deal.person_id is not None:
        own.update(people.get(deal.person_id, ()))
    return sorted(own)


def _stays(facts: FunnelFacts, moves: Sequence[MoveFact], rank: int | None) -> Iterator[_Stay]:
    """The times in which a deal was open, at the stage of that rank when one is asked for."""
    begin: int | None = None
    for move in moves:
        if move.at is None:
            continue
        here = move.to_kind == "open" and (rank is None or move.to_rank == rank)
        if begin is not None and not here:
            yield _Stay(begin, move.at, lasts=False)
            begin = None
        elif begin is None and here:
            begin = move.at
    if begin is not None:
        yield _Stay(begin, facts.as_of, lasts=True)


def _inside(stay: _Stay, contacts: Sequence[int], limit: int, low: int, high: int) -> tuple[int, int, bool]:
    """(looked at, of it outside the limit, whether it is outside at the end), in microseconds."""
    points = [stay.begin]
    points += [at for at in contacts[bisect_right(contacts, stay.begin) :] if at < stay.end]
    outside = 0
    for last, following in zip(points, [*points[1:], stay.end], strict=True):
        outside += _overlap(last + limit, following, low, high)
    return _overlap(stay.begin, stay.end, low, high), outside, stay.end - points[-1] > limit


def _overlap(begin: int, end: int, low: int, high: int) -> int:
    return max(0, min(end, high) - max(begin, low))
