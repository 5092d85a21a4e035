"""The page of one manager: figures beside the team's, advice, stages, losses, forecast, what hangs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from funneldesk.domain.booklet import Booklet, HangingDeal, ManagerPart
from funneldesk.report_words import cell_text, column_label, flag_text, long_span_text
from funneldesk.report_words.advice import advice_text
from funneldesk.report_words.cells import certainty, range_text
from funneldesk.text import (
    _,
    currency_sign,
    format_amount,
    format_days,
    format_money,
    format_number,
    format_percent,
    ngettext,
    with_currency,
)
from funneldesk.ui.reports.booklet.blocks import Block, Tile, heading, numbered, over_outline, stack, words
from funneldesk.ui.reports.booklet.outlook import future
from funneldesk.ui.reports.booklet.tables import Col, table
from funneldesk.ui.reports.paper import QUIET, Paper

Row = Mapping[str, Any]
REASONS = 6


def row_of(booklet: Booklet, part: ManagerPart) -> Row:
    """The manager's row of the comparison."""
    return next(row for row in booklet.managers.rows if row["manager"] == part.manager)


def figure_tiles(booklet: Booklet, part: ManagerPart) -> list[Tile]:
    """The manager's figures, each with the team's."""
    report, team = booklet.managers, booklet.managers.totals
    row = row_of(booklet, part)

    def text(key: str, of: Row = row) -> str:
        column = report.column(key)
        shown = cell_text(report, column, of.get(key), of)
        known = column.type == "money" and of.get(key) is not None
        return with_currency(shown, report.currency) if known else shown

    def beside(key: str) -> str:
        return _("team: {value}").format(value=text(key, team))

    money, closed = row["won_amount"], row["won"] + row["lost"]
    of_team = (
        _("{share} of the team's").format(share=format_percent(money / team["won_amount"]))
        if team["won_amount"]
        else ""
    )
    verdict = flag_text(row["flag"]) if row["flag"] else "–"
    return [
        Tile(column_label("won_amount"), text("won_amount"), of_team),
        Tile(column_label("won"), text("won"), _("of {count} closed").format(count=format_number(closed))),
        Tile(
            column_label("win_rate"),
            text("win_rate"),
            "; ".join(filter(None, [range_text(row, "win_rate"), beside("win_rate")])),
        ),
        Tile(column_label("flag"), verdict, certainty(row)),
        Tile(
            column_label("expected_amount"),
            text("expected_amount"),
            ngettext("{count} open deal", "{count} open deals", row["open"]).format(count=text("open")),
        ),
        Tile(column_label("cycle_median_days"), text("cycle_median_days"), beside("cycle_median_days")),
        Tile(column_label("won_average"), text("won_average"), beside("won_average")),
        Tile(column_label("repeat"), text("repeat"), _("of {count} deals").format(count=text("deals"))),
        _way(booklet, part),
        _stuck(booklet, part),
    ]


def _way(booklet: Booklet, part: ManagerPart) -> Tile:
    """How the manager sells."""
    report = booklet.strategy
    row = next(row for row in report.rows if row["manager"] == part.manager)
    note = _("deals a month: {volume}, activities per deal: {depth}").format(
        volume=format_number(row["volume"], 1), depth=format_number(row["depth"] or 0)
    )
    text = cell_text(report, report.column("strategy"), row["strategy"], row)
    return Tile(column_label("strategy"), text, note)


def _stuck(booklet: Booklet, part: ManagerPart) -> Tile:
    amount = sum(deal.amount or 0 for deal in part.hanging)
    note = format_money(amount, booklet.active.currency, cents=False) if part.hanging else ""
    return Tile(column_label("hanging"), format_number(len(part.hanging)), note)


def advice(paper: Paper, width: float, booklet: Booklet, part: ManagerPart) -> Block:
    """What to look at, in at most three sentences."""
    sentences = [advice_text(each, booklet) for each in part.advice]
    return stack(paper, [heading(paper, width, _("What to look at")), numbered(paper, width, sentences)], 5)


def funnel(paper: Paper, width: float, booklet: Booklet, part: ManagerPart, row: float) -> Block:
    """Stage by stage who came, beside the team's outline in the same scale."""
    own, team = part.funnel, booklet.funnel
    counts = [cell_text(own, own.column("count"), row["count"], row) for row in own.rows]
    columns = [
        Col(column_label("stage"), [str(row["stage"]) for row in own.rows]),
        Col("", paint=_bars(paper, own.rows, team.rows)),
        Col(column_label("count"), counts, numeric=True),
        Col(column_label("share"), [format_percent(row["share"]) for row in own.rows], numeric=True),
        Col(_("Team, share"), [format_percent(row["share"]) for row in team.rows], numeric=True),
    ]
    note = _("Bar: share of the manager's deals that came to the stage; grey outline: the whole team's.")
    head = heading(paper, width, _("The funnel beside the team's"))
    return stack(
        paper,
        [head, table(paper, width, columns, row_height=row), words(paper, width, note, 8, color=QUIET)],
        4,
    )


