"""What is done and planned: calls, letters, meetings, messages, notes, tasks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ActivityKind(StrEnum):
    """The kind of an activity."""

    CALL = "call"
    LETTER = "letter"
    MEETING = "meeting"
    MESSAGE = "message"
    MAILING = "mailing"
    NOTE = "note"
    TASK = "task"


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One activity.  Planned while `done_at` is None and `due_at` set; done once `done_at` is set.

    `due_zone` names the zone in which a planned time was meant, `due_local` its local time as
    ISO text, so that a change of clock rules does not move a meeting.  `minutes` is how long it
    takes.  `given_by_id` is who gave it to `manager_id`, `checked_at` when they saw that it was done.
    """

    id: int = 0
    version: int = 1
    kind: str
    subject: str = ""
    result: str | None = None
    comment: str | None = None
    company_id: int | None = None
    person_id: int | None = None
    deal_id: int | None = None
    lead_id: int | None = None
    manager_id: int | None = None
    created_at: int
    due_at: int | None = None
    due_local: str | None = None
    due_zone: str | None = None
    all_day: bool = False
    done_at: int | None = None
    place: str | None = None  # where a meeting is held
    stage_id: int | None = None  # the stage whose key task it is
    minutes: int | None = None
    remind_at: int | None = None  # put off till then; None = when it is due
    given_by_id: int | None = None
    checked_at: int | None = None

    @property
    def planned(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.kind != ActivityKind.NOTE
