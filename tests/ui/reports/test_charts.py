from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import Any

import pyqtgraph as pg
import pytest
from pyqtgraph.graphicsItems.ViewBox.ViewBoxMenu import ViewBoxMenu
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import qGray
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report, ReportRequest
from funneldesk.report_words import cell_text
from funneldesk.reports.catalog import CATALOG, compute
from funneldesk.reports.manager_matrix import for_page
from funneldesk.ui.reports.charts import receivables
from funneldesk.ui.reports.charts.bars import SPECS
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.charts.items import Words
from funneldesk.ui.reports.charts.look import paper_look, screen_look, wrapped, wrapped_all
from funneldesk.ui.reports.charts.matrix import ACROSS, DOWN
from funneldesk.ui.reports.charts.view import CHARTS, ChartView, draw_chart
from funneldesk.ui.theme import choose_theme
from tests.ui.reports.sample import Reporting, sample

KEPT: list[ChartView] = []


@pytest.fixture(autouse=True)
def _keep() -> Iterator[None]:
    yield
    KEPT.clear()


def chart(qtbot: QtBot, report: Report, theme: str = "light") -> ChartView:
    view = ChartView(screen_look(choose_theme(theme)))
    # the bot holds only a weak reference, and a plot must not die before its items
    qtbot.addWidget(view)
    KEPT.append(view)
    view.resize(1040, 600)
    view.show()
    view.show_report(report)
    return view


def widths(canvas: Canvas) -> list[list[float]]:
    """The widths of each set of bars, hatches left out."""
    bars = [item for item in canvas._kept if isinstance(item, pg.BarGraphItem)]
    found: list[list[float]] = []
    for item in bars:
        wide = [float(each) for each in item.opts["width"]]
        if not found or found[-1] != wide:
            found.append(wide)
    return found


def words(canvas: Canvas) -> str:
    return "\n".join(item.text() for item in canvas._kept if isinstance(item, Words))


def test_a_plot_makes_no_menu_that_nobody_opens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[object] = []
    monkeypatch.setattr(ViewBoxMenu, "__init__", lambda *of: made.append(of))
    canvas = Canvas(paper_look("DejaVu Sans", 1.0))
    qtbot.addWidget(canvas)
    assert not made and not canvas.getPlotItem().menuEnabled(), (
        "slow, and Qt keeps something of each field in it"
    )


def ask(reporting: Reporting, name: str, **more: Any) -> Report:
    return reporting.run(None, ReportRequest(name, **more))


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


@pytest.mark.parametrize("width", [1300, 1040, 560])
def test_what_passed_stands_in_every_bar_that_has_room_for_it(
    qtbot: QtBot, reporting: Reporting, width: int
) -> None:
    view = chart(qtbot, ask(reporting, "finished-funnel"))
    view.resize(width, 900)
    QApplication.processEvents()
    shown = []
    for panel, key in zip(view.panels, ("passed", "passed_amount"), strict=True):
        box = panel.canvas.getViewBox()
        inside = [item for item in panel.canvas._kept if isinstance(item, Words) and item.x() == 0]
        for item, row in zip(inside, panel.canvas._within, strict=True):
            end = box.mapViewToScene(QPointF(row[1], 0)).x() - box.mapViewToScene(QPointF(0, 0)).x()
            assert item.isVisible() == (item.size()[0] + 4 <= end), key
            shown.append(item.isVisible())
    assert any(shown)


def test_the_halves_of_a_paired_name_have_a_line_each() -> None:
    assert wrapped_all(["Anna · Offer sent", "Boris · Contract signed"]) == [
        "Anna ·\nOffer sent",
        "Boris ·\nContract signed",
    ]
    assert wrapped_all(["Offer / No budget", "Won / Not now"])[0] == "Offer /\nNo budget"
    assert wrapped_all(["Grapak Fitness sp. z o.o.", "Nowoana Sport S.A."])[0] == "Grapak Fitness\nsp. z o.o."
    long = "A stage whose name is longer than a line may be"
    assert wrapped_all([f"Anna · {long}", "Boris · Offer"])[0].count("\n") == 1


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


@pytest.mark.parametrize("name", [*CHARTS])
def test_no_chart_runs_past_the_edge_of_large_type(qtbot: QtBot, reporting: Reporting, name: str) -> None:
    page = QWidget()  # a window would grow with what stands in it
    qtbot.addWidget(page)
    view = ChartView(screen_look(choose_theme("light", 1.5)), page)
    KEPT.append(view)
    view.setGeometry(0, 0, 836, 900)
    page.show()
    view.show_report(ask(reporting, name, turned=name == "manager-matrix"))
    for panel in view.panels:
        canvas = panel.canvas
        assert canvas.mapTo(view, canvas.rect().topRight()).x() < view.width()


