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
        *,
        everything: str = "",
    ) -> None:
        super().__init__(context.theme, "star", _("Saved views"), self.open_menu, parent=parent)
        self._context = context
        self._screen = screen
        self._spec = spec
        self._show_spec = show_spec
        self._everything = everything or _("All clients")
        self._ready = self._started = False
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
        self._pick_first()

    def begin(self) -> None:
        """The screen is built: show the view it is to begin with, once."""
        self._ready = True
        self._pick_first()

    def _pick_first(self) -> None:
        if self._ready and self._views and not self._started:
            self._started = True
            first = next((view for view in self._views if view.id == self._default()), None)
            if first is not None:
                self._choose(first)

    def _default(self) -> int:
        kept = self._context.settings.more.get("default_views")
        return int(kept.get(self._place(), 0)) if isinstance(kept, dict) else 0

    def _place(self) -> str:
        return f"{self._context.db.path}:{self._screen}"

    def set_default(self, view_id: int) -> None:
        """Begin with this view on this computer; 0 = with everything."""
        kept = self._context.settings.more.get("default_views")
        kept = dict(kept) if isinstance(kept, dict) else {}
        kept[self._place()] = view_id
        self._context.settings.more["default_views"] = kept
        self._context.settings.save()

    def make_menu(self) -> QMenu:
        """The menu of views."""
        theme, menu = self._context.theme, QMenu(self)
        menu.addAction(self._everything, lambda: self._show_spec({}))
        for view in self._views:
            menu.addAction(view.name.replace("&", "&&"), lambda view=view: self._choose(view))
        menu.addSeparator()
        keep = menu.addAction(theme_icon(theme, "save"), _("Keep this view…"), self.ask_name)
        keep.setEnabled(not self._context.read_only)
        if self._views:
            self._add_changes(menu)
        return menu

    def _add_changes(self, menu: QMenu) -> None:
        """What can be done with each view."""
        theme, last = self._context.theme, len(self._views) - 1
        change = menu.addMenu(theme_icon(theme, "pencil"), _("Change a view"))
        for place, view in enumerate(self._views):
            one = change.addMenu(view.name.replace("&", "&&"))
            begin = one.addAction(_("Begin with this view"))
            begin.setCheckable(True)
            begin.setChecked(view.id == self._default())
            begin.triggered.connect(lambda on, view=view: self.set_default(view.id if on else 0))
            if self._context.read_only:
                continue
            one.addAction(_("Rename…"), lambda view=view: self.ask_name(view))
            up = one.addAction(_("Move up"), lambda view=view: self._move(view, -1))
            down = one.addAction(_("Move down"), lambda view=view: self._move(view, 1))
            up.setEnabled(place > 0)
            down.setEnabled(place < last)
            one.addAction(theme_icon(theme, "trash-2"), _("Remove"), lambda view=view: self._remove(view))

    def open_menu(self) -> None:
        """Show the menu under the button."""
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def ask_name(self, view: SavedView | None = None) -> None:
        """Ask under which name to keep what is shown, or what to call a view from now on."""
        popup = Popup(self)
        field = QLineEdit(view.name if view is not None else "")
        field.setPlaceholderText(_("Name of the view"))
        field.setMinimumWidth(self._context.theme.px(220))
        row = QHBoxLayout()
        row.addWidget(field)
        row.addWidget(push_button(_("Keep"), lambda: self._keep(field, popup, view), role="primary"))
        popup.column.addLayout(row)
        field.returnPressed.connect(lambda: self._keep(field, popup, view))
        popup.open_under(self)
        field.setFocus()

    def _keep(self, field: QLineEdit, popup: Popup, view: SavedView | None) -> None:
        name = field.text().strip()
        if name and view is None:
            self.keep(name)
        elif name and view is not None:
            self.rename(view, name)
        if name:
            popup.close()

    def rename(self, view: SavedView, name: str) -> None:
        """Call a view otherwise."""

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import views

            return views.rename(db, view.id, name, actor=actor)

        save(self._context, write, self, lambda _change: self.reload())

    def _move(self, view: SavedView, by: int) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import views

            return views.move(db, view.id, by, actor=actor)

        save(self._context, write, self, lambda _change: self.reload(), toast=False)

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
