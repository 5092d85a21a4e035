"""What is gathered while the child stages it is what the staging file says afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.gathering import Gathering
from funneldesk.importing.staging import Block, Cell, Staging, pack, unpack
from funneldesk.importing.table import load_table
from funneldesk.importing.tables import TableWriter

ROWS: list[list[Cell]] = [
    ["Firma", "Miasto", "Suma"],
    ["Acme", "Łódź", 1.5],
    ["Żółć", None, 2],
    ["Delta", "Łódź", None, "dalej"],
    ["Razem", None, 3.5],
]


@pytest.mark.parametrize(
    "column",
    [
        ["a", "b", "c"],
        ["a", None, "c"],
        [None, None, None],
        ["", "b", None],
        ["a\x00b", "c", "d"],
        ["\ud800", "b", "Łódź"],
        [1, 2.5, True],
        ["\x01d2026-01-02T00:00:00", 3, None],
    ],
)
def test_a_block_comes_back_as_it_was(column: list[Cell]) -> None:
    numbers, columns = unpack(pack([[4, 5, 7], column, ["x", "y", "z"]]))
    assert numbers == [4, 5, 7]
    assert columns == [column, ["x", "y", "z"]]
    assert [type(cell) for cell in columns[0]] == [type(cell) for cell in column]


def staged(path: Path, sheets: list[tuple[str, bool, list[list[Cell]]]]) -> tuple[Staging, Gathering]:
    """Sheets (name, hidden, rows) in a staging file, and what was gathered meanwhile."""
    gathering = Gathering(path)
    with TableWriter(path, gathering.take) as writer:
        for name, hidden, rows in sheets:
            writer.begin_sheet(name, hidden=hidden)
            for number, cells in enumerate(rows, 1):
                writer.add(number, list(cells))
            writer.end_sheet()
    return Staging(path), gathering


@pytest.mark.parametrize("header", [0, 1, 3])
@pytest.mark.parametrize("times", [1, 900])  # of which 900 make several blocks
def test_a_gathered_table_is_the_table_that_is_read(header: int, times: int, tmp_path: Path) -> None:
    base, gathering = staged(tmp_path / "staging", [("A", False, ROWS * times)])
    sheet = base.sheets()[0]
    gathered = gathering.give(sheet.id)
    assert gathered is not None
    assert len(gathered.numbers) == 5 * times
    table = load_table(base, sheet, header, None, gathered)
    assert table == load_table(base, sheet, header)
    assert len(table.left_out) >= times
    assert gathering.give(sheet.id) is None  # it is the table's now


def test_a_hidden_sheet_is_not_gathered_and_the_second_one_read_as_ever(tmp_path: Path) -> None:
    sheets = [("A", True, ROWS), ("B", False, ROWS), ("C", False, ROWS)]
    base, gathering = staged(tmp_path / "staging", sheets)
    hidden, first, second = base.sheets()
    assert gathering.give(hidden.id) is None
    assert gathering.give(second.id) is None
    assert gathering.give(first.id) is not None


def test_a_file_that_is_read_anew_is_gathered_anew(tmp_path: Path) -> None:
    path = tmp_path / "staging"
    _base, gathering = staged(path, [("A", False, ROWS)])
    size = Path(f"{path}.cells").stat().st_size
    gathering.take(Block(1, False, 0, size))
    gathered = gathering.give(1)
    assert gathered is not None
    assert gathered.numbers == [1, 2, 3, 4, 5]


def test_a_file_opened_by_the_child_is_the_same_with_another_header_and_back(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("\n".join(["Firma;Miasto;Suma", *(f"Acme {n};Łódź;{n}" for n in range(5000))]), "utf-8")
    flow = ImportFlow()
    flow.open(path)
    table = flow.table
    flow.choose_header(0)
    assert flow.table is not None
    assert len(flow.table) == 5001
    flow.choose_header(1)
    assert flow.table == table
    assert len(flow.table) == 5000
    flow.close()
