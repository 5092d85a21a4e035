"""Calculated fields of records: what their formulas use is read, and worked out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula import FormulaError, Node, Value, encode, evaluate, fields_of, parse
from funneldesk.domain.formula_kinds import BUILT_IN
from funneldesk.domain.items import totals
from funneldesk.domain.money import from_minor
from funneldesk.domain.rates import Rates
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries.rates import rates as read_rates
from funneldesk.store.transaction import select_records

Facts = dict[int, dict[str, Value]]


def calculated(
    conn: sa.Connection, kind: str, ids: Sequence[int], fields: Iterable[CustomField]
) -> dict[int, dict[int, str]]:
    """Record -> field -> its value as `domain.formula.encode` writes it ("error:..." when it fails)."""
    trees: dict[int, Node | FormulaError] = {}
    for field in fields:
        if field.type == FieldType.CALCULATED:
            try:
                trees[field.id] = parse(field.options or "")
            except FormulaError as error:
                trees[field.id] = error
    if not trees or not ids:
        return {}
    used = {key for tree in trees.values() if isinstance(tree, Node) for key in fields_of(tree)}
    facts = facts_of(conn, kind, ids, used)
    rates = read_rates(conn)
    today = clock.local_date(clock.now(), rates.zone)
    return {
        i: {field: text for field, tree in trees.items() if (text := _worked_out(tree, facts[i], today))}
        for i in ids
    }


def _worked_out(tree: Node | FormulaError, values: Mapping[str, Value], today: date) -> str:
    if isinstance(tree, FormulaError):
        return f"error:{tree.code}"
    try:
        return encode(evaluate(tree, values, today))
    except FormulaError as error:
        return f"error:{error.code}"


def facts_of(conn: sa.Connection, kind: str, ids: Sequence[int], used: set[str]) -> Facts:
    """The values that formulas use, of each record; money in units of the accounting currency."""
    found: Facts = {i: {} for i in ids}
    rates = read_rates(conn)
    own = [int(key.split(":")[1]) for key in used if key.startswith("field:")]
    if own:
        _custom(conn, kind, ids, own, rates, found)
    if used & {*BUILT_IN.get(kind, ())}:
        if kind == "deal":
            _deal(conn, ids, used, rates, found)
        elif kind == "product":
            _product(conn, ids, rates, found)
        elif kind == "lead":
            _lead(conn, ids, rates, found)
        else:
            _client(conn, kind, ids, used, rates, found)
    return found


def _custom(
    conn: sa.Connection, kind: str, ids: Sequence[int], own: Sequence[int], rates: Rates, found: Facts
) -> None:
    c, f = t.custom_values.c, t.custom_fields.c
    query = (
        sa.select(c.record_id, c.field_id, c.value, c.number, f.type)
        .select_from(t.custom_values.join(t.custom_fields, f.id == c.field_id))
        .where(c.record_kind == kind, among(c.record_id, ids), c.field_id.in_(list(own)))
    )
    for record, field, value, number, type_ in conn.execute(query):
        found[record][f"field:{field}"] = _kept(type_, value, number, rates.currency)


def _kept(type_: str, value: str, number: float | None, currency: str) -> Value:
    try:
        if type_ == FieldType.NUMBER:
            return Value("number", Decimal(value))
        if type_ == FieldType.MONEY:
            return Value("money", from_minor(int(value), currency))
        if type_ == FieldType.DATE:
            return Value("date", date.fromisoformat(value))
    except (ValueError, ArithmeticError):
        return Value("text", value)
    return Value("yes_no", bool(number)) if type_ == FieldType.YES_NO else Value("text", value)


def _day(moment: int | None, rates: Rates) -> Value:
    return Value("none", None) if moment is None else Value("date", clock.local_date(moment, rates.zone))


def _sum(minor: int | None, currency: str | None, at: int | None, rates: Rates) -> Value:
    mine = None if minor is None else rates.convert(minor, currency, at)
    return Value("none", None) if mine is None else Value("money", from_minor(mine, rates.currency))


def _deal(conn: sa.Connection, ids: Sequence[int], used: set[str], rates: Rates, found: Facts) -> None:
    c = t.deals.c
    query = sa.select(c.id, c.amount, c.currency, c.created_at, c.expected_close, c.closed_at, c.entered_at,
                      c.last_done_at).where(among(c.id, ids))  # fmt: skip
    currencies: dict[int, tuple[str | None, int | None]] = {}
    for row in conn.execute(query):
        expected = Value("date", date.fromisoformat(row.expected_close)) if row.expected_close else None
        currencies[row.id] = (row.currency, row.closed_at)
        found[row.id] |= {
            "amount": _sum(row.amount, row.currency, row.closed_at, rates),
            "created": _day(row.created_at, rates),
            "expected_close": expected or Value("none", None),
            "closed": _day(row.closed_at, rates),
            "stage_since": _day(row.entered_at, rates),
            "last_contact": _day(row.last_done_at, rates),
        }
    if "lines_cost" in used:
        from funneldesk.domain.items import DealItem

        by_deal: dict[int, list[DealItem]] = {}
        for item in select_records(conn, DealItem, among(t.deal_items.c.deal_id, ids)):
            by_deal.setdefault(item.deal_id, []).append(item)
        for deal, items in by_deal.items():
            sums = totals(items)
            if not sums.unknown:
                found[deal]["lines_cost"] = _sum(sums.cost, *currencies[deal], rates)


def _product(conn: sa.Connection, ids: Sequence[int], rates: Rates, found: Facts) -> None:
    c = t.products.c
    for row in conn.execute(sa.select(c.id, c.price, c.cost, c.currency).where(among(c.id, ids))):
        found[row.id]["price"] = _sum(row.price, row.currency, None, rates)
        found[row.id]["cost"] = _sum(row.cost, row.currency, None, rates)


def _lead(conn: sa.Connection, ids: Sequence[int], rates: Rates, found: Facts) -> None:
    c, acts = t.leads.c, t.activities.c
    last = sa.select(sa.func.max(acts.done_at)).where(acts.lead_id == c.id).scalar_subquery()
    for row in conn.execute(sa.select(c.id, c.created_at, c.closed_at, last).where(among(c.id, ids))):
        for key, moment in zip(("created", "closed", "last_contact"), row[1:], strict=True):
            found[row.id][key] = _day(moment, rates)


def _client(
    conn: sa.Connection, kind: str, ids: Sequence[int], used: set[str], rates: Rates, found: Facts
) -> None:
    c, d = t.table_of(kind).c, t.deals.c
    owner = d[f"{kind}_id"]
    for i, created_at in conn.execute(sa.select(c.id, c.created_at).where(among(c.id, ids))):
        found[i]["created"] = _day(created_at, rates)
    if not used - {"created"}:
        return
    zero = Value("number", Decimal(0))
    for i in ids:
        nothing = Value("money", Decimal(0))
        found[i] |= {"open_deals": zero, "won_deals": zero, "open_sum": nothing, "won_sum": nothing}
    query = sa.select(owner.label("owner"), d.status, d.amount, d.currency, d.closed_at)
    for row in conn.execute(query.where(among(owner, ids), d.status.in_(["open", "won"]))):
        facts, kind = found[row.owner], str(row.status)
        count, total = facts[f"{kind}_deals"].value, facts[f"{kind}_sum"].value
        assert isinstance(count, Decimal) and isinstance(total, Decimal)
        facts[f"{kind}_deals"] = Value("number", count + 1)
        more = _sum(row.amount, row.currency, row.closed_at, rates).value
        if isinstance(more, Decimal):
            facts[f"{kind}_sum"] = Value("money", total + more)
        if kind == "won" and row.closed_at is not None:
            day, last = clock.local_date(row.closed_at, rates.zone), facts.get("last_won")
            if last is None or not isinstance(last.value, date) or last.value < day:
                facts["last_won"] = Value("date", day)
