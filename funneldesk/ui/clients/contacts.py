"""Phones, e-mails and sites of a client on its card: edited in place, copied, opened."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.client import ContactPoint
from funneldesk.text import _
from funneldesk.ui.clients.common import copy_text, link_of, open_link
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.clients.sections import icon_label
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import IconButton

ICONS = {"phone": "phone", "email": "mail", "website": "globe"}
KINDS = ("phone", "email", "website")


def contact_hint(kind: str) -> str:
    """What an empty line of that kind asks for."""
    return {"phone": _("Add a phone"), "email": _("Add an e-mail"), "website": _("Add a site")}[kind]


def open_hint(kind: str) -> str:
    """What opening a contact does."""
    return {"phone": _("Call"), "email": _("Write a letter"), "website": _("Open the site")}[kind]


class Contacts(QWidget):
    """A line for each contact and an empty one of each kind that has none; `put` carries the whole list."""

    put = Signal(object)  # list of (kind, value)

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._shown: list[tuple[str, str]] = []
        self._lines: list[ContactLine] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def show_points(self, points: Sequence[ContactPoint]) -> None:
        """Show these contacts."""
        wanted = [(p.kind, p.value) for p in points if p.kind in KINDS]
        wanted.sort(key=lambda pair: KINDS.index(pair[0]))
        lines = [*wanted, *((kind, "") for kind in KINDS if kind not in {k for k, _v in wanted})]
        lines.sort(key=lambda pair: KINDS.index(pair[0]))
        self._shown = wanted
        if [line.kind for line in self._lines] == [kind for kind, _value in lines]:
            for line, (_kind, value) in zip(self._lines, lines, strict=True):
                line.show_value(value)
            return
        for old in self._lines:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._lines = []
        for kind, value in lines:
            line = ContactLine(self._context, kind)
            line.show_value(value)
            line.changed.connect(self._tell)
            self._column.addWidget(line)
            self._lines.append(line)

    def lines(self) -> list[ContactLine]:
        """The lines, for tests."""
        return self._lines

    def add_line(self, kind: str) -> None:
        """One more empty line of a kind, with the cursor in it."""
        place = max((i for i, line in enumerate(self._lines) if line.kind == kind), default=-1) + 1
        line = ContactLine(self._context, kind)
        line.show_value("")
        line.changed.connect(self._tell)
        self._lines.insert(place, line)
        self._column.insertWidget(place, line)
        line.field.setFocus()

    def _tell(self) -> None:
        wanted = [(line.kind, line.field.value().strip()) for line in self._lines]
        wanted = [pair for pair in wanted if pair[1]]
        if wanted != self._shown:
            self._shown = wanted
            self.put.emit(wanted)


class ContactLine(QWidget):
    """One contact."""

    changed = Signal()

    def __init__(self, context: AppContext, kind: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        theme = context.theme
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addSpacing(SPACE_2)
        row.addWidget(icon_label(theme, ICONS[kind], size=14))
        self.field = InlineText(contact_hint(kind))
        self.field.setAccessibleName(contact_hint(kind))
        self.field.setReadOnly(context.read_only)
        self.field.committed.connect(lambda _text: self._commit())
        row.addWidget(self.field, 1)
        self.copy = IconButton(
            theme, "copy", _("Copy"), lambda: copy_text(context, self.field.value()), size=14
        )
        self.open = IconButton(theme, "external-link", open_hint(kind), self.open_contact, size=14)
        row.addWidget(self.copy)
        row.addWidget(self.open)

    def show_value(self, value: str) -> None:
        """Show a value."""
        self.field.set_value(value)
        self._show_buttons()

    def open_contact(self) -> None:
        """Dial, write or open it, where that is safe."""
        address = link_of(self.kind, self.field.value())
        if address:
            open_link(address)

    def _commit(self) -> None:
        self._show_buttons()
        self.changed.emit()

    def _show_buttons(self) -> None:
        value = self.field.value().strip()
        self.copy.setVisible(bool(value))
        self.open.setVisible(bool(link_of(self.kind, value)))
