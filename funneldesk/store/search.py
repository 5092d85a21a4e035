"""The search index: one folded text per company, person, deal and lead, found by any three characters.

SQLite's FTS5 with the trigram tokenizer; the row id carries kind and id.  The index holds
nothing that is not in the tables: `rebuild` makes it anew.  What a large import has left for
later (`search_later`) is read from the tables until `fill` has brought it in.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from funneldesk.domain.change import Edit, Op
from funneldesk.domain.folding import SORT_MARK, fold
from funneldesk.domain.phone import digits
from funneldesk.store import search_later, search_text
from funneldesk.store import tables as t
from funneldesk.store.search_bodies import CODES as CODES
from funneldesk.store.search_bodies import FIELDS as FIELDS
from funneldesk.store.search_bodies import KIND_OF_CODE, bodies
from funneldesk.store.search_bodies import row_id as row_id
from funneldesk.store.search_later import Span

_BITS = 48
_CHUNK = 500
_PART = 10_000
_MANY = 20_000  # records; from here on the index is written with more memory
_PENDING = 16 << 20, 1 << 20  # bytes of words kept before they are written: for many records, as usual

_TEXTS = "SELECT id, c0 FROM search_index_content"
CREATE = "CREATE VIRTUAL TABLE search_index USING fts5(body, tokenize='trigram case_sensitive 1')"


@dataclass(frozen=True, slots=True)
class Hit:
    """A record found."""

    kind: str
    id: int


def refresh(conn: sa.Connection, edits: Sequence[Edit], *, fresh: bool = False, later: bool = False) -> None:
    """Bring the index up to date with the tables for every record that `edits` touch.

    `fresh`: the ranges were made just now, so nothing of them can be in the index.  `later`: ranges
    of many records are left for `fill`.
    """
    many = sum(e.ids[1] - e.ids[0] for e in edits if e.op is Op.RANGE and e.kind in CODES) > _MANY
    if many and not later:
        _set_pending(conn, _PENDING[0])
    _refresh(conn, edits, fresh, search_later.put if many and later else _write_range)
    if many and not later:
        _set_pending(conn, _PENDING[1])


def _set_pending(conn: sa.Connection, size: int) -> None:
    conn.exec_driver_sql("INSERT INTO search_index(search_index, rank) VALUES ('hashsize', ?)", (size,))


def _refresh(
    conn: sa.Connection, edits: Sequence[Edit], fresh: bool, write: Callable[[sa.Connection, int, int], None]
) -> None:
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
            if _any_there(conn, kind, first, last):
                write(conn, row_id(kind, first), row_id(kind, last))
    for kind, ids in _touched(conn, edits).items():
        _refresh_ids(conn, kind, sorted(ids))


def _any_there(conn: sa.Connection, kind: str, first: int, last: int) -> bool:
    column = t.table_of(kind).c.id
    return conn.scalar(sa.select(column).where(column.between(first, last)).limit(1)) is not None


def _touched(conn: sa.Connection, edits: Sequence[Edit]) -> dict[str, set[int]]:
    """The records that single edits and batches touch, by kind."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for edit in edits:
        if edit.kind in CODES:
            if edit.op in (Op.RANGE, Op.CUT):
                continue
            if edit.op is Op.BATCH:
                columns = (edit.after or {}).get("columns", FIELDS[edit.kind])
                if any(name in FIELDS[edit.kind] for name in columns):
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


def _forget(conn: sa.Connection, gone: Sequence[Span]) -> None:
    """Take whole ranges out of the index.

    Taking a text out costs as much as putting it in; when little stays, the index is made anew of that.
    """
    spans = search_later.take(conn, gone)
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
    return edit.after is None or any(name in edit.after for name in FIELDS[edit.kind])


def _refresh_ids(conn: sa.Connection, kind: str, ids: Sequence[int]) -> None:
    base = row_id(kind, 0)
    rows = search_later.not_waiting(conn, [base + i for i in ids])
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK]
        conn.exec_driver_sql("DELETE FROM search_index WHERE rowid = ?", [(row,) for row in part])
        wanted = [row - base for row in part]
        _write(conn, kind, lambda column, wanted=wanted: column.in_(wanted))  # type: ignore[misc]


def _write_range(conn: sa.Connection, first: int, last: int) -> None:
    """Put the records of a range of index rows into the index."""
    for texts in _bodies_of(conn, first, last):
        _put(conn, texts)


def _bodies_of(conn: sa.Connection, first: int, last: int) -> Iterator[list[tuple[int, str]]]:
    """The texts of a range of index rows of one kind, some thousands at a time for the sake of memory."""
    hit = hit_of(first)
    until = hit.id + last - first
    for start in range(hit.id, until + 1, _PART):
        end = min(start + _PART - 1, until)
        yield bodies(conn, hit.kind, lambda column, a=start, b=end: column.between(a, b))  # type: ignore[misc]


def _write(conn: sa.Connection, kind: str, within: search_text.Within) -> None:
    """Put the records that `within` lets through into the index."""
    _put(conn, bodies(conn, kind, within))


def _put(conn: sa.Connection, texts: list[tuple[int, str]]) -> None:
    if texts:
        conn.exec_driver_sql("INSERT INTO search_index(rowid, body) VALUES (?, ?)", texts)


