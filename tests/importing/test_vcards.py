"""Contacts of phones and mail programs: vCard in its three versions."""

from __future__ import annotations

from pathlib import Path

import pytest

from funneldesk.errors import UserError
from funneldesk.importing.child import read_file
from funneldesk.importing.fields import Kind
from funneldesk.importing.mapping import understand
from funneldesk.importing.readers_vcard import COLUMNS
from funneldesk.importing.staging import Staging

OLD = (
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=98=D0=B2=D0=B0=D0=BD=D0=BE=\r\n"
    "=D0=B2;=D0=9F=D1=91=D1=82=D1=80\r\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=D0=9F=D1=91=D1=82=D1=80\r\n"
    "TEL;CELL:+79161234567\r\nTEL;WORK:84951234567\r\nPHOTO;ENCODING=BASE64;JPEG:/9j/4AAQ\r\n AAAA\r\n\r\nEND:VCARD\r\n"  # noqa: E501
)
NEW = (
    "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Żółć\nN:Żółć;Anna;;;\nORG:Lód\\, Spółka\\; s.c.;Sales\nTITLE:Kierownik\n"  # noqa: E501
    "item1.TEL;type=CELL:+48 600 700 800\nEMAIL;type=INTERNET:anna@lod.pl\nADR;TYPE=WORK:;;ul. Długa 5;Łódź;łódzkie;90-001;Polska\n"  # noqa: E501
    "NOTE:pierwsza\\ndruga li\n nia\nURL:https://lod.pl\nEND:VCARD\n"
    "BEGIN:VCARD\nVERSION:4.0\nFN:Acme Ltd\nORG:Acme Ltd\nTEL;VALUE=uri:tel:+44-20-7946-0018\nEND:VCARD\n"
)


def cards(path: Path, data: bytes) -> list[dict[str, object]]:
    path.write_bytes(data)
    read_file(path, path.parent / "staging")
    staging = Staging(path.parent / "staging")
    rows = [cells for _n, cells in staging.rows(staging.sheets()[0].id)]
    heads = [str(c) for c in rows[0]]
    return [{h: c for h, c in zip(heads, row, strict=False) if c is not None} for row in rows[1:]]


def test_quoted_printable_of_old_phones_is_read(tmp_path: Path) -> None:
    assert cards(tmp_path / "a.vcf", OLD.encode()) == [
        {
            "Last name": "Иванов",
            "First name": "Пётр",
            "Full name": "Пётр",
            "Phone": "+79161234567; 84951234567",
        }
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_newer_cards_give_every_part_of_a_contact(encoding: str, tmp_path: Path) -> None:
    first, second = cards(tmp_path / "contacts.txt", NEW.encode(encoding))
    assert first == {
        "Company": "Lód, Spółka; s.c.", "Full name": "Anna Żółć", "Last name": "Żółć", "First name": "Anna",
        "Position": "Kierownik", "Phone": "+48 600 700 800", "E-mail": "anna@lod.pl", "Website": "https://lod.pl",
        "Address": "ul. Długa 5", "City": "Łódź", "Region": "łódzkie", "Country": "Polska",
        "Comment": "pierwsza\ndruga linia",
    }  # fmt: skip
    assert second == {"Company": "Acme Ltd", "Phone": "+44-20-7946-0018"}


def test_a_file_of_cards_with_nothing_in_them_is_a_message(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"import\.not_a_table"):
        cards(tmp_path / "a.vcf", b"BEGIN:VCARD\nVERSION:3.0\nEND:VCARD\n")


def test_the_columns_of_cards_map_by_themselves() -> None:
    found = [m.used for m in understand(Kind.CLIENTS, COLUMNS, [[] for _ in COLUMNS])]
    assert found == [
        "name", "person", "last_name", "first_name", "middle_name", "position", "phone", "email", "website",
        "address", "city", "region", "country", "category", "comment", None,
    ]  # fmt: skip
