"""The words of a forecast: how it counts, what it rests on."""

from __future__ import annotations

from dataclasses import replace

from funneldesk.domain.results import Column, Report, Type
from funneldesk.text import N_, _, format_money, format_number, format_percent, ngettext

_WAYS = {
    "dates": N_(
        "Won so far, and every open deal with its chance: one with an expected close in the period with its "
        "chance to be won, one without with its chance to be won until the end of the period, by how "
        "long deals stayed in the stage before. The range holds eight of ten of 10,000 simulated outcomes."
    ),
    "dated": N_(
        "Won so far, and every open deal whose expected close lies in the period with its chance to be won; "
        "deals without a date do not count. The range holds eight of ten of 10,000 simulated outcomes."
    ),
    "pace": N_(
        "Won so far, and every open deal with its chance to be won until the end of the period, by how "
        "long deals stayed in the stage before, whatever date is on it. The range holds eight of ten of "
        "10,000 simulated outcomes."
    ),
}

_PAST = (
    Column("month", Type.TEXT),
    *(Column(key, Type.MONEY) for key in ("amount_p10", "won_amount", "amount_p90")),
)


def past_title(report: Report) -> str:
    """The heading; empty where too little has passed to make forecasts again."""
    return _("Past forecasts and what came") if past_forecasts(report) is not None else ""


def past_forecasts(report: Report) -> Report | None:
    """A row per past month: from how much to how much was foretold, and what came."""
    months = report.extra.get("backtest", ()) if report.name == "forecast" else ()
    if not months:
        return None
    rows = tuple(
        {
            "month": each.month,
            "amount_p10": each.amount_p10,
            "won_amount": each.amount,
            "amount_p90": each.amount_p90,
        }
        for each in months
    )
    return replace(
        report, name="past-forecasts", columns=_PAST, rows=rows, total_columns=(), totals={}, excluded={},
        extra={}, comparison=None, chosen=(),
    )  # fmt: skip


def rule(report: Report) -> str:
    """How open deals are counted, by the way that was asked for or is the funnel's own."""
    (way,) = report.extra["by"]
    return _(_WAYS[way])


def notes(report: Report) -> list[str]:
    """What a reader of a forecast must know: what it rests on, how past ones fared, what it leaves out."""
    if report.name != "forecast":
        return []
    told = []
    graded, share = report.extra["backtest"], report.totals["backtest"]
    if report.extra["method"] != "age":
        told.append(
            _("Under 50 deals have ended in the time learnt from: the chances of the stages are used.")
        )
    if share is None:
        told.append(_("Too little history to grade past forecasts: read the range with care."))
    else:
        told.append(
            ngettext(
                "Of {count} past month made again by this method, {share} ended inside its range.",
                "Of {count} past months made again by this method, {share} ended inside their range.",
                len(graded),
            ).format(count=len(graded), share=format_percent(share))
        )
    if report.extra["by"] == ("dates",) and any(row["overdue"] for row in report.rows):
        told.append(
            _(
                "By the pace of past deals alone it would be {amount}: many expected dates have passed."
            ).format(amount=format_money(round(report.extra["pace_amount"]), report.currency, cents=False))
        )
    months = report.extra["training_months"]
    if months != 12:  # the usual year needs no words
        told.append(
            ngettext(
                "Learnt from the deals that ended in the last {count} month.",
                "Learnt from the deals that ended in the last {count} months.",
                months,
            ).format(count=months)
            if months
            else _("Learnt from all deals that have ended.")
        )
    coming = report.extra["new_business"]
    told.append(
        _("Deals yet to come are counted: {count} more wins are expected of them.").format(
            count=format_number(coming, 1)
        )
        if report.extra["with_new_business"]
        else _("Only deals that are there already are counted, none that are yet to come.")
    )
    if report.extra["widened"] > 1:
        told.append(
            _(
                "The range is {factor} times as wide as the chances alone give: past months asked for it."
            ).format(factor=format_number(report.extra["widened"], 1))
        )
    return told
