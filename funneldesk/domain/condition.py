"""Conditions on records: field · condition · value, joined by and / or, to any depth.

Plain values only, so that a saved view, a report and a print can keep and tell them.  Whole days,
weeks from Monday.  `store.queries.conditions` turns them into SQL, `condition_words` into words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

Value = str | int | float | tuple[Any, ...] | None


class ValueType(StrEnum):
    """What a field holds, and so how it can be asked for."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"  # minor units of the accounting currency
    DAY = "day"
    MOMENT = "moment"
    REF = "ref"  # one record of a small list: ids
    CHOICE = "choice"  # one of some texts
    SEVERAL = "several"  # several of some texts
    FLAG = "flag"


class Need(StrEnum):
    """What a condition wants beside the field."""

    NOTHING = "nothing"
    ONE = "one"  # a value of the field's type
    TWO = "two"  # from and to
    SOME = "some"  # any number of choices
    DAYS = "days"  # a number of days


_ANY = ("empty", "filled")
_PERIODS = (
    "today", "yesterday", "tomorrow", "this_week", "last_week", "next_week", "this_month", "last_month",
    "next_month", "this_quarter", "last_quarter", "this_year", "last_year", "past",
)  # fmt: skip
_DATES = (*_PERIODS, "last_days", "next_days", "older_days", "on", "before", "after", "between", *_ANY)
_NUMBERS = ("eq", "ne", "gt", "ge", "lt", "le", "between", *_ANY)
OPS: Mapping[ValueType, tuple[str, ...]] = {
    ValueType.TEXT: ("contains", "lacks", "is", "is_not", "starts", *_ANY),
    ValueType.NUMBER: _NUMBERS,
    ValueType.MONEY: _NUMBERS,
    ValueType.DAY: _DATES,
    ValueType.MOMENT: _DATES,
    ValueType.REF: ("one_of", "none_of", *_ANY),
    ValueType.CHOICE: ("one_of", "none_of", "contains", "lacks", *_ANY),
    ValueType.SEVERAL: ("one_of", "all_of", "none_of", *_ANY),
    ValueType.FLAG: ("yes", "no"),
}
# The complement of a condition, so that what is empty is counted as "not".
NEGATIVE: Mapping[str, str] = {
    "lacks": "contains", "is_not": "is", "ne": "eq", "none_of": "one_of", "filled": "empty",
}  # fmt: skip


def need(op: str) -> Need:
    """What has to be given with a condition."""
    if op in _PERIODS or op in _ANY or op in ("yes", "no"):
        return Need.NOTHING
    if op == "between":
        return Need.TWO
    if op in ("one_of", "all_of", "none_of"):
        return Need.SOME
    return Need.DAYS if op in ("last_days", "next_days", "older_days") else Need.ONE


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition; `field` is a key of `condition_fields` or ``field:<custom field id>``."""

    field: str
    op: str
    value: Value = None


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions and groups that must all hold, or any of them; an empty one lets everything through."""

    parts: tuple[Condition | Group, ...] = ()
    any: bool = False

    def __bool__(self) -> bool:
        """Whether it asks for anything."""
        return any(bool(part) if isinstance(part, Group) else True for part in self.parts)

    def conditions(self) -> Iterator[Condition]:
        """Every condition in it, those of inner groups too."""
        for part in self.parts:
            if isinstance(part, Group):
                yield from part.conditions()
            else:
                yield part

    def without(self, fields: set[str]) -> Group:
        """The same without the conditions on these fields (they are gone)."""
        kept: list[Condition | Group] = []
        for part in self.parts:
            if isinstance(part, Group):
                inner = part.without(fields)
                if inner:
                    kept.append(inner)
            elif part.field not in fields:
                kept.append(part)
        return Group(tuple(kept), self.any)


EVERYTHING = Group()
_DEEPEST = 5


def spec_of(part: Condition | Group) -> dict[str, Any]:
    """As JSON values."""
    if isinstance(part, Group):
        return {"any": part.any, "parts": [spec_of(inner) for inner in part.parts]}
    value = list(part.value) if isinstance(part.value, tuple) else part.value
    return {"field": part.field, "op": part.op, "value": value}


