"""The button that chooses a manager: who is to do it, or whose calendar is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import dress_button
from funneldesk.ui.widgets.labels import plain_tooltip

if TYPE_CHECKING:
    from funneldesk.domain.team import Manager
    from funneldesk.store.database import Database

_WIDEST = 130  # of a name, in pixels at 100 %


def read_managers(db: Database) -> list[Manager]:
    """The managers who are there, by name."""
    from funneldesk.store.queries import lists

    with db.read() as conn:
        return lists.managers(conn, active_only=True)


class WhoButton(QPushButton):
    """Shows who is chosen; a click offers the managers, `nobody` first."""

    chosen = Signal(object)  # the id, None = nobody

    def __init__(self, context: AppContext, nobody: str, parent: QWidget | None = None) -> None:
        super().__init__(nobody, parent)
        self._context = context
        self._nobody = nobody
        self._who: int | None = None
        self.setProperty("role", "chip")
        dress_button(self, context.theme, "user-check")
        self.setAccessibleName(nobody)
        self.clicked.connect(self._ask)

    def who(self) -> int | None:
        """The manager chosen."""
        return self._who

    def reset(self) -> None:
        """Nobody in particular."""
        self.choose(None, self._nobody)

    def choose(self, manager_id: int | None, name: str) -> None:
        """Choose."""
        self._who = manager_id
        wide = self._context.theme.px(_WIDEST)
        shown = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, wide)
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(name)
        self.setToolTip(plain_tooltip(name) if shown != name else "")

    def _ask(self) -> None:
        self._context.tasks.read(read_managers, self._offer, receiver=self, key=f"who-{id(self)}")

    def _offer(self, managers: list[Manager]) -> None:
        menu = QMenu(self)
        menu.addAction(self._nobody, lambda: self._take(None, self._nobody))
        menu.addSeparator()
        for manager in managers:
            action = menu.addAction(manager.name.replace("&", "&&"))
            action.triggered.connect(
                lambda _checked=False, who=manager.id, name=manager.name: self._take(who, name)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _take(self, manager_id: int | None, name: str) -> None:
        self.choose(manager_id, name)
        self.chosen.emit(manager_id)
