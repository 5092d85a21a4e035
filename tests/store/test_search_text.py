"""Own fields and notes are found, whichever way they come, change and go."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Label
from funneldesk.domain.fields import FieldType
from funneldesk.services import activities, bulk, clients, deals, fields, history, leads
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store import search, search_text
from funneldesk.store.database import Database


def found(db: Database, text: str) -> set[tuple[str, int]]:
    """What is found, which must be what an index made anew finds too."""
    with db.read() as conn:
        now = {(hit.kind, hit.id) for hit in search.find(conn, text, list(search.CODES))}
    with db.maintenance() as conn:
        search.rebuild(conn)
    with db.read() as conn:
        assert {(hit.kind, hit.id) for hit in search.find(conn, text, list(search.CODES))} == now
    return now


def test_own_fields_are_found_until_they_go(db: Database) -> None:
    fields.add(db, "company", "Brand", FieldType.TEXT)
    fields.add(db, "company", "Born", FieldType.DATE)
    fields.set_value(db, 1, "company", 1, "Żółw и Ёлка")
    fields.set_value(db, 2, "company", 1, "2026-03-31")
    assert found(db, "ZOLW") == {("company", 1)}
    assert found(db, "елка") == {("company", 1)}
    assert found(db, "2026-03") == set()
    fields.set_value(db, 1, "company", 1, "Other")
    assert found(db, "zolw") == set()
    history.undo(db)
    assert found(db, "zolw") == {("company", 1)}
    fields.delete(db, 1)
    assert found(db, "zolw") == set()
    history.undo(db)
    assert found(db, "zolw") == {("company", 1)}


def test_values_of_many_are_found_and_taken_back(db: Database) -> None:
    clients.create_company(db, name="Second")
    refs = [("company", 1), ("company", 2)]
    bulk.tag(db, refs, "Tags", add=["Wholesale"])
    assert found(db, "wholesale") == {("company", 1), ("company", 2)}
    bulk.tag(db, refs, "Tags", add=["Retail"], remove=["Wholesale"])
    assert found(db, "wholesale") == set()
    assert found(db, "retail") == {("company", 1), ("company", 2)}
    history.undo(db)
    assert found(db, "retail") == set()
    history.undo(db)
    assert found(db, "wholesale") == set()
    history.redo(db)
    assert found(db, "wholesale") == {("company", 1), ("company", 2)}


@pytest.mark.parametrize("kind", ["company", "deal", "lead"])
def test_notes_are_found_at_the_record_they_are_of(db: Database, kind: str) -> None:
    deals.create(db, NewDeal("Racks", company_id=1), funnel_id=1)
    leads.create(db, title="Call")
    about = {"company": About(company_id=1), "deal": About(deal_id=1), "lead": About(lead_id=1)}[kind]
    note = activities.log(db, ActivityKind.NOTE, about, text="Wants ПОЛКИ by May").new_id("activity")
    activities.log(db, ActivityKind.CALL, about, text="полка")
    assert (kind, 1) in found(db, "полки by")
    activities.update(db, note, subject="nothing")
    assert found(db, "полки by") == set()
    history.undo(db)
    activities.delete(db, note)
    assert found(db, "полки by") == set()
    history.undo(db)
    assert (kind, 1) in found(db, "полки by")


def test_values_written_as_a_range_reach_records_that_were_there(db: Database) -> None:
    fields.add(db, "company", "Brand", FieldType.TEXT)
    with db.transaction(Label("import.run", {"file": "f"})) as tx:
        first = tx.reserve("custom_value")
        columns = ("id", "field_id", "record_kind", "record_id", "value")
        tx.bulk_insert("custom_value", columns, [(first, 1, "company", 1, "Zebra")])
    assert found(db, "zebra") == {("company", 1)}
    history.undo(db)
    assert found(db, "zebra") == set()
    history.redo(db)
    assert found(db, "zebra") == {("company", 1)}


@given(
    st.lists(
        st.tuples(
            st.none() | st.integers(0, 4), st.none() | st.integers(0, 4), st.sampled_from(["note", "call"])
        )
    )
)
def test_the_owners_of_many_rows_are_those_of_each(rows: list[tuple[int | None, int | None, str]]) -> None:
    columns = ["company_id", "person_id", "kind"]
    for kind in ("activity", "contact_point"):
        wanted: dict[str, set[int]] = {}
        for company, person, what in rows:
            for owner, record in (("company", company), ("person", person)):
                if record and (kind != "activity" or what == "note"):
                    wanted.setdefault(owner, set()).add(record)
        data = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
        assert search_text.owners_of_columns(kind, data) == wanted
    of = {
        "note": "lead",
        "call": "product",
    }  # products have own fields, and the search does not look for them
    values = [(record, of[what]) for record, _other, what in rows]
    of_rows: dict[str, list[Any]] = {
        "record_id": [v[0] for v in values],
        "record_kind": [v[1] for v in values],
    }
    found = search_text.owners_of_columns("custom_value", of_rows)
    leads = {record for record, owner in values if record and owner == "lead"}
    assert found == ({"lead": leads} if leads else {})
