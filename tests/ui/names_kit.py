"""What says nothing of itself to a screen reader."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QCalendarWidget,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QTextEdit,
    QWidget,
)

CONTROLS = (
    QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit,
    QPlainTextEdit, QTextEdit,
)  # fmt: skip


def nameless(root: QWidget) -> list[str]:
    """The controls that are seen and say nothing of themselves."""
    found = []
    for widget in root.findChildren(QWidget):
        if (
            not isinstance(widget, CONTROLS)
            or isinstance(widget, (QScrollBar, QHeaderView))
            or not widget.isVisibleTo(root)
        ):
            continue
        if widget.objectName().startswith("qt_") or _inside(widget, (QComboBox, QCalendarWidget)):
            continue
        said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not said.strip():
            parents = [type(parent).__name__ for parent in _parents(widget)][:3]
            found.append(f"{type(widget).__name__} in {' in '.join(parents)}")
    return found


def _parents(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def _inside(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    return any(isinstance(parent, kinds) for parent in _parents(widget))
