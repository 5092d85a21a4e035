"""What the reports tab prints: the report shown, the booklet of managers, or a pack of reports."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QWidget

from funneldesk.domain.booklet import Printable
from funneldesk.errors import Cancelled, UserError
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.domain.results import ReportRequest
    from funneldesk.store.database import Database
    from funneldesk.ui.reports.answer import Answer

Then = Callable[[Printable], None]


class Printing(QObject):
    """Counts what is printed away from the window; `answer` gives the report shown, `service` counts one."""

    def __init__(
        self, context: AppContext, answer: Callable[[], Answer | None], service: Any, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._context, self._answer, self._parent = context, answer, parent
        self._service = service

    def shown(self, then: Then) -> None:
        """The report shown; of managers compared also the matrix by stage."""
        answer = self._answer()
        if answer is None:
            return
        if answer.report.name != "managers":
            then([answer.report])
            return
        # by default of population and rule: what each has now, beside what each has won
        matrix = replace(
            answer.request, name="manager-matrix", population=None, rule=None, by=(), compare=None
        )

        def count(db: Database) -> Printable:
            from funneldesk.reports.manager_matrix import for_page

            return [answer.report, for_page(self._service().run(db, matrix))]

        self._context.tasks.read(count, then, receiver=self, key="paper")

    def booklet(self, then: Then) -> None:
        """The booklet of managers for the chosen funnel, period and conditions."""
        request = self._request("managers")
        if request is None:
            return

        def count(db: Database, progress: Callable[..., None], cancelled: Callable[[], bool]) -> Printable:
            from funneldesk.services import booklet

            return booklet.make(db, request, progress, cancelled)

        self._context.tasks.run(
            count, then, self._failed, title=_("Counting a page for each manager"), receiver=self
        )

    def pack(self, then: Then) -> None:
        """Ask which reports, and count them."""
        from funneldesk.reports.catalog import CATALOG
        from funneldesk.ui.reports.pack_dialog import PackDialog

        answer = self._answer()
        if answer is None:
            return
        dialog = PackDialog(self._context, list(CATALOG), answer.report.name, self._parent)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(lambda: self.count_pack(dialog.names, dialog.comment, then))
        dialog.open()

    def count_pack(self, names: list[str], comment: str, then: Then) -> None:
        """Count these reports on what is chosen now."""
        answer = self._answer()
        if answer is None:
            return
        request = answer.request

        def count(db: Database, progress: Callable[..., None], cancelled: Callable[[], bool]) -> Printable:
            from funneldesk.services import booklet

            return booklet.pack(db, request, names, comment, progress, cancelled)

        self._context.tasks.run(count, then, self._failed, title=_("Counting the reports"), receiver=self)

    def _request(self, name: str) -> ReportRequest | None:
        answer = self._answer()
        if answer is None:
            return None
        own = answer.report.name == name
        population = answer.request.population if own else None
        return replace(answer.request, name=name, population=population, rule=None, by=())

    def _failed(self, error: Exception) -> None:
        if isinstance(error, Cancelled):
            return
        if not isinstance(error, UserError):
            raise error
        self._context.toast(error_text(error), error=True)
