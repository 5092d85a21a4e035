"""A cross table as a grid for screen, paper and spreadsheet: rows, columns, one figure, and the sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.results import MOST_HEADS, MOST_ROWS, Column, Report, Type
from funneldesk.exporting.report_cross import CrossWords
from funneldesk.report_words.cells import cell_text, money_head
from funneldesk.report_words.groupings import grouping_title
from funneldesk.report_words.labels import column_label
from funneldesk.text import _

SHEET_ROWS, SHEET_HEADS = 1_000, 200
LABELS = ("label", "label_2")
Line = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Grid:
    """The largest rows and heads, of months the latest; `cells`: (row, head) -> (its index, the row)."""

    figure: Column
    rows: Sequence[Line]
    heads: Sequence[Line]
    cells: Mapping[tuple[int, int], tuple[int, Line]]
    cut: bool  # whether some of the table's values are not here


def figure_of(report: Report) -> Column:
    """The figure in the cells: the first of those chosen, else the number of deals."""
    figures = [column for column in report.columns if column.type is not Type.TEXT]
    return next((column for column in figures if column.key in report.chosen), figures[0])


def grid(report: Report, rows: int = MOST_ROWS, heads: int = MOST_HEADS) -> Grid | None:
    """The grid of two groupings; None of one, which is a list."""
    if len(report.extra["by"]) < 2:
        return None
    kept = [
        _kept(side, most, by)
        for side, most, by in zip(report.extra["sides"], (rows, heads), report.extra["by"], strict=True)
    ]
    shown = [{line["key"]: place for place, line in enumerate(side)} for side in kept]
    cells = {}
    for index, (row, places) in enumerate(zip(report.rows, report.extra["places"], strict=True)):
        values = [side[place]["key"] for side, place in zip(report.extra["sides"], places, strict=True)]
        if values[0] in shown[0] and values[1] in shown[1]:
            cells[shown[0][values[0]], shown[1][values[1]]] = (index, row)
    cut = any(len(own) < len(side) for own, side in zip(kept, report.extra["sides"], strict=True))
    return Grid(figure_of(report), kept[0], kept[1], cells, cut)


def _kept(side: Sequence[Line], most: int, by: str) -> Sequence[Line]:
    return side[-most:] if by in ("month", "quarter") else side[:most]


def told_by_grid(report: Report) -> bool:
    """Whether the grid alone says all that the table says: nothing is cut, and it is of one figure."""
    found = grid(report) if report.name == "cross-table" and len(report.chosen) == 1 else None
    return found is not None and not found.cut


def label_of(report: Report, place: int, line: Line) -> str:
    """A value of the grouping at `place` in words."""
    column = report.column(LABELS[place])
    return cell_text(report, column, line["label"], {LABELS[place]: line["label"]})


def opens(figure: Column) -> str:
    """Behind which count the deals of a figure stand: of what is won those won, else all."""
    if figure.opens:
        return figure.key
    return "deals" if figure.key == "amount" else "won"


def sum_of(report: Report, key: str) -> str:
    """The name of a sum at the side or the foot of the grid by the key it opens; empty for any other key."""
    figure, sign, _place = key.partition("@")
    for place, side in enumerate(report.extra.get("sides", ()) if sign else ()):
        for line in side:
            if line["key"] == sign + _place:
                name = f"{grouping_title(report.extra['by'][place])}: {label_of(report, place, line)}"
                return f"{name} · {column_label(figure)}"
    return ""


def cross_words(report: Report) -> CrossWords | None:
    """The grid, much more of it, as a sheet of its own; None of reports that have none."""
    found = grid(report, SHEET_ROWS, SHEET_HEADS) if report.name == "cross-table" else None
    if found is None:
        return None
    key = found.figure.key
    by = report.extra["by"]
    lines = [
        (
            label_of(report, 0, line),
            [
                found.cells[row, head][1][key] if (row, head) in found.cells else None
                for head in range(len(found.heads))
            ]
            + [line[key]],
        )
        for row, line in enumerate(found.rows)
    ]
    corner = f"{grouping_title(by[0])} / {grouping_title(by[1])}: {money_head(report, found.figure)}"
    if found.cut:
        corner += f" ({_('the largest, of months the latest; all are in the table')})"
    foot = [line[key] for line in found.heads] + [report.totals[key]]
    return CrossWords(
        sheet=_("Matrix"),
        corner=corner,
        heads=[*(label_of(report, 1, line) for line in found.heads), _("Total")],
        column=found.figure,
        lines=lines,
        foot=(_("Total"), foot),
    )
