"""What says nothing of itself to a screen reader, and what the Tab key does not reach."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
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
    for widget in _controls(root):
        said = QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
        if not said.strip():
            found.append(_where(widget))
    return found


def unreachable(root: QWidget) -> list[str]:
    """The controls that can be used and that Tab passes over.

    What empties a field is not among them: its text is selected and deleted.
    """
    return [
        _where(widget)
        for widget in _controls(root)
        if widget.isEnabled()
        and not widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not _inside(widget, (QLineEdit,))
    ]


def _controls(root: QWidget) -> Iterator[QWidget]:
    for widget in root.findChildren(QWidget):
        if (
            not isinstance(widget, CONTROLS)
            or isinstance(widget, (QScrollBar, QHeaderView))
            or not widget.isVisibleTo(root)
        ):
            continue
        if not widget.objectName().startswith("qt_") and not _inside(widget, (QComboBox, QCalendarWidget)):
            yield widget


def _where(widget: QWidget) -> str:
    parents = [type(parent).__name__ for parent in _parents(widget)][:3]
    return f"{type(widget).__name__} in {' in '.join(parents)}"


def _parents(widget: QWidget) -> Iterator[QWidget]:
    parent = widget.parentWidget()
    while parent is not None:
        yield parent
        parent = parent.parentWidget()


def _inside(widget: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    return any(isinstance(parent, kinds) for parent in _parents(widget))
