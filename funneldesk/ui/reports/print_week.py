"""The week on paper: the team in a table, then each person's week in a few lines; meant for one page."""

from __future__ import annotations

from funneldesk.domain.results import Report
from funneldesk.report_words import Person, people, team_report, team_title
from funneldesk.text import _
from funneldesk.ui.reports.booklet.blocks import Block, beside, heading, place, stack, words
from funneldesk.ui.reports.paper import QUIET, Paper
from funneldesk.ui.reports.print_table import add_table

SIZES = (9.5, 9.0, 8.5, 8.0)  # the largest with which all stands on the page, else the first
GAP = 9.0
SHARE = 0.17  # of the page's width for the names of sections


def add_week(paper: Paper, report: Report) -> None:
    """Put the week on the paper; somewhat smaller where that saves a page, no person cut in two."""
    team = team_report(report)
    if team is not None:
        add_table(paper, team, team_title(report))
    told = people(report)
    if not told:
        paper.text(_("There is nothing to list in this period and with these filters."), 10)
        return
    sizes = [size for size in SIZES if _height(paper, told, size) <= paper.room()]
    for block in _blocks(paper, told, sizes[0] if sizes else SIZES[0]):
        place(paper, block, GAP)


def _blocks(paper: Paper, told: list[Person], size: float) -> list[Block]:
    return [_person(paper, person, size) for person in told]


def _height(paper: Paper, told: list[Person], size: float) -> float:
    gap = paper.look.px(GAP)
    return sum(block.height + gap for block in _blocks(paper, told, size)) - gap


def _person(paper: Paper, person: Person, size: float) -> Block:
    gap = paper.look.px(16)
    left = (paper.width - gap) * SHARE
    right = paper.width - gap - left

    def line(name: str, text: str) -> Block:
        head = words(paper, left, name, size, color=QUIET)
        return beside(paper, [(head, left), (words(paper, right, text, size), right)])

    lines = [line(name, text) for name, text in person.lines]
    return stack(paper, [heading(paper, paper.width, person.name), *lines], 2)
