"""The rows that an import rejected, as a spreadsheet that can be mended and imported again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from funneldesk.exporting.files import atomic_buffer

_LONGEST = 32_767  # characters of a cell

Value = str | int | float | bool | None


def write_rejects(
    path: Path,
    headers: Sequence[str],
    rows: Sequence[tuple[int, Sequence[Value], str]],
    *,
    reason_header: str = "Reason",
) -> None:
    """Write (row number in the file, cells, reason) under the file's own headers, the reason last.

    Text is written as text, so that nothing becomes a formula or loses its zeros.  Raises
    UserError export.failed.
    """
    import xlsxwriter

    with atomic_buffer(path) as buffer:
        book = xlsxwriter.Workbook(
            buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
        )
        sheet = book.add_worksheet()
        head, wrong = book.add_format({"bold": True}), book.add_format({"font_color": "#B3261E"})
        for column, name in enumerate((*headers, reason_header)):
            sheet.write_string(0, column, name, head)
            sheet.set_column(column, column, min(max(len(name) + 2, 14), 40))
        for line, (_number, cells, reason) in enumerate(rows, 1):
            for column, value in enumerate(cells):
                _put(sheet, line, column, value)
            sheet.write_string(line, len(headers), reason[:_LONGEST], wrong)
        sheet.freeze_panes(1, 0)
        book.close()


def _put(sheet: object, line: int, column: int, value: Value) -> None:
    if value is None:
        return
    if isinstance(value, bool | str):
        sheet.write_string(line, column, str(value)[:_LONGEST])  # type: ignore[attr-defined]
    elif abs(value) < 1e15:
        sheet.write_number(line, column, value)  # type: ignore[attr-defined]
    else:
        sheet.write_string(line, column, str(value))  # type: ignore[attr-defined]
