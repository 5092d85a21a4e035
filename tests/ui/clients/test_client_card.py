from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.fields import FieldType
from funneldesk.services import clients, doubles
from funneldesk.store.check import content_sha256
from funneldesk.store.database import Database
from funneldesk.ui.clients.card import ClientCard
from funneldesk.ui.clients.common import due_words, link_of, open_link
from funneldesk.ui.clients.due import Due, parse_time
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.clients.new_client import NewClientDialog
from funneldesk.ui.clients.sections import Line
from funneldesk.ui.deal.new_deal import NewDealDialog
from tests.ui.clients.conftest import Desk


def open_card(desk: Desk, qtbot: QtBot, kind: str = "company", record_id: int = 1) -> ClientCard:
    card = ClientCard(desk.context, kind, record_id)
    desk.context.hub.changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.resize(420, 800)
    card.show()
    return card


@pytest.fixture
def card(desk: Desk, qtbot: QtBot) -> ClientCard:
    return open_card(desk, qtbot)


def type_into(field: InlineText, text: str) -> None:
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    field.editingFinished.emit()


def content(db: Database) -> str:
    with db.read() as conn:
        return content_sha256(conn)


def test_the_card_shows_the_client_its_deals_people_and_that_no_step_is_planned(card: ClientCard) -> None:
    assert card.title.text() == "ООО «Ромашка»"
    assert [line.field.text() for line in card.contacts.lines()] == ["+7 (912) 345-67-89", "a@r.example", ""]
    assert card.deals.findChildren(Line)[0].accessibleName().startswith("Racks")
    assert [line.accessibleName() for line in card.people.findChildren(Line)] == ["Пётр Иванов, director"]
    assert card.step.when.text() == "No next step"
    assert card.timeline.texts()[-1].startswith("Added")


def test_an_edit_in_place_is_one_change_that_is_taken_back(
    card: ClientCard, desk: Desk, db: Database
) -> None:
    before = content(db)
    type_into(card.texts["city"], "Kazan")
    assert card.texts["city"].value() == "Kazan"
    assert "City: Москва → Kazan" in card.timeline.texts()[0]
    desk.undo()
    assert content(db) == before
    assert card.texts["city"].value() == "Москва"


def test_escape_leaves_a_field_as_it_was(card: ClientCard, db: Database) -> None:
    before = content(db)
    field = card.texts["city"]
    field.setFocus()
    QTest.keyClicks(field, "xyz")
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "Москва"
    assert content(db) == before


def test_a_name_cannot_be_emptied(card: ClientCard) -> None:
    card.title.setText("  ")
    card.title.editingFinished.emit()
    assert card.title.text() == "ООО «Ромашка»"


def test_a_field_changed_meanwhile_shows_both_values_and_asks(
    card: ClientCard, desk: Desk, db: Database
) -> None:
    clients.update(db, ("company", 1), city="Tver")  # elsewhere: this card was not told
    type_into(card.texts["city"], "Kazan")
    assert not card.conflict.isHidden()
    assert "Tver" in card.conflict.text.text()
    assert "Kazan" in card.conflict.text.text()
    assert card.texts["city"].value() == "Tver"
    card.conflict.keep_mine.click()
    assert card.texts["city"].value() == "Kazan"


def test_a_change_of_another_field_is_no_conflict(card: ClientCard, db: Database) -> None:
    clients.update(db, ("company", 1), tax_id="777")
    type_into(card.texts["city"], "Kazan")
    assert card.conflict.isHidden()
    assert (card.texts["city"].value(), card.texts["tax_id"].value()) == ("Kazan", "777")


def test_a_call_is_written_down_with_enter_and_stands_on_the_timeline(card: ClientCard, desk: Desk) -> None:
    QTest.keyClicks(card.entry.text, "asked for a price")
    QTest.keyClicks(card.entry.result, "waits")
    QTest.keyClick(card.entry.text, Qt.Key.Key_Return)
    assert card.timeline.texts()[0] == "Call · Ann\nasked for a price\nResult: waits"
    assert card.entry.text.text() == ""
    assert desk.said


