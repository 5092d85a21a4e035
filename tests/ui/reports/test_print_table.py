from __future__ import annotations

from dataclasses import replace
from itertools import groupby, takewhile
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Column, Report, ReportRequest, Span, Type
from funneldesk.report_words import shown_columns
from funneldesk.reports.comparison import compare
from funneldesk.text import set_language
from funneldesk.ui.reports import print_rows, print_table
from funneldesk.ui.reports.paper import Paper
from funneldesk.ui.reports.print import _paper, lay_out, needs_landscape, page_layout, render_pdf
from funneldesk.ui.reports.print_figures import _Number, even_lines
from funneldesk.ui.reports.print_heads import head_lines
from funneldesk.ui.reports.print_rows import Grid
from funneldesk.ui.reports.print_table import add_table, fit_grid, repeated, table_lines
from tests.ui.reports.paper_kit import ZONE, printed, squeezed
from tests.ui.reports.sample import REASONS, STAGES, Reporting, ask


def upright(report: Report) -> Paper:
    return _paper(page_layout("A4", landscape=False), ZONE, "", report.as_of)


def across(report: Report) -> Paper:
    return _paper(page_layout("A4", landscape=True), ZONE, "", report.as_of)


def grid_of(report: Report) -> Grid:
    columns = shown_columns(report)
    return fit_grid(upright(report), columns, table_lines(report, columns))


