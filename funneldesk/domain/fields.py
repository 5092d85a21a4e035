"""Custom fields and saved views."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum

from funneldesk.domain.money import from_minor


class FieldType(StrEnum):
    """The type of a custom field."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    LINK = "link"
    CALCULATED = "calculated"  # its formula stands in `options`, no value is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomField:
    """A field that people add to a kind of record (`services.fields.KINDS`)."""

    id: int = 0
    version: int = 1
    record_kind: str
    name: str
    type: str = FieldType.TEXT
    options: str | None = None  # JSON list for choices
    position: int = 0
    folded: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomValue:
    """One value of a custom field; `number` holds numbers, money (minor) and dates (days) for sorting."""

    id: int = 0
    version: int = 1
    field_id: int
    record_kind: str
    record_id: int
    value: str
    number: float | None = None


def options_of(options: str | None) -> tuple[str, ...]:
    """The choices of a field as they are kept; none when there are none or they cannot be read."""
    try:
        found = json.loads(options or "[]")
    except ValueError:
        return ()
    return tuple(str(option) for option in found) if isinstance(found, list) else ()


def as_typed(type_: str, value: str, currency: str) -> str:
    """A kept value as a person would type it: money with a point, several choices with semicolons."""
    try:
        if type_ == FieldType.MONEY:
            return format(from_minor(int(value), currency), "f")
        if type_ == FieldType.MULTI_CHOICE:
            return "; ".join(str(part) for part in json.loads(value))
    except (ValueError, TypeError):
        return value  # what does not fit its field stays readable
    return value


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """A named list, board or report: its screen and its settings as JSON."""

    id: int = 0
    version: int = 1
    screen: str
    name: str
    spec: str
    position: int = 0
