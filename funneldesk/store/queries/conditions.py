"""Conditions (`domain.condition`) as SQL, for every list, board and report."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.condition import NEGATIVE, Condition, Group, ValueType, complete, span
from funneldesk.domain.condition_fields import OWNERS, built_in, custom_id, custom_type
from funneldesk.domain.fields import FieldType
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.database import read_info
from funneldesk.store.queries import condition_sql as fields
from funneldesk.store.queries.calculated_sql import asked_types, is_calculated, value_sql, worked_out

Clause = sa.ColumnElement[bool]


def clause(
    conn: sa.Connection, kind: str, tree: Group, *, now: int | None = None, listed: str = ""
) -> Clause:
    """The condition that a row of the table of `kind` (company, person, lead, deal) passes `tree`.

    For any query that selects from that table.  `listed` "client" lets a company or person be asked
    for the fields of the common list.  Raises UserError `condition.gone` for a field that is not
    there any more, `condition.unreadable` for a value that does not fit.
    """
    return _Compiler(conn, kind, listed or kind, clock.now() if now is None else now).group(tree)


def ids(conn: sa.Connection, kind: str, tree: Group, *, now: int | None = None) -> list[int]:
    """Ids of the records of `kind` that pass."""
    table = t.table_of(kind)
    query = sa.select(table.c.id).where(clause(conn, kind, tree, now=now))
    return list(conn.scalars(query.order_by(table.c.id)))


def count(conn: sa.Connection, kind: str, tree: Group) -> int:
    """How many records of `kind` pass; "client" counts companies and people."""
    if kind == "client":
        return sum(_count(conn, each, tree, "client") for each in ("company", "person"))
    return _count(conn, kind, tree, "")


def passes(conn: sa.Connection, kind: str, record_id: int, tree: Group, *, now: int | None = None) -> bool:
    """Whether one record of `kind` passes; as it is in this transaction, before the search knows of it."""
    table = t.table_of(kind)
    compiler = _Compiler(conn, kind, kind, clock.now() if now is None else now, indexed=False)
    query = sa.select(table.c.id).where(table.c.id == record_id, compiler.group(tree))
    return conn.scalar(query) is not None


def _count(conn: sa.Connection, kind: str, tree: Group, listed: str) -> int:
    query = sa.select(sa.func.count()).select_from(t.table_of(kind))
    return conn.scalar(query.where(clause(conn, kind, tree, listed=listed))) or 0


def deal_clause(conn: sa.Connection, tree: Group, *, now: int | None = None) -> Clause:
    """The condition on deals, for any query that selects from `tables.deals`."""
    return clause(conn, "deal", tree, now=now)


def deal_ids(conn: sa.Connection, tree: Group, *, now: int | None = None) -> set[int]:
    """The deals that pass."""
    return set(ids(conn, "deal", tree, now=now))


def gone_fields(conn: sa.Connection, kind: str, tree: Group) -> set[str]:
    """The keys in `tree` that are no field of `kind` any more."""
    return {c.field for c in tree.conditions()} - known_fields(conn, kind).keys()


def known_fields(conn: sa.Connection, kind: str) -> dict[str, ValueType]:
    """Every field of `kind` that can be asked for."""
    column = t.custom_fields.c
    query = sa.select(column.id, column.type).where(
        column.record_kind.in_(OWNERS[kind]), column.type != FieldType.CALCULATED
    )
    custom = {f"field:{row.id}": custom_type(row.type) for row in conn.execute(query)}
    worked_out = {f"field:{i}": type_ for i, type_ in asked_types(conn, *OWNERS[kind]).items()}
    return {**built_in(kind), **custom, **worked_out}


class _Compiler:
    """One tree on one table."""

    def __init__(
        self, conn: sa.Connection, kind: str, listed: str, now: int, *, indexed: bool = True
    ) -> None:
        self._conn = conn
        self._indexed = indexed  # texts may be looked for in the search index first
        self._kind = kind
        self._now = now
        self._types: Mapping[str, ValueType] = known_fields(conn, listed)
        self._zone: ZoneInfo = read_info(conn).zone
        self._today = clock.local_date(now, self._zone)

    def group(self, group: Group) -> Clause:
        parts = [self.group(p) if isinstance(p, Group) else self._one(p) for p in group.parts if p]
        if not parts:
            return sa.true()
        return sa.or_(*parts) if group.any else sa.and_(*parts)

    def _one(self, condition: Condition) -> Clause:
        known = self._types.get(condition.field)
        if known is None:
            raise UserError("condition.gone", field=condition.field)
        if not complete(condition):
            raise UserError("condition.unreadable", value=str(condition.value))
        op = NEGATIVE.get(condition.op, condition.op)
        try:
            found = self._positive(condition, op, known)
        except (ValueError, TypeError, OverflowError) as error:
            raise UserError("condition.unreadable", value=str(condition.value)) from error
        found = sa.func.coalesce(found, sa.false())
        return sa.not_(found) if op != condition.op else found

    def _positive(self, condition: Condition, op: str, type_: ValueType) -> Clause:
        custom = custom_id(condition.field)
        if custom is not None and is_calculated(self._conn, custom):
            return self._of_formula(custom, op, condition.value, type_)
        if custom is not None:
            where = fields.custom_owner(self._conn, self._kind, custom)
            if where is None:
                return sa.true() if op == "empty" else sa.false()
            return self._of_custom(where, custom, op, condition.value, type_)
        if condition.field.endswith(("phone", "email", "website")) and self._kind != "lead":
            return self._of_contact(condition.field, op, condition.value)
        expression = fields.built_in_sql(self._conn, self._kind, condition.field, self._now)
        if type_ is ValueType.SEVERAL:  # the only one kept in a column: roles, with commas
            return _listed(expression, op, condition.value)
        found = self._compare(expression, op, condition.value, type_)
        if self._indexed and op in (
            "contains",
            "is",
            "starts",
        ):  # few texts are folded one by one, not all of them
            few = search.holding(self._conn, self._kind, condition.field, fold(str(condition.value)))
            if few is not None:
                return sa.case((among(t.table_of(self._kind).c.id, few), found), else_=sa.false())
        return found

    def _of_custom(
        self, owner: sa.ColumnElement[Any], field_id: int, op: str, value: Any, type_: ValueType
    ) -> Clause:
        """Asked of the values, so that few values are quickly found among many records."""
        column = t.custom_values.c
        mine = sa.select(column.record_id).where(column.field_id == field_id)
        if op == "empty":
            return sa.or_(owner.is_(None), owner.not_in(mine))
        if type_ is ValueType.SEVERAL:
            wanted = [str(v) for v in value]
            if op == "all_of":
                return sa.and_(*[owner.in_(mine.where(_has(column.value, [v]))) for v in wanted])
            return owner.in_(mine.where(_has(column.value, wanted)))
        if type_ is ValueType.FLAG:
            return owner.in_(mine.where(column.value == ("1" if op == "yes" else "0")))
        asked = column.number if type_ in (ValueType.NUMBER, ValueType.MONEY) else column.value
        return owner.in_(mine.where(self._compare(asked, op, value, type_)))

    def _of_formula(self, field_id: int, op: str, value: Any, type_: ValueType) -> Clause:
        owner = fields.custom_owner(self._conn, self._kind, field_id)
        if owner is None:
            return sa.true() if op == "empty" else sa.false()
        kind, of_row = value_sql(self._conn, field_id, self._now)
        if kind == self._kind and not self._indexed:  # one record: the others need not be worked out
            return self._compare(of_row, op, value, type_)
        every = worked_out(self._conn, field_id, self._now)
        found = owner.in_(sa.select(every.c.o).where(self._compare(every.c.v, op, value, type_)))
        return sa.or_(owner.is_(None), found) if op == "empty" else found

    def _of_contact(self, field: str, op: str, value: Any) -> Clause:
        owners = fields.contact_owners(self._kind, field.startswith("client_"))
        points = t.contact_points.c
        what = field.removeprefix("client_")
        found = []
        for mine, theirs in owners:
            some = sa.select(theirs).where(points.kind == what, theirs.is_not(None))
            if op == "empty":
                found.append(sa.or_(mine.is_(None), mine.not_in(some)))
                continue
            asked = _text(points.value, op, str(value))
            number = fields.phone_part(str(value)) if what == "phone" else ""
            if number:
                asked = sa.or_(asked, points.key.contains(number, autoescape=True))
            found.append(mine.in_(some.where(asked)))
        return sa.and_(*found) if op == "empty" else sa.or_(*found)

    def _compare(self, column: sa.ColumnElement[Any], op: str, value: Any, type_: ValueType) -> Clause:
        if op == "empty":
            texts = type_ in (ValueType.TEXT, ValueType.CHOICE, ValueType.DAY)
            return sa.or_(column.is_(None), column == "") if texts else column.is_(None)
        if type_ is ValueType.TEXT or op in ("contains", "is", "starts"):
            return _text(column, op, str(value))
        if type_ is ValueType.REF:
            return among(column, [int(v) for v in value])
        if type_ is ValueType.CHOICE:
            return sa.func.folded(column).in_([fold(str(v)) for v in value])
        if type_ is ValueType.FLAG:
            return column if op == "yes" else sa.not_(column)
        if type_ in (ValueType.NUMBER, ValueType.MONEY):
            return _number(column, op, value)
        return self._dated(column, op, value, type_)

    def _dated(self, column: sa.ColumnElement[Any], op: str, value: Any, type_: ValueType) -> Clause:
        if op == "past":
            return column < (self._now if type_ is ValueType.MOMENT else self._today.isoformat())
        first, last = span(op, value, self._today)
        found: list[Clause] = [column.is_not(None)]
        if type_ is ValueType.DAY:
            found += [column >= first.isoformat()] if first else []
            found += [column <= last.isoformat()] if last else []
        else:
            found += [column >= self._start(first)] if first else []
            found += [column < self._start(last + timedelta(days=1))] if last else []
        return sa.and_(*found)

    def _start(self, day: date) -> int:
        return clock.start_of_day(day, self._zone)


def _text(column: sa.ColumnElement[Any], op: str, value: str) -> Clause:
    plain, wanted = sa.func.folded(column), fold(value)
    if op == "contains":
        return plain.contains(wanted, autoescape=True)
    return plain.startswith(wanted, autoescape=True) if op == "starts" else plain == wanted


def _number(column: sa.ColumnElement[Any], op: str, value: Any) -> Clause:
    if op == "between":
        low, high = value
        found: list[Clause] = [column.is_not(None)]
        found += [column >= float(low)] if low is not None else []
        found += [column <= float(high)] if high is not None else []
        return sa.and_(*found)
    wanted = float(value)
    return {
        "eq": column == wanted, "gt": column > wanted, "ge": column >= wanted, "lt": column < wanted,
        "le": column <= wanted,
    }[op]  # fmt: skip


def _has(column: sa.ColumnElement[Any], wanted: list[str]) -> Clause:
    """Whether the JSON list in `column` has one of the texts; a bare text counts as a list of one."""
    whole = sa.case((sa.func.json_valid(column) == 1, column), else_=sa.func.json_array(column))
    each = sa.func.json_each(whole).table_valued("value")
    inside = sa.func.folded(each.c.value).in_([fold(v) for v in wanted])
    return sa.exists(sa.select(sa.literal(1)).select_from(each).where(inside))


def _listed(column: sa.ColumnElement[Any], op: str, value: Any) -> Clause:
    if op == "empty":
        return sa.or_(column.is_(None), column == "")
    parts = [sa.literal(",").concat(column).concat(",").contains(f",{v},", autoescape=True) for v in value]
    return sa.and_(*parts) if op == "all_of" else sa.or_(*parts)
