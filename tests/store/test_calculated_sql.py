"""Formulas as SQL against the same formulas worked out in Python, record by record."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Label
from funneldesk.domain.client_list import ClientFilter
from funneldesk.domain.condition import Condition, Group, ValueType
from funneldesk.domain.deal import Deal
from funneldesk.domain.fields import CustomField, FieldType
from funneldesk.domain.formula import FormulaError, decode, encode, evaluate, parse
from funneldesk.domain.formula_kinds import asked_as, kinds_of
from funneldesk.domain.record_list import DealFilter
from funneldesk.services import (
    activities,
    bases,
    calculated,
    cards,
    clients,
    conditions,
    deal_items,
    deals,
    fields,
    leads,
    listing,
    team,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import WON, NewDeal
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries.calculated import facts_of
from funneldesk.store.queries.calculated_sql import formula_sql, kept_as
from funneldesk.store.queries.card import custom_fields
from funneldesk.store.queries.filters import deal_condition
from funneldesk.store.queries.rates import rates as read_rates

OWN = {
    "field:1": ("Number", FieldType.NUMBER, ("", "0", "-3", "2.5", "100", "0.1")),
    "field:2": ("Money", FieldType.MONEY, ("", "0", "12345", "-100")),
    "field:3": ("Day", FieldType.DATE, ("", "2026-03-29", "2024-02-29", "2025-12-31")),
    "field:4": ("Agreed", FieldType.YES_NO, ("", "yes", "no")),
    "field:5": ("Region", FieldType.CHOICE, ("", "North", "Łódź", "мёд")),
    "field:6": ("Note", FieldType.TEXT, ("", "north", "a%b", "'; --")),
}
KEYS = ("amount", "lines_cost", "created", "expected_close", "closed", "stage_since", "last_contact", *OWN)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Thirty deals of six companies, two of them in a currency with two rates; one calculated field each."""
    place = tmp_path_factory.mktemp("calculated") / "base.funneldesk"
    rng = random.Random(5)
    zone = "America/New_York"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone=zone) as db:
        team.set_rate(db, "PLN", "2026-01-01", "0.25")
        team.set_rate(db, "PLN", "2026-02-01", "0.2")
        for name, type_, choices in OWN.values():
            options = [c for c in choices if c] if type_ == FieldType.CHOICE else ()
            fields.add(db, "deal", name, type_, options=options)
        calculated.add(db, "deal", "Worked out", "{amount}", {"amount": "Amount"})  # field 7
        for n in range(1, 7):
            clients.create_company(db, name=f"C{n}")
            clients.create_person(db, name=f"P{n}")
        team.add_product(db, "Rack", price=100_00, cost=60_00, currency="PLN")
        team.add_product(db, "Work", price=50_00)
        leads.create(db, title="Somebody")
        for n in range(1, 31):
            _deal(db, n, rng)
        yield db


def _deal(db: Database, n: int, rng: random.Random) -> None:
    at = clock.now() - rng.randrange(400) * clock.DAY - rng.randrange(24) * 3600 * clock.SECOND
    amount, currency = rng.choice((None, 0, 1_000, 77_777)), rng.choice(("EUR", None, "PLN", "USD"))
    close = rng.choice((None, "2026-03-29", "2027-01-01"))
    client, is_company = rng.randrange(1, 7), rng.random() < 0.5
    new = NewDeal(
        f"D{n}",
        amount=amount,
        currency=currency,
        expected_close=close,
        company_id=client if is_company else None,
        person_id=None if is_company else client,
    )
    deals.create(db, new, funnel_id=1)
    with db.transaction(Label("deal.changed")) as tx:
        tx.update(Deal, n, created_at=rng.choice((None, at)))
    for number, (_name, _type, values) in enumerate(OWN.values(), 1):
        fields.set_value(db, number, "deal", n, rng.choice(values))
    for _line in range(rng.choice((0, 1, 2))):
        product = rng.choice((None, 2, 2)) if currency != "USD" else None
        deal_items.add(db, n, product_id=product, name="Line", quantity=rng.choice((1_000, 2_501)), price=900)
    if rng.random() < 0.3:
        activities.log(db, ActivityKind.CALL, About(deal_id=n))
    if rng.random() < 0.5:
        deals.move(db, [n], WON)