def told_plainly(part: Condition | Group) -> str:
    """Conditions as field, condition and value, in no language."""
    if isinstance(part, Group):
        told = [told_plainly(inner) for inner in part.parts if inner]
        joined = (" or " if part.any else " and ").join(told)
        return f"({joined})" if len(told) > 1 else joined
    value = ", ".join(map(str, part.value)) if isinstance(part.value, tuple) else part.value
    return f"{part.field} {part.op}" + ("" if value is None else f" {value}")


def group_from(spec: object, depth: int = 0) -> Group:
    """The group of `spec_of`; what is not one of ours is left out."""
    if not isinstance(spec, Mapping) or not isinstance(spec.get("parts"), list) or depth > _DEEPEST:
        return EVERYTHING
    parts: list[Condition | Group] = []
    for item in spec["parts"]:
        if isinstance(item, Mapping) and "parts" in item:
            inner = group_from(item, depth + 1)
            if inner:
                parts.append(inner)
        elif isinstance(item, Mapping):
            found = _condition(item)
            if found is not None:
                parts.append(found)
    return Group(tuple(parts), spec.get("any") is True)


def _condition(item: Mapping[Any, Any]) -> Condition | None:
    field, op, value = item.get("field"), item.get("op"), item.get("value")
    if not isinstance(field, str) or not isinstance(op, str):
        return None
    if not any(op in ops for ops in OPS.values()):
        return None
    if isinstance(value, list):
        value = tuple(v for v in value if isinstance(v, str | int | float) or v is None)
    elif not isinstance(value, str | int | float | None):
        return None
    made = Condition(field, op, value)
    return made if complete(made) else None


def complete(condition: Condition) -> bool:
    """Whether everything that the condition needs is given."""
    value, wants = condition.value, need(condition.op)
    if wants is Need.NOTHING:
        return True
    if wants is Need.SOME:
        return isinstance(value, tuple) and bool(value)
    if wants is Need.TWO:
        return isinstance(value, tuple) and len(value) == 2 and any(v is not None for v in value)
    if wants is Need.DAYS:
        return type(value) is int and value >= 0
    return value is not None and not isinstance(value, tuple) and str(value).strip() != ""


def span(op: str, value: Value, today: date) -> tuple[date | None, date | None]:
    """The first and last day that a condition on a day or moment lets through; None = no bound.

    `past` and the ends of calendars are the caller's; ValueError where a day is no day.
    """
    if op in ("on", "before", "after", "between"):
        return _given(op, value)
    if op in ("last_days", "next_days", "older_days"):
        days = timedelta(days=min(int(value) if isinstance(value, int) else 0, 100_000))
        try:
            if op == "next_days":
                return today, today + days
            return (today - days, today) if op == "last_days" else (None, today - days - timedelta(days=1))
        except OverflowError:
            return (None, today) if op == "last_days" else (today, None)
    one = timedelta(days=1)
    if op in ("today", "yesterday", "tomorrow"):
        day = today + {"today": 0, "yesterday": -1, "tomorrow": 1}[op] * one
        return day, day
    which, unit = op.split("_")
    move = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        monday = today - timedelta(days=today.weekday()) + 7 * move * one
        return monday, monday + 6 * one
    months = {"month": 1, "quarter": 3, "year": 12}[unit]
    first = (today.year * 12 + today.month - 1) // months * months + move * months
    return _month(first), _month(first + months) - one


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)


def _given(op: str, value: Value) -> tuple[date | None, date | None]:
    if op == "between":
        low, high = value if isinstance(value, tuple) and len(value) == 2 else (None, None)
        return (
            date.fromisoformat(str(low)) if low is not None else None,
            date.fromisoformat(str(high)) if high is not None else None,
        )
    day = date.fromisoformat(str(value))
    if op == "before":
        return None, day - timedelta(days=1)
    return (day, day) if op == "on" else (day + timedelta(days=1), None)
