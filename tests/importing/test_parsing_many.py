"""A column read as a whole gives what its cells give one by one."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from funneldesk.importing.fields import Role
from funneldesk.importing.parsing import parse
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


@given(CELLS, st.sampled_from([Role.NAME, Role.WORD, Role.LINK, Role.TEXT, Role.CODE]))
def test_texts_together_and_one_by_one(cells: list[Cell], role: Role) -> None:
    together = parse(cells, role, zone=UTC)
    for place, cell in enumerate(cells):
        alone = parse([7, cell], role, zone=UTC)  # a number among them: read cell by cell
        assert together.values[place] == alone.values[1]
        assert together.bad.get(place) == alone.bad.get(1)
