from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import pyqtgraph as pg
import pytest
from pyqtgraph.graphicsItems.ViewBox.ViewBoxMenu import ViewBoxMenu
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import qGray
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.report_words import cell_text
from funneldesk.reports.catalog import CATALOG
from funneldesk.ui.reports.charts import receivables
from funneldesk.ui.reports.charts.bars import SPECS
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.items import Words
from funneldesk.ui.reports.charts.look import paper_look, screen_look
from funneldesk.ui.reports.charts.view import CHARTS, draw_chart
from funneldesk.ui.theme import choose_theme
from tests.ui.reports.charts_kit import chart, widths, words
from tests.ui.reports.sample import Reporting, ask


def test_a_plot_makes_no_menu_that_nobody_opens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(ViewBoxMenu, "__init__", lambda *of: made.append(of))
    canvas = Canvas(paper_look("DejaVu Sans", 1.0))
    qtbot.addWidget(canvas)
    assert not made and not canvas.getPlotItem().menuEnabled(), (
        "slow, and Qt keeps something of each field in it"
    )


def test_every_chart_is_of_a_report() -> None:
    assert set(CHARTS) <= set(CATALOG)


def test_the_funnel_bars_are_as_long_as_the_counts(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "stage-funnel")
    view = chart(qtbot, report)
    full, tips, won = widths(view.panels[0].canvas)
    assert [a + b for a, b in zip(full, tips, strict=True)] == [row["count"] for row in report.rows]
    assert tips == [row["waiting"] for row in report.rows]
    assert won == [report.totals["won_by_rule"]]
    for row in report.rows:
        assert view.panels[0].canvas.hits[0].tip
        assert f"{row['advanced']} of {row['advanced'] + row['lost']} went on" in words(view.panels[0].canvas)


def test_a_funnel_counted_by_where_deals_are_now_shows_no_conversion(
    qtbot: QtBot, reporting: Reporting
) -> None:
    from funneldesk.domain.results import Rule

    view = chart(qtbot, ask(reporting, "stage-funnel", rule=Rule.CURRENT))
    assert "▼" not in words(view.panels[0].canvas)


def test_finished_bars_are_passed_and_lost_in_deals_and_in_money(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "finished-funnel")
    view = chart(qtbot, report)
    for panel, keys in zip(view.panels, (("passed", "lost"), ("passed_amount", "lost_amount")), strict=True):
        assert widths(panel.canvas) == [[row[key] for row in report.rows] for key in keys]


def test_a_marked_change_stands_beside_the_bar_of_its_month(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "dynamics")
    bare = [text for panel in chart(qtbot, report).panels for text in words(panel.canvas).split("\n")]
    assert not any("▸" in text for text in bare)
    place = len(report.rows) // 2
    told = [{**row, "marks": "New price list"} if i == place else row for i, row in enumerate(report.rows)]
    first, *others = chart(qtbot, replace(report, rows=tuple(told))).panels
    created = str(report.rows[place]["created"])
    (marked,) = [item for item in first.canvas._kept if isinstance(item, Words) and "▸" in item.text()]
    assert marked.text() == f"{created}  ▸ New price list"
    assert marked.y() == pytest.approx(place, abs=0.5)
    assert not any("▸" in words(panel.canvas) for panel in others)


def test_manager_bars_and_dots_are_the_reports_numbers(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "managers")
    rates, money = chart(qtbot, report).panels
    assert widths(money.canvas) == [
        [row["won_amount"] for row in report.rows],
        [row["expected_amount"] for row in report.rows],
    ]
    dots = [item.x() for item in rates.canvas._kept if type(item).__name__ == "Mark"]
    assert dots == pytest.approx([row["win_rate"] for row in report.rows])


def test_the_matrix_says_the_count_of_every_cell(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "manager-matrix")
    canvas = chart(qtbot, report).panels[0].canvas
    assert len(canvas.hits) == len(report.rows)
    for hit in canvas.hits:
        assert hit.row is not None
        assert f"Deals: {report.rows[hit.row]['count']}" in hit.tip


def test_the_turned_matrix_has_a_line_for_each_manager(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "manager-matrix", turned=True)
    canvas = chart(qtbot, report).panels[0].canvas
    assert len(canvas.hits) == len(report.rows)
    stages, first = len({row["stage"] for row in report.rows}), canvas.hits[0]
    line = [hit for hit in canvas.hits if hit.area.top() == first.area.top()]
    assert first.row is not None
    assert len(line) == stages
    named = {report.rows[hit.row]["manager"] for hit in line if hit.row is not None}
    assert named == {report.rows[first.row]["manager"]}