def test_until_it_is_read_a_card_shows_no_empty_fields(
    desk: Desk, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[Any, Any]] = []
    monkeypatch.setattr(desk.context.tasks, "read", lambda *how, **_more: asked.append(how))
    card = open_card(desk, qtbot)
    card.begin_rename()
    assert card.waiting.isVisible() and card.close_button.isVisible()
    assert not [field for field in card.findChildren(QLineEdit) if field.isVisible()]
    read, show = next(how for how in asked if how[0] == card.read)
    show(read(desk.db))
    assert card.area.isVisible() and not card.waiting.isVisible()
    assert card.focusWidget() is card.title
    assert card.title.selectedText() == "ООО «Ромашка»"
    card.refresh(None)  # while it is read anew it stays as it is
    assert card.area.isVisible()


def test_a_note_needs_words(card: ClientCard) -> None:
    count = len(card.timeline.texts())
    card.entry.set_kind("note")
    card.entry.submit()
    assert len(card.timeline.texts()) == count
    QTest.keyClicks(card.entry.text, "pays late")
    card.entry.submit()
    assert card.timeline.texts()[0].endswith("pays late")


def test_a_step_is_planned_put_off_and_done_without_leaving(card: ClientCard) -> None:
    card.begin_plan()
    card.entry.due.set_due(Due(card.entry.due.today()))
    QTest.keyClicks(card.entry.text, "send the offer")
    QTest.keyClick(card.entry.text, Qt.Key.Key_Return)
    assert card.step.when.text() == "Call, today"
    assert card.step.what.text() == "send the offer"
    card.step.put_off.chosen.emit(Due(date(2020, 1, 1), time(9, 30)))
    assert "late" in card.step.when.text()
    card.step.complete()
    assert card.step.when.text() == "No next step"
    assert "send the offer" in card.timeline.texts()[0]


def test_contacts_are_added_changed_and_removed_in_place(card: ClientCard, db: Database) -> None:
    card.contacts.add_line("phone")
    type_into(card.contacts.lines()[1].field, "555 66 77")
    type_into(card.contacts.lines()[2].field, "new@r.example")
    values = [(line.kind, line.field.text()) for line in card.contacts.lines() if line.field.text()]
    assert values == [("phone", "+7 (912) 345-67-89"), ("phone", "555 66 77"), ("email", "new@r.example")]
    card.contacts.lines()[0].field.setFocus()
    card.contacts.lines()[0].field.clear()
    card.contacts.lines()[0].field.editingFinished.emit()
    assert [d.why for d in doubles.similar(db, contacts=[("phone", "9123456789")])] == []
    assert [d.why for d in doubles.similar(db, contacts=[("phone", "5556677")])] == ["phone"]


def test_a_manager_is_chosen_from_the_menu(card: ClientCard) -> None:
    choice = card.choices["manager_id"]
    assert choice.text() == "Ann"
    next(action for action in choice.make_menu().actions() if action.text() == "Bob").trigger()
    assert choice.value() == 2
    assert "Manager: Ann → Bob" in card.timeline.texts()[0]


def test_own_fields_are_added_and_filled_on_the_card(card: ClientCard) -> None:
    card.custom.add_field("Area", FieldType.NUMBER)
    card.custom.add_field("Kind", FieldType.CHOICE, ["A", "B"])
    area: Any = card.custom.field_widget(1)
    type_into(area, "12,5")
    assert area.text() == "12.5"
    type_into(area, "much")
    assert area.text() == "12.5"  # refused, and said
    kind: Any = card.custom.field_widget(2)
    kind.picked.emit("B")
    assert kind.value() == "B"
    assert "Kind: — → B" in card.timeline.texts()[0]


