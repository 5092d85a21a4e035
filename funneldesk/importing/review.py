"""Rows of a plan as they are looked through: what each does, and those that were rejected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.importing.plan import Action, Plan, Problem
from funneldesk.importing.staging import MARK, Cell, shown
from funneldesk.importing.table import Settings, Table


@dataclass(frozen=True, slots=True)
class RowPreview:
    """A row of the dry run: its cells as text, what it does, what changes, what is wrong."""

    place: int
    number: int
    action: Action
    cells: tuple[str, ...]
    changes: tuple[tuple[str, Any, Any], ...]  # field, old, new
    problems: tuple[Problem, ...]
    matched_by: str | None


def preview_row(plan: Plan, table: Table, settings: Settings, place: int) -> RowPreview:
    """A row of the dry run, with the cells as they were mended."""
    number = table.numbers[place]
    cells = tuple(
        settings.mended.get((number, index), shown(column[place]))
        for index, column in enumerate(table.columns)
    )
    return RowPreview(
        place, number, plan.actions[place], cells, tuple(plan.changes_of_row.get(place, ())),
        tuple(plan.problems_of(number)), plan.matched_by.get(place),
    )  # fmt: skip


def rejected_rows(
    plan: Plan, table: Table, places: Sequence[int]
) -> tuple[list[str], list[tuple[int, list[Cell], list[Problem]]]]:
    """(headers, rows with number, cells and problems) for the file of rejects."""
    rows = []
    for place in places:
        number = table.numbers[place]
        cells = [_without_mark(column[place]) for column in table.columns]
        rows.append((number, cells, plan.problems_of(number)))
    return [table.name(index) for index in range(len(table.headers))], rows


def _without_mark(cell: Cell) -> Cell:
    return shown(cell) if isinstance(cell, str) and cell.startswith(MARK) else cell
