"""The tab of reports: numbers and the deals behind them, totals, order, every language."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Change, Label
from funneldesk.domain.results import Type
from funneldesk.errors import UserError
from funneldesk.report_words import cell_text
from funneldesk.report_words.tables import _OF_AUDIT
from funneldesk.reports.catalog import CATALOG
from funneldesk.resources import resource_path
from funneldesk.text import format_number, set_language
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.listing import ReportList
from funneldesk.ui.reports.page import ReportsPage
from tests.ui.reports.sample import Reporting, shown


def table_texts(page: ReportsPage) -> set[str]:
    rows = shown(page).table.rows
    return {rows.text(r, c) for r in range(rows.rowCount()) for c in range(rows.columnCount())}


def test_the_page_opens_with_the_stage_funnel(page: ReportsPage) -> None:
    assert page.stack.currentWidget() is page.view
    assert page.head.heading.text() == "Stage funnel"
    assert set(page.list.names()) == set(CATALOG)


def test_there_is_nothing_to_choose_before_it_is_known_from_what(
    qtbot: QtBot, context: AppContext, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    ready: list[Any] = []
    monkeypatch.setattr(context.tasks, "background", lambda _work, done: ready.append(done))
    page = ReportsPage(context, reporting)
    qtbot.addWidget(page)
    page.show()
    assert not page.head.isVisible() and page.stack.currentWidget() is page.skeleton
    ready[0](None)
    assert page.head.isVisible() and page.stack.currentWidget() is page.view
    page.hide()


@pytest.mark.parametrize("name", list(CATALOG))
def test_the_table_says_every_number_of_the_report(page: ReportsPage, name: str) -> None:
    page.choose(name)
    assert page.answer is not None
    report = page.answer.report
    assert report.name == name
    said = table_texts(page)
    hidden = {"rank", "step_low", "step_high", "win_rate_low", "win_rate_high", "conversion_low"}
    hidden |= {"conversion_high", "low", "high"} | ({"entered"} if report.rule == "reached" else set())
    known = {
        column.key for column in report.columns if any(row[column.key] is not None for row in report.rows)
    }
    hidden |= {"cost", "cost_per_lead", "cost_per_win", "roi", "roi_of", "projected", "p_age"} - known
    hidden |= {"profit_per_activity", "chance", "gap", "marks"} - known
    hidden |= {key for key in ("no_due_date", "credit") if not any(row.get(key) for row in report.rows)}
    if name == "audit":  # the rest is told in sentences
        hidden |= {column.key for column in report.columns} - set(_OF_AUDIT)
        hidden |= {"cost", "worth"} - known
    for row in report.rows:
        for column in report.columns:
            if column.key not in hidden:
                assert cell_text(report, column, row[column.key], row) in said, column.key


@pytest.mark.parametrize(("name", "row", "key"), [
    ("stage-funnel", 3, "lost"), ("stage-funnel", None, "won"), ("finished-funnel", 1, "passed"),
    ("managers", 0, "won"), ("manager-matrix", 0, "resolved"), ("stage-times", 2, "censored"),
    ("cycle", 0, "n"), ("lost", 2, "base"), ("key-stage", 4, "resolved"), ("audit", 0, "count"),
])  # fmt: skip
def test_a_number_opens_as_many_deals_as_it_says(
    page: ReportsPage, name: str, row: int | None, key: str
) -> None:
    page.choose(name)
    assert page.answer is not None
    report = page.answer.report
    page.open_deals(row, key)
    number = report.totals[key] if row is None else report.rows[row][key]
    assert len(page.deals.model.rows) == number > 0
    assert page.deals.isVisible()
    assert format_number(number) in page.deals.heading.text()


def test_a_click_into_the_table_lists_the_deals_and_enter_opens_a_card(
    qtbot: QtBot, page: ReportsPage
) -> None:
    opened: list[tuple[str, int]] = []
    page.context.open_card = lambda kind, key: opened.append((kind, key))
    table = shown(page).table
    column = next(i for i, each in enumerate(table.rows.columns) if each.column.key == "lost")
    spot = table.visualRect(table.rows.index(1, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert len(page.deals.model.rows) == shown(page).report.rows[1]["lost"]
    QTest.keyClick(page.deals.table, Qt.Key.Key_Return)
    assert opened == [("deal", page.deals.model.rows[0].id)]
    QTest.keyClick(page.deals.table, Qt.Key.Key_Escape)
    assert not page.deals.isVisible()


def test_a_total_opens_its_deals_by_mouse_and_by_key(qtbot: QtBot, page: ReportsPage) -> None:
    tile = next(t for t in shown(page).figures.tiles if t.opens)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    first = len(page.deals.model.rows)
    QTest.keyClick(tile, Qt.Key.Key_Return)
    assert first == len(page.deals.model.rows) > 0


def test_the_rule_and_what_was_left_out_stand_under_the_chart(page: ReportsPage) -> None:
    text = shown(page).counted.text()
    assert "highest stage it reached" in text
    assert "deals without amount are not in the sums" in text
    page.controls.rule.choose("visited")
    assert "every stage it really entered" in shown(page).counted.text()


def test_an_empty_base_offers_the_import(qtbot: QtBot, context: AppContext, reporting: Reporting) -> None:
    went: list[str] = []
    context.show_page = went.append
    reporting.facts = replace(reporting.facts, deals=(), moves=())
    made = ReportsPage(context, reporting)
    qtbot.addWidget(made)
    assert made.stack.currentWidget() is made.empty
    made.empty.button.click()  # type: ignore[attr-defined]
    assert went == ["import"]


def test_receivables_without_an_invoice_do_not_speak_of_deals(
    page: ReportsPage, reporting: Reporting
) -> None:
    reporting.facts = replace(reporting.facts, ledger=replace(reporting.facts.ledger, invoices=()))
    page.choose("receivables")
    assert page.stack.currentWidget() is page.empty
    said = [label.text() for label in page.empty.findChildren(QLabel)]
    assert "No invoices yet" in said
    assert not [text for text in said if "deal" in text]


def test_a_refused_question_is_answered_in_words(
    page: ReportsPage, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_db: Any, _request: Any) -> Any:
        raise UserError("funnel.unknown", name="X", known=["Y"])

    monkeypatch.setattr(reporting, "run", refuse)
    page.count()
    assert page.stack.currentWidget() is page.empty
    assert "There is no funnel X" in page.empty._sentence.text()  # type: ignore[attr-defined]


def change(*kinds: str) -> Change:
    edits = tuple(SimpleNamespace(kind=kind) for kind in kinds)
    return Change(1, 0, "me", Label("deal.moved"), edits)  # type: ignore[arg-type]


def test_a_series_of_changes_is_counted_once_and_others_not_at_all(
    qtbot: QtBot, page: ReportsPage, reporting: Reporting
) -> None:
    before = reporting.asked
    page.refresh(change("saved_view"))
    assert not page._timer.isActive()
    for _time in range(5):
        page.refresh(change("deal", "move"))
    assert reporting.asked == before
    qtbot.waitUntil(lambda: reporting.asked > before)
    # the funnel asks once more for the days in its stages
    assert reporting.asked <= before + 2


def test_copying_gives_tabs_and_a_table(page: ReportsPage) -> None:
    page.output.table_to_clipboard()
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().split("\n")
    assert len(lines) == shown(page).table.rows.rowCount() + 1
    assert lines[0].split("\t")[0] == "Stage"
    assert "<td>" in data.html()
    page.output.picture_to_clipboard()
    assert not QGuiApplication.clipboard().pixmap().isNull()


def test_sorting_keeps_totals_last_and_still_opens_the_right_row(page: ReportsPage) -> None:
    page.choose("managers")
    table = shown(page).table
    column = next(i for i, each in enumerate(table.rows.columns) if each.column.key == "won")
    table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
    rows = table.rows
    values = [rows.row_values(r)["won"] for r in range(rows.rowCount() - 1)]
    assert values == sorted(values)
    assert rows.row_index(rows.rowCount() - 1) is None
    assert rows.text(rows.rowCount() - 1, 0) == "Team"
    index = rows.row_index(0)
    assert index is not None
    assert shown(page).report.rows[index]["won"] == min(values)


def test_rates_of_fewer_than_ten_are_grey(page: ReportsPage, context: AppContext) -> None:
    from funneldesk.report_words import is_few

    page.choose("manager-matrix")
    report = shown(page).report
    few = [row for row in report.rows if is_few(report, row, "step_conversion")]
    assert few
    assert all(row["resolved"] < 10 for row in few)


@pytest.mark.parametrize("spoken", ["en", "ru", "pl"])
def test_all_reports_are_shown_in_every_language(
    qtbot: QtBot, context: AppContext, reporting: Reporting, spoken: str
) -> None:
    set_language(spoken)
    made = ReportsPage(context, reporting)
    qtbot.addWidget(made)
    made.resize(1290, 696)
    made.show()
    for name in CATALOG:
        made.choose(name)
        assert made.stack.currentWidget() is made.view
        for control in (made.controls, made.output):
            assert control.geometry().right() <= made.width()


def test_a_report_without_a_chart_still_has_its_table(page: ReportsPage) -> None:
    assert page.answer is not None
    other = replace(page.answer.report, name="something-new")
    shown(page).show_report(other)
    assert not shown(page).chart.isVisible()
    assert shown(page).table.rows.rowCount() == len(other.rows)


def test_money_has_one_form_in_a_column(page: ReportsPage) -> None:
    report = shown(page).report
    column = next(c for c in report.columns if c.type is Type.MONEY and c.key == "weighted_amount")
    assert "." not in cell_text(report, column, 123456.78)


@pytest.mark.parametrize("name", list(CATALOG))
def test_help_opens_at_the_report_in_front(page: ReportsPage, name: str) -> None:
    page.choose(name)
    assert resource_path("help", "en", f"{page.help_page}.md").is_file()


def test_the_funnel_tells_the_days_in_a_stage_to_the_mouse(page: ReportsPage) -> None:
    tips = [hit.tip for hit in shown(page).chart.panels[0].canvas.hits if hit.key == "count"]
    assert all("Half stay no longer than" in tip for tip in tips)


def test_the_page_gives_way_to_a_card_beside_it(page: ReportsPage) -> None:
    for name in CATALOG:
        page.choose(name)
        # 1366 wide, less the rail and an open card
        assert page.minimumSizeHint().width() <= 860, name


def test_a_sentence_of_the_audit_opens_its_deals(page: ReportsPage) -> None:
    page.choose("audit")
    assert page.answer is not None
    report = page.answer.report
    told = shown(page).findings.sentences
    assert len(told) == len(report.rows) > 0
    place = next(n for n, row in enumerate(report.rows) if row["count"])
    told[place].link.click()
    assert page.deals.isVisibleTo(page)
    assert page.deals.table.model().rowCount() == report.rows[place]["count"]
    page.choose("leaks")
    assert not shown(page).findings.isVisibleTo(page)


@pytest.mark.parametrize("name", ["wins-when", "manager-matrix", "plan-fact"])
def test_the_name_of_a_report_is_whole_in_a_narrow_window(page: ReportsPage, name: str) -> None:
    page.choose(name)
    head = page.head
    for width in (1290, 620):
        page.resize(width, 696)
        QApplication.processEvents()
        assert head.heading.width() >= head.heading.sizeHint().width(), width
        assert head.bar.geometry().right() <= head.width()
    assert head.bar.y() > head.heading.y()
    page.resize(1290, 696)
    QApplication.processEvents()
    assert head.bar.y() == head.heading.y()


def test_long_names_in_the_list_of_reports_take_two_lines(qtbot: QtBot, context: AppContext) -> None:
    made = ReportList(context.theme._replace(scale=1.5), ["wins-when", "lost"])
    qtbot.addWidget(made)
    made.show()
    delegate, option = made.itemDelegate(), QStyleOptionViewItem()
    names = {made.item(row).text(): row for row in range(made.count())}
    short = made.item(names["Lost deals"])
    before = delegate.sizeHint(option, made.indexFromItem(short)).height()
    short.setText("Lost deals by reason, stage and manager in words")
    assert delegate.sizeHint(option, made.indexFromItem(short)).height() > before


def test_what_the_goal_still_takes_stands_under_the_reverse_plan(page: ReportsPage) -> None:
    page.choose("reverse-plan")
    page.controls.goal.choose(40, 0)
    left = shown(page).report.extra["ahead"]
    part, sources = shown(page).ahead, shown(page).prospects
    assert part.isVisibleTo(page)
    assert sources.isVisibleTo(page)
    work, stages = part.tables
    assert [work.rows.rowCount(), stages.rows.rowCount()] == [len(left.work), len(left.stages)] == [2, 7]
    assert sources.table.rows.rowCount() == len(left.prospects.rows) + 1
    assert f"{left.prospects.total} new leads are needed" in sources.note.text()
    page.controls.goal.choose(1, 0)
    assert shown(page).report.extra["ahead"].missing_wins == 0
    assert "the goal is reached" in part.note.text()
    assert [part.tables[0].isVisibleTo(part), part.tables[1].isVisibleTo(part)] == [False, False]
    assert not sources.isVisibleTo(page)
    page.choose("cycle")
    assert not shown(page).ahead.isVisibleTo(page)


def test_unsuccessful_deals_beside_the_funnel_open_by_reason(page: ReportsPage) -> None:
    report = shown(page).report
    table = shown(page).unsuccessful.table
    told = report.extra["unsuccessful"]
    assert table.isVisibleTo(page)
    assert sum(row["lost"] for row in told) == report.totals["lost"] > 0
    assert table.rows.rowCount() == len(told) + 1
    place = next(n for n, each in enumerate(table.rows.columns) if each.column.key == "lost")
    table._clicked(table.rows.index(0, place))
    assert page.deals.table.model().rowCount() == told[0]["lost"]
    assert page.deals.heading.text().startswith(f"Reason: {told[0]['reason'] or 'Not stated'}")
    table._clicked(table.rows.index(len(told), place))
    assert page.deals.table.model().rowCount() == report.totals["lost"]
    page.choose("cycle")
    assert not shown(page).unsuccessful.isVisibleTo(page)
