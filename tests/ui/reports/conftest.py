from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.services import bases
from funneldesk.settings import Settings
from funneldesk.store.database import Database
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import apply_theme, choose_theme
from tests.ui.reports.charts_kit import KEPT
from tests.ui.reports.sample import Reporting, sample

FACTS = sample()


@pytest.fixture(autouse=True)
def _no_chart_stays() -> Iterator[None]:
    yield
    KEPT.clear()


@pytest.fixture
def reporting() -> Reporting:
    return Reporting(FACTS)


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """What the page keeps its variants in; the figures come from `sample`."""
    place = tmp_path_factory.mktemp("reports") / "reports.funneldesk"
    with bases.new_base(place, currency="RUB", zone="Europe/Warsaw", language="en") as made:
        yield made


@pytest.fixture
def context(qapp: QApplication, base: Database) -> AppContext:
    theme = choose_theme("light")
    if qapp.property("dressed") != theme.name:  # dressing takes longer than a test
        apply_theme(qapp, theme)
        qapp.setProperty("dressed", theme.name)
    zone = ZoneInfo("Europe/Warsaw")
    kept = Settings(more={"reports": {"overview": False}})  # the last report in front, not the overview
    return AppContext(TaskRunner(base, synchronous=True), Hub(), kept, theme, zone, "RUB")


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, reporting: Reporting) -> Iterator[ReportsPage]:
    made = ReportsPage(context, reporting)
    qtbot.addWidget(made)
    made.resize(1290, 696)
    made.show()
    yield made
    # pyqtgraph's items must go before Qt does
    made.hide()
