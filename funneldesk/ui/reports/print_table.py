"""A report's table on paper: heads on every page, no row cut in two, the font as large as fits."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, takewhile

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from funneldesk.domain.results import Report, Type
from funneldesk.report_words import UNKNOWN, Shown, has_total_row, shown_columns, total_cells
from funneldesk.ui.reports.nothing import on_paper
from funneldesk.ui.reports.paper import INK, LINE, QUIET, STRIPE, Paper, write
from funneldesk.ui.reports.print_figures import one_line
from funneldesk.ui.reports.print_heads import head_lines

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
PAD = 5.0
LONG = 20  # rows from which it matters that most take one line
MANY = 30  # rows from which all letters are made smaller for that, and the table stays whole
FIRST_ROWS = 4  # so many begin a table at the foot of a page
AFTER = 16.0  # between a table and what follows
WIDEST_GAP = 110.0  # a column gets no more than this beside its words
NARROWEST_NAME = 90.0  # a column of names is not squeezed below this
READABLE = 8.0  # with smaller letters a table rather lies across; for a line a row, many rows take these
TWO_LINES = 0.6  # of its width a name needs so as to take no third one
ONE_LINE = 8.5  # so small may letters be made to keep names in a line
HEADS = (2, 3)  # lines of a head; more of them where that makes the letters larger
GUTTER = 8.0  # before words that follow a number


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words; `strong` = a total."""

    cells: list[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns with their heads and widths, and the size of the font that lets them fit."""

    columns: list[Shown]
    heads: list[list[str]]
    widths: list[float]
    size: float
    fits: bool

    def shift(self, place: int) -> float:
        """What a column leaves free at its left, so that words do not cling to the number before them."""
        return GUTTER if _after_number(self.columns, place) else 0.0

    def right(self, box: QRectF) -> float:
        """Where its lines end."""
        return box.left() + sum(self.widths)


def _after_number(columns: list[Shown], place: int) -> bool:
    return place > 0 and columns[place - 1].numeric and not columns[place].numeric


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
            + paper.look.px(2 * PAD + (GUTTER if _after_number(columns, place) else 0))
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


@dataclass(frozen=True, slots=True)
class _Row:
    """A row ready to be drawn: `same` of its first cells are those of the row above."""

    line: Line
    font: QFont
    same: int
    height: float
    full: float  # its height at the top of a page, where nothing is left out


@dataclass(frozen=True, slots=True)
class _Laid:
    """A table ready to be put on the paper."""

    grid: Grid
    rows: list[_Row]
    head: float
    bold: QFont


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


def _parts(paper: Paper, report: Report, columns: list[Shown]) -> list[_Laid]:
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


def _add_laid(paper: Paper, laid: _Laid, title: str, note: str) -> None:
    heights = [row.height for row in laid.rows]
    whole = laid.head + sum(heights)
    above = _title_height(paper, title, note)
    begun = above + laid.head + sum(heights[:FIRST_ROWS])
    stays_whole = above + whole <= paper.page_room() and paper.room() < paper.page_room() / 2
    if paper.room() < (above + whole if stays_whole else begun):
        paper.next_page()
    if title:
        paper.text(title, 12.5, bold=True, gap=4)
        paper.text(note, 9, color=QUIET, gap=8)
    _add_rows(paper, laid)
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


def _lay(paper: Paper, report: Report, columns: list[Shown], largest: float = SIZES[0]) -> _Laid:
    lines = table_lines(report, columns)
    grid = fit_grid(paper, columns, lines, largest)
    font, bold = paper.font(grid.size), paper.font(grid.size, bold=True)
    head = QFontMetricsF(bold).lineSpacing() * max(map(len, grid.heads)) + paper.look.px(8)
    rows = []
    for line, same in zip(lines, repeated(columns, lines), strict=True):
        own = bold if line.strong else font
        high = [_row_height(paper, grid, cells, own) for cells in (_left_out(line.cells, same), line.cells)]
        rows.append(_Row(line, own, same, *high))
    return _Laid(grid, rows, head, bold)


def _left_out(cells: list[str], same: int) -> list[str]:
    return [""] * same + cells[same:]


def _add_rows(paper: Paper, laid: _Laid) -> None:
    """The rows under their heads; what a row says again is left out but at the top of a page."""
    _add_head(paper, laid)
    rows, top = laid.rows, True
    for number, row in enumerate(rows):
        after = rows[number + 1 : number + 2]
        # neither the last row stands alone on a page, nor the sum of a group
        sums = bool(after) and after[0].same > 0 and after[0].line.strong and not row.line.strong
        needed = row.height + (after[0].height if sums or number == len(rows) - 2 else 0.0)
        if needed > paper.room():
            paper.next_page()
            _add_head(paper, laid)
            top = True
        same = 0 if top else row.same
        height = row.full if top else row.height
        goes_on = bool(after) and after[0].height <= paper.room() - height
        _add_row(paper, laid.grid, row, height, same, after[0].same if goes_on else 0, shaded=number % 2 == 1)
        top = False


def _row_height(paper: Paper, grid: Grid, cells: list[str], font: QFont) -> float:
    pad = paper.look.px(2 * PAD)
    high = [
        paper.text_height(cells[place], font, grid.widths[place] - pad - paper.look.px(grid.shift(place)))
        for place, shown in enumerate(grid.columns)
        if not shown.numeric
    ]
    return max([QFontMetricsF(font).lineSpacing(), *high]) + paper.look.px(7)


def _add_head(paper: Paper, laid: _Laid) -> None:
    cells = ["\n".join(head) for head in laid.grid.heads]

    def draw(painter: QPainter, box: QRectF) -> None:
        _cells(paper, painter, box, laid.grid, cells, laid.bold, QUIET, Qt.AlignmentFlag.AlignBottom)
        painter.setPen(QPen(QColor(INK), paper.look.px(1)))
        painter.drawLine(box.bottomLeft(), QPointF(laid.grid.right(box), box.bottom()))

    paper.place(laid.head, draw)


def _add_row(
    paper: Paper, grid: Grid, row: _Row, height: float, same: int, next_same: int, *, shaded: bool
) -> None:
    def draw(painter: QPainter, box: QRectF) -> None:
        if shaded:
            left = box.left() + sum(grid.widths[:same])
            painter.fillRect(QRectF(left, box.top(), grid.right(box) - left, box.height()), QColor(STRIPE))
        cells = _left_out(row.line.cells, same)
        _cells(paper, painter, box, grid, cells, row.font, INK, Qt.AlignmentFlag.AlignVCenter)
        painter.setPen(QPen(QColor(LINE), paper.look.px(0.5)))
        # the line above a total; under another row beside what the next one does not say again
        y, cut = (box.top(), same) if row.line.strong else (box.bottom(), next_same)
        painter.drawLine(QPointF(box.left() + sum(grid.widths[:cut]), y), QPointF(grid.right(box), y))

    paper.place(height, draw)


def _cells(
    paper: Paper,
    painter: QPainter,
    box: QRectF,
    grid: Grid,
    cells: list[str],
    font: QFont,
    color: str,
    upright: Qt.AlignmentFlag,
) -> None:
    x, pad = box.left(), paper.look.px(PAD)
    for place, (shown, wide, text) in enumerate(zip(grid.columns, grid.widths, cells, strict=True)):
        side = Qt.AlignmentFlag.AlignRight if shown.numeric else Qt.AlignmentFlag.AlignLeft
        flags = int(side) | int(upright) | (0 if shown.numeric else int(Qt.TextFlag.TextWordWrap))
        left = pad + paper.look.px(grid.shift(place))
        inside = QRectF(x + left, box.top(), wide - left - pad, box.height() - pad * 0.4)
        write(painter, inside, text, font, color, flags)
        x += wide


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
