"""The totals above a report: small names, big numbers; those with deals behind them open them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.report_words.totals import Figure
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class Tile(QFrame):
    """One total."""

    opened = Signal(str)

    def __init__(self, theme: Theme, figure: Figure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._key = figure.key
        self.opens = figure.opens and figure.text not in ("0", "–")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2 - 2, SPACE_3, SPACE_2 - 2)
        column.setSpacing(0)
        column.addWidget(Quiet(figure.label, small=True))
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.value = PlainLabel(figure.text, "title")
        row.addWidget(self.value)
        if figure.note:
            row.addWidget(Quiet(figure.note, small=True), 0, Qt.AlignmentFlag.AlignBottom)
        row.addStretch(1)
        column.addLayout(row)
        name = f"{figure.label}: {figure.text} {figure.note}".strip()
        self.setAccessibleName(name)
        if self.opens:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            hover = (
                f"QFrame[role='card']:hover, QFrame[role='card']:focus {{ border-color: {theme.accent}; }}"
            )
            self.setStyleSheet(hover)

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.opens and self.rect().contains(event.position().toPoint()):
            self.opened.emit(self._key)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self.opens and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.opened.emit(self._key)
            return
        super().keyPressEvent(event)


class Figures(QWidget):
    """`opened` carries the key of the total a person clicked."""

    opened = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.tiles: list[Tile] = []
        self._flow = FlowLayout(self, SPACE_2)

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these totals."""
        for tile in self.tiles:
            self._flow.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = [Tile(self._theme, figure, self) for figure in figures]
        for tile in self.tiles:
            tile.opened.connect(self.opened)
            self._flow.addWidget(tile)
            tile.show()
        self.setVisible(bool(figures))
        self.setMinimumHeight(SPACE)
        self.updateGeometry()
