"""The file for other calendars, read back by its own library and looked at line by line."""

from __future__ import annotations

from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from funneldesk.domain.clock import DAY
from funneldesk.exporting.calendar_file import Entry, write_ics

WARSAW = ZoneInfo("Europe/Warsaw")
NOON = 1_780_308_000_000_000  # 2026-06-01T10:00Z


def entry(**more: object) -> Entry:
    values: dict[str, object] = {
        "uid": "1", "task": False, "summary": "Meeting: Delta", "description": "", "due_at": NOON,
        "all_day": False,
    }  # fmt: skip
    return Entry(**{**values, **more})  # type: ignore[arg-type]


def test_a_meeting_keeps_the_local_time_and_the_zone_it_was_meant_in(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    meant = {"due_local": "2026-12-01T09:00", "due_zone": "Asia/Tbilisi"}
    assert write_ics(path, [entry(minutes=90, **meant)], WARSAW) == 1
    event = Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0]
    start = event.decoded("dtstart")
    assert (start.isoformat(), str(start.tzinfo)) == ("2026-12-01T09:00:00+04:00", "Asia/Tbilisi")
    assert event.decoded("dtend") - start == (event.decoded("dtend") - start).__class__(minutes=90)


def test_a_task_is_a_todo_and_a_whole_day_is_a_date(tmp_path: Path) -> None:
    path = tmp_path / "a.ics"
    write_ics(path, [entry(task=True, all_day=True), entry(all_day=True, due_at=NOON + DAY)], WARSAW)
    calendar = Calendar.from_ical(path.read_bytes())
    assert calendar.walk("VTODO")[0].decoded("due").isoformat() == "2026-06-01"
    assert calendar.walk("VEVENT")[0].decoded("dtstart").isoformat() == "2026-06-02"


EVIL = st.text(min_size=1, max_size=60) | st.sampled_from(
    ["A\r\nATTENDEE:mailto:x@y", "B\nEND:VEVENT\nBEGIN:VALARM", "C;X=1:2,3\\n", "D\u2028E", "F\x0bG\x85H\x1c"]
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(EVIL, EVIL)
def test_no_name_makes_a_line_of_its_own(tmp_path: Path, name: str, more: str) -> None:
    path = tmp_path / "a.ics"
    write_ics(path, [entry(summary=name, description=more)], WARSAW)
    lines = path.read_bytes().decode("utf-8").split("\r\n")
    begin, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    names = [line.split(":")[0].split(";")[0] for line in lines[begin + 1 : end] if not line.startswith(" ")]
    assert sorted({*names, "DESCRIPTION"}) == ["DESCRIPTION", "DTEND", "DTSTAMP", "DTSTART", "SUMMARY", "UID"]
    assert len(names) == len(set(names))
    assert lines.count("BEGIN:VEVENT") == 1
    event = Calendar.from_ical(path.read_bytes()).walk("VEVENT")[0]
    assert "attendee" not in event
