"""A figure of one's own beside the counts of a report: how many of the deals of a row fulfil conditions."""

from __future__ import annotations

from dataclasses import replace

from funneldesk.domain.condition import EVERYTHING, Group, told_plainly
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.reports.built import counts, rates, ratio

COUNT = "own_count"
OF = "count"  # what it is a part of
AFTER = "share"  # the column it stands behind
_COLUMNS = (*counts(COUNT), *rates("own_share"))


def part_of(request: ReportRequest) -> ReportRequest:
    """The same question about those deals only."""
    asked = [each for each in (request.condition, request.figure) if each]
    both = asked[0] if len(asked) == 1 else Group(tuple(asked))
    return replace(request, condition=both, figure=EVERYTHING, compare=None)


def beside(report: Report, part: Report, request: ReportRequest) -> Report:
    """`report` with the counts of `part`, which has the same rows, and their share of its own.

    `extra["own_figure"]`: the conditions in words.
    """
    rows = tuple(
        {**row, COUNT: own[OF], "own_share": ratio(own[OF], row[OF])}
        for row, own in zip(report.rows, part.rows, strict=True)
    )
    words = request.figure_words or told_plainly(request.figure)
    extra = {**report.extra, "own_figure": words}
    place = 1 + [column.key for column in report.columns].index(AFTER)
    columns = (*report.columns[:place], *_COLUMNS, *report.columns[place:])
    return replace(report, columns=columns, rows=rows, extra=extra)
