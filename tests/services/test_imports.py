"""Imports run: counts add up, the base gets what the file says, cancel and undo leave no trace."""

from __future__ import annotations

import copy
import gc
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Label
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.fields import CustomValue
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.lead import Lead
from funneldesk.domain.team import LossReason, Manager
from funneldesk.errors import Cancelled, UserError
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.plan import Action
from funneldesk.services import bases, history, imports
from funneldesk.store.database import Database
from tests.services.conftest import content, records
from tests.services.import_kit import deal_rows, flow_of, run

CLIENTS: list[list[Any]] = [
    ["Company", "VAT", "Contact person", "Position", "Phone", "E-mail", "City", "Manager", "Source"],
    ["Umbrella GmbH", "DE123456789", "Jan Kos", "CEO", "+49 30 111 22 33; +49 30 111 22 44", "jk@um.example", "Bonn", "Cid", "Fair"],  # noqa: E501
    ["ACME", None, "Eva Lark", None, "22 000 12 34", None, "Paris", "Ann", None],
    [None, None, "Ola Nowak", None, "+48 600 700 800", "ola@nowak.example", None, None, None],
    [None, None, None, None, "+48 600 700 801", None, None, None, None],
    ["umbrella", None, None, None, None, "jk@um.example", None, None, None],
]  # fmt: skip


def test_clients_make_companies_people_and_contact_points(db: Database) -> None:
    before = content(db)
    counts = run(db, Kind.CLIENTS, CLIENTS)
    assert [counts[k] for k in ("read", "created", "duplicates", "rejected")] == [5, 2, 2, 1]
    umbrella = records(db, Company)[-1]
    assert (umbrella.name, umbrella.tax_id, umbrella.city) == ("Umbrella GmbH", "DE123456789", "Bonn")
    phones = [c.value for c in records(db, ContactPoint) if c.company_id == umbrella.id and c.kind == "phone"]
    assert phones == ["+49 30 111 22 33", "+49 30 111 22 44"]
    jan, ola = records(db, Person)[-2:]
    assert (jan.name, jan.company_id, jan.position) == ("Jan Kos", umbrella.id, "CEO")
    assert (ola.name, ola.company_id, ola.kind) == ("Ola Nowak", None, "individual")
    assert [m.name for m in records(db, Manager)] == ["Ann", "Bob", "Cid"]
    history.undo(db)
    assert content(db) == before


def test_the_problem_of_a_rejected_row_says_row_and_reason(db: Database) -> None:
    flow = flow_of(db, Kind.CLIENTS, CLIENTS)
    plan = imports.dry_run(db, flow)
    assert [(p.row, p.code) for p in plan.problems] == [(5, "import.no_name")]
    headers, rows = flow.rejected()
    assert headers[0] == "Company"
    assert (rows[0][0], rows[0][1][4]) == (5, "+48 600 700 801")


@pytest.mark.parametrize(
    ("policy", "counts", "city", "phones"),
    [
        (OnDuplicate.SKIP, (0, 0, 2), "Rome", 1),
        (OnDuplicate.FILL, (0, 1, 1), "Rome", 1),
        (OnDuplicate.UPDATE, (0, 1, 1), "Paris", 2),
        (OnDuplicate.CREATE, (2, 0, 0), "Rome", 1),
    ],
)
def test_a_duplicate_is_skipped_filled_overwritten_or_made(
    db: Database, policy: OnDuplicate, counts: tuple[int, int, int], city: str, phones: int
) -> None:
    with db.transaction(Label("client.changed")) as tx:
        tx.update(Company, 1, city="Rome")
    before = content(db)
    rows: list[list[Any]] = [
        ["Company", "Phone", "E-mail", "City", "Website"],
        ["Other name", "+48 22 999 99 99", "info@ACME.example", "Paris", "acme.example"],
        ["Acme", None, None, None, None],
    ]
    done = run(db, Kind.CLIENTS, rows, on_duplicate=policy)
    assert (done["created"], done["updated"], done["duplicates"]) == counts
    acme = records(db, Company)[0]
    assert acme.city == city
    owned = [c for c in records(db, ContactPoint) if c.company_id == 1]
    assert sum(c.kind == "phone" for c in owned) == phones
    assert sum(c.kind == "website" for c in owned) == (policy in (OnDuplicate.FILL, OnDuplicate.UPDATE))
    if counts != (0, 0, 2):
        history.undo(db)
    assert content(db) == before


