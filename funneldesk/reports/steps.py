"""How deals go through the stages: the five counting rules and the steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NamedTuple

from funneldesk.domain.facts import DealFact
from funneldesk.domain.results import Rule
from funneldesk.reports.population import number
from funneldesk.reports.statistics import wilson

Predicate = Callable[[DealFact, int], bool]


def _current(deal: DealFact, k: int) -> bool:
    return deal.status == "open" and deal.stage == k


def _reached(deal: DealFact, k: int) -> bool:
    return deal.path_known and deal.reach >= k


def _reached_bitrix(deal: DealFact, k: int) -> bool:
    # Implied stages are not credited to lost deals.
    return _visited(deal, k) if deal.status == "lost" else _reached(deal, k)


def _visited(deal: DealFact, k: int) -> bool:
    return deal.path_known and bool(deal.visited >> (k - 1) & 1)


def _strict(deal: DealFact, k: int) -> bool:
    return deal.path_known and deal.strict >= k


COUNTED: dict[Rule, Predicate] = {
    Rule.CURRENT: _current,
    Rule.REACHED: _reached,
    Rule.REACHED_BITRIX: _reached_bitrix,
    Rule.VISITED: _visited,
    Rule.STRICT: _strict,
}


def won_by(rule: Rule, deals: Iterable[DealFact], stages: int) -> list[DealFact]:
    """The won deals as the rule's last bar: all now, else those whose path the rule can follow."""
    won = [deal for deal in deals if deal.status == "won"]
    if rule is Rule.CURRENT:
        return won
    if rule is Rule.STRICT:
        return [deal for deal in won if _strict(deal, stages)]
    return [deal for deal in won if deal.path_known]


class Step(NamedTuple):
    """The deals of one step: entered = advanced + lost + waiting, by reach."""

    entered: list[DealFact]
    advanced: list[DealFact]
    lost: list[DealFact]
    waiting: list[DealFact]

    @property
    def resolved(self) -> int:
        """A + L: those of which it is known whether they went on."""
        return number(self.advanced) + number(self.lost)

    @property
    def conversion(self) -> float | None:
        """The resolved step conversion A/(A+L); None where nothing is resolved."""
        went = number(self.advanced)
        return went / all_ if (all_ := went + number(self.lost)) else None

    @property
    def interval(self) -> tuple[float, float] | tuple[None, None]:
        """Its 95 % Wilson interval."""
        went = number(self.advanced)
        return wilson(went, went + number(self.lost))


def step(deals: Iterable[DealFact], k: int) -> Step:
    """The step from stage `k` of deals with a known path (DEFINITIONS: steps)."""
    found = Step([], [], [], [])
    for deal in deals:
        if deal.reach < k or not deal.path_known:
            continue
        found.entered.append(deal)
        if deal.reach > k:
            found.advanced.append(deal)
        elif deal.status == "lost":
            found.lost.append(deal)
        else:
            found.waiting.append(deal)
    return found
