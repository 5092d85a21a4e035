"""Which funnel to begin with: the templates, each with its stages."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from funneldesk.services.funnel_templates import TemplateInfo, templates
from funneldesk.text import _, language
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea


class TemplateDialog(Dialog):
    """`chosen` carries the key of the template."""

    help_page = "funnels"

    chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Choose a funnel"))
        self.resize(theme.px(720), theme.px(520))
        self._templates = templates(language())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        layout.setSpacing(SPACE_3)
        layout.addWidget(Heading(_("Which funnel do you want to begin with?"), 2))
        layout.addWidget(Quiet(_("Stages can be renamed, added and reordered later."), wrap=True))
        row = QHBoxLayout()
        row.setSpacing(SPACE_4)
        layout.addLayout(row, 1)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Choose a funnel"))
        self.list.setFixedWidth(theme.px(240))
        self.list.setSpacing(2)
        for info in self._templates:
            item = QListWidgetItem(info.name)
            item.setSizeHint(QSize(0, theme.px(28)))
            self.list.addItem(item)
        self.list.currentRowChanged.connect(self._show)
        self.list.itemDoubleClicked.connect(lambda _item: self._take())
        row.addWidget(self.list)
        self._about = ScrollArea()
        row.addWidget(self._about, 1)
        self.add_foot(layout, PrimaryButton(_("Use this funnel"), self._take))
        self.list.setCurrentRow(0)

    def _show(self, row: int) -> None:
        if 0 <= row < len(self._templates):
            self._about.set_inner(_described(self._templates[row]))

    def _take(self) -> None:
        row = self.list.currentRow()
        if row >= 0:
            self.chosen.emit(self._templates[row].key)
            self.accept()


def _described(info: TemplateInfo) -> QWidget:
    inner = QWidget()
    column = QVBoxLayout(inner)
    column.setContentsMargins(0, 0, SPACE_3, 0)
    column.setSpacing(SPACE_2)
    column.addWidget(PlainLabel(info.name, "title"))
    column.addWidget(Quiet(info.about, wrap=True))
    for number, stage in enumerate(info.stages, start=1):
        column.addSpacing(SPACE_2)
        column.addWidget(PlainLabel(f"{number}. {stage.name}", "strong"))
        goal = Quiet(stage.goal, wrap=True)
        column.addWidget(goal)
    column.addStretch(1)
    return inner
