"""The value of a calculated field for every row of a query: for conditions, sorting and groups."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.condition import ValueType
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula import parse
from funneldesk.domain.formula_kinds import asked_as, kinds_of, settled
from funneldesk.domain.items import QUANTITY
from funneldesk.domain.money import minor_digits
from funneldesk.domain.rates import Rates
from funneldesk.store import tables as t
from funneldesk.store.queries.card import custom_fields
from funneldesk.store.queries.formula_sql import Piece, Sql, answer, iso_day, translate, whole_days
from funneldesk.store.queries.rates import rates as read_rates

_DAYS = {
    "created": "created_at",
    "closed": "closed_at",
    "stage_since": "entered_at",
    "last_contact": "last_done_at",
}
_NEVER = "9999-12-31"


def asked_types(conn: sa.Connection, *kinds: str) -> dict[int, ValueType]:
    """How each calculated field of these kinds of record can be asked for; others are left out."""
    found: dict[int, ValueType] = {}
    fields = custom_fields(conn, *kinds)
    for field in fields:
        type_ = asked_as(field, fields) if field.type == FieldType.CALCULATED else None
        if type_ is not None:
            found[field.id] = type_
    return found


def is_calculated(conn: sa.Connection, field_id: int, kind: str = "") -> bool:
    """Whether a custom field (of that kind of record) is worked out."""
    column = t.custom_fields.c
    row = conn.execute(sa.select(column.type, column.record_kind).where(column.id == field_id)).first()
    return row is not None and row.type == FieldType.CALCULATED and kind in ("", row.record_kind)


def worked_out(conn: sa.Connection, field_id: int, now: int) -> sa.Subquery:
    """(o = record, v = value) of a calculated field, for every record that has it; worked out once each.

    NULL where a formula gives nothing or an error.  Money in minor units of the accounting currency,
    dates ISO, yes and no 1 and 0.  Materialized: a value is looked at several times, by `ORDER BY` alone
    twice, and SQLite would work it out each time.
    """
    kind, piece, rates = _piece(conn, field_id, now)
    table = t.table_of(kind)
    bad = sa.null() if piece.bad is None else piece.bad
    raw = sa.select(table.c.id.label("o"), piece.value.label("v"), bad.label("bad")).cte()
    raw = raw.prefix_with("MATERIALIZED")
    plain = Piece(piece.kind, raw.c.v, None if piece.bad is None else raw.c.bad)
    return sa.select(raw.c.o, kept_as(plain, rates).label("v")).subquery()


def value_sql(conn: sa.Connection, field_id: int, now: int) -> tuple[str, Sql]:
    """The kind of record that has a calculated field, and its value on a row of that kind's table."""
    kind, piece, rates = _piece(conn, field_id, now)
    return kind, kept_as(piece, rates)


def _piece(conn: sa.Connection, field_id: int, now: int) -> tuple[str, Piece, Rates]:
    column = t.custom_fields.c
    kind = str(conn.scalar(sa.select(column.record_kind).where(column.id == field_id)))
    fields, rates = custom_fields(conn, kind), read_rates(conn)
    field = next(each for each in fields if each.id == field_id)
    if asked_as(field, fields) is None:
        return kind, Piece("none", sa.null()), rates
    return kind, formula_sql(rates, kind, field.options or "", fields, now), rates


def formula_sql(rates: Rates, kind: str, formula: str, fields: Sequence[CustomField], now: int) -> Piece:
    """What a formula over `fields` gives for a row of the table of `kind`; FormulaError when it is broken."""
    kinds = kinds_of(kind, fields)
    tree = settled(parse(formula), kinds)
    source = _Source(kind, t.table_of(kind), rates, {f"field:{each.id}": each for each in fields})
    return translate(tree, kinds, source.value, clock.local_date(now, rates.zone))


def kept_as(piece: Piece, rates: Rates) -> Sql:
    """The value of a whole formula in the form in which values are kept."""
    found = answer(piece)
    if piece.kind == "money":
        return sa.func.round(found * 10.0 ** minor_digits(rates.currency))
    return found


