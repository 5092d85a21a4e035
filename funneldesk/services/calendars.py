"""What is planned, as a file for other calendars."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from zoneinfo import ZoneInfo

from funneldesk.domain.activity import ActivityKind
from funneldesk.exporting.calendar_file import Entry, write_ics
from funneldesk.store.database import Database
from funneldesk.store.queries import agenda
from funneldesk.store.queries.agenda import AgendaLine


def save_ics(
    db: Database,
    path: Path,
    *,
    zone: ZoneInfo,
    manager_id: int | None = None,
    words: Mapping[str, str] | None = None,
) -> int:
    """Write what is planned (of a manager, or of all) to `path`; returns how many entries.

    `words` names the kinds.  Raises UserError export.failed.
    """
    names = words or {}
    with db.read() as conn:
        lines = agenda.all_planned(conn, manager_id)
        times = agenda.meant_times(conn, manager_id)
    entries = [_entry(line, *times.get(line.activity_id, (None, None)), names) for line in lines]
    return write_ics(path, entries, zone)


def _entry(line: AgendaLine, local: str | None, zone: str | None, words: Mapping[str, str]) -> Entry:
    kind = words.get(line.kind, line.kind)
    about = " · ".join(part for part in (line.client, line.subject) if part)
    return Entry(
        uid=f"activity-{line.activity_id}@funneldesk",
        task=line.kind == ActivityKind.TASK,
        summary=f"{kind}: {about}" if about else kind,
        description=line.deal,
        due_at=line.due_at or 0,
        all_day=line.all_day,
        minutes=line.minutes,
        due_local=local,
        due_zone=zone,
    )
