"""The first page: the team's figures, who is truly apart, everybody in one table, their funnels in small."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from funneldesk.domain.booklet import Booklet, ManagerPart
from funneldesk.domain.results import Report
from funneldesk.report_words import cell_text, column_label, long_span_text, money_head
from funneldesk.report_words.cells import range_text
from funneldesk.text import _, format_number, format_percent, ngettext, with_currency
from funneldesk.ui.reports.booklet.blocks import Block, Tile, heading, over_outline, stack, words
from funneldesk.ui.reports.booklet.tables import Col, table
from funneldesk.ui.reports.paper import INK, QUIET, WRAP, Paper, write

IN_A_ROW = 5
BAR = 9.0


def team_tiles(booklet: Booklet) -> list[Tile]:
    """The team's figures."""
    report, totals = booklet.managers, booklet.managers.totals

    def text(key: str) -> str:
        column = report.column(key)
        shown = cell_text(report, column, totals[key], totals)
        known = column.type == "money" and totals[key] is not None
        return with_currency(shown, report.currency) if known else shown

    return [
        Tile(column_label("deals"), text("deals"), _("open: {count}").format(count=text("open"))),
        Tile(column_label("won"), text("won"), _("lost: {count}").format(count=text("lost"))),
        Tile(column_label("won_amount"), text("won_amount")),
        Tile(column_label("win_rate"), text("win_rate"), range_text(totals, "win_rate")),
        Tile(column_label("expected_amount"), text("expected_amount")),
        Tile(column_label("cycle_median_days"), text("cycle_median_days")),
        Tile(column_label("won_average"), text("won_average")),
        Tile(column_label("repeat"), text("repeat"), _("of {count} deals").format(count=text("deals"))),
    ]


def verdicts(booklet: Booklet) -> str:
    """Whose win rate is truly apart, and that of nobody else it may be said."""
    rows = [row for row in booklet.managers.rows if row["manager"] is not None]

    def called(flag: str) -> list[str]:
        return [row["manager"] for row in rows if row["flag"] == flag]

    sentences = []
    if above := called("boost"):
        more = ngettext(
            "Wins surely more often than the others: {names}.",
            "Win surely more often than the others: {names}.",
            min(len(above), 2),  # a list of names is plural, be there twenty-one
        )
        sentences.append(more.format(names=", ".join(above)))
    if below := called("leak"):
        less = ngettext(
            "Wins surely less often than the others: {names}.",
            "Win surely less often than the others: {names}.",
            min(len(below), 2),
        )
        sentences.append(less.format(names=", ".join(below)))
    if not sentences:
        sentences.append(
            _("No manager's win rate is surely apart from the others': do not rank people by it.")
        )
    elif alike := called("none"):
        sentences.append(_("No sure difference: {names}.").format(names=", ".join(alike)))
    if few := called("few"):
        sentences.append(_("Too few closed deals to judge: {names}.").format(names=", ".join(few)))
    return " ".join(sentences)


def comparison(paper: Paper, width: float, booklet: Booklet) -> Block:
    """Everybody beside each other, the team last: what was won and how surely, and what it brought."""
    names, won, money = _columns(booklet)
    strong = [len(booklet.managers.rows)]
    if paper.is_wide:
        return table(paper, width, [names, *won, *money], strong=strong)
    halves = [table(paper, width, [names, *part], strong=strong) for part in (won, money)]
    return stack(paper, halves, 10)


def _columns(booklet: Booklet) -> tuple[Col, list[Col], list[Col]]:
    """The names; the columns of deals and win rates; those of money (with the plan where there is one)."""
    report = booklet.managers
    rows = [*report.rows, report.totals]
    whole = report.totals["won_amount"]

    def col(key: str, *, numeric: bool = True) -> Col:
        column = report.column(key)
        cells = [cell_text(report, column, row.get(key), row) for row in rows]
        return Col(money_head(report, column), cells, numeric=numeric)

    ranges = [range_text(row, "win_rate") or "–" for row in rows]
    shares = [format_percent(row["won_amount"] / whole) if whole else "–" for row in rows]
    won = [
        *(col(key) for key in ("deals", "open", "won", "lost", "win_rate")),
        Col(_("95% range"), ranges, numeric=True),
        col("flag", numeric=False),
        col("cycle_median_days"),
    ]
    money = [
        col("won_amount"),
        Col(_("Of the team"), shares, numeric=True),
        *_plans(booklet),
        *(col(key) for key in ("expected_amount", "won_average", "repeat")),
    ]
    return col("manager", numeric=False), won, money


