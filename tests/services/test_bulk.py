"""Many records changed at once: one change, taken back whole, equal to changing them one by one."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change, Op
from funneldesk.domain.client import Company
from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.errors import UserError
from funneldesk.services import activities, bases, bulk, clients, deals, fields, history, leads
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store import removal, search
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database
from funneldesk.store.transaction import select_records
from tests.benchmarks.client_base import make_base
from tests.services.conftest import content

Both = Callable[[Callable[[], Change]], Change]


@pytest.fixture(autouse=True)
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three records are a whole list here."""
    for module in (removal, bulk, clients, leads, deals):
        monkeypatch.setattr(module, "MANY", 3)


def fill(db: Database) -> None:
    """Companies 1-5 with people, deals, leads, activities, contacts and own fields."""
    fields.add(db, "company", "Area")
    for n in range(2, 6):
        clients.create_company(db, name=f"C{n}", city="X", contacts=[("phone", f"+48 600 000 10{n}")])
        clients.create_person(db, name=f"P{n}", company_id=n, contacts=[("email", f"p{n}@x.example")])
        fields.set_value(db, 1, "company", n, f"v{n}")
    for n in range(1, 6):
        deals.create(db, NewDeal(f"D{n}", company_id=n, person_id=n if n % 2 else None), funnel_id=1)
        leads.create(db, title=f"L{n}")
        activities.plan(db, ActivityKind.CALL, About(company_id=n), due_at=None)
        activities.plan(db, ActivityKind.CALL, About(deal_id=n, company_id=n), due_at=5)
        activities.plan(db, ActivityKind.CALL, About(deal_id=n), due_at=9)
        activities.plan(db, ActivityKind.CALL, About(lead_id=n), due_at=9)


def records(db: Database, cls: type[Any], **equal: Any) -> list[Any]:
    table = t.table_of(t.KIND_OF[cls])
    with db.read() as conn:
        return select_records(conn, cls, *[table.c[k] == v for k, v in equal.items()])


REMOVE: dict[str, Callable[[Database, list[int]], Change]] = {
    "company": lambda db, ids: clients.delete(db, [("company", i) for i in ids]),
    "person": lambda db, ids: clients.delete(db, [("person", i) for i in ids]),
    "lead": leads.delete,
    "deal": deals.delete,
}


@pytest.mark.parametrize("kind", sorted(REMOVE))
def test_a_whole_list_is_removed_as_one_by_one(
    db: Database, tmp_path: Path, both_ways: Both, kind: str
) -> None:
    fill(db)
    other = tmp_path / "other.funneldesk"
    bases.back_up(db, other)
    both_ways(lambda: REMOVE[kind](db, [1, 2, 4]))
    with open_database(other) as single:
        for record_id in (1, 2, 4):
            REMOVE[kind](single, [record_id])
        with db.read() as one, single.read() as many:
            for table in ("companies", "people", "deals", "leads", "activities", "contact_points",
                          "custom_values", "stage_moves"):  # fmt: skip
                columns = [
                    c.name for c in t.metadata.tables[table].c if c.name not in ("version", "updated_at")
                ]
                sql = f"SELECT {', '.join(columns)} FROM {table} ORDER BY id"
                assert one.exec_driver_sql(sql).all() == many.exec_driver_sql(sql).all(), table


def test_one_that_is_gone_stops_all(db: Database) -> None:
    fill(db)
    before = content(db)
    with pytest.raises(UserError, match=r"record\.gone"):
        REMOVE["deal"](db, [1, 2, 99])
    assert content(db) == before


def test_a_field_is_set_for_many_where_it_differs(db: Database, both_ways: Both) -> None:
    fill(db)
    refs = [("company", n) for n in range(1, 6)] + [("person", 1)]
    assert bulk.count_changes(db, refs, "city", "X") == 2
    assert bulk.count_changes(db, refs, "size", "big") == 5
    both_ways(lambda: bulk.set_column(db, refs, "city", "Łódź"))
    assert {c.city for c in records(db, Company)} == {"Łódź"}
    with db.read() as conn:
        assert {h.id for h in search.find(conn, "lodz", ["company"])} == {1, 2, 3, 4, 5}
    nothing = bulk.set_column(db, refs, "city", "Łódź")
    assert nothing.edits == ()
    both_ways(lambda: bulk.assign(db, refs, 2))
    both_ways(lambda: bulk.set_column(db, [("deal", 1), ("deal", 2)], "expected_close", "2026-05-01"))


def test_own_fields_are_set_changed_and_taken_away(db: Database, both_ways: Both) -> None:
    fill(db)
    refs = [("company", n) for n in range(1, 6)] + [("person", 1)]
    both_ways(lambda: bulk.set_custom(db, refs, 1, "v3"))
    assert [v.value for v in records(db, CustomValue, field_id=1)] == ["v3"] * 5
    both_ways(lambda: bulk.set_custom(db, refs, 1, ""))
    assert records(db, CustomValue, field_id=1) == []
    fields.add(db, "company", "Turnover", FieldType.NUMBER)
    with pytest.raises(UserError, match=r"field\.unreadable"):
        bulk.set_custom(db, refs, 2, "much")


def test_tags_are_put_on_and_taken_off(db: Database, both_ways: Both) -> None:
    fill(db)
    refs = [("company", 1), ("company", 2), ("person", 1)]
    both_ways(lambda: bulk.tag(db, refs, "Tags", add=["vip", "Опт"]))
    both_ways(lambda: bulk.tag(db, refs[1:], "TAGS", add=["new"], remove=["vip"]))
    made = {f.record_kind: f for f in records(db, CustomField, name="Tags")}
    assert json.loads(made["company"].options or "") == ["vip", "Опт", "new"]
    values = {v.record_id: json.loads(v.value) for v in records(db, CustomValue, field_id=made["company"].id)}
    assert values == {1: ["vip", "Опт"], 2: ["Опт", "new"]}
    with pytest.raises(UserError, match=r"name\.taken"):
        bulk.tag(db, refs, "Area", add=["x"])


@pytest.mark.heavy
def test_ten_thousand_clients_are_changed_and_removed_fast(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    with make_base(tmp_path / "b.funneldesk", 20_000) as db:
        refs = [("company", n) for n in range(1, 5_001)] + [("person", n) for n in range(1, 5_001)]
        for step in (
            lambda: bulk.assign(db, refs, 1),
            lambda: bulk.set_column(db, refs, "city", "Москва"),
            lambda: bulk.tag(db, refs, "Tags", add=["vip"]),
            lambda: clients.delete(db, refs),
        ):
            start = time.perf_counter()
            change = step()
            middle = time.perf_counter()
            history.undo(db)
            print(change.label.code, f"{middle - start:.2f} s, undo {time.perf_counter() - middle:.2f} s")
            assert time.perf_counter() - start < 20
            history.redo(db)
        assert any(edit.op is Op.CUT for edit in change.edits)
