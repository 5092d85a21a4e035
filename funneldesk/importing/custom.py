"""The values of custom fields in the form in which they are kept, by the type of the field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from funneldesk.domain.fields import FieldType
from funneldesk.domain.folding import fold
from funneldesk.domain.money import to_minor
from funneldesk.errors import UserError
from funneldesk.importing import choices
from funneldesk.importing.choices import Kept, Options
from funneldesk.importing.fields import CUSTOM, CUSTOM_RECORD, Role
from funneldesk.importing.parsing import Bad, parse

if TYPE_CHECKING:
    from funneldesk.importing.matching import BaseIndex, OwnField
    from funneldesk.importing.plan import Request
    from funneldesk.importing.table import Values

_FIRST = 5  # values that are shown of a column
CHOICES = (FieldType.CHOICE, FieldType.MULTI_CHOICE)
_PLAIN = re.compile(r"-?(?:0|[1-9]\d{0,8})(?:[.,]\d+)?")
# a sum as people write it, with blanks between thousands and perhaps a sign of money
_GROUPED = re.compile(r"-?(?:0|[1-9]\d{0,2}(?:[ \u00a0\u202f]\d{3})*|[1-9]\d{0,8})(?:[.,]\d+)? ?(\D{0,4})")
_LINK = re.compile(r"(?:https?://|www\.)\S+$", re.I)
_YES_NO = re.compile("yes|no|true|false|да|нет|tak|nie")
_YES = frozenset({"1", "true", "yes", "y", "да", "tak", "x", "+"})
_NO = frozenset({"0", "false", "no", "n", "нет", "nie", "-"})


@dataclass(frozen=True, slots=True)
class Guess:
    """What a new field of a column would be: its type, its options or the first values."""

    type: FieldType
    values: tuple[str, ...]


@dataclass(slots=True)
class OwnColumn:
    """A column that goes to a custom field; `known` is that of the base, None = it will be made."""

    key: str
    name: str
    type: str
    known: OwnField | None
    texts: list[str | None]
    options: Options | None  # of a choice


@dataclass(frozen=True, slots=True)
class FreshField:
    """A custom field that would be made: its options or first values, how many different ones there
    are, and how many rows have a value that does not fit the type.
    """

    key: str
    name: str
    type: str
    values: tuple[str, ...]
    different: int
    misfits: int


def fresh_fields(columns: Sequence[OwnColumn], zone: ZoneInfo, currency: str) -> tuple[FreshField, ...]:
    """The fields of a file that the base does not have."""
    out = []
    for column in columns:
        if column.known is None:
            texts = [text for text in column.texts if text]
            different = dict.fromkeys(texts)
            shown = tuple(column.options.made.values() if column.options else list(different)[:_FIRST])
            bad = 0 if column.options else len(kept_values(texts, column.type, zone, currency)[1])
            out.append(FreshField(column.key, column.name, column.type, shown, len(different), bad))
    return tuple(out)


def own_columns(values: Values, index: BaseIndex, request: Request) -> list[OwnColumn]:
    """The columns that go to custom fields, read by what a person decided or the cells look like.

    Raises UserError `import.too_many_options`.
    """
    record = CUSTOM_RECORD.get(request.kind)
    if record is None:
        return []
    out = []
    for key, texts in values.fields.items():
        if not key.startswith(CUSTOM):
            continue
        name = key[len(CUSTOM) :].strip()
        known = index.custom.get((record, fold(name)))
        words = values.words.get(key, {})
        type_ = known.type if known else values.types.get(key) or _guessed(values, key, index)
        options = None
        if type_ in CHOICES:
            options = Options(
                known.options if known else (),
                Counter(text for text in texts if text),
                several=type_ == FieldType.MULTI_CHOICE,
                words=words,
                unknown=request.unknown,
                fresh=known is None,
            )
            if len(options.made) > choices.MOST:
                raise UserError("import.too_many_options", name=name, count=len(options.made))
        elif words:
            texts = [text if text is None else words.get(fold(text), text) or None for text in texts]
        out.append(OwnColumn(key, name, str(type_), known, texts, options))
    return out


def _guessed(values: Values, key: str, index: BaseIndex) -> FieldType:
    found = values.guessed.get(key)
    if found is None:
        found = values.guessed[key] = guess(values.fields[key], index.zone, index.currency)
    return found.type


def kept_values(
    texts: Sequence[str | None], kind: str, zone: ZoneInfo, currency: str
) -> tuple[list[Kept | None], dict[int, Bad]]:
    """A column as kept values by place, and what could not be read.

    Numbers with a point, money in minor units of `currency`, dates ISO with their day number,
    yes/no as 1 or 0, everything else as it is.
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
        answers = [None if text is None else _yes_no(text) for text in texts]
        return (
            [None if isinstance(answer, Bad) else answer for answer in answers],
            {place: answer for place, answer in enumerate(answers) if isinstance(answer, Bad)},
        )
    return [None if t is None else (t, None) for t in texts], {}


def chosen_values(texts: Sequence[str | None], options: Options) -> tuple[list[Kept | None], dict[int, Bad]]:
    """As `kept_values`, for a column of choices: several as a JSON list."""
    memo: dict[str, Kept | Bad | None] = {text: options.kept(text) for text in set(texts) if text}
    kept: list[Kept | None] = []
    bad: dict[int, Bad] = {}
    for place, text in enumerate(texts):
        found = memo[text] if text else None
        if isinstance(found, Bad):
            bad[place], found = found, None
        kept.append(found)
    return kept, bad


def guess(texts: Sequence[str | None], zone: ZoneInfo, currency: str) -> Guess:
    """The type of a new field and its options, or the first values of any other."""
    counted = Counter(text.strip() for text in texts if text and text.strip())
    type_ = guess_type(list(counted), zone, currency)
    if type_ is FieldType.TEXT:
        several = choices.guess(counted)
        if several is not None:
            kind = FieldType.MULTI_CHOICE if several[0] else FieldType.CHOICE
            return Guess(kind, tuple(several[1]))
    return Guess(type_, tuple(counted)[:_FIRST])


def guess_type(texts: Sequence[str | None], zone: ZoneInfo, currency: str) -> FieldType:
    """The type of a new field by its values alone: only what every filled cell fits, else text.

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
    grouped = [_GROUPED.fullmatch(text) for text in filled]
    if all(grouped):
        return _sum_type(filled, {found[1] for found in grouped if found}, zone, currency)
    if all(any(sign.isdigit() for sign in text) and len(text) < 30 for text in set(filled)):
        read = parse(list(filled), Role.DATE, zone=zone)
        if not read.bad and read.question is None and all(read.values):
            return FieldType.DATE
    return FieldType.TEXT


def _sum_type(texts: list[str], signs: set[str], zone: ZoneInfo, currency: str) -> FieldType:
    """Numbers with blanks inside; money when every one has the sign of the currency of the base."""
    read = parse(list(texts), Role.AMOUNT, zone=zone)
    if read.bad or read.question is not None:
        return FieldType.TEXT
    if signs == {""}:
        return FieldType.NUMBER
    return FieldType.MONEY if {value[1] for value in read.values} == {currency} else FieldType.TEXT


def _yes_no(text: str) -> Kept | Bad:
    word = fold(text)
    if word in _YES:
        return "1", 1.0
    return ("0", 0.0) if word in _NO else Bad("import.bad_yes_no", text)
