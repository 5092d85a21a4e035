"""Filled and outlined shapes without the constants of Qt.

QPainter's `setPen`, `setBrush` and `fillRect` make PySide6 build every constant of the `Qt`
namespace, a sixth of the time to the first screen.  What is called here takes brushes and pens only.
"""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen


def pen_of(colour: QColor, width: float = 1.0) -> QPen:
    """A solid pen."""
    pen = QPen()  # its other constructors take constants of Qt
    pen.setColor(colour)
    pen.setWidthF(width)
    return pen


def brush_of(colour: QColor) -> QBrush:
    """A solid brush."""
    return pen_of(colour).brush()


def fill_rect(painter: QPainter, rect: QRect | QRectF, brush: QBrush) -> None:
    """Fill a rectangle."""
    painter.setBackground(brush)
    painter.eraseRect(rect)


def rounded(painter: QPainter, rect: QRectF, radius: float, brush: QBrush, line: QPen | None = None) -> None:
    """A rectangle with round corners, filled and outlined."""
    path = QPainterPath()
    path.addRoundedRect(rect, radius, radius)
    painter.fillPath(path, brush)
    if line is not None:
        painter.strokePath(path, line)


def ellipse(painter: QPainter, rect: QRectF, brush: QBrush | None, line: QPen | None = None) -> None:
    """An ellipse, filled or outlined."""
    path = QPainterPath()
    path.addEllipse(rect)
    if brush is not None:
        painter.fillPath(path, brush)
    if line is not None:
        painter.strokePath(path, line)
