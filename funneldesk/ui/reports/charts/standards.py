"""Standards of contact: how much of each is kept by whom, the team on top."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from funneldesk.text import _, format_days, format_number, ngettext
from funneldesk.ui.reports.charts import facets
from funneldesk.ui.reports.charts.legend import Entry
from funneldesk.ui.reports.charts.sheet import Sheet

ROW = 44
MOST = 24  # people drawn; the table has all
_TOLD = ("checked", "kept", "kept_share", "broken_now")

Key = tuple[Any, ...]
TEAM: Key = ("team", None)


def draw(sheet: Sheet) -> None:
    """People down, standards across; a stroke on each bar where the team stands."""
    report, look = sheet.report, sheet.look
    people: dict[Key, str] = {}
    standards: dict[Key, str] = {}
    rows: dict[tuple[Key, Key], int] = {}
    for place, row in enumerate(report.rows):
        standard = _key(row)
        person: Key = (row.get("scope"), row["manager"])
        while (person, standard) in rows:  # another of the same name
            person = (*person, "again")
        standards.setdefault(standard, _standard(sheet, row))
        people.setdefault(person, sheet.text(row, "manager"))
        rows[person, standard] = place
    team = _team(report.rows)
    shown = sorted(people, key=_order)[:MOST]
    cells = {
        (y, x): _cell(sheet, rows[person, standard], f"{people[person]} · {words}", team.get(standard))
        for x, (standard, words) in enumerate(standards.items())
        for y, person in enumerate(shown)
        if (person, standard) in rows
    }
    names = [people[person] for person in shown]
    facets.draw(sheet, facets.Grid(names, [*standards.values()], cells, ROW, full=True))
    if not sheet.panels:
        return
    entries = sheet.panels[-1].entries
    entries.append(Entry(_("kept"), look.color("won")))
    if len(shown) > 1:
        entries.append(Entry(_("team"), line=look.pen("text", 3), upright=True))
    rest = len(report.rows) - len(cells)
    if rest:
        text = ngettext("{count} more row in the table", "{count} more rows in the table", rest)
        entries.append(Entry(text.format(count=rest)))


def _order(person: Key) -> tuple[bool, bool, str]:
    """The team, then people by name, nobody last."""
    name = person[1]
    return person != TEAM, name is None, name or ""


def _standard(sheet: Sheet, row: Mapping[str, Any]) -> str:
    """A standard in words: what is asked, and of which deals."""
    asked = f"{sheet.text(row, 'standard')} {sheet.text(row, 'limit')}"
    return asked if row["label"] is None else f"{asked}: {row['label']}"


def _key(row: Mapping[str, Any]) -> Key:
    return row["standard"], row["limit"], row["label"]


def _team(rows: Sequence[Mapping[str, Any]]) -> dict[Key, float | None]:
    """How far the whole team keeps each standard."""
    shares: dict[Key, float | None] = {}
    for row in rows:
        if row.get("scope") == "team":
            shares.setdefault(_key(row), row["kept_share"])
    return shares


def _cell(sheet: Sheet, place: int, head: str, team: float | None) -> facets.Cell:
    row = sheet.report.rows[place]
    kept = format_number(row["kept"]) if row["standard"] == "answer" else format_days(row["kept"])
    below = f"{kept}/{sheet.text(row, 'checked')}" if row["checked"] else ""
    if row["broken_now"]:
        outside = _("{count} outside now").format(count=sheet.text(row, "broken_now"))
        below = " · ".join(part for part in (below, outside) if part)
    return facets.Cell(
        row=place,
        share=row["kept_share"],
        text=sheet.text(row, "kept_share"),
        below=below,
        stroke=None if row.get("scope") == "team" else team,
        key="broken_now",
        tip=sheet.tip(head, row, *_TOLD),
        opens=row["broken_now"] > 0,
    )
