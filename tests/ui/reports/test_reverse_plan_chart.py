"""The chart of a reverse plan: from the goal back to the first stage, and to what is to be done today."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report, ReportRequest
from funneldesk.report_words import ahead_stages
from funneldesk.ui.reports.page import ReportsPage
from tests.ui.reports.charts_kit import chart, widths, words
from tests.ui.reports.sample import Reporting


def planned(reporting: Reporting, goal: int = 40) -> Report:
    request = ReportRequest("reverse-plan", plan=goal)
    return reporting.with_more(None, reporting.run(None, request), request)


def test_it_reads_from_the_goal_back_to_the_first_stage(qtbot: QtBot, reporting: Reporting) -> None:
    report = planned(reporting)
    left = report.extra["ahead"]
    stages, _day = chart(qtbot, report).panels
    assert widths(stages.canvas) == [
        [40, *(row["need"] for row in reversed(report.rows))],
        [left.won, *(row["there"] for row in reversed(left.stages))],
    ]
    first, last = report.rows[0], left.stages[0]
    assert words(stages.canvas).split("\n")[0] == f"{left.won} of 40"
    assert words(stages.canvas).split("\n")[-1] == f"{last['there']} of {first['need']}"
    tips = [hit.tip for hit in stages.canvas.hits]
    assert f"Won in the period: {left.won}" in tips[0] and "Goal, wins: 40" in tips[0]
    assert tips[-1].startswith(first["stage"])
    for told in ("Chance to win: ", f"Needed for 90%: {first['need_90']}", f"Open deals: {last['open']}"):
        assert told in tips[-1]
    assert not any(hit.opens for hit in stages.canvas.hits)


def test_beside_it_stand_the_contacts_of_a_working_day(qtbot: QtBot, reporting: Reporting) -> None:
    report = planned(reporting)
    work = report.extra["ahead"].work
    _stages, day = chart(qtbot, report).panels
    assert widths(day.canvas)[0] == [row["per_day"] for row in work]
    assert words(day.canvas).split("\n") == [f"{row['done_today']} of {row['per_day']}" for row in work]
    assert f"A working day: {work[0]['per_day']}" in day.canvas.hits[0].tip


def test_the_need_stands_there_before_the_rest_is_read(qtbot: QtBot, reporting: Reporting) -> None:
    report = replace(planned(reporting), extra={})
    (stages,) = chart(qtbot, report).panels
    assert widths(stages.canvas) == [[40, *(row["need"] for row in reversed(report.rows))]]
    assert words(stages.canvas).split("\n")[0] == "40"
    assert len(stages.entries) == 3


def test_a_goal_that_is_reached_takes_no_contacts(qtbot: QtBot, reporting: Reporting) -> None:
    report = planned(reporting)
    left = replace(report.extra["ahead"], missing_wins=0.0, work=())
    reached = replace(report, extra={"ahead": left})
    assert ahead_stages(reached) is None
    (stages,) = chart(qtbot, reached).panels
    assert len(widths(stages.canvas)) == 2


@pytest.mark.parametrize("without", ["goal", "chances"])
def test_nothing_is_drawn_without_a_goal_or_a_chance(
    qtbot: QtBot, reporting: Reporting, without: str
) -> None:
    report = planned(reporting)
    none = {"need": None, "need_80": None, "need_90": None}
    rows = tuple({**row, **none} for row in report.rows)
    bare = {
        "goal": replace(report, totals={**report.totals, "target_wins": None}),
        "chances": replace(report, rows=rows),
    }[without]
    assert chart(qtbot, bare).panels == []


def test_a_stage_without_a_chance_has_no_bar(qtbot: QtBot, reporting: Reporting) -> None:
    report = planned(reporting)
    none = {"need": None, "need_80": None, "need_90": None}
    broken = replace(report, rows=({**report.rows[0], **none}, *report.rows[1:]))
    panel = chart(qtbot, broken).panels[0]
    assert [len(wide) for wide in widths(panel.canvas)] == [len(report.rows)] * 2  # the goal, and one less
    assert words(panel.canvas).split("\n")[-1] == "no data"
    assert words(panel.canvas).count("no data") == 1
    assert "Open deals: " in panel.canvas.hits[-1].tip


def test_a_stage_that_is_added_drops_what_was_read_for_the_old_ones(page: ReportsPage) -> None:
    page.choose("reverse-plan")
    view = page.view
    assert view is not None and view.report is not None
    report = view.report
    bare = {key: value for key, value in report.extra.items() if key != "ahead"}
    more = replace(report, extra=bare, rows=(*report.rows, {**report.rows[-1], "stage": "Added"}))
    view.show_report(more)
    (stages,) = view.chart.panels
    assert len(stages.canvas.hits) == len(more.rows) + 1
    assert view.table.rows.report is more
    assert not view.ahead.isVisibleTo(page)


@pytest.mark.parametrize("key", ["target_wins", "target_amount"])
def test_another_goal_drops_what_was_read_for_the_old_one(page: ReportsPage, key: str) -> None:
    page.choose("reverse-plan")
    view = page.view
    assert view is not None and view.report is not None
    report = view.report
    bare = replace(report, extra={})
    view.show_report(bare)
    assert len(view.chart.panels) == 2  # the same goal: what is known stays
    view.show_more(report)
    view.show_report(replace(bare, totals={**report.totals, key: 400}))
    assert len(view.chart.panels) == 1
    assert not view.ahead.isVisibleTo(page)


def test_the_page_draws_what_is_there_as_soon_as_it_is_read(page: ReportsPage) -> None:
    page.choose("reverse-plan")
    assert page.view is not None and page.view.report is not None
    assert page.view.report.extra["ahead"] is not None
    assert len(page.view.chart.panels) == 2
    page.refresh(None)
    assert len(page.view.chart.panels) == 2
