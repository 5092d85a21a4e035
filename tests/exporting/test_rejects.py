"""Rejected rows go out as a spreadsheet that can be mended and dropped again."""

from __future__ import annotations

from pathlib import Path

import openpyxl

from funneldesk.exporting.rejects import Value, write_rejects


def test_rejected_rows_keep_their_cells_and_get_their_reason(tmp_path: Path) -> None:
    path = tmp_path / "rejects.xlsx"
    rows: list[tuple[int, list[Value], str]] = [
        (5, ["=1+1", "007", 12.5, None, "https://x.example"], "no name"),
        (9, ["a" * 40_000, "x"], "why"),
    ]
    write_rejects(path, ["A", "B", "C", "D", "E"], rows, reason_header="Reason")
    book = openpyxl.load_workbook(path)
    found = list(book.worksheets[0].iter_rows(values_only=True))
    assert found[0] == ("A", "B", "C", "D", "E", "Reason")
    assert found[1] == ("=1+1", "007", 12.5, None, "https://x.example", "no name")
    assert book.worksheets[0]["A2"].data_type == "s"
    assert (len(str(found[2][0])), found[2][5]) == (32_767, "why")
