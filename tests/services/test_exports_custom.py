"""What leaves the base as a file comes back as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from openpyxl import load_workbook

from funneldesk.app import main
from funneldesk.domain.fields import CustomValue, FieldType
from funneldesk.services import bases, clients, exports, fields
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

KEPT = {
    FieldType.MONEY: "150050",
    FieldType.NUMBER: "2.5",
    FieldType.DATE: "2026-03-31",
    FieldType.YES_NO: "1",
}


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_custom_values_come_back_from_a_file_as_they_were(db: Database, tmp_path: Path, ending: str) -> None:
    company = clients.create_company(db, name="Delta").new_id("company")
    for type_, value in KEPT.items():
        field = fields.add(db, "company", f"My {type_}", type_).new_id("custom_field")
        fields.set_value(db, field, "company", company, value)
    file = tmp_path / f"clients.{ending}"
    exports.export(db, "clients", file)
    if ending == "csv":
        line = list(csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines()))[-1]
        assert line["My money"] == "1500.50"
    clients.delete(db, [("company", company)])
    place = str(db.path)
    db.close()
    assert main(["--db", place, "import", str(file), "--as", "clients"]) == 0
    with bases.open_base(place) as again, again.read() as conn:
        values = {value.field_id: value.value for value in select_records(conn, CustomValue)}
    assert list(values.values()) == list(KEPT.values())


def test_every_person_of_a_company_is_in_the_file(db: Database, tmp_path: Path) -> None:
    clients.create_person(
        db, name="Adam Nowak", company_id=1, position="buyer", contacts=[("phone", "+48 1")]
    )
    clients.create_person(db, name="Zoe", contacts=[("email", "zoe@x.example")])
    clients.create_company(db, name="Empty Ltd")
    exports.export(db, "clients", tmp_path / "c.csv")
    rows = list(csv.DictReader((tmp_path / "c.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [(row["name"], row["person"]) for row in rows] == [
        ("Acme Ltd", "Eva Lark"),
        ("Acme Ltd", "Adam Nowak"),
        ("Empty Ltd", ""),
        ("Zoe", ""),
    ]
    assert rows[1]["position"] == "buyer"
    assert rows[1]["phone"].endswith("+48 1")


def test_what_a_cell_cannot_hold_is_noted_not_lost(db: Database, tmp_path: Path) -> None:
    long = "Ж😀" * 20_000
    clients.update(db, ("company", 1), comment=long, city="a\x00b\x1fc")
    exports.export(db, "clients", tmp_path / "c.xlsx")
    book = load_workbook(tmp_path / "c.xlsx")
    line = next(iter(book.worksheets[0].iter_rows(min_row=2, values_only=True)))
    notes = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert "abc" in line
    kept = next(str(cell) for cell in line if str(cell).startswith("Ж"))
    rest = next(note for note in notes if note[1] == "comment")
    assert kept.removesuffix(" […]") + "".join(str(part) for part in rest[3:] if part) == long
    assert ("city", "control characters left out") in [(note[1], note[2]) for note in notes]
