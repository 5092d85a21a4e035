from __future__ import annotations

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.fields import FieldType
from funneldesk.services import calculated, cards, fields, team
from funneldesk.store.queries.lists import managers
from funneldesk.ui.ask_dialog import AskDialog
from funneldesk.ui.clients.billing_dialogs import InvoiceDialog, PaymentDialog
from funneldesk.ui.clients.card import ClientCard
from funneldesk.ui.clients.custom import MultiChoice
from funneldesk.ui.clients.formula import FormulaDialog
from funneldesk.ui.deal.card import DealCard
from funneldesk.ui.deal.items import ItemDialog
from funneldesk.ui.settings.page import SettingsPage
from funneldesk.ui.settings.product import ProductDialog
from funneldesk.ui.settings.rates import RateDialog
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel
from tests.ui.clients.conftest import Desk


def deal_card(desk: Desk, qtbot: QtBot) -> DealCard:
    card = DealCard(desk.context, 1)
    desk.context.hub.changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.resize(460, 900)
    card.show()
    return card


def test_lines_are_put_into_a_deal_and_its_amount_follows(desk: Desk, qtbot: QtBot) -> None:
    team.add_product(desk.db, "Rack", price=100_00, cost=60_00, currency="EUR")
    card = deal_card(desk, qtbot)
    card.items.add_line()
    dialog = card.items.findChild(ItemDialog)
    assert dialog is not None
    dialog.name.setCurrentText("Rack")
    assert dialog.price.value() == 100_00
    dialog.quantity.setText("2,5")
    dialog.discount.setText("10")
    dialog._add_up()
    assert dialog.sum.text() == "Sum €225"
    dialog.accept()
    assert card.items.total.text() == "Sum €225 · margin €75 (33%)"
    shown = cards.deal(desk.db, 1, 1)
    assert shown is not None
    assert shown[0].deal.amount == 225_00
    assert card.items.hand.isHidden()
    card.put("amount", 300_00)
    assert "€225" in card.items.hand_text.text()
    card.items.take_sum()
    assert card.items.hand.isHidden()
    desk.undo()
    assert not card.items.hand.isHidden()


def test_a_quantity_that_is_no_number_is_pointed_at(desk: Desk, qtbot: QtBot) -> None:
    card = deal_card(desk, qtbot)
    card.items.add_line()
    dialog = card.items.findChild(ItemDialog)
    assert dialog is not None
    dialog.name.setCurrentText("Work")
    dialog.quantity.setText("many")
    dialog.accept()
    assert dialog.form._errors["quantity"].text() == "This cannot be understood"
    dialog.quantity.setText("0")
    dialog.accept()
    assert dialog.form._errors["name"].text() == "Give a quantity above 0."
    dialog.reject()


def test_a_calculated_field_is_made_changed_and_stands_on_the_card(desk: Desk, qtbot: QtBot) -> None:
    card = deal_card(desk, qtbot)
    card.custom.open_formula(name="Bonus")
    dialog = card.custom.findChild(FormulaDialog)
    assert dialog is not None
    dialog.formula.setPlainText("[Amount] * 5%")
    dialog.attempt()
    assert dialog.answer.text() == "€50"
    dialog.formula.setPlainText("[Amout] * 5%")
    dialog.accept()
    assert dialog.form._errors["formula"].text() == "There is no field “Amout”. Choose one of the list."
    dialog.fields.set_value("amount")
    dialog.formula.setPlainText("")
    dialog._insert()
    dialog.formula.insertPlainText(" / 0")
    dialog.accept()
    label = card.custom.field_widget(1)
    assert isinstance(label, ElidedLabel)
    assert label.text() == "Division by zero"
    card.custom.open_formula(field=card.custom_fields[1])
    again = card.custom.findChildren(FormulaDialog)[-1]
    assert again.formula.toPlainText() == "[Amount] / 0"
    again.formula.setPlainText("[Amount] * 5%")
    again.accept()
    label = card.custom.field_widget(1)
    assert isinstance(label, ElidedLabel)
    assert label.text() == "€50"


def test_a_company_has_calculated_fields_too(desk: Desk, qtbot: QtBot) -> None:
    card = ClientCard(desk.context, "company", 1)
    desk.context.hub.changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.custom.open_formula(name="Class")
    dialog = card.custom.findChild(FormulaDialog)
    assert dialog is not None
    dialog.formula.setPlainText('if([Open sum] >= 1000; "A"; "B")')
    dialog.accept()
    label = card.custom.field_widget(1)
    assert isinstance(label, ElidedLabel)
    assert label.text() == "A"


