"""What leaves the tab: clipboard, preview, printer, PDF, spreadsheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QMenu, QWidget

from funneldesk.domain.booklet import Printable
from funneldesk.domain.clock import local_date
from funneldesk.domain.results import Report
from funneldesk.report_words import report_title
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE
from funneldesk.ui.today import first_steps
from funneldesk.ui.widgets.buttons import IconButton, push_button

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

ForPaper = Callable[[Callable[[Printable], None]], None]


class OutputBar(QWidget):
    """The buttons at the right of the heading."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.report: Report | None = None
        self.copy_table: Callable[[], None] = lambda: None
        self.copy_picture: Callable[[], None] = lambda: None
        # each gives what is printed to a function: this report and what belongs to it, the booklet, a pack
        self.for_paper: ForPaper = self._alone
        self.for_booklet: ForPaper = self._alone
        self.for_pack: ForPaper = self._alone
        theme = context.theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self.copy = IconButton(theme, "copy", _("Copy"), self._copy_menu, size=18)
        self.print = push_button(_("Print…"), self._print_menu, theme=theme, icon="printer")
        self.pdf = push_button(_("PDF…"), self.ask_pdf, theme=theme, icon="file-down")
        self.xlsx = push_button(_("Excel…"), self.ask_xlsx, theme=theme, icon="file-spreadsheet")
        for button in (self.copy, self.print, self.pdf, self.xlsx):
            row.addWidget(button)
        self.copy.setIconSize(QSize(theme.px(18), theme.px(18)))
        self.set_report(None)

    def set_report(self, report: Report | None) -> None:
        """The report all buttons are about; None while there is none."""
        self.report = report
        for button in (self.copy, self.print, self.pdf, self.xlsx):
            button.setEnabled(report is not None)

    def _copy_menu(self) -> None:
        menu = QMenu(self)
        theme = self._context.theme
        menu.addAction(theme_icon(theme, "table"), _("Copy the table"), self.table_to_clipboard)
        menu.addAction(theme_icon(theme, "image"), _("Copy the picture"), self.picture_to_clipboard)
        menu.popup(self.copy.mapToGlobal(self.copy.rect().bottomLeft()))

    def _print_menu(self) -> None:
        self.print_menu().popup(self.print.mapToGlobal(self.print.rect().bottomLeft()))

    def print_menu(self) -> QMenu:
        """What can be printed from here."""
        menu = QMenu(self)
        theme = self._context.theme
        menu.addAction(theme_icon(theme, "printer"), _("This report…"), self.preview)
        menu.addAction(theme_icon(theme, "users"), _("Managers: a page for each…"), self.booklet)
        menu.addAction(theme_icon(theme, "table"), _("Several reports…"), self.pack)
        return menu

    def booklet(self) -> None:
        """Show the pages of the booklet of managers."""
        self.for_booklet(self._show_preview)

    def pack(self) -> None:
        """Ask for several reports and show their pages."""
        self.for_pack(self._show_preview)

    def table_to_clipboard(self) -> None:
        """Copy the table as tab-separated text and HTML."""
        self.copy_table()
        self._context.toast(_("Table copied"))

    def picture_to_clipboard(self) -> None:
        """Copy the chart as a picture."""
        self.copy_picture()
        self._context.toast(_("Picture copied"))

    def preview(self) -> None:
        """Show the pages before they are printed."""
        self.for_paper(self._show_preview)

    def _show_preview(self, what: Printable) -> None:
        from funneldesk.ui.reports.preview import show_preview

        show_preview(what, self._context, self.window())

    def _alone(self, then: Callable[[Printable], None]) -> None:
        if self.report is not None:
            then(self.report)

    def ask_pdf(self) -> None:
        """Ask for a file and write the PDF."""
        path = self._ask_path("pdf", _("PDF files (*.pdf)"))
        if path is not None:
            self.write_pdf(path)

    def write_pdf(self, path: Path) -> None:
        """Write the PDF to `path`."""
        from funneldesk.ui.reports.laying_out import laying_out
        from funneldesk.ui.reports.print import render_pdf

        def write(what: Printable) -> None:
            context = self._context

            def render() -> None:
                with laying_out(what, self.window()) as told:
                    render_pdf(
                        what, path, zone=context.zone, company=context.company, logo=context.logo, told=told
                    )

            self._try(render, path)

        self.for_paper(write)

    def ask_xlsx(self) -> None:
        """Ask for a file and write the spreadsheet."""
        path = self._ask_path("xlsx", _("Spreadsheets (*.xlsx)"))
        if path is not None:
            self.write_xlsx(path)

    def write_xlsx(self, path: Path) -> None:
        """Write the spreadsheet to `path` in the reader thread."""
        report, zone = self.report, self._context.zone
        if report is None:
            return

        def write(_db: object) -> Path:
            from funneldesk.report_words.files import write_xlsx

            write_xlsx(report, path, zone)
            return path

        self._context.tasks.read(write, self._written, receiver=self)

    def _written(self, path: Path) -> None:
        if path.suffix == ".pdf":
            first_steps.note(self._context.settings, "print")
        self._context.toast(_("Written: {name}").format(name=path.name))

    def _try(self, work: Callable[[], object], path: Path) -> None:
        from funneldesk.errors import UserError
        from funneldesk.text import error_text

        try:
            work()
        except UserError as error:
            self._context.toast(error_text(error), error=True)
            return
        self._written(path)

    def _ask_path(self, ending: str, filters: str) -> Path | None:
        if self.report is None:
            return None
        name = file_name(self.report, self._context.zone)
        folder = self._context.settings.more.get("reports_folder", "")
        start = str(Path(folder or Path.home()) / f"{name}.{ending}")
        chosen, _filter = QFileDialog.getSaveFileName(self, _("Save the report"), start, filters)
        if not chosen:
            return None
        path = Path(chosen)
        self._context.settings.more["reports_folder"] = str(path.parent)
        return path if path.suffix.lower() == f".{ending}" else path.with_name(f"{path.name}.{ending}")


def file_name(report: Report, zone: ZoneInfo) -> str:
    """A name for the report's file: what, of which funnel, of which day."""
    parts = [report_title(report.name), report.funnel or "", local_date(report.as_of, zone).isoformat()]
    name = " ".join(part for part in parts if part)
    return re.sub(r'[\\/:*?"<>|\x00-\x1f]+', " ", name).strip()[:120]


def to_clipboard(picture: QPixmap) -> None:
    """Put a picture on the clipboard."""
    QGuiApplication.clipboard().setPixmap(picture)
