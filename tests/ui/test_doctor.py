"""A base that is not sound, in the window: what is asked, done and told."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from funneldesk.errors import UserError
from funneldesk.services import backups, bases, clients, mending
from funneldesk.settings import Settings
from funneldesk.store import network, sqlite_file
from funneldesk.store.database import Database
from funneldesk.ui import in_folder
from funneldesk.ui.host import Host
from funneldesk.ui.mending_dialog import MendingDialog
from funneldesk.ui.settings.checking import CheckSection
from funneldesk.ui.theme import LIGHT, apply_theme
from tests.ui.shell_kit import make_context

PAGE = 4096


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "sales.funneldesk"
    with bases.new_base(path, template="general", language="en", currency="PLN", zone="Europe/Warsaw") as db:
        for number in range(40):
            clients.create_company(db, name=f"Company {number}")
    return path


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication) -> Iterator[Host]:
    apply_theme(qapp, LIGHT)
    made = Host(qapp, Settings(theme="light", language="en"))
    yield made
    made.end()
    for widget in (made.window, made.welcome_window):
        if widget is not None:
            widget.close()


def lose(path: Path, *tables: str) -> None:
    """Make the first page of tables unreadable."""
    con = sqlite_file.connect(path)
    roots = [
        con.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (table,)).fetchone()[0]
        for table in tables
    ]
    con.close()
    raw = bytearray(path.read_bytes())
    for root in roots:
        raw[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    path.write_bytes(raw)


def the_dialog(qtbot: QtBot) -> MendingDialog:
    """The dialog that stands there now."""
    found: list[MendingDialog] = []

    def there() -> bool:
        found[:] = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, MendingDialog) and w.isVisible()
        ]
        return len(found) == 1

    qtbot.waitUntil(there)
    return found[0]


def press(dialog: MendingDialog, words: str) -> None:
    button = next(b for b in dialog.findChildren(QPushButton) if words in b.text())
    button.click()


def is_open(host: Host) -> Callable[[], bool]:
    return lambda: host.window is not None and host.window.built and host.window.context.tasks.db is not None


def test_a_damaged_base_offers_to_save_what_can_be_read_and_says_what_is_lost(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    lose(base, "settings", "companies")
    damaged = base.read_bytes()
    host.start(base)
    dialog = the_dialog(qtbot)
    assert "is damaged" in dialog.words.text()
    assert "No good backup" in dialog.about.text()
    press(dialog, "Save what can be read")
    qtbot.waitUntil(is_open(host))
    told = the_dialog(qtbot)
    assert "40 clients" in told.words.text()  # the journal still knew them
    aside = next(base.parent.glob("sales.damaged-*.funneldesk"))
    assert aside.read_bytes() == damaged
    assert str(aside) in told.list.toPlainText()
    told.reject()


def test_a_base_without_its_first_page_is_saved_from_the_window(host: Host, base: Path, qtbot: QtBot) -> None:
    base.write_bytes(bytes(PAGE) + base.read_bytes()[PAGE:])
    host.start(base)
    dialog = the_dialog(qtbot)
    assert "is damaged" in dialog.words.text()
    press(dialog, "Save what can be read")
    qtbot.waitUntil(is_open(host))
    told = the_dialog(qtbot)
    assert "40 clients" in told.words.text()
    assert "Nothing is lost" in told.list.toPlainText()
    told.reject()


def test_a_damaged_base_offers_the_newest_backup(host: Host, base: Path, qtbot: QtBot) -> None:
    with bases.open_base(base) as db:
        backups.make(db, backups.Why.DAY)
        content = bases.check(db).content_sha256
        clients.create_company(db, name="Later")
        with pytest.MonkeyPatch.context() as unsound:
            unsound.setattr(backups, "check_file", lambda _path: ["standing: deal 1"])
            with pytest.raises(UserError):  # a newer copy, but not one to go back to
                backups.make(db, backups.Why.DAY, now=datetime.now(UTC) + timedelta(days=1))
    lose(base, "settings")
    host.start(base)
    press(the_dialog(qtbot), "Restore the backup of")
    qtbot.waitUntil(is_open(host))
    assert host.window is not None
    assert bases.check(host.window.context.db).content_sha256 == content


def test_a_damaged_base_offers_a_backup_in_a_chosen_folder_and_names_a_disk_that_is_away(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    with bases.open_base(base) as db:
        backups.make(db, backups.Why.DAY, now=datetime.now(UTC) - timedelta(days=2))
        backups.set_folder(db, tmp_path / "disk")
        made = backups.make(db, backups.Why.DAY)
        content = bases.check(db).content_sha256
    usb = tmp_path / "usb" / "friday.funneldesk"
    bases.back_up(base, usb)
    usb.parent.rename(tmp_path / "unplugged")
    lose(base, "settings")
    host.start(base)
    dialog = the_dialog(qtbot)
    assert str(made.path.parent) in dialog.about.text()
    assert str(usb) in dialog.about.text()
    press(dialog, "Restore the backup of")
    qtbot.waitUntil(is_open(host))
    assert host.window is not None
    db = host.window.context.db
    with db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM companies").scalar() == 40
    assert bases.check(db).content_sha256 == content


def test_after_a_restore_it_is_said_where_the_former_base_lies(
    host: Host, base: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with bases.open_base(base) as db:
        made = backups.make(db, backups.Why.ASKED)
    host.start(base)
    qtbot.waitUntil(is_open(host))
    host.commands().restore(made.path)
    told = the_dialog(qtbot)
    aside = next(base.parent.glob("sales.replaced-*.funneldesk"))
    assert str(aside) in told.list.toPlainText()
    shown: list[Path] = []
    monkeypatch.setattr(in_folder, "show_in_folder", shown.append)
    press(told, "Show in folder")
    assert shown == [aside] and told.isVisible()
    told.reject()
    qtbot.waitUntil(is_open(host))


def test_the_file_manager_gets_the_file_or_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(QProcess, "startDetached", lambda *words: started.append(words))
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: started.append(url.toLocalFile()))
    path = tmp_path / "sales.funneldesk"
    for system in ("win32", "darwin", "linux"):
        monkeypatch.setattr(sys, "platform", system)
        in_folder.show_in_folder(path)
    assert started == [("explorer", ["/select,", str(path)]), ("open", ["-R", str(path)]), str(tmp_path)]


def test_a_base_is_repaired_from_the_settings_and_opened_again(host: Host, base: Path, qtbot: QtBot) -> None:
    con = sqlite_file.connect(base)
    con.execute("UPDATE companies SET name_key = 'x'")
    con.close()
    host.start(base)
    qtbot.waitUntil(is_open(host))
    assert host.window is not None
    host.window.context.mend("repair")
    told = the_dialog(qtbot)
    assert "Names that search and sorting know otherwise: 40" in told.list.toPlainText()
    told.reject()
    qtbot.waitUntil(is_open(host))
    assert mending.examine(base).ok


def test_damage_found_after_an_unclean_stop_is_said_across_the_window(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    lose(base, "waiting")
    Path(f"{base}.owner").write_text("{}", encoding="utf-8")
    host.start(base)
    qtbot.waitUntil(is_open(host))
    assert host.window is not None
    banner = host.window.banner
    qtbot.waitUntil(banner.isVisible)
    assert "damaged" in banner.text()


def test_a_base_on_a_network_share_is_warned_of_once(
    host: Host, base: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(network, "on_network_share", lambda _path: True)
    for told in (True, False):
        host.open_base(base)
        qtbot.waitUntil(is_open(host))
        assert host.window is not None
        banner = host.window.banner
        assert banner.isVisible() == told
        if told:
            assert "network share" in banner.text()
            banner.findChildren(QPushButton)[0].click()


@pytest.fixture
def db(base: Path) -> Iterator[Database]:
    with bases.open_base(base) as opened:
        yield opened


def test_the_check_in_the_settings_says_what_it_found_and_how_to_help(qtbot: QtBot, db: Database) -> None:
    context = make_context(db)
    asked: list[str] = []
    context.mend = asked.append
    section = CheckSection(context)
    qtbot.addWidget(section)
    section.show()
    section.check_button.click()
    assert "The base is whole" in section.words.text()
    assert not section.repair_button.isVisible()
    with db.maintenance() as conn:
        conn.exec_driver_sql("UPDATE companies SET sort_key = 'x' WHERE id < 4")
    section.check_button.click()
    assert "Names that search and sorting know otherwise: 3" in section.words.text()
    section.repair_button.click()
    assert asked == ["repair"]
    assert not section.save_button.isVisible()
