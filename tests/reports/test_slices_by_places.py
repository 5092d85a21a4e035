"""Deals cut into slices and steps as arrays of places are those cut deal by deal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.built import amount_of
from funneldesk.reports.leaks import SLICES, Traced, parts, slice_key
from funneldesk.reports.moves import effective
from funneldesk.reports.population import known, number, select_staged, values_of
from funneldesk.reports.steps import step
from tests.reports.test_columns import plain_credit
from tests.reports.test_invariants import K, histories


def many(facts: FunnelFacts) -> FunnelFacts:
    """The same with deals that stand for several."""
    return replace(facts, deals=tuple(deal._replace(n=deal.id % 3 + 1) for deal in facts.deals))


def plain_key(facts: FunnelFacts, by: str, rank: int) -> Callable[[DealFact], Any]:
    """To which slice a deal belongs at a step."""
    if by != "manager":
        return slice_key(facts, by)
    own = effective(facts.moves)
    return lambda deal: plain_credit(own.get(deal.id, ()), deal, K)[rank - 1]


@pytest.mark.parametrize("by", SLICES)
@settings(max_examples=60, deadline=None)
@given(facts=histories().map(many))
def test_slices_and_steps_by_places_are_those_deal_by_deal(by: str, facts: FunnelFacts) -> None:
    deals = known(select_staged(facts, ReportRequest("leaks"), Population.SNAPSHOT).deals)
    traced = Traced(deals)
    for rank, own in enumerate(parts(facts, by, traced), start=1):
        key_of = plain_key(facts, by, rank)
        plain: dict[Any, list[DealFact]] = {}
        for deal in deals:
            if deal.reach >= rank:
                plain.setdefault(key_of(deal), []).append(deal)
        assert list(own) == list(plain)
        for key, places in own.items():
            expected = step(plain[key], rank)
            assert traced.at(places) == plain[key]
            on, lost = traced.went(places, rank)
            assert (traced.at(on), traced.at(lost)) == (expected.advanced, expected.lost)
            assert (traced.number(on), traced.number(lost)) == tuple(map(number, expected[1:3]))


@given(facts=histories().map(many), population=st.sampled_from([Population.SNAPSHOT, Population.ACTIVE]))
def test_deals_left_out_are_counted_by_what_they_stand_for(
    facts: FunnelFacts, population: Population
) -> None:
    chosen = select_staged(facts, ReportRequest("leaks"), population)
    looked_at = [d for d in facts.deals if population is Population.SNAPSHOT or d.status == "open"]
    assert chosen.deals == [deal for deal in looked_at if deal.staged]
    assert known(chosen.deals) == [deal for deal in chosen.deals if deal.path_known]
    assert chosen.excluded["no_stages"] == sum(d.n for d in looked_at if not d.staged)
    assert chosen.excluded["unknown_path"] == sum(d.n for d in chosen.deals if not d.path_known)
    assert list(values_of(looked_at, "amount")) == [deal.amount for deal in looked_at]
    assert amount_of(looked_at) == sum(deal.amount or 0 for deal in looked_at)
