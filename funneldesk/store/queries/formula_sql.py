"""Formulas of calculated fields as SQL, so that 100,000 records are filtered and sorted by them at once.

Numbers are floating, money in units, dates are day numbers (`date.toordinal`), yes and no 1 and 0.
What `domain.formula.evaluate` makes an error of is NULL here; a comparison forgives what floats lack
of decimals (`_NEAR`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

import sqlalchemy as sa

from funneldesk.domain.formula import Node
from funneldesk.domain.formula_kinds import COMPARE, comparable, kind_of

Sql = sa.ColumnElement[Any]
_NEAR = 1e-7
_NOTHING = 1e-12
_NUDGE = 1e-13  # 1.005 is kept as 1.00499999999999989
_LARGEST = 1e15
_FIRST_DAY, _LAST_DAY = 1, date.max.toordinal()
_JULIAN = 1721424.5  # the Julian day before the first of January of the year 1


class Piece(NamedTuple):
    """A piece of a formula: what it gives, its value, and when it is an error (None = never)."""

    kind: str
    value: Sql
    bad: Sql | None = None


def whole_days(iso: Sql) -> Sql:
    """An ISO day as a day number."""
    return sa.cast(sa.func.julianday(iso) - _JULIAN, sa.Integer)


def iso_day(number: Sql) -> Sql:
    """A day number as an ISO day."""
    return sa.func.date(number + _JULIAN)


def translate(tree: Node, kinds: Mapping[str, str], fields: Callable[[str], Sql], today: date) -> Piece:
    """A settled tree (`domain.formula_kinds.settled`) as SQL; `fields` gives the value of a key."""
    return _Translator(kinds, fields, today).piece(tree)


def answer(piece: Piece) -> Sql:
    """The value of a whole formula: numbers rounded to the four places that are shown, dates ISO."""
    value = piece.value
    if piece.kind in ("number", "money"):
        limit = sa.func.abs(value) > _LARGEST
        return sa.case(
            (limit if piece.bad is None else sa.or_(limit, piece.bad), None), else_=_rounded(value, 4)
        )
    if piece.kind == "date":
        value = sa.case((value.between(_FIRST_DAY, _LAST_DAY), iso_day(value)))
    return value if piece.bad is None else sa.case((piece.bad, None), else_=value)


class _Translator:
    def __init__(self, kinds: Mapping[str, str], fields: Callable[[str], Sql], today: date) -> None:
        self._kinds = kinds
        self._fields = fields
        self._today = today

    def piece(self, node: Node) -> Piece:
        if node.op == "value":
            return _literal(node.value.value)
        if node.op == "today":
            return Piece("date", sa.literal(self._today.toordinal()))
        if node.op == "field":
            known = self._kinds.get(node.key)
            return Piece("none", sa.null()) if known is None else Piece(known, self._fields(node.key))
        parts = [self.piece(part) for part in node.parts]
        bad = _any([part.bad for part in parts])
        if node.op == "if":
            return self._if(parts)
        if node.op == "empty":
            gone: Sql = parts[0].value.is_(None)
            if parts[0].kind in ("text", "mixed"):
                gone = sa.or_(gone, parts[0].value == "")
            return _truth(gone, bad)
        if node.op in ("and", "or", "not"):
            holds = [_holds(part) for part in parts]
            joined = (
                sa.not_(holds[0]) if node.op == "not" else (sa.and_ if node.op == "and" else sa.or_)(*holds)
            )
            return _truth(joined, bad)
        return self._work(node, parts, bad)

    def _work(self, node: Node, parts: Sequence[Piece], bad: Sql | None) -> Piece:
        kinds = [part.kind for part in parts]
        if "none" in kinds:
            return Piece("none", sa.null(), bad)
        values = [part.value for part in parts]
        if node.op in COMPARE:
            if not comparable(kinds):
                return _mismatch(values, bad)
            return Piece("yes_no", sa.cast(_compared(node.op, kinds, values), sa.Integer), bad)
        kind = kind_of(node, self._kinds)
        if node.op == "days":
            kind = "number" if kinds == ["date", "date"] else "none"
        if kind == "none":
            return _mismatch(values, bad)
        if node.op == "/":
            nothing = sa.func.abs(values[1]) < _NOTHING
            divided = sa.case((nothing, None), else_=values[0] * 1.0 / values[1])
            return Piece(kind, divided, _any([bad, sa.and_(values[0].is_not(None), nothing)]))
        return Piece(kind, _worked(node.op, kinds, values), bad)

    def _if(self, parts: Sequence[Piece]) -> Piece:
        test, yes, no = parts
        holds = _holds(test)
        kind = yes.kind if no.kind in ("none", yes.kind) else no.kind
        one, other = yes.value, no.value
        if yes.kind != no.kind and "none" not in (yes.kind, no.kind):
            kind = "money"
            if not {yes.kind, no.kind} <= {"number", "money"}:
                kind, one, other = "mixed", _as_text(yes), _as_text(no)
        bad: Sql | None = None
        if yes.bad is not None or no.bad is not None:
            nothing = sa.false()
            bad = sa.case(
                (holds, nothing if yes.bad is None else yes.bad), else_=nothing if no.bad is None else no.bad
            )
        return Piece(kind, sa.case((holds, one), else_=other), _any([test.bad, bad]))


def _literal(value: Decimal | date | str | bool | None) -> Piece:
    if isinstance(value, Decimal):
        return Piece("number", sa.literal(float(value)))
    return Piece("text", sa.literal(str(value)))


def _any(tests: Sequence[Sql | None]) -> Sql | None:
    found = [test for test in tests if test is not None]
    return sa.func.coalesce(sa.or_(*found), sa.false()) if found else None


def _truth(test: Sql, bad: Sql | None) -> Piece:
    return Piece("yes_no", sa.case((test, 1), else_=0), bad)


def _mismatch(values: Sequence[Sql], bad: Sql | None) -> Piece:
    """A date times a sum: an error, where both are there."""
    return Piece("none", sa.null(), _any([bad, sa.and_(*[value.is_not(None) for value in values])]))


def _holds(piece: Piece) -> Sql:
    if piece.kind == "none":
        return sa.false()
    if piece.kind == "date":
        return piece.value.is_not(None)
    return sa.func.coalesce(piece.value != ("" if piece.kind in ("text", "mixed") else 0), sa.false())


def _as_text(piece: Piece) -> Sql:
    """As `domain.formula.encode` writes it, without its kind."""
    if piece.kind == "date":
        return iso_day(piece.value)
    if piece.kind == "yes_no":
        return sa.cast(piece.value, sa.Text)
    if piece.kind in ("number", "money"):
        text = sa.func.printf("%.4f", _rounded(piece.value, 4))
        return sa.case((piece.value.is_not(None), sa.func.rtrim(sa.func.rtrim(text, "0"), ".")))
    return piece.value


def _rounded(value: Sql, digits: int) -> Sql:
    return sa.func.round(value + value * _NUDGE, digits)


def _steps(value: Sql, digits: Sql) -> Sql:
    """Rounded to a number of digits that is itself worked out, negative ones to tens and hundreds."""
    whole = sa.cast(digits, sa.Integer)
    nudged = value + value * _NUDGE
    left = [(whole == -n if n < 12 else whole <= -12, sa.func.round(nudged / 10.0**n) * 10.0**n)
            for n in range(1, 13)]  # fmt: skip
    return sa.case((digits.is_(None), None), *left, else_=sa.func.round(nudged, sa.func.min(whole, 12)))


_COMPARE: Mapping[str, Callable[[Sql], Sql]] = {
    "=": lambda d: sa.func.abs(d) < _NEAR,
    "<>": lambda d: sa.func.abs(d) >= _NEAR,
    "<": lambda d: d <= -_NEAR,
    ">": lambda d: d >= _NEAR,
    "<=": lambda d: d < _NEAR,
    ">=": lambda d: d > -_NEAR,
}


def _compared(op: str, kinds: Sequence[str], values: Sequence[Sql]) -> Sql:
    if kinds[0] != "text":
        return _COMPARE[op](values[0] - values[1])
    one, two = sa.func.folded(values[0]), sa.func.folded(values[1])
    return one.op({"<>": "!="}.get(op, op))(two)


def _worked(op: str, kinds: Sequence[str], values: Sequence[Sql]) -> Sql:
    first, last = values[0], values[-1]
    if op in ("+", "-"):
        if kinds[0] == "text":
            return first.concat(last)
        if kinds == ["date", "number"]:
            last = sa.cast(last, sa.Integer)
        return first + last if op == "+" else first - last
    if op == "days":
        return last - first
    if op == "*":
        return first * last
    if op == "neg":
        return -first
    if op == "abs":
        return sa.func.abs(first)
    if op == "round":
        return _steps(first, last) if len(values) > 1 else _rounded(first, 0)
    pick = sa.func.min if op == "min" else sa.func.max
    return reduce(lambda one, other: pick(one, other), values)
