"""A base with deals in a funnel of four stages, and its editor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Change
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import Stage
from funneldesk.services import bases, deals, funnels, history, team
from funneldesk.services.deals import NewDeal
from funneldesk.settings import Settings
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.context import AppContext
from funneldesk.ui.funnels.page import FunnelsPage
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT


@dataclass
class Bench:
    """The page, the base, and what a person is told."""

    db: Database
    page: FunnelsPage
    context: AppContext
    said: list[str] = field(default_factory=list)
    pages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)

    def names(self) -> list[str]:
        """The stages as the list shows them."""
        rows = self.page.middle.stages
        return [rows.item(row).text() for row in range(rows.count())]

    def stage(self, stage_id: int) -> Stage:
        with self.db.read() as conn:
            return next(s for s in select_records(conn, Stage) if s.id == stage_id)

    def deal_stages(self) -> list[int | None]:
        with self.db.read() as conn:
            return [deal.stage_id for deal in select_records(conn, Deal)]

    def settle(self) -> None:
        """Let what was put off until the list is done happen."""
        for _turn in range(3):
            QApplication.processEvents()

    def undo(self) -> None:
        self.context.tasks.write(history.undo)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Funnels "General sale" (stages 1-4; deals 1, 2 in stage 2) and "Rent" (5-9)."""
    place = tmp_path / "funnels.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann")
        funnels.create_from_template(base, "rent", language="en")
        for title in ("Racks", "Shelves"):
            deals.create(base, NewDeal(title, manager_id=1), funnel_id=1, stage_id=2)
        yield base


@pytest.fixture
def bench(db: Database, qtbot: QtBot) -> Bench:
    tasks, hub = TaskRunner(db, synchronous=True), Hub()
    context = AppContext(
        tasks=tasks, hub=hub, settings=Settings(), theme=LIGHT, zone=ZoneInfo("UTC"), currency="EUR", me=1
    )
    page = FunnelsPage(context)
    made = Bench(db, page, context)
    context.toast = lambda text, undo=None, **_more: made.said.append(text)
    context.show_page = lambda key, **params: made.pages.append((key, params))
    hub.changed.connect(page.refresh)
    hub.changed.connect(made.changes.append)
    qtbot.addWidget(page)
    page.resize(1280, 720)
    page.show()
    return made
