"""Grey bars that stand where something is still loading; shown only after a moment."""

from __future__ import annotations

from PySide6.QtCore import QTimer
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from funneldesk.ui.theme import SPACE_4, Theme

AFTER_MS = 150


class Skeleton(QWidget):
    """Rows of quiet bars.  Empty for the first 150 ms, so that quick work does not flicker."""

    def __init__(self, theme: Theme, rows: int = 8, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._rows = rows
        self._shown = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._appear)

    def start(self) -> None:
        """Begin waiting."""
        self._shown = False
        self._timer.start(AFTER_MS)
        self.show()

    def stop(self) -> None:
        """What was waited for is here."""
        self._timer.stop()
        self.hide()

    def _appear(self) -> None:
        self._shown = True
        self.update()

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._shown:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("hover"))
        painter.setBrush(self._theme.color("hover"))
        step = self._theme.px(28)
        for row in range(self._rows):
            width = (self.width() - 2 * SPACE_4) * (0.9, 0.7, 0.8, 0.6)[row % 4]
            painter.drawRoundedRect(SPACE_4, SPACE_4 + row * step, int(width), step // 2, 4, 4)
