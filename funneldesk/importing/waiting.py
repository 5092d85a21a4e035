"""Rows that wait: their values as text to keep, and as values again when what they name has come."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from funneldesk.importing.fields import Kind, OnDuplicate, Role, field_of
from funneldesk.importing.plan import Request
from funneldesk.importing.table import Table, Values

# The order in which rows that waited are brought in: who is named before who names.
ORDER = (Kind.PEOPLE, Kind.DEALS, Kind.HISTORY, Kind.ACTIVITIES, Kind.INVOICES, Kind.PAYMENTS)
_ASKED = "_"  # the key under which stands what was asked of the import


@dataclass(frozen=True, slots=True)
class Revived:
    """Rows that waited as an import of their own."""

    request: Request
    table: Table
    values: Values


def encode(request: Request, values: Values, place: int) -> str:
    """The values of a row and how it was to be imported, as JSON that is the same for the same row."""
    cells: dict[str, Any] = {}
    for key, column in values.fields.items():
        value = column[place]
        if value is not None:
            cells[key] = _plain(value)
    asked = {"on_duplicate": str(request.on_duplicate)}
    if request.funnel:
        asked["funnel"] = request.funnel
    if request.create_funnel:
        asked["create_funnel"] = "1"
    cells[_ASKED] = asked
    return json.dumps(cells, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def asked(cells: str) -> tuple[str, ...]:
    """What tells rows that may be brought in together."""
    found = json.loads(cells).get(_ASKED, {})
    return (found.get("on_duplicate", "skip"), found.get("funnel", ""), found.get("create_funnel", ""))


def shown_cells(cells: str) -> dict[str, str]:
    """The values of a waiting row as texts, for lists."""
    out = {}
    for key, value in json.loads(cells or "{}").items():
        if key != _ASKED:
            out[key] = " ".join(str(v) for v in value if v) if isinstance(value, list) else str(value)
    return out


def revive(kind: Kind, rows: Sequence[str], *, file: str, now: int) -> Revived:
    """Rows of one kind, asked for in the same way, in order, as values to plan."""
    read: list[Mapping[str, Any]] = [json.loads(text) for text in rows]
    keys = dict.fromkeys(key for row in read for key in row if key != _ASKED)
    fields = {}
    for key in keys:
        found = field_of(kind, key)
        if found is not None:
            fields[key] = [_value(row.get(key), found.role) for row in read]
    on_duplicate, funnel, create = asked(rows[0])
    request = Request(
        kind, OnDuplicate(on_duplicate), funnel=funnel or None, create_funnel=bool(create), file=file, now=now
    )
    table = Table([], list(range(1, len(read) + 1)), [], 0)
    return Revived(request, table, Values(len(read), fields, [], [], {}))


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [format(v.normalize(), "f") if isinstance(v, Decimal) else v for v in value]
    return value


def _value(value: Any, role: Role) -> Any:
    if value is None:
        return None
    if role is Role.AMOUNT:
        return Decimal(value[0]), value[1]
    return tuple(value) if isinstance(value, list) else value
