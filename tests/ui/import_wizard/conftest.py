"""A new base, the window on its import page, and that page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases
from funneldesk.store.database import Database
from funneldesk.ui.import_wizard.page import ImportPage
from funneldesk.ui.main_window import MainWindow
from tests.ui.import_wizard.kit import import_page, make_import_window


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general") as made:
        yield made


@pytest.fixture
def window(qtbot: QtBot, db: Database) -> MainWindow:
    made = make_import_window(db)
    qtbot.addWidget(made)
    made.show_page("import")
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def page(window: MainWindow) -> ImportPage:
    return import_page(window)
