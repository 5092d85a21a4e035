"""The rail at the left: one button per screen, with icon and word."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from funneldesk.ui.icons import toggled_icon
from funneldesk.ui.rail_items import BUTTON, HOME, ICON, WIDTH, RailItem
from funneldesk.ui.theme import SPACE, SPACE_2, Theme


class Rail(QFrame):
    """`chosen` carries the key of the screen a person clicked."""

    chosen = Signal(str)

    def __init__(
        self,
        theme: Theme,
        items: Sequence[RailItem],
        head: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self._theme = theme
        self._buttons: dict[str, QToolButton] = {}
        self._group = QButtonGroup(self)
        self.setFixedWidth(theme.px(WIDTH))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE, SPACE_2, SPACE, SPACE_2)
        layout.setSpacing(SPACE)
        if head is not None:
            layout.addWidget(head, 0, Qt.AlignmentFlag.AlignHCenter)
            layout.addSpacing(SPACE)
        for item in (i for i in items if not i.low):
            layout.addWidget(self._button(item))
        layout.addStretch(1)
        for item in (i for i in items if i.low):
            layout.addWidget(self._button(item))

    def set_current(self, key: str) -> None:
        """Mark a screen as the one in front, or the one it belongs to."""
        button = self._buttons.get(HOME.get(key, key))
        if button is not None:
            button.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self._buttons.values():
            other.setChecked(False)
        self._group.setExclusive(True)

    def button(self, key: str) -> QToolButton:
        """The button of a screen."""
        return self._buttons[key]

    def _button(self, item: RailItem) -> QToolButton:
        button = QToolButton()
        button.setCheckable(True)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        button.setIcon(toggled_icon(self._theme, item.icon))
        button.setIconSize(QSize(self._theme.px(ICON), self._theme.px(ICON)))
        button.setText(item.text)
        button.setAccessibleName(item.text)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        button.setMinimumHeight(self._theme.px(BUTTON))
        button.clicked.connect(lambda _checked=False: self.chosen.emit(item.key))
        self._group.addButton(button)
        self._buttons[item.key] = button
        return button


__all__ = ["Rail", "RailItem"]
