"""Files of records and their contents."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.files import AttachedFile
from funneldesk.store import tables as t
from funneldesk.store.transaction import select_records


def files_of(conn: sa.Connection, kind: str, record_id: int) -> list[AttachedFile]:
    """The files of a record, the newest first."""
    c = t.files.c
    found = select_records(
        conn, AttachedFile, c.record_kind == kind, c.record_id == record_id, order=c.id.desc()
    )
    return found


def content(conn: sa.Connection, sha256: str) -> bytes | None:
    """The bytes of a kept file."""
    c = t.file_contents.c
    found = conn.scalar(sa.select(c.data).where(c.sha256 == sha256))
    return None if found is None else bytes(found)


def contents(conn: sa.Connection, kind: str, record_id: int) -> list[tuple[str, bytes]]:
    """Name and bytes of every kept file of a record."""
    found = []
    for file in files_of(conn, kind, record_id):
        data = content(conn, file.sha256) if file.sha256 else None
        if data is not None:
            found.append((file.name, data))
    return found


def keep_content(conn: sa.Connection, sha256: str, data: bytes) -> None:
    """Keep the bytes of a file once."""
    c = t.file_contents.c
    if conn.scalar(sa.select(c.sha256).where(c.sha256 == sha256)) is None:
        conn.execute(sa.insert(t.file_contents).values(sha256=sha256, data=data))
