"""Seasons of a funnel: the index of a month, how sure it is, and what the forecast does with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.tsa.seasonal import seasonal_decompose

from funneldesk.domain.facts import FunnelFacts
from funneldesk.domain.results import ReportRequest
from funneldesk.exporting.report_json import report_to_dict
from funneldesk.report_words import (
    note_sentences,
    season_chances,
    season_chances_title,
    season_note,
    season_report,
)
from funneldesk.report_words.files import write_xlsx
from funneldesk.reports.catalog import compute
from funneldesk.reports.season import month_index, season_of
from tests.reports.golden import at, deal_fact, golden
from tests.reports.test_forecast import moves_of

SHAPE = (0.6, 0.8, 1.1, 1.2, 1.2, 1.0, 0.7, 0.8, 1.1, 1.3, 1.2, 1.0)


@given(st.lists(st.integers(1, 400), min_size=24, max_size=60), st.integers(1, 12))
def test_from_two_years_on_it_is_the_classical_decomposition(values: list[int], first: int) -> None:
    mine = month_index(values, first)
    assert mine is not None
    referee = seasonal_decompose(np.array(values, dtype=float), model="multiplicative", period=12).seasonal
    for place in range(12):
        assert mine[(first - 1 + place) % 12] == pytest.approx(referee[place], rel=1e-9)
    assert sum(mine) / 12 == pytest.approx(1)


def test_under_two_years_it_is_drawn_towards_an_average_month() -> None:
    # one year: half of the way; 18 months: 1.5 / 2.5 of it
    (january, *others) = month_index([24.0, *[10.8] * 11], 1) or ()
    whole = (24 + 11 * 10.8) / 12
    assert january == pytest.approx(1 + (24 / whole - 1) / 2)
    assert others == [pytest.approx(1 + (10.8 / whole - 1) / 2)] * 11
    longer = month_index([20.0] + [10.0] * 11 + [20.0] + [10.0] * 5, 1) or ()
    assert longer[0] == pytest.approx(1 + (20 / (200 / 18) - 1) * 1.5 / 2.5)


def test_under_a_year_and_of_nothing_there_is_none() -> None:
    assert month_index([10.0] * 11, 1) is None
    assert month_index([0.0] * 30, 1) is None


def years(count: int, per_month: int = 20, **more: object) -> FunnelFacts:
    """Deals that come by the shape of the year, a third of them won ten days later."""
    deals, moves = [], []
    number = 0
    for month in range(12 * count):
        for place in range(round(per_month * SHAPE[month % 12])):
            number += 1
            start = at(f"{2023 + month // 12}-{month % 12 + 1:02}-{place % 27 + 1:02}")
            end = ("won" if place % 3 == 0 else "lost", 0)
            own = moves_of(number, (start, "open", 1), (start + 10 * 86_400_000_000, *end))
            deals.append(deal_fact(number, start, 1, 1000, own, 4))
            moves += own
    facts = replace(golden(), deals=tuple(deals), moves=tuple(moves), as_of=at(f"{2023 + count}-01-01"))
    return replace(facts, **more)  # type: ignore[arg-type]


def test_the_shape_of_the_year_is_found_in_whole_months_only() -> None:
    season = season_of(years(3))
    assert (season.months, season.weak, season.used) == (35, False, False)
    assert season.arrivals == pytest.approx([each * 12 / sum(SHAPE) for each in SHAPE], abs=0.06)
    assert season.wins is not None
    # of 36 months the first may not have been whole
    assert season_of(years(1)).arrivals is None
    assert season_of(years(2)).weak
    assert season_of(years(3, per_month=6)).wins is None  # two wins a month tell nothing


def test_the_chance_of_a_quarter_is_drawn_to_the_years() -> None:
    facts = years(3)
    (first, *_others) = season_of(facts).chances
    closed = [deal for deal in facts.deals if deal.status != "open"]
    year = sum(deal.status == "won" for deal in closed) / len(closed)
    own = [deal for deal in closed if (deal.closed_at or 0) and _quarter(deal.closed_at or 0) == 1]
    won = sum(deal.status == "won" for deal in own)
    assert first[0] == pytest.approx((won + 20 * year) / (len(own) + 20))


def _quarter(at_: int) -> int:
    from funneldesk.domain import clock

    return (clock.local_date(at_, ZoneInfo("UTC")).month - 1) // 3 + 1


def test_new_business_follows_the_season_once_it_is_confirmed() -> None:
    # as of the first of January; December and November are busy, January is not
    january = ReportRequest("forecast", start=at("2026-01-01"), end=at("2026-02-01"), new_business=True)
    plain = compute(years(3), january).extra["new_business"]
    confirmed = compute(years(3, season=True), january).extra["new_business"]
    season = season_of(years(3)).arrivals or ()
    usual = (season[11] * 31 + season[10] * 29) / 60
    assert confirmed == pytest.approx(plain * season[0] / usual, rel=0.03)
    assert compute(years(1, season=True), january).extra["season"].used is False


def test_the_forecast_says_how_sure_its_seasons_are() -> None:
    ask = ReportRequest("forecast")
    sure, weak, none = (compute(years(count), ask) for count in (3, 2, 1))
    assert "not used yet" in season_note(sure)
    assert "weak" in season_note(weak)
    assert "Whole months so far: 11" in season_note(none)
    assert season_report(none) is None and season_chances(none) is None
    table, chances = season_report(sure), season_chances(sure)
    assert table is not None and chances is not None
    assert [row["season_month"] for row in table.rows][:2] == ["January", "February"]
    assert len(chances.rows) == 4
    assert len(table.columns) == 3
    assert season_chances_title(sure) and season_chances_title(none) == ""
    known = sure.extra["season"]
    few = replace(sure, extra={**sure.extra, "season": replace(known, wins=None)})
    without = season_report(few)
    assert without is not None
    assert [column.key for column in without.columns] == ["season_month", "season_arrivals"]
    assert "as set for this funnel" in season_note(compute(years(3, season=True), ask))
    assert season_note(compute(golden(), ReportRequest("lost"))) == ""


def test_the_spreadsheet_has_the_seasons_as_numbers(tmp_path: Path) -> None:
    report = compute(years(3), ReportRequest("forecast"))
    season = report.extra["season"]
    write_xlsx(report, tmp_path / "f.xlsx", ZoneInfo("UTC"))
    book = openpyxl.load_workbook(tmp_path / "f.xlsx")
    assert book.sheetnames[1] == "Season"
    lines = list(book["Season"].iter_rows(values_only=True))
    assert lines[1][0] == season_note(report)
    assert [line[:3] for line in lines[4:16]] == [
        (row["season_month"], pytest.approx(season.arrivals[i]), pytest.approx(season.wins[i]))
        for i, row in enumerate(season_report(report).rows)  # type: ignore[union-attr]
    ]
    (first, *_more) = lines[19:]
    assert first[1:5] == tuple(pytest.approx(quarter[0]) for quarter in season.chances)
    few = replace(report, extra={**report.extra, "season": replace(season, wins=None)})
    write_xlsx(few, tmp_path / "few.xlsx", ZoneInfo("UTC"))
    without = list(openpyxl.load_workbook(tmp_path / "few.xlsx")["Season"].iter_rows(values_only=True))
    assert [line[0] for line in without[3:5]] == ["Month", "January"]
    assert without[3][1:3] == ("New deals", None), "no head without a number under it"
    write_xlsx(compute(years(1), ReportRequest("forecast")), tmp_path / "g.xlsx", ZoneInfo("UTC"))
    assert "Whole months so far" in openpyxl.load_workbook(tmp_path / "g.xlsx")["Season"]["A2"].value
    write_xlsx(compute(golden(), ReportRequest("lost")), tmp_path / "l.xlsx", ZoneInfo("UTC"))
    assert "Season" not in openpyxl.load_workbook(tmp_path / "l.xlsx").sheetnames


def test_every_output_says_whether_deals_yet_to_come_are_counted() -> None:
    for asked in (False, True):
        report = compute(years(3), ReportRequest("forecast", new_business=asked))
        told = " ".join(note_sentences(report))
        assert ("Deals yet to come are counted" in told) is asked
        assert ("none that are yet to come" in told) is not asked
        made = report_to_dict(report, ZoneInfo("UTC"))["new_business"]
        assert made["counted"] is asked and (made["expected_wins"] > 0) is asked


def test_the_season_is_learnt_from_as_many_months_as_the_funnel_says() -> None:
    whole, two = season_of(years(4)), season_of(replace(years(4), season_months=24))
    assert (whole.months, two.months, two.weak) == (47, 24, False)
    # of four years only the last two: a year before them that was otherwise is not looked at
    odd = [d._replace(created_at=at("2023-07-15")) if (d.created_at or 0) < at("2024-01-01") else d
           for d in years(4).deals]  # fmt: skip
    changed = replace(years(4), deals=tuple(odd))
    assert season_of(replace(changed, season_months=24)).arrivals == two.arrivals
    assert season_of(changed).arrivals != whole.arrivals
    assert season_of(replace(years(4), season_months=600)).arrivals == whole.arrivals
