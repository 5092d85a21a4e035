"""Conditions as they are typed: `amount >= 1000 and (source = Web, Fair or client_city contains "New ")`.

A condition is a field, an operator and, for most, a value.  Operators are the words of `condition.OPS`
and = != > >= < <= ~ (contains) !~ (lacks).  Several choices are parted by commas, a range is `1..5`,
`1..` or `..5`.  Fields are keys or, of custom ones, names; what has spaces or such words in it is quoted.
`and` binds closer than `or`.  A file holds the same as JSON, in the form of `condition.spec_of`, with
names for records of lists and amounts in whole units.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from funneldesk.domain.condition import OPS, Condition, Group, Need, Value, ValueType, need
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.folding import fold
from funneldesk.domain.money import to_minor
from funneldesk.errors import UserError

_TOKEN = re.compile(
    r"""\s*(?:(?P<quoted>"[^"]*"|'[^']*'|«[^»]*»)|(?P<sign>>=|<=|!=|<>|!~|[=<>~(),])|(?P<word>[^\s()<>=!~,"'«»]+))"""
)
_WORDS = frozenset(op for ops in OPS.values() for op in ops)
_SIGNS = frozenset(("=", "!=", "<>", ">", ">=", "<", "<=", "~", "!~"))
_NUMBER_OPS = {"=": "eq", "!=": "ne", ">": "gt", ">=": "ge", "<": "lt", "<=": "le"}
_TEXT_OPS = {"=": "is", "!=": "is_not", "~": "contains", "!~": "lacks"}
_DAY_OPS = {"=": "on", "<": "before", ">": "after", ">=": "between", "<=": "between"}
_LIST_OPS = {"=": "one_of", "!=": "none_of", "~": "contains", "!~": "lacks"}
_OF_TYPE: Mapping[ValueType, Mapping[str, str]] = {
    ValueType.TEXT: _TEXT_OPS, ValueType.NUMBER: _NUMBER_OPS, ValueType.MONEY: _NUMBER_OPS,
    ValueType.DAY: _DAY_OPS, ValueType.MOMENT: _DAY_OPS, ValueType.REF: _LIST_OPS,
    ValueType.CHOICE: _LIST_OPS, ValueType.SEVERAL: _LIST_OPS, ValueType.FLAG: {},
}  # fmt: skip
_DEEPEST = 5
EXAMPLE = '{"parts": [{"field": "amount", "op": "ge", "value": 1000}]}'


@dataclass(frozen=True, slots=True)
class Written:
    """A condition as it was written: field, operator and values still texts (or plain JSON values)."""

    field: str
    op: str
    values: tuple[Any, ...] = ()


@dataclass(frozen=True, slots=True)
class WrittenGroup:
    """Written conditions that must all hold, or any of them."""

    parts: tuple[Written | WrittenGroup, ...]
    any: bool = False


def parse(text: str) -> WrittenGroup:
    """The structure of what is typed; UserError `condition.syntax` with the place where it breaks."""
    reader = _Reader(text)
    found = reader.either()
    if reader.left():
        raise reader.error()
    return found if isinstance(found, WrittenGroup) else WrittenGroup((found,))


def _tokens(text: str) -> list[tuple[str, str, int]]:
    """(kind, token, place) of everything written."""
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise UserError("condition.syntax", text=text, rest=text[at:].strip())
        kind = str(match.lastgroup)
        token = match.group(kind)
        found.append((kind, token[1:-1] if kind == "quoted" else token, match.start(kind)))
        at = match.end()
    return found


class _Reader:
    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._next = text, _tokens(text), 0

    def error(self) -> UserError:
        at = self._tokens[self._next][2] if self.left() else 0
        return UserError("condition.syntax", text=self._text, rest=self._text[at:] if self.left() else "…")

    def left(self) -> bool:
        return self._next < len(self._tokens)

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._next][:2] if self.left() else ("end", "")

    def _is(self, word: str) -> bool:
        kind, token = self._peek()
        return kind != "quoted" and token.lower() == word

    def either(self, depth: int = 0) -> Written | WrittenGroup:
        return self._joined("or", depth)

    def _joined(self, word: str, depth: int) -> Written | WrittenGroup:
        parts = [self._joined("and", depth) if word == "or" else self._one(depth)]
        while self._is(word):
            self._next += 1
            parts.append(self._joined("and", depth) if word == "or" else self._one(depth))
        return parts[0] if len(parts) == 1 else WrittenGroup(tuple(parts), word == "or")

    def _one(self, depth: int) -> Written | WrittenGroup:
        if self._is("("):
            if depth >= _DEEPEST:
                raise self.error()
            self._next += 1
            inner = self.either(depth + 1)
            if not self._is(")"):
                raise self.error()
            self._next += 1
            return inner
        kind, field = self._peek()
        if kind not in ("word", "quoted"):
            raise self.error()
        self._next += 1
        kind, op = self._peek()
        op = op.lower()
        if not (kind == "sign" and op in _SIGNS) and not (kind == "word" and op in _WORDS):
            raise self.error()
        self._next += 1
        op = "!=" if op == "<>" else op
        if op in _WORDS and need(op) is Need.NOTHING:
            return Written(field, op)
        return Written(field, op, self._values())

    def _values(self) -> tuple[str, ...]:
        values = [self._value()]
        while self._is(","):
            self._next += 1
            values.append(self._value())
        return tuple(values)

    def _value(self) -> str:
        words: list[str] = []
        while self.left() and not (self._is("and") or self._is("or")) and self._peek()[0] != "sign":
            words.append(self._peek()[1])
            self._next += 1
        if not words:
            raise self.error()
        return " ".join(words)


