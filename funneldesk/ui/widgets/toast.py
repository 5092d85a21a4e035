"""A short word at the foot of the window, with Undo; it leaves by itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.labels import PlainLabel

STAYS_MS = 6000
ERROR_STAYS_MS = 12000
HELD_MS = 30000  # with the mouse on it; one that only happens to rest there must not keep it for ever


class Toast(QFrame):
    """The one toast of a window: a new word replaces the old."""

    def __init__(self, window: QWidget, undo_text: str) -> None:
        super().__init__(window)
        self.setProperty("role", "toast")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._window = window
        self._layout = layout = QHBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_2, SPACE_2, SPACE_2)
        layout.setSpacing(SPACE_3)
        self._label = PlainLabel()
        self._label.setWordWrap(False)
        self._button = QPushButton(undo_text)
        self._button.setCursor(Qt.CursorShape.PointingHandCursor)
        self._button.clicked.connect(self._press)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self._undo_text = undo_text
        self._action: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        window.installEventFilter(self)
        self.hide()

    def show_text(
        self,
        text: str,
        action: Callable[[], object] | None = None,
        *,
        action_text: str = "",
        error: bool = False,
    ) -> None:
        """Say `text`; `action` is what the button (Undo, unless named) does."""
        self._label.setText(text)
        self._action = action
        self._button.setText(action_text or self._undo_text)
        self._button.setVisible(action is not None)
        self._label.setWordWrap(False)
        self._place()
        self.show()
        self.raise_()
        self._timer.start(ERROR_STAYS_MS if error else STAYS_MS)

    def text(self) -> str:
        """What it says now."""
        return self._label.text()

    def press(self) -> None:
        """As if the button were clicked."""
        self._button.click()

    def _press(self) -> None:
        action, self._action = self._action, None
        self.hide()
        if action is not None:
            action()

    def _place(self) -> None:
        window, layout = self._window, self._layout
        widest = min(window.width() - 2 * SPACE_4, 640)
        self._label.setMinimumWidth(0)
        layout.activate()
        hint = self.sizeHint()
        if hint.width() > widest:
            self._label.setWordWrap(True)
            room = widest - (self._button.sizeHint().width() if self._action else 0) - 3 * SPACE_4
            self._label.setMinimumWidth(max(room, 120))
            layout.activate()
            hint = self.sizeHint()
        width = min(hint.width(), widest)
        height = max(hint.height(), self.heightForWidth(width))
        # over the status bar and the bar that scrolls the board: what is worked on stays free
        self.setGeometry((window.width() - width) // 2, window.height() - height - SPACE, width, height)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.start(HELD_MS)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(STAYS_MS // 2)
