"""The lines over every output of a report: what it is, of when, which deals, how, compared with what."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from funneldesk.domain.results import Report
from funneldesk.report_words.comparison import comparison_title
from funneldesk.report_words.groupings import grouping_title
from funneldesk.report_words.labels import report_title
from funneldesk.report_words.sentences import period_text, population_sentence, rule_sentence
from funneldesk.text import _, format_datetime


def header_block(report: Report, zone: ZoneInfo | None = None) -> list[str]:
    """The lines over a print or a sheet: report, funnel, period, date, filters, population and rule."""
    zone = zone or ZoneInfo("UTC")
    lines = [report_title(report.name)]
    first = [_("Funnel: {name}").format(name=funnel_text(report))]
    first.append(_("Period: {period}").format(period=period_text(report.start, report.end, zone)))
    first.append(moment_text(report.as_of, zone))
    lines.append("  ·  ".join(first))
    filters = filter_texts(report)
    if filters:
        lines.append("  ·  ".join(filters))
    if report.comparison is not None:
        lines.append(comparison_title(report, zone))
    lines += [line for line in (population_sentence(report), rule_sentence(report)) if line]
    return lines


def funnel_text(report: Report) -> str:
    """The funnel that was looked at, or that it was all of them."""
    return report.funnel or _("all")


def moment_text(as_of: int, zone: ZoneInfo | None = None) -> str:
    """Of which moment the numbers are."""
    return _("As of: {moment}").format(moment=format_datetime(as_of, zone or ZoneInfo("UTC")))


def filter_texts(report: Report) -> list[str]:
    """Each filter as "field: value"."""
    texts = []
    for field, value in report.filters.items():
        shown = ", ".join(str(v) for v in value) if isinstance(value, (tuple, list)) else str(value)
        texts.append(f"{grouping_title(field)}: {shown}")
    return texts