def test_a_row_that_renames_the_company_of_a_row_above_leaves_it_found_by_its_name(db: Database) -> None:
    rows = [["ID", "Company"], ["c2", "Delta"], ["c2", "Sigma"]]
    run(db, Kind.CLIENTS, rows, on_duplicate=OnDuplicate.UPDATE)
    assert [(c.name, c.name_key, c.sort_key) for c in records(db, Company) if c.external_id == "c2"] == [
        ("Sigma", "sigma", "sigma")
    ]
    assert bases.check(db).problems == ()


def test_a_different_tax_number_is_a_different_company(db: Database) -> None:
    run(db, Kind.CLIENTS, [["Company", "NIP"], ["Kwiat", "5260250274"], ["Kwiat sp. z o.o.", "7740001454"]])
    assert [c.name for c in records(db, Company)[1:]] == ["Kwiat", "Kwiat sp. z o.o."]


def test_deals_bring_company_stage_outcome_money_and_inferred_history(db: Database, stage_name: str) -> None:
    before = content(db)
    counts = run(db, Kind.DEALS, deal_rows(stage_name))
    assert [counts[k] for k in ("read", "created", "duplicates", "rejected")] == [7, 4, 1, 2]
    first, second, won, lost = records(db, Deal)
    stages = records(db, Stage)
    assert (first.stage_id, first.amount, first.currency, first.path_known) == (
        stages[1].id,
        100050,
        "EUR",
        True,
    )
    assert first.visited == 1 << stages[1].slot
    assert (second.stage_id, second.amount, second.currency) == (stages[0].id, 50000, "USD")
    assert second.title == "Елка"
    assert second.company_id == first.company_id
    assert (won.status, won.company_id, won.path_known, won.stage_id) == ("won", None, False, None)
    assert won.closed_at - won.created_at == 19 * 86_400_000_000
    assert (lost.status, lost.created_at, lost.path_known) == ("lost", None, False)
    reasons = {r.id: r.name for r in records(db, LossReason)}
    assert reasons[lost.loss_reason_id] == "Дорого"
    moves = [(m.deal_id, m.seq, m.to_kind, m.to_stage_id) for m in records(db, StageMove)]
    assert moves == [
        (first.id, 0, "open", stages[1].id), (second.id, 0, "open", stages[0].id),
        (won.id, 0, "open", None), (won.id, 1, "won", None), (lost.id, 0, "open", None), (lost.id, 1, "lost", None),  # noqa: E501
    ]  # fmt: skip
    after = content(db)
    history.undo(db)
    assert content(db) == before
    history.redo(db)
    assert content(db) == after


def test_rejected_deals_say_why_and_make_no_company(db: Database, stage_name: str) -> None:
    flow = flow_of(db, Kind.DEALS, deal_rows(stage_name)[:1] + deal_rows(stage_name)[5:6])
    plan = imports.dry_run(db, flow)
    assert [(p.row, p.column, p.value, p.code) for p in plan.problems] == [
        (2, "Стадия", "Нет такой", "import.unknown_stage")
    ]
    assert plan.records == {}


def test_a_stage_called_like_an_outcome_wins_over_the_word(empty: Database) -> None:
    run(
        empty,
        Kind.DEALS,
        [["ID", "Stage"], ["1", "New"], ["2", "Lost"]],
        create_funnel=True,
        stages=("New", "Lost"),
    )
    assert [d.status for d in records(empty, Deal)] == ["open", "open"]