def formulas(depth: int = 3) -> st.SearchStrategy[str]:
    leaf = st.sampled_from(
        [f"{{{key}}}" for key in (*KEYS, "gone")] + ["0", "2", "0.5", "3%", '"north"', '""', '"b"', "today()"]
    )

    def more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        two = st.tuples(inner, st.sampled_from(("+", "-", "*", "/", "=", "<>", "<", ">", "<=", ">=")), inner)
        return st.one_of(
            two.map(lambda p: f"({p[0]} {p[1]} {p[2]})"),
            st.tuples(inner, inner, inner).map(lambda p: f"if({p[0]}; {p[1]}; {p[2]})"),
            st.tuples(st.sampled_from(("min", "max", "and", "or", "days")), inner, inner).map(
                lambda p: f"{p[0]}({p[1]}; {p[2]})"
            ),
            st.tuples(st.sampled_from(("abs", "empty", "not", "round", "-")), inner).map(
                lambda p: f"{p[0]}({p[1]})"
            ),
            st.tuples(inner, st.sampled_from(("1", "-1", "{field:1}"))).map(
                lambda p: f"round({p[0]}; {p[1]})"
            ),
        )

    return st.recursive(leaf, more, max_leaves=7).filter(lambda text: len(text) < 400)


def shown(text: str) -> Any:
    """What `domain.formula.encode` wrote as it is compared: an error is nothing."""
    kind, rest = decode(text)
    if kind == "error" or not text:
        return None
    return float(Decimal(rest)) if kind in ("number", "money", "yes_no") else rest


class Records:
    """The records of one kind, with the facts that formulas use read once."""

    def __init__(self, db: Database, kind: str) -> None:
        self.db, self.kind = db, kind
        with db.read() as conn:
            self.fields = custom_fields(conn, kind)
            self.kinds = kinds_of(kind, self.fields)
            self.rates = read_rates(conn)
            self.ids = list(conn.scalars(sa.select(t.table_of(kind).c.id)))
            self.facts = facts_of(conn, kind, self.ids, set(self.kinds))

    def by_sql(self, formula: str) -> dict[int, Any]:
        table, now = t.table_of(self.kind), clock.now()
        value = kept_as(formula_sql(self.rates, self.kind, formula, self.fields, now), self.rates)
        with self.db.read() as conn:
            return {row[0]: row[1] for row in conn.execute(sa.select(table.c.id, value))}

    def by_python(self, formula: str) -> dict[int, Any]:
        tree, found = parse(formula), dict[int, Any]()
        for i in self.ids:
            try:
                value = evaluate(tree, self.facts[i], clock.local_date(clock.now(), self.rates.zone))
                found[i] = shown(encode(value))
            except FormulaError:
                found[i] = None
        return found

    def compare(self, formula: str) -> None:
        asked = CustomField(record_kind=self.kind, name="", type="calculated", options=formula)
        type_ = asked_as(asked, self.fields)
        if type_ is None:
            return  # too many branches: it is not offered
        by_sql = self.by_sql(formula)
        for record, value in self.by_python(formula).items():
            found = by_sql[record]
            if found is not None and type_ is ValueType.MONEY:
                found /= 100
            if isinstance(value, float):
                near = 0.0051 if type_ is ValueType.MONEY else 1e-4
                assert float(found) == pytest.approx(value, abs=near, rel=1e-9), record
            else:
                assert (found or None) == (value or None), record


@pytest.fixture(scope="module")
def records(base: Database) -> Records:
    return Records(base, "deal")


@settings(max_examples=150, deadline=None)
@given(formula=formulas())
def test_a_formula_gives_in_sql_what_it_gives_in_python(records: Records, formula: str) -> None:
    records.compare(formula)


