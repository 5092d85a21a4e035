"""A report as CSV: its rows, one header line, plain numbers."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from typing import Any

from funneldesk.domain.money import from_minor
from funneldesk.domain.results import Column, Report, Type

# What a spreadsheet would take for the beginning of a formula; a number or a phone is none.
_RISKY = ("=", "@", "\t", "\r", "\n")
_SIGNED = ("+", "-")
_HARMLESS = re.compile(r"[+-][\d\s().,;+-]*\Z")


def report_csv(report: Report, labels: Mapping[str, str] | None = None, *, delimiter: str = ",") -> bytes:
    """The rows as UTF-8 with a byte order mark; header words from `labels`, the keys by default.

    Money in units with all its decimals, rates 0..1, unknown empty; totals are not part of it, so
    that the columns can be added up.  A text that looks like a formula gets a leading quote.
    """
    words = labels or {}
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter)
    columns = (*report.columns, *_codes(report))
    writer.writerow([safe_text(words.get(column.key, column.key)) for column in columns])
    for row in report.rows:
        writer.writerow([_cell(row.get(column.key), column, report.currency) for column in columns])
    return out.getvalue().encode("utf-8-sig")


def _codes(report: Report) -> list[Column]:
    """What rows carry beside their columns, e.g. whether a row without a manager is the whole team."""
    known = {column.key for column in report.columns}
    carried = dict.fromkeys(key for row in report.rows for key in row)
    return [Column(key, Type.TEXT) for key in carried if key not in known]


def safe_text(text: str) -> str:
    """`text`, quoted when a spreadsheet would take it for a formula."""
    risky = text.startswith(_RISKY) or (text.startswith(_SIGNED) and not _HARMLESS.match(text))
    return "'" + text if risky else text


def _cell(value: Any, column: Column, currency: str) -> str:
    if value is None:
        return ""
    if column.type is Type.MONEY:
        return str(from_minor(value, currency))
    return safe_text(value) if isinstance(value, str) else repr(value)