def test_create_funnel_makes_stages_in_the_order_of_the_file(empty: Database) -> None:
    rows: list[list[Any]] = [
        ["ID", "Etap"],
        ["1", "Oferta"],
        ["2", "Wygrana"],
        ["3", "Kontakt"],
        ["4", "oferta"],
    ]
    run(empty, Kind.DEALS, rows, create_funnel=True, funnel="Sprzedaż")
    assert [f.name for f in records(empty, Funnel)] == ["Sprzedaż"]
    assert [(s.name, s.position, s.slot) for s in records(empty, Stage)] == [
        ("Oferta", 1, 0),
        ("Kontakt", 2, 1),
    ]
    assert [d.status for d in records(empty, Deal)] == ["open", "won", "open", "open"]


def test_values_are_translated_and_constants_set(db: Database) -> None:
    flow = flow_of(db, Kind.DEALS, [["ID", "Stage", "Sum"], ["1", "deal is done", "5"]])
    flow.translate("stage", "Deal is DONE", "Won")
    flow.set_constant("manager", "Zoe")
    flow.set_constant("currency", "PLN")
    imports.run_import(db, flow)
    deal = records(db, Deal)[0]
    assert (deal.status, deal.currency) == ("won", "PLN")
    assert records(db, Manager)[-1].name == "Zoe"


def test_a_deal_that_only_has_a_phone_brings_a_person_once(db: Database) -> None:
    run(
        db,
        Kind.DEALS,
        [["ID", "Phone"], ["1", "+48 600 111 222"], ["2", "600 111 222"], ["3", "22 000 12 34"]],
    )
    person = records(db, Person)[-1]
    assert person.name == "+48 600 111 222"
    assert [(d.person_id, d.company_id) for d in records(db, Deal)] == [(person.id, None)] * 2 + [(None, 1)]


def test_deals_find_their_company_by_its_tax_number_whatever_it_is_called(db: Database) -> None:
    run(db, Kind.CLIENTS, [["Company", "NIP"], ["Kwiat", "5260250274"]])
    rows = [["ID", "Client", "NIP"], ["1", "Kwiaciarnia Lodz", "526-025-02-74"], ["2", "Kwiat", "7740001454"]]
    run(db, Kind.DEALS, [*rows, ["3", "Rosa", "PL 7740001454"]])
    known, other = records(db, Company)[1:]
    assert (known.tax_id, other.name, other.tax_id) == ("5260250274", "Kwiat", "7740001454")
    assert [deal.company_id for deal in records(db, Deal)] == [known.id, other.id, other.id]


def test_leads_and_activities_come_in_and_are_not_doubled(db: Database) -> None:
    leads: list[list[Any]] = [
        ["Lead name", "Phone", "Lead Status"],
        ["Ask", "+48 600 600 600", "Qualified"],
        ["Ask 2", "600600600", None],
    ]
    done = run(db, Kind.LEADS, leads)
    assert (done["created"], done["duplicates"]) == (1, 1)
    assert records(db, Lead)[0].status == "qualified"
    run(db, Kind.DEALS, [["ID", "Client"], ["1", "Acme"]])
    rows: list[list[Any]] = [
        ["deal", "client", "kind", "at", "manager", "comment"],
        ["1", None, "звонок", "2026-01-05 10:00", "Ann", "hello"], [None, "ACME ltd", "Spotkanie", "2099-01-05", None, None],  # noqa: E501
        ["7", None, "call", "2026-01-05", None, None], [None, "Nobody", "call", "2026-01-05", None, None],
        ["1", None, "dance", "2026-01-05", None, None],
    ]  # fmt: skip
    done = run(db, Kind.ACTIVITIES, rows)
    assert (done["created"], done["waiting"], done["rejected"]) == (2, 2, 1)
    call, meeting = records(db, Activity)
    assert (call.kind, call.deal_id, call.company_id, call.manager_id) == ("call", 1, 1, 1)
    assert (meeting.kind, meeting.done_at, meeting.company_id) == ("meeting", None, 1)
    assert records(db, Deal)[0].last_done_at == call.done_at
    assert run(db, Kind.ACTIVITIES, rows[:3])["duplicates"] == 2
    content(db)


