"""Charts in little room: nothing is cut, covered or run past the edge."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import ReportRequest
from funneldesk.reports.catalog import compute
from funneldesk.reports.manager_matrix import for_page
from funneldesk.ui.reports.charts.items import Words
from funneldesk.ui.reports.charts.look import paper_look, screen_look, wrapped, wrapped_all
from funneldesk.ui.reports.charts.matrix import ACROSS, DOWN
from funneldesk.ui.reports.charts.view import CHARTS, ChartView, draw_chart
from funneldesk.ui.theme import choose_theme
from tests.ui.reports.charts_kit import KEPT, chart
from tests.ui.reports.sample import Reporting, ask, sample


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
