"""The same list next month: only what changed is written, what is gone is known, and all is taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.arrivals import ImportRun
from funneldesk.domain.client import Company, Person
from funneldesk.domain.fields import CustomValue
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, clients, history, imports, living
from funneldesk.store.database import Database
from tests.services.conftest import content, records

Rows = list[list[Any]]
JANUARY: Rows = [
    ["Company", "City", "Phone", "Contact"],
    ["Alfa", "Paris", None, None],
    ["Beta", "Rome", "+39 06 1234 567", None],
    ["Gamma", "Oslo", None, None],
    [None, "Bonn", None, "Ann Lark"],
]
FEBRUARY: Rows = [
    ["Company", "City", "Phone", "Contact"],
    ["Beta", "Milan", "+39 06 1234 567", None],
    ["Alfa", "Paris", None, None],
    ["Delta", "Lodz", None, None],
]


def flow_of(db: Database, rows: Rows, name: str, **request: Any) -> ImportFlow:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("\n".join("\t".join("" if c is None else str(c) for c in row) for row in rows), name)
    flow.set_kind(Kind.CLIENTS)
    flow.change_request(on_duplicate=OnDuplicate.UPDATE, **request)
    return flow


@pytest.fixture
def lists(tmp_path: Path) -> Any:
    """A base with the list of January; a client that no list names."""
    place = tmp_path / "l.funneldesk"
    with bases.new_base(place, language="en", currency="EUR", zone="UTC") as base:
        clients.create_company(base, name="Own")
        imports.run_import(base, flow_of(base, JANUARY, "january.csv"))
        yield base


def test_new_changed_the_same_and_vanished_are_told_before_anything_is_written(lists: Database) -> None:
    flow = flow_of(lists, FEBRUARY, "february.csv")
    plan = imports.dry_run(lists, flow)
    assert [plan.counts[k] for k in ("read", "created", "updated", "duplicates")] == [3, 1, 1, 1]
    found = living.compare(lists, flow)
    assert found is not None
    assert (found.previous.file, found.new, found.changed, found.same) == ("january.csv", 1, 1, 1)
    assert [(v.kind, v.name) for v in found.vanished] == [("company", "Gamma"), ("person", "Ann Lark")]


def test_what_a_person_changed_stays_where_the_list_says_the_same_as_last_time(lists: Database) -> None:
    alfa = next(c for c in records(lists, Company) if c.name == "Alfa")
    clients.update(lists, ("company", alfa.id), city="Lyon")
    imports.run_import(lists, flow_of(lists, FEBRUARY, "february.csv"))
    cities = {c.name: c.city for c in records(lists, Company)}
    assert cities == {"Own": None, "Alfa": "Lyon", "Beta": "Milan", "Gamma": "Oslo", "Delta": "Lodz"}


@pytest.mark.parametrize("tag", [None, ("category", "gone"), ("custom:In the list", "no")])
def test_the_vanished_are_left_or_tagged_in_the_same_change(lists: Database, tag: Any) -> None:
    before = content(lists)
    change = imports.run_import(lists, flow_of(lists, FEBRUARY, "february.csv", vanished=tag))
    assert change.summary["vanished"] == 2
    tagged = {r.name for cls in (Company, Person) for r in records(lists, cls) if r.category == "gone"}
    assert tagged == ({"Gamma", "Ann Lark"} if tag == ("category", "gone") else set())
    own = [(v.record_kind, v.value) for v in records(lists, CustomValue)]
    assert own == ([("company", "no"), ("person", "no")] if tag and tag[0].startswith("custom:") else [])
    after = content(lists)
    history.undo(lists)
    assert content(lists) == before
    history.redo(lists)
    assert content(lists) == after


def test_a_field_that_cannot_say_it_is_refused_and_nothing_is_written(lists: Database) -> None:
    before = content(lists)
    with pytest.raises(UserError, match=r"import\.unknown_field"):
        imports.run_import(lists, flow_of(lists, FEBRUARY, "f.csv", vanished=("name", "x")))
    assert content(lists) == before


def test_the_third_month_is_compared_with_the_second(lists: Database) -> None:
    imports.run_import(lists, flow_of(lists, FEBRUARY, "february.csv"))
    flow = flow_of(lists, FEBRUARY[:3], "march.csv")
    imports.dry_run(lists, flow)
    found = living.compare(lists, flow)
    assert found is not None
    assert (found.previous.file, [v.name for v in found.vanished], found.same) == (
        "february.csv", ["Delta"], 2,
    )  # fmt: skip


def test_a_row_that_cannot_be_read_has_not_vanished(lists: Database) -> None:
    flow = flow_of(lists, [*FEBRUARY, ["Gamma", "#REF!", None, None]], "february.csv")
    imports.dry_run(lists, flow)
    found = living.compare(lists, flow)
    assert found is not None and found.vanished[0].name == "Ann Lark"


def test_an_import_is_remembered_with_what_it_made(lists: Database) -> None:
    imports.run_import(lists, flow_of(lists, FEBRUARY, "february.csv"))
    lines = living.runs(lists)
    assert [(line.file, line.kind, line.counts["created"]) for line in lines] == [
        ("february.csv", "clients", 1), ("january.csv", "clients", 4),
    ]  # fmt: skip
    made = living.made_by(lists, lines[1].id)
    assert [(m.row, m.kind, m.name) for m in made] == [
        (2, "company", "Alfa"), (3, "company", "Beta"), (4, "company", "Gamma"), (5, "person", "Ann Lark"),
    ]  # fmt: skip
    clients.delete(lists, [("company", made[0].id)])
    assert [m.name for m in living.made_by(lists, lines[1].id)] == ["Beta", "Gamma", "Ann Lark"]
    for _step in range(3):
        history.undo(lists)
    assert records(lists, ImportRun) == []


def test_a_tag_is_put_on_the_vanished_and_taken_off_when_they_are_back(lists: Database) -> None:
    tag = ("tag:Tags", "not in the list")

    def tagged() -> set[int]:
        return {v.record_id for v in records(lists, CustomValue) if "not in the list" in v.value}

    before = content(lists)
    imports.run_import(lists, flow_of(lists, FEBRUARY, "february.csv", vanished=tag))
    gamma = next(c.id for c in records(lists, Company) if c.name == "Gamma")
    assert gamma in tagged() and len(records(lists, CustomValue)) == 2  # and Ann Lark, a person
    imports.run_import(
        lists, flow_of(lists, [*FEBRUARY, ["Gamma", "Oslo", None, None]], "m.csv", vanished=tag)
    )
    assert gamma not in tagged()
    for _step in range(2):
        history.undo(lists)
    assert content(lists) == before


def test_a_tag_where_there_are_no_own_fields_is_refused(lists: Database) -> None:
    january: Rows = [["Number", "Client", "Sum"], ["1", "Alfa", "10"], ["2", "Beta", "20"]]
    for rows in (january, january[:2]):
        flow = flow_of(lists, rows, "invoices.csv", vanished=("tag:Tags", "gone"))
        flow.set_kind(Kind.INVOICES)
        if rows is january:
            imports.run_import(lists, flow)
        else:
            with pytest.raises(UserError, match=r"import\.unknown_field"):
                imports.run_import(lists, flow)
