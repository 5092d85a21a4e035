"""A counted report and what is asked about it afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.domain.results import Report, ReportRequest, Type
from funneldesk.report_words import cell_text, column_label


@dataclass(frozen=True, slots=True)
class Answer:
    """A report with the question it answers (its date pinned, so that its deals can be asked for)."""

    report: Report
    request: ReportRequest


def times_request(request: ReportRequest) -> ReportRequest:
    """The question for the days in the stages of the same deals."""
    return ReportRequest(
        "stage-times",
        funnel_id=request.funnel_id,
        start=request.start,
        end=request.end,
        as_of=request.as_of,
        population=request.population,
        managers=request.managers,
        where=request.where,
    )


def is_empty(report: Report) -> bool:
    """Whether no deal at all was counted."""
    numbers = (Type.COUNT, Type.NUMBER)
    counted = [c.key for c in report.columns if c.type in numbers and c.key != "rank"]
    totals = [c.key for c in report.total_columns if c.type is Type.COUNT]
    rows = any(row.get(key) for row in report.rows for key in counted)
    return not rows and not any(report.totals.get(key) for key in totals)


def number_title(report: Report, row: int | None, key: str) -> str:
    """The name of a number: its row and its column."""
    by = tuple(report.extra.get("by", ()))
    label = column_label(key, by)
    if row is None:
        return label
    values = report.rows[row]
    names = [
        cell_text(report, column, values.get(column.key), values)
        for column in report.columns
        if column.type is Type.TEXT
    ]
    return " · ".join([*names, label])
