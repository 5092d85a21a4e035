"""The type of a custom field changed afterwards, after a look at what would not convert."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from funneldesk.domain.change import Change, Label
from funneldesk.domain.fields import CustomField, CustomValue, FieldType, as_typed
from funneldesk.domain.folding import fold
from funneldesk.domain.naming import checked_choices
from funneldesk.errors import UserError
from funneldesk.importing.custom import kept_values
from funneldesk.services.bulk import put_values
from funneldesk.services.fields import rename_field
from funneldesk.store import tables as t
from funneldesk.store.database import Database, read_info
from funneldesk.store.transaction import Actor, Transaction, select_records

Kept = tuple[str, float | None]
EXAMPLES = 5
_MOST_CHOICES = 200  # that are made of the values there are
_LISTS = (FieldType.CHOICE, FieldType.MULTI_CHOICE)
_YES = frozenset({"1", "true", "yes", "y", "да", "tak", "+", "x"})
_NO = frozenset({"0", "false", "no", "n", "нет", "nie", "-"})
# Words that a yes or no becomes in a text; whoever has words gives others.
WORDS: Mapping[str, str] = {"1": "1", "0": "0"}


@dataclass(frozen=True, slots=True)
class Conversion:
    """What a change of type does to the values of a field."""

    total: int
    lost: int
    examples: tuple[str, ...]  # of values that do not convert, as they are read now
    options: tuple[str, ...] = ()  # the choices afterwards


def preview(
    db: Database,
    field_id: int,
    type_: FieldType,
    options: Sequence[str] = (),
    words: Mapping[str, str] = WORDS,
) -> Conversion:
    """What `change` would do to the values.  Raises `record.gone`."""
    with db.read() as conn:
        info = read_info(conn)
        found = select_records(conn, CustomField, t.custom_fields.c.id == field_id)
        if not found:
            raise UserError("record.gone", kind="custom_field", id=field_id)
        values = select_records(conn, CustomValue, t.custom_values.c.field_id == field_id)
    texts = _texts(found[0], values, info.currency, words)
    kept, choices = _converted(texts, type_, options, info.zone, info.currency)
    lost = [text for text, value in zip(texts, kept, strict=True) if value is None]
    return Conversion(len(values), len(lost), tuple(dict.fromkeys(lost))[:EXAMPLES], tuple(choices))


def change(
    db: Database,
    field_id: int,
    name: str,
    type_: FieldType,
    options: Sequence[str] = (),
    words: Mapping[str, str] = WORDS,
    *,
    actor: Actor | None = None,
) -> Change:
    """Give a field another name, type and choices at once.

    Values that do not convert are taken away (undo brings them back); choices not given are made of the
    values there are.  Raises `name.empty`, `name.long`, `name.taken`, `field.no_options`,
    `field.calculated`, `record.gone`.
    """
    with db.transaction(Label("field.changed"), actor=actor) as tx:
        field = tx.get(CustomField, field_id)
        rename_field(tx, field, name)
        if type_ in _LISTS:
            options = checked_choices(
                options, json.loads(field.options or "[]") if field.type in _LISTS else ()
            )
        if type_ != field.type:
            tx.label = Label("field.retyped", {"name": name.strip()})
            _retype(tx, field, type_, options, words)
        else:
            tx.label = Label("field.changed", {"name": name.strip()})
            if type_ in _LISTS:
                tx.update(CustomField, field_id, options=_written(options))
    return tx.change


def _retype(
    tx: Transaction, field: CustomField, type_: FieldType, options: Sequence[str], words: Mapping[str, str]
) -> None:
    if FieldType.CALCULATED in (field.type, type_):
        raise UserError("field.calculated", name=field.name)
    info = read_info(tx.conn)
    values = tx.all(CustomValue, field_id=field.id)
    texts = _texts(field, values, info.currency, words)
    kept, choices = _converted(texts, type_, options, info.zone, info.currency)
    put_values(tx, field, {v.record_id: k for v, k in zip(values, kept, strict=True)})
    tx.update(CustomField, field.id, type=str(type_), options=_written(choices) if type_ in _LISTS else None)


def _written(options: Sequence[str]) -> str:
    """Choices as they are kept; a list without any is refused."""
    kept = list(dict.fromkeys(o.strip() for o in options if o.strip()))
    if not kept:
        raise UserError("field.no_options")
    return json.dumps(kept, ensure_ascii=False)


def _texts(
    field: CustomField, values: Sequence[CustomValue], currency: str, words: Mapping[str, str]
) -> list[str]:
    return [_text(field.type, value.value, currency, words) for value in values]


def _text(type_: str, value: str, currency: str, words: Mapping[str, str]) -> str:
    """A kept value as a person would have typed it."""
    return words.get(value, value) if type_ == FieldType.YES_NO else as_typed(type_, value, currency)


def _converted(
    texts: Sequence[str], type_: FieldType, options: Sequence[str], zone: ZoneInfo, currency: str
) -> tuple[list[Kept | None], list[str]]:
    """The kept values by place, None where a text does not convert, and the choices."""
    if type_ in _LISTS:
        several = type_ == FieldType.MULTI_CHOICE
        wanted = [_parts(text) if several else [text] for text in texts]
        choices = [o.strip() for o in options if o.strip()]
        if not choices:
            choices = list(dict.fromkeys(part for parts in wanted for part in parts))[:_MOST_CHOICES]
        known = {fold(choice): choice for choice in choices}
        return [_chosen(parts, known, several) for parts in wanted], choices
    if type_ == FieldType.YES_NO:
        return [_yes_no(text) for text in texts], []
    kept, bad = kept_values(list(texts), type_, zone, currency)
    return [None if place in bad else value for place, value in enumerate(kept)], []


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(",", ";").split(";") if part.strip()]


def _chosen(parts: Sequence[str], known: Mapping[str, str], several: bool) -> Kept | None:
    found = [known.get(fold(part)) for part in parts]
    if not found or None in found:
        return None
    return (json.dumps(found, ensure_ascii=False) if several else str(found[0])), None


def _yes_no(text: str) -> Kept | None:
    word = fold(text)
    if word in _YES:
        return "1", 1.0
    return ("0", 0.0) if word in _NO else None
