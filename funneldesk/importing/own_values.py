"""The values of custom fields of records that are there already: filled, overwritten, or left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from funneldesk.importing.draft import Draft


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
                self._set(place, now, value, number)
                draft.tell(place, key, draft.shown(field, now.value), draft.shown(field, value))
                now.value, now.number = value, number
                changed = True
        return changed

    def _set(self, place: int, now: _Value, value: str, number: float | None) -> None:
        if now.id < 0:
            batch = self._draft.batch("custom_value")
            batch.column("value")[-now.id - 1], batch.column("number")[-now.id - 1] = value, number
            return
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
