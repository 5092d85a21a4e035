"""A search field that tells its text when typing pauses."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import Theme

PAUSE_MS = 120


class SearchBox(QLineEdit):
    """`searched` carries the text after a pause of typing, at once on Enter and on clearing."""

    searched = Signal(str)
    key_down = Signal()  # the Down key: go into the results

    def __init__(self, theme: Theme, hint: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "search")
        self.setPlaceholderText(hint)
        self.setAccessibleName(hint)
        self.setClearButtonEnabled(True)
        lens = self.addAction(theme_icon(theme, "search"), QLineEdit.ActionPosition.LeadingPosition)
        lens.setText(hint)  # a name for screen readers
        self._told = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._tell)
        self.textChanged.connect(self._typed)
        self.returnPressed.connect(self._tell)

    def _typed(self, text: str) -> None:
        if text:
            self._timer.start()
        else:
            self._tell()

    def _tell(self) -> None:
        self._timer.stop()
        text = self.text().strip()
        if text != self._told:
            self._told = text
            self.searched.emit(text)

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        if event.key() == Qt.Key.Key_Down:
            self.key_down.emit()
            return
        super().keyPressEvent(event)
