"""Entries of the small lists: merged with all that refers to them, removed where nothing does."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.fields import CustomValue, FieldType
from funneldesk.domain.goals import SourceCost
from funneldesk.domain.lead import Lead
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.errors import UserError
from funneldesk.services import clients, deals, fields, goals, leads, list_entries, team
from funneldesk.services.deals import LOST, Loss, NewDeal
from funneldesk.store.database import Database
from tests.services.conftest import Step, content, records

BothWays = Callable[[Step], Any]


def names(db: Database, kind: str) -> list[str]:
    return [entry.name for entry in list_entries.entries(db, kind)]


def test_two_spellings_of_a_source_become_one_with_all_that_came_from_them(
    db: Database, both_ways: BothWays
) -> None:
    web, site = (team.add_source(db, name).new_id("source") for name in ("Web", "web site"))
    clients.update(db, ("company", 1), source_id=site)
    leads.create(db, title="Somebody", source_id=site)
    deals.create(db, NewDeal("Shelves", source_id=site), funnel_id=1)
    deals.create(db, NewDeal("Racks", source_id=web), funnel_id=1)
    goals.set_cost(
        db,
        SourceCost(source_id=site, first_day="2026-01-01", last_day="2026-01-31", amount=500, currency="EUR"),
    )
    change = both_ways(lambda: list_entries.merge(db, Source, site, web))
    assert change.label.params == {"name": "web site", "into": "Web"}
    assert names(db, "source") == ["Web"]
    for cls in (Deal, Lead, SourceCost):
        assert {record.source_id for record in records(db, cls)} == {web}


def test_merged_loss_reasons_stay_in_the_history_of_the_deals(db: Database, both_ways: BothWays) -> None:
    dear = team.add_loss_reason(db, "Dear").new_id("loss_reason")
    deals.create(db, NewDeal("Shelves"), funnel_id=1)
    deals.move(db, [1], LOST, loss=Loss(dear, "said so"))
    both_ways(lambda: list_entries.merge(db, LossReason, dear, 1))
    assert records(db, Deal)[0].loss_reason_id == 1
    assert [move.loss_reason_id for move in records(db, StageMove)] == [None, 1]
    assert "Dear" not in names(db, "loss_reason")


def test_a_merged_product_keeps_its_lines_and_the_values_that_the_other_lacks(
    db: Database, both_ways: BothWays
) -> None:
    rack, racks = (team.add_product(db, name, price=100).new_id("product") for name in ("Rack", "Racks"))
    colour, size = (
        fields.add(db, "product", name, FieldType.TEXT).new_id("custom_field") for name in ("Colour", "Size")
    )
    for field, product, value in ((colour, rack, "red"), (colour, racks, "blue"), (size, racks, "big")):
        fields.set_value(db, field, "product", product, value)
    deals.create(db, NewDeal("Shelves", product_id=racks), funnel_id=1)
    both_ways(lambda: list_entries.merge(db, Product, racks, rack))
    assert records(db, Deal)[0].product_id == rack
    kept = {value.field_id: value.value for value in records(db, CustomValue)}
    assert kept == {colour: "red", size: "big"}


def test_what_nothing_refers_to_can_be_removed(db: Database, both_ways: BothWays) -> None:
    unused = team.add_source(db, "Typo").new_id("source")
    both_ways(lambda: list_entries.remove(db, Source, unused))
    assert names(db, "source") == []
    both_ways(lambda: list_entries.remove(db, Manager, 2))
    assert names(db, "manager") == ["Ann"]


def test_what_is_in_use_stays_and_it_is_said_by_how_many(db: Database) -> None:
    deals.create(db, NewDeal("Shelves", manager_id=1), funnel_id=1)
    before = content(db)
    with pytest.raises(UserError, match=r"list\.in_use") as refused:
        list_entries.remove(db, Manager, 1)
    assert refused.value.params == {"name": "Ann", "n": 1}, "a deal, its moves not counted"
    with pytest.raises(UserError, match=r"list\.merge_self"):
        list_entries.merge(db, Source, 1, 1)
    assert content(db) == before
