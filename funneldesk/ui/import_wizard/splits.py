"""Columns that seem to hold two things, offered to be parted and joined again; nothing is done unasked."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from funneldesk.field_words import field_title
from funneldesk.importing.parting import Parted
from funneldesk.importing.splitting import Split
from funneldesk.text import _
from funneldesk.ui.import_wizard.decisions import Section, clear_layout
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import ValuesView, shown_name
from funneldesk.ui.theme import SPACE, SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class Splits(Section):
    """For each such column an example, its parts, and two buttons."""

    def __init__(self, session: ImportSession) -> None:
        super().__init__(_("Two things in one column?"))
        self._session = session
        self._kept: set[int] = set()  # columns that a person wants whole
        self._shown: tuple[tuple[Parted, ...], tuple[Split, ...]] = ((), ())
        self.joins: dict[int, QPushButton] = {}  # by the column that was split
        self.lines = QVBoxLayout()
        self.lines.setSpacing(SPACE_2)
        self.column.addLayout(self.lines)
        self.hide()

    def show_values(self, view: ValuesView | None) -> None:
        """Offer what is still whole and not decided."""
        offered = tuple(s for s in (view.splits if view else ()) if s.column not in self._kept)
        flow = self._session.flow
        parted = flow.parted if flow is not None and view is not None else ()
        if (parted, offered) != self._shown:
            self._shown = (parted, offered)
            clear_layout(self.lines)
            for done in parted:
                self.lines.addWidget(self._parted_line(done))
            for split in offered:
                self.lines.addWidget(self._line(split))
        self.title.setText(_("Two things in one column?") if offered else _("Split columns"))
        self.setVisible(bool(offered or parted))

    def forget(self) -> None:
        """Another file: nothing is decided."""
        self._kept.clear()
        self.show_values(None)

    def _line(self, split: Split) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        flow = self._session.flow
        assert flow is not None and flow.table is not None
        name = shown_name(flow.request.kind, flow.table.name(split.column))
        example = " ".join(split.example[:80].split())
        column.addWidget(Quiet(_("{column}: “{example}”").format(column=name, example=example), wrap=True))
        kind = str(flow.request.kind)
        for field, part in zip(split.fields, split.parts, strict=False):
            if part:
                words = f"{field_title(kind, field)}: {' '.join(str(part)[:60].split())}"
                label = PlainLabel(words)
                label.setWordWrap(True)
                column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        part_it = push_button(_("Split the column"), partial(self._session.split, split))
        keep = push_button(_("Keep it whole"), partial(self._keep, split.column), role="link")
        for button in (part_it, keep):
            button.setAccessibleDescription(name)
            row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        return box

    def _parted_line(self, parted: Parted) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        flow = self._session.flow
        assert flow is not None and flow.table is not None
        name = shown_name(flow.request.kind, flow.table.name(parted.column))
        fields = ", ".join(field_title(str(flow.request.kind), field) for field in parted.fields)
        words = _("{column} is split: {fields}").format(column=name, fields=fields)
        row.addWidget(Quiet(words, wrap=True), 1)
        button = push_button(_("Join again"), partial(self._session.join, parted.column))
        button.setAccessibleDescription(name)
        self.joins[parted.column] = button
        row.addWidget(button)
        return box

    def _keep(self, column: int) -> None:
        self._kept.add(column)
        self.show_values(self._session.values)
