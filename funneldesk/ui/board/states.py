"""What stands in the place of the columns: the columns, a wait, or what to do when there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain.board import Totals
from funneldesk.text import _, language
from funneldesk.ui.board.model import BoardModel
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.skeleton import Skeleton

if TYPE_CHECKING:
    from funneldesk.ui.board.page import BoardPage


class BoardStates(QStackedWidget):
    """The columns with a notice over them, the wait, or the invitation to make a funnel."""

    def __init__(self, page: BoardPage) -> None:
        super().__init__(page)
        self._page = page
        self._notice: QFrame | None = None
        self._no_funnel: EmptyState | None = None
        self._skeleton: Skeleton | None = None
        self._kind = ""
        self._place = QWidget()
        layout = QVBoxLayout(self._place)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(page.area)
        self.addWidget(self._place)

    def kind(self) -> str:
        """What is shown: board, wait, no_funnel, no_deals, no_match."""
        return self._kind

    def wait(self) -> None:
        """The board is being read."""
        if self._skeleton is None:
            self._skeleton = Skeleton(self._page.context.theme, rows=12)
            self.addWidget(self._skeleton)
        self._kind = "wait"
        self.setCurrentWidget(self._skeleton)
        self._skeleton.start()
        self._page.header.hide()

    def show_board(self, model: BoardModel, totals: Totals) -> None:
        """The board is here; say what to do when it is empty."""
        if self._skeleton is not None:
            self._skeleton.stop()
        if not model.board.funnel_id:
            self._show_no_funnel()
            return
        self._page.header.show()
        self.setCurrentWidget(self._place)
        if totals.count:
            self._drop_notice("board")
        elif model.filtered() and model.count():
            self._show_notice("no_match")
        elif model.board.complete:
            self._show_notice("no_deals")

    def _show_no_funnel(self) -> None:
        self._drop_notice("no_funnel")
        self._page.header.hide()
        if self._no_funnel is None:
            self._no_funnel = EmptyState(
                self._page.context.theme,
                "square-kanban",
                _("The board shows the stages your deals go through. Take a template and change it later."),
                _("Choose a funnel"),
                self.choose_template,
                title=_("There is no funnel yet"),
            )
            self.addWidget(self._no_funnel)
        self.setCurrentWidget(self._no_funnel)

    def _drop_notice(self, kind: str) -> None:
        if self._notice is not None and kind != self._kind:
            self._notice.hide()
            self._notice.deleteLater()
            self._notice = None
        self._kind = kind

    def _show_notice(self, kind: str) -> None:
        if kind == self._kind:
            return
        self._drop_notice(kind)
        context = self._page.context
        if kind == "no_match":
            inner = EmptyState(
                context.theme,
                "filter-x",
                _("No open deal fits what is chosen above."),
                _("Show all deals"),
                self._page.header.clear_filter,
                primary=False,
            )
        else:
            inner = EmptyState(
                context.theme,
                "briefcase",
                _("Add the first deal at the head of a column, or bring them in from a spreadsheet."),
                _("Add a deal"),
                self._page.quick_add,
                title=_("No open deals"),
            )
            more = push_button(_("Import a spreadsheet"), lambda: context.show_page("import"), role="link")
            layout = inner.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(layout.count() - 1, more)
            layout.setAlignment(more, Qt.AlignmentFlag.AlignHCenter)
        # a card of its own, so that the gaps between columns do not run through the words
        self._notice = QFrame(self._place)
        self._notice.setProperty("role", "card")
        box = QVBoxLayout(self._notice)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(inner)
        self._lay_notice()
        self._notice.show()

    def _lay_notice(self) -> None:
        if self._notice is not None:
            size = self._notice.sizeHint()
            width, height = max(size.width(), 420), max(size.height(), 220)
            room = self._place.rect()
            self._notice.setGeometry(
                (room.width() - width) // 2, max(70, (room.height() - height) // 2), width, height
            )

    def choose_template(self) -> None:
        """Ask which template a new funnel is made from."""
        from funneldesk.ui.template_dialog import TemplateDialog

        dialog = TemplateDialog(self._page.context.theme, self._page)
        dialog.chosen.connect(lambda key: self._page.make_funnel(key, language()))
        dialog.open()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_notice()
