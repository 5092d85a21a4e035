"""What helps to find a fault: versions, sizes and counts, and nothing that a person wrote."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from funneldesk import __version__
from funneldesk.store import look
from funneldesk.store.database import Database


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """Bytes are of files; `records` by kind."""

    program: str
    python: str
    system: str
    sqlite: str
    journal_mode: str
    schema: int
    base_bytes: int
    journal_entries: int
    journal_bytes: int
    records: dict[str, int]


def diagnose(db: Database) -> Diagnostics:
    """Of an open base."""
    with db.read() as conn:
        sizes = look.sizes(conn)
    return Diagnostics(
        __version__,
        platform.python_version(),
        f"{platform.system()} {platform.release()} {platform.machine()}",
        sizes.engine,
        sizes.journal_mode,
        sizes.schema,
        db.path.stat().st_size,
        sizes.journal_entries,
        sizes.journal_bytes,
        sizes.records,
    )
