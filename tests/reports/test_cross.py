"""The cross table: pairs, sums at the side and the foot, and the deals behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.facts import FunnelFacts, OwnValues
from funneldesk.domain.results import Population, Report, ReportRequest
from funneldesk.report_words import cell_text, cross, sum_of
from funneldesk.reports.catalog import compute, deals_behind
from funneldesk.reports.cross import WAYS
from tests.reports.golden import golden
from tests.reports.test_invariants import histories

COUNTS = ("deals", "open", "won", "lost")
ADDED = (*COUNTS, "amount", "won_amount")
PAIRS = st.lists(st.sampled_from(WAYS), min_size=1, max_size=2, unique=True)


def crossed(*by: str, facts: FunnelFacts | None = None, **asked: object) -> Report:
    return compute(facts or golden(), ReportRequest("cross-table", by=by, **asked))  # type: ignore[arg-type]


def test_managers_by_status_by_hand() -> None:
    """Of the fourteen deals, counted in their file."""
    deals = golden().deals
    report = crossed("manager", "status")
    for row in report.rows:
        owner = {"Anna": 1, "Boris": 2}.get(row["label"])
        own = [deal for deal in deals if deal.owner == owner and deal.status == row["label_2"]]
        assert row["deals"] == row[row["label_2"]] == len(own) > 0
        assert row["amount"] == sum(deal.amount or 0 for deal in own)
    assert sum(row["deals"] for row in report.rows) == len(deals) == report.totals["deals"]
    assert [line["label"] for line in report.extra["sides"][1]] == ["open", "won", "lost"]


@pytest.mark.parametrize("by", ["reason", "outcome"])
def test_a_deal_that_is_not_lost_is_told_from_a_loss_without_a_reason(by: str) -> None:
    facts = golden()
    deals = tuple(deal._replace(loss_reason_id=None) if deal.id % 2 else deal for deal in facts.deals)
    report = crossed(by, "status", facts=replace(facts, deals=deals))
    side = report.extra["sides"][0]
    assert side[-1]["deals"] == sum(deal.status != "lost" for deal in deals) > side[-1]["lost"] == 0
    assert side[-2]["label"] is None and 0 < side[-2]["deals"] == side[-2]["lost"]
    column = report.column("label")
    told = [cell_text(report, column, line["label"], line) for line in side[-2:]]
    assert told == ["Not stated", "Not lost"]
    assert cell_text(report, report.column("label_2"), "lost") == "Lost"


def test_stages_and_months_come_in_their_own_order() -> None:
    facts = golden()
    stages, months = crossed("reached", "month").extra["sides"]
    names = [stage.name for stage in facts.stages]
    assert [line["label"] for line in stages] == [*names, None]  # nowhere at all stands last
    months = [line for line in months if line["label"] is not None]
    assert [line["label"] for line in months] == sorted(line["label"] for line in months)
    quarters = crossed("quarter").extra["sides"][0]
    assert {line["label"] for line in quarters} - {None} == {
        f"{line['label'][:4]}-Q{(int(line['label'][5:]) + 2) // 3}" for line in months
    }


def test_of_finished_deals_a_month_is_that_of_the_close() -> None:
    facts = golden()
    report = crossed("month", population=Population.FINISHED)
    closed = [deal for deal in facts.deals if deal.status != "open"]
    assert report.totals["deals"] == len(closed)
    same = replace(facts, deals=tuple(deal._replace(created_at=0) for deal in closed))
    assert crossed("month", population=Population.FINISHED, facts=same).rows == report.rows


@settings(max_examples=40)
@given(facts=histories(), by=PAIRS, population=st.sampled_from(["cohort", "finished", "snapshot", "active"]))
def test_the_pairs_add_up_to_every_sum(facts: FunnelFacts, by: list[str], population: str) -> None:
    asked = ReportRequest("cross-table", by=tuple(by), population=Population(population))
    report = compute(facts, asked)
    for key in ADDED:
        assert added(report.rows, key) == (report.totals[key] or 0)
        for place, side in enumerate(report.extra["sides"]):
            assert added(side, key) == (report.totals[key] or 0)
            for number, line in enumerate(side):
                pairs = zip(report.rows, report.extra["places"], strict=True)
                own = [row for row, places in pairs if places[place] == number]
                assert added(own, key) == (line[key] or 0)


def added(lines: Iterable[Mapping[str, Any]], key: str) -> int:
    """The sum of what is known."""
    return sum(line[key] or 0 for line in lines)


def test_money_of_deals_without_any_amount_is_not_known() -> None:
    facts = golden()
    silent = replace(facts, deals=tuple(deal._replace(amount=None) for deal in facts.deals))
    row = next(row for row in crossed("status", facts=silent).rows if row["label"] == "won")
    assert row["won"] > 0 and row["amount"] is row["won_amount"] is row["won_average"] is None
    report = crossed("status", facts=silent)
    assert cell_text(report, report.column("amount"), row["amount"], row) == "–"
    lost = next(row for row in crossed("status").rows if row["label"] == "lost")
    assert lost["won"] == lost["won_amount"] == 0, "nothing was won, and that is known"


@settings(max_examples=15)
@given(facts=histories(), by=PAIRS)
def test_as_many_deals_stand_behind_a_number_as_it_says(facts: FunnelFacts, by: list[str]) -> None:
    asked = ReportRequest("cross-table", by=tuple(by))
    report = compute(facts, asked)
    for key in COUNTS:
        for index, row in enumerate(report.rows):
            assert len(set(deals_behind(facts, asked, index, key))) == row[key]
        for side in report.extra["sides"]:
            for line in side:
                assert len(set(deals_behind(facts, asked, None, key + line["key"]))) == line[key]


def test_the_grid_shows_the_figure_chosen_and_the_largest_values() -> None:
    report = crossed("manager", "status", columns=("won_amount", "lost"))
    whole = cross.grid(report)
    assert (
        whole is not None and whole.figure.key == "lost" and not whole.cut
    )  # the first in the table's order
    small = cross.grid(report, rows=1, heads=2)
    assert small is not None and small.cut
    assert [line["label"] for line in small.rows] == [report.extra["sides"][0][0]["label"]]
    assert cross.grid(crossed("manager")) is None


def test_a_sheet_that_has_not_all_of_the_table_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    report = crossed("manager", "status")
    whole = cross.cross_words(report)
    assert whole is not None and "all are in the table" not in whole.corner
    monkeypatch.setattr(cross, "SHEET_ROWS", 1)
    cut = cross.cross_words(report)
    assert cut is not None and len(cut.lines) == 1
    assert cut.corner == f"{whole.corner} (the largest, of months the latest; all are in the table)"


def test_a_sum_is_called_by_its_value_and_figure() -> None:
    report = crossed("manager", "status")
    first, second = (side[0] for side in report.extra["sides"])
    assert sum_of(report, f"deals{first['key']}") == f"Manager: {first['label']} · Deals"
    assert sum_of(report, f"won{second['key']}") == "Status: In progress · Won"
    assert sum_of(report, "deals") == ""


@pytest.mark.parametrize(("figure", "behind"), [("lost", "lost"), ("amount", "deals"), ("win_rate", "won")])
def test_a_figure_that_is_no_count_opens_the_deals_it_is_of(figure: str, behind: str) -> None:
    assert cross.opens(crossed("manager").column(figure)) == behind


def test_a_sum_opens_its_own_value_though_another_comes_before_it_meanwhile() -> None:
    facts = golden()
    asked = ReportRequest("cross-table", by=("manager",))
    second = compute(facts, asked).extra["sides"][0][1]
    many = tuple(deal._replace(id=1000 + n, owner=9) for n, deal in enumerate(facts.deals * 3))
    grown = replace(facts, deals=(*facts.deals, *many), managers={**facts.managers, 9: "Newcomer"})
    assert deals_behind(grown, asked, None, f"deals{second['key']}") == deals_behind(
        facts, asked, None, f"deals{second['key']}"
    )


def owned(values: dict[int, str], *, yes_no: bool = False) -> FunnelFacts:
    return replace(golden(), own={"custom:Tier": OwnValues(yes_no, values)})


def told(report: Report, place: int) -> list[str]:
    column = report.column(("label", "label_2")[place])
    return [cell_text(report, column, line["label"], line) for line in report.extra["sides"][place]]


def test_an_own_field_is_a_property_in_whatever_letter_case() -> None:
    facts = owned({1: "Gold", 2: "gold", 3: "Gold", 4: "Silver"})
    report = crossed("custom:Tier", "status", facts=facts)
    assert told(report, 0) == ["Gold", "Silver", "Not stated"]
    assert [line["deals"] for line in report.extra["sides"][0]] == [3, 1, len(facts.deals) - 4]
    asked = ReportRequest("cross-table", by=("custom:Tier", "status"))
    gold = report.extra["sides"][0][0]
    assert set(deals_behind(facts, asked, None, f"deals{gold['key']}")) == {1, 2, 3}
    for index, row in enumerate(report.rows):
        assert len(set(deals_behind(facts, asked, index, "deals"))) == row["deals"]
    assert sum_of(report, f"deals{gold['key']}") == "Tier: Gold · Deals"


def test_a_yes_or_no_is_said_in_words() -> None:
    report = crossed("manager", "custom:Tier", facts=owned({1: "1", 2: "0", 3: "0"}, yes_no=True))
    assert told(report, 1) == ["No", "Yes", "Not stated"]


@pytest.mark.parametrize(
    ("by", "place", "most"), [(("custom:Tier",), 0, 30), (("status", "custom:Tier"), 1, 12)]
)
def test_of_an_own_field_the_table_shows_all_values_or_the_rest_together(
    by: tuple[str, ...], place: int, most: int
) -> None:
    many = tuple(golden().deals[0]._replace(id=n) for n in range(1, 101))

    def sides(different: int, stated: int) -> list[str]:
        values = {n: f"V{n % different:02}" for n in range(1, stated + 1)}
        report = crossed(*by, facts=replace(owned(values), deals=many))
        grid = cross.grid(report)
        assert grid is None or not grid.cut
        assert sum(line["deals"] for line in report.extra["sides"][place]) == 100
        return told(report, place)

    assert sorted(sides(most, 100)) == [f"V{n:02}" for n in range(most)]
    fewer = sides(most, 90)
    assert len(fewer) == most and fewer[-2:] == ["Others", "Not stated"]
    more = sides(most + 1, 100)
    assert len(more) == most and more[-1] == "Others" and "Not stated" not in more
