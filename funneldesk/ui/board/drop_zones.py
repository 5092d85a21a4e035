"""Won, Lost, another funnel, later: a strip that is there only while something is dragged."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QPainter,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QHBoxLayout, QWidget

from funneldesk.domain.deal import Status
from funneldesk.text import _
from funneldesk.ui.board.model import dragged_ids
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import BODY, SPACE_2, SPACE_3, Theme

OTHER_FUNNEL, LATER = "funnel", "later"


class DropZone(QWidget):
    """One place to drop deals on."""

    dropped = Signal(list)
    drag_moved = Signal(QPoint)

    def __init__(
        self, theme: Theme, kind: str, text: str, icon: str, parent: QWidget, token: str = ""
    ) -> None:
        super().__init__(parent)
        self.kind = kind
        self._token = token or kind
        self._theme = theme
        self._text = text
        self._icon = icon
        self._over = False
        self.setAcceptDrops(True)
        self.setAccessibleName(text)

    def set_text(self, text: str) -> None:
        """Another name (a funnel may call its Won otherwise)."""
        self._text = text
        self.setAccessibleName(text)
        self.update()

    def _set_over(self, over: bool) -> None:
        if over != self._over:
            self._over = over
            self.update()

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dragged_ids(event.mimeData()):
            self._set_over(True)
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.drag_moved.emit(self.mapToGlobal(event.position().toPoint()))
        event.setDropAction(Qt.DropAction.MoveAction)
        event.accept()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._set_over(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._set_over(False)
        ids = dragged_ids(event.mimeData())
        if ids:
            event.setDropAction(Qt.DropAction.MoveAction)
            event.accept()
            self.dropped.emit(ids)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._theme
        colour = theme.color(self._token)
        words = theme.color("text" if self._over else f"{self._token}_text")
        back = theme.color(self._token)
        back.setAlphaF(0.32 if self._over else 0.10)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        line = Qt.PenStyle.SolidLine if self._over else Qt.PenStyle.DashLine
        painter.setPen(QPen(colour, 2 if self._over else 1.4, line))
        painter.setBrush(back)
        painter.drawRoundedRect(shape, 8, 8)
        painter.setFont(theme.font(BODY, bold=True))
        painter.setPen(words)
        size = theme.px(18)
        width = painter.fontMetrics().horizontalAdvance(self._text) + size + SPACE_2
        left = (self.width() - width) // 2
        picture = pixmap(self._icon, words.name(), size)
        painter.drawPixmap(left, (self.height() - size) // 2, picture)
        room = self.rect().adjusted(left + size + SPACE_2, 0, 0, 0)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._text)


class DropStrip(QWidget):
    """Lies over the foot of its parent while deals are dragged."""

    dropped = Signal(str, list)  # "won", "lost", "funnel" or "later", deal ids
    drag_moved = Signal(QPoint)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._over = parent
        self.setAutoFillBackground(False)
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_3, SPACE_3, SPACE_3)
        row.setSpacing(SPACE_3)
        self.won = DropZone(theme, str(Status.WON), _("Won"), "trophy", self)
        self.lost = DropZone(theme, str(Status.LOST), _("Lost"), "circle-x", self)
        self.funnel = DropZone(theme, OTHER_FUNNEL, _("Other funnel"), "funnel", self, "boost")
        self.later = DropZone(theme, LATER, _("Later"), "hourglass", self, "waiting")
        for zone in (self.won, self.lost, self.funnel, self.later):
            row.addWidget(zone)
            zone.dropped.connect(lambda ids, kind=zone.kind: self.dropped.emit(kind, ids))
            zone.drag_moved.connect(self.drag_moved)
        parent.installEventFilter(self)
        self.hide()

    def appear(self) -> None:
        """A drag has begun."""
        self.place()
        self.show()
        self.raise_()

    def place(self) -> None:
        """Lie over the foot of the parent."""
        height = self._theme.px(72)
        self.setGeometry(0, self._over.height() - height, self._over.width(), height)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.place()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.setPen(self._theme.color("line"))
        painter.drawLine(0, 0, self.width(), 0)
