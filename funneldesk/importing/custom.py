"""The values of custom fields in the form in which they are kept, by the type of the field."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from funneldesk.domain.fields import FieldType
from funneldesk.domain.folding import fold
from funneldesk.domain.money import to_minor
from funneldesk.importing.fields import Role
from funneldesk.importing.parsing import Bad, parse

Kept = tuple[str, float | None]  # the value and its number for sorting
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:[.,]\d+)?")
_LINK = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_YES_NO = re.compile("yes|no|true|false|да|нет|tak|nie")
_YES = frozenset({"1", "true", "yes", "y", "да", "tak", "x", "+"})


def kept_values(
    texts: Sequence[str | None], kind: str, zone: ZoneInfo, currency: str
) -> tuple[list[Kept | None], dict[int, Bad]]:
    """A column as kept values by place, and what could not be read.

    Numbers with a point, money in minor units of `currency`, dates ISO with their day number,
    yes/no as 1 or 0, several choices as a JSON list, everything else as it is.
    """
    if kind in (FieldType.NUMBER, FieldType.MONEY):
        read = parse(list(texts), Role.AMOUNT, zone=zone)
        found: list[Kept | None] = []
        for value in read.values:
            if value is None:
                found.append(None)
            elif kind == FieldType.MONEY:
                minor = to_minor(value[0], currency)
                found.append((str(minor), float(minor)))
            else:
                found.append((f"{float(value[0]):.15g}", float(value[0])))
        return found, dict(read.bad)
    if kind == FieldType.DATE:
        read = parse(list(texts), Role.DATE, zone=zone)
        days = [None if v is None else (v, float(date.fromisoformat(v).toordinal())) for v in read.values]
        return list(days), dict(read.bad)
    if kind == FieldType.YES_NO:
        return [None if t is None else _yes_no(t) for t in texts], {}
    if kind == FieldType.MULTI_CHOICE:
        return [None if t is None else (_several(t), None) for t in texts], {}
    return [None if t is None else (t, None) for t in texts], {}


def guess_type(texts: Sequence[str | None], zone: ZoneInfo) -> FieldType:
    """The type of a new field: only what every filled cell fits, else text.

    A number that begins with a zero or is long is a code, and stays text.
    """
    filled = [text.strip() for text in texts if text and text.strip()]
    if not filled:
        return FieldType.TEXT
    if all(_YES_NO.fullmatch(fold(text)) for text in set(filled)):
        return FieldType.YES_NO
    if all(_LINK.match(text) for text in filled):
        return FieldType.LINK
    if all(_PLAIN.fullmatch(text) for text in filled):
        return FieldType.NUMBER
    if all(any(sign.isdigit() for sign in text) and len(text) < 30 for text in set(filled)):
        read = parse(list(filled), Role.DATE, zone=zone)
        if not read.bad and read.question is None and all(read.values):
            return FieldType.DATE
    return FieldType.TEXT


def _several(text: str) -> str:
    """Several choices with semicolons or on lines of their own, as a JSON list."""
    parts = [part.strip() for part in text.replace("\n", ";").split(";") if part.strip()]
    return json.dumps(parts, ensure_ascii=False)


def _yes_no(text: str) -> Kept:
    yes = fold(text) in _YES
    return ("1" if yes else "0"), float(yes)
