from __future__ import annotations

import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.client import Company, Person
from funneldesk.services import backups, cards, clients, files
from funneldesk.text import format_date
from funneldesk.ui.ask_dialog import AskDialog
from funneldesk.ui.clients import files as files_ui
from funneldesk.ui.clients.card import ClientCard
from funneldesk.ui.clients.files import safe_name
from funneldesk.ui.clients.privacy import EraseDialog, export_person
from tests.ui.clients.conftest import Desk


def card_of(desk: Desk, qtbot: QtBot, kind: str, record_id: int) -> ClientCard:
    card = ClientCard(desk.context, kind, record_id)
    desk.context.hub.changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.resize(460, 900)
    card.show()
    return card


def test_a_file_dropped_on_a_card_is_kept_and_removed(
    desk: Desk, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []

    class Services:
        @staticmethod
        def openUrl(url: QUrl) -> bool:  # noqa: N802 - Qt's own name
            shown.append(url.toLocalFile())
            return True

    monkeypatch.setattr(files_ui, "QDesktopServices", Services)
    card = card_of(desk, qtbot, "company", 1)
    offer = tmp_path / "offer.txt"
    offer.write_text("hello")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(offer))])
    buttons = Qt.MouseButton.LeftButton
    card.dropEvent(
        QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, Qt.KeyboardModifier.NoModifier)
    )
    assert [line.accessibleName().split(",")[0] for line in card.files.lines] == ["offer.txt"]
    assert any("offer.txt" in text for text in card.timeline.texts())
    card.files.lines[0].clicked.emit()
    assert Path(shown[0]).read_text() == "hello"
    card.files.remove(files.files_of(desk.db, "company", 1)[0])
    assert card.files.lines == []
    desk.undo()
    assert len(card.files.lines) == 1


def test_nothing_that_could_run_is_opened(desk: Desk, qtbot: QtBot, tmp_path: Path, links: list[str]) -> None:
    card = card_of(desk, qtbot, "company", 1)
    program = tmp_path / "setup.exe"
    program.write_bytes(b"MZ")
    card.files.attach([program])
    card.files.lines[0].clicked.emit()
    assert desk.said[-1] == "setup.exe could run as a program. Save it and look at it there."
    card.files.link("file:///etc/passwd")
    card.files.lines[0].clicked.emit()
    assert desk.said[-1].startswith("This address is not opened")
    card.files.ask_address()
    asked = card.files.findChild(AskDialog)
    assert asked is not None
    QTest.keyClicks(asked.field, "https://a.example")
    QTest.keyClick(asked.field, Qt.Key.Key_Return)
    card.files.lines[0].clicked.emit()
    assert links == ["https://a.example"]
    assert safe_name("..\\..\\evil/na:me.txt") == "na_me.txt"


def test_roles_requisites_and_a_doubtful_tax_number(desk: Desk, qtbot: QtBot) -> None:
    card = card_of(desk, qtbot, "company", 1)
    assert card.roles.text() == "Client"
    card.roles._turn("supplier")
    card.put("bank_account", "PL61 1090")
    card.put("tax_id", "7707083894")
    assert card.roles.text() == "Client, Supplier"
    assert not card.doubtful.isHidden()
    card.put("tax_id", "7707083893")
    assert card.doubtful.isHidden()
    card.roles._turn("client")
    card.roles._turn("supplier")  # the last one stays
    shown = cards.client(desk.db, "company", 1, 1)
    assert shown is not None
    assert isinstance(shown[0].record, Company)
    assert (shown[0].record.roles, shown[0].record.bank_account) == ("supplier", "PL61 1090")


def test_consent_has_its_day_and_how(desk: Desk, qtbot: QtBot) -> None:
    card = card_of(desk, qtbot, "person", 1)
    card.consent.picked.emit("2026-03-05")
    card.put("consent_how", "form on the site")
    card.person_kind.picked.emit("sole_trader")
    shown = cards.client(desk.db, "person", 1, 5)
    assert shown is not None
    assert isinstance(shown[0].record, Person)
    assert (shown[0].record.consent_how, shown[0].record.kind) == ("form on the site", "sole_trader")
    assert card.consent.text() == "Mar 5, 2026"
    assert any("Consent: — → Mar 5, 2026" in text for text in card.timeline.texts())


def test_a_person_is_written_out_and_then_erased_for_good(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    clients.update(desk.db, ("person", 1), comment="<b>likes tea</b>")
    card = card_of(desk, qtbot, "person", 1)
    export_person(desk.context, card, 1, tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        page = archive.read("person.html").decode()
    assert "<h1>Пётр Иванов</h1>" in page
    assert "&lt;b&gt;likes tea" in page
    dialog = EraseDialog(desk.context, None, 1, "Пётр Иванов")
    qtbot.addWidget(dialog)
    assert not dialog.button.isEnabled()
    dialog.sure.setChecked(True)
    dialog.erase()
    assert desk.said[-1] == "The person was erased."
    assert cards.client(desk.db, "person", 1, 1) is None
    assert not card.gone.isHidden()


def test_erasing_says_until_when_backups_hold_the_person(desk: Desk, qtbot: QtBot) -> None:
    dialog = EraseDialog(desk.context, None, 1, "Пётр Иванов")
    qtbot.addWidget(dialog)
    assert dialog.backups.text().startswith("No backup in the folder")
    backups.make(desk.db, backups.Why.DAY, now=datetime.now(UTC) + timedelta(seconds=5))
    backups.make(desk.db, backups.Why.ASKED, now=datetime.now(UTC) + timedelta(seconds=9))
    again = EraseDialog(desk.context, None, 1, "Пётр Иванов")
    qtbot.addWidget(again)
    words = again.backups.text()
    held = backups.holding(desk.db)
    assert held.until is not None and format_date(held.until) in words
    assert words.startswith("1 automatic backup still holds") and "1 backup made by hand" in words
