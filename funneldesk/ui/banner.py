"""A line across the window for what holds as long as it is shown: a base open for reading only."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from funneldesk.ui.theme import SPACE, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel


class Banner(QFrame):
    """Hidden until there is something to say."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE, SPACE_3, SPACE)
        self._label = PlainLabel()
        self._label.setWordWrap(True)
        self._button = push_button("", self._press)
        self._act: Callable[[], object] | None = None
        layout.addWidget(self._label, 1)
        layout.addWidget(self._button)
        self.hide()

    def say(self, text: str, button: str = "", act: Callable[[], object] | None = None) -> None:
        """Show a sentence and, when named, a button."""
        self._label.setText(text)
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self._act = act
        self.show()

    def text(self) -> str:
        """What it says."""
        return self._label.text()

    def _press(self) -> None:
        if self._act is not None:
            self._act()
