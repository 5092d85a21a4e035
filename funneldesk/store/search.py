"""The search index: one folded text per company, person, deal and lead, found by any three characters.

SQLite's FTS5 with the trigram tokenizer; the row id carries kind and id.  The index holds
nothing that is not in the tables: `rebuild` makes it anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.folding import SORT_MARK, fold
from funneldesk.domain.folding_many import digits_all, fold_all
from funneldesk.domain.phone import digits
from funneldesk.store import search_text
from funneldesk.store import tables as t

_BITS = 48
CODES = {"company": 1, "person": 2, "deal": 3, "lead": 4}
_KIND = {code: kind for kind, code in CODES.items()}
_CHUNK = 500
_APART = "\x01"
_PART = 10_000
_MANY = 20_000  # records; from here on the index is written with more memory
_PENDING = 16 << 20, 1 << 20  # bytes of words kept before they are written: for many records, as usual

CREATE = "CREATE VIRTUAL TABLE search_index USING fts5(body, tokenize='trigram case_sensitive 1')"


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found."""

    kind: str
    id: int


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


_FIELDS = {
    "company": ("name", "legal_name", "tax_id", "city", "external_id", "comment"),
    "person": ("name", "position", "tax_id", "city", "external_id", "comment"),
    "deal": ("title", "external_id", "demand", "comment"),
    "lead": ("title", "company_name", "person_name", "phone", "email", "comment"),
}


def refresh(conn: sa.Connection, edits: Sequence[Edit], *, fresh: bool = False) -> None:
    """Bring the index up to date with the tables for every record that `edits` touch.

    `fresh`: the ranges were made just now, so nothing of them can be in the index.
    """
    many = sum(e.ids[1] - e.ids[0] for e in edits if e.op is Op.RANGE and e.kind in CODES) > _MANY
    if many:
        _set_pending(conn, _PENDING[0])
    _refresh(conn, edits, fresh)
    if many:
        _set_pending(conn, _PENDING[1])


def _set_pending(conn: sa.Connection, size: int) -> None:
    conn.exec_driver_sql("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', ?)", (size,))


def _refresh(conn: sa.Connection, edits: Sequence[Edit], fresh: bool) -> None:
    ranges: dict[str, list[tuple[int, int]]] = defaultdict(list)
    cut: list[tuple[int, int]] = []
    for edit in edits:
        if edit.op is Op.RANGE and edit.kind in CODES:
            join_spans(ranges[edit.kind], edit.ids[0], edit.ids[1])
        elif edit.op is Op.CUT and edit.kind in CODES:
            spans: list[tuple[int, int]] = []
            for gone in edit.ids:
                join_spans(spans, gone, gone)
            for first, last in spans:
                cut.append((row_id(edit.kind, first), row_id(edit.kind, last)))
                join_spans(ranges[edit.kind], first, last)
    if cut and fresh:
        _forget(conn, cut)
    if not fresh:
        _forget(conn, [(row_id(k, a), row_id(k, b)) for k, spans in ranges.items() for a, b in spans])
    for kind, spans in sorted(ranges.items(), key=lambda item: CODES[item[0]]):
        for first, last in spans:
            _write_range(conn, kind, first, last)
    for kind, ids in _touched(conn, edits).items():
        _refresh_ids(conn, kind, sorted(ids))


