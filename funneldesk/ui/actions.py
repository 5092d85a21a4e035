"""One registry of actions: it feeds menus, context menus, the list of shortcuts and the palette."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import Theme


@dataclass(slots=True)
class Entry:
    """An action and where it stands."""

    id: str
    menu: str
    action: QAction
    enabled: Callable[[], bool] | None
    palette: bool
    icon: str = ""  # drawn when a menu is first opened: icons of all actions would slow the start


class Actions(QObject):
    """All actions of a window by id.  Shortcuts work while the window (or `owner`) has the focus."""

    def __init__(self, window: QWidget, theme: Theme) -> None:
        super().__init__(window)
        self._window = window
        self._theme = theme
        self._entries: dict[str, Entry] = {}
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # Comes before a key finds its action: the key of a disabled one would do nothing.
        if event.type() == QEvent.Type.ShortcutOverride:
            self.refresh()
        return False

    def add(
        self,
        action_id: str,
        text: str,
        handler: Callable[[], object],
        *,
        icon: str = "",
        shortcuts: Sequence[str] = (),
        menu: str = "",
        enabled: Callable[[], bool] | None = None,
        palette: bool = True,
        owner: QWidget | None = None,
    ) -> QAction:
        """Register an action; one of the same id is replaced (a screen made anew).

        `menu` is file, edit, go, view, help or one of a screen's own; `enabled` is asked whenever a
        menu opens or a key is pressed; with `owner` the shortcut works only inside that widget.
        """
        self.remove(action_id)
        place = owner or self._window
        action = QAction(text, place)
        action.setShortcuts([QKeySequence(keys) for keys in shortcuts])
        action.setShortcutContext(
            Qt.ShortcutContext.WidgetWithChildrenShortcut if owner else Qt.ShortcutContext.WindowShortcut
        )
        action.triggered.connect(lambda _checked=False: handler())
        place.addAction(action)
        self._entries[action_id] = Entry(action_id, menu, action, enabled, palette, icon)
        if owner is not None:
            owner.destroyed.connect(lambda: self._forget(action_id, action))
        return action

    def remove(self, action_id: str) -> None:
        """Take an action away, when it is there."""
        entry = self._entries.pop(action_id, None)
        if entry is not None:
            entry.action.deleteLater()

    def get(self, action_id: str) -> QAction:
        """The action of that id; KeyError when there is none."""
        return self._entries[action_id].action

    def entries(self) -> list[Entry]:
        """All of them, in the order in which they were added."""
        return list(self._entries.values())

    def refresh(self) -> None:
        """Ask every action anew whether it can be done now."""
        for entry in self._entries.values():
            if entry.enabled is not None:
                entry.action.setEnabled(entry.enabled())

    def draw_icons(self) -> None:
        """Give the actions their icons; called before they are shown in a list."""
        for entry in self._entries.values():
            if entry.icon:
                entry.action.setIcon(theme_icon(self._theme, entry.icon))
                entry.icon = ""

    def fill(self, menu: QMenu, ids: Sequence[str]) -> None:
        """Put actions into a menu, in this order; "-" is a line; unknown ids are left out."""
        self.refresh()
        self.draw_icons()
        for action_id in ids:
            if action_id == "-":
                menu.addSeparator()
            elif action_id in self._entries:
                menu.addAction(self._entries[action_id].action)

    def shortcuts(self) -> list[tuple[str, str]]:
        """(what it does, keys in words) of every action that has a key."""
        found: list[tuple[str, str]] = []
        for entry in self._entries.values():
            keys = [key.toString(QKeySequence.SequenceFormat.NativeText) for key in entry.action.shortcuts()]
            if keys:
                found.append((entry.action.text().replace("&", ""), ", ".join(keys)))
        return found

    def _forget(self, action_id: str, action: QAction) -> None:
        entry = self._entries.get(action_id)
        if entry is not None and entry.action is action:
            del self._entries[action_id]
