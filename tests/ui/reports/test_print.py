from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.domain.results import Report, ReportRequest, Span
from funneldesk.errors import UserError
from funneldesk.report_words import (
    comparison_report,
    excluded_sentences,
    figures,
    header_block,
    shown_columns,
    with_before,
)
from funneldesk.reports.catalog import CATALOG
from funneldesk.reports.comparison import compare
from funneldesk.resources import resource_path
from funneldesk.text import set_language
from funneldesk.ui.offscreen import render_report_pdf
from funneldesk.ui.reports.charts.canvas import Canvas
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.reports.print import (
    CHART_SCALES,
    _paper,
    lay_out,
    page_layout,
    render_pdf,
)
from funneldesk.ui.reports.print_rows import FIRST_ROWS
from funneldesk.ui.reports.print_table import add_table
from tests.reports.golden import at
from tests.ui.reports.paper_kit import ZONE, printed, squeezed
from tests.ui.reports.sample import Reporting, ask

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize("name", list(CATALOG))
def test_a_pdf_says_every_number_and_its_head_on_every_page(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting, name: str
) -> None:
    report = ask(reporting, name)
    path = tmp_path / "report.pdf"
    render_report_pdf(report, path, ZONE, company="Delta sp. z o.o.")
    pages = printed(path)
    text = "".join(pages)
    for page in pages:
        for line in (*header_block(report, ZONE), "Delta sp. z o.o."):
            assert squeezed(line) in page
    for number in range(len(pages)):
        assert squeezed(f"Page {number + 1} of {len(pages)}") in pages[number]
    for shown in shown_columns(report):
        for row in report.rows:
            assert squeezed(shown.text(report, row)) in text, shown.label
    for figure in figures(report):
        assert squeezed(figure.text) in text
    for sentence in excluded_sentences(report):
        assert squeezed(sentence) in text


