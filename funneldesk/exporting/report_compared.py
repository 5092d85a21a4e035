"""The comparison of a report with an earlier period, in spreadsheets and CSV."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from funneldesk.domain.results import Column, Compared, Comparison, Report, Type

_SIDES = ("before", "change")


@dataclass(frozen=True, slots=True)
class ComparisonWords:
    """The words of the sheet; `rows` = name of the row, of the figure, verdict, one per line compared."""

    sheet: str
    title: str
    note: str
    heads: Sequence[str]  # row, figure, now, before, change, p, verdict
    rows: Sequence[tuple[str, str, str]]
    points: str = "{points}"  # how percentage points are told


def with_comparison(report: Report) -> Report:
    """`report` with two more columns for each number that was compared: `<key>_before`, `<key>_change`.

    A rate that could be tested also has `<key>_p` and `<key>_verdict`.  Rows that are of the earlier
    period only stand at the end, their own numbers empty.  Without comparable rows it is the report as it is.
    """
    other = report.comparison
    # a report of one line has no words to know it by, nor totals
    lines = [line for line in other.rows if line.label or not report.total_columns] if other else []
    if not lines:
        return report
    words = report.naming()
    keys = {line.key for line in lines}
    judged = {line.key for line in lines if line.verdict is not None}
    more = [column for own in report.columns if own.key in keys for column in _added(own, own.key in judged)]
    by_label: dict[tuple[str | None, ...], dict[str, Any]] = {}
    for line in lines:
        own = by_label.setdefault(line.label, {})
        own |= {f"{line.key}_before": line.before, f"{line.key}_change": line.change}
        own |= {f"{line.key}_p": line.p, f"{line.key}_verdict": line.verdict}
    rows = []
    for row in report.rows:
        compared = by_label.pop(tuple(row.get(key) for key in words), {})
        rows.append({**row, **{column.key: compared.get(column.key) for column in more}})
    keys_of_row = [column.key for column in report.columns] + list(report.rows[0] if report.rows else ())
    blank = dict.fromkeys(keys_of_row, None)
    for label, compared in by_label.items():
        own = {**blank, **dict(zip(words, label, strict=True))}
        rows.append({**own, **{column.key: compared.get(column.key) for column in more}})
    return replace(report, columns=(*report.columns, *more), rows=tuple(rows))


def _added(own: Column, judged: bool) -> list[Column]:
    sides = [Column(f"{own.key}_{side}", own.type) for side in _SIDES]
    tested = [Column(f"{own.key}_p", Type.P), Column(f"{own.key}_verdict", Type.TEXT)]
    return sides + (tested if judged else [])


def write_comparison(
    book: Any, report: Report, other: Comparison, words: ComparisonWords, name: str, styles: Any
) -> None:
    """A sheet with both numbers and their difference as numbers, a line per figure of each row."""
    sheet = book.add_worksheet(name)
    sheet.write_string(0, 0, words.title, styles.title)
    sheet.write_string(1, 0, words.note, styles.note)
    top = 3
    for place, head in enumerate(words.heads):
        numeric = 2 <= place <= 5
        sheet.write_string(top, place, head, styles.header if numeric else styles.header_left)
    before, _mark, after = words.points.partition("{points}")
    number = f'"{before}"0.0"{after}"'
    points = book.add_format({"num_format": f"+{number};-{number};{number}"})
    for place, (line, (row, figure, verdict)) in enumerate(zip(other.rows, words.rows, strict=True), top + 1):
        own = compared_column(report, line)
        sheet.write_string(place, 0, row)
        sheet.write_string(place, 1, figure)
        styles.write(sheet, (place, 2), own, line.now, "")
        styles.write(sheet, (place, 3), own, line.before, "")
        if line.change is not None and own.type in (Type.RATE, Type.POINTS):
            sheet.write_number(place, 4, line.change * 100, points)
        else:
            styles.write(sheet, (place, 4), own, line.change, "")
        styles.write(sheet, (place, 5), Column("p", Type.P), line.p, "")
        sheet.write_string(place, 6, verdict)
    sheet.autofilter(top, 0, top + len(other.rows), len(words.heads) - 1)
    for column, width in enumerate((30, 26, 14, 14, 14, 12, 26)):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, 2)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(top)


def compared_column(report: Report, line: Compared) -> Column:
    """The column of a number that was compared: of the totals, or of a row."""
    columns = report.total_columns if not line.label and report.total_columns else report.columns
    return next(column for column in columns if column.key == line.key)