OF_CLIENTS = (
    "{open_sum} + {won_sum}",
    "{open_deals} / {won_deals}",
    "days({last_won}; today())",
    "{created}",
)


@pytest.mark.parametrize("kind", ["company", "person"])
@pytest.mark.parametrize("formula", OF_CLIENTS)
def test_clients_are_worked_out_alike(base: Database, kind: str, formula: str) -> None:
    records = Records(base, kind)
    assert any(value is not None for value in records.by_sql(formula).values())
    records.compare(formula)


@pytest.mark.parametrize("formula", ["{created} + 3", "days({last_contact}; today())", "empty({closed})"])
def test_leads_are_worked_out_alike(base: Database, formula: str) -> None:
    Records(base, "lead").compare(formula)


def test_the_margin_of_products_is_worked_out_in_the_accounting_currency(base: Database) -> None:
    records = Records(base, "product")
    assert records.by_sql("{price} - {cost}") == {1: 8_00.0, 2: None}  # 40 zlotys at the newest rate
    records.compare("({price} - {cost}) / {price}")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("{amount} / 0", ValueType.MONEY),
        ("days({created}; today())", ValueType.NUMBER),
        ("{created} + 30", ValueType.DAY),
        ("{amount} > 100", ValueType.FLAG),
        ('if({amount} > 100; "A"; "B")', ValueType.TEXT),
        ('if({amount} > 100; "A"; 1)', ValueType.TEXT),
        ("if({amount} > 100; {amount}; 1)", ValueType.MONEY),
        ("{amount} +", None),
        (f"and({'; '.join(['if({amount}; 1; 2 > 1)'] * 7)})", None),
    ],
)
def test_how_a_formula_can_be_asked_for(base: Database, formula: str, expected: ValueType | None) -> None:
    with base.read() as conn:
        known = custom_fields(conn, "deal")
    asked = CustomField(record_kind="deal", name="", type="calculated", options=formula)
    assert asked_as(asked, known) is expected


def test_what_looks_like_sql_in_a_formula_is_only_text(base: Database) -> None:
    records = Records(base, "deal")
    records.compare('if({field:6} = "\'; --"; "\' || 1; DROP TABLE deals; --"; {field:6})')


# In lists, conditions, groups and files -----------------------------------------------------


@pytest.fixture(scope="module")
def asked(base: Database) -> Database:
    """The same base with a calculated field of each kind of value, of deals and of companies."""
    names = {key: key for key in kinds_of("deal", ())} | {key: key for key in OWN}
    for name, formula in (("Bonus", "{amount} * 5%"), ("Age", "days({created}; today())"), ("Class", BIG)):
        calculated.add(base, "deal", name, formula, names)  # fields 8 to 10
    calculated.add(base, "company", "Worth", "{open_sum}", {"open_sum": "Open sum"})  # field 11
    calculated.add(base, "lead", "Since", "{created}", {"created": "Created"})  # field 12
    return base


BIG = 'if({amount} >= 100; "big"; "small")'


def rows(db: Database) -> dict[int, dict[int, Any]]:
    with db.read() as conn:
        ids = list(conn.scalars(sa.select(t.deals.c.id)))
    return {i: {f: shown(v) for f, v in row.custom.items()} for i, row in listing.deal_rows(db, ids).items()}


def found(db: Database, field: str, op: str, value: Any = None) -> set[int]:
    ids, _all = listing.deal_ids(db, DealFilter(where=Group((Condition(field, op, value),))), "created", True)
    return set(ids)


def test_calculated_fields_are_offered_with_what_they_give(asked: Database) -> None:
    offered = {f.key: (f.name, f.type) for f in conditions.catalogue(asked, "deal") if f.calculated}
    assert offered == {
        "field:7": ("Worked out", ValueType.MONEY),
        "field:8": ("Bonus", ValueType.MONEY),
        "field:9": ("Age", ValueType.NUMBER),
        "field:10": ("Class", ValueType.TEXT),
        "field:11": ("Worth", ValueType.MONEY),
    }


