"""A new step drawn in the calendar: what, with whom, when, for whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QCompleter, QHBoxLayout, QLineEdit, QWidget

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.clients.due import DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE, SPACE_2
from funneldesk.ui.today.calendar_model import Slot
from funneldesk.ui.today.result import NEXT_KINDS, KindRow
from funneldesk.ui.today.who import WhoButton
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button

if TYPE_CHECKING:
    from funneldesk.store.database import Database

LIMIT = 8


class PlanDialog(Dialog):
    """Enter plans it."""

    help_page = "today"

    def __init__(self, context: AppContext, slot: Slot, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._context, self._slot = context, slot
        self._known: dict[str, tuple[str, int]] = {}
        column = self.headed(_("What is to be done?"), 440, SPACE_2, fixed=True)
        self.setWindowTitle(_("Plan"))
        self.kinds = KindRow(context, NEXT_KINDS, "meeting" if slot.start is not None else "task")
        column.addWidget(self.kinds)
        self.text = _field(_("What is it about?"))
        self.client = _field(_("Client (may be left out)"))
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        self.client.setCompleter(completer)
        self.client.textEdited.connect(self._look_up)
        column.addWidget(self.text)
        column.addWidget(self.client)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.due = DueButton(context)
        self.due.set_due(slot.due())
        self.who = WhoButton(context, _("For me"))
        row.addWidget(self.due)
        row.addWidget(self.who)
        row.addStretch(1)
        row.addWidget(push_button(_("Cancel"), self.reject))
        self.save_button = PrimaryButton(_("Plan"), self.accept)
        self.save_button.setDefault(True)
        row.addWidget(self.save_button)
        column.addSpacing(SPACE)
        column.addLayout(row)
        self.text.setFocus()

    def _look_up(self, text: str) -> None:
        wanted = text.strip()

        def read(db: Database) -> list[tuple[str, int, str]]:
            from funneldesk.store.queries.board import clients_like

            with db.read() as conn:
                return clients_like(conn, wanted, LIMIT) if wanted else []

        self._context.tasks.read(read, self._offer, receiver=self, key=f"plan-{id(self)}")

    def _offer(self, found: list[tuple[str, int, str]]) -> None:
        self._known = {name: (kind, client_id) for kind, client_id, name in found}
        self._names.setStringList(list(self._known))
        if found and self.client.hasFocus():
            self.client.completer().complete()

    # Qt overrides

    def accept(self) -> None:
        """Plan it."""
        text, name = self.text.text().strip(), self.client.text().strip()
        client = self._known.get(name)
        if not text and client is None:
            self.text.setFocus()
            return
        if name and client is None:
            text = f"{text}, {name}" if text else name
        kind, who = ActivityKind(self.kinds.kind()), self.who.who()
        when = self.due.due().planned(self._context)
        minutes = self._slot.minutes if self._slot.start is not None else None

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            about = activities.About()
            if client is not None:
                about = activities.About(**{f"{client[0]}_id": client[1]})
            return activities.plan(
                db, kind, about, text=text, minutes=minutes, manager_id=who, actor=actor, **when
            )

        save(self._context, write, self._context.hub)
        super().accept()


def _field(hint: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(hint)
    field.setAccessibleName(hint)
    return field
