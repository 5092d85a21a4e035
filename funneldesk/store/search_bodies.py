"""The folded text that the search finds a record by."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from funneldesk.domain.folding_many import digits_all, fold_all
from funneldesk.store import search_text
from funneldesk.store import tables as t

_BITS = 48
CODES = {"company": 1, "person": 2, "deal": 3, "lead": 4}
KIND_OF_CODE = {code: kind for kind, code in CODES.items()}
_APART = "\x01"

FIELDS = {
    "company": ("name", "legal_name", "tax_id", "city", "external_id", "comment"),
    "person": ("name", "position", "tax_id", "city", "external_id", "comment"),
    "deal": ("title", "external_id", "demand", "comment"),
    "lead": ("title", "company_name", "person_name", "phone", "email", "comment"),
}


def row_id(kind: str, record_id: int) -> int:
    """The index row of a record."""
    return (CODES[kind] << _BITS) | record_id


def documents(fields: Sequence[Sequence[str | None]], contacts: Sequence[Sequence[str]]) -> list[str]:
    """The folded texts of records: their fields, their contact points and the digits of their phones."""
    raw = [
        _APART.join([*filter(None, texts), *values]) if values else _APART.join(filter(None, texts))
        for texts, values in zip(fields, contacts, strict=True)
    ]
    # Folded as a whole; the mark keeps the parts apart while white space is evened out.
    return [_parted(text) for text in fold_all(raw)]


def _parted(folded: str) -> str:
    if " " + _APART in folded or _APART + " " in folded:
        folded = folded.replace(" " + _APART, _APART).replace(_APART + " ", _APART)
    return folded.replace(_APART, "\n")


def _with_digits(found: Sequence[tuple[int, str]]) -> dict[int, list[str]]:
    """Owner -> contact values, each followed by its digits where these are a number of their own."""
    contacts: dict[int, list[str]] = {}
    numbers = digits_all([value for _owner, value in found])
    for (owner, value), number in zip(found, numbers, strict=True):
        texts = contacts.setdefault(owner, [])
        texts.append(value)
        if len(number) >= 5 and number != value:
            texts.append(number)
    return contacts


def bodies(conn: sa.Connection, kind: str, within: search_text.Within) -> list[tuple[int, str]]:
    """(index row, text) of the records that `within` lets through, by id."""
    contacts: dict[int, list[str]] = {}
    owner = _owner(kind)
    if owner is not None:
        query = sa.select(owner, t.contact_points.c.value).where(owner.is_not(None), within(owner))
        contacts = _with_digits([tuple(row) for row in conn.execute(query)])
    for record, texts in search_text.more_texts(conn, kind, within).items():
        contacts.setdefault(record, []).extend(texts)
    table = t.table_of(kind)
    names = [table.c[name] for name in FIELDS[kind]]
    rows = conn.execute(
        sa.select(table.c.id, *names).where(within(table.c.id)).order_by(table.c.id)
    ).fetchall()
    found = documents([row[1:] for row in rows], [contacts.get(row[0], ()) for row in rows])
    base = row_id(kind, 0)
    return [(base + row[0], body) for row, body in zip(rows, found, strict=True)]


def _owner(kind: str) -> sa.Column[int] | None:
    if kind == "company":
        return t.contact_points.c.company_id
    if kind == "person":
        return t.contact_points.c.person_id
    return None
