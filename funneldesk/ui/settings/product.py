"""The dialog of a product: name, price, cost and its own fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.team import Product
from funneldesk.text import _
from funneldesk.ui.clients.own_rows import OwnRows, without_own
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class ProductDialog(FormDialog):
    """A product, new or there already; lines of deals keep the price they were made with."""

    help_page = "settings"

    error_key = "name"

    def __init__(self, context: AppContext, parent: QWidget | None, product: Product | None) -> None:
        title = _("New product") if product is None else _("Product")
        super().__init__(context, parent, title, _("Add") if product is None else _("Save"), "check")
        self._product = product
        self._currency = (product.currency if product else None) or context.currency
        form = self.form
        form.add_text("name", _("Name"), product.name if product else "", required=True)
        form.add_money("price", _("Price"), self._currency, product.price if product else None)
        form.add_money("cost", _("Unit cost"), self._currency, product.cost if product else None)
        form.field("name").setFocus()
        record = product.id if product is not None else 0
        self.own = OwnRows(context, form, "product", record, self, self.adjustSize)

    def collected(self) -> dict[str, Any]:
        """The values of the product, and its own fields that were changed."""
        return {**without_own(self.form.values()), "own": self.own.changed()}

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Make or change the product."""
        from funneldesk.services import team

        values["currency"] = self._currency
        if self._product is not None:
            return team.update_product(db, self._product.id, actor=actor, **values)
        return team.add_product(db, actor=actor, **values)
