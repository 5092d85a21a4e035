"""The week of five managers is one page, whatever the language and the paper."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QFontMetrics
from pytestqt.qtbot import QtBot

from funneldesk.domain.clock import DAY
from funneldesk.domain.facts import PlannedFact
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.report_words import people
from funneldesk.text import set_language
from funneldesk.ui.context import AppContext
from funneldesk.ui.offscreen import render_report_pdf
from funneldesk.ui.reports.answer import number_title
from funneldesk.ui.reports.page import ReportsPage
from tests.ui.reports.sample import MANAGERS, NOW, Reporting, sample

END = NOW - NOW % DAY


@pytest.fixture
def week() -> Reporting:
    """A busy one: losses with their words, a dozen things promised."""
    facts = sample(900)
    lost = [deal for deal in facts.deals if deal.status == "lost"]
    return Reporting(
        replace(
            facts,
            titles={deal.id: f"Racks for warehouse {deal.id}" for deal in facts.deals},
            comments={deal.id: "Got the same for a tenth less from the old supplier" for deal in lost},
            planned=tuple(
                PlannedFact(
                    1 + number % 5, END + number % 7 * DAY, "call", f"Call about offer {number}", None
                )
                for number in range(12)
            ),
        )
    )


def asked() -> ReportRequest:
    return ReportRequest("week", start=END - 7 * DAY, end=END)


@pytest.fixture(params=["en", "ru", "pl"])
def spoken(request: pytest.FixtureRequest) -> Iterator[str]:
    set_language(request.param)
    yield request.param
    set_language("en")


@pytest.mark.parametrize("paper", ["A4", "Letter"])
def test_the_week_of_five_managers_is_one_page(
    qtbot: QtBot, tmp_path: Path, week: Reporting, context: AppContext, spoken: str, paper: str
) -> None:
    report = week.run(None, asked())
    assert len(report.rows) > 50 and len(report.extra["team"]) == 5
    path = tmp_path / "week.pdf"
    render_report_pdf(report, path, context.zone, company="Delta sp. z o.o.", paper=paper)
    pages = PdfReader(path).pages
    assert len(pages) == 1
    text = re.sub(r"\s+", " ", pages[0].extract_text())
    for name in MANAGERS.values():
        assert text.count(name) == 2, name  # in the table, and over what was done


def test_what_is_promised_twice_for_one_day_is_said_once(week: Reporting) -> None:
    one = week.facts.planned[0]
    twice: Report = Reporting(replace(week.facts, planned=(one, one))).run(None, asked())
    person = next(each for each in people(twice) if each.name == MANAGERS[1])
    assert person.lines[-1][1].endswith("Call about offer 0 × 2")
    day, colon, what = person.lines[-1][1].partition(": ")
    assert re.fullmatch(r"[A-Z][a-z]{2}\xa0\d+", day) and colon and what.startswith("Call")  # no year


def test_what_was_done_stands_apart_from_its_number(week: Reporting) -> None:
    person = people(week.run(None, asked()))[0]
    moved = dict(person.lines)["Moved on"]
    assert all(re.fullmatch(r".+:\xa0\d+", each) for each in moved.split("; "))


def test_a_number_of_the_team_opens_its_deals(
    qtbot: QtBot, page: ReportsPage, week: Reporting, reporting: Reporting
) -> None:
    reporting.facts = week.facts
    page.choose("week")
    assert page.answer is not None
    line = page.answer.report.extra["team"][1]
    assert page.view is not None
    page.view.team.table.opened.emit(1, "moved")
    assert len(page.deals.model.rows) == line["moved"] > 0
    assert number_title(page.answer.report, None, f"moved{line['key']}") == f"{line['manager']} · Moved on"
    table = page.view.table
    count = [shown.column.key for shown in table.rows.columns].index("count")
    sections = [row["section"] for row in page.answer.report.rows]
    assert table.rows.opens(sections.index("moved"), count)
    assert not table.rows.opens(sections.index("done"), count)  # activities are not deals


def test_long_words_leave_the_numbers_in_sight(qtbot: QtBot, page: ReportsPage, week: Reporting) -> None:
    long = {key: words * 3 for key, words in week.facts.comments.items()}
    assert page.view is not None
    page.view.show_report(Reporting(replace(week.facts, comments=long)).run(None, asked()))
    table = page.view.table
    columns = [shown.column.key for shown in table.rows.columns]
    last = table.columnViewportPosition(columns.index("amount")) + table.columnWidth(columns.index("amount"))
    assert last <= table.viewport().width() + 1


def test_words_are_not_cut_where_the_table_is_wider_all_the_same(qtbot: QtBot, page: ReportsPage) -> None:
    page.choose("stage-funnel")
    assert page.view is not None
    table = page.view.table
    table.setFixedWidth(640)
    assert table.horizontalHeader().length() > table.viewport().width()
    metrics = QFontMetrics(table.rows._theme.font(bold=True))
    longest = max(metrics.horizontalAdvance(table.rows.text(row, 0)) for row in range(7))
    assert longest > 160 and table.columnWidth(0) > longest
