"""The place of the screens, and the panel at its right that holds a card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import isValid

from funneldesk.ui.theme import Theme

if TYPE_CHECKING:
    from PySide6.QtCore import QPropertyAnimation

NARROWEST = 340
LEAST_SCREEN = 440  # what is left of a screen beside the panel; a narrower one is covered
SLIDE_MS = 120
GRIP = 5


class SidePanel(QFrame):
    """Holds one card; its left edge can be dragged."""

    dragged = Signal(int)  # how wide a person wants it

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "panel")
        self.setAutoFillBackground(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 0, 0, 0)
        self._card: QWidget | None = None
        self._grip = QWidget(self)
        self._grip.setCursor(Qt.CursorShape.SizeHorCursor)
        self._grip.installEventFilter(self)

    def card(self) -> QWidget | None:
        """What it holds."""
        return self._card

    def set_card(self, card: QWidget | None) -> None:
        """Hold another card; the old one is deleted."""
        if self._card is not None:
            self._layout.removeWidget(self._card)
            self._card.hide()
            self._card.deleteLater()
        self._card = card
        if card is not None:
            self._layout.addWidget(card)
            card.show()
        self._grip.raise_()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._grip.setGeometry(0, 0, GRIP, self.height())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._grip and isinstance(event, QMouseEvent) and event.type() == QEvent.Type.MouseMove:
            right = self.mapToGlobal(QPoint(self.width(), 0)).x()
            self.dragged.emit(right - int(event.globalPosition().x()))
            return True
        return False


class Body(QWidget):
    """Screens in a stack, and over or beside them the side panel."""

    panel_resized = Signal(int)  # its width for letters of 100 %

    def __init__(self, theme: Theme, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._width = max(width, NARROWEST)
        self.stack = QStackedWidget(self)
        self.stack.currentChanged.connect(self._arrange)
        self.panel = SidePanel(self)
        self.panel.hide()
        self.panel.dragged.connect(self._drag)
        self._slide: QPropertyAnimation | None = None
        self._before: QWidget | None = None  # what the keys went to before the card

    def overlays(self) -> bool:
        """Whether the panel covers the screen rather than standing beside it."""
        return self.width() - self._theme.px(NARROWEST) < self._needed()

    def _needed(self) -> int:
        """How wide the screen in front must stay to be laid out whole."""
        page = self.stack.currentWidget()
        least = page.minimumSizeHint().width() if page is not None else 0
        return max(self._theme.px(LEAST_SCREEN), least)

    def show_panel(self, card: QWidget) -> None:
        """Open the panel with a card in it."""
        was_open = self.panel.isVisible()
        if not was_open:
            page = self.stack.currentWidget()
            self._before = page.focusWidget() if page is not None else None
        self.panel.set_card(card)
        self.panel.show()
        self.panel.raise_()
        self._arrange()
        animates = _animates(self)
        if not was_open and animates and self.isVisible():
            self._slide_in()

    def hide_panel(self) -> None:
        """Close the panel; the keys go to the list, board or field where they went before."""
        self.panel.hide()
        self.panel.set_card(None)
        self._arrange()
        page, before = self.stack.currentWidget(), self._before
        self._before = None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus()
        elif page is not None:
            page.setFocus()

    def _slide_in(self) -> None:
        from PySide6.QtCore import QEasingCurve, QPropertyAnimation  # not needed to start

        end = self.panel.pos()
        self._slide = slide = QPropertyAnimation(self.panel, b"pos", self)
        slide.setDuration(SLIDE_MS)
        slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        slide.setStartValue(QPoint(end.x() + min(48, self.panel.width()), end.y()))
        slide.setEndValue(end)
        slide.start()

    def _drag(self, width: int) -> None:
        self._width = max(NARROWEST, round(min(width, self.width() - 120) / self._theme.scale))
        self._arrange()
        self.panel_resized.emit(self._width)

    def _arrange(self) -> None:
        if self._slide is not None:
            self._slide.stop()
            self._slide = None
        width, height = self.width(), self.height()
        if not self.panel.isVisibleTo(self):
            self.stack.setGeometry(0, 0, width, height)
            return
        covers = self.overlays()
        wide = min(self._theme.px(self._width), width if covers else width - self._needed())
        self.panel.setGeometry(width - wide, 0, wide, height)
        self.stack.setGeometry(0, 0, width if covers else width - wide, height)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()


def _animates(widget: QWidget) -> bool:
    """Whether the system wants motion."""
    from PySide6.QtWidgets import QStyle  # slow to load, and not needed to start

    return widget.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) > 0
