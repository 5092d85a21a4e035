"""Formulas of calculated fields: parsed and worked out here, never handed to Python.

    [Amount] * 0.2        if([Amount] > 100000; "A"; "B")        days([Created]; today())

A formula is kept with the keys of fields in braces (`{amount}`, `{field:7}`), so that it holds
when a field gets another name or the program speaks another language.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import NamedTuple

from funneldesk.domain.folding import fold

MOST = 500  # characters of a formula
_DEEPEST = 40
_LARGEST = Decimal(10) ** 15


class Value(NamedTuple):
    """What a formula works with.  `kind` is number, money (in units), date, text, yes_no or none."""

    kind: str
    value: Decimal | date | str | bool | None


NOTHING = Value("none", None)


class FormulaError(Exception):
    """`code` says what is wrong, `what` where: a word of the formula."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code, what)
        self.code = code
        self.what = what


@dataclass(frozen=True, slots=True)
class Node:
    """A piece of a formula: a literal value, a field, or an operation on other pieces."""

    op: str
    value: Value = NOTHING
    key: str = ""
    parts: tuple[Node, ...] = ()


# Names of functions as people of the three languages write them.
_FUNCTIONS = {
    "if": "if", "если": "if", "jeżeli": "if", "jezeli": "if",
    "days": "days", "дней": "days", "дни": "days", "dni": "days",
    "today": "today", "сегодня": "today", "dziś": "today", "dzis": "today",
    "round": "round", "округл": "round", "zaokr": "round",
    "min": "min", "мин": "min", "max": "max", "макс": "max", "maks": "max",
    "abs": "abs", "empty": "empty", "пусто": "empty", "puste": "empty",
    "and": "and", "и": "and", "i": "and", "oraz": "and", "or": "or", "или": "or", "lub": "or",
    "not": "not", "не": "not", "nie": "not",
}  # fmt: skip
_ARGUMENTS = {"if": (3, 3), "days": (2, 2), "today": (0, 0), "round": (1, 2), "min": (1, 9), "max": (1, 9),
              "abs": (1, 1), "empty": (1, 1), "and": (1, 9), "or": (1, 9), "not": (1, 1)}  # fmt: skip
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+(?:[.,]\d+)?)|(?P<field>\{[^{}]*\}|\[[^\[\]]*\])|(?P<text>"[^"]*")"""
    r"""|(?P<word>[^\W\d]\w*)|(?P<op><=|>=|<>|!=|[-+*/()=<>;,%]))"""
)
_LEVELS: tuple[tuple[str, ...], ...] = (("=", "<>", "!=", "<", ">", "<=", ">="), ("+", "-"), ("*", "/"))


def parse(text: str, keys: Mapping[str, str] | None = None) -> Node:
    """The formula as a tree.  `keys` maps folded names of fields to their keys for `[Name]`.

    Raises FormulaError: empty, long, sign, end, field, function, arguments, deep.
    """
    if not text.strip():
        raise FormulaError("empty")
    if len(text) > MOST:
        raise FormulaError("long", str(MOST))
    reader = _Reader(_tokens(text), keys or {})
    tree = reader.level(0, 0)
    if reader.kind() != "end":
        raise FormulaError("sign", reader.word())
    return tree


def _tokens(text: str) -> list[tuple[str, str]]:
    found, place = [], 0
    rest = text.rstrip()
    while place < len(rest):
        hit = _TOKEN.match(rest, place)
        if hit is None:
            raise FormulaError("sign", rest[place:].strip()[:12])
        kind = str(hit.lastgroup)
        found.append((kind, hit.group(kind)))
        place = hit.end()
    return found


