"""What is said of a column after its field and a colon."""

from __future__ import annotations

import pytest

from funneldesk.errors import UserError
from funneldesk.importing.dates import Order
from funneldesk.importing.fields import Kind
from funneldesk.importing.readings import parted, refuse_unknown_type
from funneldesk.importing.units import Unit


@pytest.mark.parametrize(
    ("field", "found"),
    [
        ("amount", ("amount", None)),
        ("amount:millions", ("amount", Unit.MILLIONS)),
        ("created_at:dmy", ("created_at", Order.DMY)),
        ("expected_close:mdy", ("expected_close", Order.MDY)),
        ("custom:Delivered:dmy", ("custom:Delivered", Order.DMY)),
        ("custom:Size: outside", ("custom:Size: outside", None)),
    ],
)
def test_a_reading_is_parted_from_its_field(field: str, found: tuple[str, object]) -> None:
    assert parted(Kind.DEALS, field) == found


@pytest.mark.parametrize(
    ("field", "code", "readings"),
    [
        ("amount:dozens", "import.unknown_reading", "ones, thousands, millions"),
        ("amount:dmy", "import.unknown_reading", "ones, thousands, millions"),
        ("amount:", "import.unknown_reading", "ones, thousands, millions"),
        ("created_at:thousands", "import.unknown_reading", "dmy, mdy"),
        ("expected_close:ymd", "import.unknown_reading", "dmy, mdy"),
        ("title:dmy", "import.no_reading", None),
        ("nothing:dmy", "import.unknown_field", None),
    ],
)
def test_an_unknown_reading_is_refused_with_those_there_are(
    field: str, code: str, readings: str | None
) -> None:
    with pytest.raises(UserError) as refused:
        parted(Kind.DEALS, field)
    assert refused.value.code == code
    assert refused.value.params.get("readings") == readings


def test_an_unknown_type_of_an_own_field_is_refused_unless_something_is_called_so() -> None:
    with pytest.raises(UserError) as refused:
        refuse_unknown_type("custom:Size:choise", ["Size"])
    assert refused.value.code == "import.unknown_reading"
    assert refused.value.params["field"] == "custom:Size"
    assert str(refused.value.params["readings"]).startswith("choice, date")
    refuse_unknown_type("custom:Size:choise", ["size:choise"])
    for fine in ("custom:Size:choice", "custom:Size:mdy", "custom:Opens 9:30", "custom:Size", "title:x", ""):
        refuse_unknown_type(fine, [])
