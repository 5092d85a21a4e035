"""The type of an own field changed: what converts, what does not, and all of it taken back."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from funneldesk.domain.change import Change
from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.errors import UserError
from funneldesk.services import clients, field_types, fields
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

Both = Callable[[Callable[[], Change]], Change]


def filled(db: Database, type_: FieldType, values: list[str], options: list[str] | None = None) -> int:
    """A field of companies with these values on companies 1, 2, …"""
    field = fields.add(db, "company", "F", type_, options=options or []).new_id("custom_field")
    for n, value in enumerate(values, 1):
        if n > 1:
            clients.create_company(db, name=f"C{n}")
        fields.set_value(db, field, "company", n, value)
    return field


def kept(db: Database, field: int) -> list[str]:
    with db.read() as conn:
        found = select_records(conn, CustomValue, t.custom_values.c.field_id == field)
    return [v.value for v in sorted(found, key=lambda v: v.record_id)]


def field_of(db: Database, field: int) -> CustomField:
    return next(f for f in fields.of_kind(db, "company") if f.id == field)


@pytest.mark.parametrize(
    ("old", "values", "new", "options", "after", "lost"),
    [
        ("text", ["1 200,50", "7", "many"], "number", [], ["1200.5", "7"], ["many"]),
        ("text", ["1 200,50", "-3"], "money", [], ["120050", "-300"], []),
        ("text", ["31.03.2026", "05.04.2026", "soon"], "date", [], ["2026-03-31", "2026-04-05"], ["soon"]),
        ("text", ["да", "NIE", "perhaps"], "yes_no", [], ["1", "0"], ["perhaps"]),
        ("text", ["red", "Blue", "red"], "choice", [], ["red", "Blue", "red"], []),
        ("text", ["RED", "green"], "choice", ["Red", "Blue"], ["Red"], ["green"]),
        ("text", ["red; blue", "blue"], "multi_choice", [], ['["red", "blue"]', '["blue"]'], []),
        ("number", ["2.5"], "text", [], ["2.5"], []),
        ("money", ["150050"], "number", [], ["1500.5"], []),
        ("number", ["12.5"], "money", [], ["1250"], []),
        ("date", ["2026-03-31"], "text", [], ["2026-03-31"], []),
        ("yes_no", ["1", "0"], "text", [], ["Yes", "No"], []),
        ("multi_choice", ["a; b", "a"], "choice", ["a", "b"], ["a"], ["a; b"]),
        ("link", ["https://x.example"], "text", [], ["https://x.example"], []),
    ],
)
def test_values_convert_or_are_told(
    db: Database,
    both_ways: Both,
    old: str,
    values: list[str],
    new: str,
    options: list[str],
    after: list[str],
    lost: list[str],
) -> None:
    field = filled(db, FieldType(old), values, ["a", "b"])
    words = {"1": "Yes", "0": "No"}
    told = field_types.preview(db, field, FieldType(new), options, words)
    assert (told.total, told.lost, list(told.examples)) == (len(values), len(lost), lost)
    name = field_of(db, field).name
    both_ways(lambda: field_types.change(db, field, name, FieldType(new), options, words))
    assert kept(db, field) == after
    assert field_of(db, field).type == new
    if new in ("choice", "multi_choice"):
        assert json.loads(field_of(db, field).options or "[]") == list(told.options)


def test_name_type_and_choices_change_at_once(db: Database, both_ways: Both) -> None:
    field = filled(db, FieldType.TEXT, ["a", "b"])
    fields.add(db, "company", "Taken")
    both_ways(lambda: field_types.change(db, field, "Colour", FieldType.CHOICE, ["a"]))
    assert (field_of(db, field).name, kept(db, field)) == ("Colour", ["a"])
    both_ways(lambda: field_types.change(db, field, "Colour", FieldType.CHOICE, ["a", "c"]))
    assert json.loads(field_of(db, field).options or "") == ["a", "c"]
    with pytest.raises(UserError, match=r"name\.taken"):
        field_types.change(db, field, "TAKEN", FieldType.CHOICE, ["a"])
    with pytest.raises(UserError, match=r"field\.no_options"):
        field_types.change(db, field, "Colour", FieldType.CHOICE, [" "])


def test_fields_are_put_in_another_order_and_removed(db: Database, both_ways: Both) -> None:
    field = filled(db, FieldType.TEXT, ["a", "b"])
    for name in ("Second", "Third"):
        fields.add(db, "company", name)
    both_ways(lambda: fields.move(db, field, 1))
    assert [f.name for f in fields.of_kind(db, "company")] == ["Second", "F", "Third"]
    both_ways(lambda: fields.delete(db, field))
    assert kept(db, field) == []
