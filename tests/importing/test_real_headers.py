"""Headers of public spreadsheets: the right field by themselves, and never a wrong one unasked."""

from __future__ import annotations

import pytest

from funneldesk.importing.mapping import understand
from tests.importing.real_headers import DEVELOPMENT, HELD_OUT, tables


@pytest.mark.parametrize(("name", "text"), [("development", DEVELOPMENT), ("held out", HELD_OUT)])
def test_real_headers_find_their_fields_and_no_wrong_one_is_accepted(name: str, text: str) -> None:
    wanted = right = columns = headers = 0
    wrong: list[str] = []
    missed: list[str] = []
    for kind, table in tables(text):
        headers += 1
        maps = understand(kind, [c.header for c in table], [list(c.cells) for c in table])
        for found, column in zip(maps, table, strict=True):
            columns += 1
            meant = column.fields[0] is not None
            wanted += meant
            if found.used is not None and found.used not in column.fields:
                wrong.append(f"{kind}: {column.header} -> {found.used} ({found.certainty})")
            elif meant and found.used is not None:
                right += 1
            elif meant:
                missed.append(f"{kind}: {column.header}")
    print(
        f"\n{name}: {headers} headers, {columns} columns, {wanted} with a field, "
        f"{right / wanted:.1%} found it by themselves; missed: {missed}"
    )
    assert not wrong
    assert right / wanted >= 0.9


def test_there_are_enough_headers() -> None:
    assert sum(1 for _table in tables(DEVELOPMENT)) >= 100
    assert sum(1 for _table in tables(HELD_OUT)) >= 50