def test_columns_without_room_come_by_a_scroll_bar_and_all_are_copied(
    qtbot: QtBot, reporting: Reporting
) -> None:
    view = chart(qtbot, ask(reporting, "manager-matrix", turned=True))
    stages, slot = 7, view._slots[0]
    view.resize(640, 900)
    box = slot.canvas.getViewBox()
    before = box.viewRange()[0]
    assert slot.bar.isVisible()
    assert before[1] - before[0] < stages
    slot.bar.setValue(slot.bar.maximum())
    assert box.viewRange()[0] == pytest.approx([stages - 0.5 - before[1] - 0.5, stages - 0.5])
    assert view.picture().width() > 640
    view.resize(1240, 900)
    assert not slot.bar.isVisible()
    assert box.viewRange()[0] == pytest.approx([-0.5, stages - 0.5])
    view.show_report(ask(reporting, "stage-funnel"))
    view.resize(640, 900)
    assert not slot.bar.isVisible()


def test_a_panel_of_nothing_but_zeros_is_not_drawn(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "leads-deals")
    assert report.totals["direct_amount"] and not report.totals["lead_amount"]
    panels = draw_chart(report, paper_look(), {}, [])
    assert [panel.title for panel in panels] == ["Amount directly"]
    none = replace(report, rows=tuple({**row, "direct_amount": 0} for row in report.rows))
    assert len(draw_chart(none, paper_look(), {}, [])) == 1


@pytest.mark.parametrize("managers", [4, 9, 40])
def test_the_matrix_of_a_print_is_turned_and_parted_as_a_page_needs(qtbot: QtBot, managers: int) -> None:
    facts = sample()
    facts = replace(
        facts,
        deals=tuple(deal._replace(owner=deal.id % managers + 1) for deal in facts.deals),
        managers={number: f"Manager {number}" for number in range(1, managers + 1)},
    )
    asked = ReportRequest("manager-matrix")
    report = for_page(compute(facts, asked))
    stages = len(facts.stages)
    assert report == compute(facts, replace(asked, turned=managers >= stages))
    panels = draw_chart(report, paper_look(), {}, [])
    rows = [hit.row for panel in panels for hit in panel.canvas.hits]
    assert sorted(row for row in rows if row is not None) == list(range(len(report.rows)))
    for panel in panels:
        lines = {hit.area.top() for hit in panel.canvas.hits}
        assert len(lines) <= DOWN
        assert len(panel.canvas.hits) // len(lines) <= ACROSS
    assert [bool(panel.entries) for panel in panels] == [*[False] * (len(panels) - 1), True]


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


def test_labels_right_of_bars_stay_inside_the_plot(qtbot: QtBot, reporting: Reporting) -> None:
    view = chart(qtbot, ask(reporting, "lost", by=("reason",)))
    for width in (1300, 1040, 700):
        view.resize(width, 700)
        QApplication.processEvents()
        for panel in view.panels:
            box = panel.canvas.getViewBox()
            for item in panel.canvas._kept:
                if isinstance(item, Words):
                    end = box.mapViewToScene(item.pos()).x() + item.size()[0]
                    assert end <= box.sceneBoundingRect().right() + 1


@pytest.mark.parametrize("width", [1040, 520, 380])
def test_what_stands_between_the_bars_is_never_cut(qtbot: QtBot, reporting: Reporting, width: int) -> None:
    view = chart(qtbot, ask(reporting, "stage-funnel"))
    view.setFixedWidth(width)
    QApplication.processEvents()
    canvas = view.panels[0].canvas
    room = canvas.getViewBox().width()
    between = [item for item in canvas._kept if isinstance(item, Words) and item.text().startswith("▼")]
    assert between
    for item in between:
        assert item.size()[0] <= room
        assert "%" in item.text()
    whole = sum("went on" in item.text() for item in between)
    assert (whole == len(between)) == (width == 1040)


def test_a_stage_named_like_markup_is_shown_as_it_is(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "stage-funnel")
    evil = "<img src=x><b>Offer</b>"
    rows = (dict(report.rows[0], stage=evil), *report.rows[1:])
    canvas = chart(qtbot, replace(report, rows=rows)).panels[0].canvas
    assert evil in canvas.hits[0].tip
    assert canvas.getAxis("left")._tickLevels[0][0][1].replace("\n", " ") == evil


def test_long_names_are_broken_and_never_cut() -> None:
    name = "Agreement on the terms of delivery and payment with the purchasing department"
    assert wrapped(name, 20, 3).replace("\n", " ") == name
    assert all(
        text.replace("\n", " ") == full
        for text, full in zip(wrapped_all([name, "x"]), [name, "x"], strict=True)
    )
    assert max(text.count("\n") for text in wrapped_all([name, "Short"])) <= 1


@pytest.mark.parametrize("width", [1040, 640])
@pytest.mark.parametrize("name", list(CHARTS))
def test_a_key_never_covers_its_plot(qtbot: QtBot, reporting: Reporting, name: str, width: int) -> None:
    view = chart(qtbot, ask(reporting, name))
    view.resize(width, view.heightForWidth(width))
    view.show_report(ask(reporting, name))
    view.resize(width, view.minimumSizeHint().height())
    QApplication.processEvents()
    for slot in view._slots[: len(view.panels)]:
        assert slot.legend.isHidden() or slot.legend.y() >= slot.canvas.geometry().bottom()


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