def _touched(conn: sa.Connection, edits: Sequence[Edit]) -> dict[str, set[int]]:
    """The records that single edits and batches touch, by kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for edit in edits:
        if edit.kind in CODES:
            if edit.op in (Op.RANGE, Op.CUT):
                continue
            if edit.op is Op.BATCH:
                columns = (edit.after or {}).get("columns", _FIELDS[edit.kind])
                if any(name in _FIELDS[edit.kind] for name in columns):
                    wanted[edit.kind].update(edit.ids)
            elif edit.op is not Op.UPDATE or _matters(edit):
                wanted[edit.kind].add(edit.record_id)
        elif edit.kind in search_text.KINDS:
            search_text.touched_owners(conn, edit, wanted)
    return wanted


def join_spans(spans: list[tuple[int, int]], first: int, last: int) -> None:
    """One more range; neighbours become one."""
    if spans and spans[-1][1] + 1 == first:
        spans[-1] = (spans[-1][0], last)
    elif spans and last + 1 == spans[-1][0]:
        spans[-1] = (first, spans[-1][1])
    else:
        spans.append((first, last))


def _forget(conn: sa.Connection, spans: Sequence[tuple[int, int]]) -> None:
    """Take whole ranges out of the index.

    Taking a text out costs as much as putting it in; when little stays, the index is made anew of that.
    """
    leaving = sum(b - a + 1 for a, b in spans)
    if leaving > _MANY and len(spans) < 50:
        outside = " AND ".join(["id NOT BETWEEN ? AND ?"] * len(spans))
        bounds = tuple(bound for span in spans for bound in span)
        count = f"SELECT count(*) FROM (SELECT 1 FROM search_index_content WHERE {outside} LIMIT ?)"
        if conn.exec_driver_sql(count, (*bounds, leaving)).scalar_one() * 2 < leaving:
            texts = f"SELECT id, c0 FROM search_index_content WHERE {outside}"
            kept = conn.exec_driver_sql(texts, bounds).fetchall()
            conn.exec_driver_sql("DROP TABLE search_index")
            conn.exec_driver_sql(CREATE)
            _set_pending(conn, _PENDING[0])
            if kept:
                conn.exec_driver_sql(
                    "INSERT INTO search_index(rowid, body) VALUES (?, ?)", [tuple(row) for row in kept]
                )
            return
    for span in spans:
        conn.exec_driver_sql("DELETE FROM search_index WHERE rowid BETWEEN ? AND ?", span)


def _matters(edit: Edit) -> bool:
    return edit.after is None or any(name in edit.after for name in _FIELDS[edit.kind])


def _refresh_ids(conn: sa.Connection, kind: str, ids: Sequence[int]) -> None:
    for start in range(0, len(ids), _CHUNK):
        part = list(ids[start : start + _CHUNK])
        conn.exec_driver_sql("DELETE FROM search_index WHERE rowid = ?", [(row_id(kind, i),) for i in part])
        _write(conn, kind, lambda column, part=part: column.in_(part))  # type: ignore[misc]


def _write_range(conn: sa.Connection, kind: str, first: int, last: int) -> None:
    """Put the records of a range into the index, some thousands at a time for the sake of memory."""
    for start in range(first, last + 1, _PART):
        end = min(start + _PART - 1, last)
        _write(conn, kind, lambda column, a=start, b=end: column.between(a, b))  # type: ignore[misc]


def _owner(kind: str) -> sa.Column[int] | None:
    if kind == "company":
        return t.contact_points.c.company_id
    if kind == "person":
        return t.contact_points.c.person_id
    return None


def _write(conn: sa.Connection, kind: str, within: search_text.Within) -> None:
    """Put the records that `within` lets through into the index."""
    contacts: dict[int, list[str]] = {}
    owner = _owner(kind)
    if owner is not None:
        query = sa.select(owner, t.contact_points.c.value).where(owner.is_not(None), within(owner))
        contacts = _with_digits([tuple(row) for row in conn.execute(query)])
    for record, texts in search_text.more_texts(conn, kind, within).items():
        contacts.setdefault(record, []).extend(texts)
    table = t.table_of(kind)
    names = [table.c[name] for name in _FIELDS[kind]]
    rows = conn.execute(sa.select(table.c.id, *names).where(within(table.c.id))).fetchall()
    bodies = documents([row[1:] for row in rows], [contacts.get(row[0], ()) for row in rows])
    if bodies:
        base = row_id(kind, 0)
        data = [(base + row[0], body) for row, body in zip(rows, bodies, strict=True)]
        conn.exec_driver_sql("INSERT INTO search_index(rowid, body) VALUES (?, ?)", data)


def rebuild(conn: sa.Connection) -> None:
    """Make the whole index anew from the tables."""
    conn.exec_driver_sql("DELETE FROM search_index")
    for kind in CODES:
        _write(conn, kind, lambda _column: sa.true())


def hit_of(index_row: int) -> Hit:
    """The record behind an index row."""
    return Hit(_KIND[index_row >> _BITS], index_row & ((1 << _BITS) - 1))


def holding(conn: sa.Connection, kind: str, column: str, folded: str) -> list[int] | None:
    """Ids of the records of `kind` whose text in the index holds `folded` somewhere.

    All whose `column` holds it are among them.  None where the index cannot tell: a column that is
    not in it, or fewer than three characters.
    """
    if column not in _FIELDS[kind] or len(folded) < 3:
        return None
    first = row_id(kind, 0)
    sql = "SELECT rowid FROM search_index WHERE search_index MATCH ? AND rowid BETWEEN ? AND ?"
    found = conn.exec_driver_sql(sql, (_phrase(folded), first, first + (1 << _BITS) - 1))
    return [int(row[0]) - first for row in found]


def find(conn: sa.Connection, text: str, kinds: Sequence[str], limit: int = 50) -> list[Hit]:
    """Records whose text holds every word of `text`; case, marks and the form of phones are ignored.

    Words under three characters match the beginning of a word when a longer one stands beside
    them, and the beginning of names when alone.
    """
    return [hit_of(i) for i in find_ids(conn, text, kinds, limit)]


def find_ids(conn: sa.Connection, text: str, kinds: Sequence[str], limit: int | None) -> list[int]:
    """As `find`, as index row ids."""
    folded = fold(text)
    words = folded.split()
    if not words:
        return []
    if _looks_like_phone(folded):
        match = " OR ".join(_phrase(form) for form in _phone_forms(folded))
        short_words: list[str] = []
    else:
        match = " AND ".join(_phrase(word) for word in words if len(word) >= 3)
        short_words = [word for word in words if len(word) < 3]
    if not match:
        return _by_prefix(conn, folded, kinds, limit)
    spans = [(CODES[k] << _BITS, ((CODES[k] + 1) << _BITS) - 1) for k in kinds]
    inside = " OR ".join(["rowid BETWEEN ? AND ?"] * len(spans))
    wanted = "rowid, body" if short_words else "rowid"
    sql = f"SELECT {wanted} FROM search_index WHERE search_index MATCH ? AND ({inside})"
    params: list[object] = [match, *[bound for span in spans for bound in span]]
    if not short_words:
        if limit is not None:
            sql += " LIMIT ?"
            params.append(limit)
        return [int(row[0]) for row in conn.exec_driver_sql(sql, tuple(params))]
    found = []
    for rowid, body in conn.exec_driver_sql(sql, tuple(params)):
        padded = " " + body.replace("\n", " ")
        if all(f" {word}" in padded for word in short_words):
            found.append(int(rowid))
    return found if limit is None else found[:limit]


def _phrase(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def _looks_like_phone(folded: str) -> bool:
    return len(digits(folded)) >= 3 and not any(ch.isalpha() or ch == "@" for ch in folded)


def _phone_forms(folded: str) -> list[str]:
    """What a typed number may look like in the index: as typed, its digits, without its country code or 8."""
    number = digits(folded)
    forms = [folded, number]
    if len(number) >= 10:
        forms.append(number[-9:])
    elif folded.startswith(("+", "00")):
        bare = number.removeprefix("00")
        forms += [bare[1:], bare[2:], bare[3:]]
    elif folded.startswith("8"):
        forms.append(number[1:])
    return list(dict.fromkeys(form for form in forms if len(form) >= 3))


def _by_prefix(conn: sa.Connection, folded: str, kinds: Sequence[str], limit: int | None) -> list[int]:
    found: list[int] = []
    last = "\U0010ffff"
    for kind in kinds:
        table = t.table_of(kind)
        left = None if limit is None else limit - len(found)
        if kind == "lead":
            found.extend(_leads_by_prefix(conn, folded, left))
            continue
        by_key = [(table.c.sort_key, start) for start in (folded, folded[:1] + SORT_MARK + folded[1:])]
        if kind != "deal":
            by_key.insert(0, (table.c.name_key, folded))
        starts = [sa.and_(key >= start, key < start + last) for key, start in by_key]
        query = sa.select(table.c.id).where(sa.or_(*starts)).order_by(by_key[0][0]).limit(left)
        found.extend(row_id(kind, i) for i in conn.scalars(query))
    return found


def _leads_by_prefix(conn: sa.Connection, folded: str, limit: int | None) -> list[int]:
    lead = t.leads.c
    found = [
        row_id("lead", row.id)
        for row in conn.execute(sa.select(lead.id, lead.title, lead.company_name, lead.person_name))
        if any(fold(name or "").startswith(folded) for name in row[1:])
    ]
    return found if limit is None else found[:limit]
