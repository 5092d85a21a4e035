"""A base with a password in the window, by keys in the real widgets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.services import backups, bases, clients, copies, passwords
from funneldesk.settings import Settings
from funneldesk.store.database import open_database
from funneldesk.ui import choosing
from funneldesk.ui.host import Host
from funneldesk.ui.mending_dialog import MendingDialog
from funneldesk.ui.password_dialogs import AskPasswordDialog, PasswordDialog
from funneldesk.ui.settings.password import PasswordSection
from funneldesk.ui.theme import LIGHT, apply_theme
from tests.ui.shell_kit import make_context

NAME, PASSWORD, OTHER = "Zyzzyva Holdings", "correct horse", "battery staple"
D = TypeVar("D", bound=QDialog)


@pytest.fixture(autouse=True)
def _nothing_known() -> Iterator[None]:
    passwords.lock_all()
    yield
    passwords.lock_all()


@pytest.fixture
def base(tmp_path: Path) -> Path:
    path = tmp_path / "sales.funneldesk"
    with bases.new_base(path, template="general", language="en", currency="PLN", zone="Europe/Warsaw") as db:
        clients.create_company(db, name=NAME)
        backups.make(db, backups.Why.ASKED)
    return path


@pytest.fixture
def protected(base: Path) -> Path:
    passwords.set_password(base, PASSWORD)
    passwords.lock_all()
    return base


@pytest.fixture
def host(qtbot: QtBot, qapp: QApplication) -> Iterator[Host]:
    apply_theme(qapp, LIGHT)
    made = Host(qapp, Settings(theme="light", language="en"))
    yield made
    made.end()
    for widget in (made.window, made.welcome_window):
        if widget is not None:
            widget.close()


def shown(qtbot: QtBot, cls: type[D]) -> D:
    """The dialog of that kind which stands there now."""
    found: list[D] = []

    def there() -> bool:
        found[:] = [w for w in QApplication.topLevelWidgets() if isinstance(w, cls) and w.isVisible()]
        return len(found) == 1

    qtbot.waitUntil(there)
    return found[0]


def none_shown(cls: type[QDialog]) -> bool:
    return not any(isinstance(w, cls) and w.isVisible() for w in QApplication.topLevelWidgets())


def opened(host: Host, qtbot: QtBot) -> None:
    qtbot.waitUntil(
        lambda: host.window is not None and host.window.built and host.window.context.tasks.db is not None,
    )


def names(host: Host) -> list[str]:
    assert host.window is not None
    with host.window.context.db.read() as conn:
        return [row[0] for row in conn.exec_driver_sql("SELECT name FROM companies")]


def keys(field: QLineEdit, text: str, *, enter: bool = True) -> None:
    QTest.keyClicks(field, text)
    if enter:
        QTest.keyClick(field, Qt.Key.Key_Return)


def test_a_protected_base_asks_first_and_shows_nothing_before(
    host: Host, protected: Path, qtbot: QtBot
) -> None:
    host.start(protected)
    dialog = shown(qtbot, AskPasswordDialog)
    assert host.window is None
    assert "sales" in dialog.windowTitle()
    assert dialog.focusWidget() is dialog.field.edit
    keys(dialog.field.edit, "wrong horse")
    qtbot.waitUntil(dialog.error.isVisible)
    assert dialog.isVisible()
    assert "does not open" in dialog.error.text()
    assert dialog.field.edit.selectedText()  # typed over at once
    assert host.window is None
    keys(dialog.field.edit, PASSWORD)
    opened(host, qtbot)
    assert names(host) == [NAME]
    assert none_shown(AskPasswordDialog)


def test_who_gives_up_comes_to_the_ways_to_begin_or_stays_where_they_were(
    host: Host, protected: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    host.start(protected)
    QTest.keyClick(shown(qtbot, AskPasswordDialog), Qt.Key.Key_Escape)
    assert host.welcome_window is not None and host.welcome_window.isVisible()
    other = tmp_path / "other.funneldesk"
    bases.new_base(other, template="general").close()
    host.open_base(other)
    opened(host, qtbot)
    window = host.window
    host.open_base(protected)
    QTest.keyClick(shown(qtbot, AskPasswordDialog), Qt.Key.Key_Escape)
    assert host.window is window and window is not None and window.isVisible()
    assert window.context.db.path == other


def test_a_base_that_was_left_asks_again(host: Host, protected: Path, qtbot: QtBot) -> None:
    host.start(protected)
    keys(shown(qtbot, AskPasswordDialog).field.edit, PASSWORD)
    opened(host, qtbot)
    host.retry_writing()  # the same base, still open: not asked
    opened(host, qtbot)
    host.commands().welcome()
    host.open_base(protected)
    assert shown(qtbot, AskPasswordDialog).isVisible()


def test_who_only_looks_is_asked_too(host: Host, protected: Path, qtbot: QtBot) -> None:
    passwords.unlock(protected, PASSWORD)
    with open_database(protected):
        passwords.lock_all(protected)
        host.start(protected)
        opened(host, qtbot)
        assert host.window is not None and host.window.context.read_only


def test_set_changed_and_removed_by_keys(host: Host, base: Path, qtbot: QtBot) -> None:
    before = _content(base)
    host.start(base)
    opened(host, qtbot)
    host.commands().password("set")
    dialog = shown(qtbot, PasswordDialog)
    assert dialog.new is not None and dialog.again is not None and dialog.understood is not None
    assert dialog.focusWidget() is dialog.new.edit
    keys(dialog.new.edit, "short", enter=False)
    assert "At least 8" in dialog.length.text()
    dialog.new.edit.clear()
    keys(dialog.new.edit, PASSWORD, enter=False)
    assert "short" in dialog.length.text()
    keys(dialog.again.edit, "correct hoarse")
    assert not dialog.button.isEnabled()  # the warning first
    QTest.keyClick(dialog.understood, Qt.Key.Key_Space)
    QTest.keyClick(dialog.again.edit, Qt.Key.Key_Return)
    assert "differ" in dialog.error.text()
    assert base.read_bytes().startswith(b"SQLite")
    keys(dialog.again.edit, PASSWORD)
    qtbot.waitUntil(lambda: not base.read_bytes().startswith(b"SQLite"))
    opened(host, qtbot)
    qtbot.waitUntil(lambda: none_shown(PasswordDialog))
    assert names(host) == [NAME]

    host.commands().password("change")
    dialog = shown(qtbot, PasswordDialog)
    assert dialog.old is not None and dialog.new is not None
    assert dialog.again is not None and dialog.understood is not None
    keys(dialog.old.edit, "wrong horse", enter=False)
    keys(dialog.new.edit, OTHER, enter=False)
    keys(dialog.again.edit, OTHER, enter=False)
    QTest.keyClick(dialog.understood, Qt.Key.Key_Space)
    QTest.keyClick(dialog.again.edit, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.error.isVisible)
    assert "not the password" in dialog.error.text()
    salt = base.read_bytes()[:16]
    keys(dialog.old.edit, PASSWORD)
    qtbot.waitUntil(lambda: base.read_bytes()[:16] != salt)
    qtbot.waitUntil(lambda: none_shown(PasswordDialog))
    opened(host, qtbot)

    host.commands().password("remove")
    dialog = shown(qtbot, PasswordDialog)
    assert dialog.old is not None and dialog.new is None
    keys(dialog.old.edit, OTHER)
    qtbot.waitUntil(lambda: base.read_bytes().startswith(b"SQLite"))
    opened(host, qtbot)
    host.close_base()
    assert _content(base) == before


def _content(base: Path) -> str:
    with open_database(base, read_only=True) as db:
        result = bases.check(db)
    assert result.ok
    return result.content_sha256


def test_copies_that_stay_readable_are_named_and_deleted_at_a_word(
    host: Host, base: Path, qtbot: QtBot
) -> None:
    bad = base.with_name("sales.damaged-20260101-000000.funneldesk")
    bad.write_bytes(base.read_bytes()[:9000])
    host.start(base)
    opened(host, qtbot)
    host.commands().password("set")
    dialog = shown(qtbot, PasswordDialog)
    assert dialog.new is not None and dialog.again is not None and dialog.understood is not None
    QTest.keyClick(dialog.understood, Qt.Key.Key_Space)
    keys(dialog.new.edit, PASSWORD, enter=False)
    keys(dialog.again.edit, PASSWORD)
    told = shown(qtbot, MendingDialog)
    assert str(bad) in told.list.toPlainText()
    next(way for way in told.ways if "Delete" in way.text()).click()
    qtbot.waitUntil(lambda: not bad.exists())


def test_a_backup_under_another_password_asks_for_that_one(
    host: Host, protected: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    elsewhere = tmp_path / "usb" / "kept.funneldesk"
    passwords.unlock(protected, PASSWORD)
    bases.back_up(protected, elsewhere)
    copies.note_of(protected).unlink()  # as on another computer
    passwords.change(protected, PASSWORD, OTHER)
    passwords.lock_all()
    host.start(protected)
    keys(shown(qtbot, AskPasswordDialog).field.edit, OTHER)
    opened(host, qtbot)
    host.commands().restore(elsewhere)
    dialog = shown(qtbot, AskPasswordDialog)
    assert str(elsewhere) in dialog.words.text()
    keys(dialog.field.edit, PASSWORD)
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("sales.replaced-*"))))
    opened(host, qtbot)
    assert names(host) == [NAME]


def test_a_damaged_protected_base_is_restored_or_saved_as_any_other(
    host: Host, protected: Path, qtbot: QtBot
) -> None:
    spoilt = bytearray(protected.read_bytes())
    spoilt[200] ^= 1  # in the first page, without which nothing of the base opens
    protected.write_bytes(spoilt)
    host.start(protected)
    keys(shown(qtbot, AskPasswordDialog).field.edit, PASSWORD)
    dialog = shown(qtbot, MendingDialog)
    assert "is damaged" in dialog.words.text()
    next(way for way in dialog.ways if "Restore the backup" in way.text()).click()
    opened(host, qtbot)
    assert names(host) == [NAME]
    host.close_base()
    assert not protected.read_bytes().startswith(b"SQLite")


def test_a_backup_without_a_password_says_that_the_base_has_none_now(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot
) -> None:
    plain = tmp_path / "usb" / "kept.funneldesk"
    bases.back_up(base, plain)
    copies.note_of(base).unlink()  # as on another computer
    passwords.set_password(base, PASSWORD)
    host.start(base)
    opened(host, qtbot)
    host.commands().restore(plain)
    qtbot.waitUntil(lambda: bool(list(tmp_path.glob("sales.replaced-*"))))
    opened(host, qtbot)
    window = host.window
    assert window is not None
    qtbot.waitUntil(window.banner.isVisible)
    assert any("has none now" in label.text() for label in window.banner.findChildren(QLabel))


def test_the_eye_shows_the_letters_and_caps_lock_is_told(qtbot: QtBot) -> None:
    dialog = AskPasswordDialog(LIGHT, Path("sales.funneldesk"))
    qtbot.addWidget(dialog)
    dialog.show()
    edit = dialog.field.edit
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    dialog.field.eye.click()
    assert edit.echoMode() == QLineEdit.EchoMode.Normal
    dialog.field.eye.click()
    assert edit.echoMode() == QLineEdit.EchoMode.Password
    QTest.keyClick(edit, Qt.Key.Key_A)
    assert not dialog.caps.isVisible()
    QTest.sendKeyEvent(QTest.KeyAction.Click, edit, Qt.Key.Key_A, "A", Qt.KeyboardModifier.NoModifier)
    assert dialog.caps.isVisible()


def test_the_settings_say_how_it_is(base: Path, qtbot: QtBot) -> None:
    asked: list[str] = []
    for state in ("has no password", "is protected"):
        with open_database(base) as db:
            context = make_context(db)
            context.password = asked.append
            section = PasswordSection(context)
            qtbot.addWidget(section)
            section.show()
            assert state in section.state.text()
            assert "nobody can reset it" in section.words.text()
            for button in (
                section.set_button,
                section.change_button,
                section.remove_button,
                section.copy_button,
            ):
                if button.isVisible():
                    button.click()
        if not asked[1:]:
            passwords.set_password(base, PASSWORD)
    assert asked == ["set", "change", "remove", "copy"]


def test_copies_elsewhere_are_named_and_one_is_brought_along_later(
    host: Host, base: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    usb = tmp_path / "usb" / "kept.funneldesk"
    bases.back_up(base, usb)
    usb.parent.rename(tmp_path / "unplugged")
    host.start(base)
    opened(host, qtbot)
    host.commands().password("set")
    dialog = shown(qtbot, PasswordDialog)
    assert dialog.new is not None and dialog.again is not None and dialog.understood is not None
    QTest.keyClick(dialog.understood, Qt.Key.Key_Space)
    keys(dialog.new.edit, PASSWORD, enter=False)
    keys(dialog.again.edit, PASSWORD)
    told = shown(qtbot, MendingDialog)
    assert str(usb) in told.list.toPlainText()
    assert "Protect a copy" in told.about.text()
    assert told.ways == []  # what is not there cannot be deleted
    told.reject()
    opened(host, qtbot)
    (tmp_path / "unplugged").rename(usb.parent)
    monkeypatch.setattr(choosing, "ask_copy", lambda _over: usb)
    host.commands().password("copy")
    qtbot.waitUntil(lambda: not usb.read_bytes().startswith(b"SQLite"))
    assert passwords.needs_one(usb)
    assert names(host) == [NAME]
