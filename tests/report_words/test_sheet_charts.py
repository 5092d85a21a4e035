"""The native charts in the spreadsheets of the sample base, in its three languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from openpyxl.utils.cell import range_boundaries

from funneldesk.domain import clock
from funneldesk.domain.results import Report, ReportRequest, Type
from funneldesk.report_words import cell_text, column_label, money_head
from funneldesk.report_words.files import write_xlsx
from funneldesk.report_words.spans import is_span
from funneldesk.reports.catalog import CATALOG
from funneldesk.services import bases, demo, reporting
from funneldesk.text import set_language

NOW = clock.to_micros(datetime(2026, 3, 18, 12, tzinfo=UTC))
ZONE = ZoneInfo("UTC")
BARE = ("week", "lost-words", "audit")  # texts, each of another thing
# the sheet -> how many charts are in it
CHARTS = {
    "stage-funnel": (3,), "finished-funnel": (2,), "managers": (2,), "manager-matrix": (0, 1),
    "stage-times": (1,), "cycle": (1,), "lost": (2,), "cross-table": (0, 1), "key-stage": (1,),
    "active-funnel": (2,), "velocity": (2,), "dynamics": (1,), "sources": (2,), "leaks": (2,),
    "strategy": (1,), "lost-history": (1,), "activities": (1,), "reaction": (2,), "standards": (3,),
    "leads-deals": (2,), "wins-when": (2,), "plan-fact": (2,), "receivables": (1,), "forecast": (3, 2),
    "reverse-plan": (1,),
}  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """A series as the file has it: its cells, and what it says that they hold."""

    name: str
    categories: list[Any]
    values: list[Any]  # cells of openpyxl
    kept: list[str]  # its own copy of the numbers
    code: str  # of its labels


@pytest.fixture(scope="module", params=["en", "ru", "pl"])
def books(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The spreadsheet and the report by name; the language stays as long as they are looked at."""
    folder = tmp_path_factory.mktemp(request.param)
    db = bases.new_base(folder / "s.funneldesk", language=request.param, zone="UTC")
    demo.make_sample(db, language=request.param, now=NOW, deals=300)
    found: dict[str, tuple[Any, Report]] = {}

    def of(name: str, **more: Any) -> tuple[Any, Report]:
        set_language(request.param)
        asked = ReportRequest(name, as_of=NOW, **more)
        key = f"{name} {more}"
        if key not in found:
            report = reporting.with_more(db, reporting.run(db, asked), asked)
            path = folder / f"{len(found)}.xlsx"
            write_xlsx(report, path, ZONE)
            found[key] = openpyxl.load_workbook(path), report
        return found[key]

    yield of
    db.close()


def cells(book: Any, formula: str) -> list[Any]:
    """The cells of a reference, of several areas too."""
    found = []
    for area in formula.strip("()").split(","):
        name, where = area.rsplit("!", 1)
        left, top, right, bottom = range_boundaries(where)
        rows = book[name.strip("'").replace("''", "'")].iter_rows(top, bottom, left, right)
        found += [cell for row in rows for cell in row]
    return found


def drawn(book: Any, chart: Any) -> list[Drawn]:
    found = []
    for series in chart.series:
        names, numbers = series.cat or series.xVal, series.val or series.yVal
        told = names.strRef or names.multiLvlStrRef or names.numRef
        kept = numbers.numRef.numCache.pt if numbers.numRef.numCache else []
        name = series.tx.v or series.tx.strRef.strCache.pt[0].v
        if series.tx.strRef:
            assert [cell.value for cell in cells(book, series.tx.strRef.f)] == [name]
        found.append(
            Drawn(
                name,
                [cell.value for cell in cells(book, told.f)],
                cells(book, numbers.numRef.f),
                [point.v for point in kept],
                (series.dLbls.numFmt or "") if series.dLbls else "",
            )
        )
    return found


def title(chart: Any) -> str:
    return "".join(run.t for run in chart.title.tx.rich.p[0].r)


def every(book: Any) -> list[tuple[Any, list[Drawn]]]:
    return [(chart, drawn(book, chart)) for sheet in book.worksheets for chart in sheet._charts]


@pytest.mark.parametrize("name", list(CATALOG))
def test_every_report_has_its_charts(books: Any, name: str) -> None:
    book, _report = books(name)
    many = tuple(len(sheet._charts) for sheet in book.worksheets)
    assert many == CHARTS.get(name, (0,))
    assert (sum(many) == 0) == (name in BARE)


@pytest.mark.parametrize("name", list(CHARTS))
def test_charts_point_at_numbers_and_at_no_totals(books: Any, name: str) -> None:
    book, _report = books(name)
    for chart, series in every(book):
        assert title(chart) and not re.search(r"\b[a-z]+_[a-z]+\b", title(chart))
        assert len({each.name for each in series}) == len(series)
        for each in series:
            values = [cell.value for cell in each.values]
            assert all(value is None or isinstance(value, (int, float)) for value in values)
            assert any(value is not None for value in values)
            # the numbers of a totals row are bold, and so is no other
            assert not any(cell.font.b for cell in each.values)
            codes = {cell.number_format for cell in each.values}
            assert len(codes) == 1
            if each.code:
                assert each.code.split(";")[0] == codes.pop()
            copied = [float(value) for value in each.kept]
            assert copied == pytest.approx([value or 0 for value in values][: len(copied)])
            assert len(copied) == len(values)


