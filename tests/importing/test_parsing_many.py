"""A column read as a whole gives what its cells give one by one."""

from __future__ import annotations

from unittest.mock import patch
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from funneldesk.importing import parsing
from funneldesk.importing.fields import Role
from funneldesk.importing.parsing import Parsed, parse
from funneldesk.importing.staging import Cell

UTC = ZoneInfo("UTC")
_ODD = [
    "Acme", "Эхо", "n/a", "-", "  x", "a  b", "E+5", "1.5E+10", "123.0", "00123", "#N/A", "#REF!", "Err:502",
    "a\nb",
    "\x01eREF", "\x01d2020-01-01T00:00:00", "a│b", "x ", "\xa0y", "Eve", "нет данных", "\ufeffz", "#5",
]  # fmt: skip
CELLS = st.lists(
    st.one_of(st.none(), st.sampled_from(_ODD), st.text("aE#+0.19 \t│\xa0-/", max_size=6)), max_size=8
)


def as_a_whole(cells: list[Cell], role: Role) -> Parsed:
    """A column read, which is the same whether it is taken for one of mostly different cells or not."""
    found = parse(cells, role, zone=UTC)
    with patch.object(parsing, "_LOOKED_AT", 1):
        assert parse(cells, role, zone=UTC) == found
    return found


@given(CELLS, st.sampled_from([Role.NAME, Role.WORD, Role.LINK, Role.TEXT, Role.CODE]))
def test_texts_together_and_one_by_one(cells: list[Cell], role: Role) -> None:
    together = as_a_whole(cells, role)
    for place, cell in enumerate(cells):
        alone = parse([7, cell], role, zone=UTC)  # a number among them: read cell by cell
        assert together.values[place] == alone.values[1]
        assert together.bad.get(place) == alone.bad.get(1)


_CALLS = [
    "+7 912 345-67-89", "8 (495) 123 45 67", "22 123 45 67 ext. 5", "12345", "abc", "1.2E+11",
    "+48 22 1234567",
    "٣٤٥٦٧٨٩٠١", "a@b.co", "x.y+z@firm5.ru", "info@firm.co.uk", "mailto:a@b.co", "é@x.pl",
]  # fmt: skip
_SIGNS = st.sampled_from(["; ", ", ", ";", " ,", "  ; ", " | ", "|", "\n"])


def _several(of: list[str]) -> st.SearchStrategy[str]:
    parts = st.lists(st.sampled_from(of), min_size=1, max_size=3)
    return st.builds(lambda sign, some: sign.join(some), _SIGNS, parts)


_SEVERAL = st.one_of(_several(_CALLS[:2]), _several(_CALLS))


@given(
    st.one_of(
        st.lists(_several(_CALLS[:2]), max_size=4), st.lists(st.one_of(st.none(), _SEVERAL), max_size=8)
    ),
    st.sampled_from([Role.PHONE, Role.EMAIL]),
)
def test_phones_and_addresses_together_and_one_by_one(cells: list[Cell], role: Role) -> None:
    together = as_a_whole(cells, role)
    for place, cell in enumerate(cells):
        alone = parse([True, cell], role, zone=UTC)
        assert together.values[place] == alone.values[1]
        assert together.bad.get(place) == alone.bad.get(1)


@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False), st.just(1e13), st.just(-0.5))))
def test_sums_together_and_one_by_one(cells: list[Cell]) -> None:
    together = as_a_whole(cells, Role.AMOUNT)
    for place, cell in enumerate(cells):
        alone = parse(["-", cell], Role.AMOUNT, zone=UTC)
        assert together.values[place] == alone.values[1]
        assert together.bad.get(place) == alone.bad.get(1)
