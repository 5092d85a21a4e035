"""The booklet laid out: which page holds what, on any paper, upright or across."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from funneldesk.domain.booklet import Booklet, ManagerPart
from funneldesk.domain.results import Report
from funneldesk.report_words import (
    excluded_sentences,
    header_block,
    note_sentences,
    population_sentence,
    report_title,
    rule_sentence,
)
from funneldesk.text import _
from funneldesk.ui.reports.booklet import person, summary
from funneldesk.ui.reports.booklet.blocks import Block, beside, heading, place, split, stack, tiles, words
from funneldesk.ui.reports.paper import QUIET, Paper

HANGING = 40  # rows tried; as many stand on the page as fit, the rest is summed up
LEAST_HANGING = 3

ChartBlocks = Callable[[Paper, Report, float], list[Block]]


def add_booklet(paper: Paper, booklet: Booklet, zone: ZoneInfo | None, chart: ChartBlocks) -> None:
    """All pages; `chart` gives the plots of a report in a width."""
    head = head_line(booklet, zone)
    _summary(paper, booklet, head, chart)
    for part in booklet.parts:
        _person(paper, booklet, part, head)
    _appendix(paper, booklet, head)


def title() -> str:
    """The name of the booklet."""
    return _("Managers compared: a page for each")


def head_line(booklet: Booklet, zone: ZoneInfo | None) -> list[str]:
    """Funnel, period, date and filters, as on the prints of the reports."""
    own = {population_sentence(booklet.managers), rule_sentence(booklet.managers)}
    return [line for line in header_block(booklet.managers, zone)[1:] if line not in own]


def _summary(paper: Paper, booklet: Booklet, head: list[str], chart: ChartBlocks) -> None:
    paper.begin([title(), *head, population_sentence(booklet.managers)])
    place(paper, tiles(paper, summary.team_tiles(booklet), 8 if paper.is_wide else 4), 8)
    for note in [summary.verdicts(booklet), *note_sentences(booklet.managers)]:
        paper.text(note, 10, bold=True, gap=8)
    place(paper, summary.comparison(paper, paper.width, booklet), 14)
    if paper.is_wide:
        left, right = split(paper, 1, 1)
        pair = [(block, left) for block in chart(paper, booklet.managers, min(left, right))]
        if pair:
            place(paper, beside(paper, pair), 12)
    else:
        for block in chart(paper, booklet.managers, paper.width):
            place(paper, block, 12)
    if booklet.parts:
        place(paper, summary.small_funnels(paper, paper.width, booklet, booklet.parts))


def _person(paper: Paper, booklet: Booklet, part: ManagerPart, head: list[str]) -> None:
    paper.begin([part.manager, *head])
    place(paper, tiles(paper, person.figure_tiles(booklet, part), 10 if paper.is_wide else 5), 8)
    place(paper, person.advice(paper, paper.width, booklet, part), 12)
    if paper.is_wide:
        left, right = split(paper, 4, 6)
        pair = [
            (person.funnel(paper, left, booklet, part), left),
            (person.steps(paper, right, booklet, part), right),
        ]
        place(paper, beside(paper, pair), 12)
        _foot_across(paper, booklet, part)
        return
    place(paper, person.funnel(paper, paper.width, booklet, part), 12)
    place(paper, person.steps(paper, paper.width, booklet, part), 12)
    left, right = split(paper, 1, 1)
    pair = [
        (person.losses(paper, left, booklet, part), left),
        (person.outlook(paper, right, booklet, part), right),
    ]
    place(paper, beside(paper, pair), 12)
    place(paper, _hanging(paper, paper.width, booklet, part))


def _foot_across(paper: Paper, booklet: Booklet, part: ManagerPart) -> None:
    first, second, third = split(paper, 3, 3, 5)
    place(
        paper,
        beside(
            paper,
            [
                (person.losses(paper, first, booklet, part), first),
                (person.outlook(paper, second, booklet, part), second),
                (_hanging(paper, third, booklet, part), third),
            ],
        ),
    )


def _hanging(paper: Paper, width: float, booklet: Booklet, part: ManagerPart) -> Block:
    """As many hanging deals as fit on the page, the dearest first."""
    most = min(HANGING, len(part.hanging))
    while True:
        block = person.hanging(paper, width, booklet, part.hanging, most)
        if block.height <= paper.room() or most <= LEAST_HANGING:
            return block
        most -= 1


def _appendix(paper: Paper, booklet: Booklet, head: list[str]) -> None:
    """How it was counted and what was left out, report by report."""
    paper.begin([_("How it was counted"), *head])
    paper.text(
        _(
            "Everybody is compared with all other managers together. A verdict needs ten closed deals (or "
            "decided steps), twenty of the others, a difference that chance makes in at most one of ten such "
            "lists (q up to 0.10), and one that matters: 5 points or a fifth. Otherwise it is “no difference” "
            "or “too few”, and people are not to be ranked by it."
        ),
        9.5,
        gap=12,
    )
    for report in (
        booklet.managers, booklet.funnel, booklet.leaks, booklet.times, booklet.lost, booklet.active,
        booklet.forecast, booklet.plan, booklet.strategy,
    ):  # fmt: skip
        lines = [population_sentence(report), rule_sentence(report), *note_sentences(report)]
        left_out = " ".join(excluded_sentences(report))
        blocks = [heading(paper, paper.width, report_title(report.name))]
        blocks += [words(paper, paper.width, line, 9) for line in dict.fromkeys(lines) if line]
        if left_out:
            text = _("Left out: {what}").format(what=left_out)
            blocks.append(words(paper, paper.width, text, 9, color=QUIET))
        place(paper, stack(paper, blocks, 3), 9)
