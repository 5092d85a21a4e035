"""The page over a real base: what is asked of a number afterwards is told as the number was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.domain.booklet import Printable, ReportPack
from funneldesk.services import bases, deals, funnels, team
from funneldesk.services.deals import NewDeal
from funneldesk.settings import Settings
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.reports.answer import times_request
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.tasks import TaskRunner


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tmp_path: Path) -> Iterator[ReportsPage]:
    """Of the deals handed over from Anna to Boris, and of one of Anna's."""
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="Europe/Warsaw") as db:
        funnels.create(db, "Sales", ["Call", "Offer"])
        for name in ("Anna", "Boris"):
            team.add_manager(db, name)
        for number in range(3):
            deals.create(db, NewDeal(f"D{number}", amount=1000, manager_id=1), funnel_id=1)
        deals.assign(db, [1, 2], 2)
        own = AppContext(
            TaskRunner(db, synchronous=True), Hub(), Settings(more={"reports": {"overview": False}}),
            context.theme, ZoneInfo("Europe/Warsaw"), "EUR",
        )  # fmt: skip
        made = ReportsPage(own)
        qtbot.addWidget(made)
        made.show()
        yield made
        made.hide()


def test_deals_handed_over_are_behind_the_number_that_counts_them(page: ReportsPage) -> None:
    page.choice.managers = [2]
    page.count()
    assert page.answer is not None
    assert page.answer.report.rows[0]["count"] == 2
    page.open_deals(0, "count")
    assert [row.id for row in page.deals.model.rows] == [1, 2]


def test_a_row_that_is_gone_lists_no_deals(page: ReportsPage) -> None:
    page.choose("managers")
    assert page.answer is not None
    assert [row["manager"] for row in page.answer.report.rows] == ["Anna", "Boris"]
    page.context.tasks.run(lambda db, *_told: deals.assign(db, [1, 2, 3], 1), writes=True)
    page.open_deals(1, "deals")
    assert page.deals.isVisible()
    assert page.deals.model.rows == []
    page.open_deals(0, "deals")
    assert [row.id for row in page.deals.model.rows] == [1, 2, 3]


def test_a_pack_and_the_hints_count_as_the_page_does(page: ReportsPage) -> None:
    page.choice.managers = [2]
    page.count()
    assert page.answer is not None
    assert times_request(page.answer.request).live
    printed: list[Printable] = []
    page.printing.count_pack(["active-funnel", "active-funnel"], "", printed.append)
    assert isinstance(printed[0], ReportPack)
    assert [report.rows[0]["open"] for report in printed[0].reports] == [2, 2]


def test_the_overview_remembers_that_its_reports_are_of_now(page: ReportsPage) -> None:
    page.show_overview()
    answers = [tile.answer for tile in page.dashboard.tiles]
    assert answers and all(answer is not None and answer.request.live for answer in answers)
