"""Conditions as SQL against a plain reading of every record in Python."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.client import Company, Person
from funneldesk.domain.condition import (
    OPS,
    Condition,
    Group,
    Need,
    ValueType,
    complete,
    group_from,
    need,
    spec_of,
)
from funneldesk.domain.fields import FieldType
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import (
    activities,
    bases,
    clients,
    conditions,
    deals,
    fields,
    history,
    imports,
    leads,
    team,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from funneldesk.store.queries import conditions as q
from funneldesk.store.transaction import select_records

ZONE = ZoneInfo("Europe/Warsaw")
NOW = clock.to_micros(datetime(2026, 3, 18, 15, 30, tzinfo=ZONE))  # a Wednesday
TODAY = date(2026, 3, 18)
CITIES = (None, "", "Łódź", "Kraków", "МОСКВА", "50%_off")
DAYS = [TODAY + timedelta(days=n) for n in (-400, -90, -31, -18, -17, -3, -1, 0, 1, 4, 5, 13, 40, 290)]
TAGS = ("vip", "Опт", "ŻÓŁW")
Row = dict[str, Any]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, list[Row]]]:
    """Forty deals with values of every type, and the same values as plain rows."""
    place = tmp_path_factory.mktemp("conditions") / "base.funneldesk"
    rng = random.Random(11)
    with bases.new_base(place, template="general", language="en", currency="EUR", zone=str(ZONE)) as db:
        team.add_manager(db, "Ann")
        team.add_manager(db, "Bob")
        team.set_rate(db, "PLN", "2026-01-01", "0.25")
        for type_ in (FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.YES_NO):
            fields.add(db, "deal", str(type_), type_)
        fields.add(db, "deal", "Tags", FieldType.MULTI_CHOICE, options=TAGS)
        rows = [_deal(db, n, rng) for n in range(1, 41)]
        yield db, rows


def _deal(db: Database, n: int, rng: random.Random) -> Row:
    city, manager = rng.choice(CITIES), rng.choice((None, 1, 2))
    currency, amount = rng.choice(("EUR", "PLN", "USD")), rng.choice((None, 0, 1_000, 40_000, 90_001))
    day = rng.choice([None, *DAYS])
    at = None if day is None else clock.start_of_day(day, ZONE) + rng.randrange(clock.DAY * 23 // 24)
    close = rng.choice([None, *DAYS])
    title = f"{rng.choice(('Полки', 'ŻÓŁĆ', 'a_b', '10% more', 'Racks'))} {n}"
    clients.create_company(db, name=f"C{n}", city=city)
    given_: Row = {"company_id": n, "amount": amount, "currency": currency, "manager_id": manager}
    made = NewDeal(title, expected_close=None if close is None else close.isoformat(), **given_)
    deals.create(db, made, funnel_id=1)
    if at is not None:
        activities.plan(db, ActivityKind.CALL, About(deal_id=n), due_at=at)
    euros = {"EUR": amount, "PLN": None if amount is None else round(amount * 0.25), "USD": None}[currency]
    row: Row = {
        "title": title, "client_city": city, "manager": manager, "amount": euros, "next_step": at,
        "expected_close": close,
    }  # fmt: skip
    values = (
        rng.choice(("", "Ёлка", "50%")), rng.choice(("", "5", "-2.5", "1000")), rng.choice([None, *DAYS]),
        rng.choice(("", "1", "0")), rng.sample(TAGS, rng.randrange(3)),
    )  # fmt: skip
    kept = [values[0], values[1], values[2].isoformat() if values[2] else "", values[3],
            json.dumps(values[4]) if values[4] else ""]  # fmt: skip
    for field_id, value in enumerate(kept, 1):
        fields.set_value(db, field_id, "deal", n, value)
    row |= {
        "field:1": values[0], "field:2": float(values[1]) if values[1] else None, "field:3": values[2],
        "field:4": {"": None, "1": True, "0": False}[values[3]], "field:5": values[4],
    }  # fmt: skip
    return row


TYPES = {
    "title": ValueType.TEXT, "client_city": ValueType.CHOICE, "manager": ValueType.REF,
    "amount": ValueType.MONEY, "next_step": ValueType.MOMENT, "expected_close": ValueType.DAY,
    "field:1": ValueType.TEXT, "field:2": ValueType.NUMBER, "field:3": ValueType.DAY,
    "field:4": ValueType.FLAG, "field:5": ValueType.SEVERAL,
}  # fmt: skip
WORDS = ["ПОЛКИ", "zolc", "%", "_", "a_b", "10% more 3", "lodz", "москва", "ёлка", "9", "x'y\\"]


@st.composite
def one(draw: st.DrawFn) -> Condition:
    """A complete condition on any of the fields."""
    field = draw(st.sampled_from(sorted(TYPES)))
    type_ = TYPES[field]
    op = draw(st.sampled_from(OPS[type_]))
    some: st.SearchStrategy[Any] = st.sampled_from(WORDS)
    if type_ in (ValueType.NUMBER, ValueType.MONEY):
        some = st.sampled_from([-3, 0, 5, 250, 1000, 10_000, 22_500])
    elif type_ in (ValueType.DAY, ValueType.MOMENT):
        some = st.sampled_from([day.isoformat() for day in DAYS])
    lists: dict[ValueType, list[Any]] = {ValueType.REF: [1, 2], ValueType.SEVERAL: list(TAGS)}
    choices = lists.get(type_, [*WORDS])
    value: Any = {
        Need.NOTHING: st.none(),
        Need.ONE: some,
        Need.TWO: st.tuples(some, st.one_of(st.none(), some)),
        Need.SOME: st.lists(st.sampled_from(choices), min_size=1, max_size=3).map(tuple),
        Need.DAYS: st.sampled_from([0, 1, 17, 31, 5000]),
    }[need(op)]
    return Condition(field, op, draw(value))


TREES = st.recursive(
    st.builds(lambda parts, each: Group(tuple(parts), each), st.lists(one(), max_size=3), st.booleans()),
    lambda inner: st.builds(
        lambda parts, each: Group(tuple(parts), each),
        st.lists(st.one_of(one(), inner), min_size=1, max_size=3),
        st.booleans(),
    ),
    max_leaves=4,
)


def passes(row: Row, part: Condition | Group) -> bool:
    """What the tree means, read slowly."""
    if isinstance(part, Group):
        answers = [passes(row, inner) for inner in part.parts if inner]
        return True if not answers else any(answers) if part.any else all(answers)
    value, op = row[part.field], part.op
    asked: Any = part.value
    opposite = {"lacks": "contains", "is_not": "is", "ne": "eq", "none_of": "one_of", "filled": "empty"}
    if op in opposite:
        return not passes(row, Condition(part.field, opposite[op], asked))
    if op == "empty":
        return value is None or value == "" or value == []
    if value is None:
        return False
    if op in ("yes", "no"):
        return value is (op == "yes")
    if isinstance(value, list):
        have, want = {fold(v) for v in value}, {fold(v) for v in asked}
        return want <= have if op == "all_of" else bool(want & have)
    if op == "one_of":
        return value in asked or (isinstance(value, str) and fold(value) in map(fold, asked))
    if isinstance(value, str):
        text, wanted = fold(value), fold(str(asked))
        return bool({"contains": wanted in text, "is": wanted == text, "starts": text.startswith(wanted)}[op])
    if TYPES[part.field] in (ValueType.NUMBER, ValueType.MONEY):
        return _number(value, op, asked)
    return _dated(value, op, asked)


def _number(value: float, op: str, asked: Any) -> bool:
    if op == "between":
        low, high = asked
        return bool(low <= value and (high is None or value <= high))
    answers: dict[str, bool] = {
        "eq": value == asked, "gt": value > asked, "ge": value >= asked, "lt": value < asked,
        "le": value <= asked,
    }  # fmt: skip
    return answers[op]


def _dated(value: int | date, op: str, asked: Any) -> bool:
    if op == "past":
        return value < NOW if isinstance(value, int) else value < TODAY
    day = clock.local_date(value, ZONE) if isinstance(value, int) else value
    ago = (TODAY - day).days
    monday = TODAY - timedelta(days=TODAY.weekday())
    month = (day.year - TODAY.year) * 12 + day.month - TODAY.month
    quarter = (day.year - TODAY.year) * 4 + (day.month - 1) // 3 - (TODAY.month - 1) // 3
    week = (day - monday).days // 7
    simple = {
        "today": ago == 0, "yesterday": ago == 1, "tomorrow": ago == -1, "this_week": week == 0,
        "last_week": week == -1, "next_week": week == 1, "this_month": month == 0, "last_month": month == -1,
        "next_month": month == 1, "this_quarter": quarter == 0, "last_quarter": quarter == -1,
        "this_year": day.year == TODAY.year, "last_year": day.year == TODAY.year - 1,
    }  # fmt: skip
    if op in simple:
        return simple[op]
    if op.endswith("_days"):
        ways: dict[str, bool] = {
            "last_days": 0 <= ago <= asked, "next_days": 0 <= -ago <= asked, "older_days": ago > asked,
        }  # fmt: skip
        return ways[op]
    if op == "between":
        low, high = asked
        return bool(low <= day.isoformat()) and (high is None or day.isoformat() <= high)
    given_days: dict[str, bool] = {"on": day.isoformat() == asked, "before": day.isoformat() < asked,
            "after": day.isoformat() > asked}  # fmt: skip
    return given_days[op]


@settings(max_examples=120, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(tree=TREES)
def test_sql_finds_exactly_what_the_conditions_mean(base: tuple[Database, list[Row]], tree: Group) -> None:
    db, rows = base
    assert group_from(json.loads(json.dumps(spec_of(tree)))) == _tidy(tree)
    with db.read() as conn:
        found = q.deal_ids(conn, tree, now=NOW)
    assert found == {n for n, row in enumerate(rows, 1) if passes(row, tree)}


def _tidy(tree: Group) -> Group:
    """As a saved view gives it back: without empty groups."""
    parts = [_tidy(p) if isinstance(p, Group) else p for p in tree.parts]
    return Group(tuple(p for p in parts if p), tree.any)


def test_clients_are_asked_for_deals_phones_and_their_own_fields(tmp_path: Path) -> None:
    place = tmp_path / "b.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as db:
        phones = [("phone", "+48 (22) 000-12-34"), ("email", "INFO@acme.example")]
        clients.create_company(db, name="Żółw", roles="client,partner", contacts=phones)
        clients.create_person(db, name="Eva", company_id=1, contacts=[("phone", "8 912 345 67 89")])
        fields.add(db, "company", "Area", FieldType.NUMBER)
        fields.set_value(db, 1, "company", 1, "12.5")
        deals.create(db, NewDeal("D", company_id=1, amount=7_00, currency="EUR"), funnel_id=1)
        leads.create(db, title="Site", phone="111-222")

        def found(kind: str, *parts: Condition) -> int:
            return conditions.count(db, kind, Group(parts))

        assert found("client", Condition("phone", "contains", "220001234")) == 1
        assert found("client", Condition("phone", "contains", "+7 912 345")) == 0
        assert found("client", Condition("phone", "contains", "912 345 67")) == 1
        assert found("client", Condition("email", "contains", "info@")) == 1
        assert found("client", Condition("website", "empty")) == 2
        assert found("client", Condition("has_open_deals", "yes")) == 1
        assert found("client", Condition("open_sum", "ge", 7_00)) == 1
        assert found("client", Condition("open_deals", "lt", 1)) == 1
        assert found("client", Condition("kind", "one_of", ("person",))) == 1
        assert found("client", Condition("roles", "all_of", ("client", "partner"))) == 1
        assert found("client", Condition("company", "contains", "zolw")) == 1
        assert found("client", Condition("next_step", "empty")) == 2
        assert found("client", Condition("field:1", "between", (12, None))) == 1
        assert found("client", Condition("field:1", "empty")) == 1
        assert found("deal", Condition("field:1", "gt", 12)) == 1
        assert found("deal", Condition("client", "is", "ŻÓŁW")) == 1
        assert found("deal", Condition("client_phone", "contains", "0001234")) == 1
        assert found("lead", Condition("phone", "contains", "111")) == 1
        with pytest.raises(UserError, match=r"condition\.gone"):
            found("lead", Condition("field:1", "empty"))
        with pytest.raises(UserError, match=r"condition\.unreadable"):
            found("deal", Condition("created", "on", "yesterday?"))


@pytest.mark.parametrize("kind", ["company", "person", "client", "lead", "deal"])
def test_every_field_offered_can_be_asked_in_every_way(db: Database, kind: str) -> None:
    for type_ in set(FieldType) - {FieldType.CALCULATED}:
        options = ["a", "b"] if type_ in (FieldType.CHOICE, FieldType.MULTI_CHOICE) else []
        for owner in fields.KINDS:
            fields.add(db, owner, str(type_), type_, options=options)
    samples: dict[ValueType, Any] = {ValueType.NUMBER: 1, ValueType.MONEY: 1, ValueType.DAY: "2026-01-01",
                                     ValueType.MOMENT: "2026-01-01", ValueType.REF: 1}  # fmt: skip
    for field in conditions.catalogue(db, kind):
        sample = samples.get(field.type, "a")
        for op in OPS[field.type]:
            value = {Need.NOTHING: None, Need.ONE: sample, Need.TWO: (sample, None), Need.SOME: (sample,),
                     Need.DAYS: 3}[need(op)]  # fmt: skip
            condition = Condition(field.key, op, value)
            assert complete(condition)
            yes = conditions.count(db, kind, Group((condition,)))
            assert 0 <= yes <= conditions.count(db, kind, Group())


def test_records_are_asked_for_by_the_import_that_made_them(db: Database) -> None:
    entries = []
    for name in ("a.csv", "b.csv"):
        flow = ImportFlow()
        flow.open_text(f"Company\tPerson\nOf {name}\tAnn {name}", name)
        flow.set_kind(Kind.CLIENTS)
        imports.dry_run(db, flow)
        entries.append(imports.run_import(db, flow).journal_id)
    clients.create_company(db, name="Own")
    made = next(f for f in conditions.catalogue(db, "client") if f.key == "import")
    assert [(value, name.split(" · ")[0]) for value, name in made.options] == [
        (entries[1], "b.csv"), (entries[0], "a.csv"),
    ]  # fmt: skip

    def names(kind: str, op: str, value: Any = None) -> list[str]:
        with db.read() as conn:
            found = q.ids(conn, kind, Group((Condition("import", op, value),)))
            cls: type[Any] = Company if kind == "company" else Person
            return [r.name for r in select_records(conn, cls) if r.id in found]

    assert names("company", "one_of", (entries[0],)) == ["Of a.csv"]
    assert names("person", "one_of", tuple(entries)) == ["Ann a.csv", "Ann b.csv"]
    assert {"Own", "Of b.csv"} <= {*names("company", "none_of", (entries[0],))} - {"Of a.csv"}
    assert not {"Of a.csv", "Of b.csv"} & {*names("company", "empty")}
    history.take_back(db, entries[0])
    assert names("company", "filled") == ["Of b.csv"]
