"""Values of custom fields for records that are there already; the fields and options made for values."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from funneldesk.importing.draft import Draft
from funneldesk.importing.plan import Batch


@dataclass(slots=True)
class _Value:
    id: int  # of the base, or the reference of one that this import makes
    value: str
    number: float | None


class OwnValues:
    """What rows add to the custom values of records of one kind."""

    def __init__(self, draft: Draft, kind: str, ids: Iterable[int]) -> None:
        self._draft, self._kind = draft, kind
        self._now: dict[tuple[int, int], _Value] = {}  # (record, field) -> its value
        self._seen = 0
        if draft.custom:
            for row in draft.index.fetch("custom_value", "record_id", ids):
                if row["record_kind"] == kind:
                    found = _Value(row["id"], row["value"], row["number"])
                    self._now[row["record_id"], row["field_id"]] = found

    def merge(self, place: int, record: int) -> bool:
        """What a row says of a record that is there, or that a row above makes; whether it changes."""
        draft, changed = self._draft, False
        if record < 0:
            self._look()
        for field, value, number in draft.custom_values(place):
            key, now = draft.custom[field].key, self._now.get((record, field))
            if now is None:
                made = draft.batch("custom_value").add(field, self._kind, record, value, number)
                self._now[record, field] = _Value(made, value, number)
                draft.tell(place, key, None, draft.shown(field, value))
                changed = True
            elif now.value != value and draft.overwrite():
                self._set(place, field, now, value, number)
                draft.tell(place, key, draft.shown(field, now.value), draft.shown(field, value))
                now.value, now.number = value, number
                changed = True
        return changed

    def _set(self, place: int, field: int, now: _Value, value: str, number: float | None) -> None:
        if now.id < 0:
            batch = self._draft.batch("custom_value")
            batch.column("value")[-now.id - 1], batch.column("number")[-now.id - 1] = value, number
            return
        self._draft.field_of_value[now.id] = field
        for column, old, new in (("value", now.value, value), ("number", now.number, number)):
            self._draft.change(place, "custom_value", now.id, column, old, new, told=False)

    def _look(self) -> None:
        """The values that rows above have made; each is looked at once."""
        batch = self._draft.batch("custom_value")
        columns = [column[self._seen :] for column in batch.data]
        rows = zip(*columns, strict=True)
        for place, (field, kind, record, value, number) in enumerate(rows, self._seen):
            if kind == self._kind and record < 0:
                self._now[record, field] = _Value(-place - 1, value, number)
        self._seen = len(batch)


def settle_fields(draft: Draft) -> None:
    """Give fields the options that are needed, and make no new field that is not: both for values
    that are written or wait, not for those of rows left out or of fields that stay as they are.
    """
    if not draft.custom:
        return
    needed = _needed(draft)
    for ref, column in draft.custom.items():
        made = column.options.used(needed[ref]) if column.options and column.options.made else []
        if not made:
            continue
        if column.known is None:
            options = draft.batch("custom_field").column("options")
            options[-ref - 1] = json.dumps(made, ensure_ascii=False)
        else:
            now = list(column.known.options)
            both = json.dumps([*now, *made], ensure_ascii=False)
            draft.change(0, "custom_field", ref, "options", now, both, told=False)
            draft.plan.options[column.name] = made
    _make_only(draft, [ref for ref in draft.custom if ref < 0 and needed[ref]])


def _needed(draft: Draft) -> dict[int, set[str]]:
    """The values that each field will hold of this import."""
    found: dict[int, set[str]] = {ref: set() for ref in draft.custom}
    batch = draft.plan.made.get("custom_value")
    if batch is not None:
        for field, value in zip(batch.column("field_id"), batch.column("value"), strict=True):
            found[field].add(value)
    for number, changed in draft.plan.changes.get("custom_value", {}).items():
        found[draft.field_of_value[number]].add(changed["value"][1])
    for wait in draft.plan.waits:
        for field, value, _number in draft.custom_values(wait.place):
            found[field].add(value)
    return found


def _make_only(draft: Draft, kept: list[int]) -> None:
    """Of the new fields make those of the references `kept`, which change by it."""
    batch = draft.plan.made.get("custom_field")
    if batch is None or len(batch) == len(kept):
        return
    less = Batch(batch.columns)
    turned = {ref: less.add(*(column[-ref - 1] for column in batch.data)) for ref in kept}
    draft.plan.made["custom_field"] = less
    values = draft.plan.made.get("custom_value")
    if values is not None:
        fields = values.column("field_id")
        fields[:] = [turned.get(field, field) for field in fields]