def test_products_and_rates_are_kept_in_the_settings(desk: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.lists.tabs.setCurrentIndex(2)
    page.lists.add()
    product = page.lists.findChild(ProductDialog)
    assert product is not None
    product.form.set_values({"name": "Rack", "price": 100_00, "cost": 60_00})
    product.accept()
    assert page.lists.list.item(0).text() == "Rack · €100"
    page.rates.add()
    rate = page.rates.findChild(RateDialog)
    assert rate is not None
    rate.form.set_values({"currency": "usd", "day": "2026-01-01", "rate": "nine"})
    rate.accept()
    assert rate.form._errors["rate"].text().startswith("nine is not a rate")
    rate.form.set_values({"rate": "0,92"})
    rate.accept()
    assert page.rates.list.item(0).text() == "1 USD = 0.92 EUR from Jan 1, 2026"
    page.rates.list.setCurrentRow(0)
    page.rates.remove()
    assert page.rates.list.count() == 0
    desk.undo()
    assert page.rates.list.count() == 1


def test_a_product_is_given_its_own_fields_in_its_dialog(desk: Desk, qtbot: QtBot) -> None:
    weight = fields.add(desk.db, "product", "Weight", FieldType.NUMBER).new_id("custom_field")
    fields.add(desk.db, "product", "Colours", FieldType.MULTI_CHOICE, options=["red", "blue"])
    names = {"price": "Price", "cost": "Unit cost"}
    calculated.add(desk.db, "product", "Margin", "[Price] - [Unit cost]", names)
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.lists.tabs.setCurrentIndex(2)
    page.lists.add()
    dialog = page.lists.findChild(ProductDialog)
    assert dialog is not None
    dialog.form.set_values({"name": "Rack", "price": 100_00, "cost": 60_00, f"own:{weight}": "heavy"})
    dialog.accept()
    assert dialog.form._errors["name"].text() == "heavy does not fit the field Weight."
    dialog.form.set_values({f"own:{weight}": "2,5"})
    dialog.accept()
    assert {v.field.name: v.value for v in fields.values_of(desk.db, "product", 1)} == {
        "Weight": "2.5", "Colours": "", "Margin": "money:40",
    }  # fmt: skip
    page.lists.list.setCurrentRow(0)
    page.lists.change()
    again = page.lists.findChildren(ProductDialog)[-1]
    assert again.form.values()[f"own:{weight}"] == "2.5"
    colours, margin = again.form.field("own:2"), again.form.field("own:3")
    assert isinstance(colours, MultiChoice) and isinstance(margin, PlainLabel) and margin.text() == "€40"
    colours._turn("blue")
    again.accept()
    assert fields.values_of(desk.db, "product", 1)[1].value == '["blue"]'
    desk.undo()
    assert fields.values_of(desk.db, "product", 1)[1].value == ""


def test_an_invoice_and_a_payment_are_given_their_own_fields_too(desk: Desk, qtbot: QtBot) -> None:
    for kind in ("invoice", "payment"):
        fields.add(desk.db, kind, "Paper").new_id("custom_field")
    card = ClientCard(desk.context, "company", 1)
    desk.context.hub.changed.connect(card.refresh)
    qtbot.addWidget(card)
    card.billing.new_invoice()
    invoice = card.billing.findChild(InvoiceDialog)
    assert invoice is not None
    invoice.form.set_values({"number": "7", "amount": 100_00, "own:1": "original"})
    invoice.accept()
    card.billing.new_payment()
    payment = card.billing.findChild(PaymentDialog)
    assert payment is not None
    payment.form.set_values({"own:2": "copy"})
    payment.accept()
    assert [fields.values_of(desk.db, kind, 1)[0].value for kind in ("invoice", "payment")] == [
        "original",
        "copy",
    ]


def test_names_of_a_list_are_asked_for_and_managers_merged(desk: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    lists = page.lists

    def ask() -> AskDialog:
        found = [each for each in lists.findChildren(AskDialog) if each.isVisible()]
        assert len(found) == 1
        return found[0]

    def names() -> list[str]:
        with desk.db.read() as conn:
            return [manager.name for manager in managers(conn)]

    before = names()
    lists.add()
    QTest.keyClicks(ask().field, " Zoe ")
    ask().accept()
    assert names() == [*before, "Zoe"]
    lists.list.setCurrentRow(lists.list.count() - 1)
    lists.change()
    assert isinstance(ask().field, QLineEdit) and ask().answer() == "Zoe"
    QTest.keyClicks(ask().field, "Zuzanna")
    ask().accept()
    assert names() == [*before, "Zuzanna"]
    lists.list.setCurrentRow(lists.list.count() - 1)
    lists.merge()
    assert ask().field.accessibleName() == "Everything of Zuzanna goes to:"
    ask().accept()
    assert names() == before
