"""The funnels of the base, those in use first, and the buttons that make new ones."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from funneldesk.services.stages import FunnelSheet
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Heading, plain_tooltip


class FunnelPanel(QWidget):
    """`chosen` carries a funnel's id."""

    chosen = Signal(int)
    template_wanted = Signal()
    empty_wanted = Signal()

    def __init__(self, theme: Theme, *, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.setFixedWidth(min(theme.px(236), 284))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_3, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("Funnels")))
        column.addSpacing(SPACE_2)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Funnels"))
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(self.list, 1)
        self.template_button = push_button(
            _("From a template…"), self.template_wanted.emit, theme=theme, icon="plus"
        )
        self.empty_button = push_button(_("Empty funnel…"), self.empty_wanted.emit, theme=theme, icon="plus")
        for button in (self.template_button, self.empty_button):
            button.setEnabled(writable)
            column.addWidget(button)
        self._filling = False
        self._shown: list[tuple[int, str, bool, int]] = []
        self.list.currentItemChanged.connect(self._choose)

    def show_funnels(self, sheets: Sequence[FunnelSheet], current: int) -> None:
        """Show funnels, archived ones under a head of their own."""
        shown = [
            (sheet.funnel.id, sheet.funnel.name, sheet.funnel.archived, len(sheet.stages)) for sheet in sheets
        ]
        self._filling = True
        if shown != self._shown:
            # not otherwise: a choice is told from within the list's own mouse press
            self._shown = shown
            self._fill(sheets)
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == current:
                self.list.setCurrentRow(row)
        self._filling = False

    def _fill(self, sheets: Sequence[FunnelSheet]) -> None:
        self.list.clear()
        live = [sheet for sheet in sheets if not sheet.funnel.archived]
        archived = [sheet for sheet in sheets if sheet.funnel.archived]
        for sheet in live:
            self._add(sheet)
        if archived:
            head = QListWidgetItem(_("Archived"))
            head.setFlags(Qt.ItemFlag.NoItemFlags)
            head.setSizeHint(QSize(0, self._theme.px(34)))
            head.setTextAlignment(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
            self.list.addItem(head)
        for sheet in archived:
            self._add(sheet)

    def _add(self, sheet: FunnelSheet) -> None:
        count = len(sheet.stages)
        stages = ngettext("{count} stage", "{count} stages", count).format(count=format_number(count))
        item = QListWidgetItem(sheet.funnel.name)
        item.setData(Qt.ItemDataRole.UserRole, sheet.funnel.id)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{sheet.funnel.name}, {stages}")
        item.setToolTip(plain_tooltip(f"{sheet.funnel.name} · {stages}"))
        item.setSizeHint(QSize(0, self._theme.px(30)))
        if sheet.funnel.archived:
            item.setForeground(self._theme.color("quiet"))
        self.list.addItem(item)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None and not self._filling:
            funnel_id = item.data(Qt.ItemDataRole.UserRole)
            if funnel_id:
                self.chosen.emit(int(funnel_id))