def test_custom_fields_are_made_and_filled(db: Database) -> None:
    flow = flow_of(db, Kind.CLIENTS, [["Company", "Colour"], ["Zed", "red"], ["Acme", "blue"]])
    flow.set_map(1, "custom:Colour")
    before = content(db)
    imports.run_import(db, flow)
    assert [(v.value, v.record_id) for v in records(db, CustomValue)] == [("red", 2)]
    again = flow_of(
        db, Kind.CLIENTS, [["Colour", "Company"], ["green", "Zed"]], on_duplicate=OnDuplicate.UPDATE
    )
    assert [m.used for m in again.maps] == ["custom:Colour", "name"]
    imports.run_import(db, again)
    assert [v.value for v in records(db, CustomValue)] == ["green"]
    history.undo(db)
    history.undo(db)
    assert content(db) == before


def test_dates_that_fit_two_orders_are_asked_and_nothing_is_written(db: Database) -> None:
    flow = flow_of(db, Kind.DEALS, [["ID", "Created"], ["1", "03/04/2026"]])
    before = content(db)
    with pytest.raises(UserError, match=r"import\.question_date"):
        imports.run_import(db, flow)
    assert content(db) == before
    flow.set_map(1, "created_at:mdy")
    imports.run_import(db, flow)
    assert records(db, Deal)[0].created_at == 1_772_582_400_000_000


def test_totals_repeated_headers_and_rows_left_out_are_skipped_and_said(db: Database) -> None:
    rows: list[list[Any]] = [
        ["Company", "City"],
        ["A1", "x"],
        ["Company", "City"],
        ["B1", "y"],
        [None, None],
        ["Итого", "2"],
    ]
    flow = flow_of(db, Kind.CLIENTS, rows)
    flow.leave_out(4)
    plan = imports.dry_run(db, flow)
    assert plan.counts["skipped"] == 3
    assert plan.counts["blank"] == 1
    assert [p.code for p in plan.problems] == ["import.header_again", "import.left_out", "import.total_row"]
    assert flow.places(Action.CREATE) == [0]


@pytest.mark.parametrize(
    ("under", "skipped"),
    [
        ([["Made by: O. Kuznetsova", None, None]], 2),
        ([[None, "Director", None], ["____ (signature)", None, None]], 3),
        ([["Omega", "Lodz", None]], 1),  # a row of the table
        ([["Omega", None, None], ["Sigma", "Lyon", "1"]], 1),
    ],
)
def test_words_under_the_totals_are_no_rows(
    db: Database, under: list[list[str | None]], skipped: int
) -> None:
    rows: list[list[Any]] = [["Company", "City", "Sum"], ["Zed", "Lodz", "5"], ["Total", None, "5"], *under]
    summary = run(db, Kind.CLIENTS, rows)
    assert (summary["skipped"], summary["created"], summary["rejected"]) == (
        skipped,
        len(rows) - 1 - skipped,
        0,
    )


def test_a_mended_cell_is_imported_as_mended(db: Database) -> None:
    flow = flow_of(db, Kind.DEALS, [["ID", "Amount"], ["1", "lots"]])
    assert imports.dry_run(db, flow).counts["rejected"] == 1
    flow.mend(2, 1, "12,5")
    imports.run_import(db, flow)
    assert records(db, Deal)[0].amount == 1250


def test_the_mapping_is_remembered_by_the_headers(db: Database) -> None:
    flow = flow_of(db, Kind.CLIENTS, [["Qqq", "Www"], ["Acme 2", "x"]])
    flow.set_map(0, "name")
    flow.set_map(1, "category")
    imports.run_import(db, flow)
    again = flow_of(db, Kind.CLIENTS, [["www", "QQQ"], ["y", "Acme 3"]])
    assert [m.used for m in again.maps] == ["category", "name"]


