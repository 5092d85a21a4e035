"""The numbers above a report on paper: quiet names over bold numbers, in lines of about one length."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from funneldesk.domain.results import Report, Type
from funneldesk.report_words import figures, with_before
from funneldesk.ui.reports.paper import INK, QUIET, Paper, write

APART = 20.0  # between two numbers
HIGH = 34.0
LEFT = int(Qt.AlignmentFlag.AlignLeft)


@dataclass(frozen=True, slots=True)
class _Number:
    label: str
    text: str
    note: str
    wide: float


def add_figures(paper: Paper, report: Report) -> None:
    """Put the totals on the paper; of a report of one row, that row."""
    look, small, big = paper.look, paper.font(8.5), paper.font(12.5, bold=True)
    if one_line(report):
        report = replace(report, columns=(), total_columns=report.columns, totals=report.rows[0])
    found = []
    for figure in with_before(report, figures(report)):
        value = look.metrics(big).horizontalAdvance(figure.text)
        note = look.metrics(small).horizontalAdvance(figure.note) + look.px(5) if figure.note else 0
        wide = max(value + note, look.metrics(small).horizontalAdvance(figure.label))
        found.append(_Number(figure.label, figure.text, figure.note, wide))
    for line in even_lines(found, paper.width, look.px(APART)):
        paper.place(look.px(HIGH), _drawn(paper, line), 4)


def one_line(report: Report) -> bool:
    """Whether a report is one row of numbers without a name, for which no table is needed."""
    named = any(column.type is Type.TEXT for column in report.columns)
    return len(report.rows) == 1 and not report.total_columns and not named


def even_lines(numbers: Sequence[_Number], width: float, apart: float) -> list[Sequence[_Number]]:
    """As few lines as hold them, none of which is much emptier than the others."""
    fewest = len(_filled(numbers, width, apart, len(numbers)))
    for most in range(-(-len(numbers) // max(1, fewest)), len(numbers) + 1):
        lines = _filled(numbers, width, apart, most)
        if len(lines) == fewest:
            return lines
    return []


def _filled(numbers: Sequence[_Number], width: float, apart: float, most: int) -> list[Sequence[_Number]]:
    lines: list[list[_Number]] = []
    x = 0.0
    for number in numbers:
        if not lines or x + number.wide > width or len(lines[-1]) == most:
            lines.append([])
            x = 0.0
        lines[-1].append(number)
        x += number.wide + apart
    return list(lines)


def _drawn(paper: Paper, line: Sequence[_Number]) -> Callable[[QPainter, QRectF], None]:
    look, small, big = paper.look, paper.font(8.5), paper.font(12.5, bold=True)

    def draw(painter: QPainter, box: QRectF) -> None:
        x = box.left()
        for number in line:
            at = QRectF(x, box.top(), box.width(), box.height())
            write(painter, at, number.label, small, QUIET, LEFT)
            below = at.adjusted(0, look.px(13), 0, 0)
            write(painter, below, number.text, big, INK, LEFT)
            if number.note:
                shift = look.metrics(big).horizontalAdvance(number.text) + look.px(5)
                write(painter, below.adjusted(shift, look.px(4), 0, 0), number.note, small, QUIET, LEFT)
            x += number.wide + look.px(APART)

    return draw
