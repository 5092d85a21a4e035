"""What a goal still takes, as tables beside the reverse plan: work, new deals, prospects by source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.ahead import Ahead, Prospects
from funneldesk.domain.clock import local_date
from funneldesk.domain.results import Column, Report, Type
from funneldesk.report_words.groupings import missing_label
from funneldesk.report_words.sentences import period_text
from funneldesk.text import _, format_date, format_days, format_number, ngettext

FEW = 10
_WORK = (
    Column("kind", Type.TEXT),
    Column("per_win", Type.NUMBER),
    Column("for_open", Type.COUNT),
    Column("for_new", Type.COUNT),
    Column("in_all", Type.COUNT),
    Column("per_day", Type.COUNT),
    Column("done_today", Type.COUNT),
)
_STAGES = (
    Column("stage", Type.TEXT),
    Column("probability", Type.RATE),
    Column("open", Type.COUNT),
    Column("there", Type.COUNT),
    Column("still", Type.COUNT),
)
_PROSPECTS = (
    Column("source", Type.TEXT),
    Column("leads", Type.COUNT),
    Column("shrunk", Type.RATE),
    Column("share", Type.RATE),
    Column("prospects", Type.COUNT),
    Column("cost_per_lead", Type.MONEY),
    Column("cost", Type.MONEY),
)


def ahead_title(report: Report) -> str:
    """The heading; empty where the report has no such part."""
    return _("What is still to be done") if report.extra.get("ahead") else ""


def ahead_note(report: Report, zone: ZoneInfo) -> str:
    """How far it is to the goal, how many new deals that means, how long there is, what it rests on."""
    left: Ahead = report.extra["ahead"]
    period, won = period_text(left.start, left.end, zone), format_number(left.won)
    if not left.missing_wins:
        return _("{period}: the goal is reached, {won} won.").format(period=period, won=won)
    told = [
        _(
            "{period}: won so far {won}, missing {missing}; the open deals are expected to bring {expected}, "
            "sooner or later."
        )
        .format(
            period=period, won=won, missing=_tenths(left.missing_wins), expected=_tenths(left.expected_wins)
        ),
        _new_deals(left),
        ngettext(
            "{count} working day is left (Monday to Friday, today counts).",
            "{count} working days are left (Monday to Friday, today counts).",
            left.working_days,
        ).format(count=format_number(left.working_days))
        if left.working_days
        else _("No working day of the period is left."),
    ]  # fmt: skip
    if left.start_by is not None and left.cycle_days is not None and left.new_wins:
        late = left.start_by < local_date(report.as_of, zone)
        told.append(
            (
                _("Three of four wins took at most {days} days: what comes from now on may be won too late.")
                if late
                else _(
                    "Three of four wins took at most {days} days: deals that come after {day} may be won "
                    "too late."
                )
            ).format(days=format_days(left.cycle_days), day=format_date(left.start_by))
        )
    told.append(_learnt(left))
    return " ".join(each for each in told if each)


def _new_deals(left: Ahead) -> str:
    if not left.new_wins:
        return _("No new deals are needed for it.")
    if left.new_deals is None:
        return _("The chance to win from the first stage is 0: how many new deals it takes cannot be told.")
    return ngettext(
        "New deals must bring {wins}: that takes {count} new deal.",
        "New deals must bring {wins}: that takes {count} new deals.",
        left.new_deals,
    ).format(wins=_tenths(left.new_wins), count=format_number(left.new_deals))


def _learnt(left: Ahead) -> str:
    if left.new_deals is None:
        return ""
    if not left.work:
        return _("No calls and no meetings are kept with deals that ended: the work cannot be told.")
    if left.decided < FEW:
        return ngettext(
            "The work is learnt from {count} ended deal only: too few to rely on.",
            "The work is learnt from {count} ended deals only: too few to rely on.",
            left.decided,
        ).format(count=left.decided)
    return ngettext(
        "The work is learnt from {count} ended deal, the lost ones included.",
        "The work is learnt from {count} ended deals, the lost ones included.",
        left.decided,
    ).format(count=format_number(left.decided))


def ahead_work(report: Report) -> Report | None:
    """Calls, meetings and other contacts: in all and a working day; None where none are known."""
    left: Ahead | None = report.extra.get("ahead")
    # as the report on activities writes their kinds
    return _table(report, "activities", _WORK, left.work) if left is not None and left.work else None


def ahead_stages(report: Report) -> Report | None:
    """What is there and what is still needed by stage; None where the goal is reached."""
    left: Ahead | None = report.extra.get("ahead")
    wanted = left is not None and left.missing_wins
    return _table(report, report.name, _STAGES, left.stages) if left is not None and wanted else None


def prospects_title(report: Report) -> str:
    """The heading; empty where no prospects are needed, or nothing has arrived to learn from."""
    return _("New leads by source") if _prospects(report) is not None else ""


def prospects_note(report: Report) -> str:
    """How they are spread over sources, and what the cost is of."""
    found = _prospects(report)
    if found is None:
        return ""
    told = [
        ngettext("{count} new lead is needed in all.", "{count} new leads are needed in all.", found.total)
        .format(count=format_number(found.total)),
        _("More from the sources that win more often: the share of each in leads by its win rate.")
        if report.extra["ahead"].by == "rate"
        else _("Spread as leads came from the sources so far, whichever of them win more often."),
    ]  # fmt: skip
    unpaid = [row["source"] or missing_label("source") for row in found.rows if row["cost"] is None]
    if found.cost is None:
        told.append(_("No costs of sources are kept, so the cost is not known."))
    else:
        told.append(_("Cost: new leads by what a lead of the source has cost so far."))
        if unpaid:
            told.append(_("No cost is kept of: {sources}.").format(sources=", ".join(unpaid)))
    return " ".join(told)


def prospects_report(report: Report) -> Report | None:
    """A row per source and their total; None where there is nothing to spread."""
    found = _prospects(report)
    if found is None:
        return None
    table = _table(report, "sources", _PROSPECTS, found.rows)
    totals = {
        "source": None, "leads": sum(row["leads"] for row in found.rows), "shrunk": None, "share": 1.0,
        "prospects": found.total, "cost_per_lead": None, "cost": found.cost,
    }  # fmt: skip
    return replace(table, total_columns=_PROSPECTS, totals=totals)


def _prospects(report: Report) -> Prospects | None:
    left: Ahead | None = report.extra.get("ahead")
    return None if left is None else left.prospects


def _table(
    report: Report, name: str, columns: tuple[Column, ...], rows: Iterable[Mapping[str, Any]]
) -> Report:
    return replace(
        report, name=name, columns=columns, rows=tuple(rows), total_columns=(), totals={}, excluded={},
        extra={}, comparison=None, chosen=(),
    )  # fmt: skip


def _tenths(wins: float) -> str:
    return format_number(wins, 0 if wins.is_integer() else 1)
