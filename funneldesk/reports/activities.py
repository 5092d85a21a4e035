"""`activities`: how much work an entry into a stage takes: calls per offer and the like (1.13)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funneldesk.domain.facts import DealFact, FunnelFacts, MoveFact
from funneldesk.domain.results import Column, Population, ReportRequest, Rule, Type
from funneldesk.reports.built import Built, Line, counts, label_of, text
from funneldesk.reports.moves import effective
from funneldesk.reports.population import known, select_staged
from funneldesk.reports.statistics import median

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
    chosen = select_staged(facts, request, population)
    deals = known(chosen.deals)
    done = _by_deal(facts, {deal.id for deal in deals})
    own_moves = effective(facts.moves)
    entries = {deal.id: _first_entries(own_moves.get(deal.id, ()), facts.k) for deal in deals}
    kinds = sorted({kind for own in done.values() for kind in own})
    by_owner: dict[int | None, list[DealFact]] = {}
    for deal in deals:
        by_owner.setdefault(deal.owner, []).append(deal)
    order = sorted(by_owner, key=lambda o: (o is None, label_of(facts.managers, o) or "", o or 0))
    lines = []
    for owner in order:
        scope = "unassigned" if owner is None else "manager"
        name = label_of(facts.managers, owner)
        lines += _lines(facts, by_owner[owner], kinds, done, entries, {"manager": name, "scope": scope})
    lines += _lines(facts, deals, kinds, done, entries, {"manager": None, "scope": "team"})
    return Built(_COLUMNS, lines, excluded=chosen.excluded)


Done = dict[int, dict[str, list[int]]]
Entries = dict[int, list[tuple[bool, int | None]]]


def _by_deal(facts: FunnelFacts, ids: set[int]) -> Done:
    done: Done = {}
    for activity in facts.activities:
        if activity.deal_id in ids:
            done.setdefault(activity.deal_id, {}).setdefault(activity.kind, []).append(activity.done_at)
    return done


def _first_entries(own: Sequence[MoveFact], k: int) -> list[tuple[bool, int | None]]:
    """By rank whether the deal entered the stage, and when first (None = unknown)."""
    found: list[tuple[bool, int | None]] = [(False, None)] * k
    for move in own:
        if move.to_kind == "open" and move.to_rank > 0 and not found[move.to_rank - 1][0]:
            found[move.to_rank - 1] = (True, move.at)
    return found


def _lines(
    facts: FunnelFacts,
    deals: list[DealFact],
    kinds: Sequence[str],
    done: Done,
    entries: Entries,
    whose: dict[str, Any],
) -> list[Line]:
    lines = []
    for kind in kinds:
        times = {deal.id: done.get(deal.id, {}).get(kind, []) for deal in deals}
        if not any(times.values()):
            continue
        for rank, stage in enumerate(facts.stages):
            line = Line()
            line.put(**whose, kind=kind, stage=stage.name)
            before = {deal.id: _before(times[deal.id], entries[deal.id][rank]) for deal in deals}
            entered = [deal for deal in deals if entries[deal.id][rank][0]]
            total = sum(before.values())
            line.put(done=total)
            line.count("entered", entered)
            line.put(per_entry=total / len(entered) if entered else None)
            line.put(median_success=median([before[deal.id] for deal in entered]))
            lines.append(line)
    return lines


def _before(times: Sequence[int], entry: tuple[bool, int | None]) -> int:
    entered, at = entry
    if not entered:
        return len(times)
    # an entry at an unknown time lies before everything
    return 0 if at is None else sum(1 for each in times if each < at)
