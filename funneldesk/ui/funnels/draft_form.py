"""A draft of a funnel: names of its stages, and what becomes of each of the present ones."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.draft import DraftStage
from funneldesk.services.stages import FunnelSheet
from funneldesk.text import _
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel


class DraftForm(QWidget):
    """`changed` is told when the draft is another one."""

    changed = Signal()

    def __init__(self, theme: Theme, sheet: FunnelSheet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme, self._sheet = theme, sheet
        self.names: list[QLineEdit] = []
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_3, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(PlainLabel(_("New stages"), "field"))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(SPACE)
        column.addLayout(self._rows)
        add = QHBoxLayout()
        self.new = QLineEdit()
        self.new.setPlaceholderText(_("Add a stage: what is done when a deal comes here?"))
        self.new.setAccessibleName(_("Add a stage"))
        self.new.returnPressed.connect(self._add_typed)
        add.addWidget(self.new, 1)
        add.addWidget(IconButton(theme, "plus", _("Add a stage"), self._add_typed))
        column.addLayout(add)
        column.addSpacing(SPACE_2)
        column.addWidget(PlainLabel(_("What becomes of the present stages"), "field"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(SPACE)
        self.fates: dict[int, ChoiceField] = {}
        for row, stage in enumerate(sheet.stages):
            choice = ChoiceField(optional=False)
            choice.setAccessibleName(_("{stage} becomes").format(stage=stage.name))
            choice.changed.connect(self.changed)
            self.fates[stage.id] = choice
            grid.addWidget(ElidedLabel(stage.name), row, 0)
            grid.addWidget(choice, row, 1)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column.addLayout(grid)
        column.addStretch(1)

    def set_draft(self, draft: Sequence[DraftStage]) -> None:
        """Show a draft."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.names = []
        for stage in draft:
            self._add_row(stage.name)
        self._show_fates({i: place for place, stage in enumerate(draft) for i in stage.takes})

    def draft(self) -> tuple[DraftStage, ...]:
        """The draft as it stands."""
        return tuple(
            DraftStage(
                field.text().strip(), tuple(i for i, fate in self.fates.items() if fate.value() == place)
            )
            for place, field in enumerate(self.names)
        )

    def add_stage(self, name: str) -> None:
        """One more stage at the end."""
        if name not in [field.text().strip() for field in self.names]:
            self._put([*self.draft(), DraftStage(name)])

    def remove_row(self, place: int) -> None:
        """A stage less; what it took in goes to the one before it, or to the next."""
        draft = list(self.draft())
        if len(draft) < 2:
            return
        gone = draft.pop(place)
        heir = max(place - 1, 0)
        draft[heir] = DraftStage(draft[heir].name, (*draft[heir].takes, *gone.takes))
        self._put(draft)

    def move_row(self, place: int, by: int) -> None:
        """A stage one place higher (-1) or lower (1)."""
        draft = list(self.draft())
        if 0 <= place + by < len(draft):
            draft[place], draft[place + by] = draft[place + by], draft[place]
            self._put(draft)

    def _put(self, draft: Sequence[DraftStage]) -> None:
        self.set_draft(draft)
        self.changed.emit()

    def _add_typed(self) -> None:
        if self.new.text().strip():
            self.add_stage(self.new.text().strip())
            self.new.clear()

    def _add_row(self, name: str) -> None:
        place = len(self.names)
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(SPACE)
        field = QLineEdit(name)
        field.setAccessibleName(_("Stage {number}").format(number=place + 1))
        field.editingFinished.connect(self._renamed)
        line.addWidget(field, 1)
        for icon, words, do in (
            ("arrow-up", _("Higher"), partial(self.move_row, place, -1)),
            ("arrow-down", _("Lower"), partial(self.move_row, place, 1)),
            ("x", _("Leave it out"), partial(self.remove_row, place)),
        ):
            line.addWidget(IconButton(self._theme, icon, words, do))
        self.names.append(field)
        self._rows.addWidget(row)

    def _renamed(self) -> None:
        fates = {i: int(str(fate.value())) for i, fate in self.fates.items() if fate.value() is not None}
        self._show_fates(fates)
        self.changed.emit()

    def _show_fates(self, fates: dict[int, int]) -> None:
        options: list[tuple[object, str]] = [(n, f.text()) for n, f in enumerate(self.names)]
        for stage in self._sheet.stages:
            choice = self.fates[stage.id]
            choice.blockSignals(True)
            empty = not self._sheet.open_deals.get(stage.id, 0)
            choice.set_options([*options, *([(None, _("removed"))] if empty else [])])
            choice.set_value(fates.get(stage.id))
            choice.blockSignals(False)
