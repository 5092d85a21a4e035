"""The lines of a deal on its card, and the dialog of one line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.card import DealCard
from funneldesk.domain.change import Change
from funneldesk.domain.items import QUANTITY, DealItem, Totals, line_sum, totals
from funneldesk.domain.team import Product
from funneldesk.text import _, format_money, format_number, format_percent
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.sections import Line, Section
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import MoneyField, plain_number
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


def quantity_words(quantity: int) -> str:
    """A quantity with as many decimals as it has."""
    value = Decimal(quantity) / QUANTITY
    return format_number(value, max(0, -int(value.normalize().as_tuple().exponent)))


class ItemsSection(QWidget):
    """Lines, their sum, the margin, and whether the amount follows them."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._deal_id = 0
        self._currency = context.currency
        self._products: Sequence[Product] = ()
        add = "" if context.read_only else _("Add a line")
        self.section = Section(context.theme, _("Products"), add, self.add_line)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        self.total = PlainLabel("", "strong")
        self.total.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.total.setWordWrap(True)
        self.total.setMinimumWidth(1)
        self.hand = QWidget()
        row = QHBoxLayout(self.hand)
        row.setContentsMargins(0, 0, 0, 0)
        self.hand_text = Quiet("", wrap=True, small=True)
        row.addWidget(self.hand_text, 1)
        self.take = push_button(_("Take the sum of the lines"), self.take_sum, role="link")
        self.take.setEnabled(not context.read_only)
        row.addWidget(self.take)
        column.addWidget(self.total)
        column.addWidget(self.hand)

    def show_items(self, card: DealCard) -> None:
        """Show the lines of a deal."""
        self._deal_id, self._products = card.deal.id, card.products
        self._currency = card.deal.currency or self._context.currency
        self.section.clear()
        self.section.set_count(len(card.items))
        for item in card.items:
            line = Line(
                self._context.theme, "package", item.name, self._words(item),
                format_money(line_sum(item.quantity, item.price, item.discount), self._currency),
            )  # fmt: skip
            line.clicked.connect(partial(self.edit_line, item))
            self.section.add(line)
        if not card.items:
            self.section.add(
                Quiet(_("No lines. Add what the client buys: the amount follows."), wrap=True, small=True)
            )
        sums = totals(card.items)
        self.total.setText(self._total_words(sums))
        self.total.setVisible(bool(card.items))
        by_hand = bool(card.items) and card.deal.amount != sums.amount
        self.hand_text.setText(
            _("The amount of the deal was typed; the lines come to {sum}.").format(
                sum=format_money(sums.amount, self._currency)
            )
        )
        self.hand.setVisible(by_hand)

    def _words(self, item: DealItem) -> str:
        words = f"{quantity_words(item.quantity)} × {format_money(item.price, self._currency)}"
        if item.discount:
            words += f" − {format_percent(item.discount / 10_000, 0 if item.discount % 100 == 0 else 2)}"
        return words

    def _total_words(self, sums: Totals) -> str:
        total = format_money(sums.amount, self._currency)
        if sums.margin is None:
            return _("Sum {sum} · margin unknown: a cost is missing").format(sum=total)
        margin = format_money(sums.margin, self._currency)
        return _("Sum {sum} · margin {margin} ({share})").format(
            sum=total, margin=margin, share=format_percent(sums.share, 0)
        )

    def add_line(self) -> None:
        """Ask for a new line."""
        self._open(ItemDialog(self._context, self, self._deal_id, self._currency, self._products))

    def edit_line(self, item: DealItem) -> None:
        """Open a line."""
        if not self._context.read_only:
            self._open(ItemDialog(self._context, self, self._deal_id, self._currency, self._products, item))

    def _open(self, dialog: ItemDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def take_sum(self) -> None:
        """The amount follows the lines again."""
        deal_id = self._deal_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import deal_items

            return deal_items.take_sum(db, deal_id, actor=actor)

        save(self._context, write, self)


class ItemDialog(FormDialog):
    """A line, new or there already: a product of the list or any words, quantity, price, discount."""

    help_page = "card"

    error_key = "name"

    def __init__(
        self,
        context: AppContext,
        parent: QWidget | None,
        deal_id: int,
        currency: str,
        products: Sequence[Product],
        item: DealItem | None = None,
    ) -> None:
        title = _("New line") if item is None else _("Line of the deal")
        super().__init__(context, parent, title, _("Add") if item is None else _("Save"), "check")
        self._deal_id, self._item, self._currency = deal_id, item, currency
        self._by_name = {product.name: product for product in products}
        self.name = QComboBox()
        self.name.setEditable(True)
        self.name.addItems(list(self._by_name))
        self.name.setCurrentText(item.name if item is not None else "")
        self.name.currentTextChanged.connect(self._named)
        self.form.add_widget("name", _("Product"), self.name, lambda: self.name.currentText().strip() or None)
        quantity = quantity_words(item.quantity) if item is not None else "1"
        self.quantity = self.form.add_text("quantity", _("Quantity"), quantity, required=True)
        self.price: MoneyField = self.form.add_money("price", _("Price"), currency)
        discount = "" if item is None or not item.discount else format_number(item.discount / 100, 2)
        self.discount: QLineEdit = self.form.add_text("discount", _("Discount, %"), discount, hint="0")
        if item is not None:
            self.price.set_value(item.price)
            remove = push_button(_("Remove the line"), self.remove, role="danger")
            self.foot.insertWidget(0, remove)
        self.sum = Quiet()
        self.extra.addWidget(self.sum)
        self.form.changed.connect(lambda _key: self._add_up())
        self._add_up()
        self.name.setFocus()

    def _named(self, text: str) -> None:
        product = self._by_name.get(text)
        if product is not None and product.price is not None:
            same = (product.currency or self.context.currency) == self._currency
            self.price.set_value(product.price if same else None)
        self._add_up()

    def _read_values(self) -> dict[str, Any]:
        """The line's values; ValueError where something is no number."""
        name = self.name.currentText().strip()
        product = self._by_name.get(name)
        return {
            "name": name,
            "product_id": product.id if product is not None else None,
            "quantity": round(plain_number(self.quantity.text()) * QUANTITY),
            "price": self.price.value(),
            "discount": round(plain_number(self.discount.text() or "0") * 100),
        }

    def _add_up(self) -> None:
        try:
            values = self._read_values()
            total = line_sum(values["quantity"], values["price"] or 0, values["discount"])
            text = _("Sum {sum}").format(sum=format_money(total, self._currency))
        except (ValueError, ArithmeticError):
            text = ""
        self.sum.setText(text)

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Put or change the line."""
        from funneldesk.services import deal_items

        if self._item is not None:
            kept = {**values, "price": values["price"] or 0}
            return deal_items.update(db, self._item.id, actor=actor, **kept)
        return deal_items.add(db, self._deal_id, actor=actor, **values)

    def remove(self) -> None:
        """Take the line away."""
        assert self._item is not None
        item_id = self._item.id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import deal_items

            return deal_items.remove(db, item_id, actor=actor)

        save(self.context, write, self, lambda _change: self.reject())

    # Qt overrides

    def accept(self) -> None:
        """Do it when everything can be read."""
        for key, field in (("quantity", self.quantity), ("discount", self.discount)):
            try:
                plain_number(field.text() or "0")
            except ValueError:
                self.form.set_error(key, _("This cannot be understood"))
                field.setFocus()
                return
        super().accept()

    def collected(self) -> dict[str, Any]:
        """The values that are written."""
        return self._read_values()
