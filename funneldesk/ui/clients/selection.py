"""What can be done with the clients selected in the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from funneldesk.domain.change import Change
from funneldesk.domain.client_list import ref_of
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.icons import theme_icon

if TYPE_CHECKING:
    from funneldesk.services.clients import ClientRef
    from funneldesk.store.database import Database
    from funneldesk.ui.clients.page import ClientsPage
    from funneldesk.ui.context import AppContext


class SelectionActions:
    """Opened, renamed, given to a manager, copied, deleted; the page owns it."""

    def __init__(self, context: AppContext, page: ClientsPage) -> None:
        self._context = context
        self._page = page

    def refs(self) -> list[ClientRef]:
        """The clients selected."""
        return [ref_of(code) for code in self._page.table.selected_ids()]

    def delete(self) -> None:
        """Remove them; the toast takes it back."""
        refs = self.refs()
        if not refs or self._context.read_only:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import clients

            return clients.delete(db, refs, actor=actor)

        save(self._context, write, self._page)

    def rename(self) -> None:
        """F2: the card with the cursor in the name."""
        refs = self.refs()
        if len(refs) != 1:
            return
        self._page.open_card.emit(*refs[0])
        body = getattr(self._page.window(), "body", None)
        card = body.panel.card() if body is not None else None
        begin = getattr(card, "begin_rename", None)
        if callable(begin):
            begin()

    def open_menu(self, spot: QPoint) -> None:
        """The context menu at a place of the screen."""
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(spot)

    def make_menu(self) -> QMenu:
        """The menu of all that can be done."""
        page, theme, refs = self._page, self._context.theme, self.refs()
        menu = QMenu(page)
        writable = bool(refs) and not self._context.read_only

        def add(icon: str, text: str, do: Callable[[], None], enabled: bool, keys: str) -> None:
            action = menu.addAction(theme_icon(theme, icon), f"{text}\t{keys}", do)
            action.setEnabled(enabled)

        add("panel-right", _("Open"), lambda: page.open_card.emit(*refs[0]), len(refs) == 1, "Enter")
        add("pencil", _("Rename"), self.rename, writable and len(refs) == 1, "F2")
        add("copy", _("Copy"), page.table.copy, bool(refs), "Ctrl+C")
        menu.addSeparator()
        page.tools.add_to(menu, page.filters.managers)
        menu.addSeparator()
        add("trash-2", _("Delete"), self.delete, writable, "Del")
        return menu
