"""A report's table on paper: heads on every page, no row cut in two, the font as large as fits."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from funneldesk.domain.results import Report
from funneldesk.report_words import Shown, has_total_row, shown_columns, total_cells
from funneldesk.text import _
from funneldesk.ui.reports.paper import INK, LINE, QUIET, STRIPE, Paper, write
from funneldesk.ui.reports.table import two_lines

SIZES = (10.0, 9.5, 9.0, 8.5, 8.0, 7.5, 7.0)
PAD = 5.0
FIRST_ROWS = 4  # so many begin a table at the foot of a page
AFTER = 16.0  # between a table and what follows
WIDEST_GAP = 110.0  # a column gets no more than this beside its words
NARROWEST_NAME = 90.0  # a column of names is not squeezed below this


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words; `strong` = a total."""

    cells: list[str]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Grid:
    """The columns with their widths and the size of the font that lets them fit."""

    columns: list[Shown]
    widths: list[float]
    size: float
    fits: bool


def table_lines(report: Report, columns: list[Shown]) -> list[Line]:
    """All rows, the totals last where they have the table's columns."""
    lines = [
        Line([shown.text(report, row) for shown in columns], row.get("scope") == "team")
        for row in report.rows
    ]
    if has_total_row(report):
        lines.append(Line(total_cells(report, columns), strong=True))
    return lines


def fit_grid(paper: Paper, columns: list[Shown], lines: list[Line]) -> Grid:
    """The largest font with which the table is as wide as the page; names wrap before numbers shrink."""
    grid = Grid(columns, [], SIZES[-1], False)
    for size in SIZES:
        metrics = QFontMetricsF(paper.font(size, bold=True))
        pad = paper.look.px(2 * PAD)
        wide = [
            max(metrics.horizontalAdvance(text) for text in _words(shown, place, lines)) + pad
            for place, shown in enumerate(columns)
        ]
        grid = _squeezed(paper, columns, wide, size)
        if grid.fits:
            return grid
    return grid


def _words(shown: Shown, place: int, lines: list[Line]) -> list[str]:
    return two_lines(shown.label).split("\n") + [line.cells[place] for line in lines]


def _squeezed(paper: Paper, columns: list[Shown], wide: list[float], size: float) -> Grid:
    over = sum(wide) - paper.width
    names = [place for place, shown in enumerate(columns) if not shown.numeric]
    least = paper.look.px(NARROWEST_NAME)
    for place in sorted(names, key=lambda place: -wide[place]):
        cut = min(max(over, 0.0), max(0.0, wide[place] - least))
        wide[place] -= cut
        over -= cut
    if over > 0.5:
        scale = paper.width / sum(wide)
        return Grid(columns, [each * scale for each in wide], size, False)
    share = min(-min(over, 0.0) / max(1, len(wide)), paper.look.px(WIDEST_GAP))
    return Grid(columns, [each + share for each in wide], size, True)


@dataclass(frozen=True, slots=True)
class _Laid:
    """A table ready to be put on the paper."""

    grid: Grid
    lines: list[Line]
    head: float
    heights: list[float]
    font: QFont
    bold: QFont


def add_table(paper: Paper, report: Report, title: str = "", note: str = "") -> None:
    """Put the report's table on the paper, under a title and a note of its own where it has them.

    A table that fits on a page is not broken while that leaves less than half of a page empty; neither
    title nor heads stand alone at the foot of a page, nor does a row or two.
    """
    columns = shown_columns(report)
    if not columns or not report.rows:
        paper.text(_("There is nothing to list in this period and with these filters."), 10)
        return
    laid = _lay(paper, report, columns)
    whole = laid.head + sum(laid.heights)
    above = _title_height(paper, title, note)
    begun = above + laid.head + sum(laid.heights[:FIRST_ROWS])
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


def _lay(paper: Paper, report: Report, columns: list[Shown]) -> _Laid:
    lines = table_lines(report, columns)
    grid = fit_grid(paper, columns, lines)
    font, bold = paper.font(grid.size), paper.font(grid.size, bold=True)
    metrics = QFontMetricsF(bold)
    head_lines = max(two_lines(shown.label).count("\n") + 1 for shown in columns)
    head = metrics.lineSpacing() * head_lines + paper.look.px(8)
    heights = [_row_height(paper, grid, line, bold if line.strong else font) for line in lines]
    return _Laid(grid, lines, head, heights, font, bold)


def _add_rows(paper: Paper, laid: _Laid) -> None:
    grid, lines, heights = laid.grid, laid.lines, laid.heights
    head, font, bold = laid.head, laid.font, laid.bold
    _add_head(paper, grid, head, bold)
    for number, (line, height) in enumerate(zip(lines, heights, strict=True)):
        # nor does the last row stand alone on a page
        last_two = heights[-2:] if number == len(lines) - 2 else [height]
        if sum(last_two) > paper.room():
            paper.next_page()
            _add_head(paper, grid, head, bold)
        _add_row(paper, grid, line, height, bold if line.strong else font, shaded=number % 2 == 1)


def _row_height(paper: Paper, grid: Grid, line: Line, font: QFont) -> float:
    pad = paper.look.px(2 * PAD)
    high = [
        paper.text_height(line.cells[place], font, grid.widths[place] - pad)
        for place, shown in enumerate(grid.columns)
        if not shown.numeric
    ]
    return max([QFontMetricsF(font).lineSpacing(), *high]) + paper.look.px(7)


def _add_head(paper: Paper, grid: Grid, height: float, font: QFont) -> None:
    cells = [two_lines(shown.label) for shown in grid.columns]

    def draw(painter: QPainter, box: QRectF) -> None:
        _cells(painter, box, grid, cells, font, QUIET, paper.look.px(PAD), Qt.AlignmentFlag.AlignBottom)
        painter.setPen(QPen(QColor(INK), paper.look.px(1)))
        painter.drawLine(box.bottomLeft(), box.bottomRight())

    paper.place(height, draw)


def _add_row(paper: Paper, grid: Grid, line: Line, height: float, font: QFont, *, shaded: bool) -> None:
    def draw(painter: QPainter, box: QRectF) -> None:
        if shaded:
            painter.fillRect(box, QColor(STRIPE))
        middle = Qt.AlignmentFlag.AlignVCenter
        _cells(painter, box, grid, line.cells, font, INK, paper.look.px(PAD), middle)
        painter.setPen(QPen(QColor(LINE), paper.look.px(0.5)))
        y = box.top() if line.strong else box.bottom()
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    paper.place(height, draw)


def _cells(
    painter: QPainter,
    box: QRectF,
    grid: Grid,
    cells: list[str],
    font: QFont,
    color: str,
    pad: float,
    upright: Qt.AlignmentFlag,
) -> None:
    x = box.left()
    for shown, wide, text in zip(grid.columns, grid.widths, cells, strict=True):
        side = Qt.AlignmentFlag.AlignRight if shown.numeric else Qt.AlignmentFlag.AlignLeft
        flags = int(side) | int(upright) | (0 if shown.numeric else int(Qt.TextFlag.TextWordWrap))
        inside = QRectF(x + pad, box.top(), wide - 2 * pad, box.height() - pad * 0.4)
        write(painter, inside, text, font, color, flags)
        x += wide


def table_fits(paper: Paper, report: Report) -> bool:
    """Whether the table stands on this paper in a font that can be read."""
    columns = shown_columns(report)
    if not columns or not report.rows:
        return True
    grid = fit_grid(paper, columns, table_lines(report, columns))
    return grid.fits and grid.size >= 8.0
