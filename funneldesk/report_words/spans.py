"""Weeks, months and quarters in words: rows carry their codes, 2026-W05, 2026-02, 2026-Q1."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from funneldesk.domain.results import Report
from funneldesk.report_words.labels import LABELS
from funneldesk.text import _, format_month

_CODE = re.compile(r"(\d{4})-(?:W(\d\d)|Q([1-4])|(\d\d))\Z")
_SPANS = ("week", "month", "quarter")


def span_text(code: str) -> str:
    """A span as it is said in a report: week 5, 2026; Feb 2026; Q1 2026."""
    found = _CODE.match(code)
    if found is None:
        return code
    year, week, quarter, month = found.groups()
    if week:
        return _("week {week}, {year}").format(week=int(week), year=year)
    if quarter:
        return _("Q{quarter} {year}").format(quarter=quarter, year=year)
    return format_month(int(year), int(month))


def long_span_text(code: str) -> str:
    """As `span_text` with the whole name of a month, for a sentence or a heading: February 2026."""
    found = _CODE.match(code)
    if found is None or found[4] is None:
        return span_text(code)
    return format_month(int(found[1]), int(found[4]), whole=True)


def is_span(report: Report, key: str, row: Mapping[str, Any]) -> bool:
    """Whether the words under `key` in that row are the code of a span."""
    if key in ("period", "month"):
        return True
    by = tuple(report.extra.get("by", ()))
    if key in LABELS:
        return dict(zip(LABELS, by, strict=False)).get(key) in _SPANS
    if key == "slice":
        return (row.get("by") if report.name == "audit" else by[0] if by else "") in _SPANS
    return False
