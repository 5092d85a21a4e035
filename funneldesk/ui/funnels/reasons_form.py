"""Why deals of a funnel are lost: each reason with its group, and what it asks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QCompleter, QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.team import LossReason
from funneldesk.text import _
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.theme import SPACE, SPACE_2, Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class ReasonsForm(QWidget):
    """`edited` carries a reason's id, a field and its value; `added` the name of a new one."""

    edited = Signal(int, str, object)
    added = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: list[LossReason] = []
        self._funnel_id = 0
        self.groups: dict[int, InlineText] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(
            Quiet(_("Reasons of one group count together in the reports of lost deals."), wrap=True)
        )
        self._place = QVBoxLayout()
        column.addLayout(self._place)
        row = QHBoxLayout()
        self.new = QLineEdit()
        self.new.setPlaceholderText(_("Add a reason for this funnel"))
        self.new.setAccessibleName(_("Add a reason for this funnel"))
        self.new.returnPressed.connect(self._add)
        row.addWidget(self.new, 1)
        row.addWidget(IconButton(theme, "plus", _("Add a reason for this funnel"), self._add))
        column.addLayout(row)

    def show_reasons(self, reasons: Sequence[LossReason], funnel_id: int) -> None:
        """Show the reasons that are offered in a funnel."""
        mine = [reason for reason in reasons if reason.funnel_id in (None, funnel_id)]
        if mine == self._shown and funnel_id == self._funnel_id:
            return
        self._shown, self._funnel_id = mine, funnel_id
        while (item := self._place.takeAt(0)) is not None:
            old = item.widget()
            if old is not None:
                old.hide()
                old.deleteLater()
        self._place.addWidget(self._table(mine))

    def _table(self, reasons: Sequence[LossReason]) -> QWidget:
        table = QWidget()
        grid = QGridLayout(table)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE)
        for place, words in enumerate((_("Reason"), _("Group"), _("Competitor"))):
            grid.addWidget(PlainLabel(words, "field"), 0, place)
        known = sorted({reason.outcome for reason in reasons if reason.outcome})
        self.groups = {}
        for row, reason in enumerate(reasons, 1):
            name = PlainLabel(reason.name)
            name.setWordWrap(True)
            group = InlineText(_("its own"))
            group.setProperty("role", "")
            group.setAccessibleName(_("Group of {reason}").format(reason=reason.name))
            group.set_value(reason.outcome or "")
            completer = QCompleter(known, group)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            group.setCompleter(completer)
            group.committed.connect(
                lambda text, chosen=reason.id: self.edited.emit(chosen, "outcome", text or None)
            )
            rival = QCheckBox()
            rival.setAccessibleName(_("{reason}: ask which competitor").format(reason=reason.name))
            rival.setToolTip(_("Ask which competitor"))
            rival.setChecked(reason.competitor)
            rival.clicked.connect(lambda on, chosen=reason.id: self.edited.emit(chosen, "competitor", on))
            self.groups[reason.id] = group
            grid.addWidget(name, row, 0)
            grid.addWidget(group, row, 1)
            grid.addWidget(rival, row, 2, Qt.AlignmentFlag.AlignHCenter)
        grid.setColumnStretch(0, 3)
        grid.setColumnStretch(1, 2)
        return table

    def _add(self) -> None:
        if self.new.text().strip():
            self.added.emit(self.new.text().strip())
            self.new.clear()
