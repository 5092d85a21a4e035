"""The arrays that a forecast learns from say what the deals say one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, StageInfo
from funneldesk.reports import probability
from funneldesk.reports.learnt import learnt
from funneldesk.reports.outlook import ARRIVALS_DAYS, Outlook, Period
from funneldesk.reports.season import SHRINK, _chances, at_least
from funneldesk.reports.statistics import shrink, win_incidence

AS_OF = 1000 * DAY
STAGES = tuple(StageInfo(n, f"S{n}", n / 5) for n in (1, 2, 3))
MOMENTS = st.one_of(st.none(), st.integers(0, 1000).map(lambda day: day * DAY + 1))
DEALS = st.builds(
    DealFact,
    id=st.just(1),
    created_at=MOMENTS,
    status=st.sampled_from(["open", "won", "lost"]),
    stage=st.just(0),
    reach=st.integers(0, 4),
    visited=st.just(0),
    strict=st.just(0),
    lost_at=st.none(),
    path_known=st.booleans(),
    staged=st.booleans(),
    entered_at=st.none(),
    closed_at=MOMENTS,
    owner=st.none(),
    amount=st.one_of(st.none(), st.integers(-(10**15), 10**15)),
    n=st.just(1),
)


@given(st.lists(DEALS, max_size=30), st.sampled_from([0, 6, 12]))
def test_the_decided_deals_and_their_chances_are_those_of_the_deals(
    deals: list[DealFact], months: int
) -> None:
    every = tuple(deal._replace(id=place) for place, deal in enumerate(deals))
    facts = FunnelFacts(
        funnel_id=1, funnel="F", stages=STAGES, as_of=AS_OF, currency="EUR", deals=every,
        training_months=months,
    )  # fmt: skip
    told, resolved = learnt(facts), probability.resolved(facts)
    mine = told.decided(AS_OF, months)
    assert told.id[mine].tolist() == [deal.id for deal in resolved]
    came, won = (at_least(told.reach[own], facts.k) for own in (mine, mine & told.won))
    centre = probability.template(facts)
    assert probability.drawn(came, won, centre) == probability.history(resolved, centre)
    amounts = told.amount[np.isfinite(told.amount)]
    assert amounts.tolist() == [deal.amount for deal in every if deal.amount is not None]


def plain_new_business(facts: FunnelFacts, left: int) -> float:
    """Arrivals per day * the share won by age, summed over the days left, deal by deal."""
    whole = [deal for deal in facts.deals if deal.staged and deal.created_at is not None]
    since = facts.as_of - ARRIVALS_DAYS * DAY
    recent = sum(1 for deal in whole if (deal.created_at or 0) > since)
    ages: dict[str, list[float]] = {"won": [], "lost": [], "open": []}
    for deal in whole:
        end = facts.as_of if deal.status == "open" else deal.closed_at
        if end is not None and end >= (deal.created_at or 0):
            ages[deal.status].append((end - (deal.created_at or 0)) / DAY)
    curve = win_incidence(ages["won"], ages["lost"], ages["open"])

    def share(age: float) -> float:
        return max((found for at, found in curve if at <= age), default=0.0)

    return recent / ARRIVALS_DAYS * sum(share(n + 0.5) for n in range(left))


@given(st.lists(DEALS, max_size=30), st.integers(0, 90))
def test_new_business_and_won_deals_are_those_of_the_deals(deals: list[DealFact], left: int) -> None:
    every = tuple(deal._replace(id=place) for place, deal in enumerate(deals))
    facts = FunnelFacts(1, "F", STAGES, AS_OF, "EUR", every)
    period = Period(900 * DAY, AS_OF + left * DAY, left)
    outlook = Outlook(facts, period)
    assert outlook.new_business() == pytest.approx(plain_new_business(facts, left))
    won = [d for d in every if d.status == "won" and d.staged and period.start <= (d.closed_at or 0)]
    assert outlook.won() == [deal for deal in won if (deal.closed_at or 0) < period.end]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(-1, 5), st.booleans()), max_size=40), st.integers(1, 4)
)
def test_the_chances_of_a_quarter_are_those_of_its_deals(rows: list[tuple[int, int, bool]], k: int) -> None:
    quarter, reach = (np.array([row[n] for row in rows], dtype=int) for n in (0, 1))
    won = np.array([row[2] for row in rows], dtype=bool)
    found = _chances(quarter, reach, won, k)
    for each in range(4):
        own = quarter == each
        for rank in range(1, k + 1):
            n, all_won = at_least(reach, k)[rank - 1], at_least(reach[won], k)[rank - 1]
            mine, mine_won = at_least(reach[own], k)[rank - 1], at_least(reach[own & won], k)[rank - 1]
            expected = shrink(mine_won, mine, all_won / n, SHRINK) if n else None
            assert found[each][rank - 1] == expected
