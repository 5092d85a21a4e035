"""The reports tab: choose a report at the left, what it is about above, read it, click into it."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.errors import UserError
from funneldesk.reports.catalog import CATALOG
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.loading import ALONE
from funneldesk.ui.page import Page
from funneldesk.ui.reports.answer import Answer, is_empty, number_title, told, why_number
from funneldesk.ui.reports.beside import FUNNEL, PLAN, read_more
from funneldesk.ui.reports.choice import Choice, choice_of, load_choice
from funneldesk.ui.reports.drill import DealsPanel
from funneldesk.ui.reports.head import ReportHead
from funneldesk.ui.reports.listing import OVERVIEW, ReportList
from funneldesk.ui.reports.nothing import UNENTERED, UNIMPORTED, no_deals, nothing_fits
from funneldesk.ui.reports.output import to_clipboard
from funneldesk.ui.reports.printing import Printing
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.skeleton import Skeleton

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.reports.view import ReportView

WAIT_MS = 400  # after a change, before counting anew
TOUCHING = {
    "deal",
    "move",
    "funnel",
    "stage",
    "manager",
    "source",
    "product",
    "loss_reason",
    "currency_rate",
    "plan",
    "source_cost",
    "mark",
    "standard",
    "invoice",
    "payment",
    "activity",
    "lead",
}


class ReportsPage(Page):
    """`service` stands in for `funneldesk.services.reporting` in tests."""

    help_page = "reports"

    def __init__(self, context: AppContext, service: Any = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.context = context
        self._service = service
        self.choice = load_choice(context.settings)
        self.answer: Answer | None = None
        self.view: ReportView | None = None
        self.dashboard: Any = None  # made when the drawing modules are there
        self._stale = False
        self._day = context.as_of  # the past day counted last
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(WAIT_MS)
        self._timer.timeout.connect(self.count)
        self._build()
        self._wait()
        self._register()
        context.tasks.background(self._load, self._ready)

    # -- what the window asks -----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Reports")

    def activated(self) -> None:
        """Count what was put off while another screen was in front, of the day the board is of."""
        if self.view is not None and self.context.as_of != self._day:
            self.choice.as_of = self.context.as_of
            self.controls.show_choice()
            self._stale = True
        if self._stale:
            self.count()

    def refresh(self, change: Change | None) -> None:
        """Count anew after a change of deals or moves, not for each of a quick series."""
        if change is not None and not any(change.touches(kind) for kind in TOUCHING):
            return
        self._stale = True
        self._timer.start()

    def show_params(self, **params: Any) -> None:
        """`report="lost"` opens that report."""
        name = params.get("report")
        if name in CATALOG or name == OVERVIEW:
            self.choose(str(name))

    def _register(self) -> None:
        actions = self.context.actions
        if actions is None:
            return

        def add(name: str, text: str, act: Callable[[], object], icon: str, *keys: str) -> None:
            actions.add(
                f"reports-{name}", text, act, icon=icon, shortcuts=keys, menu="report", owner=self,
                enabled=lambda: self.output.report is not None or (name == "print" and self.choice.overview),
            )  # fmt: skip

        add("print", _("Print the report…"), self._print, "printer", "Ctrl+P")
        add("booklet", _("Print a page for each manager…"), self.output.booklet, "users")
        add("pack", _("Print several reports…"), self.output.pack, "printer")
        add("pdf", _("Save the report as PDF…"), self.output.ask_pdf, "file-down")
        add("xlsx", _("Save the report as a spreadsheet…"), self.output.ask_xlsx, "file-spreadsheet")
        add("copy", _("Copy the report's table"), self.output.table_to_clipboard, "copy", "Ctrl+Shift+C")

    def _print(self) -> None:
        (self.dashboard if self.choice.overview and self.dashboard is not None else self.output).preview()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self.context.theme
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        unused = {"reaction", "leads-deals"} if self.context.leads_off else set()
        self.list = ReportList(theme, [name for name in CATALOG if name not in unused])
        self.list.setAccessibleName(_("Reports"))
        self.list.chosen.connect(self.choose)
        whole.addWidget(self.list)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        self.splitter = QSplitter(Qt.Orientation.Vertical)
        self.splitter.setChildrenCollapsible(False)
        column.addWidget(self.splitter, 1)
        self.sides = QStackedWidget()
        self.sides.addWidget(right)
        whole.addWidget(self.sides, 1)
        self.stack = QStackedWidget()
        self.skeleton = Skeleton(theme, 12)
        self.empty = QWidget()
        for widget in (self.skeleton, self.empty):
            self.stack.addWidget(widget)
        self.deals = DealsPanel(theme, self.context.zone)
        self.deals.hide()
        self.deals.closed.connect(self.close_deals)
        self.deals.opened.connect(lambda deal: self.context.open_card("deal", deal))
        self.splitter.addWidget(self.stack)
        self.splitter.addWidget(self.deals)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)

    def _head(self) -> QWidget:
        self.head = head = ReportHead(self.context, self.choice, self.show_variant)
        self.output, self.controls, self.entry = head.output, head.controls, head.entry
        self.variants = head.variants
        self.output.copy_table = self._copy_table
        self.output.copy_picture = self._copy_picture
        printing = Printing(self.context, lambda: self.answer, lambda: self.service, self)
        self.output.for_paper = printing.shown
        self.output.for_booklet = printing.booklet
        self.output.for_pack = printing.pack
        self.printing = printing
        self.controls.changed.connect(self.count)
        head.pinned.connect(lambda spec: self.dashboard.add(spec))
        return head

    def show_variant(self, spec: dict[str, Any]) -> None:
        """Go to a report as it was kept; without anything, to the chosen one without filters."""
        kept = choice_of(spec) if spec else Choice(report=self.choice.report)
        self.choice.take(replace(kept, overview=False))
        self.close_deals()
        self.controls.show_figures(None)
        self._name_report()
        self.controls.show_choice()
        self.count()

    def _wait(self) -> None:
        """Nothing to choose from is shown before it is known what there is."""
        self.head.hide()
        self.skeleton.start()

    def _load(self) -> None:
        """In a worker: the drawing modules take a third of a second to load."""
        with ALONE:
            importlib.import_module("funneldesk.ui.reports.view")

    def _ready(self, _nothing: object) -> None:
        from funneldesk.ui.reports.dashboard import Dashboard
        from funneldesk.ui.reports.view import ReportView

        self.dashboard = Dashboard(self.context, lambda: self.service)
        self.dashboard.opened.connect(self.show_variant)
        self.sides.addWidget(self.dashboard)
        self.view = ReportView(self.context.theme, self.context.zone)
        self.view.opened.connect(self.open_deals)
        self.stack.addWidget(self.view)
        self._name_report()
        self.context.tasks.read(
            lambda db: self.service.choices(db), self._take_choices, self._failed, receiver=self
        )

    @property
    def service(self) -> Any:
        """`services.reporting`, or what stands in for it."""
        if self._service is None:
            self._service = importlib.import_module("funneldesk.services.reporting")
        return self._service

    def _take_choices(self, choices: Any) -> None:
        self.controls.set_choices(choices)
        self.head.show()
        self.show_overview() if self.choice.overview else self.count()

    # -- counting -----------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Go to another report, or to the overview."""
        if name == OVERVIEW:
            self.show_overview()
            return
        if name == self.choice.report and self.answer is not None and not self.choice.overview:
            return
        self.choice.report, self.choice.overview = name, False
        self.close_deals()
        self.controls.show_figures(None)
        self._name_report()
        self.controls.show_choice()
        self.stack.setCurrentWidget(self.skeleton)
        self.skeleton.start()
        self.count()

    def show_overview(self) -> None:
        """Bring the chosen reports to the front."""
        self.close_deals()
        self.choice.overview = True
        self.output.set_report(None)
        self.answer = None
        self._name_report()
        self.count()

    def _name_report(self) -> None:
        if self.choice.overview:
            self.help_page = "reports"
            self.list.set_current(OVERVIEW)
            if self.dashboard is not None:
                self.sides.setCurrentWidget(self.dashboard)
            return
        self.sides.setCurrentIndex(0)
        name = self.choice.report
        self.help_page = f"report-{name}"
        self.list.set_current(name)
        self.head.show_report(name)

    def count(self) -> None:
        """Ask for the report as it is chosen now."""
        if self.view is None:
            return
        self._timer.stop()
        self._stale = False
        self.choice.save(self.context.settings)
        if self.choice.overview:
            self.dashboard.reload()
            return
        self._day = self.context.as_of = self.choice.as_of
        request = self.choice.request(clock.now(), self.context.zone)

        def ask(db: Database) -> Answer:
            asked = told(db, request, self.context.currency)
            report = self.service.run(db, asked)
            return Answer(report, asked.pinned(report.as_of))

        if self.answer is None:
            self.stack.setCurrentWidget(self.skeleton)
            self.skeleton.start()
        self.context.tasks.read(ask, self._show, self._failed, receiver=self, key="report")

    def _show(self, answer: Answer) -> None:
        assert self.view is not None
        self.skeleton.stop()
        self.answer = answer
        report = answer.report
        if is_empty(report):
            self.output.set_report(None)
            self._say_empty()
            return
        self.output.set_report(report)
        self.controls.show_figures(report)
        self.stack.setCurrentWidget(self.view)
        self.view.show_report(report)
        if report.name in (FUNNEL, PLAN):
            read_more(self, answer)

    def _failed(self, error: Exception) -> None:
        self.skeleton.stop()
        self.head.show()
        self.answer = None
        self.output.set_report(None)
        code = error.code if isinstance(error, UserError) else ""
        if code == "funnel.none":
            self._say_empty()
            return
        sentence = (
            error_text(error) if isinstance(error, UserError) else _("This report could not be counted.")
        )
        self._say("circle-alert", _("No report"), sentence, _("Try again"), self.count)

    def _say_empty(self) -> None:
        if self.choice.filtered() and self.choice.report != "standards":
            self._say(*nothing_fits(), self.controls.clear)
        elif self.choice.report in UNENTERED:
            self._say(*UNENTERED[self.choice.report](), self.entry.click)
        else:
            words = UNIMPORTED.get(self.choice.report, no_deals)()
            self._say(*words, lambda: self.context.show_page("import"))

    def _say(self, icon: str, title: str, sentence: str, button: str, act: Callable[[], object]) -> None:
        self.close_deals()
        self.stack.removeWidget(self.empty)
        self.empty.deleteLater()
        self.empty = EmptyState(self.context.theme, icon, sentence, button, act, title=title)
        self.stack.addWidget(self.empty)
        self.stack.setCurrentWidget(self.empty)

    # -- the deals behind ---------------------------------------------------------------------

    def open_deals(self, row: int | None, key: str) -> None:
        """List the deals counted in a number (row None = the totals)."""
        answer = self.answer
        if answer is None:
            return
        title, why = number_title(answer.report, row, key), why_number(answer.report)

        def ask(db: Database) -> Sequence[Any]:
            ids = self.service.deals_behind(db, answer.report, answer.request, row, key)
            found: Sequence[Any] = self.service.deal_rows(db, ids)
            return found

        self.context.tasks.read(ask, lambda rows: self._list(title, rows, why), receiver=self, key="behind")

    def _list(self, title: str, rows: Sequence[Any], why: str) -> None:
        self.deals.show_deals(title, rows, why)
        if not self.deals.isVisibleTo(self):
            self.deals.show()
            height = max(self.splitter.height(), 300)
            self.splitter.setSizes([height - height * 2 // 5, height * 2 // 5])
        self.deals.table.setFocus()

    def close_deals(self) -> None:
        """Put the list of deals away."""
        if not self.deals.isHidden():
            self.deals.hide()
            self.list.setFocus()

    # -- copying ------------------------------------------------------------------------------

    def _copy_table(self) -> None:
        if self.view is not None:
            self.view.table.clearSelection()
            self.view.table.copy()

    def _copy_picture(self) -> None:
        if self.view is not None:
            to_clipboard(self.view.chart.picture())

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and not self.deals.isHidden():
            self.close_deals()
            return
        super().keyPressEvent(event)