def steps(paper: Paper, width: float, booklet: Booklet, part: ManagerPart, row: float) -> Block:
    """Stage by stage who went on, beside the others, and how long it took."""
    report, times, usual = booklet.leaks, part.times, booklet.times
    rows = {row["step"]: row for row in report.rows if row["slice"] == part.manager}
    names = [str(row["stage"]) for row in part.funnel.rows]

    def of_step(key: str) -> list[str]:
        column = report.column(key)
        return [
            cell_text(report, column, rows[name].get(key), rows[name]) if name in rows else "–"
            for name in names
        ]

    went = [
        f"{format_number(rows[name]['advanced'])} / {format_number(rows[name]['resolved'])}"
        if name in rows
        else "–"
        for name in names
    ]
    ranges = [range_text(rows[name], "rate") or "–" if name in rows else "–" for name in names]
    half = [cell_text(times, times.column("p50"), row["p50"], row) for row in times.rows]
    team_half = [cell_text(usual, usual.column("p50"), row["p50"], row) for row in usual.rows]
    columns = [
        Col(column_label("stage"), names),
        Col(_("Went on of decided"), went, numeric=True),
        Col(column_label("step_conversion"), of_step("rate"), numeric=True),
        Col(_("95% range"), ranges, numeric=True),
        Col(column_label("reference"), of_step("reference"), numeric=True),
        Col(column_label("flag"), of_step("flag")),
        Col(column_label("p50"), half, numeric=True),
        Col(_("Team, days"), team_half, numeric=True),
    ]
    note = _("A step is credited to whoever brought the deal into the stage.")
    return stack(
        paper,
        [
            heading(paper, width, _("Steps and time")),
            table(paper, width, columns, row_height=row),
            words(paper, width, note, 8, color=QUIET),
        ],
        4,
    )


def _bars(paper: Paper, own: Sequence[Row], team: Sequence[Row]) -> Any:
    """A bar from the left per stage over the team's outline, from 0 to 100 % of the width."""

    def paint(painter: QPainter, box: QRectF, row: int) -> None:
        pad, high = paper.look.px(4), min(box.height() - paper.look.px(3), paper.look.px(18))
        area = QRectF(box.left() + pad, box.center().y() - high / 2, box.width() - 2 * pad, high)
        over_outline(painter, paper, area, own[row]["share"] or 0, team[row]["share"] or 0)

    return paint


def losses(paper: Paper, width: float, booklet: Booklet, part: ManagerPart) -> Block:
    """The reasons of the losses beside the team's shares."""
    head = heading(paper, width, _("Losses by reason"))
    report = part.lost
    if not report.totals["lost"]:
        return stack(paper, [head, words(paper, width, _("No losses."), 9.5)], 4)
    usual = {row["label"]: row["lost_share"] for row in booklet.lost.rows}
    rows = list(report.rows[:REASONS])
    label, lost = report.column("label"), report.column("lost")
    names = [cell_text(report, label, row["label"], row) for row in rows]
    counts = [cell_text(report, lost, row["lost"], row) for row in rows]
    shares = [format_percent(row["lost_share"]) for row in rows]
    team = [format_percent(usual.get(row["label"])) for row in rows]
    left = sum(row["lost"] for row in report.rows[REASONS:])
    if left:
        names.append(_("Other reasons"))
        counts.append(format_number(left))
        shares.append(format_percent(left / report.totals["lost"]))
        team.append("")
    columns = [
        Col(column_label("label", ("reason",)), names),
        Col(column_label("lost"), counts, numeric=True),
        Col(column_label("share"), shares, numeric=True),
        Col(_("Team, share"), team, numeric=True),
    ]
    return stack(paper, [head, table(paper, width, columns)], 4)


def outlook(paper: Paper, width: float, booklet: Booklet, part: ManagerPart) -> Block:
    """The forecast of the month of the date, and what was planned."""
    blocks = [heading(paper, width, _("Forecast and plan")), future(paper, width, part.forecast)]
    plan = booklet.plan
    rows = [row for row in plan.rows if row["manager"] == part.manager and row["plan"] is not None]
    if rows:
        keys = [
            key
            for key in ("measure", "plan", "fact", "share", "gap", "chance")
            if (key != "gap" or not paper.is_wide)  # there the column is narrow
            and any(row[key] is not None for row in rows)
        ]
        columns = [
            Col(
                column_label(key),
                [cell_text(plan, plan.column(key), row[key], row) for row in rows],
                numeric=key != "measure",
            )
            for key in keys
        ]
        months = ", ".join(dict.fromkeys(long_span_text(row["month"]) for row in rows))
        blocks += [
            words(paper, width, _("Plan of {month}").format(month=months), 9.5, bold=True),
            table(paper, width, columns),
        ]
    else:
        blocks.append(words(paper, width, _("No plan is set for this month."), 9, color=QUIET))
    return stack(paper, blocks, 5)


def hanging(
    paper: Paper, width: float, booklet: Booklet, deals: Sequence[HangingDeal], most: int, row: float
) -> Block:
    """Open deals that stay too long in their stage, the dearest first, at most `most` of them."""
    head = heading(paper, width, _("Open deals that hang"))
    if not deals:
        return stack(paper, [head, words(paper, width, _("None."), 9.5)], 4)
    currency = booklet.active.currency
    shown = deals[:most]
    columns = [
        Col(column_label("client"), [each.client or "–" for each in shown]),
        Col(_("Deal"), [each.title or "–" for each in shown]),
        Col(column_label("stage"), [each.stage for each in shown]),
        Col(
            with_sign(column_label("amount"), currency),
            ["–" if each.amount is None else format_amount(each.amount, currency) for each in shown],
            numeric=True,
        ),
        Col(_("Days there"), [format_days(each.days) for each in shown], numeric=True),
    ]
    blocks = [head, table(paper, width, columns, row_height=min(row, 17))]
    left = deals[most:]
    if left:
        amount = format_money(sum(each.amount or 0 for each in left), currency, cents=False)
        more = ngettext("and {count} more, {amount}", "and {count} more, {amount}", len(left))
        text = more.format(count=format_number(len(left)), amount=amount)
        blocks.append(words(paper, width, text, 9, color=QUIET))
    return stack(paper, blocks, 4)


def with_sign(label: str, currency: str) -> str:
    """A head with the sign of its currency."""
    return f"{label}, {currency_sign(currency)}"
