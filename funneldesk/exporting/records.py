"""Rows of records as .xlsx with real types, or as .csv; data never becomes a formula."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.exporting.sheet_cells import WORDS
from funneldesk.exporting.tables import Cell, OutColumn, Written, write_table

TIMES = frozenset({"at", "created_at", "closed_at"})
MONEY = frozenset({"amount", "price", "cost"})
_WIDE = frozenset({"name", "title", "client", "comment", "email", "address", "legal_name"})


def write_records(
    path: Path,
    columns: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    *,
    zone: ZoneInfo,
    currency: str,
    labels: Mapping[str, str] | None = None,
    words: Mapping[str, str] = WORDS,
) -> Written:
    """Write rows to `path`, all or nothing; the ending chooses .xlsx or .csv.

    Money is in minor units of the row's `currency` (else `currency`), times are microseconds shown
    in `zone`.  Texts too long for a cell and errors as `write_table`.
    """
    out = [OutColumn((labels or {}).get(n, n), _cell_of(n), wide=n in _WIDE) for n in columns]
    lines = ([_value(row, name, currency) for name in columns] for row in rows)
    return write_table(path, out, lines, zone=zone, currency=currency, words=words)


def _cell_of(name: str) -> Cell:
    if name in TIMES:
        return Cell.MOMENT
    return Cell.MONEY if name in MONEY else Cell.TEXT


def _value(row: Mapping[str, Any], name: str, currency: str) -> Any:
    value = row.get(name)
    if value is None or name not in MONEY:
        return value
    return value, str(row.get("currency") or currency)
