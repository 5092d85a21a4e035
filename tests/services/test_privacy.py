"""All that is held on a person is written out; an erased one leaves no byte, nor comes back."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.fields import FieldType
from funneldesk.errors import UserError
from funneldesk.services import (
    activities,
    bases,
    cards,
    clients,
    deals,
    doubles,
    fields,
    files,
    history,
    leads,
    privacy,
    search,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.services.doubles import Merge
from funneldesk.services.requisites import tax_number_doubtful
from funneldesk.store.database import Database
from tests.services.conftest import content

SECRETS = ("Zdzisława", "Kąkol", "+48 611 222 999", "zdz@kakol.example", "Forbidden street", "loves orchids",
           "secret-passport", "old@kakol.example", "her own words")  # fmt: skip


@pytest.fixture
def person(db: Database, tmp_path: Path) -> int:
    """A person with everything a base can hold on one, changed and merged on the way."""
    made = clients.create_person(
        db, name="Zdzisława Kąkol", company_id=1, address="Forbidden street 7",
        contacts=[("phone", "+48 611 222 999"), ("email", "old@kakol.example")],
    )  # fmt: skip
    one = made.new_id("person")
    clients.update(
        db, ("person", one), contacts=[("phone", "+48 611 222 999"), ("email", "zdz@kakol.example")]
    )
    twin = clients.create_person(db, name="Kąkol Zdzisława", company_id=1).new_id("person")
    doubles.merge(db, [Merge("person", one, (twin,))])
    hobby = fields.add(db, "person", "Hobby", FieldType.TEXT).new_id("custom_field")
    fields.set_value(db, hobby, "person", one, "loves orchids")
    deal = deals.create(
        db, NewDeal("Order of Zdzisława Kąkol", company_id=1, person_id=one, amount=500_00), funnel_id=1
    ).new_id("deal")
    activities.log(db, ActivityKind.CALL, About(person_id=one, deal_id=deal), text="her own words")
    activities.log(db, ActivityKind.NOTE, About(person_id=one), text="her own words too")
    leads.create(db, title="Zdzisława Kąkol asks", person_name="Zdzisława Kąkol", person_id=one)
    scan = tmp_path / "scan.txt"
    scan.write_text("secret-passport" * 10)
    files.attach(db, "person", one, [scan])
    return one


def test_everything_that_is_held_is_written_out(db: Database, person: int, tmp_path: Path) -> None:
    place = privacy.export(db, person, tmp_path / "all.zip", lambda held: f"<p>{held.name}</p>")
    with zipfile.ZipFile(place) as archive:
        assert sorted(archive.namelist()) == ["files/scan.txt", "person.html", "person.json"]
        assert archive.read("files/scan.txt").startswith(b"secret-passport")
        told = archive.read("person.json").decode()
    found = json.loads(told)
    assert {"person", "contact_point", "deal", "activity", "lead", "file"} <= set(found["records"])
    assert found["own_fields"] == {"Hobby": "loves orchids"}
    for secret in ("zdz@kakol.example", "her own words", "Forbidden street", "old@kakol.example"):
        assert secret in told


def test_an_erased_person_leaves_no_byte_in_the_file(db: Database, person: int) -> None:
    raw = db.path.read_bytes() + b"".join(p.read_bytes() for p in db.path.parent.glob("base.funneldesk-*"))
    assert any(secret.encode() in raw for secret in SECRETS)
    privacy.erase(db, person)
    for path in db.path.parent.glob("base.funneldesk*"):
        data = path.read_bytes()
        assert [secret for secret in SECRETS if secret.encode() in data] == [], path.name
    content(db)  # sound
    with pytest.raises(UserError, match="nothing_to_undo"):
        history.undo(db)
    assert search.search(db, "kąkol") == []
    assert cards.client(db, "person", person, 5) is None
    deal = cards.deal(db, 1, 20)
    assert deal is not None
    assert (deal[0].deal.amount, deal[0].deal.person_id, deal[0].deal.title) == (500_00, None, "Order of …")
    company = cards.client(db, "company", 1, 50)
    assert company is not None
    words = json.dumps([item.values for item in company[1]], default=str, ensure_ascii=False)
    assert [secret for secret in SECRETS if secret in words] == []
    for line in history.entries(db, None):
        assert "Zdzis" not in json.dumps(dict(line.label.params), ensure_ascii=False)
    clients.create_company(db, name="After")
    history.undo(db)
    with pytest.raises(UserError, match="nothing_to_undo"):
        history.undo(db)


def test_a_restored_backup_does_not_bring_them_back(db: Database, person: int, tmp_path: Path) -> None:
    copy = tmp_path / "copy.funneldesk"
    bases.back_up(db, copy)
    privacy.erase(db, person)
    marks = privacy.read_erased(db.path)
    assert [set(mark) for mark in marks] == [{"kind", "id", "created_at", "at"}]
    path = db.path
    db.close()
    bases.restore(copy, path)
    with bases.open_base(path) as again:
        assert cards.client(again, "person", person, 5) is None
        assert cards.client(again, "person", 1, 5) is not None
        assert b"zdz@kakol.example" not in path.read_bytes()


def test_tax_numbers_with_a_wrong_check_digit_are_pointed_at() -> None:
    assert [
        tax_number_doubtful(text)
        for text in ("7707083893", "7707083894", "PL 525-000-12-34", "123", None, "526-10-40-828")
    ] == [False, True, True, False, False, False]