def test_a_pdf_says_what_was_in_the_period_compared_with(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    now = reporting.run(None, ReportRequest("managers", start=at("2026-07-01"), end=at("2026-10-01")))
    before = reporting.run(None, ReportRequest("managers", start=at("2026-04-01"), end=at("2026-07-01")))
    report = compare(now, before, Span.PREVIOUS)
    path = tmp_path / "compared.pdf"
    render_pdf(report, path, zone=ZONE)
    text = "".join(printed(path))
    other = comparison_report(report)
    assert other is not None and other.rows
    for row in other.rows:
        assert squeezed(f"{row['figure']}{row['now']}{row['before']}{row['change']}") in text
    noted = with_before(report, figures(report))
    assert all(squeezed(figure.note) in text for figure in noted)


def test_a_pdf_of_a_reverse_plan_says_what_is_still_to_be_done(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    request = ReportRequest("reverse-plan", plan=40)
    report = reporting.with_more(None, reporting.run(None, request), request)
    render_pdf(report, tmp_path / "plan.pdf", zone=ZONE)
    text = squeezed(" ".join(printed(tmp_path / "plan.pdf")))
    for words in (
        "What is still to be done",
        "A working day",
        "New deals still needed",
        "New leads by source",
    ):
        assert squeezed(words) in text
    for row in report.extra["ahead"].work:
        assert str(row["in_all"]) in text


@pytest.mark.parametrize("name", list(CATALOG))
def test_a_pdf_holds_no_pictures_and_its_own_font(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting, name: str
) -> None:
    path = tmp_path / "report.pdf"
    render_pdf(ask(reporting, name), path, zone=ZONE)
    raw = path.read_bytes()
    for page in PdfReader(path).pages:
        assert list(page.images) == []
        fonts = page["/Resources"]["/Font"]  # type: ignore[index]
        assert any("DejaVu" in str(font.get_object()["/BaseFont"]) for font in fonts.values())
    assert b"/Subtype /Image" not in raw


def test_a_long_table_repeats_its_heads_and_cuts_no_row(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    report = ask(reporting, "lost", "client")
    path = tmp_path / "lost.pdf"
    render_pdf(report, path, zone=ZONE)
    pages = printed(path)
    assert len(pages) > 2
    heads = [squeezed("Loss rate") in page for page in pages]
    assert all(heads[-2:])
    names = [squeezed(str(row["label"])) for row in report.rows if row["label"]]
    assert all(any(name in page for page in pages) for name in names)


@pytest.mark.parametrize(("paper", "size"), [("A4", (595, 842)), ("Letter", (612, 792))])
@pytest.mark.parametrize("landscape", [False, True])
def test_paper_and_orientation(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting, paper: str, size: tuple[int, int], landscape: bool
) -> None:
    path = tmp_path / "report.pdf"
    render_pdf(ask(reporting, "stage-funnel"), path, zone=ZONE, paper=paper, landscape=landscape)
    box = PdfReader(path).pages[0].mediabox
    wanted = size[::-1] if landscape else size
    assert (round(float(box.width)), round(float(box.height))) == wanted


@pytest.mark.parametrize(("spoken", "word"), [("ru", "Борис Петров"), ("pl", "Борис Петров")])
def test_letters_of_all_languages_are_in_the_text(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting, spoken: str, word: str
) -> None:
    set_language(spoken)
    report = ask(reporting, "managers")
    path = tmp_path / "report.pdf"
    render_pdf(report, path, zone=ZONE)
    text = "".join(printed(path))
    assert squeezed(word) in text
    assert squeezed(header_block(report, ZONE)[0]) in text


def test_a_print_of_managers_compared_holds_the_matrix_too(page: ReportsPage, tmp_path: Path) -> None:
    page.choose("managers")
    path = tmp_path / "both.pdf"
    page.output.write_pdf(path)
    pages = printed(path)
    assert squeezed("Managers compared") in pages[0]
    assert squeezed("Managers by stage") in pages[-1]


def test_a_file_that_cannot_be_written_is_said_in_words(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    with pytest.raises(UserError, match=r"export\.failed"):
        render_pdf(ask(reporting, "cycle"), tmp_path / "no" / "such" / "folder.pdf", zone=ZONE)


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files there")
def test_a_pdf_that_does_not_fit_on_the_disk_is_said_in_words(
    qtbot: QtBot, reporting: Reporting, tmp_path: Path
) -> None:
    import resource

    report = ask(reporting, "managers")
    path = tmp_path / "r.pdf"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(UserError) as caught:
            render_pdf(report, path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code == "export.failed"
    assert list(tmp_path.iterdir()) == []


def test_fonts_of_paper_are_loaded_once(qapp: QApplication, reporting: Reporting) -> None:
    file, report = str(resource_path("fonts", "DejaVuSans.ttf")), ask(reporting, "stage-funnel")
    layout = page_layout("A4", landscape=False)
    lay_out(report, layout).close()
    first = QFontDatabase.addApplicationFont(file)
    lay_out(report, layout).close()
    last = QFontDatabase.addApplicationFont(file)
    for number in (first, last):
        QFontDatabase.removeApplicationFont(number)
    assert last == first + 1, "Qt numbers its fonts, and keeps each for good"


def test_xlsx_is_written_from_the_same_report(page: ReportsPage, tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    said: list[str] = []
    page.context.toast = lambda text, **_more: said.append(text)
    page.output.write_xlsx(path)
    assert path.read_bytes()[:2] == b"PK"
    assert said == ["Written: report.xlsx"]


def test_a_pdf_is_rendered_without_any_display(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path\n"
        "from tests.ui.reports.sample import Reporting, sample\n"
        "from funneldesk.domain.results import ReportRequest\n"
        "from funneldesk.ui.offscreen import render_report_pdf\n"
        "report = Reporting(sample(60)).run(None, ReportRequest('stage-funnel'))\n"
        "render_report_pdf(report, Path(sys.argv[1]))\n"
    )
    env = {"PATH": "", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}
    path = tmp_path / "bare.pdf"
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert path.read_bytes()[:4] == b"%PDF"


def test_the_last_row_of_a_table_never_stands_alone(qtbot: QtBot, reporting: Reporting) -> None:
    report = ask(reporting, "lost", "client")
    alone = []
    for rows in range(20, 70):
        paper = lay_out(
            [replace(report, name="plain", rows=report.rows[:rows])], page_layout("A4", landscape=False)
        )
        # the heads and at least two rows
        alone.append(len(paper.pages[-1].drawn) == 2)
        paper.close()
    assert not any(alone)


def test_a_table_that_fits_on_a_page_is_kept_whole_with_its_title(qtbot: QtBot, reporting: Reporting) -> None:
    rows = ask(reporting, "lost", "client").rows
    report = replace(ask(reporting, "lost", "client"), name="plain", rows=rows[:12])
    for above in range(2, 40):  # lines that stand over it
        paper = _paper(page_layout("A4", landscape=False), ZONE, "", report.as_of)
        paper.begin(["Head"])
        for _line in range(above):
            paper.text("A line", 11)
        before = len(paper.pages[-1].drawn)
        add_table(paper, report, "Title", "A note of its own")
        more = len(paper.pages[0].drawn) - before
        # title, note, heads and all rows stand together, or all have gone on
        assert more in (0, 3 + 12), above
        paper.close()


def test_two_rows_do_not_begin_a_long_table_at_the_foot_of_a_page(qtbot: QtBot, reporting: Reporting) -> None:
    report = replace(ask(reporting, "lost", "client"), name="plain")
    report = replace(report, rows=(report.rows * 5)[:90])
    for above in range(2, 46):
        paper = _paper(page_layout("A4", landscape=False), ZONE, "", report.as_of)
        paper.begin(["Head"])
        for _line in range(above):
            paper.text("A line", 11)
        before = len(paper.pages[-1].drawn)
        add_table(paper, report)
        more = len(paper.pages[0].drawn) - before
        assert more == 0 or more > FIRST_ROWS, above
        paper.close()


@pytest.mark.parametrize(
    ("name", "filters", "said"),
    [
        ("lost", {}, "There is nothing to list"),
        ("standards", {}, "No standards yet."),
        ("standards", {"manager": ("Anna",)}, "There is nothing to list"),
        ("receivables", {}, "No invoices yet."),
        ("plan-fact", {}, "No plan is set for this month"),
    ],
)
def test_an_empty_report_says_so_on_paper(
    tmp_path: Path, reporting: Reporting, name: str, filters: dict[str, tuple[str, ...]], said: str
) -> None:
    report = replace(ask(reporting, name), rows=(), filters=filters)
    render_pdf(report, tmp_path / "empty.pdf", zone=ZONE)
    assert squeezed(said) in "".join(printed(tmp_path / "empty.pdf"))


def test_what_quarters_are_of_is_said_over_their_table(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    render_pdf(ask(reporting, "forecast"), tmp_path / "forecast.pdf", zone=ZONE)
    text = "".join(printed(tmp_path / "forecast.pdf"))
    assert text.index(squeezed("Chance to win by quarter of the close")) < text.index(
        squeezed("January–March")
    )


def test_a_chart_is_made_smaller_only_where_that_saves_a_page(qtbot: QtBot, reporting: Reporting) -> None:
    def pages_and_fonts(report: Report) -> tuple[int, float]:
        paper = lay_out(report, page_layout("A4", landscape=False))
        fonts = [widget.look.scale for widget in paper._kept if isinstance(widget, Canvas)]
        found = len(paper.pages), fonts[-1] / paper.look.scale
        paper.close()
        return found

    months = ask(reporting, "dynamics")
    year = replace(months, rows=(*months.rows, *months.rows)[-24:])
    pages, scale = pages_and_fonts(year)
    assert pages == 2 and scale < CHART_SCALES[0]  # both charts on the first one
    long = replace(months, rows=months.rows * 12)
    pages, scale = pages_and_fonts(long)
    assert pages > 3 and scale == CHART_SCALES[0]