class _Reader:
    def __init__(self, tokens: Sequence[tuple[str, str]], keys: Mapping[str, str]) -> None:
        self._tokens = tokens
        self._keys = keys
        self._at = 0

    def kind(self) -> str:
        return self._tokens[self._at][0] if self._at < len(self._tokens) else "end"

    def word(self) -> str:
        return self._tokens[self._at][1] if self._at < len(self._tokens) else ""

    def _take(self, op: str) -> bool:
        if self.kind() == "op" and self.word() == op:
            self._at += 1
            return True
        return False

    def _need(self, op: str) -> None:
        if not self._take(op):
            raise FormulaError("end" if self.kind() == "end" else "sign", self.word() or op)

    def level(self, number: int, depth: int) -> Node:
        """Comparisons, then sums, then products, then single things."""
        if depth > _DEEPEST:
            raise FormulaError("deep")
        if number == len(_LEVELS):
            return self._single(depth)
        left = self.level(number + 1, depth)
        while self.kind() == "op" and self.word() in _LEVELS[number]:
            op = self.word()
            self._at += 1
            left = Node("<>" if op == "!=" else op, parts=(left, self.level(number + 1, depth)))
        return left

    def _single(self, depth: int) -> Node:
        kind, word = self.kind(), self.word()
        if kind == "end":
            raise FormulaError("end")
        self._at += 1
        if kind == "number":
            node = Node("value", _made("number", Decimal(word.replace(",", "."))))
            return Node("/", parts=(node, _HUNDRED)) if self._take("%") else node
        if kind == "text":
            return Node("value", Value("text", word[1:-1]))
        if kind == "field":
            return Node("field", key=self._key(word))
        if kind == "word":
            return self._call(word, depth)
        if word == "-":
            return Node("neg", parts=(self.level(len(_LEVELS), depth + 1),))
        if word == "(":
            inner = self.level(0, depth + 1)
            self._need(")")
            return inner
        raise FormulaError("sign", word)

    def _key(self, word: str) -> str:
        name = word[1:-1].strip()
        if word[0] == "{":
            return name
        key = self._keys.get(" ".join(name.casefold().split()))
        if key is None:
            raise FormulaError("field", name)
        return key

    def _call(self, word: str, depth: int) -> Node:
        name = _FUNCTIONS.get(word.casefold())
        if name is None:
            raise FormulaError("field" if word.casefold() in self._keys else "function", word)
        parts: list[Node] = []
        self._need("(")
        if not self._take(")"):
            parts.append(self.level(0, depth + 1))
            while self._take(";") or self._take(","):
                parts.append(self.level(0, depth + 1))
            self._need(")")
        least, most = _ARGUMENTS[name]
        if not least <= len(parts) <= most:
            raise FormulaError("arguments", word)
        return Node(name, parts=tuple(parts))


_HUNDRED = Node("value", Value("number", Decimal(100)))


def fields_of(node: Node) -> set[str]:
    """The keys of all fields a formula uses."""
    found = {node.key} if node.op == "field" else set()
    for part in node.parts:
        found |= fields_of(part)
    return found


def evaluate(node: Node, values: Mapping[str, Value], today: date) -> Value:
    """The value of a formula; with something it needs empty, nothing.

    Raises FormulaError: zero (division), kinds (a date times a sum), large.
    """
    if node.op == "value":
        return node.value
    if node.op == "field":
        return values.get(node.key, NOTHING)
    if node.op == "today":
        return Value("date", today)
    if node.op == "if":
        chosen = evaluate(node.parts[0], values, today)
        return evaluate(node.parts[1 if _true(chosen) else 2], values, today)
    found = [evaluate(part, values, today) for part in node.parts]
    if node.op == "empty":
        return Value("yes_no", found[0].value in (None, ""))
    if node.op in ("and", "or", "not"):
        truths = [_true(value) for value in found]
        answer = {"and": all(truths), "or": any(truths), "not": not truths[0]}[node.op]
        return Value("yes_no", answer)
    if any(value.kind == "none" for value in found):
        return NOTHING
    return _WORK[node.op](found)


def _true(value: Value) -> bool:
    return bool(value.value)


def _number(value: Value) -> Decimal:
    if value.kind in ("number", "money") and isinstance(value.value, Decimal):
        return value.value
    if value.kind == "yes_no":
        return Decimal(int(bool(value.value)))
    raise FormulaError("kinds")


def _kind(value: Value) -> str:
    return "money" if value.kind == "money" else "number"


def _made(kind: str, number: Decimal) -> Value:
    if abs(number) > _LARGEST:
        raise FormulaError("large")
    return Value(kind, number)


def _add(found: Sequence[Value], sign: int = 1) -> Value:
    a, b = found
    if isinstance(a.value, date) and b.kind == "number":
        return Value("date", _shifted(a.value, sign * int(_number(b))))
    if isinstance(a.value, date) and isinstance(b.value, date) and sign < 0:
        return Value("number", Decimal((a.value - b.value).days))
    if a.kind == b.kind == "text" and sign > 0:
        return Value("text", f"{a.value}{b.value}")
    kind = "money" if "money" in (a.kind, b.kind) else "number"
    return _made(kind, _number(a) + sign * _number(b))