def test_a_name_that_repeats_stands_once_and_again_at_the_top_of_a_page(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    report = replace(ask(reporting, "lost", "stage", "reason", "manager"), name="plain")
    columns = shown_columns(report)
    lines = table_lines(report, columns)
    same = repeated(columns, lines)
    assert max(same) == 2  # stage and reason; the manager always stands
    for above, line, count in zip(lines, lines[1:], same[1:], strict=False):
        assert above.cells[:count] == line.cells[:count]
    path = tmp_path / "plain.pdf"
    render_pdf(report, path, zone=ZONE, paper="A4")
    pages = printed(path)
    assert len(pages) > 1
    for page in pages:
        heads = [page.count(squeezed(stage)) for stage in STAGES]
        assert max(heads) == 1
    reasons = "".join(pages)
    said = sum(reasons.count(squeezed(reason)) for reason in REASONS.values())
    assert said < len(report.rows)


def test_the_sum_of_a_group_stays_with_its_last_row(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "manager-matrix")
    columns = shown_columns(report)
    strong = [line.strong for line in table_lines(report, columns)]
    assert strong[5] and not strong[4]
    alone = []
    for above in range(2, 60):  # lines that stand over the table
        paper = upright(report)
        paper.begin(["Head"])
        for _line in range(above):
            paper.text("A line", 11)
        before = len(paper.pages[0].drawn)
        add_table(paper, report)
        on_first = len(paper.pages[0].drawn) - before - 1  # without the heads
        alone.append(0 < on_first < len(strong) and strong[on_first] and not strong[on_first - 1])
        paper.close()
    assert not any(alone)


def test_rows_stand_closer_where_that_saves_a_page_of_little_more_than_air(
    qtbot: QtBot, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = replace(ask(reporting, "lost", "client"), name="plain", total_columns=(), totals={})

    def rows_by_page(count: int) -> list[int]:
        paper = upright(report)
        paper.begin(["Head"])
        add_table(paper, replace(report, rows=(report.rows * 3)[:count]))
        found = [len(page.drawn) - 1 for page in paper.pages]  # without the heads
        paper.close()
        return found

    closer = {count: rows_by_page(count) for count in range(30, 110)}
    monkeypatch.setattr(print_rows, "GAPS", print_rows.GAPS[:1])
    usual = {count: rows_by_page(count) for count in closer}
    full = max(usual[109])
    saved = {count for count in closer if len(closer[count]) < len(usual[count])}
    assert saved
    assert all(usual[count][-1] < full / 2 for count in saved)
    assert all(closer[count] == usual[count] for count in closer if count not in saved)
    # some rows over are no page of their own
    assert min(usual[count][-1] for count in closer) == 2
    assert min(rows[-1] for rows in closer.values() if len(rows) > 1) > 4


def test_the_line_under_every_row_is_as_strong(qtbot: QtBot, reporting: Reporting) -> None:
    report = replace(ask(reporting, "lost", "client"), name="plain", total_columns=(), totals={})
    paper = upright(report)
    paper.begin(["Head"])
    add_table(paper, replace(report, rows=report.rows[:12]))
    scale = 16
    page = QImage(40, int(paper.page_room()) * scale, QImage.Format.Format_RGB32)
    page.fill(Qt.GlobalColor.white)
    painter = QPainter(page)
    painter.scale(scale, scale)
    for draw in paper.pages[0].drawn[1:]:
        draw(painter)
    painter.end()
    paper.close()
    # in the margin left of the words only the lines are dark
    dark = [page.pixelColor(30, y).lightness() < 200 for y in range(page.height())]
    thick = [len(list(run)) for is_dark, run in groupby(dark) if is_dark]
    assert len(thick) == 12
    assert max(thick) - min(thick) <= 1


def test_what_is_not_known_is_said_in_every_row(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "audit")
    row = next(row for row in report.rows if row["by"] is None)
    report = replace(report, rows=(row, row))
    columns = shown_columns(report)
    assert repeated(columns, table_lines(report, columns)) == [0, 1]  # the dash stands under the dash


def test_heads_in_more_lines_let_the_letters_be_larger(
    qtbot: QtBot, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_language("pl")
    report = ask(reporting, "stage-times")
    size = grid_of(report).size
    assert not needs_landscape(report, "A4", ZONE)
    monkeypatch.setattr(print_table, "HEADS", (2,))
    assert grid_of(report).size < size


def test_names_keep_to_a_line_where_that_takes_only_somewhat_smaller_letters(
    qtbot: QtBot, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_language("pl")
    report = ask(reporting, "managers")

    def lines_of_rows() -> list[int]:
        paper = _paper(page_layout("A4", landscape=True), ZONE, "", report.as_of)
        laid = print_table._lay(paper, report, shown_columns(report))
        line = paper.look.metrics(laid.bold).lineSpacing()
        return [round(row.full / line) for row in laid.rows]

    assert set(lines_of_rows()) == {1}
    monkeypatch.setattr(print_table, "ONE_LINE", 99.0)
    assert max(lines_of_rows()) > 1


def test_long_names_take_two_lines_rather_than_four(
    qtbot: QtBot, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_language("pl")
    report = ask(reporting, "stage-funnel")

    def most_lines() -> int:
        paper = upright(report)
        laid = print_table._lay(paper, report, shown_columns(report))
        line = paper.look.metrics(laid.bold).lineSpacing()
        return max(round(row.full / line) for row in laid.rows)

    assert most_lines() == 2
    monkeypatch.setattr(print_table, "TWO_LINES", 0.0)
    assert most_lines() > 2


def test_words_do_not_cling_to_the_number_before_them(qtbot: QtBot, reporting: Reporting) -> None:
    grid = grid_of(ask(reporting, "managers"))
    after = [
        place
        for place, shown in enumerate(grid.columns)
        if place and not shown.numeric and grid.columns[place - 1].numeric
    ]
    assert [place for place in range(len(grid.columns)) if grid.shift(place)] == after != []


def test_a_long_table_lies_across_where_every_row_would_take_two_lines(
    qtbot: QtBot, reporting: Reporting
) -> None:
    set_language("pl")
    long = {"cost": None, "step": max(STAGES, key=len)}  # a column less, and no short name
    rows = tuple({**row, **long} for row in ask(reporting, "leaks").rows)
    few = replace(ask(reporting, "leaks"), rows=rows[:20])
    many = replace(few, rows=(rows * 3)[:60])
    assert not needs_landscape(few, "A4", ZONE)
    assert needs_landscape(many, "A4", ZONE)


def test_a_chart_is_made_lower_where_it_then_stays_on_the_page(
    qtbot: QtBot, reporting: Reporting, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneldesk.ui.reports import print_charts

    report = ask(reporting, "cross-table", "month", "source")

    def drawn() -> int:
        paper = lay_out(report, page_layout("A4", landscape=True), zone=ZONE)
        found = len(paper.pages[0].drawn)
        paper.close()
        return found

    lower = drawn()
    monkeypatch.setattr(print_charts, "LOWER", 1.0)
    assert drawn() == lower - 1  # the figures are alone on the page


@pytest.mark.parametrize(
    ("label", "most", "lines"),
    [
        ("Deals", 3, ["Deals"]),
        ("Wartość jednego punktu, $", 2, ["Wartość jednego", "punktu,\u00a0$"]),
        ("Wartość jednego punktu, $", 3, ["Wartość", "jednego", "punktu,\u00a0$"]),
        ("Udział w przegranych", 2, ["Udział", "w\u00a0przegranych"]),
        ("Rozstrzygnięte transakcje", 3, ["Rozstrzygnięte", "transakcje"]),
    ],
)
def test_a_head_is_broken_where_it_is_shortest(label: str, most: int, lines: list[str]) -> None:
    assert head_lines(label, most) == lines


def test_a_report_of_one_row_is_told_by_figures_on_an_upright_page(
    qtbot: QtBot, reporting: Reporting
) -> None:
    report = ask(reporting, "velocity")
    assert not needs_landscape(report, "A4", ZONE)
    paper = lay_out(report, page_layout("A4", landscape=False), zone=ZONE)
    (page,) = paper.pages
    figures, notes, charts = 1, 1, 2
    assert len(page.drawn) == figures + notes + charts  # and no table of heads and a row
    paper.close()


def test_a_report_of_one_row_says_what_was_before(qtbot: QtBot, tmp_path: Path, reporting: Reporting) -> None:
    report = ask(reporting, "velocity")
    start, end = report.start, report.end
    assert start is not None and end is not None
    before = reporting.run(None, ReportRequest("velocity", start=start - (end - start), end=start))
    report = compare(report, before, Span.PREVIOUS)
    path = tmp_path / "velocity.pdf"
    render_pdf(report, path, zone=ZONE)
    assert squeezed(f"was {before.rows[0]['won']}") in printed(path)[0]


def test_figures_stand_in_lines_of_about_the_same_length() -> None:
    numbers = [_Number(str(place), "1", "", 100) for place in range(9)]
    lines = even_lines(numbers, 8 * 120, 20)
    assert [len(line) for line in lines] == [5, 4]
    assert even_lines([], 100, 20) == []
    assert [len(line) for line in even_lines(numbers[:8], 8 * 120, 20)] == [8]


@pytest.mark.parametrize("name", ["managers", "manager-matrix", "audit"])
def test_of_a_table_too_wide_for_the_page_columns_stand_under_the_others(
    qtbot: QtBot, reporting: Reporting, name: str
) -> None:
    set_language("ru")
    report = ask(reporting, name)
    columns = shown_columns(report)
    assert not grid_of(report).fits, "squeezed, its words would be cut"
    parts = [laid.grid for laid in print_table._parts(upright(report), report, columns)]
    assert len(parts) == 2 and len({grid.size for grid in parts}) == 1
    assert all(grid.fits and grid.size >= print_table.READABLE for grid in parts)
    names = [shown.column.key for shown in takewhile(lambda shown: not shown.numeric, columns)]
    told = [[shown.column.key for shown in grid.columns] for grid in parts]
    assert names and all(keys[: len(names)] == names for keys in told)
    once = [key for keys in told for key in keys]
    assert sorted(set(once)) == sorted(shown.column.key for shown in columns)
    assert all(once.count(shown.column.key) == 1 for shown in columns if shown.numeric)


def test_a_table_that_fits_stays_one(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "lost")
    columns = shown_columns(report)
    (whole,) = print_table._parts(upright(report), report, columns)
    assert whole.grid.columns == columns


def test_a_table_too_wide_for_both_pages_lies_on_an_upright_one_in_parts(
    qtbot: QtBot, reporting: Reporting
) -> None:
    set_language("ru")
    report = ask(reporting, "managers")
    assert needs_landscape(report, "A4", ZONE)
    more = tuple(replace(column, key=f"{column.key}_{n}") for n in "ab" for column in report.columns[1:])
    rows = tuple({**row, **{column.key: row[column.key[:-2]] for column in more}} for row in report.rows)
    wider = replace(report, columns=(*report.columns, *more), rows=rows, total_columns=())
    assert not print_table.table_fits(across(wider), wider)
    assert not needs_landscape(wider, "A4", ZONE)
    parts = [laid.grid for laid in print_table._parts(upright(wider), wider, shown_columns(wider))]
    assert len(parts) > 2 and all(grid.fits and grid.size >= print_table.READABLE for grid in parts)


def test_a_wide_table_stays_upright_where_lying_across_takes_more_pages(
    qtbot: QtBot, reporting: Reporting
) -> None:
    """Two charts and a few rows of many columns: in parts all of it stands on one upright page."""
    set_language("pl")
    report = ask(reporting, "sources")
    more = tuple(Column(key, Type.MONEY) for key in ("cost", "cost_per_lead", "cost_per_win", "profit"))
    rows = tuple({**row, **{column.key: 1_234_567_00 for column in more}} for row in report.rows * 2)
    dear = replace(report, columns=(*report.columns, *more), rows=rows)
    assert not print_table.table_fits(upright(dear), dear) and print_table.table_fits(across(dear), dear)
    assert not needs_landscape(dear, "A4", ZONE)
    pages = []
    for landscape in (False, True):
        paper = lay_out(dear, page_layout("A4", landscape=landscape), zone=ZONE)
        pages.append(len(paper.pages))
        paper.close()
    assert pages[0] < pages[1]
