"""What the rules did: when, which rule and why, for whom, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.clients.common import moment_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.funnels.rule_words import outcome_text, rule_text
from funneldesk.ui.theme import SPACE_2, SPACE_4
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.labels import Heading, plain_tooltip
from funneldesk.ui.widgets.short_table import dress_table

if TYPE_CHECKING:
    from funneldesk.services.rules import LogLine, RuleSheet
    from funneldesk.store.database import Database

_WHEN, _RECORD, _RULE, _OUTCOME = range(4)


class RuleLog(Dialog):
    """The newest first; Enter or a double click opens the deal."""

    help_page = "automation"

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context = context
        theme = context.theme
        self.setWindowTitle(_("What the rules did"))
        self.resize(theme.px(860), theme.px(480))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("What the rules did"), 2))
        self.empty = EmptyState(
            theme, "history", _("Rules are made under Automation of a funnel. What they do stands here."),
            title=_("No rule has done anything yet"),
        )  # fmt: skip
        column.addWidget(self.empty, 1)
        self.table = QTableWidget(0, 4)
        self.table.setAccessibleName(_("What the rules did"))
        self.table.setHorizontalHeaderLabels([_("When"), _("Deal or lead"), _("Rule"), _("What came of it")])
        dress_table(self.table, theme)
        self.table.setWordWrap(True)
        head = self.table.horizontalHeader()
        for place in (_WHEN, _RECORD, _OUTCOME):
            head.setSectionResizeMode(place, QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(_RULE, QHeaderView.ResizeMode.Stretch)
        for place, width in ((_WHEN, 90), (_RECORD, 170), (_OUTCOME, 200)):
            self.table.setColumnWidth(place, theme.px(width))
        self.table.itemActivated.connect(lambda item: self._open(item.row()))
        column.addWidget(self.table, 1)
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(push_button(_("Close"), self.accept))
        column.addLayout(foot)
        self._lines: Sequence[LogLine] = ()
        context.tasks.read(_read, self._take, receiver=self)

    def _take(self, found: tuple[Sequence[LogLine], RuleSheet]) -> None:
        self._lines, sheet = found
        self.empty.setVisible(not self._lines)
        self.table.setVisible(bool(self._lines))
        self.table.setRowCount(len(self._lines))
        for row, line in enumerate(self._lines):
            rule = rule_text(line.rule, sheet, self._context.currency) if line.rule is not None else ""
            texts = {
                _WHEN: moment_words(line.at, self._context.zone),
                _RECORD: line.title or _("removed since"),
                _RULE: rule or _("a rule that was removed since"),
                _OUTCOME: outcome_text(line),
            }
            for place, text in texts.items():
                item = QTableWidgetItem(text)
                item.setToolTip(plain_tooltip(text))
                if place == _OUTCOME and line.outcome != "done":
                    item.setForeground(self._context.theme.color("danger"))
                self.table.setItem(row, place, item)
        self.table.resizeRowsToContents()

    def _open(self, row: int) -> None:
        line = self._lines[row]
        if line.title and line.record_kind == "deal":
            self._context.open_card("deal", line.record_id)
            self.accept()


def _read(db: Database) -> tuple[Sequence[LogLine], RuleSheet]:
    from funneldesk.services import rules

    return rules.log(db), rules.sheet(db)