def shown(report: Report, row: Any, key: str) -> str:
    value = row[key]
    return value if is_span(report, key, row) else cell_text(report, report.column(key), value, row)


# report -> the column that names the bars, and for each chart the columns that are drawn
PLAIN = {
    "finished-funnel": ("stage", (("passed", "lost"), ("passed_amount", "lost_amount"))),
    "active-funnel": ("stage", (("open",), ("amount",))),
    "managers": ("manager", (("won", "lost", "open"), ("won_amount",))),
    "sources": ("source", (("leads", "won"), ("revenue",))),
    "wins-when": ("label", (("closed", "won"), ("win_rate",))),
    "reaction": ("manager", (("answered", "unanswered"), ("median_hours", "p90_hours"))),
    "reverse-plan": ("stage", (("need", "need_80", "need_90"),)),
    "stage-times": ("stage", (("p50", "p90"),)),
    "key-stage": ("stage", (("probability",),)),
    "lost": ("label", (("lost",), ("lost_amount",))),
}


@pytest.mark.parametrize("name", list(PLAIN))
def test_bars_are_the_rows_of_the_table_in_their_words(books: Any, name: str) -> None:
    book, report = books(name)
    category, charts = PLAIN[name]
    for (_chart, series), keys in zip(every(book), charts, strict=False):
        assert [each.name for each in series] == [money_head(report, report.column(key)) for key in keys]
        for each, key in zip(series, keys, strict=True):
            assert each.categories == [shown(report, row, category) for row in report.rows]
            assert [cell.value for cell in each.values] == written(report, key, report.rows)


def written(report: Report, key: str, rows: Any) -> list[Any]:
    money = report.column(key).type is Type.MONEY
    values = [row[key] for row in rows]
    return [None if v is None else pytest.approx(v / 100 if money else v) for v in values]


def test_the_promise_of_a_day_is_named_by_the_heads_of_its_columns(books: Any) -> None:
    book, report = books("velocity")
    pairs = (("velocity_per_day", "won_per_day"), ("point_worth", "day_worth"))
    for (_chart, (series,)), keys in zip(every(book), pairs, strict=True):
        assert series.categories == [money_head(report, report.column(key)) for key in keys]
        assert [cell.value for cell in series.values] == [written(report, k, report.rows)[0] for k in keys]


def test_each_manager_is_a_point_with_the_name_beside_it(books: Any) -> None:
    book, report = books("strategy")
    ((chart, series),) = every(book)
    rows = [row for row in report.rows if row["depth"] is not None]
    assert [each.name for each in series] == [row["manager"] for row in rows]
    points = [(each.categories[0], each.values[0].value) for each in series]
    assert points == [pytest.approx((row["volume"], row["depth"])) for row in rows]
    assert all(each.dLbls.showSerName and not each.dLbls.showVal for each in chart.series)
    across, up = report.extra["usual"]
    assert (chart.y_axis.crossesAt, chart.x_axis.crossesAt) == (pytest.approx(across), pytest.approx(up))


def test_only_leaks_that_cost_have_a_bar_of_their_cost(books: Any) -> None:
    book, report = books("leaks")
    (_cost, (priced,)), (_rates, ranges) = every(book)
    rows = [row for row in report.rows if row["cost"]]
    assert rows and [cell.value for cell in priced.values] == written(report, "cost", rows)
    names = [shown(report, row, key) for row in rows for key in ("slice", "step")]
    assert priced.categories == names
    assert [each.name for each in ranges] == [column_label(k) for k in ("low", "rate", "reference", "high")]


def test_plan_and_fact_of_managers_without_their_team(books: Any) -> None:
    book, report = books("plan-fact")
    for (chart, series), measure in zip(every(book), ("money", "deals"), strict=True):
        own = [row for row in report.rows if row["measure"] == measure and row["plan"] is not None]
        rows = [row for row in own if row.get("scope") != "team"]
        assert shown(report, rows[0], "measure") in title(chart) and len(rows) > 2
        for each, key in zip(series, ("plan", "fact"), strict=True):
            assert each.name == column_label(key)
            assert each.categories == [row["manager"] for row in rows]
            assert [cell.value for cell in each.values] == written(report, key, rows)


def test_of_several_months_the_team_has_a_chart_of_its_own(books: Any, tmp_path: Path) -> None:
    _book, report = books("plan-fact")
    wins = [row for row in report.rows if row["measure"] == "deals"]
    before = [{**row, "month": "2026-02", "plan": 7, "fact": 2} for row in wins]
    write_xlsx(replace(report, rows=(*before, *wins)), tmp_path / "r.xlsx", ZONE)
    (_people, managers), (_months, team) = every(openpyxl.load_workbook(tmp_path / "r.xlsx"))
    assert managers[0].categories == [row["manager"] for row in wins if row.get("scope") != "team"]
    assert team[0].categories == ["2026-02", "2026-03"]
    (now,) = [row for row in wins if row.get("scope") == "team"]
    told = [[cell.value for cell in each.values] for each in team]
    assert told == [[7, now["plan"]], [2, now["fact"]]]


