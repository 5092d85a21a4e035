"""What leaves the base as a file comes back as it was."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

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
