"""Invoices and payments on the client's card: what is owed is seen, written, changed, taken back."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton
from pytestqt.qtbot import QtBot

from funneldesk.domain.billing import Invoice, Payment
from funneldesk.services import billing
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from funneldesk.ui.clients.billing import BillingSection, balance_words
from funneldesk.ui.clients.billing_dialogs import BillingDialog, InvoiceDialog, PaymentDialog
from funneldesk.ui.clients.card import ClientCard
from funneldesk.ui.clients.sections import Line
from tests.ui.clients.conftest import Desk


@pytest.fixture
def card(desk: Desk, db: Database, qtbot: QtBot) -> ClientCard:
    billing.add_invoice(db, "7", 1000_00, company_id=1, date="2026-01-01", due_date="2026-01-05")
    billing.add_payment(db, 400_00, invoice_id=1, date="2026-01-03")
    made = ClientCard(desk.context, "company", 1)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.show()
    return made


def shown(section: BillingSection) -> list[Line]:
    items = (section.rows.itemAt(place) for place in range(section.rows.count()))
    widgets = [item.widget() for item in items if item is not None]
    return [widget for widget in widgets if isinstance(widget, Line)]


def lines(section: BillingSection) -> list[str]:
    return [line.accessibleName() for line in shown(section)]


def dialog(section: BillingSection, cls: type[BillingDialog]) -> BillingDialog:
    return next(found for found in section.findChildren(cls) if found.isVisible())


def type_into(form: BillingDialog, key: str, text: str) -> None:
    field = form.form.field(key)
    edit = getattr(field, "edit", field)
    assert isinstance(edit, QLineEdit)
    edit.selectAll()
    QTest.keyClicks(edit, text)


def test_the_card_says_what_is_owed_and_since_when(card: ClientCard) -> None:
    told = lines(card.billing)
    assert told[0].startswith("Invoice 7, Jan 1")
    assert "days overdue" in told[0] and "€600 outstanding" in told[0]
    assert told[1] == "Payment, Jan 3 · For invoice 7, €400"
    assert card._card is not None
    assert balance_words(card._card) == [("Outstanding: €600 · overdue: €600", "error")]
    assert card.timeline.texts()[-2:] == ["Payment: €400\nFor invoice 7", card.timeline.texts()[-1]]


def test_an_invoice_is_written_from_the_card_and_undone(card: ClientCard, desk: Desk, db: Database) -> None:
    button = next(b for b in card.billing.findChildren(QPushButton) if b.text() == "New invoice")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    form = dialog(card.billing, InvoiceDialog)
    form.accept()
    assert form.isVisible()  # a number is needed
    type_into(form, "number", "8")
    type_into(form, "amount", "-50,5")
    form.accept()
    with db.read() as conn:
        made = select_records(conn, Invoice)[-1]
    assert (made.number, made.amount, made.currency, made.company_id, made.manager_id) == (
        "8", -5050, "EUR", 1, 1,
    )  # fmt: skip
    assert made.date is not None
    assert any(line.startswith("Credit note 8") for line in lines(card.billing))
    desk.undo()
    assert len(lines(card.billing)) == 2


def test_a_payment_is_proposed_for_what_is_overdue_and_settles_it(card: ClientCard, db: Database) -> None:
    card.billing.new_payment()
    form = dialog(card.billing, PaymentDialog)
    assert form.form.values()["amount"] == 600_00
    form.accept()
    with db.read() as conn:
        assert [(p.amount, p.invoice_id) for p in select_records(conn, Payment)] == [
            (400_00, 1), (600_00, 1),
        ]  # fmt: skip
    assert "settled" in lines(card.billing)[0]


def test_a_line_opens_what_it_shows_and_delete_takes_it_away(card: ClientCard, db: Database) -> None:
    shown(card.billing)[0].clicked.emit()
    form = dialog(card.billing, InvoiceDialog)
    type_into(form, "number", "70")
    form.accept()
    assert lines(card.billing)[0].startswith("Invoice 70")
    shown(card.billing)[0].clicked.emit()
    form = dialog(card.billing, InvoiceDialog)
    delete = next(b for b in form.findChildren(QPushButton) if b.text() == "Delete")
    QTest.mouseClick(delete, Qt.MouseButton.LeftButton)
    assert lines(card.billing) == ["Payment, Jan 3 · On account, €400"]
