from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from funneldesk import text
from funneldesk.errors import UserError
from funneldesk.services import bases, funnels, team
from funneldesk.settings import Settings
from funneldesk.store.database import Database, open_database
from funneldesk.ui.first_frame import FirstFrame
from funneldesk.ui.host import Host
from funneldesk.ui.rail import RailItem
from funneldesk.ui.shell import PageFactory, Screens
from funneldesk.ui.template_dialog import TemplateDialog
from funneldesk.ui.theme import LIGHT, apply_theme
from funneldesk.ui.wiring import open_or_look
from tests.ui.shell_kit import NotedCard, NotedPage


def _page(name: str) -> PageFactory:
    return lambda _context: NotedPage(name)


def screens() -> Screens:
    names = ("board", "clients", "settings")
    return Screens(
        items=tuple(RailItem(name, text._("Settings"), "users") for name in names),
        pages={name: _page(name) for name in (*names, "import")},
        cards={"deal": NotedCard},
    )


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "sales.funneldesk"
    bases.new_base(path, template="general", currency="PLN", zone="Europe/Warsaw").close()
    return path


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    monkeypatch.setattr("funneldesk.ui.screens.make_screens", screens)
    apply_theme(qapp, LIGHT)
    made = Host(qapp, Settings(theme="light", language="en"))
    yield made
    made.end()
    for widget in (made.window, made.welcome_window):
        if isinstance(widget, QWidget):
            widget.close()


def opened(host: Host, qtbot: QtBot) -> Database:
    qtbot.waitUntil(
        lambda: host.window is not None and host.window.built and host.window.context.tasks.db is not None,
    )
    assert host.window is not None
    return host.window.context.db


def test_the_first_page_stands_before_the_base_is_open(host: Host, base: Path, qtbot: QtBot) -> None:
    host.start(base)
    window = host.window
    assert window is not None
    assert isinstance(window.centralWidget(), FirstFrame)
    qtbot.waitUntil(lambda: window.built)
    context = window.context
    assert (context.currency, str(context.zone)) == ("PLN", "Europe/Warsaw")
    opened(host, qtbot)
    assert host.settings.last_base == str(base)


def test_a_base_that_is_none_leads_to_the_ways_to_begin(host: Host, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "no.funneldesk"
    path.write_bytes(b"something else, long enough to be read as a file of its own")
    host.start(path)
    qtbot.waitUntil(lambda: host.welcome_window is not None)
    assert host.window is None
    assert host.welcome_window is not None
    assert "is not a FunnelDesk base" in host.welcome_window._error.text()


def test_a_base_held_by_somebody_else_can_be_looked_at(host: Host, base: Path, qtbot: QtBot) -> None:
    holder = open_database(base)
    try:
        host.start(base)
        opened(host, qtbot)
        assert host.window is not None
        assert host.window.context.read_only
        assert host.window.banner.isVisible()
    finally:
        holder.close()
    host.retry_writing()
    opened(host, qtbot)
    assert not host.window.context.read_only


def test_a_spreadsheet_named_at_the_start_goes_to_the_import(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    sheet = tmp_path / "list.xlsx"
    host.start(base, sheet)
    opened(host, qtbot)
    assert host.window is not None
    assert host.window.current_key() == "import"


def test_language_and_colours_change_at_once_and_the_screen_stays(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    host.start(base)
    db = opened(host, qtbot)
    assert host.window is not None
    host.window.show_page("clients")
    before = host.window
    host.settings.language, host.settings.theme = "pl", "dark"
    before.context.hub.settings_changed.emit()
    qtbot.waitUntil(lambda: host.window is not before)
    assert host.window.current_key() == "clients"
    assert host.window.context.theme.dark
    assert text.language() == "pl"
    seen: list[object] = []
    host.window.context.hub.changed.connect(seen.append)
    host.window.context.tasks.write(lambda base: team.add_manager(base, "Ewa"))
    qtbot.waitUntil(lambda: bool(seen))
    assert len(seen) == 1
    assert host.window.context.db is db


def test_a_language_chosen_in_the_window_outweighs_that_of_the_command_line(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    host._lang = "ru"
    host._dressed = host._looks()  # as when it was made with it
    host.start(base)
    opened(host, qtbot)
    before = host.window
    assert before is not None
    host.settings.language = "pl"
    before.context.hub.settings_changed.emit()
    qtbot.waitUntil(lambda: host.window is not before)
    assert text.language() == "pl"


def test_another_base_takes_the_place_of_the_first(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    other = tmp_path / "other.funneldesk"
    bases.new_base(other).close()
    host.start(base)
    first = opened(host, qtbot)
    host.open_base(other)
    qtbot.waitUntil(lambda: host.window is not None and host.window.context.tasks.db not in (None, first))
    with open_database(base):
        pass  # the first is free again
    with pytest.raises(UserError):
        open_database(other)
    assert host.settings.recent[0] == str(other)


def test_the_sample_is_made_once_and_opened(host: Host, base: Path, qtbot: QtBot) -> None:
    host.start(base)
    first = opened(host, qtbot)
    host.open_sample()
    qtbot.waitUntil(
        lambda: host.window is not None and host.window.context.tasks.db not in (None, first), timeout=30_000
    )
    assert host.window is not None
    sample = host.window.context.db
    assert sample.path.name == "Sample.funneldesk"
    with sample.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM deals").scalar() == 300


def test_an_empty_base_is_made_from_the_template_that_is_chosen(
    host: Host, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args, **_more: (str(target), ""))
    host.start(None)
    assert host.welcome_window is not None
    host.new_base()
    dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, TemplateDialog))
    dialog.list.setCurrentRow(1)
    dialog._take()
    db = opened(host, qtbot)
    assert db.path == target.with_suffix(".funneldesk")
    assert len(funnels.views(db)) == 1


def test_a_file_chosen_at_the_first_start_makes_a_base_and_goes_to_the_import(
    host: Host, tmp_path: Path, qtbot: QtBot
) -> None:
    sheet = tmp_path / "list.xlsx"
    host.start(None, sheet)
    opened(host, qtbot)
    assert host.window is not None
    qtbot.waitUntil(lambda: host.window is not None and host.window.current_key() == "import")


def test_a_base_left_while_it_was_being_opened_is_closed_again(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.funneldesk"
    bases.new_base(other, template="general", currency="EUR", zone="UTC").close()
    began, gate = threading.Event(), threading.Event()

    def slowly(path: Path) -> Database:
        if path == base:
            began.set()
            gate.wait(5)
        return open_or_look(path)

    monkeypatch.setattr("funneldesk.ui.wiring.open_or_look", slowly)
    host.start(base)
    qtbot.waitUntil(began.is_set)
    threading.Timer(0.1, gate.set).start()
    host.open_base(other)
    assert opened(host, qtbot).path == other
    with open_database(base) as again:  # nobody holds it any more, and it was left in order
        assert again.first_check is None
