"""The booklet of managers: the very numbers of its reports, and advice that does not overstate them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from funneldesk.domain.booklet import Booklet
from funneldesk.domain.clock import DAY
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.errors import Cancelled
from funneldesk.reports import booklet
from funneldesk.reports.advice import SENTENCES
from funneldesk.reports.catalog import compute, deals_behind
from tests.ui.reports.sample import NOW, sample

FACTS = sample(300)
REQUEST = ReportRequest("managers")


def built(request: ReportRequest = REQUEST) -> Booklet:
    return booklet.build(FACTS, request, lambda _done, _total: None)


WHOLE = built()


def test_the_summary_is_the_report_on_managers() -> None:
    assert WHOLE.managers == compute(FACTS, REQUEST)
    assert [part.manager for part in WHOLE.parts] == [row["manager"] for row in WHOLE.managers.rows]


def test_the_pages_add_up_to_the_team() -> None:
    for stage in range(FACTS.k):
        counts = [part.funnel.rows[stage]["count"] for part in WHOLE.parts]
        assert sum(counts) == WHOLE.funnel.rows[stage]["count"]
    for key in ("won", "lost", "created", "won_amount"):
        assert sum(part.funnel.totals[key] for part in WHOLE.parts) == WHOLE.funnel.totals[key]
    assert sum(part.lost.totals["lost"] for part in WHOLE.parts) == WHOLE.lost.totals["lost"]
    for part, row in zip(WHOLE.parts, WHOLE.managers.rows, strict=True):
        assert part.funnel.totals["won_amount"] == row["won_amount"]
        assert part.lost.totals["lost"] == row["lost"]


def test_every_hanging_deal_is_on_the_page_of_its_owner_and_on_no_other() -> None:
    behind = deals_behind(FACTS, ReportRequest("active-funnel"), None, "hanging")
    shown = [deal.deal_id for part in WHOLE.parts for deal in part.hanging]
    assert behind
    assert sorted(shown) == sorted(behind)
    owners = {deal.id: FACTS.managers[deal.owner or 0] for deal in FACTS.deals}
    for part in WHOLE.parts:
        assert {owners[deal.deal_id] for deal in part.hanging} <= {part.manager}
        amounts = [deal.amount or 0 for deal in part.hanging]
        assert amounts == sorted(amounts, reverse=True)


def test_chosen_managers_are_compared_with_the_whole_team() -> None:
    some = built(replace(REQUEST, managers=(2,)))
    assert [part.manager for part in some.parts] == [FACTS.managers[2]]
    assert some.managers == WHOLE.managers


@pytest.mark.parametrize("population", [None, Population.FINISHED, Population.SNAPSHOT, Population.ACTIVE])
def test_a_period_and_any_population_of_the_report_make_a_booklet(population: Population | None) -> None:
    asked = replace(REQUEST, start=NOW - 200 * DAY, end=NOW - 20 * DAY, population=population)
    found = built(asked)
    assert found.managers.population == (population or Population.COHORT)
    assert found.funnel.population == found.managers.population
    assert found.plan.end is not None
    assert found.plan.end <= NOW


def test_each_page_has_advice_that_carries_a_number() -> None:
    for part in WHOLE.parts:
        assert 1 <= len(part.advice) <= SENTENCES
        for advice in part.advice:
            assert any(isinstance(value, (int, float)) for value in advice.params.values())


def test_advice_calls_a_difference_sure_only_where_the_report_flags_it() -> None:
    flags = {row["manager"]: row["flag"] for row in WHOLE.managers.rows}
    steps = {(row["slice"], row["flag"]) for row in WHOLE.leaks.rows}
    for part in WHOLE.parts:
        codes = {advice.code for advice in part.advice}
        assert ("rate_leak" in codes) <= (flags[part.manager] == "leak")
        assert ("rate_boost" in codes) <= (flags[part.manager] == "boost")
        assert any(code.startswith("leak_") for code in codes) <= ((part.manager, "leak") in steps)
        assert ("boost" in codes) <= ((part.manager, "boost") in steps)


def test_one_manager_with_few_deals_gets_no_verdict() -> None:
    few = replace(FACTS, deals=FACTS.deals[:4], moves=tuple(m for m in FACTS.moves if m.deal_id <= 4))
    found = booklet.build(few, REQUEST, lambda _done, _total: None)
    for part in found.parts:
        assert {advice.code for advice in part.advice} <= {
            "too_few", "expected", "hanging", "plan_missed", "plan_unsure", "no_reason",
        }  # fmt: skip


def test_counting_can_be_stopped_between_the_pages() -> None:
    def stop(done: int, _total: int) -> None:
        if done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        booklet.build(FACTS, REQUEST, stop)


def test_a_repeat_deal_is_of_a_client_who_had_bought_before_it() -> None:
    report = WHOLE.managers
    first: dict[int | None, int] = {}
    for deal in FACTS.deals:
        if deal.status == "won" and deal.closed_at is not None:
            first[deal.company_id] = min(first.get(deal.company_id, deal.closed_at), deal.closed_at)
    again = [d for d in FACTS.deals if first.get(d.company_id, NOW) < (d.created_at or 0)]
    assert again
    assert report.totals["repeat"] == len(again)
    assert list(deals_behind(FACTS, REQUEST, None, "repeat")) == [deal.id for deal in again]
