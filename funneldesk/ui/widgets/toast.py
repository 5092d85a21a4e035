"""A short word at the foot of the window, with Undo; it leaves by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QObject, QRect, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QWidget,
)

from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.labels import PlainLabel

STAYS_MS = 6000
ERROR_STAYS_MS = 12000
LOOK_MS = 400  # between looks at what has come under it
HELD_MS = 30000  # with the mouse on it; one that only happens to rest there must not keep it for ever
ACROSS = (50, 75, 25, 100)  # where it may stand, in percent of the free width; the middle if it can
PRESSED = (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)


def pressed_under(parent: QWidget, spot: QRect, but: QWidget) -> Iterator[QRect]:
    """Where, in `parent`, buttons and fields within `spot` lie; `but` is not looked into."""
    for child in parent.children():
        if not isinstance(child, QWidget) or child is but or child.isHidden() or child.isWindow():
            continue
        here = child.geometry()
        if not here.intersects(spot):
            continue
        if isinstance(child, PRESSED):
            yield here.intersected(parent.rect())
            continue
        corner = here.topLeft()
        inside = spot.intersected(here).translated(-corner)
        for found in pressed_under(child, inside, but):
            yield found.translated(corner)


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
        self._look = QTimer(self)
        self._look.setInterval(LOOK_MS)
        self._look.timeout.connect(self._stand_clear)
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
        self.setGeometry(self._free_spot(width, height))

    def _free_spot(self, width: int, height: int) -> QRect:
        """At the foot of the window, or above it where that covers nothing that a person presses.

        Over the status bar and the bar that scrolls the board, that is: what is worked on stays free.
        """
        window = self._window
        lowest, highest = window.height() - height - SPACE, window.height() * 2 // 3
        room = window.width() - width - 2 * SPACE_4
        least, most = QRect(), 0
        for share in ACROSS:
            spot = QRect(SPACE_4 + room * share // 100, lowest, width, height)
            while spot.top() >= highest:
                covered = list(pressed_under(window, spot, self))
                if not covered:
                    return spot
                if least.isNull() or len(covered) < most:
                    least, most = spot, len(covered)
                spot = spot.translated(0, min(each.top() for each in covered) - SPACE - 1 - spot.bottom())
        return QRect((window.width() - width) // 2, lowest, width, height) if least.isNull() else least

    def _stand_clear(self) -> None:
        """What came under it since (another screen, the foot of a step) is not covered either."""
        if not self.underMouse() and any(pressed_under(self._window, self.geometry(), self)):
            self.setGeometry(self._free_spot(self.width(), self.height()))

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._look.stop()

    def enterEvent(self, event: QEnterEvent) -> None:
        self._timer.start(HELD_MS)

    def leaveEvent(self, event: QEvent) -> None:
        self._timer.start(STAYS_MS // 2)
