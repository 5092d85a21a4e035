"""The lost deals of a stage funnel by reason, as a table beside it: Bitrix24's failing stages."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.groupings import grouping_title, missing_label
from funneldesk.report_words.labels import LABELS
from funneldesk.text import _

_FIGURES = (
    Column("lost", Type.COUNT, opens=True),
    Column("lost_share", Type.RATE),
    Column("lost_amount", Type.MONEY),
    Column("lost_amount_share", Type.RATE),
)


def unsuccessful_title(report: Report) -> str:
    """The heading; empty where nothing is lost, or the report has no such part."""
    return _("Lost deals by reason") if report.extra.get("unsuccessful") else ""


def unsuccessful_report(report: Report) -> Report | None:
    """A row per reason, its group before it where that has another name; `key` opens its deals."""
    told = report.extra.get("unsuccessful")
    if not told:
        return None
    many, money = (sum(row[key] for row in told) for key in ("lost", "lost_amount"))
    by = (
        ("outcome", "reason")
        if any(row["outcome"] not in (None, row["reason"]) for row in told)
        else ("reason",)
    )
    labels = LABELS[: len(by)]

    def values(row: dict[str, Any]) -> dict[str, Any]:
        return {
            "lost": row["lost"],
            "lost_share": row["lost"] / many,
            "lost_amount": row["lost_amount"],
            "lost_amount_share": row["lost_amount"] / money if money else None,
        }

    rows = [
        {"key": row["key"], **dict(zip(labels, (row[name] for name in by), strict=True)), **values(row)}
        for row in told
    ]
    total = {"lost": many, "lost_amount": money}
    columns = (*(Column(label, Type.TEXT) for label in labels), *_FIGURES)
    return replace(
        report,
        name="lost",
        columns=columns,
        rows=tuple(rows),
        total_columns=columns,
        totals={"key": "lost", **dict.fromkeys(labels, ""), **values(total)},
        extra={"by": by},
        comparison=None,
        chosen=(),
    )


def reason_of(report: Report, key: str) -> str:
    """What deals are called that a row of the table opens; empty for any other key."""
    row = next((row for row in report.extra.get("unsuccessful", ()) if row["key"] == key), None)
    if row is None:
        return ""
    return f"{grouping_title('reason')}: {row['reason'] or missing_label('reason')}"
