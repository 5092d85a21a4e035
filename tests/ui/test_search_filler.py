"""The window brings what a large import has left for later into the search index by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, history, imports
from funneldesk.services import search as services
from funneldesk.settings import Settings
from funneldesk.store import search, search_later
from funneldesk.store.database import Database
from funneldesk.ui import search_filler
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.search_filler import SearchFiller
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT


@pytest.fixture
def db(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Database]:
    monkeypatch.setattr(search, "_MANY", 5)
    monkeypatch.setattr(search_filler, "_LARGE", 5)
    monkeypatch.setattr(services.fill, "__defaults__", (7,))
    with bases.new_base(tmp_path / "b.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        yield base


@pytest.fixture
def context(db: Database) -> Iterator[AppContext]:
    tasks = TaskRunner(db)
    yield AppContext(tasks, Hub(), Settings(), LIGHT, ZoneInfo("UTC"), "EUR")
    tasks.stop()


def take(db: Database) -> object:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("\n".join(["Company\tCity", *[f"Firma {n}\tŁódź" for n in range(30)]]))
    flow.set_kind(Kind.CLIENTS)
    change = imports.run_import(db, flow)
    flow.close()
    return change


def waits(db: Database) -> bool:
    with db.read() as conn:
        return bool(search_later.spans(conn))


def test_what_was_left_is_brought_in_after_the_opening(
    db: Database, context: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_filler, "SOON_MS", 1)
    take(db)
    assert waits(db)
    window = QWidget()
    qtbot.addWidget(window)
    SearchFiller(context, window)
    qtbot.waitUntil(lambda: not waits(db))
    assert bases.check(db).problems == ()


def test_what_an_import_and_a_redo_leave_is_brought_in_between_other_writes(
    db: Database, context: AppContext, qtbot: QtBot
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    filler = SearchFiller(context, window)
    filler.timer.stop()  # so that the opening is not what sets it off
    context.tasks.write(take)
    context.tasks.write(lambda base: base.set_setting("other", 1))
    qtbot.waitUntil(lambda: db.setting("other") == 1 and not waits(db))
    context.tasks.write(history.undo)
    done: list[object] = []
    context.tasks.write(history.redo, done.append)
    qtbot.waitUntil(lambda: bool(done) and not waits(db))
    with db.read() as conn:
        assert len(search.find(conn, "firma", ["company"])) == 30
    assert bases.check(db).problems == ()


def test_a_slice_that_cannot_be_written_is_left_to_the_next_time(
    db: Database, context: AppContext, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    take(db)
    window = QWidget()
    qtbot.addWidget(window)
    filler = SearchFiller(context, window)
    filler.timer.stop()
    with monkeypatch.context() as broken:

        def full(*_given: object) -> bool:
            raise OSError("no room")

        broken.setattr(search, "fill", full)
        crashes: list[object] = []
        context.tasks.crashed.connect(crashes.append)
        filler.run()
        qtbot.waitUntil(lambda: bool(crashes))
    filler.run()
    qtbot.waitUntil(lambda: not waits(db))
