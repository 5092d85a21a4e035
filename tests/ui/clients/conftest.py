"""A base with a few clients, and the context screens are given."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases, clients, deals, history, leads, team
from funneldesk.services.deals import NewDeal
from funneldesk.settings import Settings
from funneldesk.store.database import Database
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT
from funneldesk.ui.widgets.paged_model import PagedModel


@dataclass
class Desk:
    """The context with what was said and asked."""

    context: AppContext
    db: Database
    said: list[str] = field(default_factory=list)
    pages: list[tuple[str, dict[str, Any]]] = field(default_factory=list)

    def undo(self) -> None:
        """As the toast's button does."""
        self.context.tasks.write(history.undo)


def row_of(model: PagedModel, row: int) -> dict[str, str]:
    """A row of a table; the first question only fetches its page."""
    model.row_data(row)
    found = model.row_data(row)
    assert found is not None
    return dict(found)


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Companies 1-3, person 1 of company 1, deal 1 of company 1, leads 1-2; managers Ann and Bob."""
    place = tmp_path / "clients.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann")
        team.add_manager(base, "Bob")
        team.add_source(base, "Fair")
        contacts = [("phone", "+7 (912) 345-67-89"), ("email", "a@r.example")]
        clients.create_company(base, name="ООО «Ромашка»", city="Москва", manager_id=1, contacts=contacts)
        clients.create_company(base, name="Łódź Meble", city="Łódź", manager_id=2)
        clients.create_company(base, name="<b>Delta</b> & Sons", city="Paris")
        clients.create_person(base, name="Пётр Иванов", company_id=1, position="director")
        deals.create(base, NewDeal("Racks", company_id=1, amount=1_000_00, manager_id=1), funnel_id=1)
        leads.create(base, title="Call from the fair", company_name="New Age", phone="111 222 333")
        leads.create(base, title="Site request", company_name="Ромашка")
        yield base


@pytest.fixture
def desk(db: Database, qtbot: QtBot) -> Desk:
    tasks, hub = TaskRunner(db, synchronous=True), Hub()
    tasks.changed.connect(hub.changed)
    context = AppContext(
        tasks=tasks, hub=hub, settings=Settings(), theme=LIGHT, zone=ZoneInfo("UTC"), currency="EUR", me=1
    )
    made = Desk(context, db)
    context.toast = lambda text, undo=None, **_more: made.said.append(text)
    context.undo = made.undo
    context.show_page = lambda key, **params: made.pages.append((key, params))
    return made


@pytest.fixture(autouse=True)
def links(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """No test opens a browser or dials."""
    opened: list[str] = []
    from funneldesk.ui.clients import common

    class Services:
        @staticmethod
        def openUrl(url: Any) -> bool:  # noqa: N802 - Qt's own name
            opened.append(url.toString())
            return True

    monkeypatch.setattr(common, "QDesktopServices", Services)
    return opened
