"""Every field that can be imported has a name of its own."""

from __future__ import annotations

import pytest

from funneldesk.field_words import field_title, kind_title
from funneldesk.importing.fields import FIELDS, Kind


@pytest.mark.parametrize("kind", Kind)
def test_every_field_of_a_kind_has_a_name_of_its_own(kind: Kind) -> None:
    titles = {field.key: field_title(str(kind), field.key) for field in FIELDS[kind]}
    assert [key for key, title in titles.items() if title == key] == []
    assert len(set(titles.values())) == len(titles)
    assert kind_title(str(kind)) != str(kind)


def test_own_fields_and_columns_of_the_base_are_named_too() -> None:
    assert field_title("clients", "custom:Shoe size") == "Shoe size"
    assert field_title("deals", "manager_id") == field_title("deals", "manager")
    assert field_title("deals", "nobody_knows") == "nobody_knows"
