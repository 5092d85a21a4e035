"""The same deals three ways: by stage, by month of the expected close, as a list; each one click away."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import dress_button, theme_icon
from funneldesk.ui.theme import SPACE, Theme
from funneldesk.ui.widgets.buttons import push_button


class DealsSwitch(QWidget):
    """Stands first in the head of both screens; `here` is the way they are shown now.

    Months say their name only while they are shown: the head of the board has no room for more in one row.
    """

    chosen = Signal(str)  # board, months or list

    def __init__(self, theme: Theme, here: str) -> None:
        super().__init__()
        self._theme, self._here = theme, here
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        self.buttons: dict[str, QPushButton] = {}
        for key in ("board", "months", "list"):
            button = push_button("", partial(self._clicked, key), role="chip")
            self.buttons[key] = button
            row.addWidget(button)
        self.set_here(here)

    def set_here(self, here: str) -> None:
        """They are shown another way now."""
        self._here = here
        for key, words, tip, icon in (
            ("board", _("Board"), _("Show the board"), "square-kanban"),
            ("months", _("Months"), _("Show by month of the expected close"), "calendar"),
            ("list", _("List"), _("Show as a list"), "list"),
        ):
            button, shown = self.buttons[key], key == here
            if shown or key != "months":
                button.setText(words)
                dress_button(button, self._theme, icon, "accent" if shown else "quiet")
            else:
                button.setText("")
                button.setIcon(theme_icon(self._theme, icon))
                button.setIconSize(QSize(self._theme.px(16), self._theme.px(16)))
            button.setProperty("on", "true" if shown else "")
            button.style().unpolish(button)
            button.style().polish(button)
            button.setToolTip("" if shown else tip)
            name = _("{view}, shown now").format(view=words) if shown else tip
            button.setAccessibleName(name)

    def _clicked(self, key: str) -> None:
        if key != self._here:
            self.chosen.emit(key)