def _plans(booklet: Booklet) -> list[Col]:
    """How much of the month's plan of money is made, by manager, in the order of the table."""
    planned = [row for row in booklet.plan.rows if row["measure"] == "money" and row["plan"] is not None]
    if not planned:
        return []
    share = {None if row.get("scope") == "team" else row["manager"]: row["share"] for row in planned}
    names = [row["manager"] for row in booklet.managers.rows]
    cells = [format_percent(share.get(name)) if name is not None else "–" for name in names]
    label = _("Plan of {month}").format(month=long_span_text(planned[-1]["month"]))
    return [Col(label, [*cells, format_percent(share.get(None))], numeric=True)]


def small_funnels(paper: Paper, width: float, booklet: Booklet, parts: Sequence[ManagerPart]) -> Block:
    """A funnel per manager in one scale, the team's outline around each bar."""
    lines = [parts[start : start + IN_A_ROW] for start in range(0, len(parts), IN_A_ROW)]
    note = _(
        "Bars: share of each manager's deals that came to a stage, from the first stage down; grey outline: "
        "the team's; last bar: won."
    )
    return stack(
        paper,
        [
            heading(paper, width, _("The funnels beside the team's")),
            *[_line(paper, width, booklet, line) for line in lines],
            words(paper, width, note, 8, color=QUIET),
        ],
        6,
    )


def _line(paper: Paper, width: float, booklet: Booklet, parts: Sequence[ManagerPart]) -> Block:
    look = paper.look
    wide = width / IN_A_ROW
    bold = paper.font(9, bold=True)
    name_high = max(paper.text_height(part.manager, bold, wide - look.px(14)) for part in parts)
    team = _shares(booklet.funnel)
    high = name_high + look.px(BAR + 2) * len(team) + look.px(18)

    def draw(painter: QPainter, box: QRectF) -> None:
        for number, part in enumerate(parts):
            at = QRectF(box.left() + number * wide, box.top(), wide - look.px(14), high)
            write(painter, at, part.manager, bold, INK, WRAP)
            area = at.adjusted(0, name_high + look.px(3), 0, 0)
            _funnel(painter, paper, area, _shares(part.funnel), team)
            below = area.adjusted(0, look.px(BAR + 2) * len(team) + look.px(1), 0, 0)
            write(painter, below, _won(part), paper.font(8.5), QUIET, int(Qt.AlignmentFlag.AlignLeft))

    return Block(high, draw)


def _shares(report: Report) -> list[float]:
    """What came to each stage, then the won, of what came to the first."""
    first = report.rows[0]["count"] if report.rows else 0
    won = report.totals["won_by_rule"] or 0
    return [*[row["share"] or 0.0 for row in report.rows], won / first if first else 0.0]


def _funnel(
    painter: QPainter, paper: Paper, area: QRectF, own: Sequence[float], team: Sequence[float]
) -> None:
    step = paper.look.px(BAR + 2)
    for place, (mine, usual) in enumerate(zip(own, team, strict=True)):
        line = QRectF(area.left(), area.top() + place * step, area.width(), paper.look.px(BAR))
        over_outline(painter, paper, line, mine, usual)


def _won(part: ManagerPart) -> str:
    won, deals = part.funnel.totals["won"], part.funnel.totals["created"]
    return ngettext("won {won} of {count} deal", "won {won} of {count} deals", deals).format(
        won=format_number(won), count=format_number(deals)
    )