def test_a_panel_of_nothing_but_zeros_is_not_drawn(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "leads-deals")
    assert report.totals["direct_amount"] and not report.totals["lead_amount"]
    panels = draw_chart(report, paper_look(), {}, [])
    assert [panel.title for panel in panels] == ["Amount directly"]
    none = replace(report, rows=tuple({**row, "direct_amount": 0} for row in report.rows))
    assert len(draw_chart(none, paper_look(), {}, [])) == 1


def test_loss_bars_are_counts_and_money(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "lost", by=("reason",))
    count, money = chart(qtbot, report).panels
    assert widths(count.canvas) == [[row["lost"] for row in report.rows]]
    assert widths(money.canvas) == [[row["lost_amount"] for row in report.rows]]


def test_of_many_crossed_losses_the_greatest_are_drawn(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "lost", by=("stage", "reason", "manager"))
    count, money = chart(qtbot, report).panels
    (drawn,) = widths(count.canvas)
    assert len(report.rows) > len(drawn) > 10
    assert drawn == sorted((row["lost"] for row in report.rows), reverse=True)[: len(drawn)]
    for canvas, key in ((count.canvas, "lost"), (money.canvas, "lost_amount")):
        shown = [report.rows[hit.row][key] for hit in canvas.hits if hit.row is not None]
        assert widths(canvas) == [shown]
    assert all(" / " in hit.tip for hit in count.canvas.hits)


def test_key_stage_bars_end_at_the_chance_to_win(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "key-stage")
    before, jumps = widths(chart(qtbot, report).panels[0].canvas)
    ends = [a + b for a, b in zip(before, jumps, strict=True)]
    assert ends == pytest.approx([row["probability"] for row in report.rows])


@pytest.mark.parametrize(
    ("name", "key"),
    [("key-stage", "jump"), ("key-stage", "bootstrap_share"), ("manager-matrix", "step_conversion")],
)
def test_a_chart_says_a_number_as_its_table_does(
    qtbot: QtBot, reporting: Reporting, name: str, key: str
) -> None:
    report = ask(reporting, name)
    said = words(chart(qtbot, report).panels[0].canvas)
    column = report.column(key)
    told = [cell_text(report, column, row[key], row) for row in report.rows if row[key]]
    assert told and all(each in said for each in told)


def test_curves_of_time_fall_through_the_half_at_the_median(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "stage-times")
    canvas = chart(qtbot, report).panels[1].canvas
    curves = [i for i in canvas._kept if isinstance(i, pg.PlotDataItem) and len(i.xData) > 2]
    assert len(curves) == len(report.rows)
    for curve, row in zip(curves, report.rows, strict=True):
        at = next(x for x, y in zip(curve.xData, curve.yData, strict=True) if y <= 0.5)
        assert at == pytest.approx(row["p50"], rel=0.05, abs=0.3)


def test_one_slow_stage_does_not_squeeze_the_curves_of_the_others(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "stage-times")
    whole = chart(qtbot, report).panels[1]
    ends = sorted(row["p90"] for row in report.rows)
    assert whole.canvas.getViewBox().viewRange()[0][1] == pytest.approx(ends[-1] * 1.6)
    assert not any("see the table" in entry.text for entry in whole.entries)
    slow = (dict(report.rows[0], p90=ends[-1] * 40), *report.rows[1:])
    cut = chart(qtbot, replace(report, rows=slow)).panels[1]
    assert cut.canvas.getViewBox().viewRange()[0][1] < ends[-1] * 10
    assert any("see the table" in entry.text for entry in cut.entries)


@pytest.mark.parametrize("theme", ["paper", "light", "dark"])
def test_buckets_of_debt_are_told_apart_in_black_and_white(theme: str) -> None:
    look = paper_look("DejaVu Sans", 1.0) if theme == "paper" else screen_look(choose_theme(theme))
    shown = [(qGray(look.color(colour).rgb()), pattern) for colour, pattern in receivables.LOOKS.values()]
    for one, two in combinations(shown, 2):
        assert one[1] != two[1] or abs(one[0] - two[0]) > 30


@pytest.mark.parametrize("name", list(SPECS))
def test_plain_bars_are_the_numbers_of_the_table(qtbot: QtBot, reporting: Reporting, name: str) -> None:
    report = ask(reporting, name)
    view = chart(qtbot, report)
    drawn = [bars for bars in SPECS[name].panels if any(row[bars.key] for row in report.rows)]
    assert drawn
    for panel, bars in zip(view.panels, drawn, strict=True):
        assert widths(panel.canvas) == [[row[bars.key] for row in report.rows]]
        assert [hit.row for hit in panel.canvas.hits] == list(range(len(report.rows)))
        assert all(hit.key == bars.opens for hit in panel.canvas.hits)


