"""The values that deals have in a field of one's own, for reports that group by it."""

from __future__ import annotations

import json

import sqlalchemy as sa

from funneldesk.domain.facts import OwnValues
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.folding import fold
from funneldesk.store import tables as t
from funneldesk.store.transaction import equal_records

_FEW_VALUED = (FieldType.TEXT, FieldType.CHOICE, FieldType.MULTI_CHOICE, FieldType.YES_NO)
_value = t.custom_values.c
_OF_FIELD = sa.select(_value.record_id, _value.value).where(_value.field_id == sa.bindparam("field"))


def groupable(conn: sa.Connection) -> list[CustomField]:
    """The own fields of deals by which deals can be grouped: texts, lists, yes or no."""
    every = equal_records(conn, CustomField, order="position", record_kind="deal")
    return [field for field in every if field.type in _FEW_VALUED]


def own_values(conn: sa.Connection, name: str) -> OwnValues | None:
    """By deal what it has in the field called `name`; None where no such field can be grouped by."""
    field = next((each for each in groupable(conn) if each.folded == fold(name)), None)
    if field is None:
        return None
    found = dict(map(tuple, conn.execute(_OF_FIELD, {"field": field.id}).cursor.fetchall()))
    if field.type == FieldType.MULTI_CHOICE:
        found = {deal: _listed(value) for deal, value in found.items()}
    return OwnValues(field.type == FieldType.YES_NO, {deal: value for deal, value in found.items() if value})


def _listed(value: str) -> str:
    """Several choices as one value: a deal counts once, under all it has together."""
    try:
        return ", ".join(map(str, json.loads(value)))
    except (ValueError, TypeError):
        return value
