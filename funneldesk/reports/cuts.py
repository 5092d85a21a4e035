"""A population cut into slices in every way, each slice of each step beside the others (1.11)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.goals import Mark
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.leaks import SLICES, Traced, parts, slice_key, slice_label
from funneldesk.reports.population import closed, has_period, with_status, within
from funneldesk.reports.slices import Verdict, judge
from funneldesk.reports.steps import step

BEFORE_DAYS = 90  # on either side of a marked change
MOST_MARKS = 12  # the latest ones: every comparison more makes the others less sure
WIN_RATE = 0  # the rank of a comparison of win rates

Deals = list[DealFact]
Told = TypeVar("Told", bound=Sized)  # deals, or their places


@dataclass(frozen=True, slots=True)
class Cell:
    """One slice at one step (or its win rate), what went on and what was lost, there and elsewhere.

    Most stand out by nothing: of those the deals are not listed.
    """

    by: str  # manager, source, product, month, mark
    label: str | None
    rank: int  # of the step; WIN_RATE
    on: int  # so many went on
    resolved: int  # of so many it is known whether they did
    advanced: Deals
    lost: Deals
    other_advanced: Deals
    other_lost: Deals
    verdict: Verdict

    @property
    def rate(self) -> float:
        """The share that went on, 0 of nothing."""
        return self.on / self.resolved if self.resolved else 0.0


KeyOf = Callable[[DealFact, int], Any]


class Cuts:
    """`deals` (a known path, whatever the population) cut by manager, source, product, month and mark."""

    def __init__(self, facts: FunnelFacts, deals: Sequence[DealFact], request: ReportRequest) -> None:
        self._facts, self._deals, self._minimum = facts, deals, request.minimum_n
        self._traced = Traced(deals)
        self._parts = {by: parts(facts, by, self._traced) for by in SLICES}
        self._labels = {by: slice_label(facts, by) for by in SLICES}
        self._owners: dict[int, Mapping[int, Any]] = {}
        self._keys: dict[str, KeyOf] = {}
        self.marks = _marks_of(facts, request)

    def cells(self) -> Iterator[Cell]:
        """Every slice at every step, then the win rates of managers, then the marked changes."""
        for by in SLICES:
            for rank, part in enumerate(self._parts[by], start=1):
                slices = {key: self._traced.went(places, rank) for key, places in part.items()}
                yield from self._family(by, rank, slices, self._traced.at)
        yield from self._win_rates()
        for rank in range(1, self._facts.k + 1):
            for mark in self.marks:
                yield from self._around(mark, rank)

    def _family(
        self, by: str, rank: int, slices: Mapping[Any, tuple[Told, Told]], listed: Callable[[Told], Deals]
    ) -> Iterator[Cell]:
        """Of slices by key: what went on and what was lost, and how that is listed."""
        keys = list(slices)
        verdicts = judge([(len(on), len(on) + len(lost)) for on, lost in slices.values()], self._minimum)
        for key, verdict in zip(keys, verdicts, strict=True):
            if verdict.p is None:
                continue
            on, lost = slices[key]
            flagged = verdict.flag in ("leak", "boost")
            rest = [slices[other] for other in keys if other != key] if flagged else []
            yield Cell(
                by, self._labels[by](key), rank, len(on), len(on) + len(lost),
                listed(on) if flagged else [],
                listed(lost) if flagged else [],
                [deal for other, _lost in rest for deal in listed(other)],
                [deal for _on, other in rest for deal in listed(other)],
                verdict,
            )  # fmt: skip

    def _win_rates(self) -> Iterator[Cell]:
        owned: dict[int | None, tuple[Deals, Deals]] = {}
        for deal in closed(self._deals):
            owned.setdefault(deal.owner, ([], []))[deal.status == "lost"].append(deal)
        yield from self._family("manager", WIN_RATE, owned, list)

    def _around(self, mark: Mark, rank: int) -> Iterator[Cell]:
        """The deals that came in the days after a marked change beside those of the days before it."""
        at = clock.start_of_day(date.fromisoformat(mark.day), ZoneInfo(self._facts.zone))
        span = BEFORE_DAYS * DAY
        known = [deal for deal in self._facts.deals if deal.staged and deal.created_at is not None]
        after = step([d for d in known if at <= (d.created_at or 0) < at + span], rank)
        before = step([d for d in known if at - span <= (d.created_at or 0) < at], rank)
        pairs = [(len(each.advanced), each.resolved) for each in (after, before)]
        verdict = judge(pairs, self._minimum)[0]
        if verdict.p is not None:
            yield Cell(
                "mark", mark.title, rank, *pairs[0], after.advanced, after.lost, before.advanced, before.lost,
                verdict,
            )  # fmt: skip

    def key_of(self, by: str) -> KeyOf:
        """To which slice a deal belongs at a step: of a manager who brought it there, or who closed it."""
        if by != "manager":
            if by not in self._keys:
                key = slice_key(self._facts, by)
                self._keys[by] = lambda deal, _rank: key(deal)
            return self._keys[by]

        def manager(deal: DealFact, rank: int) -> Any:
            return deal.owner if rank == WIN_RATE else self._brought(rank).get(deal.id)

        return manager

    def _brought(self, rank: int) -> Mapping[int, Any]:
        """By deal whoever brought it to a stage; made when it is asked for, in the order of deals."""
        import numpy as np

        if rank not in self._owners:
            ids = self._traced.id
            who = np.full(len(ids), None, dtype=object)
            for key, places in self._parts["manager"][rank - 1].items():
                who[places] = key
            self._owners[rank] = dict(zip(ids.tolist(), who.tolist(), strict=True))
        return self._owners[rank]

    def label(self, by: str, key: Any) -> str | None:
        """How a slice is called."""
        return self._labels[by](key)


def _marks_of(facts: FunnelFacts, request: ReportRequest) -> list[Mark]:
    """The latest changes marked on this funnel within the period, the earliest first."""
    zone = ZoneInfo(facts.zone)
    found = [
        mark
        for mark in sorted(facts.ledger.marks, key=lambda each: (each.day, each.id))
        if mark.funnel_id in (None, facts.funnel_id)
        and (at := clock.start_of_day(date.fromisoformat(mark.day), zone)) <= facts.as_of
        and (not has_period(request) or within(at, request))
    ]
    return found[-MOST_MARKS:]


def won_average(deals: Sequence[DealFact]) -> float | None:
    """The average won amount in minor units; None where nothing was won with an amount."""
    amounts = [deal.amount for deal in with_status(deals, "won") if deal.amount is not None]
    return sum(amounts) / len(amounts) if amounts else None
