"""The chance that an open deal is won: the template's, or the funnel's own history."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, Groups
from funneldesk.reports.population import closed, known
from funneldesk.reports.statistics import non_decreasing, shrink

SHRINK = 10.0  # m: imagined deals at the template's rate
YEAR_DAYS, YEAR_MONTHS = 365, 12


def training_days(months: int) -> float:
    """How many days before T are learnt from; 0 months = all there are."""
    return months * YEAR_DAYS / YEAR_MONTHS if months else math.inf


def template(facts: FunnelFacts) -> list[float]:
    """The percent set on each stage, 0..1, by rank."""
    return [stage.probability for stage in facts.stages]


def learns_from(as_of: int, months: int) -> Groups:
    """The deals that the chances of stages are learnt from: what `resolved` takes."""
    start = as_of - round(training_days(months) * DAY) if months else None
    # some bound in any case: without one it would not be told which of them closed at a known time
    return Groups(frozenset({"reach"}), dated="closed_at", start=start, end=as_of + 1, only_closed=True)


def resolved(facts: FunnelFacts) -> list[DealFact]:
    """The deals with a known path that closed in the time before T that the funnel learns from."""
    since = facts.as_of - training_days(facts.training_months) * DAY
    recent = (deal for deal in closed(facts.deals) if deal.closed_at is not None and deal.closed_at >= since)
    return [deal for deal in known(recent) if deal.staged]


def history(deals: Iterable[DealFact], centre: Sequence[float]) -> list[float]:
    """p_k = (W + m*centre_k)/(n_k + m), m = 10, made non-decreasing (weights n_k + m).

    W and n_k are the won and all of `deals` (resolved ones) with reach >= k.
    """
    ends: Counter[tuple[int, bool]] = Counter()
    for deal in deals:
        ends[deal.reach, deal.status == "won"] += deal.n
    ranks = range(1, len(centre) + 1)
    came = [sum(many for (reach, _), many in ends.items() if reach >= k) for k in ranks]
    won = [sum(many for (reach, is_won), many in ends.items() if is_won and reach >= k) for k in ranks]
    return drawn(came, won, centre)


def drawn(came: Sequence[int], won: Sequence[int], centre: Sequence[float]) -> list[float]:
    """The same of how many came to each stage, and were won of them."""
    shrunk = [shrink(wins, n, middle, SHRINK) for wins, n, middle in zip(won, came, centre, strict=True)]
    return non_decreasing(shrunk, [n + SHRINK for n in came])


def chosen(facts: FunnelFacts) -> list[float]:
    """The probability by rank from the source the funnel has chosen.

    `facts.probabilities`, when given, wins: whoever filters the deals computes them from the
    whole funnel first, because the chance of a stage is the funnel's, not the filter's.
    """
    if facts.probabilities is not None:
        return list(facts.probabilities)
    if facts.probability_source == "history":
        return history(resolved(facts), template(facts))
    return template(facts)


def of_deal(facts: FunnelFacts) -> Callable[[DealFact], float | None]:
    """A function deal -> its chance: won 1, lost 0, open by its stage; None where it has no stage."""
    by_rank = chosen(facts)

    def chance(deal: DealFact) -> float | None:
        if deal.status != "open":
            return 1.0 if deal.status == "won" else 0.0
        return by_rank[deal.stage - 1] if deal.stage > 0 else None

    return chance


def weigh(deals: Iterable[DealFact], chance: Callable[[DealFact], float | None]) -> float:
    """The sum of p * amount over the open ones of `deals` that have both, in minor units."""
    # whole minor units first: the sum is the same in whatever order, and of whatever groups, the deals come
    amounts: dict[float, int] = {}
    for deal in deals:
        if deal.status == "open" and deal.amount is not None:
            p = chance(deal)
            if p is not None:
                amounts[p] = amounts.get(p, 0) + deal.amount
    return math.fsum(p * amount for p, amount in amounts.items())


def weigh_all(funnels: Sequence[FunnelFacts]) -> Callable[[DealFact], float | None]:
    """As `of_deal`, over the deals of several funnels (a deal belongs to one)."""
    if len(funnels) == 1:
        return of_deal(funnels[0])
    by_deal: dict[int, float | None] = {}
    for facts in funnels:
        chance = of_deal(facts)
        by_deal.update((deal.id, chance(deal)) for deal in facts.deals)
    return lambda deal: by_deal.get(deal.id)