def _shifted(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError as error:
        raise FormulaError("large") from error


def _times(found: Sequence[Value]) -> Value:
    a, b = found
    return _made("money" if "money" in (a.kind, b.kind) else "number", _number(a) * _number(b))


def _over(found: Sequence[Value]) -> Value:
    a, b = found
    top, bottom = _number(a), _number(b)
    if not bottom:
        raise FormulaError("zero")
    kind = "money" if a.kind == "money" and b.kind != "money" else "number"
    return _made(kind, top / bottom)


def _compare(test: Callable[[int], bool]) -> Callable[[Sequence[Value]], Value]:
    def work(found: Sequence[Value]) -> Value:
        a, b = found
        if isinstance(a.value, date) and isinstance(b.value, date):
            order = (a.value > b.value) - (a.value < b.value)
        elif a.kind == b.kind == "text":
            one, two = fold(str(a.value)), fold(str(b.value))
            order = (one > two) - (one < two)
        else:
            first, second = _number(a), _number(b)
            order = (first > second) - (first < second)
        return Value("yes_no", test(order))

    return work


def _days(found: Sequence[Value]) -> Value:
    a, b = found
    if not isinstance(a.value, date) or not isinstance(b.value, date):
        raise FormulaError("kinds")
    return Value("number", Decimal((b.value - a.value).days))


def _round(found: Sequence[Value]) -> Value:
    """Half up, as people and spreadsheets round; digits from -12 (to thousands of millions) to 12."""
    digits = int(_number(found[1])) if len(found) > 1 else 0
    step = Decimal(1).scaleb(-max(-12, min(digits, 12)))
    try:
        rounded = (_number(found[0]) / step).to_integral_value(ROUND_HALF_UP) * step
    except InvalidOperation as error:
        raise FormulaError("large") from error
    return Value(_kind(found[0]), rounded)


def _extreme(pick: Callable[..., Value]) -> Callable[[Sequence[Value]], Value]:
    def work(found: Sequence[Value]) -> Value:
        if all(isinstance(value.value, date) for value in found):
            return pick(found, key=lambda value: value.value)
        return pick(found, key=_number)

    return work


_WORK: dict[str, Callable[[Sequence[Value]], Value]] = {
    "+": _add,
    "-": lambda found: _add(found, -1),
    "*": _times,
    "/": _over,
    "neg": lambda found: _made(_kind(found[0]), -_number(found[0])),
    "=": _compare(lambda order: order == 0),
    "<>": _compare(lambda order: order != 0),
    "<": _compare(lambda order: order < 0),
    ">": _compare(lambda order: order > 0),
    "<=": _compare(lambda order: order <= 0),
    ">=": _compare(lambda order: order >= 0),
    "days": _days,
    "round": _round,
    "min": _extreme(min),
    "max": _extreme(max),
    "abs": lambda found: Value(_kind(found[0]), abs(_number(found[0]))),
}


def kept(text: str, keys: Mapping[str, str]) -> str:
    """A typed formula with `[Name]` turned into `{key}`; raises FormulaError when it cannot be read."""
    parse(text, keys)

    def turned(hit: re.Match[str]) -> str:
        name = " ".join(hit.group(1).casefold().split())
        return f"{{{keys[name]}}}" if name in keys else hit.group(0)

    return re.sub(r"\[([^\[\]]*)\]", turned, text.strip())


def shown(formula: str, names: Mapping[str, str]) -> str:
    """A kept formula with the names of fields as they are called now."""
    return re.sub(r"\{([^{}]*)\}", lambda hit: f"[{names.get(hit.group(1), '?')}]", formula)


# The form in which a value is handed to a screen ---------------------------------------


def encode(value: Value) -> str:
    """A value as text with its kind in front ("number:12.5"); nothing is empty."""
    if value.kind == "none":
        return ""
    if isinstance(value.value, date):
        return f"date:{value.value.isoformat()}"
    if isinstance(value.value, bool):
        return f"yes_no:{int(value.value)}"
    if isinstance(value.value, Decimal):
        return f"{value.kind}:{format(round(value.value, 6).normalize(), 'f')}"
    return f"text:{value.value}"


def decode(text: str) -> tuple[str, str]:
    """Kind and text of what `encode` made; an error has the kind error."""
    kind, _mark, rest = text.partition(":")
    return kind, rest