def test_cancel_in_the_middle_leaves_nothing(db: Database) -> None:
    rows: list[list[Any]] = [["Company", "Phone"]] + [
        [f"Firm {i}", f"+48 600 {i:06d}"] for i in range(12_000)
    ]
    flow = flow_of(db, Kind.CLIENTS, rows)
    imports.dry_run(db, flow)
    before = content(db)
    asked: list[int] = []
    with pytest.raises(Cancelled):
        imports.run_import(db, flow, cancelled=lambda: asked.append(1) or len(asked) > 3)  # type: ignore[func-returns-value]
    assert len(asked) > 3
    assert content(db) == before


def test_a_base_that_changed_since_the_dry_run_is_planned_anew(db: Database) -> None:
    rows: list[list[Any]] = [["Company"], ["Fresh"]]
    flow = flow_of(db, Kind.CLIENTS, rows)
    assert imports.dry_run(db, flow).counts["created"] == 1
    run(db, Kind.CLIENTS, rows)
    imports.run_import(db, flow)
    assert flow.plan is not None
    assert flow.plan.counts["duplicates"] == 1


WORDS = st.sampled_from([
    None, "Acme", "ACME ltd", "Żółw sp. z o.o.", "x", "Ann", "5", "1 500,5", "много", "2026-03-05", "31.02.2026",  # noqa: E501
    "a@b.pl", "+48 600 700 800", "600700800; 48601", "Won", "Lost: price", "Сумма", "#", "-", "Итого",
])  # fmt: skip
HEADS = {
    Kind.CLIENTS: ["ID", "Company", "Contact", "Phone", "E-mail", "Manager"],
    Kind.DEALS: ["ID", "Client", "Stage", "Amount", "Created", "Phone"],
    Kind.LEADS: ["ID", "Title", "Phone", "E-mail", "Created", "Status"],
    Kind.HISTORY: ["deal", "at", "to_stage", "actor"],
    Kind.ACTIVITIES: ["deal", "client", "type", "at", "comment"],
    Kind.PEOPLE: ["ID", "Name", "Company", "Phone", "E-mail", "Manager"],
    Kind.INVOICES: ["ID", "Invoice number", "Client", "Date", "Amount", "Manager"],
    Kind.PAYMENTS: ["Invoice", "Client", "Date", "Amount", "Company ID"],
}


@settings(max_examples=60)
@given(
    data=st.data(),
    kind=st.sampled_from(list(Kind)),
    policy=st.sampled_from(list(OnDuplicate)),
    make=st.booleans(),
)
def test_whatever_the_rows_the_counts_add_up_and_undo_takes_all_back(
    db: Database, data: st.DataObject, kind: Kind, policy: OnDuplicate, make: bool
) -> None:
    body = data.draw(
        st.lists(st.lists(WORDS, min_size=len(HEADS[kind]), max_size=len(HEADS[kind])), max_size=8)
    )
    if not any(any(row) for row in body):
        return
    before = content(db)
    flow = flow_of(db, kind, [HEADS[kind], *body], on_duplicate=policy, create_funnel=make)
    flow.choose_header(1)
    for column, head in enumerate(HEADS[kind]):
        if head in ("Amount", "Invoice number") and kind in (Kind.INVOICES, Kind.PAYMENTS):
            flow.set_map(column, {"Amount": "amount"}.get(head, "number"))
    change = imports.run_import(db, flow)
    assert flow.plan is not None
    counts = flow.plan.counts
    done = sum(counts[k] for k in ("created", "updated", "duplicates", "skipped", "rejected"))
    assert counts["read"] == done == sum(any(c for c in row) for row in body)
    assert counts["skipped"] >= counts["waiting"] == len(flow.plan.waits)
    content(db)
    if change.journal_id:
        history.undo(db)
    assert content(db) == before


def test_a_copy_of_a_flow_outlives_it_and_nothing_is_left_behind(db: Database) -> None:
    flow = flow_of(db, Kind.CLIENTS, [["Company"], ["A"], ["B"]])
    other = copy.copy(flow)
    del flow
    gc.collect()
    other.choose_header(1)
    assert imports.dry_run(db, other).counts["created"] == 2
    folder = other._folder
    other.close()
    assert not folder.exists()
