"""Which reports go into one print, and what the head says of them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QListWidgetItem,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from funneldesk.report_words import report_title
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.tick_list import TickList

KEY = "report_pack"
NAME = Qt.ItemDataRole.UserRole
ROW = 26


class PackDialog(Dialog):
    """A list of reports to tick and a comment; `names` and `comment` hold what was chosen."""

    help_page = "reports"

    def __init__(
        self, context: AppContext, known: Sequence[str], shown: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self.setWindowTitle(_("Report pack"))
        self.resize(context.theme.px(520), context.theme.px(620))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("Report pack"), 2))
        column.addWidget(
            Quiet(_("Several reports in one print, all of the funnel and period chosen above."), wrap=True)
        )
        self.list = TickList()
        self.list.setAccessibleName(_("Reports"))
        chosen = [name for name in self._remembered() if name in known] or [shown]
        for name in known:
            item = QListWidgetItem(report_title(name))
            item.setData(NAME, name)
            item.setSizeHint(QSize(0, context.theme.px(ROW)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in chosen else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self.list.itemChanged.connect(lambda _item: self._enable())
        column.addWidget(self.list, 1)
        label = PlainLabel(_("Comment on the first page"))
        self.text = QPlainTextEdit()
        self.text.setAccessibleName(_("Comment on the first page"))
        self.text.setTabChangesFocus(True)
        self.text.setFixedHeight(context.theme.px(96))
        column.addSpacing(SPACE_3 - SPACE_2)
        column.addWidget(label)
        column.addWidget(self.text)
        self.button = PrimaryButton(_("Show the pages"), self.accept, theme=context.theme, icon="printer")
        self.add_foot(column, self.button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self._enable()

    @property
    def names(self) -> list[str]:
        """The ticked reports in the order of the list."""
        items = [self.list.item(row) for row in range(self.list.count())]
        return [str(item.data(NAME)) for item in items if item.checkState() is Qt.CheckState.Checked]

    @property
    def comment(self) -> str:
        """What stands on the first page."""
        return self.text.toPlainText().strip()

    def _remembered(self) -> list[str]:
        kept = self._context.settings.more.get(KEY, [])
        return [str(name) for name in kept] if isinstance(kept, list) else []

    def _enable(self) -> None:
        self.button.setEnabled(bool(self.names))

    # Qt overrides

    def accept(self) -> None:
        if self.names:
            self._context.settings.more[KEY] = self.names
            super().accept()