def test_a_person_and_a_deal_are_added_from_the_card(card: ClientCard, qtbot: QtBot) -> None:
    card.new_person()
    dialog = card.findChild(NewClientDialog)
    assert dialog is not None
    dialog.form.set_values({"name": "Anna"})
    dialog.accept()
    assert "Anna" in [line.accessibleName() for line in card.people.findChildren(Line)]
    card.new_deal()
    deal = card.findChild(NewDealDialog)
    assert deal is not None
    deal.form.set_values({"title": "Second", "amount": 500_00})
    with qtbot.waitSignal(card.open_card) as caught:
        deal.accept()
    assert caught.args == ["deal", 2]
    assert any("Second" in line.accessibleName() for line in card.deals.findChildren(Line))


def test_a_person_shows_the_company_and_opens_it(desk: Desk, qtbot: QtBot) -> None:
    card = open_card(desk, qtbot, "person", 1)
    assert card.under_title.words() == "ООО «Ромашка»"
    with qtbot.waitSignal(card.open_card) as caught:
        card.under_title.click()
    assert caught.args == ["company", 1]


def test_a_client_deleted_elsewhere_leaves_a_word_in_place_of_the_card(card: ClientCard, desk: Desk) -> None:
    desk.context.tasks.write(lambda db: clients.delete(db, [("company", 1)]))
    assert card.content.isHidden()
    assert not card.gone.isHidden()
    desk.undo()
    assert not card.content.isHidden()


def test_no_label_reads_data_as_markup(desk: Desk, qtbot: QtBot) -> None:
    card = open_card(desk, qtbot, "company", 3)
    assert card.title.text() == "<b>Delta</b> & Sons"
    texts = [label for label in card.findChildren(QLabel) if label.text()]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in texts)


def test_nothing_can_be_written_in_a_base_opened_for_reading(desk: Desk, qtbot: QtBot) -> None:
    desk.context.read_only = True
    card = open_card(desk, qtbot)
    assert card.title.isReadOnly()
    assert card.entry.isHidden()
    assert not card.make_menu().isEnabled()


def test_only_safe_addresses_are_opened(links: list[str]) -> None:
    assert link_of("phone", "+7 (912) 345-67-89") == "tel:+79123456789"
    assert link_of("email", "a b@r.example") == "mailto:a%20b@r.example"
    assert link_of("website", "r.example/a") == "https://r.example/a"
    assert link_of("website", "javascript:alert(1)") == ""
    assert link_of("website", "file:///etc/passwd") == ""
    assert not open_link("file:///etc/passwd")
    assert open_link("https://r.example")
    assert links == ["https://r.example"]


def test_times_are_read_as_people_type_them() -> None:
    assert parse_time("14:30") == parse_time("14.30") == parse_time("1430") == time(14, 30)
    assert parse_time("9") == time(9)
    assert parse_time("25:00") is None
    assert parse_time("soon") is None


def test_a_whole_day_is_late_only_when_it_is_over(desk: Desk) -> None:
    zone, day = desk.context.zone, Due(date(2026, 3, 5)).planned(desk.context)
    noon = day["due_at"] + 12 * 3_600_000_000
    assert not due_words(day["due_at"], zone, all_day=True, now=noon).late
    assert due_words(day["due_at"], zone, all_day=False, now=noon).late
    assert due_words(day["due_at"], zone, all_day=True, now=noon + 24 * 3_600_000_000).late


def test_long_words_do_not_widen_the_panel(desk: Desk, qtbot: QtBot) -> None:
    long = "Общество с ограниченной ответственностью " * 3 + "x" * 200
    desk.context.tasks.write(
        lambda db: clients.update(db, ("company", 1), name=long, city=long, comment=long)
    )
    desk.context.tasks.write(lambda db: clients.update(db, ("person", 1), position=long))
    for kind in ("company", "person"):
        card = open_card(desk, qtbot, kind, 1)
        card.entry.text.setText("https://r.example/" + "y" * 300)
        card.entry.submit()
        assert card.minimumSizeHint().width() <= 420
        inner = card.area.widget()
        assert inner is not None
        assert inner.minimumSizeHint().width() <= 420
