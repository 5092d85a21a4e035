"""A report's table on paper: its columns, the font as large as fits, in parts where it is too wide."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile

from PySide6.QtGui import QFont, QFontMetricsF

from funneldesk.domain.results import Report, Type
from funneldesk.report_words import UNKNOWN, Shown, has_total_row, shown_columns, total_cells
from funneldesk.ui.reports.nothing import on_paper
from funneldesk.ui.reports.paper import QUIET, Paper
from funneldesk.ui.reports.print_figures import one_line
from funneldesk.ui.reports.print_heads import head_lines
from funneldesk.ui.reports.print_rows import (
    GUTTER,
    PAD,
    Grid,
    Laid,
    Line,
    Row,
    add_rows,
    after_number,
    left_out,
)

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
LONG = 20  # rows from which it matters that most take one line
MANY = 30  # rows from which all letters are made smaller for that, and the table stays whole
AFTER = 16.0  # between a table and what follows
WIDEST_GAP = 110.0  # a column gets no more than this beside its words
NARROWEST_NAME = 90.0  # a column of names is not squeezed below this
READABLE = 8.0  # with smaller letters a table rather lies across; for a line a row, many rows take these
TWO_LINES = 0.6  # of its width a name needs so as to take no third one
ONE_LINE = 8.5  # so small may letters be made to keep names in a line
HEADS = (2, 3)  # lines of a head; more of them where that makes the letters larger


def table_lines(report: Report, columns: list[Shown]) -> list[Line]:
    """All rows, the totals last where they have the table's columns."""
    lines = [
        Line([shown.text(report, row) for shown in columns], row.get("scope") == "team")
        for row in report.rows
    ]
    if has_total_row(report):
        lines.append(Line(total_cells(report, columns), strong=True))
    return lines


def repeated(columns: list[Shown], lines: list[Line]) -> list[int]:
    """How many of its first cells each row says again; the last of the names always stands."""
    names = len(list(takewhile(lambda shown: shown.column.type is Type.TEXT and not shown.numeric, columns)))
    found = [0]
    for above, line in pairwise(lines):
        pairs = zip(above.cells[: names - 1], line.cells, strict=False)
        found.append(len(list(takewhile(lambda pair: pair[0] == pair[1] != UNKNOWN, pairs))))
    return found[: len(lines)]


def fit_grid(paper: Paper, columns: list[Shown], lines: list[Line], largest: float = SIZES[0]) -> Grid:
    """The largest font with which the table is as wide as the page; names wrap before numbers shrink."""
    sizes = [size for size in SIZES if size <= largest]
    least = READABLE if len(lines) > MANY else ONE_LINE
    tried = [(size, most, 1.0) for size in sizes if size >= least for most in HEADS]
    tried += [(size, most, TWO_LINES) for size in sizes if size >= READABLE for most in HEADS]
    tried += [(size, most, 0.0) for size in sizes for most in HEADS]
    for size, most, kept in tried:
        metrics = QFontMetricsF(paper.font(size, bold=True))
        heads = [head_lines(shown.label, most) for shown in columns]
        wide = [
            max(metrics.horizontalAdvance(text) for text in [*heads[place], *_cells_of(lines, place)])
            + paper.look.px(2 * PAD + (GUTTER if after_number(columns, place) else 0))
            for place in range(len(columns))
        ]
        grid = _widened(paper, Grid(columns, heads, wide, size, True), kept)
        if grid.fits:
            break
    return grid


def _cells_of(lines: list[Line], place: int) -> list[str]:
    return [line.cells[place] for line in lines]


def _widened(paper: Paper, grid: Grid, kept: float) -> Grid:
    """As wide as the page: of columns of names at least `kept` is left, other room shared out."""
    wide = list(grid.widths)
    over = sum(wide) - paper.width
    names = [place for place, shown in enumerate(grid.columns) if not shown.numeric]
    for place in sorted(names, key=lambda place: -wide[place]):
        least = max(paper.look.px(NARROWEST_NAME), wide[place] * kept)
        cut = min(max(over, 0.0), max(0.0, wide[place] - least))
        wide[place] -= cut
        over -= cut
    if over > 0.5:
        scale = paper.width / sum(wide)
        return replace(grid, widths=[each * scale for each in wide], fits=False)
    share = min(-min(over, 0.0) / max(1, len(wide)), paper.look.px(WIDEST_GAP))
    return replace(grid, widths=[each + share for each in wide])