def fill(conn: sa.Connection, count: int) -> bool:
    """Bring in the next `count` index rows that were left for later; whether there are more of them."""
    waiting = search_later.spans(conn)
    if not waiting:
        return False
    first, last = waiting[0]
    end = min(first + count - 1, last)
    search_later.take(conn, [(first, end)])
    _set_pending(conn, _PENDING[0])
    _write_range(conn, first, end)
    _set_pending(conn, _PENDING[1])
    return end < last or len(waiting) > 1


def rebuild(conn: sa.Connection) -> None:
    """Make the whole index anew from the tables."""
    conn.exec_driver_sql("DELETE FROM search_index")
    search_later.forget(conn)
    for kind in CODES:
        _write(conn, kind, lambda _column: sa.true())


def renew(conn: sa.Connection) -> None:
    """As `rebuild`, also of an index that is damaged or not there."""
    conn.exec_driver_sql("DROP TABLE IF EXISTS search_index")
    conn.exec_driver_sql(CREATE)
    rebuild(conn)


def differing(conn: sa.Connection) -> int:
    """How many texts of the index are not those of the tables, apart from what waits to be brought in."""
    indexed = {int(row): str(body) for row, body in conn.exec_driver_sql(_TEXTS)}
    waiting = search_later.spans(conn)
    wrong = 0
    for kind in CODES:
        column = t.table_of(kind).c.id
        ids = list(conn.scalars(sa.select(column).order_by(column)))
        for start in range(0, len(ids), _PART):  # by those that are there: a damaged base may hold any number
            part = ids[start], ids[min(start + _PART, len(ids)) - 1]
            for row, body in bodies(conn, kind, lambda column, part=part: column.between(*part)):  # type: ignore[misc]
                if not any(first <= row <= last for first, last in waiting):
                    wrong += indexed.pop(row, None) != body
    return wrong + len(indexed)


def hit_of(index_row: int) -> Hit:
    """The record behind an index row."""
    return Hit(KIND_OF_CODE[index_row >> _BITS], index_row & ((1 << _BITS) - 1))


def holding(conn: sa.Connection, kind: str, column: str, folded: str) -> list[int] | None:
    """Ids of the records of `kind` whose text in the index holds `folded` somewhere.

    All whose `column` holds it are among them.  None where the index cannot tell: a column that is
    not in it, fewer than three characters, or records that are not in it yet.
    """
    if column not in FIELDS[kind] or len(folded) < 3 or _waiting(conn, [kind]):
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
    """As `find`, as index row ids, in their order."""
    folded = fold(text)
    words = folded.split()
    if not words:
        return []
    if _looks_like_phone(folded):
        # Any of the forms, else all of the words.
        long_words, short_words, of_words = _phone_forms(folded), list[str](), any
    else:
        long_words, short_words = [w for w in words if len(w) >= 3], [w for w in words if len(w) < 3]
        of_words = all
    if not long_words:
        return _by_prefix(conn, folded, kinds, limit)

    def fits(body: str) -> bool:
        padded = " " + body.replace("\n", " ")
        return all(f" {word}" in padded for word in short_words)

    match = (" AND " if of_words is all else " OR ").join(map(_phrase, long_words))
    found = _indexed(conn, match, kinds, limit, fits if short_words else None)
    waiting = _waiting(conn, kinds)
    if not waiting:
        return found
    found += _read(conn, waiting, lambda body: of_words(w in body for w in long_words) and fits(body), limit)
    return sorted(found)[:limit]


def _indexed(
    conn: sa.Connection,
    match: str,
    kinds: Sequence[str],
    limit: int | None,
    fits: Callable[[str], bool] | None,
) -> list[int]:
    """Index rows that match; the text of each must also satisfy `fits`."""
    spans = [(row_id(k, 0), row_id(k, (1 << _BITS) - 1)) for k in kinds]
    inside = " OR ".join(["rowid BETWEEN ? AND ?"] * len(spans))
    wanted = "rowid" if fits is None else "rowid, body"
    sql = f"SELECT {wanted} FROM search_index WHERE search_index MATCH ? AND ({inside})"
    params: list[object] = [match, *[bound for span in spans for bound in span]]
    if fits is None:
        if limit is not None:
            sql += " LIMIT ?"
            params.append(limit)
        # past SQLAlchemy's rows, which cost as much again as the search when a whole base matches
        with conn.exec_driver_sql(sql, tuple(params)) as result:
            return [i for (i,) in result.cursor.fetchall()]
    fitting = (int(i) for i, body in conn.exec_driver_sql(sql, tuple(params)) if fits(body))
    return list(islice(fitting, limit))


def _waiting(conn: sa.Connection, kinds: Sequence[str]) -> list[Span]:
    """The ranges of records of these kinds that are not in the index yet."""
    return [span for span in search_later.spans(conn) if hit_of(span[0]).kind in kinds]


def _read(
    conn: sa.Connection, spans: Sequence[Span], fits: Callable[[str], bool], limit: int | None
) -> list[int]:
    """The first `limit` index rows of the ranges whose text, read from the tables, fits."""
    found: list[int] = []
    for span in spans:
        for texts in _bodies_of(conn, *span):
            found += [row for row, body in texts if fits(body)]
            if limit is not None and len(found) >= limit:
                return found
    return found


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
