"""Where nobody differs hardly anybody is named; a real leak is found.  The full counts run with -m heavy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import ReportRequest
from funneldesk.reports.catalog import compute
from tests.reports.golden import golden, stages
from tests.reports.test_findings import MORNING, planted

MANAGERS, DEALS, RATE, LEAK = 5, 80, 0.5, 0.25


@cache
def _kinds() -> tuple[DealFact, DealFact]:
    deals = golden().deals
    return tuple(  # type: ignore[return-value]
        next(deal for deal in deals if deal.status == status and deal.reach) for status in ("won", "lost")
    )


def team(rates: list[float], deals: int, seed: int) -> FunnelFacts:
    """Managers with as many closed deals each, won by their rates."""
    rng = np.random.default_rng(seed)
    won, lost = _kinds()
    made = []
    for owner, rate in enumerate(rates, start=1):
        for place in range(deals):
            kind = won if rng.random() < rate else lost
            made.append(kind._replace(id=owner * 1000 + place, owner=owner, created_at=MORNING))
    names = {number: f"M{number}" for number in range(1, len(rates) + 1)}
    return replace(golden(), deals=tuple(made), moves=(), managers=names)


def named(facts: FunnelFacts, report: str) -> dict[str, str]:
    """Who is named, and as what."""
    key = "manager" if report == "managers" else "slice"
    rows = compute(facts, ReportRequest(report)).rows
    return {row[key]: row["flag"] for row in rows if row["flag"] in ("leak", "boost")}


def false_ones(seeds: int, managers: int = MANAGERS, deals: int = DEALS, rate: float = RATE) -> int:
    """In how many samples anybody is named though nobody differs."""
    return sum(bool(named(team([rate] * managers, deals, seed), "managers")) for seed in range(seeds))


def found_ones(seeds: int) -> int:
    """In how many samples the one who wins 25 points less is named as a leak."""
    rates = [RATE - LEAK] + [RATE] * (MANAGERS - 1)
    return sum(named(team(rates, DEALS, seed), "managers").get("M1") == "leak" for seed in range(seeds))


def found_steps(seeds: int) -> int:
    """In how many samples a step that passes 25 points fewer on is named as that manager's leak."""
    return sum(named(planted(0.35, seed), "leaks").get("M1") == "leak" for seed in range(seeds))


def test_nobody_is_named_where_nobody_differs_small() -> None:
    assert false_ones(80) <= 14


def test_a_planted_leak_is_found_small() -> None:
    assert found_ones(20) >= 18


@pytest.mark.heavy
def test_of_a_thousand_samples_without_a_difference_at_most_130_name_anybody() -> None:
    assert false_ones(1000) <= 130


@pytest.mark.heavy
@pytest.mark.parametrize(
    ("managers", "deals", "rate"), [(5, 80, 0.2), (10, 40, 0.3), (30, 40, 0.3), (3, 200, 0.5)]
)
def test_of_other_teams_neither(managers: int, deals: int, rate: float) -> None:
    assert false_ones(1000, managers, deals, rate) <= 130


@pytest.mark.heavy
def test_a_leak_of_25_points_is_found_in_90_of_100() -> None:
    assert found_ones(100) >= 90
    assert found_steps(100) >= 90


@pytest.mark.heavy
def test_the_audit_names_no_more_than_a_tenth_where_nothing_differs() -> None:
    """All cuts and steps of a page are one family, so the page as a whole keeps the promise."""
    seen = 0
    for seed in range(200):
        facts = planted(0.6, seed)
        rng = np.random.default_rng(seed)
        deals = tuple(
            deal._replace(source_id=int(rng.integers(1, 5)), product_id=int(rng.integers(1, 4)))
            for deal in facts.deals
        )
        facts = replace(
            facts, deals=deals, stages=stages(), sources={n: f"S{n}" for n in range(1, 5)},
            products={n: f"P{n}" for n in range(1, 4)},
        )  # fmt: skip
        totals = compute(facts, ReportRequest("audit")).totals
        seen += bool(totals["leaks"] + totals["boosts"])
    assert seen <= 26
