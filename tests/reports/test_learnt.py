"""The arrays that a forecast learns from say what the deals say one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import DealFact, FunnelFacts, StageInfo
from funneldesk.reports import probability
from funneldesk.reports.learnt import learnt
from funneldesk.reports.season import at_least

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
