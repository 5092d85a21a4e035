"""Names have a most everywhere they are typed; what older bases have may stay as it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.change import Label
from funneldesk.domain.draft import DraftStage
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.naming import LONGEST, LONGEST_PRODUCT
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.services import (
    bases,
    bulk,
    calculated,
    clients,
    field_types,
    fields,
    funnels,
    loss_reasons,
    mappings,
    rehearsal,
    team,
    views,
)
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

LONG = "n" * (LONGEST + 1)
OLD = "o" * 400  # of a base made before there was a most


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "n.funneldesk", template="general", language="en", currency="EUR") as made:
        clients.create_company(made, name="Delta")
        fields.add(made, "company", "Size", FieldType.CHOICE, options=["S"])
        with made.transaction(Label("list.created", {"name": "old"})) as tx:
            for record in (Manager(name=OLD), Source(name=OLD), Product(name=OLD), LossReason(name=OLD)):
                tx.insert(record)
            tx.update(Stage, 1, name=OLD)
            tx.update(Funnel, 1, name=OLD)
            tx.update(CustomField, 1, name=OLD, options=f'["{OLD}"]')
        yield made


def entry(db: Database, cls: type[Any]) -> Any:
    """The one with the old name."""
    with db.read() as conn:
        return next(one for one in select_records(conn, cls) if getattr(one, "name", "") == OLD)


Way = Callable[[Database, str], object]
WAYS: dict[str, Way] = {
    "manager": lambda db, name: team.add_manager(db, name),
    "source": lambda db, name: team.add_source(db, name),
    "reason": lambda db, name: team.add_loss_reason(db, name),
    "renamed": lambda db, name: team.rename(db, entry(db, Source), name),
    "reason of a funnel": lambda db, name: loss_reasons.add(db, name),
    "reason changed": lambda db, name: loss_reasons.update(db, entry(db, LossReason).id, name=name),
    "field": lambda db, name: fields.add(db, "deal", name),
    "choice": lambda db, name: fields.add(db, "deal", "F", FieldType.CHOICE, options=[name]),
    "field renamed": lambda db, name: fields.rename(db, 1, name),
    "new choice": lambda db, name: field_types.change(db, 1, OLD, FieldType.CHOICE, [OLD, name]),
    "calculated": lambda db, name: calculated.add(db, "deal", name, "1", {}),
    "tag": lambda db, name: bulk.tag(db, [("company", 1)], "Tags", add=[name]),
    "funnel": lambda db, name: funnels.create(db, name, ["Done"]),
    "stage of a new funnel": lambda db, name: funnels.create(db, "F", [name]),
    "funnel renamed": lambda db, name: funnels.update_funnel(db, 1, name=name),
    "stage": lambda db, name: funnels.add_stage(db, 1, name),
    "stage renamed": lambda db, name: funnels.update_stage(db, 1, name=name),
    "draft": lambda db, name: rehearsal.adopt(db, 1, [DraftStage(name, (1, 2, 3, 4, 5))]),
    "view": lambda db, name: views.save(db, "deals", name, {}),
    "mapping": lambda db, name: mappings.keep(db, name, {}),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS)
def test_a_name_that_is_too_long_is_refused_with_the_most(db: Database, way: Way) -> None:
    with pytest.raises(UserError) as refused:
        way(db, LONG)
    assert (refused.value.code, refused.value.params) == ("name.long", {"n": LONGEST + 1, "most": LONGEST})
    way(db, LONG[:LONGEST])


def test_products_are_called_as_price_lists_have_them(db: Database) -> None:
    team.add_product(db, "p" * LONGEST_PRODUCT)
    for way in (
        lambda: team.add_product(db, "q" * (LONGEST_PRODUCT + 1)),
        lambda: team.update_product(db, entry(db, Product).id, name="q" * (LONGEST_PRODUCT + 1)),
        lambda: team.rename(db, entry(db, Product), "q" * (LONGEST_PRODUCT + 1)),
    ):
        with pytest.raises(UserError, match=r"name\.long"):
            way()


def test_what_has_a_longer_name_keeps_it_while_the_rest_is_changed(db: Database) -> None:
    team.update_product(db, entry(db, Product).id, name=OLD, price=5_00)
    loss_reasons.update(db, entry(db, LossReason).id, name=OLD, advice="ask again")
    funnels.update_stage(db, 1, name=OLD, goal="known")
    funnels.update_funnel(db, 1, name=OLD, won_name="Paid")
    field_types.change(db, 1, OLD, FieldType.CHOICE, [OLD, "L"])
    rehearsal.adopt(db, 1, [DraftStage(OLD, (1, 2, 3)), DraftStage("Paid for", (4, 5)), DraftStage("New")])
    assert entry(db, Product).price == 5_00
    assert entry(db, LossReason).advice == "ask again"
    assert entry(db, Funnel).won_name == "Paid"
    assert entry(db, CustomField).options == f'["{OLD}", "L"]'
    assert entry(db, Stage).goal == "known"
