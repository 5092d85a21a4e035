from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.settings import Settings
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import apply_theme, choose_theme
from tests.ui.reports.sample import Reporting, sample

FACTS = sample()


@pytest.fixture
def reporting() -> Reporting:
    return Reporting(FACTS)


@pytest.fixture
def context(qapp: QApplication) -> AppContext:
    theme = choose_theme("light")
    if qapp.property("dressed") != theme.name:  # dressing takes longer than a test
        apply_theme(qapp, theme)
        qapp.setProperty("dressed", theme.name)
    zone = ZoneInfo("Europe/Warsaw")
    return AppContext(TaskRunner(synchronous=True), Hub(), Settings(), theme, zone, "RUB")


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, reporting: Reporting) -> Iterator[ReportsPage]:
    made = ReportsPage(context, reporting)
    qtbot.addWidget(made)
    made.resize(1290, 696)
    made.show()
    yield made
    # pyqtgraph's items must go before Qt does
    made.hide()
