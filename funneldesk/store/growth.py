"""The journal kept within bounds: how far back undo reaches, and what is thrown away beyond that.

Beyond the reach an entry keeps its line (what was done, when, by whom) and the edits that the
timelines of cards show; images of removed records, contents of removed files and what an undo left
behind go.  Beyond the size all edits go, the oldest first, but which records an import made.  Records,
and with them the history of stages, are never touched.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Op
from funneldesk.store import journal
from funneldesk.store import tables as t
from funneldesk.store.among import among

REACH_KEY = "journal.reach"  # the newest entry that undo does not reach any more
_HEAVY = (str(Op.CUT), str(Op.DELETE))
_PARTS = ("contact_point", "custom_value", "file")  # their removal is told in the timeline of their owner


@dataclass(frozen=True, slots=True)
class Weight:
    """What the journal takes up: lines, bytes of its images and of contents that only it still wants."""

    entries: int
    bytes: int
    oldest: int | None  # when the oldest change was made that undo reaches, microseconds
    reach: int = 0


def weigh(conn: sa.Connection, reach: int) -> Weight:
    """How large the journal is, where undo ends at `reach`."""
    entry = t.journal.c
    oldest = conn.scalar(
        sa.select(sa.func.min(entry.at)).where(
            entry.id > reach, entry.barrier.is_(False), entry.state == "done"
        )
    )
    count = conn.scalar(sa.select(sa.func.count()).select_from(t.journal)) or 0
    images = sum(size for _entry, size in _images(conn))
    return Weight(count, images + sum(_orphans(conn).values()), oldest, reach)


def trim(conn: sa.Connection, before: int | None, most: int | None, reach: int) -> int:
    """Let go of what was done before a moment, and of the oldest of what is above `most` bytes.

    Returns the new reach.  The order of entries counts, never the clock alone: an entry that was made
    after one that stays is kept too.  What an undo took back stays whole, and can be done again, until
    a new change leaves it behind: redo goes on from the first of it, so none of it may be missing.
    """
    conn.execute(sa.delete(t.journal_edits).where(t.journal_edits.c.journal_id.in_(_dropped())))
    conn.execute(sa.delete(t.journal).where(t.journal.c.state == "dropped"))
    undone = journal.next_redo(conn)
    last = undone - 1 if undone is not None else sys.maxsize
    cut = max(reach, min(_before(conn, before), last))
    if cut > reach:
        _lighten(conn, cut)
    fits = min(_fitting(conn, most), last)
    if fits > 0:
        cut = max(cut, fits)
        _empty(conn, fits)
    if cut > reach:
        entry = t.journal.c
        conn.execute(sa.update(t.journal).where(entry.id <= cut).values(barrier=True))
    orphans = _orphans(conn, only_wanted=False)
    if orphans:
        conn.execute(sa.delete(t.file_contents).where(among(t.file_contents.c.sha256, orphans)))
    return cut


def newest_at(conn: sa.Connection) -> int | None:
    """When the newest entry was made, microseconds; None of an empty journal."""
    return conn.scalar(sa.select(t.journal.c.at).order_by(t.journal.c.id.desc()).limit(1))


def beyond(conn: sa.Connection, entry: int) -> bool:
    """Whether an entry lies beyond the reach of undo."""
    kept = conn.scalar(sa.select(t.settings.c.value).where(t.settings.c.key == REACH_KEY))
    return kept is not None and entry <= int(kept)


def free_bytes(conn: sa.Connection) -> tuple[int, int]:
    """Bytes of the file that hold nothing, and of the whole file."""
    page, count, free = (
        int(conn.exec_driver_sql(f"PRAGMA {name}").scalar() or 0)
        for name in ("page_size", "page_count", "freelist_count")
    )
    return page * free, page * count


def _dropped() -> Any:
    return sa.select(t.journal.c.id).where(t.journal.c.state == "dropped")


def _before(conn: sa.Connection, moment: int | None) -> int:
    """The newest entry such that it and all before it were made before a moment; 0 = none."""
    if moment is None:
        return 0
    entry = t.journal.c
    first = conn.scalar(sa.select(sa.func.min(entry.id)).where(entry.at >= moment))
    last = sa.select(sa.func.max(entry.id))
    return int(conn.scalar(last if first is None else last.where(entry.id < first)) or 0)


def _lighten(conn: sa.Connection, cut: int) -> None:
    """Of entries up to `cut` only what timelines show stays."""
    edit = t.journal_edits.c
    told = sa.and_(edit.op == str(Op.DELETE), edit.kind.in_(_PARTS))
    heavy = sa.and_(edit.journal_id <= cut, edit.op.in_(_HEAVY), sa.not_(told))
    conn.execute(sa.delete(t.journal_edits).where(heavy))


def _empty(conn: sa.Connection, cut: int) -> None:
    """Of entries up to `cut` only which records an import made stays."""
    edit, entry = t.journal_edits.c, t.journal.c
    imports = sa.select(entry.id).where(entry.id <= cut, entry.label == "import.run")
    made = sa.and_(edit.op == str(Op.INSERT), edit.journal_id.in_(imports))
    gone = sa.and_(edit.journal_id <= cut, edit.op != str(Op.RANGE), sa.not_(made))
    conn.execute(sa.delete(t.journal_edits).where(gone))
    conn.execute(sa.update(t.journal_edits).where(edit.journal_id <= cut).values(before=None, after=None))


def _fitting(conn: sa.Connection, most: int | None) -> int:
    """The newest entry from which on the journal would be too large; 0 = it fits."""
    if most is None:
        return 0
    sizes = dict(_images(conn))
    for entry, size in _contents(conn, _orphans(conn)):
        sizes[entry] = sizes.get(entry, 0) + size
    total = 0
    for entry in sorted(sizes, reverse=True):
        total += sizes[entry]
        if total > most:
            return entry
    return 0


def _images(conn: sa.Connection) -> Iterator[tuple[int, int]]:
    """(entry, bytes of its images)."""
    edit = t.journal_edits.c
    size = sa.func.coalesce(sa.func.length(edit.before), 0) + sa.func.coalesce(sa.func.length(edit.after), 0)
    query = sa.select(edit.journal_id, sa.func.sum(size)).group_by(edit.journal_id)
    for entry, held in conn.execute(query):
        if held:
            yield entry, int(held)


def _orphans(conn: sa.Connection, *, only_wanted: bool = True) -> dict[str, int]:
    """Hash -> bytes of contents that no record has: those that the journal wants, else those it does not."""
    c = t.file_contents.c
    kept = sa.select(t.files.c.sha256).where(t.files.c.sha256.is_not(None))
    query = sa.select(c.sha256, sa.func.length(c.data)).where(c.sha256.not_in(kept))
    found = {row[0]: int(row[1]) for row in conn.execute(query)}
    if not found:
        return {}
    wanted = {sha for _entry, sha in _mentioned(conn)}
    return {sha: size for sha, size in found.items() if (sha in wanted) == only_wanted}


def _contents(conn: sa.Connection, orphans: dict[str, int]) -> Iterator[tuple[int, int]]:
    """(newest entry that mentions a content, its bytes)."""
    newest: dict[str, int] = {}
    if orphans:
        for entry, sha in _mentioned(conn):
            if sha in orphans:
                newest[sha] = max(entry, newest.get(sha, 0))
    yield from ((entry, orphans[sha]) for sha, entry in newest.items())


def _mentioned(conn: sa.Connection) -> Iterator[tuple[int, str]]:
    """(entry, hash) of every content that an undo may want: an image of a file names it."""
    edit = t.journal_edits.c
    query = sa.select(edit.journal_id, edit.before, edit.after)
    query = query.join(t.journal, t.journal.c.id == edit.journal_id)
    query = query.where(edit.kind == "file", t.journal.c.barrier.is_(False))
    for entry, before, after in conn.execute(query):
        for data in (before, after):
            yield from ((entry, sha) for sha in _hashes(journal.unpack(data)))


def _hashes(image: Any) -> Iterable[str]:
    if not isinstance(image, dict):
        return ()
    if "rows" in image and "columns" in image:
        if "sha256" not in image["columns"]:
            return ()
        place = image["columns"].index("sha256")
        return (row[place] for row in image["rows"] if row[place])
    return (image["sha256"],) if image.get("sha256") else ()
