"""The booklet laid out: which page holds what, on any paper, upright or across."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
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
from funneldesk.ui.reports.laying_out import Told
from funneldesk.ui.reports.paper import QUIET, Paper

HANGING = 40  # rows tried; as many stand on the page as fit, the rest is summed up
LEAST_HANGING = 8  # rows are made lower before fewer deals are named; the lowest ones name what fits
# what is tried until a page holds all: sizes of the charts, heights of rows, sizes of letters
CHARTS = (0.76, 0.64)
ROWS = (21.0, 18.0, 15.0, 14.0, 13.0, 12.0)
LETTERS = (9.0, 8.5, 8.0)

ChartBlocks = Callable[[Paper, Report, float, float], list[Block]]


def add_booklet(
    paper: Paper, booklet: Booklet, zone: ZoneInfo | None, chart: ChartBlocks, told: Told
) -> None:
    """All pages; `chart` gives the plots of a report in a width and a scale, `told` hears of each part."""
    head = head_line(booklet, zone)
    _on_one_page(paper, partial(_summary, paper, booklet, head, chart), CHARTS)
    rows: Sequence[float] = ROWS
    for done, part in enumerate(booklet.parts, start=1):
        told(done)
        fitting = _on_one_page(paper, partial(_person, paper, booklet, part, head), rows)
        rows = ROWS[ROWS.index(fitting) :]  # pages alike, and nothing tried in vain
    told(len(booklet.parts) + 1)
    _on_one_page(paper, partial(_appendix, paper, booklet, head), LETTERS)
    told(len(booklet.parts) + 2)


def _on_one_page(paper: Paper, add: Callable[[float], None], sizes: Sequence[float]) -> float:
    """Add with the largest of `sizes` that stays on one page, the first where none does; gives the size."""
    before = len(paper.pages)
    for size in sizes:
        paper.drop_after(before)
        add(size)
        if len(paper.pages) - before == 1:
            return size
    if len(sizes) > 1:
        paper.drop_after(before)
        add(sizes[0])
    return sizes[0]


def title() -> str:
    """The name of the booklet."""
    return _("Managers compared: a page for each")


def head_line(booklet: Booklet, zone: ZoneInfo | None) -> list[str]:
    """Funnel, period, date and filters, as on the prints of the reports."""
    own = {population_sentence(booklet.managers), rule_sentence(booklet.managers)}
    return [line for line in header_block(booklet.managers, zone)[1:] if line not in own]


def _summary(paper: Paper, booklet: Booklet, head: list[str], chart: ChartBlocks, scale: float) -> None:
    paper.begin([title(), *head, population_sentence(booklet.managers)])
    place(paper, tiles(paper, summary.team_tiles(booklet), 8 if paper.is_wide else 4), 8)
    for note in [summary.verdicts(booklet), *note_sentences(booklet.managers)]:
        paper.text(note, 10, bold=True, gap=8)
    place(paper, summary.comparison(paper, paper.width, booklet), 14)
    if paper.is_wide or scale < CHARTS[0]:
        left, right = split(paper, 1, 1)
        pair = [(block, left) for block in chart(paper, booklet.managers, min(left, right), scale)]
        if pair:
            place(paper, beside(paper, pair), 12)
    else:
        for block in chart(paper, booklet.managers, paper.width, scale):
            place(paper, block, 12)
    if booklet.parts:
        place(paper, summary.small_funnels(paper, paper.width, booklet, booklet.parts))


def _person(paper: Paper, booklet: Booklet, part: ManagerPart, head: list[str], row: float) -> None:
    paper.begin([part.manager, *head])
    place(paper, tiles(paper, person.figure_tiles(booklet, part), 10 if paper.is_wide else 5), 8)
    place(paper, person.advice(paper, paper.width, booklet, part), 12)
    if paper.is_wide:
        left, right = split(paper, 36, 64)
        pair = [
            (person.funnel(paper, left, booklet, part, row), left),
            (person.steps(paper, right, booklet, part, row), right),
        ]
        place(paper, beside(paper, pair), 12)
        _foot_across(paper, booklet, part, row)
        return
    place(paper, person.funnel(paper, paper.width, booklet, part, row), 12)
    place(paper, person.steps(paper, paper.width, booklet, part, row), 12)
    left, right = split(paper, 1, 1)
    pair = [
        (person.losses(paper, left, booklet, part), left),
        (person.outlook(paper, right, booklet, part), right),
    ]
    place(paper, beside(paper, pair), 12)
    place(paper, _hanging(paper, paper.width, booklet, part, row))


def _foot_across(paper: Paper, booklet: Booklet, part: ManagerPart, row: float) -> None:
    first, second, third = split(paper, 3, 4, 5)
    place(
        paper,
        beside(
            paper,
            [
                (person.losses(paper, first, booklet, part), first),
                (person.outlook(paper, second, booklet, part), second),
                (_hanging(paper, third, booklet, part, row), third),
            ],
        ),
    )


def _hanging(paper: Paper, width: float, booklet: Booklet, part: ManagerPart, row: float) -> Block:
    """As many hanging deals as fit on the page, the dearest first."""
    most = min(HANGING, len(part.hanging))
    least = 1 if row == ROWS[-1] else LEAST_HANGING
    while True:
        block = person.hanging(paper, width, booklet, part.hanging, most, row)
        if block.height <= paper.room() or most <= least:
            return block
        most -= 1


def _appendix(paper: Paper, booklet: Booklet, head: list[str], size: float) -> None:
    """How it was counted and what was left out, report by report."""
    paper.begin([_("How it was counted"), *head])
    paper.text(
        _(
            "Everybody is compared with all other managers together. A verdict needs ten closed deals (or "
            "decided steps) and twenty of the others; of all verdicts given at most one in ten may be due to "
            "chance; and the difference must matter: 5 points or a fifth. Otherwise there is "
            "“no difference” or “too few”, and people are not to be ranked by it."
        ),
        size,
        gap=10,
    )
    for report in (
        booklet.managers, booklet.funnel, booklet.leaks, booklet.times, booklet.lost, booklet.active,
        booklet.forecast, booklet.plan, booklet.strategy,
    ):  # fmt: skip
        lines = [population_sentence(report), rule_sentence(report), *note_sentences(report)]
        left_out = " ".join(excluded_sentences(report))
        blocks = [heading(paper, paper.width, report_title(report.name))]
        blocks.append(words(paper, paper.width, " ".join(filter(None, lines)), size))
        if left_out:
            blocks.append(words(paper, paper.width, left_out, size, color=QUIET))
        place(paper, stack(paper, blocks, 3), size - 1)
