"""The chosen funnel: its name, its stages from the first to Won, and hints on the whole of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QMenu, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.domain.linter import Finding
from funneldesk.services.stages import FunnelSheet
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.funnels.stage_list import StageList
from funneldesk.ui.funnels.words import finding_text
from funneldesk.ui.icons import pixmap, theme_icon
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class FunnelMiddle(QWidget):
    """Asks for what a person does to the funnel as a whole and to the row of its stages."""

    funnel_edited = Signal(str, object)
    stage_added = Signal(str)
    archive_wanted = Signal(bool)
    board_wanted = Signal()
    rehearsal_wanted = Signal()
    hint_dismissed = Signal(str)

    def __init__(self, theme: Theme, *, writable: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._writable = writable
        self._archived = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        column.addLayout(self._head())
        self.about = Quiet(wrap=True)
        self.about.setContentsMargins(SPACE_2, 0, 0, 0)
        column.addWidget(self.about)
        column.addSpacing(SPACE)
        self.stages = StageList(theme)
        self.stages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        column.addWidget(self.stages, 1)
        column.addLayout(self._add_row())
        column.addLayout(self._won_row())
        self._hints = QVBoxLayout()
        self._hints.setSpacing(SPACE_2)
        column.addLayout(self._hints)

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.name = InlineText(_("Name"), big=True)
        self.name.setAccessibleName(_("Name of the funnel"))
        self.name.committed.connect(lambda text: self.funnel_edited.emit("name", text))
        row.addWidget(self.name, 1)
        self.more = IconButton(self._theme, "ellipsis", _("More"), self._open_menu)
        row.addWidget(self.more)
        return row

    def _add_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.new_stage = QLineEdit()
        self.new_stage.setPlaceholderText(_("Add a stage: what is done when a deal comes here?"))
        self.new_stage.setAccessibleName(_("Add a stage"))
        self.new_stage.returnPressed.connect(self._add)
        self.add_button = IconButton(self._theme, "plus", _("Add a stage"), self._add)
        row.addWidget(self.new_stage, 1)
        row.addWidget(self.add_button)
        return row

    def _won_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        picture = QLabel()
        picture.setPixmap(pixmap("trophy", self._theme.won_text, self._theme.px(16)))
        label = PlainLabel(_("Won"), "strong")
        label.setProperty("token", "won")
        self.won_name = InlineText(_("What the end is called, “Deal completed” for instance"))
        self.won_name.setAccessibleName(_("Name of the won end"))
        self.won_name.committed.connect(lambda text: self.funnel_edited.emit("won_name", text or None))
        row.addSpacing(SPACE_2)
        row.addWidget(picture)
        row.addWidget(label)
        row.addWidget(self.won_name, 1)
        return row

    # -- showing ------------------------------------------------------------------------------

    def show_sheet(self, sheet: FunnelSheet, findings: Sequence[Finding], stage_id: int) -> None:
        """Show a funnel; `findings` are those of the whole, `stage_id` is chosen."""
        funnel = sheet.funnel
        self._archived = funnel.archived
        writable = self._writable and not funnel.archived
        self.name.set_value(funnel.name)
        self.name.setReadOnly(not writable)
        self.won_name.set_value(funnel.won_name or "")
        self.won_name.setReadOnly(not writable)
        self.about.setText(_about(sheet))
        by_stage: dict[int, list[str]] = {}
        for finding in findings:
            by_stage.setdefault(finding.stage_id, []).append(finding_text(finding))
        hints = {key: "\n".join(lines) for key, lines in by_stage.items()}
        self.stages.show_stages(sheet.stages, sheet.open_deals, hints, stage_id, writable=writable)
        self.new_stage.setEnabled(writable)
        self.add_button.setEnabled(writable)

    def show_hints(self, findings: Sequence[Finding]) -> None:
        """Hints on the whole funnel, each with a button that puts it away for good."""
        while (item := self._hints.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for finding in findings:
            self._hints.addWidget(self._hint(finding))

    def _hint(self, finding: Finding) -> QWidget:
        card = QFrame()
        card.setProperty("role", "step")
        row = QHBoxLayout(card)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE, SPACE_2)
        row.addWidget(Quiet(finding_text(finding), wrap=True), 1)
        code = finding.code
        row.addWidget(IconButton(self._theme, "x", _("Do not show this again"),
                                 lambda: self.hint_dismissed.emit(code)))  # fmt: skip
        return card

    # -- telling ------------------------------------------------------------------------------

    def _add(self) -> None:
        text = self.new_stage.text().strip()
        if text:
            self.stage_added.emit(text)

    def menu(self) -> QMenu:
        """What can be done with the funnel."""
        menu = QMenu(self)
        show = menu.addAction(theme_icon(self._theme, "square-kanban"), _("Show on the board"))
        show.triggered.connect(lambda _checked=False: self.board_wanted.emit())
        show.setEnabled(not self._archived)
        try_ = menu.addAction(theme_icon(self._theme, "arrow-right-left"), _("Rehearse other stages…"))
        try_.triggered.connect(lambda _checked=False: self.rehearsal_wanted.emit())
        menu.addSeparator()
        words = _("Take back into use") if self._archived else _("Archive this funnel")
        archive = menu.addAction(theme_icon(self._theme, "archive"), words)
        archive.triggered.connect(lambda _checked=False: self.archive_wanted.emit(not self._archived))
        archive.setEnabled(self._writable)
        return menu

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.more.mapToGlobal(QPoint(0, self.more.height())))


def _about(sheet: FunnelSheet) -> str:
    stages, deals = len(sheet.stages), sheet.open_count
    parts = [
        ngettext("{count} stage", "{count} stages", stages).format(count=format_number(stages)),
        ngettext("{count} open deal", "{count} open deals", deals).format(count=format_number(deals)),
    ]
    if sheet.funnel.archived:
        parts.append(_("archived: off the board, in the reports"))
    return " · ".join(parts)
