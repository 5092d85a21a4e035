"""Rows of records as .xlsx with real types, or as .csv; data never becomes a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.clock import from_micros
from funneldesk.domain.money import from_minor
from funneldesk.errors import UserError
from funneldesk.exporting.files import atomic_buffer, atomic_write
from funneldesk.exporting.report_csv import safe_text
from funneldesk.exporting.report_xlsx import money_format

TIMES = frozenset({"at", "created_at", "closed_at"})
MONEY = frozenset({"amount"})
_LONGEST_CELL = 32_767


def write_records(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    zone: ZoneInfo,
    currency: str,
    labels: Mapping[str, str] | None = None,
) -> None:
    """Write rows to `path`, all or nothing; the ending chooses .xlsx or .csv.

    Money is in minor units of the row's `currency` (else `currency`), times are microseconds shown
    in `zone`.  Raises UserError `export.format` for another ending, `export.failed`.
    """
    heads = [(labels or {}).get(name, name) for name in columns]
    ending = path.suffix.lower()
    if ending == ".csv":
        _write_csv(path, columns, heads, rows, zone, currency)
    elif ending == ".xlsx":
        _write_xlsx(path, columns, heads, rows, zone, currency)
    else:
        raise UserError("export.format", path=str(path))


def _write_csv(
    path: Path,
    columns: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    zone: ZoneInfo,
    currency: str,
) -> None:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heads)
    for row in rows:
        writer.writerow([_csv_cell(row, name, zone, currency) for name in columns])
    atomic_write(path, out.getvalue().encode("utf-8-sig"))


def _csv_cell(row: Mapping[str, Any], name: str, zone: ZoneInfo, currency: str) -> str:
    value = row.get(name)
    if value is None:
        return ""
    if name in TIMES:
        return from_micros(value).astimezone(zone).isoformat(timespec="seconds")
    if name in MONEY:
        return str(from_minor(value, row.get("currency") or currency))
    return safe_text(str(value))


def _write_xlsx(
    path: Path,
    columns: Sequence[str],
    heads: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    zone: ZoneInfo,
    currency: str,
) -> None:
    import xlsxwriter

    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with atomic_buffer(path) as buffer:
        book = xlsxwriter.Workbook(buffer, {**options, "constant_memory": True})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True, "bottom": 1})
        when = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        formats = {
            code: book.add_format({"num_format": money_format(code)})
            for code in {currency, *(str(row.get("currency") or currency) for row in rows)}
        }
        sheet.freeze_panes(1, 0)
        for place, name in enumerate(columns):
            sheet.set_column(place, place, 20 if name in TIMES else 24 if name in _WIDE else 14)
        for place, head in enumerate(heads):
            sheet.write_string(0, place, head, bold)
        for line, row in enumerate(rows, 1):
            for place, name in enumerate(columns):
                value = row.get(name)
                if value is None:
                    continue
                if name in TIMES:
                    local: datetime = from_micros(value).astimezone(zone).replace(tzinfo=None, microsecond=0)
                    sheet.write_datetime(line, place, local, when)
                elif name in MONEY:
                    code = str(row.get("currency") or currency)
                    sheet.write_number(line, place, float(from_minor(value, code)), formats[code])
                else:
                    sheet.write_string(line, place, str(value)[:_LONGEST_CELL])
        book.close()


_WIDE = frozenset({"name", "title", "client", "comment", "email", "address", "legal_name"})
