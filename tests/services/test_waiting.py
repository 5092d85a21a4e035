"""Rows that name what is not there yet: kept, listed, brought in by itself, taken back."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.activity import Activity
from funneldesk.domain.arrivals import Waiting
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.client import Company, Person
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, billing, clients, deals, history, imports, waiting
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from tests.services.conftest import content, records

Rows = list[list[Any]]


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """A base with the general funnel and nothing else."""
    place = tmp_path / "w.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        yield base


def load(db: Database, kind: Kind, rows: Rows, **request: Any) -> dict[str, Any]:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("\n".join("\t".join("" if c is None else str(c) for c in row) for row in rows), "f.csv")
    flow.set_kind(kind)
    flow.change_request(**request)
    try:
        change = imports.run_import(db, flow)
        assert flow.plan is not None
        told = {**flow.plan.counts, **change.summary}
    finally:
        flow.close()
    assert told["read"] == sum(told[k] for k in ("created", "updated", "duplicates", "skipped", "rejected"))
    return told


COMPANIES: Rows = [["ID", "Company", "City"], ["c1", "Delta", "Paris"], ["c2", "Sigma", "Rome"]]
PEOPLE: Rows = [
    ["ID", "Name", "Company ID", "Company", "E-mail"],
    ["1", "Ann Lark", "c1", "Delta", "ann@delta.example"],
    ["2", "Bob Wren", "c2", "Sigma", None],
]
DEALS: Rows = [
    ["ID", "Title", "Company ID", "Contact ID", "Amount", "Created"],
    ["d1", "Racks", "c1", "1", "100", "2026-01-01"],
    ["d2", "Shelves", None, "2", "50", "2026-01-02"],
]
ACTIVITIES: Rows = [
    ["deal", "client", "type", "at", "comment"],
    ["d1", None, "call", "2026-01-03", "hello"],
    [None, "Sigma", "meeting", "2026-01-04", "met"],
    ["Shelves", None, "letter", "2026-01-05", "by title"],
]
INVOICES: Rows = [
    ["ID", "Number", "Company ID", "Deal ID", "Date", "Due date", "Amount"],
    ["i1", "7", "c1", "d1", "2026-02-01", "2026-02-10", "100"],
    ["i2", "8", "c2", None, "2026-02-02", None, "-20"],
]
PAYMENTS: Rows = [
    ["Invoice", "Client", "Date", "Amount"],
    ["Invoice No. 7", None, "2026-02-05", "40"],
    ["7", "Delta", "2026-02-05", "40"],
    [None, "Sigma", "2026-02-06", "5"],
]


def stage_history(db: Database) -> Rows:
    names = [row[0] for row in _stages(db)]
    return [
        ["deal", "at", "to_stage"],
        ["d1", "2026-01-04", names[1]],
        ["d1", "2026-01-01", names[0]],
        ["d1", "2026-01-04", names[2]],
        ["d2", "2026-01-09", "Won"],
        ["d2", "2026-01-02", names[0]],
    ]


def _stages(db: Database) -> list[tuple[str]]:
    from funneldesk.domain.funnel import Stage, ordered

    return [(s.name,) for s in ordered(records(db, Stage))]


FILES: dict[Kind, Rows] = {
    Kind.CLIENTS: COMPANIES, Kind.PEOPLE: PEOPLE, Kind.DEALS: DEALS, Kind.ACTIVITIES: ACTIVITIES,
    Kind.INVOICES: INVOICES, Kind.PAYMENTS: PAYMENTS,
}  # fmt: skip


def picture(db: Database) -> dict[str, list[Any]]:
    """What the base says, without ids and without the moment of the import."""
    company = {c.id: c.name for c in records(db, Company)}
    person = {p.id: p.name for p in records(db, Person)}
    deal = {d.id: d.title for d in records(db, Deal)}
    invoice = {i.id: i.number for i in records(db, Invoice)}
    stage: dict[Any, str] = {}
    from funneldesk.domain.funnel import Stage

    stage = {s.id: s.name for s in records(db, Stage)}
    found: dict[str, list[Any]] = {
        "companies": [(c.name, c.city, c.external_id) for c in records(db, Company)],
        "people": [(p.name, company.get(p.company_id), p.external_id) for p in records(db, Person)],
        "deals": [
            (d.title, company.get(d.company_id), person.get(d.person_id), d.amount, d.status,
             stage.get(d.stage_id), d.created_at)
            for d in records(db, Deal)
        ],
        "moves": [
            (deal[m.deal_id], m.seq, m.at, m.to_kind, stage.get(m.to_stage_id))
            for m in records(db, StageMove)
        ],
        "activities": [
            (a.kind, deal.get(a.deal_id), company.get(a.company_id), person.get(a.person_id), a.done_at,
             a.comment)
            for a in records(db, Activity)
        ],
        "invoices": [
            (i.number, company.get(i.company_id), deal.get(i.deal_id), i.date, i.due_date, i.amount)
            for i in records(db, Invoice)
        ],
        "payments": [
            (invoice.get(p.invoice_id), company.get(p.company_id), p.date, p.amount)
            for p in records(db, Payment)
        ],
    }  # fmt: skip
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


ORDERS = [
    list(order)
    for number, order in enumerate(itertools.permutations([*FILES, Kind.HISTORY]))
    if number % 900 == 251
]


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, list[Any]]:
    """The end of the natural order."""
    place = tmp_path / "natural.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        for kind, rows in [*FILES.items(), (Kind.HISTORY, stage_history(base))]:
            assert load(base, kind, rows)["waiting"] == 0
        return picture(base)


@pytest.mark.parametrize("order", ORDERS, ids=lambda order: " ".join(str(k) for k in order))
def test_files_in_any_order_end_in_the_same_base(
    order: list[Kind], empty: Database, expected: dict[str, list[Any]]
) -> None:
    states = [content(empty)]
    files = {**FILES, Kind.HISTORY: stage_history(empty)}
    for kind in order:
        load(empty, kind, files[kind], on_duplicate=OnDuplicate.FILL)
        states.append(content(empty))
    assert picture(empty) == expected
    assert waiting.waiting(empty) == []
    for state in reversed(states[:-1]):
        history.undo(empty)
        assert content(empty) == state
    for state in states[1:]:
        history.redo(empty)
        assert content(empty) == state


def test_what_waits_is_listed_and_the_same_row_does_not_wait_twice(empty: Database) -> None:
    told = load(empty, Kind.PAYMENTS, PAYMENTS)
    assert [told[k] for k in ("created", "skipped", "waiting")] == [0, 3, 3]
    rows = waiting.waiting(empty)
    assert [(r.kind, r.wants, r.key, r.file, r.row) for r in rows] == [
        ("payments", "invoice", "Invoice No. 7", "f.csv", 2),
        ("payments", "client", "Delta", "f.csv", 3),
        ("payments", "client", "Sigma", "f.csv", 4),
    ]
    assert rows[2].cells == {"client": "Sigma", "date": "2026-02-06", "amount": "5"}
    assert load(empty, Kind.PAYMENTS, PAYMENTS)["duplicates"] == 3
    assert len(waiting.waiting(empty)) == 3


def test_a_client_and_an_invoice_made_by_hand_bring_in_what_waits_and_undo_takes_it_back(
    empty: Database,
) -> None:
    load(empty, Kind.PAYMENTS, PAYMENTS)
    before = content(empty)
    clients.create_company(empty, name="Sigma Ltd")
    assert [(p.amount, p.company_id) for p in records(empty, Payment)] == [(500, 1)]
    assert [r.key for r in waiting.waiting(empty)] == ["Invoice No. 7", "Delta"]
    history.undo(empty)
    assert content(empty) == before
    assert len(waiting.waiting(empty)) == 3
    clients.create_company(empty, name="Delta")
    assert [r.key for r in waiting.waiting(empty)] == ["Invoice No. 7", "7", "Sigma"]
    billing.add_invoice(empty, "7", 100_00, company_id=records(empty, Company)[-1].id)
    assert [p.amount for p in records(empty, Payment)] == [4000, 4000]
    assert [w.cells for w in records(empty, Waiting) if w.settled_at] == ["{}", "{}"]


def test_a_deal_made_by_hand_is_known_by_its_title(empty: Database) -> None:
    load(empty, Kind.ACTIVITIES, ACTIVITIES)
    deals.create(empty, NewDeal("shelves"), funnel_id=1)
    assert [(a.comment, a.deal_id) for a in records(empty, Activity)] == [("by title", 1)]
    deals.update(empty, 1, external_id="d1")
    assert len(records(empty, Activity)) == 2


def test_a_row_that_cannot_be_brought_in_stays_and_says_why(empty: Database) -> None:
    load(empty, Kind.HISTORY, [["deal", "at", "to_stage"], ["d1", "2026-01-01", "Moon"]])
    told = load(empty, Kind.DEALS, DEALS[:1] + [["d1", "Racks", None, None, "5", None]])
    assert (told["created"], told["settled"]) == (1, 0)
    assert [(r.wants, r.code) for r in waiting.waiting(empty)] == [(waiting.PROBLEM, "import.unknown_stage")]
    waiting.drop(empty, [waiting.waiting(empty)[0].id])
    assert waiting.waiting(empty) == []


def test_two_deals_of_one_title_and_two_invoices_of_one_number_are_asked_for(empty: Database) -> None:
    for _time in range(2):
        deals.create(empty, NewDeal("Same"), funnel_id=1)
    told = load(empty, Kind.ACTIVITIES, [["deal", "type", "at"], ["Same", "call", "2026-01-01"]])
    assert told["rejected"] == 1
    for day in ("2025-01-01", "2026-01-01"):
        for name in ("A", "B"):
            if day == "2025-01-01":
                clients.create_company(empty, name=name)
            number = {"A": 1, "B": 2}[name]
            billing.add_invoice(empty, "1", 100, company_id=number, date=day)
    rows: Rows = [
        ["Invoice", "Client", "Date", "Amount"],
        ["1", None, "2026-02-01", "1"], ["1", "A", "2026-02-01", "1"], ["1 от 01.01.2025", "B", None, "1"],
    ]  # fmt: skip
    told = load(empty, Kind.PAYMENTS, rows)
    assert (told["created"], told["rejected"]) == (2, 1)
    dates = {i.id: i.date for i in records(empty, Invoice)}
    assert [dates[p.invoice_id] for p in records(empty, Payment)] == ["2026-01-01", "2025-01-01"]


def test_the_same_file_of_payments_again_adds_none_but_equal_payments_are_kept(empty: Database) -> None:
    clients.create_company(empty, name="Acme")
    rows: Rows = [["Client", "Date", "Amount"], *[["Acme", "2026-02-01", "5"]] * 2]
    assert load(empty, Kind.PAYMENTS, rows)["created"] == 2
    assert load(empty, Kind.PAYMENTS, rows)["duplicates"] == 2
    assert load(empty, Kind.PAYMENTS, [*rows, rows[1]])["created"] == 1


def test_an_invoice_is_known_by_number_day_and_client_and_overwritten_when_asked(empty: Database) -> None:
    clients.create_company(empty, name="Acme")
    rows: Rows = [
        ["Number", "Client", "Date", "Amount", "Manager"],
        ["№ 5", "Acme", "2026-01-01", "10", None],
    ]
    load(empty, Kind.INVOICES, rows)
    rows[1][0], rows[1][3], rows[1][4] = "5", "12", "Ann"
    assert load(empty, Kind.INVOICES, rows)["duplicates"] == 1
    assert load(empty, Kind.INVOICES, rows, on_duplicate=OnDuplicate.FILL)["updated"] == 1
    assert [(i.amount, i.manager_id) for i in records(empty, Invoice)] == [(1000, 1)]
    before = content(empty)
    assert load(empty, Kind.INVOICES, rows, on_duplicate=OnDuplicate.UPDATE)["updated"] == 1
    assert records(empty, Invoice)[0].amount == 1200
    history.undo(empty)
    assert content(empty) == before
    rows[1][2] = "2027-01-01"
    assert load(empty, Kind.INVOICES, rows)["created"] == 1
