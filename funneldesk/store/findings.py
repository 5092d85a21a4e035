"""What in the records of a base disagrees: kept columns, hanging pointers, numbers of values, counters.

Each function tells what stands wrong and what should stand there; `check` reports it, `repair` writes it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Op
from funneldesk.domain.fields import FieldType
from funneldesk.store import tables as t
from funneldesk.store.derive import derive
from funneldesk.store.references import Pointer, pointers

# kind -> the columns that others are kept from, and those that are kept
_KEPT_FROM = {
    "company": (("name",), ("name_key", "sort_key")),
    "person": (("name",), ("name_key", "sort_key")),
    "deal": (("title",), ("sort_key",)),
    "invoice": (("number",), ("number_key",)),
    "contact_point": (("kind", "value"), ("key",)),
    **dict.fromkeys(("manager", "source", "product", "loss_reason", "stage", "custom_field"),
                    (("name",), ("folded",))),
}  # fmt: skip
# What is said of a record by its kind and id and goes with it.
HANGING = ("custom_value", "file", "not_double")


def wrong_keys(conn: sa.Connection) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """(kind, id, right values) of records whose keys do not follow from their names."""
    for kind, (sources, kept) in _KEPT_FROM.items():
        table = t.table_of(kind)
        wanted = [table.c.id, *[table.c[name] for name in (*sources, *kept)]]
        for row in conn.execution_options(yield_per=5_000).execute(sa.select(*wanted).order_by(table.c.id)):
            given = dict(zip(sources, row[1 : 1 + len(sources)], strict=True))
            right = derive(kind, given)
            found = dict(zip(kept, row[1 + len(sources) :], strict=True))
            if any(found[name] != right[name] for name in kept):
                yield kind, row[0], {name: right[name] for name in kept}


@dataclass(frozen=True, slots=True)
class Dangling:
    """Pointers of `kind`.`column` at `missing` ids of `target` that are not there."""

    kind: str
    column: str
    target: str
    missing: tuple[int, ...]


def dangling(conn: sa.Connection) -> list[Dangling]:
    """Pointers at what is not there: the tables' own and the softer ones between leads and deals."""
    found = []
    for pointer in pointers():
        # A deal keeps the number of the lead it was made of, also when that lead is removed.
        if not pointer.kind or (pointer.kind, pointer.column) == ("deal", "lead_id"):
            continue
        missing = missing_ids(conn.exec_driver_sql, pointer)
        if missing:
            found.append(Dangling(pointer.kind, pointer.column, pointer.target, missing))
    return found


def missing_ids(execute: Callable[[str], Any], pointer: Pointer) -> tuple[int, ...]:
    """The ids that a pointer names and that are not there."""
    table, target, column = pointer.table.name, t.table_of(pointer.target).name, pointer.column
    sql = f"SELECT DISTINCT {column} FROM {table} AS a WHERE {column} IS NOT NULL AND NOT EXISTS"
    sql += f" (SELECT 1 FROM {target} AS b WHERE b.id = a.{column})"
    return tuple(sorted(row[0] for row in execute(sql)))


def hanging_on_nothing(conn: sa.Connection) -> list[tuple[str, list[int]]]:
    """(kind, ids) of values, files and pairs that are said of records that are not there."""
    found = []
    for kind in HANGING:
        table = t.table_of(kind)
        ids: set[int] = set()
        named = list(conn.scalars(sa.select(table.c.record_kind).distinct()))
        for of in named:
            for column in (c for c in ("record_id", "first_id", "second_id") if c in table.c):
                mine = sa.select(table.c.id).where(table.c.record_kind == of)
                if of in t.KINDS:
                    owner = t.table_of(of)
                    mine = mine.where(~sa.select(owner.c.id).where(owner.c.id == table.c[column]).exists())
                ids.update(conn.scalars(mine))
        if ids:
            found.append((kind, sorted(ids)))
    return found


def misplaced(conn: sa.Connection) -> list[tuple[int, int]]:
    """(deal, funnel of its stage) of deals that stand in a stage of another funnel."""
    deals, stages = t.deals.c, t.stages.c
    query = (
        sa.select(deals.id, stages.funnel_id)
        .join(t.stages, stages.id == deals.stage_id)
        .where(stages.funnel_id != deals.funnel_id)
    )
    return [(row[0], row[1]) for row in conn.execute(query.order_by(deals.id))]


def wrong_numbers(conn: sa.Connection) -> list[tuple[int, float | None]]:
    """(id, right number) of values of own fields whose number for sorting is not that of their text."""
    values, fields = t.custom_values.c, t.custom_fields.c
    query = sa.select(values.id, values.value, values.number, fields.type).join(
        t.custom_fields, fields.id == values.field_id
    )
    found = []
    for record, text, number, type_ in conn.execute(query.order_by(values.id)):
        right = _number_of(type_, text)
        # the text has fifteen digits, the number all of them
        if right != number and not (right and number and math.isclose(right, number, rel_tol=1e-14)):
            found.append((record, right))
    return found


def _number_of(type_: str, text: str) -> float | None:
    """The number of a kept value (days for dates); None of one that cannot be read or has none."""
    with suppress(ValueError, TypeError):
        if type_ in (FieldType.NUMBER, FieldType.MONEY):
            number = float(text)
            return number if math.isfinite(number) else None
        if type_ == FieldType.DATE:
            return float(date.fromisoformat(text).toordinal())
        if type_ == FieldType.YES_NO:
            return float(text == "1")
    return None


def behind(conn: sa.Connection) -> dict[str, int]:
    """Kind -> the next id, where the counter would give one that was given before."""
    kept = {row.kind: row.next for row in conn.execute(sa.select(t.sequences))}
    tables = {kind: table for kind, (_cls, table) in t.KINDS.items()} | {"journal": t.journal}
    found = {}
    for kind, table in tables.items():
        last = conn.exec_driver_sql(f"SELECT max(id) FROM {table.name}").scalar()
        if last is not None and kept.get(kind, 1) <= last:
            found[kind] = int(last) + 1
    return found


def wrong_counts(conn: sa.Connection) -> dict[int, int]:
    """Entry of the journal -> how many edits it holds, where it says another number.

    Entries with edits of whole lists are left out: their number stands inside of their images; so are
    those of which not all is kept any more (`store.growth`).
    """
    edit, entry = t.journal_edits.c, t.journal.c
    span = sa.case((edit.op == str(Op.RANGE), edit.last_id - edit.record_id + 1), else_=1)
    lists = sa.func.sum(sa.case((edit.op.in_([str(Op.BATCH), str(Op.CUT)]), 1), else_=0))
    held = sa.select(edit.journal_id, sa.func.sum(span).label("held")).group_by(edit.journal_id)
    counted = held.having(lists == 0).subquery()
    query = sa.select(entry.id, counted.c.held).join(counted, counted.c.journal_id == entry.id)
    query = query.where(counted.c.held != entry.edits, entry.barrier.is_(False))
    return {row[0]: int(row[1]) for row in conn.execute(query)}
