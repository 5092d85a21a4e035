"""The button of saved views: choose one, keep what is shown under a name, remove one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.fields import SavedView
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.popup_filter import Popup

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class ViewsButton(IconButton):
    """`spec` gives what is shown now, `show_spec` shows a view."""

    def __init__(
        self,
        context: AppContext,
        screen: str,
        spec: Callable[[], dict[str, Any]],
        show_spec: Callable[[dict[str, Any]], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(context.theme, "star", _("Saved views"), self.open_menu, parent=parent)
        self._context = context
        self._screen = screen
        self._spec = spec
        self._show_spec = show_spec
        self._views: list[SavedView] = []
        self.reload()

    def reload(self) -> None:
        """Read the views anew."""

        def read(db: Database) -> Sequence[SavedView]:
            from funneldesk.services import views

            return views.views(db, self._screen)

        self._context.tasks.read(read, self._take, receiver=self)

    def _take(self, found: Sequence[SavedView]) -> None:
        self._views = list(found)

    def make_menu(self) -> QMenu:
        """The menu of views."""
        theme, menu = self._context.theme, QMenu(self)
        menu.addAction(_("All clients"), lambda: self._show_spec({}))
        for view in self._views:
            menu.addAction(view.name.replace("&", "&&"), lambda view=view: self._choose(view))
        menu.addSeparator()
        keep = menu.addAction(theme_icon(theme, "save"), _("Keep this view…"), self.ask_name)
        keep.setEnabled(not self._context.read_only)
        if self._views:
            remove = menu.addMenu(theme_icon(theme, "trash-2"), _("Remove a view"))
            remove.setEnabled(not self._context.read_only)
            for view in self._views:
                remove.addAction(view.name.replace("&", "&&"), lambda view=view: self._remove(view))
        return menu

    def open_menu(self) -> None:
        """Show the menu under the button."""
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def ask_name(self) -> None:
        """Ask under which name to keep what is shown."""
        popup = Popup(self)
        field = QLineEdit()
        field.setPlaceholderText(_("Name of the view"))
        field.setMinimumWidth(self._context.theme.px(220))
        row = QHBoxLayout()
        row.addWidget(field)
        row.addWidget(push_button(_("Keep"), lambda: self._keep(field, popup), role="primary"))
        popup.column.addLayout(row)
        field.returnPressed.connect(lambda: self._keep(field, popup))
        popup.open_under(self)
        field.setFocus()

    def _keep(self, field: QLineEdit, popup: Popup) -> None:
        if field.text().strip():
            self.keep(field.text())
            popup.close()

    def keep(self, name: str) -> None:
        """Keep what is shown now under a name."""
        spec = self._spec()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import views

            return views.save(db, self._screen, name, spec, actor=actor)

        save(self._context, write, self, lambda _change: self.reload())

    def _choose(self, view: SavedView) -> None:
        from funneldesk.services.views import spec_of

        self._show_spec(spec_of(view))

    def _remove(self, view: SavedView) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import views

            return views.delete(db, view.id, actor=actor)

        save(self._context, write, self, lambda _change: self.reload())
