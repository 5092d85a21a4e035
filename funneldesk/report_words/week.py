"""The week's report for reading: the team in one small table, then a paragraph for each person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from funneldesk.domain.clock import from_micros
from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.cells import cell_text
from funneldesk.report_words.groupings import missing_label
from funneldesk.text import _, format_date_short, format_number, with_currency


@dataclass(frozen=True, slots=True)
class Person:
    """What one manager did: a line per section, its name and its words."""

    name: str
    lines: list[tuple[str, str]]


def team_title(report: Report) -> str:
    """The heading over the team; empty for every other report, and for one manager alone."""
    return _("The team") if len(report.extra.get("team", ())) > 1 else ""


def team_report(report: Report) -> Report | None:
    """A row per manager, the totals last; see `team_key` for what its numbers open."""
    team = report.extra.get("team", ())
    if not team_title(report):
        return None
    columns = (Column("manager", Type.TEXT), *report.total_columns)
    totals = {"manager": "", **report.totals}
    return replace(
        report, columns=columns, rows=tuple(team), total_columns=columns, totals=totals, extra={},
        comparison=None, chosen=(),
    )  # fmt: skip


def team_key(report: Report, row: int | None, key: str) -> str:
    """The key among the totals that opens the number in a row of the team's table."""
    return key if row is None else f"{key}{report.extra['team'][row]['key']}"


def manager_of(report: Report, key: str) -> tuple[str, str] | None:
    """(manager, section) of a number that a row of the team's table opens; None of any other key."""
    section, sign, _number = key.partition("@")
    for line in report.extra.get("team", ()) if sign else ():
        if key == f"{section}{line['key']}":
            return line["manager"] or missing_label("manager"), section
    return None


def people(report: Report) -> list[Person]:
    """Each manager's week in the order of the rows; every cell of the table is said."""
    found: dict[str, dict[str, list[str]]] = {}
    for row in report.rows:
        cells = {column.key: cell_text(report, column, row.get(column.key), row) for column in report.columns}
        said = _said(report, row, cells)
        found.setdefault(cells["manager"], {}).setdefault(cells["section"], []).append(said)
    return [
        Person(name, [(section, "; ".join(_together(words))) for section, words in sections.items()])
        for name, sections in found.items()
    ]


def _said(report: Report, row: Mapping[str, Any], cells: dict[str, str]) -> str:
    section = row["section"]
    if section == "created":
        return cells["count"]
    if section == "promised":
        day = format_date_short(date.fromisoformat(row["words"]), near=_day_of(report))
        return f"{day}: {cells['what']}".replace(" ", "\u00a0", day.count(" "))
    if section not in ("won", "lost"):
        return f"{cells['what']}:\u00a0{cells['count']}"
    told = [cells["what"]] if row["what"] else []
    if row["amount"] is not None:
        told.append(with_currency(cells["amount"], report.currency))
    why = f"({cells['words']})" if row["words"] else ""
    return " ".join(part for part in (", ".join(told), why) if part) or cells["what"]


def _day_of(report: Report) -> date:
    """A day of the year that need not be told."""
    return from_micros(report.as_of).date()


def _together(words: Sequence[str]) -> list[str]:
    """The same thing promised twice for one day is said once, with its number."""
    return [f"{said} × {format_number(many)}" if many > 1 else said for said, many in Counter(words).items()]
