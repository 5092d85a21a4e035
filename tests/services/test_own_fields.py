"""Own fields of products, invoices and payments: kept and undone with their record, in files and lists."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest

from funneldesk.app import main
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.fields import CustomValue, FieldType
from funneldesk.domain.record_list import DealFilter
from funneldesk.errors import UserError
from funneldesk.services import (
    bases,
    billing,
    calculated,
    clients,
    conditions,
    deals,
    exports,
    fields,
    history,
    listing,
    team,
)
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records


def shown(db: Database, kind: str, record_id: int) -> dict[str, str]:
    return {v.field.name: v.value for v in fields.values_of(db, kind, record_id)}


def first_line(file: Path) -> dict[str, str]:
    return next(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))


def values(db: Database) -> list[tuple[str, int, str]]:
    with db.read() as conn:
        return [(v.record_kind, v.record_id, v.value) for v in select_records(conn, CustomValue)]


@pytest.fixture
def product(db: Database) -> int:
    """A product Rack with Weight 2.5 and Group "Metal"."""
    weight = fields.add(db, "product", "Weight", FieldType.NUMBER).new_id("custom_field")
    group = fields.add(db, "product", "Group", FieldType.CHOICE, options=["Metal", "Wood"]).new_id(
        "custom_field"
    )
    own = {weight: "2,5", group: "Metal"}
    return team.add_product(db, "Rack", price=100_00, cost=60_00, own=own).new_id("product")


def test_a_product_and_its_own_fields_are_one_change(db: Database, product: int) -> None:
    assert shown(db, "product", product) == {"Weight": "2.5", "Group": "Metal"}
    team.update_product(db, product, price=120_00, own={1: "3", 2: ""})
    assert shown(db, "product", product) == {"Weight": "3", "Group": ""}
    history.undo(db)
    assert shown(db, "product", product) == {"Weight": "2.5", "Group": "Metal"}
    history.undo(db)
    assert values(db) == []
    history.redo(db)
    assert shown(db, "product", product) == {"Weight": "2.5", "Group": "Metal"}
    with pytest.raises(UserError, match=r"field\.unreadable"):
        team.update_product(db, product, price=1, own={1: "heavy"})
    assert team.rename(db, select(db, product), "Rack 2").label.params["name"] == "Rack 2"


def select(db: Database, product: int) -> Any:
    from funneldesk.domain.team import Product

    with db.read() as conn:
        return next(p for p in select_records(conn, Product) if p.id == product)


def test_lists_and_conditions_of_deals_know_the_fields_of_their_product(db: Database, product: int) -> None:
    first = deals.create(db, NewDeal("One", product_id=product), funnel_id=1).new_id("deal")
    other = deals.create(db, NewDeal("Two"), funnel_id=1).new_id("deal")
    margin = calculated.add(db, "product", "Margin", "[P] - [C]", {"price": "P", "cost": "C"})
    key = f"field:{margin.new_id('custom_field')}"
    offered = {f.key for f in conditions.catalogue(db, "deal")}
    assert {"field:1", "field:2", key} <= offered

    def found(field: str, op: str, value: Any) -> list[int]:
        return listing.deal_ids(db, DealFilter(where=Group((Condition(field, op, value),))), "created", True)[
            0
        ]

    assert (
        found("field:1", "gt", 2)
        == found("field:2", "one_of", ("Metal",))
        == found(key, "eq", 40_00)
        == [first]
    )
    assert other in found("field:1", "empty", None)
    assert listing.deal_ids(db, DealFilter(), "field:1", False)[0][0] == first
    assert listing.deal_ids(db, DealFilter(), key, True)[0][0] == first
    assert listing.deal_rows(db, [first])[first].custom == {1: "2.5", 2: "Metal", 3: "money:40"}
    assert {g.key: g.ids for g in listing.grouped(db, "deal", [first, other], "field:2")} == {
        "Metal": (first,), None: (other,),
    }  # fmt: skip


def test_invoices_and_payments_have_fields_that_go_with_them(db: Database) -> None:
    company = clients.create_company(db, name="Delta").new_id("company")
    act = fields.add(db, "invoice", "Act signed", FieldType.YES_NO).new_id("custom_field")
    bank = fields.add(db, "payment", "Bank").new_id("custom_field")
    bill = billing.add_invoice(db, "7", 100, company_id=company, own={act: "yes"}).new_id("invoice")
    paid = billing.add_payment(db, 40, invoice_id=bill, own={bank: "PKO"}).new_id("payment")
    billing.update_invoice(db, bill, comment="x", own={act: "no"})
    billing.update_payment(db, paid, own={bank: "ING"})
    assert values(db) == [("invoice", bill, "0"), ("payment", paid, "ING")]
    billing.delete_invoice(db, bill)
    assert values(db) == [("payment", paid, "ING")]
    history.undo(db)
    billing.delete_payment(db, paid)
    assert values(db) == [("invoice", bill, "0")]
    history.undo(db)
    clients.delete(db, [("company", company)])
    assert values(db) == []
    assert bases.check(db).ok
    history.undo(db)
    assert len(values(db)) == 2


@pytest.mark.parametrize("what", ["invoices", "payments"])
def test_they_come_back_from_a_file_as_they_were(db: Database, tmp_path: Path, what: str) -> None:
    kind = what.removesuffix("s")
    company = clients.create_company(db, name="Delta").new_id("company")
    bill = billing.add_invoice(db, "7", 100_00, company_id=company, date="2026-01-02").new_id("invoice")
    day = fields.add(db, kind, "Sent", FieldType.DATE).new_id("custom_field")
    if kind == "invoice":
        billing.update_invoice(db, bill, own={day: "2026-01-05"})
    else:
        billing.add_payment(db, 40_00, invoice_id=bill, date="2026-01-03", own={day: "2026-01-05"})
    file = tmp_path / f"{what}.csv"
    exports.export(db, what, file)
    assert first_line(file)["Sent"] == "2026-01-05"
    history.undo(db)
    if kind == "invoice":
        billing.delete_invoice(db, bill)
    assert values(db) == []
    place = str(db.path)
    db.close()
    assert main(["--db", place, "import", str(file), "--as", what]) == 0
    with bases.open_base(place) as again:
        assert [(of, value) for of, _id, value in values(again)] == [(kind, "2026-01-05")]
        history.undo(again)
        assert values(again) == []


def test_products_go_to_a_file_with_their_fields(db: Database, product: int, tmp_path: Path) -> None:
    exports.export(db, "products", tmp_path / "products.csv")
    assert first_line(tmp_path / "products.csv") == {
        "name": "Rack", "price": "100.00", "cost": "60.00", "currency": "", "Weight": "2.5", "Group": "Metal",
    }  # fmt: skip
