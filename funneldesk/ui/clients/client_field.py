"""A field for a client: those that are there are found while typing, any other name is a new client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit

from funneldesk.text import _
from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database

LIMIT = 8


class ClientField(QLineEdit):
    """`chosen()` is the client there with the name in the field; `settled` when that may be another."""

    settled = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._known: dict[str, tuple[str, int]] = {}
        self.setPlaceholderText(_("Client"))
        self.setAccessibleName(_("Client"))
        self._names = QStringListModel(self)
        completer = QCompleter(self._names, self)
        completer.setCompletionMode(QCompleter.CompletionMode.UnfilteredPopupCompletion)
        completer.activated.connect(lambda _text: self.settled.emit())
        self.setCompleter(completer)
        self.textEdited.connect(self.look_up)

    def chosen(self) -> tuple[str, int] | None:
        """("company" or "person", id) of the client; None = a new one, or nothing is typed."""
        return self._known.get(self.text().strip())

    def show_client(self, name: str, client: tuple[str, int] | None) -> None:
        """Put a name into the field, of a client that is there or of a new one."""
        self._known = {} if client is None else {name.strip(): client}
        self.setText(name)
        self.settled.emit()

    def look_up(self, text: str) -> None:
        """Find who may be meant."""
        wanted = text.strip()
        if not wanted:
            self._offer([])
            return

        def read(db: Database) -> list[tuple[str, int, str]]:
            from funneldesk.store.queries.board import clients_like

            with db.read() as conn:
                return clients_like(conn, wanted, LIMIT)

        self._context.tasks.read(read, self._offer, receiver=self, key=f"client-field-{id(self)}")

    def _offer(self, found: list[tuple[str, int, str]]) -> None:
        self._known = {}
        for kind, client_id, name in found:
            self._known.setdefault(name.strip(), (kind, client_id))
        self._names.setStringList(list(self._known))
        if found and self.hasFocus():
            self.completer().complete()
        self.settled.emit()
