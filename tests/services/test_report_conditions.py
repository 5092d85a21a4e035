"""Reports narrowed by any property of deals, and compared with an earlier period, on a real base."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from funneldesk.domain import clock
from funneldesk.domain.clock import DAY
from funneldesk.domain.condition import EVERYTHING, Condition, Group
from funneldesk.domain.fields import FieldType
from funneldesk.domain.results import ReportRequest, Rule, Span
from funneldesk.errors import UserError
from funneldesk.report_words import rule_sentence
from funneldesk.reports.catalog import CATALOG
from funneldesk.services import bases, calculated, clients, deals, fields, funnels, reporting, team
from funneldesk.services.deals import stage
from funneldesk.store.database import Database

LARGE = Group((Condition("amount", "ge", 500_00),))
ODESSA = Group((Condition("client_city", "one_of", ("Odessa",)),))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="UTC") as base:
        funnels.create(base, "Sales", ["Call", "Offer", "Contract"])
        team.add_manager(base, "Anna")
        fields.add(base, "deal", "Colour")
        for number in range(1, 9):
            city = "Odessa" if number % 2 else "Lviv"
            clients.create_company(base, name=f"C{number}", city=city)
            new = deals.NewDeal(f"D{number}", company_id=number, amount=number * 100_00, manager_id=1)
            deals.create(base, new, funnel_id=1)
            fields.set_value(base, 1, "deal", number, "red" if number < 3 else "blue")
        deals.move(base, [1, 6, 7], deals.WON)
        calculated.add(base, "deal", "Twice", "{amount} * 2", {"amount": "Amount"})
        calculated.add(base, "company", "Now", "{open_deals}", {"open_deals": "Open deals"})
        yield base


def created(db: Database, group: Group) -> int:
    report = reporting.run(db, ReportRequest("stage-funnel", condition=group))
    return int(report.totals["created"])


@pytest.mark.parametrize(
    ("group", "count"),
    [
        (LARGE, 4),
        (ODESSA, 4),
        (Group((LARGE, ODESSA)), 2),
        (Group((LARGE, ODESSA), any=True), 6),
        (Group((Condition("field:1", "is", "red"),)), 2),
        (Group((Condition("status", "one_of", ("won",)),)), 3),
        (Group((Condition("field:2", "ge", 1_000_00),)), 4),
        (Group((Condition("field:2", "between", (200_00, 600_00)), Condition("field:3", "eq", 1))), 2),
    ],
)
def test_only_deals_that_pass_are_counted(db: Database, group: Group, count: int) -> None:
    assert created(db, group) == count


@pytest.mark.parametrize("rule", [None, Rule.CURRENT])
def test_a_figure_of_ones_own_is_counted_at_each_stage_and_opens(db: Database, rule: Rule | None) -> None:
    deals.move(db, [2, 5], stage(2))
    request = ReportRequest("stage-funnel", rule=rule, figure=LARGE, figure_words="large ones")
    report = reporting.run(db, request)
    plain = reporting.run(db, replace(request, figure=EVERYTHING))
    large = reporting.run(db, replace(request, figure=EVERYTHING, condition=LARGE))
    own = [row["own_count"] for row in report.rows]
    assert own == [row["count"] for row in large.rows]
    assert sum(own) > 0
    for row, without in zip(report.rows, plain.rows, strict=True):
        assert {**row, **without} == row  # nothing else is another
        assert row["own_share"] == (row["own_count"] / row["count"] if row["count"] else None)
    for place, row in enumerate(report.rows):
        behind = reporting.deals_behind(db, report, request, place, "own_count")
        assert len(behind) == row["own_count"]
        assert set(behind) <= {5, 6, 7, 8}
    assert "large ones" in rule_sentence(report)
    narrowed = replace(request, condition=ODESSA)
    assert reporting.run(db, narrowed).rows[0]["own_count"] <= 2


def test_a_figure_of_ones_own_stands_beside_that_of_the_period_before(db: Database) -> None:
    now = clock.now()
    request = ReportRequest(
        "stage-funnel", start=now - DAY, end=now + DAY, compare=Span.PREVIOUS, figure=LARGE
    )
    report = reporting.run(db, request)
    assert report.comparison is not None
    assert next(line.now for line in report.comparison.rows if line.key == "own_count") == 4
    assert "own_count" not in reporting.run(db, replace(request, name="managers")).rows[0]


@pytest.mark.parametrize("name", list(CATALOG))
def test_every_report_can_be_narrowed_and_its_numbers_open(db: Database, name: str) -> None:
    twice = Condition("field:2", "ge", 1_000_00)  # by a formula, the same four deals
    request = ReportRequest(name, condition=Group((*LARGE.parts, twice)))
    report = reporting.run(db, request)
    assert report.filters["conditions"] == "(amount ge 50000 and field:2 ge 100000)"
    large = {5, 6, 7, 8}
    for row, values in [(None, report.totals), *enumerate(report.rows)]:
        for column in report.total_columns if row is None else report.columns:
            if column.opens and values.get(column.key):
                behind = reporting.deals_behind(db, report, request, row, column.key)
                assert set(behind) <= large and len(behind) == values[column.key]


def test_a_condition_is_told_in_the_words_given(db: Database) -> None:
    request = ReportRequest("managers", condition=LARGE, condition_words="Amount is at least 500 €")
    assert reporting.run(db, request).filters == {"conditions": "Amount is at least 500 €"}


def test_a_condition_on_a_field_that_is_gone_is_said(db: Database) -> None:
    with pytest.raises(UserError) as error:
        created(db, Group((Condition("field:99", "is", "red"),)))
    assert error.value.code == "condition.gone"


def test_the_chance_of_a_stage_stays_the_whole_funnels(db: Database) -> None:
    whole = reporting.run(db, ReportRequest("forecast"))
    part = reporting.run(db, ReportRequest("forecast", condition=ODESSA))
    assert [row["open"] for row in part.rows] != [row["open"] for row in whole.rows]
    assert part.extra["method"] == whole.extra["method"]


def test_compared_with_the_period_before(db: Database) -> None:
    now = clock.now()
    request = ReportRequest("dynamics", start=now - DAY * 10, end=now + DAY * 2, compare=Span.PREVIOUS)
    found = reporting.run(db, request).comparison
    assert found is not None
    totals = {line.key: (line.now, line.before) for line in found.rows if not line.label}
    assert totals["created"] == (8, 0) and totals["won"] == (3, 0)
    assert found.end is not None and request.start is not None
    assert abs(found.end - request.start) < DAY


def test_a_report_of_no_period_is_not_compared(db: Database) -> None:
    with pytest.raises(UserError) as error:
        reporting.run(db, ReportRequest("receivables", start=0, compare=Span.YEAR))
    assert error.value.code == "report.no_comparison"
    plain = ReportRequest("managers", start=0)
    compared = reporting.run(db, replace(plain, compare=Span.YEAR))
    assert replace(compared, comparison=None, as_of=0) == replace(reporting.run(db, plain), as_of=0)


def test_deals_are_crossed_by_fields_of_ones_own(db: Database) -> None:
    fields.add(db, "deal", "Urgent", FieldType.YES_NO)
    fields.add(db, "deal", "Days", FieldType.NUMBER)
    urgent = next(field.id for field in fields.of_kind(db, "deal") if field.name == "Urgent")
    fields.set_value(db, urgent, "deal", 1, "1")
    assert reporting.choices(db).own_fields == ("Colour", "Urgent")
    asked = ReportRequest("cross-table", by=("custom:colour", "custom:Urgent"))
    report = reporting.run(db, asked)
    assert {(row["label"], row["label_2"]): row["deals"] for row in report.rows} == {
        ("blue", None): 6, ("red", "own_yes"): 1, ("red", None): 1,
    }  # fmt: skip
    for index, row in enumerate(report.rows):
        assert len(reporting.deals_behind(db, report, asked, index, "deals")) == row["deals"]
    red = next(line for line in report.extra["sides"][0] if line["label"] == "red")
    assert sorted(reporting.deals_behind(db, report, asked, None, f"deals{red['key']}")) == [1, 2]
    past = replace(asked, as_of=clock.now() + DAY)
    assert reporting.run(db, past).rows == report.rows


@pytest.mark.parametrize("by", ["custom:Days", "custom:None such"])
def test_what_cannot_be_grouped_by_is_refused_with_what_can(db: Database, by: str) -> None:
    fields.add(db, "deal", "Days", FieldType.NUMBER)
    with pytest.raises(UserError, match=r"report\.by") as refused:
        reporting.run(db, ReportRequest("cross-table", by=(by,)))
    known = str(refused.value.params["known"])
    assert "'custom:Colour'" in known and repr(by) not in known
    with pytest.raises(UserError, match=r"report\.by"):
        reporting.run(db, ReportRequest("lost", by=("custom:Colour",)))