def test_of_too_many_weeks_the_last_are_drawn(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "dynamics", by=("week",))
    created = chart(qtbot, report).panels[0]
    assert len(report.rows) > 24
    assert widths(created.canvas) == [[row["created"] for row in report.rows[-24:]]]
    assert created.canvas.hits[-1].row == len(report.rows) - 1


def test_the_leaks_stand_on_top_and_open_their_own_deals(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "leaks")
    canvas = chart(qtbot, report).panels[0].canvas
    drawn = [report.rows[hit.row or 0] for hit in canvas.hits]
    leaks = [row for row in report.rows if row["flag"] == "leak"]
    assert leaks and drawn[: len(leaks)] == leaks
    dots = [item.x() for item in canvas._kept if type(item).__name__ == "Mark"]
    assert dots == pytest.approx([row["rate"] for row in drawn])
    for hit, row in zip(canvas.hits, drawn, strict=True):
        assert str(row["step"]) in hit.tip and f"{row['advanced']}/{row['resolved']}" in words(canvas)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", list(CHARTS))
def test_a_chart_is_not_blank(qtbot: QtBot, reporting: Reporting, name: str, theme: str) -> None:
    view = chart(qtbot, ask(reporting, name), theme)
    for panel in view.panels:
        picture = panel.canvas.grab().toImage()
        seen = {
            picture.pixelColor(x, y).name()
            for x in range(0, picture.width(), 7)
            for y in range(0, picture.height(), 5)
        }
        assert len(seen) >= 3, panel.title


@pytest.mark.parametrize(("share", "guides"), [(0.3, 0), (0.6, 1)])
def test_a_guide_stands_at_half_only_inside_the_plot(
    qtbot: QtBot, reporting: Reporting, share: float, guides: int
) -> None:
    report = ask(reporting, "cycle")
    report = replace(report, extra={**report.extra, "win_by_age": ((5.0, share / 2), (30.0, share))})
    curves = chart(qtbot, report).panels[1].canvas
    lines = [item for item in curves._kept if isinstance(item, pg.PlotDataItem)]
    assert sum(item.opts["pen"].style() == Qt.PenStyle.DashLine for item in lines) == guides


def test_plots_are_kept_from_report_to_report(qtbot: QtBot, reporting: Reporting) -> None:
    view = chart(qtbot, ask(reporting, "stage-funnel"))
    first = view.panels[0].canvas
    for name in CHARTS:
        view.show_report(ask(reporting, name))
        assert view.panels[0].canvas is first
    assert len(view._slots) == 2


def test_a_click_on_a_bar_names_its_row_and_key(qtbot: QtBot, reporting: Reporting) -> None:
    view = chart(qtbot, ask(reporting, "finished-funnel"))
    canvas = view.panels[0].canvas
    hit = next(h for h in canvas.hits if h.key == "passed" and h.row == 1)
    spot = canvas.mapFromScene(canvas.getViewBox().mapViewToScene(hit.area.center()))
    place = QPoint(int(spot.x()), int(spot.y()))
    with qtbot.waitSignal(view.opened) as caught:
        QTest.mouseMove(canvas.viewport(), place)
        QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert caught.args == [1, "passed"]


def test_nothing_answers_outside_the_plot(qtbot: QtBot, reporting: Reporting) -> None:
    canvas = chart(qtbot, ask(reporting, "stage-funnel")).panels[0].canvas
    assert canvas.hit_at(QPointF(-50, -50)) is None


def test_a_stage_named_like_markup_is_shown_as_it_is(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "stage-funnel")
    evil = "<img src=x><b>Offer</b>"
    rows = (dict(report.rows[0], stage=evil), *report.rows[1:])
    canvas = chart(qtbot, replace(report, rows=rows)).panels[0].canvas
    assert evil in canvas.hits[0].tip
    assert canvas.getAxis("left")._tickLevels[0][0][1].replace("\n", " ") == evil


def test_the_forecast_draws_won_and_expected_money_and_grades_its_past(
    qtbot: QtBot, reporting: Reporting
) -> None:
    report = ask(reporting, "forecast", plan_amount=90_000_000)
    view = chart(qtbot, report)
    money, graded = (panel.canvas for panel in view.panels)
    won, rest, stages = widths(money)
    assert won == [report.totals["won_amount"]]
    assert won[0] + rest[0] == pytest.approx(report.totals["amount_p50"])
    assert stages == pytest.approx([row["expected_amount"] for row in report.rows])
    assert [panel.title for panel in view.panels] == ["Money of the period", "Past forecasts and what came"]
    assert words(graded).count("\n") + 1 == len(report.extra["backtest"]) > 3
    assert any("plan" in entry.text for entry in view.panels[0].entries)
