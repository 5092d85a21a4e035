"""A scroll area for forms and cards: no frame, sideways never."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget


class ScrollArea(QScrollArea):
    """Holds one widget as wide as itself and scrolls it up and down."""

    def __init__(self, inner: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        if inner is not None:
            self.set_inner(inner)

    def set_inner(self, inner: QWidget) -> None:
        """Show `inner`."""
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