def add_table(paper: Paper, report: Report, title: str = "", note: str = "") -> None:
    """Put the report's table on the paper, under a title and a note of its own where it has them.

    A table that fits on a page is not broken while that leaves less than half of a page empty; neither
    title nor heads stand alone at the foot of a page, nor does a row or two.  Of a table that is too wide
    for the page, columns stand under the others, beside the same names.
    """
    columns = shown_columns(report)
    if not columns or not report.rows:
        paper.text(on_paper(report), 10)
        return
    parts = _parts(paper, report, columns)
    for laid in parts:
        _add_laid(paper, laid, *((title, note) if laid is parts[0] else ("", "")))


def _parts(paper: Paper, report: Report, columns: list[Shown]) -> list[Laid]:
    """The table; where only letters too small let it fit, as few tables of some of its columns as do.

    A long one stays whole as long as it fits at all: its parts would lie pages from each other.
    """
    whole = _lay(paper, report, columns)
    names = list(takewhile(lambda shown: not shown.numeric, columns))
    rest = columns[len(names) :]
    legible = whole.grid.size >= READABLE or len(whole.rows) > MANY
    if (whole.grid.fits and legible) or not names or len(rest) < 2:
        return [whole]
    for number in range(2, len(rest) + 1):
        size = -(-len(rest) // number)
        shown = [names + rest[start : start + size] for start in range(0, len(rest), size)]
        parts = [_lay(paper, report, each) for each in shown]
        if all(laid.grid.fits and laid.grid.size >= READABLE for laid in parts):
            break
    least = min(laid.grid.size for laid in parts)
    return [_lay(paper, report, each, least) for each in shown]


def _add_laid(paper: Paper, laid: Laid, title: str, note: str) -> None:
    def add_title() -> None:
        if title:
            paper.text(title, 12.5, bold=True, gap=4)
            paper.text(note, 9, color=QUIET, gap=8)

    add_rows(paper, laid, _title_height(paper, title, note), add_title)
    paper.space(AFTER)


def _title_height(paper: Paper, title: str, note: str) -> float:
    if not title:
        return 0.0
    texts = [(title, paper.font(12.5, bold=True), 4.0), (note, paper.font(9), 8.0)]
    return sum(
        paper.text_height(words, font, paper.width) + paper.look.px(gap)
        for words, font, gap in texts
        if words
    )


def _lay(paper: Paper, report: Report, columns: list[Shown], largest: float = SIZES[0]) -> Laid:
    lines = table_lines(report, columns)
    grid = fit_grid(paper, columns, lines, largest)
    font, bold = paper.font(grid.size), paper.font(grid.size, bold=True)
    head = QFontMetricsF(bold).lineSpacing() * max(map(len, grid.heads)) + paper.look.px(8)
    rows = []
    for line, same in zip(lines, repeated(columns, lines), strict=True):
        own = bold if line.strong else font
        high = [_row_height(paper, grid, cells, own) for cells in (left_out(line.cells, same), line.cells)]
        rows.append(Row(line, own, same, *high))
    return Laid(grid, rows, head, bold)


def _row_height(paper: Paper, grid: Grid, cells: list[str], font: QFont) -> float:
    pad = paper.look.px(2 * PAD)
    high = [
        paper.text_height(cells[place], font, grid.widths[place] - pad - paper.look.px(grid.shift(place)))
        for place, shown in enumerate(grid.columns)
        if not shown.numeric
    ]
    return max([QFontMetricsF(font).lineSpacing(), *high])


def table_fits(paper: Paper, report: Report) -> bool:
    """Whether the table stands here in letters that can be read, most rows of a long one in a line."""
    columns = shown_columns(report)
    if not columns or not report.rows or one_line(report):
        return True
    laid = _lay(paper, report, columns)
    line = _row_height(paper, laid.grid, [""] * len(columns), laid.bold)
    wrapped = [row for row in laid.rows if row.height > line * 1.2]
    flows = len(laid.rows) > LONG and len(wrapped) > len(laid.rows) / 2
    return laid.grid.fits and laid.grid.size >= READABLE and not flows
