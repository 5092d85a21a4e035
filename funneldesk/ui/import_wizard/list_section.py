"""A list that came before: what is new, changed, the same and gone beside its last file."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from PySide6.QtCore import QModelIndex, QSignalBlocker
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.import_log import MadeRecord
from funneldesk.field_words import field_title
from funneldesk.importing.plan import TAG
from funneldesk.services.living import MARKS, Comparison
from funneldesk.text import N_, _, format_date, format_number
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard.log_models import MadeModel, plain_table
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.labels import Quiet

_CARDS = ("company", "person", "deal")
_KINDS = {"company": N_("Company"), "person": N_("Person")}
_TAGGED = ("company", "person", "lead", "deal")
_CHOICES = (("", N_("Leave them as they are")), ("tag", N_("Put a tag on them")), ("set", N_("Set a field")))


class ListSection(QFrame):
    """One line with the counts, and what to do with the records that are in the list no longer."""

    def __init__(self, context: AppContext, session: ImportSession) -> None:
        super().__init__()
        self._session, self._zone = session, context.zone
        self._gone: Comparison | None = None
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        self.words = Quiet("", wrap=True)
        column.addWidget(self.words)
        self.asked = QWidget()
        row = QHBoxLayout(self.asked)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(Quiet(_("Those no longer in the list:")))
        self.choice = QComboBox()
        self.choice.setAccessibleName(_("What to do with those no longer in the list"))
        self.choice.activated.connect(lambda _i: self._chosen())
        self.field = QComboBox()
        self.field.setAccessibleName(_("Field"))
        self.field.activated.connect(lambda _i: self._tell())
        self.value = QLineEdit()
        self.value.setFixedWidth(context.theme.px(260))
        self.value.editingFinished.connect(self._tell)
        for widget in (self.choice, self.field, self.value):
            row.addWidget(widget)
        row.addStretch(1)
        column.addWidget(self.asked)
        self.hide()

    def show_list(self, found: Comparison | None) -> None:
        """Show what a plan says beside the last file; None = the list is a new one."""
        self._gone = found
        self.setVisible(found is not None)
        if found is None:
            return
        self.words.setText(compared_words(found, self._zone))
        kinds = {line.kind for line in found.vanished}
        self.asked.setVisible(bool(kinds))
        if not kinds:
            return
        flow = self._session.flow
        now = flow.request.vanished if flow is not None else None
        with QSignalBlocker(self.choice), QSignalBlocker(self.field):
            self.choice.clear()
            for key, words in _CHOICES:
                if key != "tag" or kinds <= set(_TAGGED):
                    self.choice.addItem(_(words), key)
            way = "" if now is None else "tag" if now[0].startswith(TAG) else "set"
            self.choice.setCurrentIndex(max(self.choice.findData(way), 0))
            self.field.clear()
            for key in [key for key in MARKS[min(kinds)] if all(key in MARKS[kind] for kind in kinds)]:
                self.field.addItem(field_title(_FIELDS_OF[min(kinds)], key), key)
            if now is not None:
                self.field.setCurrentIndex(max(self.field.findData(now[0]), 0))
                self.value.setText(now[1])
        self._show_way()

    def _show_way(self) -> None:
        way = self.choice.currentData()
        self.field.setVisible(way == "set")
        self.value.setVisible(bool(way))
        self.value.setAccessibleName(_("Tag") if way == "tag" else _("Value"))

    def _chosen(self) -> None:
        way = self.choice.currentData()
        if way and not self.value.text().strip():
            self.value.setText(_("no longer in the list"))
        self._show_way()
        self._tell()
        if way:
            self.value.setFocus()
            self.value.selectAll()

    def _tell(self) -> None:
        way, value = self.choice.currentData(), self.value.text().strip()
        field = TAG + _("Tags") if way == "tag" else str(self.field.currentData() or "")
        self._session.choose_vanished((field, value) if way and field and value else None)


_FIELDS_OF = {
    "company": "clients", "person": "clients", "lead": "leads", "deal": "deals", "invoice": "invoices",
    "payment": "payments",
}  # fmt: skip


class GoneTable(QWidget):
    """The records that are in the list no longer; Enter opens the card of one."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.model = MadeModel(context.theme)
        self.table = plain_table(context.theme, self.model, _("No longer in the list"))
        self.table.setColumnWidth(0, context.theme.px(420))
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.activated.connect(self._open)
        self.table.doubleClicked.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(Quiet(_("They stood in the last file and no row of this one means them.")))
        column.addWidget(self.table, 1)

    def show_list(self, found: Comparison | None) -> None:
        """Show who is gone."""
        gone = found.vanished if found is not None else ()
        self.model.show(
            [
                MadeRecord(v.kind, v.id, v.name, _(_KINDS.get(v.kind, "")), _card(v.kind, v.id))
                for v in gone
            ]
        )  # fmt: skip

    def _open(self, index: QModelIndex) -> None:
        card = self.model.records[index.row()].card
        if card is not None:
            self._context.open_card(*card)


def _card(kind: str, number: int) -> tuple[str, int] | None:
    return (kind, number) if kind in _CARDS else None


def compared_words(found: Comparison, zone: ZoneInfo) -> str:
    """The counts beside the last file in one line."""
    head = _("This list came before: {file}, {day}").format(
        file=found.previous.file, day=format_date(found.previous.at, zone)
    )
    counts: Sequence[tuple[str, int]] = (
        (_("New rows"), found.new), (_("Changed rows"), found.changed), (_("Unchanged rows"), found.same),
        (_("No longer in the list"), len(found.vanished)),
    )  # fmt: skip
    return "  ·  ".join((head, *(f"{words}: {format_number(count)}" for words, count in counts)))
