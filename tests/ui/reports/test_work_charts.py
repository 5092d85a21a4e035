"""Reaction, standards and work per stage: what their charts show is what their tables say."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pyqtgraph as pg
import pytest
from pypdf import PdfReader
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import qGray
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.goals import Standard
from funneldesk.domain.results import Report
from funneldesk.report_words import cell_text, column_label, opens_deals, shown_columns
from funneldesk.ui.reports.charts import facets
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.items import Words
from funneldesk.ui.reports.charts.look import Look, paper_look, screen_look
from funneldesk.ui.reports.charts.reaction import WAITING
from funneldesk.ui.reports.charts.sheet import Sheet
from funneldesk.ui.reports.charts.view import ChartView, draw_chart
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.reports.print import render_pdf
from funneldesk.ui.theme import choose_theme
from tests.ui.reports.charts_kit import chart, widths, words
from tests.ui.reports.paper_kit import ZONE, printed, squeezed
from tests.ui.reports.sample import STAGES, Reporting, ask, shown

NAMES = ("reaction", "standards", "activities")
SHOWN = {
    "reaction": ("median_hours", "p90_hours", "leads", "answered", "unanswered", "unanswered_day"),
    "standards": ("checked", "kept", "kept_share", "broken_now"),
    "activities": ("done", "entered", "per_entry", "median_success"),
}
KEYS = {"reaction": "deals", "standards": "broken_now", "activities": "entered"}
AGREED = (
    Standard(id=1, kind="contact", limit_=7),
    Standard(id=2, kind="answer", limit_=24),
    Standard(id=3, kind="contact", limit_=3, stage_id=5),
    Standard(id=4, kind="contact", limit_=30, category="VIP"),
)


@pytest.fixture
def agreed(reporting: Reporting) -> Reporting:
    """With four standards, one of a category that no client has."""
    facts = reporting.facts
    return Reporting(replace(facts, ledger=replace(facts.ledger, standards=AGREED)))


def waiting(reporting: Reporting) -> Report:
    """Some leads wait, one manager answered none, one has a very slow tenth."""
    report = ask(reporting, "reaction")
    first, slow, few, *rest, last = report.rows
    none = {**last, "answered": 0, "unanswered": last["leads"], "unanswered_day": last["leads"] - 2}
    rows = (
        {**first, "leads": first["answered"] + 3, "unanswered": 3, "unanswered_day": 1},
        {**slow, "p90_hours": 4000.0},
        {**few, "answered": 9, "leads": 9, "median_hours": 3.5, "p90_hours": 7.0},
        *rest,
        {**none, "median_hours": None, "p90_hours": None, "deals": 0},
    )
    return replace(report, rows=rows)


def team_rows(report: Report) -> list[tuple[int, Any]]:
    return [(place, row) for place, row in enumerate(report.rows) if row.get("scope") == "team"]


def shares(canvas: Canvas) -> list[float]:
    """How long the bars of facets are, of full ones; column by column, the wholes behind them left out."""
    bars = [item for item in canvas._kept if isinstance(item, pg.BarGraphItem)]
    own = [bar for bar in bars if bar.opts["brush"] == canvas.look.color("won")]
    return [float(wide) / facets.LONGEST for bar in own for wide in bar.opts["width"]]


def lines(canvas: Canvas) -> list[tuple[float, float, float, float]]:
    """The lines that are drawn together: from x and y to x and y."""
    (item,) = [item for item in canvas._kept if isinstance(item, pg.PlotCurveItem)]
    xs, ys = (list(map(float, values)) for values in item.getData())
    return list(zip(xs[::2], ys[::2], xs[1::2], ys[1::2], strict=True))


def strokes(canvas: Canvas) -> list[float]:
    """Where strokes stand in their columns, of a full bar; column by column."""
    return [(x - round(x) + facets.LEFT) / facets.LONGEST for x, *_rest in lines(canvas)]


@pytest.mark.parametrize("name", NAMES)
def test_the_mouse_says_every_figure_of_the_row_as_the_table_does(
    qtbot: QtBot, agreed: Reporting, name: str
) -> None:
    report = waiting(agreed) if name == "reaction" else ask(agreed, name)
    hits = [hit for panel in chart(qtbot, report).panels for hit in panel.canvas.hits]
    assert hits
    for hit in hits:
        assert hit.row is not None
        row = report.rows[hit.row]
        for key in SHOWN[name]:
            said = cell_text(report, report.column(key), row[key], row)
            assert f"{column_label(key)}: {said}" in hit.tip.split("\n")
        assert (
            cell_text(report, report.column("manager"), row["manager"], row) in hit.tip
            or name == "activities"
        )


@pytest.mark.parametrize("name", NAMES)
def test_a_click_opens_deals_where_the_cell_of_the_table_does(
    qtbot: QtBot, agreed: Reporting, name: str
) -> None:
    report = waiting(agreed) if name == "reaction" else ask(agreed, name)
    view = chart(qtbot, report)
    (column,) = [each for each in shown_columns(report) if each.column.key == KEYS[name]]
    seen = set()
    for panel in view.panels:
        for hit in panel.canvas.hits:
            assert hit.row is not None
            assert hit.key == KEYS[name]
            assert hit.opens == opens_deals(report, report.rows[hit.row], column)
            seen.add(hit.opens)
    assert seen == {True, False} or name == "activities"


@pytest.mark.parametrize("name", NAMES)
def test_a_click_shows_the_deals_of_the_number(qtbot: QtBot, page: ReportsPage, name: str) -> None:
    page.show_variant({"report": name})
    view: ChartView = shown(page).chart
    canvas = view.panels[0].canvas
    hit = next(each for each in canvas.hits if each.opens)
    assert view.report is not None and hit.row is not None
    spot = canvas.mapFromScene(
        canvas.getViewBox().mapViewToScene(hit.area.intersected(canvas.viewRect()).center())
    )
    place = QPoint(int(spot.x()), int(spot.y()))
    QTest.mouseMove(canvas.viewport(), place)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert len(page.deals.model.rows) == view.report.rows[hit.row][KEYS[name]] > 0


def test_reaction_bars_end_at_the_median_and_whiskers_at_nine_of_ten(
    qtbot: QtBot, reporting: Reporting
) -> None:
    report = waiting(reporting)
    hours, leads = (panel.canvas for panel in chart(qtbot, report).panels)
    answered = [row for row in report.rows if row["median_hours"] is not None]
    assert widths(hours) == [[row["median_hours"] for row in answered]]
    said = words(hours).split("\n")
    for row in answered:
        middle, late = (cell_text(report, report.column(key), row[key], row) for key in SHOWN["reaction"][:2])
        assert any(each.startswith(f"{middle}  nine of ten within {late}") for each in said)
    ends = {end for _x, above, end, below in lines(hours) if above == below}
    most = max(row["median_hours"] for row in answered) * 4
    assert {min(row["p90_hours"], most) for row in answered} <= ends  # 4,000 hours squeeze nothing
    assert max(ends) == most
    assert widths(leads) == [
        [row["answered"] for row in report.rows],
        [row["unanswered"] - row["unanswered_day"] for row in report.rows],
        [row["unanswered_day"] for row in report.rows],
    ]


def test_who_answered_nobody_has_no_bar_and_says_so(qtbot: QtBot, reporting: Reporting) -> None:
    report = waiting(reporting)
    hours, leads = (panel.canvas for panel in chart(qtbot, report).panels)
    last = len(report.rows) - 1
    (said,) = [item for item in hours._kept if isinstance(item, Words) and item.y() == last]
    assert said.text() == "none answered"
    (count,) = [item for item in leads._kept if isinstance(item, Words) and item.y() == last]
    total = report.rows[-1]["leads"]
    assert count.text() == f"0  answered of {total}  ·  {total} waiting"
    assert "too few leads" in words(hours).split("\n")[2]


def test_leads_answered_at_once_have_whiskers_nevertheless(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "reaction")
    rows = [{**row, "median_hours": 0.0, "p90_hours": 50.0 + place} for place, row in enumerate(report.rows)]
    hours, _leads = (panel.canvas for panel in chart(qtbot, replace(report, rows=tuple(rows))).panels)
    assert {end for _x, above, end, below in lines(hours) if above == below} == {r["p90_hours"] for r in rows}


def test_the_axis_of_hours_is_marked_inside_the_plot(qtbot: QtBot, reporting: Reporting) -> None:
    panel, _leads = chart(qtbot, waiting(reporting)).panels
    ticks = [place for place, _words in panel.canvas.getAxis("bottom")._tickLevels[0]]
    assert ticks[0] == 0 and 3 <= len(ticks) <= 6
    assert ticks[-1] <= panel.canvas.getViewBox().viewRange()[0][1]


@pytest.mark.parametrize("theme", ["paper", "light", "dark"])
def test_parts_of_the_leads_are_told_apart_in_black_and_white(theme: str) -> None:
    look = paper_look("DejaVu Sans", 1.0) if theme == "paper" else screen_look(choose_theme(theme))
    drawn = [(qGray(look.color(token).rgb()), pattern) for _words, token, pattern in WAITING]
    for one, two in combinations(drawn, 2):
        assert one[1] != two[1] or abs(one[0] - two[0]) > 30


def test_a_standard_is_a_column_and_everybody_a_row_of_it(qtbot: QtBot, agreed: Reporting) -> None:
    report = ask(agreed, "standards")
    (panel,) = chart(qtbot, report).panels
    canvas = panel.canvas
    assert panel.columns == len(AGREED)
    assert sorted(hit.row or 0 for hit in canvas.hits) == list(range(len(report.rows)))
    known = [report.rows[hit.row or 0]["kept_share"] for hit in canvas.hits]
    assert shares(canvas) == pytest.approx([share for share in known if share is not None])
    said = words(canvas).split("\n")
    for row in report.rows:
        share = cell_text(report, report.column("kept_share"), row["kept_share"], row)
        assert (share if row["kept_share"] is not None else "no data") in said
        if row["broken_now"]:
            assert any(each.endswith(f" · {row['broken_now']} outside now") for each in said)
    names = [name for _place, name in canvas.getAxis("left")._tickLevels[0]]
    assert names[0] == "Team" and len(names) == len(set(names)) == 6


def test_a_stroke_says_how_far_the_team_keeps_the_standard(qtbot: QtBot, agreed: Reporting) -> None:
    report = ask(agreed, "standards")
    (panel,) = chart(qtbot, report).panels
    whole = {row["limit"]: row["kept_share"] for _place, row in team_rows(report)}
    cells = [report.rows[hit.row or 0] for hit in panel.canvas.hits]
    people = [row for row in cells if row.get("scope") != "team"]
    assert strokes(panel.canvas) == pytest.approx([whole[row["limit"]] for row in people])
    assert [entry.text for entry in panel.entries] == ["kept", "team"]


def test_managers_of_one_name_both_have_their_bars(qtbot: QtBot, agreed: Reporting) -> None:
    report = ask(agreed, "standards")
    rows = [{**row, "manager": "Anna" if row["manager"] else None} for row in report.rows]
    (panel,) = chart(qtbot, replace(report, rows=tuple(rows))).panels
    assert sorted(hit.row or 0 for hit in panel.canvas.hits) == list(range(len(rows)))


def test_of_very_many_people_the_rest_is_in_the_table(qtbot: QtBot, agreed: Reporting) -> None:
    report = ask(agreed, "standards")
    first = report.rows[1]
    rows = [report.rows[0], *({**first, "manager": f"Manager {n:02}"} for n in range(40))]
    (panel,) = chart(qtbot, replace(report, rows=tuple(rows))).panels
    assert len(panel.canvas.hits) == 24
    assert panel.entries[-1].text == "17 more rows in the table"


class Counted(dict[str, Any]):
    """A row that counts how often it is asked whose it is."""

    asked = 0

    def get(self, key: str, default: Any = None) -> Any:
        Counted.asked += key == "scope"
        return super().get(key, default)


def test_rows_are_not_walked_anew_for_every_cell(
    qtbot: QtBot, agreed: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = ask(agreed, "standards")
    team, first = report.rows[0], report.rows[1]
    rows = [
        Counted({**row, "limit": limit})
        for limit in range(1, 6)
        for row in (team, *({**first, "manager": f"Manager {n:02}"} for n in range(20)))
    ]
    monkeypatch.setattr(Counted, "asked", 0)
    (panel,) = chart(qtbot, replace(report, rows=tuple(rows))).panels
    assert len(panel.canvas.hits) == len(rows)
    assert Counted.asked <= 10 * len(rows)


@pytest.mark.parametrize("name", ["standards", "activities"])
def test_without_columns_nothing_is_drawn(qtbot: QtBot, agreed: Reporting, name: str) -> None:
    report = ask(agreed, name)
    sheet = Sheet(report, screen_look(choose_theme("light")))
    facets.draw(sheet, facets.Grid(["Anna"], [], {}, 40))
    assert not sheet.panels
    if name == "activities":  # it draws the team's rows only
        people = tuple(row for row in report.rows if row.get("scope") != "team")
        assert people and not chart(qtbot, replace(report, rows=people)).panels


def test_work_is_drawn_by_stage_and_kind_on_one_scale(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "activities")
    (panel,) = chart(qtbot, report).panels
    canvas, rows = panel.canvas, team_rows(report)
    assert {hit.row for hit in canvas.hits} == {place for place, _row in rows}
    assert panel.columns == len({row["kind"] for _place, row in rows}) == 2
    drawn = [report.rows[hit.row or 0] for hit in canvas.hits]
    most = max(max(row["per_entry"], row["median_success"]) for row in drawn)
    assert shares(canvas) == pytest.approx([row["per_entry"] / most for row in drawn])
    worked = [row for row in drawn if round(row["per_entry"], 1)]
    assert strokes(canvas) == pytest.approx([row["median_success"] / most for row in worked])
    for row in drawn:
        said = [cell_text(report, report.column(key), row[key], row) for key in SHOWN["activities"][2:]]
        assert "  ·  ".join(said) in words(canvas).split("\n")


def test_a_stage_that_nobody_entered_has_no_data_rather_than_nothing(
    qtbot: QtBot, reporting: Reporting
) -> None:
    facts = reporting.facts
    begun = replace(facts, deals=tuple(deal for deal in facts.deals if deal.reach <= 3))
    report = ask(Reporting(begun), "activities")
    (panel,) = chart(qtbot, report).panels
    said = [item for item in panel.canvas._kept if isinstance(item, Words)]
    for place, stage in enumerate(STAGES):
        here = [item.text() for item in said if item.y() == place]
        rows = [row for _place, row in team_rows(report) if row["stage"] == stage]
        if any(row["entered"] for row in rows):
            assert not any("no data" in text for text in here)
        else:
            assert here == [f"no data  ≥ {row['done']}" for row in rows]
    assert sum("no data" in item.text() for item in said) == 2 * (len(STAGES) - 3)


@pytest.mark.parametrize("name", ["standards", "activities"])
def test_paper_has_every_cell_of_the_screen_and_no_column_narrower_than_its_words(
    qtbot: QtBot, agreed: Reporting, name: str
) -> None:
    report = ask(agreed, name)
    screen = [hit.row for panel in chart(qtbot, report).panels for hit in panel.canvas.hits]
    panels = draw_chart(report, paper_look("DejaVu Sans", 1.0), {}, [])
    assert sorted(row or 0 for panel in panels for hit in panel.canvas.hits for row in [hit.row]) == sorted(
        row or 0 for row in screen
    )
    assert all(panel.columns * panel.column <= facets.PAGE for panel in panels)
    assert [bool(panel.entries) for panel in panels] == [*[False] * (len(panels) - 1), True]
    for panel in panels:
        panel.canvas.hide()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("name", ["standards", "activities"])
def test_words_of_a_column_stay_in_it(
    qtbot: QtBot, agreed: Reporting, name: str, scale: float, theme: str
) -> None:
    look: Look = screen_look(choose_theme(theme, scale))
    (panel,) = draw_chart(ask(agreed, name), look, {}, [])
    canvas = panel.canvas
    qtbot.addWidget(canvas)
    beside = canvas.getAxis("left").minimumWidth()
    canvas.resize(math.ceil(look.px(panel.column) * panel.columns + beside), 600)
    canvas.grab()
    one = canvas.getViewBox().width() / panel.columns
    for item in canvas._kept:
        if isinstance(item, Words):
            begins = (item.x() + 0.5) % 1 * one
            assert begins + item.size()[0] <= one + 1, item.text()


@pytest.mark.parametrize("paper", ["A4", "Letter"])
@pytest.mark.parametrize("name", NAMES)
def test_a_print_has_the_chart_as_vectors_with_the_figures_of_the_table(
    qtbot: QtBot, agreed: Reporting, tmp_path: Path, name: str, paper: str
) -> None:
    report = waiting(agreed) if name == "reaction" else ask(agreed, name)
    path = tmp_path / "r.pdf"
    render_pdf(report, path, zone=ZONE, paper=paper)
    page = printed(path)[0]
    assert not any(list(each.images) for each in PdfReader(path).pages)
    for panel in draw_chart(report, paper_look("DejaVu Sans", 1.0), {}, []):
        for text in [*words(panel.canvas).split("\n"), *(entry.text for entry in panel.entries)]:
            assert squeezed(text) in page
        panel.canvas.hide()


@pytest.mark.parametrize("name", NAMES)
def test_without_anything_to_count_there_is_no_chart(qtbot: QtBot, reporting: Reporting, name: str) -> None:
    facts = replace(reporting.facts, deals=(), moves=(), activities=())
    report = ask(Reporting(replace(facts, ledger=replace(facts.ledger, standards=()))), name)
    view = chart(qtbot, report)
    assert not view.panels and view.isHidden()
