"""The rows of a list as typed cells for a file."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import custom_id
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula import decode
from funneldesk.domain.formula_kinds import asked_as
from funneldesk.domain.money import from_minor, to_minor
from funneldesk.exporting.tables import Cell, OutColumn
from funneldesk.store.queries import client_list, deal_list, leads

_PART = 500
_WIDE = frozenset({"name", "title", "client", "company", "email", "demand"})
_CELLS: Mapping[str, Cell] = {
    "open_deals": Cell.NUMBER, "open_sum": Cell.MONEY, "amount": Cell.MONEY, "days_in_stage": Cell.NUMBER,
    "last_contact": Cell.MOMENT, "next_step": Cell.MOMENT, "created": Cell.MOMENT, "closed": Cell.MOMENT,
    "expected_close": Cell.DAY,
}  # fmt: skip
_OF_CUSTOM: Mapping[str, Cell] = {
    FieldType.NUMBER: Cell.NUMBER, FieldType.MONEY: Cell.MONEY, FieldType.DATE: Cell.DAY,
    FieldType.YES_NO: Cell.FLAG,
}  # fmt: skip
_OF_FORMULA: Mapping[ValueType | None, Cell] = {
    ValueType.NUMBER: Cell.NUMBER, ValueType.MONEY: Cell.MONEY, ValueType.DAY: Cell.DAY,
    ValueType.FLAG: Cell.FLAG,
}  # fmt: skip
# Columns of the lists -> where their rows keep them, when it is called otherwise.
_NAMES: Mapping[str, str] = {
    "created": "created_at", "closed": "closed_at", "next_step": "next_due_at", "client_city": "city",
    "last_contact": "last_done_at",
}  # fmt: skip


def column(kind: str, key: str, title: str, fields: Mapping[int, CustomField]) -> OutColumn:
    """How a column of a list is written."""
    field = fields.get(custom_id(key) or 0)
    if field is not None and field.type == FieldType.CALCULATED:
        return OutColumn(title, _OF_FORMULA.get(asked_as(field, [*fields.values()]), Cell.TEXT))
    cell = _OF_CUSTOM.get(field.type, Cell.TEXT) if field is not None else _CELLS.get(key, Cell.TEXT)
    if kind == "lead" and key == "status":
        cell = Cell.TEXT
    return OutColumn(title, cell, key in _WIDE)


def rows(
    conn: Any,
    kind: str,
    ids: Sequence[int],
    keys: Sequence[str],
    fields: Mapping[int, CustomField],
    currency: str,
) -> Iterator[list[Any]]:
    """The values of records in the order of `ids`; one that is gone is left out."""
    read: dict[str, Callable[[Any, Sequence[int]], Mapping[int, Any]]] = {
        "client": client_list.client_rows, "deal": deal_list.listed, "lead": leads.lead_rows,
    }  # fmt: skip
    for start in range(0, len(ids), _PART):
        part = ids[start : start + _PART]
        found = read[kind](conn, part)
        for record_id in part:
            if record_id in found:
                row = found[record_id]
                yield [_value(kind, row, key, fields, currency) for key in keys]


def _value(kind: str, row: Any, key: str, fields: Mapping[int, CustomField], currency: str) -> Any:
    field = fields.get(custom_id(key) or 0)
    if field is not None:
        return _custom(field, row.custom.get(field.id, ""), currency)
    if kind == "client":
        if key == "open_sum":
            return _sum(row.open_sums, currency)
        if key == "next_step":
            return row.next_at
        if key == "last_contact":
            return row.last_contact
    if kind == "deal" and key == "amount":
        return None if row.amount is None else (row.amount, row.currency or currency)
    if kind == "deal" and key == "days_in_stage":
        return None if row.entered_at is None else (clock.now() - row.entered_at) // clock.DAY
    return getattr(row, _NAMES.get(key, key), None)


def _sum(sums: Sequence[tuple[str, int]], currency: str) -> tuple[int, str] | str | None:
    """An amount; where there are several currencies, all of them as a text."""
    if len(sums) < 2:
        return (sums[0][1], sums[0][0] or currency) if sums else None
    return " + ".join(f"{from_minor(minor, code or currency)} {code or currency}" for code, minor in sums)


def _custom(field: CustomField, value: str, currency: str) -> Any:
    if not value:
        return None
    try:
        if field.type == FieldType.CALCULATED:
            return _worked_out(value, currency)
        if field.type == FieldType.NUMBER:
            return float(value)
        if field.type == FieldType.MONEY:
            return int(value), currency
        if field.type == FieldType.YES_NO:
            return value == "1"
        if field.type == FieldType.MULTI_CHOICE:
            return ", ".join(str(v) for v in json.loads(value))
    except (ValueError, TypeError):
        return value  # what does not fit its field stays readable
    return value


def _worked_out(value: str, currency: str) -> Any:
    """What a formula gives; nothing where it is an error."""
    kind, text = decode(value)
    if kind == "error":
        return None
    if kind == "money":
        return to_minor(Decimal(text), currency), currency
    if kind == "number":
        return float(text)
    return text == "1" if kind == "yes_no" else text
