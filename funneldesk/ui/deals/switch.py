"""The same deals two ways: the board and the list, each one click from the other."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import dress_button
from funneldesk.ui.theme import SPACE, Theme
from funneldesk.ui.widgets.buttons import push_button


class DealsSwitch(QWidget):
    """Stands first in the head of both screens; `here` is the one it stands on, `go` leads to the other."""

    def __init__(self, theme: Theme, here: str, go: Callable[[], object]) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self.buttons: dict[str, QPushButton] = {}
        for key, words, tip, icon in (
            ("board", _("Board"), _("Show the board"), "square-kanban"),
            ("list", _("List"), _("Show as a list"), "list"),
        ):
            chosen = key == here
            button = push_button(words, None if chosen else go, role="chip")
            dress_button(button, theme, icon, "accent" if chosen else "quiet")
            button.setProperty("on", "true" if chosen else "")
            button.setToolTip("" if chosen else tip)
            button.setAccessibleName(_("{view}, shown now").format(view=words) if chosen else tip)
            self.buttons[key] = button
            row.addWidget(button)
