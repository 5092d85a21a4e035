"""Labels.  All of them show plain text: data is never markup."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class PlainLabel(QLabel):
    """A label that never reads its text as markup; `role` picks its looks from the stylesheet.

    Roles: headline, title, strong, quiet, small, error, field, or none.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        if role:
            self.setProperty("role", role)
        self.setText(text)


class Heading(PlainLabel):
    """The name of a page (level 1) or of a part of it (level 2)."""

    def __init__(self, text: str = "", level: int = 1, parent: QWidget | None = None) -> None:
        super().__init__(text, "headline" if level == 1 else "title", parent)


class Quiet(PlainLabel):
    """Secondary text; wraps when `wrap`."""

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, wrap: bool = False, small: bool = False
    ) -> None:
        super().__init__(text, "small" if small else "quiet", parent)
        self.setWordWrap(wrap)


class ElidedLabel(PlainLabel):
    """One line that shortens itself with an ellipsis and gives the whole text as a tooltip."""

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, role, parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setMinimumWidth(24)

    # Qt overrides

    def sizeHint(self) -> QSize:
        size = super().sizeHint()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 4, size.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(24, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        area = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        self.setToolTip(plain_tooltip(self.text()) if text != self.text() else "")
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(area, int(self.alignment()) | int(Qt.TextFlag.TextSingleLine), text)


def plain_tooltip(text: str) -> str:
    """Text as a tooltip that can hold no markup."""
    from html import escape

    return f"<span>{escape(text)}</span>" if text else ""
