"""Pages before they are printed: laid out while the window waits, looked at, turned as each needs."""

from __future__ import annotations

from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from funneldesk.report_words import (
    header_block,
)
from funneldesk.text import set_language
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.laying_out import Laying, laying_out, parts_of
from funneldesk.ui.reports.preview import PreviewDialog, show_preview
from funneldesk.ui.reports.print import (
    device_dpi,
    page_layout,
    paint_report,
    render_pdf,
)
from tests.ui.reports.paper_kit import ZONE, printed, squeezed
from tests.ui.reports.sample import Reporting, ask


def test_the_parts_that_are_laid_out_are_told(qtbot: QtBot, tmp_path: Path, reporting: Reporting) -> None:
    several = [ask(reporting, name) for name in ("stage-funnel", "lost", "cycle")]
    told: list[int] = []
    render_pdf(several, tmp_path / "three.pdf", zone=ZONE, told=told.append)
    assert told == [0, 1, 2, 3]
    assert parts_of(several) == told[-1]


def test_while_pages_are_laid_out_the_window_says_so(qtbot: QtBot, reporting: Reporting) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    several = [ask(reporting, "cycle"), ask(reporting, "lost")]
    seen: list[tuple[bool, int, int]] = []

    def work() -> None:
        with laying_out(several, window) as told:
            (said,) = window.findChildren(Laying)
            for done in (1, 2):
                told(done)
                seen.append((said.isVisible(), said.bar.value(), said.bar.maximum()))
            assert QApplication.overrideCursor() is not None
            raise RuntimeError

    with pytest.raises(RuntimeError):
        work()
    assert seen == [(True, 1, 2), (True, 2, 2)]
    assert QApplication.overrideCursor() is None
    assert not any(said.isVisible() for said in window.findChildren(Laying))


def test_the_preview_paints_pages_and_turns_them(
    qtbot: QtBot, context: AppContext, reporting: Reporting
) -> None:
    dialog = PreviewDialog([ask(reporting, "stage-funnel")], context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.pages.pageCount() == 1
    dialog.way.set_value(True)
    dialog._turn()
    assert dialog.printer.pageLayout().orientation() == page_layout("A4", landscape=True).orientation()
    assert dialog.pages.pageCount() >= 1


def sides_of(path: Path) -> list[bool]:
    """Of each page whether it lies across."""
    return [float(page.mediabox.width) > float(page.mediabox.height) for page in PdfReader(path).pages]


def test_of_several_reports_only_those_that_need_it_lie_across(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    set_language("ru")
    wide, high = ask(reporting, "managers"), ask(reporting, "velocity")
    path = tmp_path / "mixed.pdf"
    render_pdf([high, wide, high], path, zone=ZONE, paper="A4")
    assert sides_of(path) == [False, True, False]
    pages = printed(path)
    for number, report in enumerate((high, wide, high)):
        assert squeezed(header_block(report, ZONE)[0]) in pages[number]
        assert squeezed(f"Страница {number + 1} из 3") in pages[number]
    render_pdf([wide, high], path, zone=ZONE, paper="A4")
    assert sides_of(path) == [True, False]
    render_pdf([wide, wide], path, zone=ZONE, paper="A4")
    assert sides_of(path) == [True, True]
    render_pdf([wide, high], path, zone=ZONE, paper="A4", landscape=True)
    assert sides_of(path) == [True, True]


def test_on_a_printer_what_lies_across_is_turned_on_its_upright_sheet(
    qtbot: QtBot, tmp_path: Path, reporting: Reporting
) -> None:
    set_language("ru")
    wide, high = ask(reporting, "managers"), ask(reporting, "velocity")
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setResolution(device_dpi())
    printer.setPageLayout(page_layout("A4", landscape=False))
    paint_report(printer, [high, wide], zone=ZONE, each=True)
    first, second = PdfReader(tmp_path / "printed.pdf").pages
    assert sides_of(tmp_path / "printed.pdf") == [False, False]
    # orientation 0: level words; 270 turned: those of the table and those of the chart alike
    assert squeezed(first.extract_text(orientations=(0,))) and not first.extract_text(orientations=(90, 270))
    turned = squeezed(second.extract_text(orientations=(90, 270)))
    assert not squeezed(second.extract_text(orientations=(0,)))
    names = [squeezed(str(row["manager"])) for row in wide.rows if row["manager"]]
    assert names and all(turned.count(name) == 3 for name in names)  # both charts, and the table


def test_the_preview_of_several_reports_offers_each_as_it_needs(
    qtbot: QtBot, context: AppContext, reporting: Reporting
) -> None:
    set_language("ru")
    wide, high = ask(reporting, "managers"), ask(reporting, "velocity")
    dialog = PreviewDialog([high, wide], context)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.way.value() is None and dialog.way.count() == 3
    assert dialog.pages.pageCount() == 2
    alone = PreviewDialog([high], context)
    qtbot.addWidget(alone)
    assert alone.way.value() is False and alone.way.count() == 2


def test_a_preview_that_was_closed_is_gone(qtbot: QtBot, context: AppContext, reporting: Reporting) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    show_preview([ask(reporting, "stage-funnel")], context, parent)
    (shown,) = parent.findChildren(PreviewDialog)
    assert shown.isVisible() and shown.isModal()
    shown.reject()
    qtbot.waitUntil(lambda: not parent.findChildren(PreviewDialog))


def test_a_window_may_go_while_its_preview_is_shown(
    qtbot: QtBot, context: AppContext, reporting: Reporting
) -> None:
    parent = QWidget()
    QTimer.singleShot(0, parent.deleteLater)  # as when the language is changed meanwhile
    with qtbot.captureExceptions() as raised:
        show_preview([ask(reporting, "stage-funnel")], context, parent)
        qtbot.waitUntil(lambda: not isValid(parent))
    assert raised == []
