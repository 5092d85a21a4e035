"""Columns of choices: proposed as such, held against the options there are, made on request, taken back."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.fields import CustomField, CustomValue, FieldType
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import clients, exports, fields, history, imports
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from tests.services.conftest import content

GAMES = ["away", "home", "Home", "neutral"]


def flow_of(db: Database, values: Sequence[str | None], **request: Any) -> ImportFlow:
    """Companies with a column of their own, called Game."""
    flow = ImportFlow()
    imports.prepare(db, flow)
    lines = [f'Delta {number}\t"{value or ""}"' for number, value in enumerate(values)]
    flow.open_text("\n".join(["Company\tGame", *lines]))
    flow.set_kind(Kind.CLIENTS)
    flow.set_map(1, "custom:Game")
    flow.change_request(**request)
    return flow


def field_of(db: Database, name: str = "Game") -> CustomField:
    with db.read() as conn:
        return next(f for f in select_records(conn, CustomField) if f.name == name)


def kept(db: Database, name: str = "Game") -> list[str]:
    with db.read() as conn:
        field = field_of(db, name)
        return [v.value for v in select_records(conn, CustomValue) if v.field_id == field.id]


def run(db: Database, flow: ImportFlow) -> dict[str, Any]:
    imports.run_import(db, flow)
    assert flow.plan is not None
    counts = flow.plan.counts
    parts = ("created", "updated", "duplicates", "skipped", "rejected")
    assert counts["read"] == sum(counts[part] for part in parts)
    return counts


@pytest.mark.parametrize(
    ("values", "type_", "options"),
    [
        (GAMES * 3, FieldType.CHOICE, ["away", "home", "neutral"]),
        (["away; home", "home", "away", "home;neutral", "neutral", "away"], FieldType.MULTI_CHOICE,
         ["away", "home", "neutral"]),
        (["away, home", "home", "away", "home, neutral", "neutral", "away"], FieldType.MULTI_CHOICE,
         ["away", "home", "neutral"]),
        # a place is no list of choices, nor are texts that do not come again, sums or codes
        (["Bonn, Germany", "Bonn, Germany", "Metz, France"] * 3, FieldType.CHOICE,
         ["Bonn, Germany", "Metz, France"]),
        ([f"note {n}" for n in range(40)], FieldType.TEXT, []),
        (["away", "home", "away"], FieldType.TEXT, []),
        (["007", "008"] * 5, FieldType.TEXT, []),
        (["1,5", "2,5"] * 5, FieldType.NUMBER, []),
        (["1 500,50", "200,00"] * 5, FieldType.NUMBER, []),
        (["1 500,50 €", "200,00 €"] * 5, FieldType.MONEY, []),
        (["yes", "no"] * 5, FieldType.YES_NO, []),
        ([f"k{n}" for n in range(16)] * 4, FieldType.TEXT, []),
    ],
)  # fmt: skip
def test_a_new_field_gets_the_type_that_its_values_look_like(
    db: Database, values: list[str], type_: FieldType, options: list[str]
) -> None:
    currency = db.info().currency
    values = [v.replace("€", {"EUR": "€", "PLN": "zł", "USD": "$"}[currency]) for v in values]
    flow = flow_of(db, values)
    before = content(db)
    counts = run(db, flow)
    assert counts["created"] == len(values)
    field = field_of(db)
    assert (field.type, json.loads(field.options or "[]")) == (type_, options)
    history.undo(db)
    assert content(db) == before


def test_spellings_of_a_choice_become_one_and_the_type_can_be_chosen(db: Database) -> None:
    flow = flow_of(db, GAMES * 3)
    run(db, flow)
    assert set(kept(db)) == {"away", "home", "neutral"}
    history.undo(db)
    flow = flow_of(db, GAMES * 3)
    flow.set_map(1, "custom:Game:text")
    run(db, flow)
    assert (field_of(db).type, set(kept(db))) == ("text", set(GAMES))


def test_too_many_values_are_no_choices(db: Database) -> None:
    flow = flow_of(db, [f"value {n}" for n in range(300)])
    flow.set_map(1, "custom:Game:choice")
    with pytest.raises(UserError, match=r"import\.too_many_options"):
        imports.dry_run(db, flow)


def make_field(db: Database, type_: FieldType, options: list[str]) -> int:
    return fields.add(db, "company", "Game", type_, options=options).new_id("custom_field")


def test_values_are_matched_to_the_options_there_are(db: Database) -> None:
    make_field(db, FieldType.CHOICE, ["Тёмный", "Łódź", "Neutral"])
    flow = flow_of(db, ["темный", "LODZ", "Neutrall", "zebra", None])
    words = {w.text: w for w in flow.words(imports.read_index(db, Kind.CLIENTS)) if w.field == "custom:Game"}
    assert {text: word.state for text, word in words.items()} == {
        "темный": "known", "LODZ": "known", "Neutrall": "unknown", "zebra": "unknown",
    }  # fmt: skip
    assert words["Neutrall"].proposals[0][0] == "Neutral"
    assert words["zebra"].proposals == ()
    counts = run(db, flow)
    assert (counts["created"], counts["rejected"]) == (3, 2)
    assert [p.code for p in flow.plan.problems] == ["import.unknown_option"] * 2  # type: ignore[union-attr]
    assert kept(db) == ["Тёмный", "Łódź"]


def test_a_value_is_mapped_left_empty_or_made_an_option_and_undo_takes_all_back(db: Database) -> None:
    make_field(db, FieldType.CHOICE, ["home"])
    before = content(db)
    flow = flow_of(db, ["home", "hom", "?", "away", "AWAY", "zebra"])
    flow.translate("custom:Game", "hom", "home")
    flow.translate("custom:Game", "?", "")
    flow.translate("custom:Game", "away", "away")
    counts = run(db, flow)
    assert (counts["created"], counts["rejected"]) == (5, 1)
    assert json.loads(field_of(db).options or "") == ["home", "away"]
    assert kept(db) == ["home", "home", "away", "away"]
    assert flow.plan is not None and flow.plan.options == {"Game": ["away"]}
    history.undo(db)
    assert content(db) == before


@pytest.mark.parametrize(
    ("unknown", "created", "options", "values"),
    [
        ("create", 3, ["home", "away"], ['["home", "away"]', '["home"]', '["away"]']),
        ("empty", 3, ["home"], ['["home"]', '["home"]']),
        ("reject", 1, ["home"], ['["home"]']),
    ],
)
def test_all_unknown_values_at_once(
    db: Database, unknown: str, created: int, options: list[str], values: list[str]
) -> None:
    make_field(db, FieldType.MULTI_CHOICE, ["home"])
    counts = run(db, flow_of(db, ["home, away", "home", "away"], unknown=unknown))
    assert (counts["created"], counts["rejected"]) == (created, 3 - created)
    assert json.loads(field_of(db).options or "") == options
    assert kept(db) == values


def test_only_rows_that_are_written_bring_options(db: Database) -> None:
    make_field(db, FieldType.CHOICE, ["home"])
    clients.create_company(db, name="Delta 0")
    run(db, flow_of(db, ["away", "home"], unknown="create"))
    assert json.loads(field_of(db).options or "") == ["home"]
    run(db, flow_of(db, ["away", "home"], unknown="create", on_duplicate=OnDuplicate.UPDATE))
    assert json.loads(field_of(db).options or "") == ["home", "away"]


def test_only_values_that_are_written_bring_options(db: Database) -> None:
    make_field(db, FieldType.CHOICE, ["home"])
    rows = [["Company", "City", "Game"], ["Delta", "", "home"]]

    def bring(city: str, value: str) -> dict[str, Any]:
        flow = ImportFlow()
        imports.prepare(db, flow)
        flow.open_text("\n".join("\t".join(row) for row in (rows[0], ["Delta", city, value])))
        flow.set_kind(Kind.CLIENTS)
        flow.change_request(on_duplicate=OnDuplicate.FILL, unknown="create")
        return run(db, flow)

    bring("", "home")
    assert bring("Bonn", "away")["updated"] == 1
    assert kept(db) == ["home"]
    assert json.loads(field_of(db).options or "") == ["home"]


def test_a_field_is_made_only_for_a_value(db: Database) -> None:
    run(db, flow_of(db, [None]))
    before, done = content(db), history.state(db)
    counts = run(db, flow_of(db, ["home"]))
    assert counts["duplicates"] == 1
    assert (content(db), history.state(db)) == (before, done), "nothing is written, nothing is to be undone"
    with db.read() as conn:
        there = len(select_records(conn, CustomField))
    # of two new fields the first has no record: the second keeps its values
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("Company\tContact person\tFirst\tGame\n\tEva\tred\t\nZed\t\t\thome")
    flow.set_kind(Kind.CLIENTS)
    flow.set_map(2, "custom:First")
    flow.set_map(3, "custom:Game")
    run(db, flow)
    assert flow.plan is not None and [name for name, _type, _options in flow.plan.new_fields] == ["Game"]
    with db.read() as conn:
        assert len(select_records(conn, CustomField)) == there + 1
    assert kept(db) == ["home"]
    history.undo(db)
    assert content(db) == before


def test_a_row_that_waits_keeps_the_field_and_the_option_it_will_need(db: Database) -> None:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("Number\tAmount\tClient\tGame\n1\t5\tNobody yet\thome")
    flow.set_kind(Kind.INVOICES)
    flow.set_map(3, "custom:Game:choice")
    assert run(db, flow)["waiting"] == 1
    assert json.loads(field_of(db).options or "") == ["home"]
    clients.create_company(db, name="Nobody yet")
    assert kept(db) == ["home"]


def test_a_meaning_that_is_no_option_is_not_made_by_a_slip(db: Database) -> None:
    make_field(db, FieldType.CHOICE, ["home"])
    flow = flow_of(db, ["away"])
    flow.translate("custom:Game", "away", "hmoe")
    assert run(db, flow)["rejected"] == 1


def test_what_is_neither_yes_nor_no_is_said(db: Database) -> None:
    make_field(db, FieldType.YES_NO, [])
    flow = flow_of(db, ["tak", "perhaps", "no"])
    assert run(db, flow)["rejected"] == 1
    assert [p.code for p in flow.plan.problems] == ["import.bad_yes_no"]  # type: ignore[union-attr]
    assert kept(db) == ["1", "0"]


def test_fields_of_other_records_are_not_offered(db: Database) -> None:
    fields.add(db, "deal", "Game", FieldType.CHOICE, options=["x"])
    flow = flow_of(db, GAMES * 2)
    flow.set_map(1, None)
    flow.given.clear()
    flow.understand()
    assert flow.maps[1].used is None
    assert flow.own_names() == ()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("there", [True, False])
def test_several_choices_are_readable_in_a_file_and_come_back_the_same(
    db: Database, tmp_path: Path, ending: str, there: bool
) -> None:
    options = ["away", "home, indoors", "neutral; none", "w\"i'se"]
    field = make_field(db, FieldType.MULTI_CHOICE, options)
    companies = [clients.create_company(db, name=f"Co {n}").new_id("company") for n in range(8)]
    wanted = [[o for bit, o in enumerate(options) if n >> bit & 1] for n in range(8)]
    if not there:  # a field that is made of the file cannot know that an option holds a semicolon
        wanted = [[o for o in chosen if ";" not in o] for chosen in wanted]
    for company, chosen in zip(companies, wanted, strict=True):
        fields.set_value(db, field, "company", company, json.dumps(chosen) if chosen else "")
    before = kept(db)
    file = tmp_path / f"c.{ending}"
    exports.export(db, "clients", file)
    if ending == "csv":
        cells = [row["Game"] for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]
        assert "; ".join(wanted[3]) in cells
        assert not any("[" in cell for cell in cells)
    clients.delete(db, [("company", company) for company in companies])
    if not there:
        fields.delete(db, field)
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open(file)
    flow.set_kind(Kind.CLIENTS)
    if not there:
        flow.set_map(flow.column_index("Game"), "custom:Game")
    counts = run(db, flow)
    assert counts["rejected"] == 0
    assert field_of(db).type == FieldType.MULTI_CHOICE
    assert kept(db) == before
    content(db)


@pytest.mark.parametrize(
    ("kind", "record", "rows"),
    [
        (Kind.CLIENTS, "company", [["Company", "Game"], ["Delta", "home"]]),
        (Kind.DEALS, "deal", [["ID", "Client", "Game"], ["7", "Delta", "home"]]),
        (Kind.LEADS, "lead", [["Company", "E-mail", "Game"], ["Delta", "d@delta.example", "home"]]),
    ],
)
def test_own_fields_of_known_records_are_filled_or_overwritten(
    db: Database, kind: Kind, record: str, rows: list[list[str]]
) -> None:
    fields.add(db, record, "Game", FieldType.CHOICE, options=["home", "away"])

    def bring(value: str, rule: OnDuplicate) -> tuple[int, list[str]]:
        flow = ImportFlow()
        imports.prepare(db, flow)
        flow.open_text("\n".join("\t".join(row) for row in [rows[0], [*rows[1][:-1], value]]))
        flow.set_kind(kind)
        flow.change_request(on_duplicate=rule)
        return run(db, flow)["updated"], kept(db)

    assert bring("", OnDuplicate.SKIP) == (0, [])
    before = content(db)
    assert bring("home", OnDuplicate.SKIP) == (0, [])
    assert bring("home", OnDuplicate.FILL) == (1, ["home"])
    assert bring("away", OnDuplicate.FILL) == (0, ["home"])
    assert bring("away", OnDuplicate.UPDATE) == (1, ["away"])
    history.undo(db)
    assert kept(db) == ["home"]
    history.undo(db)
    assert content(db) == before


@pytest.mark.parametrize(
    ("rule", "value"),
    [(OnDuplicate.SKIP, "home"), (OnDuplicate.FILL, "home"), (OnDuplicate.UPDATE, "away")],
)
def test_a_second_row_of_a_new_client_gives_no_second_value(
    db: Database, rule: OnDuplicate, value: str
) -> None:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("Company\tGame\nZed\thome\nZed\taway\nYod\t\nYod\thome")
    flow.set_kind(Kind.CLIENTS)
    flow.set_map(1, "custom:Game")
    flow.change_request(on_duplicate=rule)
    run(db, flow)
    assert kept(db) == ([value] if rule is OnDuplicate.SKIP else [value, "home"])