def from_spec(spec: object, depth: int = 0) -> WrittenGroup:
    """The structure of a JSON file of conditions; UserError `condition.spec` where it is none."""
    if not isinstance(spec, Mapping) or not isinstance(spec.get("parts"), list) or depth > _DEEPEST:
        raise UserError("condition.spec", example=EXAMPLE)
    parts: list[Written | WrittenGroup] = []
    for item in spec["parts"]:
        if isinstance(item, Mapping) and "parts" in item:
            parts.append(from_spec(item, depth + 1))
            continue
        field, op = (item.get(key) if isinstance(item, Mapping) else None for key in ("field", "op"))
        if not isinstance(field, str) or not isinstance(op, str):
            raise UserError("condition.spec", example=EXAMPLE)
        value = item.get("value")
        parts.append(Written(field, op, () if value is None else _several(value)))
    return WrittenGroup(tuple(parts), spec.get("any") is True)


def _several(value: object) -> tuple[Any, ...]:
    values = tuple(value) if isinstance(value, list) else (value,)
    if any(isinstance(each, Mapping | list | bool) for each in values):
        raise UserError("condition.spec", example=EXAMPLE)
    return values


def understand(written: WrittenGroup, fields: Sequence[AskField], currency: str) -> Group:
    """The conditions themselves, amounts in minor units of `currency`.

    Raises UserError `filter.unknown` (no such field), `condition.op`, `condition.unreadable`,
    `condition.no_choice`.
    """
    parts = tuple(
        understand(part, fields, currency)
        if isinstance(part, WrittenGroup)
        else _condition(part, _field(part.field, fields), currency)
        for part in written.parts
    )
    return Group(parts, written.any)


def _field(name: str, fields: Sequence[AskField]) -> AskField:
    bare = fold(name.removeprefix("custom:"))
    for field in fields:
        if field.key in (name, f"client_{name}") or (field.name and fold(field.name) == bare):
            return field
    raise UserError("filter.unknown", name=name, known=[field.name or field.key for field in fields])


def _condition(written: Written, field: AskField, currency: str) -> Condition:
    op = _OF_TYPE[field.type].get(written.op, written.op)
    if written.op in ("=", "!=") and written.values == ("",):
        op = "empty" if written.op == "=" else "filled"
    elif field.type is ValueType.FLAG and written.op in ("=", "!=") and len(written.values) == 1:
        said = str(written.values[0])
        op = said if written.op == "=" else {"yes": "no", "no": "yes"}.get(said, said)
    if op not in OPS[field.type]:
        known = sorted({*OPS[field.type], *_OF_TYPE[field.type]})
        raise UserError("condition.op", field=field.name or field.key, op=written.op, known=known)
    return Condition(field.key, op, _value(written, field, op, currency))


def _value(written: Written, field: AskField, op: str, currency: str) -> Value:
    wants, values = need(op), written.values
    if wants is Need.NOTHING:
        return None
    if wants is Need.TWO:
        low, high = _ends(written)
        return tuple(None if end in (None, "") else _single(end, field, currency) for end in (low, high))
    if wants is Need.SOME:
        return tuple(dict.fromkeys(choice for each in values for choice in _choices(each, field)))
    if len(values) != 1:
        # an amount or a word with a comma in it would otherwise lose its second half
        raise UserError("condition.unreadable", value=", ".join(map(str, values)))
    if wants is Need.DAYS:
        text = str(values[0])
        if not text.isdecimal():
            raise UserError("condition.unreadable", value=text)
        return int(text)
    return _single(values[0], field, currency)


def _ends(written: Written) -> tuple[Any, Any]:
    values = written.values
    if written.op in (">=", "<=") and len(values) == 1:
        return (values[0], None) if written.op == ">=" else (None, values[0])
    if len(values) == 2:
        return values[0], values[1]
    low, mark, high = str(values[0]).partition("..") if len(values) == 1 else ("", "", "")
    if not mark or not (low.strip() or high.strip()):
        raise UserError("condition.unreadable", value=", ".join(map(str, values)))
    return low.strip(), high.strip()


def _single(value: Any, field: AskField, currency: str) -> str | int | float:
    text = str(value).strip()
    try:
        if field.type is ValueType.MONEY:
            return to_minor(Decimal(text.replace(" ", "")), currency)
        if field.type is ValueType.NUMBER:
            number = Decimal(text.replace(" ", ""))
            if not number.is_finite():
                raise ValueError(text)
            return float(number)
        if field.type in (ValueType.DAY, ValueType.MOMENT):
            return date.fromisoformat(text).isoformat()
    except (ValueError, InvalidOperation, OverflowError) as error:
        raise UserError("condition.unreadable", value=text) from error
    if not text:
        raise UserError("condition.unreadable", value=text)
    return text


def _choices(value: Any, field: AskField) -> list[int | str]:
    """What of a field's choices is meant: by name or number; of stages in several funnels all of a name."""
    if type(value) is int:
        found: list[int | str] = [key for key, _name in field.options if key == value]
    else:
        wanted = fold(str(value))
        found = [
            key
            for key, name in field.options
            if wanted in (fold(name or str(key)), fold(name.partition(" · ")[0] or str(key)))
        ]
    if found:
        return found
    if field.type is ValueType.REF or any(not name for _key, name in field.options):
        known = [name or str(key) for key, name in field.options]
        raise UserError("condition.no_choice", value=str(value), field=field.name or field.key, known=known)
    return [str(value)]  # nothing has it yet
