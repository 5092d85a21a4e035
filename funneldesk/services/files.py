"""Files of clients, deals and leads: kept in the base up to a size, or as links; never run."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

from funneldesk.domain.change import Change, Label
from funneldesk.domain.files import CAP_KEY, LARGEST_MB, RECORD_KINDS, AttachedFile
from funneldesk.errors import UserError
from funneldesk.store.database import Database
from funneldesk.store.queries import files as queries
from funneldesk.store.transaction import Actor, Transaction

_MOST_NAME = 200


def largest(db: Database) -> int:
    """Bytes up to which a file is kept in the base."""
    return int(db.setting(CAP_KEY, LARGEST_MB)) * 1_000_000


def attach(
    db: Database, kind: str, record_id: int, paths: Sequence[Path], *, actor: Actor | None = None
) -> Change:
    """Keep copies of files with a record.  Raises `file.unreadable`, `file.too_large`, `file.folder`."""
    cap = largest(db)
    read = [_read(path, cap) for path in paths]
    with db.transaction(Label("file.added"), actor=actor) as tx:
        for name, data in read:
            sha256 = hashlib.sha256(data).hexdigest()
            queries.keep_content(tx.conn, sha256, data)
            _add(tx, kind, record_id, name, size=len(data), sha256=sha256)
        tx.label = Label("file.added", {"name": ", ".join(name for name, _data in read)[:_MOST_NAME]})
    return tx.change


def link(db: Database, kind: str, record_id: int, target: str, *, actor: Actor | None = None) -> Change:
    """Keep a link to a file or an address.  Raises `file.link`."""
    text = target.strip()
    if not text:
        raise UserError("file.link")
    name = text if "://" in text else Path(text).name or text
    with db.transaction(Label("file.added", {"name": name[:_MOST_NAME]}), actor=actor) as tx:
        _add(tx, kind, record_id, name[:_MOST_NAME], link=text)
    return tx.change


def remove(db: Database, file_id: int, *, actor: Actor | None = None) -> Change:
    """Take a file away from its record; undo brings it back."""
    with db.transaction(Label("file.removed"), actor=actor) as tx:
        file = tx.get(AttachedFile, file_id)
        tx.label = Label("file.removed", {"name": file.name})
        tx.delete(AttachedFile, file_id)
    return tx.change


def files_of(db: Database, kind: str, record_id: int) -> list[AttachedFile]:
    """The files of a record, the newest first."""
    with db.read() as conn:
        return queries.files_of(conn, kind, record_id)


def save_as(db: Database, file: AttachedFile, path: Path) -> Path:
    """Write a kept file's content to a path.  Raises `file.gone`, `export.failed`."""
    from funneldesk.exporting.files import atomic_write

    with db.read() as conn:
        data = queries.content(conn, file.sha256 or "")
    if data is None:
        raise UserError("file.gone", name=file.name)
    atomic_write(path, data)
    return path


def _add(
    tx: Transaction, kind: str, record_id: int, name: str, *, size: int = 0, sha256: str | None = None,
    link: str | None = None,
) -> None:  # fmt: skip
    if kind not in RECORD_KINDS:
        raise ValueError(f"no files on {kind}")
    tx.insert(
        AttachedFile(
            record_kind=kind, record_id=record_id, name=name, size=size, sha256=sha256, link=link,
            added_at=tx.at, added_by=tx.actor.name,
        )
    )  # fmt: skip


def _read(path: Path, cap: int) -> tuple[str, bytes]:
    if path.is_dir():
        raise UserError("file.folder", name=path.name)
    try:
        if path.stat().st_size > cap:
            raise UserError("file.too_large", name=path.name, most=cap // 1_000_000)
        with path.open("rb") as stream:
            data = stream.read(cap + 1)
    except OSError as error:
        raise UserError("file.unreadable", name=path.name, reason=error.strerror or str(error)) from error
    if len(data) > cap:
        raise UserError("file.too_large", name=path.name, most=cap // 1_000_000)
    return path.name[:_MOST_NAME], data
