"""The first page of a pack: its comment, and the reports that follow, each with its funnel and period."""

from __future__ import annotations

from functools import partial
from zoneinfo import ZoneInfo

from funneldesk.domain.booklet import ReportPack
from funneldesk.domain.results import Report
from funneldesk.report_words import (
    funnel_text,
    header_block,
    moment_text,
    period_text,
    report_answer,
    report_title,
)
from funneldesk.text import _
from funneldesk.ui.reports.paper import QUIET, Paper

COLUMNS = (0.48, 0.24, 0.28)  # of the width: report, funnel, period


def pack_title() -> str:
    """The name of a print of chosen reports."""
    return _("Report pack")


def add_cover(paper: Paper, pack: ReportPack, zone: ZoneInfo | None, starts: list[int]) -> None:
    """Put it on the paper; `starts` will tell the pages when it is painted.

    What all reports have in common stands in the head, what differs at each of them.
    """
    first = pack.reports[0]
    alike = len({(report.funnel, report.start, report.end) for report in pack.reports}) == 1
    about = header_block(first, zone)[1] if alike else moment_text(first.as_of, zone)
    paper.begin([pack_title(), about])
    for paragraph in pack.comment.splitlines():
        paper.text(paragraph, 11, gap=6)
    paper.space(8)
    paper.text(_("In this print"), 11, bold=True)
    if not alike:
        heads = (_("Report"), _("Funnel"), _("Period"))
        paper.entry(heads, COLUMNS, lambda: _("Page"), 9, color=QUIET)
    for number, report in enumerate(pack.reports):
        said = (_named(report),) if alike else (_named(report), funnel_text(report), _period(report, zone))
        paper.entry(said, COLUMNS if len(said) > 1 else (1.0,), partial(starts.__getitem__, number), 10)


def _named(report: Report) -> str:
    return f"{report_title(report.name)}: {report_answer(report.name)}"


def _period(report: Report, zone: ZoneInfo | None) -> str:
    return period_text(report.start, report.end, zone)