def test_what_is_owed_is_parted_by_age(books: Any) -> None:
    book, report = books("receivables")
    ((chart, series),) = every(book)
    due = ("not_due", "d1_30", "d31_60", "d61_90", "d90_plus", "no_due_date")
    keys = [key for key in due if any(row[key] for row in report.rows)]
    assert [each.name for each in series] == [money_head(report, report.column(key)) for key in keys]
    rows = [row for row in report.rows if any(row[key] > 0 for key in keys)][:24]
    assert [each.categories for each in series] == [[shown(report, row, "label") for row in rows]] * len(keys)
    assert chart.grouping == "stacked"
    assert sum(cell.value for each in series for cell in each.values) > 0


def test_the_work_of_the_team_is_parted_by_its_kind(books: Any) -> None:
    book, report = books("activities")
    ((chart, series),) = every(book)
    team = [row for row in report.rows if row.get("scope") == "team"]
    kinds = list(dict.fromkeys(row["kind"] for row in team))
    for each, kind in zip(series, kinds, strict=True):
        own = [row for row in team if row["kind"] == kind]
        assert each.name == shown(report, own[0], "kind")
        assert each.categories == [row["stage"] for row in own]
        assert [cell.value for cell in each.values] == written(report, "per_entry", own)
    assert chart.grouping == "stacked"


def test_each_standard_has_a_bar_for_each_manager(books: Any) -> None:
    book, report = books("standards")
    people = [row for row in report.rows if row.get("scope") != "team"]
    groups = list(dict.fromkeys((row["standard"], row["limit"], row["label"]) for row in people))
    for (chart, (series,)), group in zip(every(book), groups, strict=True):
        own = [row for row in people if (row["standard"], row["limit"], row["label"]) == group]
        assert series.categories == [shown(report, row, "manager") for row in own]
        assert [cell.value for cell in series.values] == written(report, "kept_share", own)
        assert shown(report, own[0], "standard") in title(chart) and shown(report, own[0], "limit") in title(
            chart
        )


def test_clients_won_and_lost_stand_with_both_times(books: Any) -> None:
    book, report = books("lost-history")
    ((_chart, series),) = every(book)
    keys = ("won_median_days", "lost_median_days")
    rows = [row for row in report.rows if all(row[key] is not None for key in keys)][:24]
    for each, key in zip(series, keys, strict=True):
        assert each.categories == [row["client"] for row in rows]
        assert [cell.value for cell in each.values] == written(report, key, rows)


def test_a_forecast_shows_its_range_and_how_past_ones_fared(books: Any) -> None:
    book, report = books("forecast")
    (_stages, _expected), (_period, (money,)), (_graded, ranges) = every(book)[:3]
    keys = ("won_amount", "amount_p10", "amount_p50", "amount_p90")
    told = [report.totals[key] / 100 for key in keys]
    assert [cell.value for cell in money.values] == pytest.approx(told)
    assert len(set(money.categories)) == len(keys)
    months = report.extra["backtest"]
    assert ranges[0].categories == [each.month for each in months]
    for each, key in zip(ranges, ("amount_p10", "amount", "amount_p90"), strict=True):
        came = [getattr(month, key) / 100 for month in months]
        assert [cell.value for cell in each.values] == pytest.approx(came)


def test_the_chart_of_a_grid_leaves_its_sums_out(books: Any) -> None:
    for name in ("manager-matrix", "cross-table"):
        book, _report = books(name)
        ((_chart, series),) = every(book)
        sheet = book.worksheets[1]
        side = [sheet.cell(row, 1).value for row in range(2, sheet.max_row + 1)]
        head = [cell.value for cell in sheet[1]][1:]
        assert [each.name for each in series] == head[:-1]
        assert all(each.categories in (side, side[:-1]) for each in series)  # a matrix sums by manager only


def test_only_the_figures_that_were_chosen_are_drawn(books: Any) -> None:
    book, report = books("managers", columns=("lost",))
    charts = every(book)
    assert [each.name for _chart, series in charts for each in series] == [
        money_head(report, report.column("lost"))
    ]


def test_of_many_rows_the_first_are_drawn_and_the_title_says_so(books: Any, tmp_path: Path) -> None:
    _book, report = books("lost")
    rows = tuple({**report.rows[0], "label": f"Client {n}"} for n in range(40))
    write_xlsx(replace(report, rows=rows), tmp_path / "r.xlsx", ZONE)
    for chart, series in every(openpyxl.load_workbook(tmp_path / "r.xlsx")):
        assert series[0].categories == [f"Client {n}" for n in range(24)]
        assert "16" in title(chart)
