"""`activities`: how much work an entry into a stage takes: calls per offer and the like (1.13)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports import activities_columns
from funneldesk.reports.built import Built, Line, counts, label_of, text
from funneldesk.reports.deal_columns import told
from funneldesk.reports.moves import effective
from funneldesk.reports.population import known, select_staged

_COLUMNS = (
    *text("manager", "kind", "stage"),
    *counts("done", opens=False),
    *counts("entered"),
    Column("per_entry", Type.NUMBER),
    Column("median_success", Type.NUMBER),
)


def build(
    funnels: Sequence[FunnelFacts], request: ReportRequest, population: Population, rule: Rule | None
) -> Built:
    """A row per owner, kind and stage; `scope` tells manager, unassigned and team (the last rows).

    `done` = activities of the kind before the first entry into the stage, those on deals that never
    got there included, whoever did them.  `per_entry` = done / deals that really entered; None
    without an entry (more than `done` are needed).  `median_success`: of the deals that entered.
    """
    facts = funnels[0]
    if told(facts):
        return _told(facts, request, population)
    chosen = select_staged(facts, request, population)
    deals = known(chosen.deals)
    times = _times(facts, {deal.id for deal in deals})
    own_moves = effective(facts.moves)
    by_owner: dict[int | None, list[_Work]] = {}
    for deal in deals:
        entries = _first_entries(own_moves.get(deal.id, ()), facts.k)
        before = {kind: _before(own, entries) for kind, own in times.get(deal.id, {}).items()}
        by_owner.setdefault(deal.owner, []).append(_Work(deal, entries, before))
    order = _by_name(facts, by_owner)
    lines = []
    for owner in order:
        scope = "unassigned" if owner is None else "manager"
        name = label_of(facts.managers, owner)
        lines += _lines(facts, by_owner[owner], {"manager": name, "scope": scope})
    team = [work for owner in order for work in by_owner[owner]]
    lines += _lines(facts, team, {"manager": None, "scope": "team"})
    return Built(_COLUMNS, lines, excluded=chosen.excluded)


def _told(facts: FunnelFacts, request: ReportRequest, population: Population) -> Built:
    """The same from columns; they open no deals."""
    works, owners, excluded = activities_columns.works(facts, request, population)
    order = {owner: place for place, owner in enumerate(_by_name(facts, owners))}
    works.sort(key=lambda work: (work.team, 0 if work.team else order[work.owner], work.kind, work.rank))
    lines = []
    for work in works:
        line = Line()
        scope = "team" if work.team else "unassigned" if work.owner is None else "manager"
        line.put(manager=label_of(facts.managers, work.owner), scope=scope, kind=work.kind)
        line.put(stage=facts.stages[work.rank - 1].name, done=work.done, entered=work.entered)
        line.put(per_entry=work.done / work.entered if work.entered else None, median_success=work.median)
        lines.append(line)
    return Built(_COLUMNS, lines, excluded=excluded)


def _by_name(facts: FunnelFacts, owners: Iterable[int | None]) -> list[int | None]:
    return sorted(owners, key=lambda o: (o is None, label_of(facts.managers, o) or "", o or 0))


# by rank: not entered, or entered at a moment (None = unknown)
Entries = list[tuple[bool, int | None]]


class _Work(NamedTuple):
    """A deal, its first entries, and by kind how much was done before each of them."""

    deal: DealFact
    entries: Entries
    before: dict[str, list[int]]


def _times(facts: FunnelFacts, ids: set[int]) -> dict[int, dict[str, list[int]]]:
    """By deal and kind the times of the activities, in order."""
    found: dict[int, dict[str, list[int]]] = {}
    for activity in sorted(facts.activities, key=lambda each: each.done_at):
        if activity.deal_id in ids:
            found.setdefault(activity.deal_id, {}).setdefault(activity.kind, []).append(activity.done_at)
    return found


def _first_entries(own: Sequence[MoveFact], k: int) -> Entries:
    found: Entries = [(False, None)] * k
    for move in own:
        if move.to_kind == "open" and move.to_rank > 0 and not found[move.to_rank - 1][0]:
            found[move.to_rank - 1] = (True, move.at)
    return found


def _before(times: Sequence[int], entries: Entries) -> list[int]:
    """How many of `times` lie before each entry: all where there is none, none before an unknown one."""
    found = []
    for entered, at in entries:
        if not entered:
            found.append(len(times))
        else:
            found.append(0 if at is None else bisect_left(times, at))
    return found


def _lines(facts: FunnelFacts, works: list[_Work], whose: dict[str, Any]) -> list[Line]:
    entered = [[work.deal for work in works if work.entries[rank][0]] for rank in range(facts.k)]
    lines = []
    for kind in sorted({kind for work in works for kind in work.before}):
        own = [(work.entries, work.before[kind]) for work in works if kind in work.before]
        for rank, stage in enumerate(facts.stages):
            line = Line()
            line.put(**whose, kind=kind, stage=stage.name)
            total, came = sum(before[rank] for _, before in own), len(entered[rank])
            line.put(done=total)
            line.count("entered", entered[rank])
            line.put(per_entry=total / came if came else None)
            some = [before[rank] for entries, before in own if entries[rank][0] and before[rank]]
            line.put(median_success=_median_with_zeros(some, came))
            lines.append(line)
    return lines


def _median_with_zeros(some: list[int], count: int) -> float | None:
    """The median of `count` numbers of which all but `some` are zero."""
    if not count:
        return None
    zeros = count - len(some)
    some.sort()

    def at(place: int) -> int:
        return 0 if place < zeros else some[place - zeros]

    return (at((count - 1) // 2) + at(count // 2)) / 2