class _Source:
    """What formulas of a kind of record use, as SQL on a row of `table`."""

    def __init__(
        self, kind: str, table: sa.FromClause, rates: Rates, fields: Mapping[str, CustomField]
    ) -> None:
        self._kind = kind
        self._table = table
        self._rates = rates
        self._fields = fields
        self._units = 10.0 ** minor_digits(rates.currency)

    def value(self, key: str) -> Sql:
        """The value of a key of `domain.formula_kinds.kinds_of`."""
        column = self._table.c
        if key in self._fields:
            return self._own(self._fields[key])
        if key == "last_contact" and self._kind == "lead":
            return self._last_contact()
        if key in _DAYS:
            return self._day(column[_DAYS[key]])
        if key == "expected_close":
            return whole_days(column.expected_close)
        if key == "amount":
            return self._money(column.amount, column.currency, column.closed_at)
        if key in ("price", "cost"):
            return self._money(column[key], column.currency, None)
        if key == "lines_cost":
            return self._lines()
        return self._of_deals(key)

    def _own(self, field: CustomField) -> Sql:
        values = t.custom_values.alias(f"of_field_{field.id}")
        number = field.type in (FieldType.NUMBER, FieldType.MONEY, FieldType.DATE, FieldType.YES_NO)
        kept: Sql = values.c.number if number else values.c.value
        if field.type == FieldType.MONEY:
            kept = kept / self._units
        if field.type in (FieldType.DATE, FieldType.YES_NO):
            kept = sa.cast(kept, sa.Integer)
        mine = sa.and_(
            values.c.record_kind == self._kind,
            values.c.record_id == self._table.c.id,
            values.c.field_id == field.id,
        )
        return sa.select(kept).where(mine).limit(1).correlate(self._table).scalar_subquery()

    def _day(self, moment: Sql) -> Sql:
        return sa.func.local_day(moment, self._rates.zone.key)

    def _money(self, minor: Sql, currency: Sql, at: Sql | None) -> Sql:
        """In units of the accounting currency, at the rate of the day of `at` (None = the newest)."""
        return self._minor(minor, currency, at) / self._units

    def _minor(self, minor: Sql, currency: Sql, at: Sql | None) -> Sql:
        base = self._rates.currency
        whens: list[tuple[Sql, Sql]] = [(sa.or_(currency.is_(None), currency == base), minor)]
        for code, (days, values) in self._rates.by_currency.items():
            if code == base or not days:
                continue
            scale = 10.0 ** (minor_digits(base) - minor_digits(code))
            rate: Sql = sa.literal(float(values[-1]))
            if at is not None:
                known = t.currency_rates.alias(f"rate_{code.lower()}")
                day = sa.func.coalesce(iso_day(self._day(at)), _NEVER)
                then = sa.select(sa.cast(known.c.rate, sa.Float)).where(
                    known.c.currency == code, known.c.day <= day
                )
                last = then.order_by(known.c.day.desc()).limit(1)
                rate = sa.case((at.is_(None), rate), else_=last.correlate_except(known).scalar_subquery())
            whens.append((currency == code, sa.func.round(minor * rate * scale)))
        return sa.case(*whens, else_=None)

    def _lines(self) -> Sql:
        """The cost of the lines of a deal; NULL without lines or where the cost of one is not known."""
        item, deal = t.deal_items.alias("costed"), self._table.c
        known = sa.func.count() == sa.func.count(item.c.cost)
        each = sa.func.round(item.c.quantity * item.c.cost / float(QUANTITY))
        query = sa.select(sa.case((known, sa.func.sum(each)))).where(item.c.deal_id == deal.id)
        cost = query.correlate(self._table).scalar_subquery()
        return self._money(cost, deal.currency, deal.closed_at)

    def _last_contact(self) -> Sql:
        acts = t.activities.alias("contacts")
        query = sa.select(self._day(sa.func.max(acts.c.done_at))).where(acts.c.lead_id == self._table.c.id)
        return query.correlate(self._table).scalar_subquery()

    def _of_deals(self, key: str) -> Sql:
        deals = t.deals.alias(f"{key}_of")
        status = "open" if key.startswith("open") else "won"
        mine = sa.and_(deals.c[f"{self._kind}_id"] == self._table.c.id, deals.c.status == status)
        read: Mapping[str, Callable[[], Any]] = {
            "deals": lambda: sa.cast(sa.func.count(), sa.Float),
            "sum": lambda: sa.func.coalesce(
                sa.func.sum(self._minor(deals.c.amount, deals.c.currency, deals.c.closed_at)), 0
            ) / self._units,
            "won": lambda: self._day(sa.func.max(deals.c.closed_at)),
        }  # fmt: skip
        query = sa.select(read[key.rpartition("_")[2]]()).select_from(deals).where(mine)
        return query.correlate(self._table).scalar_subquery()
