"""The pages as they will be printed."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrintDialog, QPrinter, QPrintPreviewWidget
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.booklet import Printable
from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.reports.laying_out import laying_out
from funneldesk.ui.reports.print import (
    default_paper,
    device_dpi,
    lie_differently,
    needs_landscape,
    page_layout,
    paint_report,
    print_title,
    render_pdf,
)
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.today import first_steps
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading


class PreviewDialog(Dialog):
    """Pages at the size of the window; paper and orientation to choose; print or PDF."""

    help_page = "reports"

    def __init__(self, what: Printable, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._what, self._context = what, context
        title = print_title(what)
        theme = context.theme
        self.setWindowTitle(_("Print: {name}").format(name=title))
        self.resize(theme.px(900), theme.px(680))
        self.printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
        self.printer.setResolution(device_dpi())
        paper = default_paper()
        ways: list[tuple[object, str]] = [(False, _("Upright")), (True, _("Across"))]
        way: object = needs_landscape(self._what, paper, context.zone)
        if lie_differently(self._what, paper, context.zone):
            ways.insert(0, (None, _("Each report as it needs")))
            way = None
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
        bar = QHBoxLayout()
        bar.setSpacing(SPACE_2)
        bar.addWidget(Heading(title, 2))
        bar.addStretch(1)
        self.paper = ChoiceField([("A4", "A4"), ("Letter", "Letter")], paper, optional=False)
        self.way = ChoiceField(ways, way, optional=False)
        for field, name in ((self.paper, _("Paper")), (self.way, _("Orientation"))):
            field.setAccessibleName(name)
            field.activated.connect(lambda _index: self._turn())
            bar.addWidget(field)
        self.pages = QPrintPreviewWidget(self.printer)
        bar.addWidget(IconButton(theme, "zoom-out", _("Smaller"), lambda: self.pages.zoomOut(1.2)))
        bar.addWidget(IconButton(theme, "zoom-in", _("Larger"), lambda: self.pages.zoomIn(1.2)))
        bar.addWidget(push_button(_("PDF…"), self._pdf, theme=theme, icon="file-down"))
        bar.addWidget(PrimaryButton(_("Print…"), self._print, theme=theme, icon="printer"))
        column.addLayout(bar)
        self.pages.paintRequested.connect(self._paint)
        column.addWidget(self.pages, 1)
        self._turn()

    def _layout(self) -> QPageLayout:
        return page_layout(str(self.paper.value()), landscape=bool(self.way.value()))

    def _turn(self) -> None:
        self.printer.setPageLayout(self._layout())
        self.pages.updatePreview()
        self.pages.fitInView()

    def _paint(self, printer: QPrinter) -> None:
        context = self._context
        # the dialog itself is not there yet when its first pages are laid out
        over = self if self.isVisible() else self.parentWidget()
        with laying_out(self._what, over) as told:
            paint_report(
                printer, self._what, zone=context.zone, company=context.company, logo=context.logo,
                each=self.way.value() is None, told=told,
            )  # fmt: skip

    def _print(self) -> None:
        if QPrintDialog(self.printer, self).exec() == QDialog.DialogCode.Accepted:
            self.printer.setResolution(device_dpi())
            self._paint(self.printer)
            first_steps.note(self._context.settings, "print")
            self.accept()

    def _pdf(self) -> None:
        name = print_title(self._what)
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save the report"), f"{name}.pdf", _("PDF files (*.pdf)")
        )
        if chosen:
            paper, way = str(self.paper.value()), self.way.value()
            wide = None if way is None else bool(way)
            path = Path(chosen)
            context = self._context
            try:
                with laying_out(self._what, self) as told:
                    render_pdf(
                        self._what, path, zone=context.zone, company=context.company, logo=context.logo,
                        paper=paper, landscape=wide, told=told,
                    )  # fmt: skip
            except UserError as error:
                self._context.toast(error_text(error), error=True)
                return
            self._context.toast(_("Written: {name}").format(name=path.name))
            first_steps.note(self._context.settings, "print")
            self.accept()


def show_preview(what: Printable, context: AppContext, parent: QWidget) -> None:
    """Show the pages before printing."""
    dialog = PreviewDialog(what, context, parent)
    # its parent would keep it, pages and all, until the window goes; and the window may go first
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