def test_conditions_ask_calculated_fields(asked: Database) -> None:
    known = rows(asked)
    bonus = {i: row.get(8) for i, row in known.items()}
    assert found(asked, "field:8", "gt", 100) == {i for i, v in bonus.items() if v is not None and v > 1}
    assert found(asked, "field:8", "between", (0, 100)) == {
        i for i, v in bonus.items() if v is not None and v <= 1
    }
    assert found(asked, "field:8", "empty") == {i for i, v in bonus.items() if v is None} != set()
    assert (
        found(asked, "field:10", "is", "BIG")
        == {i for i, row in known.items() if row.get(10) == "big"}
        != set()
    )
    assert found(asked, "field:9", "ge", 100) == {i for i, row in known.items() if (row.get(9) or 0) >= 100}
    worth = {i: row[11] for i, row in known.items() if 11 in row}
    assert found(asked, "field:11", "gt", 1_00) == {i for i, v in worth.items() if v > 1} != set()


def test_lists_are_sorted_and_cut_by_calculated_fields(asked: Database) -> None:
    known = rows(asked)
    for field in (8, 9, 10, 11):
        for descending in (False, True):
            ids, _all = listing.deal_ids(asked, DealFilter(), f"field:{field}", descending)
            values = [known[i].get(field) for i in ids]
            filled = [v for v in values if v is not None]
            assert values[len(filled) :] == [None] * (len(values) - len(filled))
            assert filled == sorted(filled, reverse=descending)
    ids = sorted(known)
    groups = listing.grouped(asked, "deal", ids, "field:10")
    assert [(g.key, len(g.ids)) for g in groups] == [
        (key, sum(row.get(10) == key for row in known.values())) for key in ("big", "small")
    ]
    assert {g.key for g in listing.grouped(asked, "deal", ids, "field:8")} >= {None, 0.0, 50.0}


def test_lists_of_clients_and_leads_are_sorted_and_asked_too(asked: Database) -> None:
    companies = ClientFilter(kinds=("company",))
    codes = cards.client_ids(asked, companies, "field:11", True)
    worth = [shown(cards.client_rows(asked, codes)[code].custom[11]) for code in codes]
    assert worth == sorted(worth, reverse=True)
    where = Group((Condition("field:11", "gt", 0),))
    assert len(cards.client_ids(asked, ClientFilter(where=where), "name", False)) == sum(v > 0 for v in worth)
    assert cards.lead_ids(asked, "", (), (), "field:12", True, Group((Condition("field:12", "today"),)))[
        0
    ] == [1]


def test_a_file_holds_what_formulas_give_as_numbers_and_texts(asked: Database, tmp_path: Path) -> None:
    best = max((row[8], i) for i, row in rows(asked).items() if 8 in row and row[8] is not None)[1]
    columns = [("title", "Deal"), ("field:8", "Bonus"), ("field:9", "Age"), ("field:10", "Class")]
    listing.export(asked, "deal", [best], columns, tmp_path / "list.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "list.xlsx").worksheets[0]
    _title, bonus, age, size = [cell.value for cell in next(sheet.iter_rows(min_row=2, max_row=2))][:4]
    assert bonus == pytest.approx(rows(asked)[best][8], abs=0.005)  # money has two places
    assert age == rows(asked)[best].get(9)
    assert size == "big"


def test_the_short_filter_of_the_command_line_knows_what_formulas_give(asked: Database) -> None:
    known = rows(asked)
    with asked.read() as conn:
        small = set(conn.scalars(sa.select(t.deals.c.id).where(deal_condition(conn, "class", "SMALL"))))
        half = set(conn.scalars(sa.select(t.deals.c.id).where(deal_condition(conn, "custom:bonus", "50"))))
    assert small == {i for i, row in known.items() if row.get(10) == "small"} != set()
    assert half == {i for i, row in known.items() if row.get(8) == 0.5} != set()
