from __future__ import annotations

from collections.abc import Callable

import pytest

from funneldesk.domain.change import Change
from funneldesk.domain.fields import FieldType
from funneldesk.errors import UserError
from funneldesk.services import cards, fields, search, views
from funneldesk.store.database import Database

BothWays = Callable[[Callable[[], Change]], Change]


def value(db: Database, field_id: int) -> str:
    found = cards.client(db, "company", 1, 1)
    assert found is not None
    return next(v.value for v in found[0].fields if v.field.id == field_id)


def test_fields_and_values_are_taken_back_to_the_same_content(db: Database, both_ways: BothWays) -> None:
    both_ways(lambda: fields.add(db, "company", "Area", FieldType.NUMBER))
    both_ways(lambda: fields.rename(db, 1, "Area, m²"))
    both_ways(lambda: fields.set_value(db, 1, "company", 1, "1 250,5"))
    assert value(db, 1) == "1250.5"
    both_ways(lambda: fields.set_value(db, 1, "company", 1, "7"))
    both_ways(lambda: fields.set_value(db, 1, "company", 1, ""))
    assert value(db, 1) == ""
    fields.set_value(db, 1, "company", 1, "8")
    both_ways(lambda: fields.delete(db, 1))


@pytest.mark.parametrize(
    ("type_", "text"), [(FieldType.NUMBER, "many"), (FieldType.DATE, "31.31.2026"), (FieldType.MONEY, "x")]
)
def test_a_value_that_does_not_fit_is_refused(db: Database, type_: FieldType, text: str) -> None:
    fields.add(db, "company", "Field", type_)
    with pytest.raises(UserError, match=r"field\.unreadable"):
        fields.set_value(db, 1, "company", 1, text)


def test_a_field_needs_a_free_name_and_a_list_its_choices(db: Database) -> None:
    fields.add(db, "company", "Тип")
    with pytest.raises(UserError, match=r"name\.taken"):
        fields.add(db, "company", "ТИП")
    with pytest.raises(UserError, match=r"field\.no_options"):
        fields.add(db, "deal", "Type", FieldType.CHOICE, options=["", " "])


def test_views_are_kept_replaced_and_removed(db: Database, both_ways: BothWays) -> None:
    both_ways(lambda: views.save(db, "clients", "Mine", {"sort": ["name", False]}))
    both_ways(lambda: views.save(db, "clients", "mine", {"sort": ["city", True]}))
    found = views.views(db, "clients")
    assert [views.spec_of(view) for view in found] == [{"sort": ["city", True]}]
    both_ways(lambda: views.delete(db, found[0].id))


def test_the_search_over_everything_finds_clients_by_name_and_phone(db: Database) -> None:
    assert [(f.kind, f.title) for f in search.search(db, "ACM")] == [("company", "Acme Ltd")]
    assert [(f.kind, f.title) for f in search.search(db, "lark")] == [("person", "Eva Lark")]
    assert search.search(db, "48220001234")[0].subtitle.endswith("+48 22 000 12 34")
    assert search.search(db, "nobody") == []
    assert search.search(db, " ") == []
