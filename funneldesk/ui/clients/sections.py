"""Pieces of a card: its sections, its fields, lines that open something, the banner of a conflict."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet, plain_tooltip


def icon_label(theme: Theme, name: str, token: str = "quiet", size: int = 16) -> QLabel:
    """A picture as a label."""
    label = QLabel()
    label.setPixmap(pixmap(name, getattr(theme, token), theme.px(size)))
    label.setFixedSize(theme.px(size), theme.px(size))
    return label


class Section(QWidget):
    """A heading with an optional button, and rows under it that can be put anew."""

    def __init__(
        self,
        theme: Theme,
        title: str,
        add: str = "",
        on_add: Callable[[], object] | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._title = title
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        self.heading = PlainLabel(title, "strong")
        head.addWidget(self.heading)
        head.addStretch(1)
        if add:
            self.button = IconButton(theme, "plus", add, on_add)
            head.addWidget(self.button)
        column.addLayout(head)
        self.rows = QVBoxLayout()
        self.rows.setSpacing(2)
        column.addLayout(self.rows)

    def set_count(self, count: int) -> None:
        """How many there are, beside the heading."""
        self.heading.setText(f"{self._title}  {count}" if count else self._title)

    def clear(self) -> None:
        """Take every row away."""
        while self.rows.count():
            item = self.rows.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()

    def say_empty(self, sentence: str, button: str, act: Callable[[], object], *, writable: bool) -> None:
        """There is no row: one sentence, and what can be done about it."""
        line = QWidget()
        across = QHBoxLayout(line)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(Quiet(sentence, wrap=True, small=True), 1)
        if writable:
            across.addWidget(push_button(button, act, role="link"))
        self.add(line)

    def add(self, widget: QWidget) -> None:
        """Put a row."""
        self.rows.addWidget(widget)


class Line(QFrame):
    """Two lines of text that open something: `main` and, quiet, `more`; words at the right."""

    clicked = Signal()

    def __init__(
        self,
        theme: Theme,
        icon: str,
        main: str,
        more: str = "",
        right: str = "",
        *,
        token: str = "quiet",
        right_more: str = "",
        right_role: str = "quiet",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "line")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(", ".join(part for part in (main, more, right, right_more) if part))
        grid = QGridLayout(self)
        grid.setContentsMargins(SPACE_2, SPACE, SPACE_2, SPACE)
        grid.setHorizontalSpacing(SPACE_2)
        grid.setVerticalSpacing(0)
        grid.setColumnStretch(1, 1)
        grid.addWidget(icon_label(theme, icon, token), 0, 0)
        grid.addWidget(ElidedLabel(main), 0, 1)
        if right:
            label = PlainLabel("", right_role)
            wide = theme.px(150)
            label.setText(label.fontMetrics().elidedText(right, Qt.TextElideMode.ElideRight, wide))
            grid.addWidget(label, 0, 2, Qt.AlignmentFlag.AlignRight)
        if more:
            grid.addWidget(ElidedLabel(more, "small"), 1, 1)
        if right_more:
            grid.addWidget(PlainLabel(right_more, "small"), 1, 2, Qt.AlignmentFlag.AlignRight)

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
            return
        super().keyPressEvent(event)


class LinkButton(QPushButton):
    """A link as one line that shortens itself."""

    def __init__(self, on_click: Callable[[], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "link")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._words = ""
        self.clicked.connect(lambda _checked=False: on_click())

    def set_words(self, words: str, width: int) -> None:
        """Show words in at most `width` pixels; the whole of them as a tooltip."""
        self._words = words
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, width)
        self.setText(shown.replace("&", "&&"))
        self.setAccessibleName(words)
        self.setToolTip(plain_tooltip(words) if shown != words else "")

    def words(self) -> str:
        """The whole of what it shows."""
        return self._words


class FieldGrid(QWidget):
    """Labels at the left, fields edited in place at the right."""

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(SPACE_2)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnMinimumWidth(0, theme.px(158))
        self._grid.setColumnStretch(1, 1)
        self._rows: dict[str, tuple[QWidget, QWidget]] = {}

    def add(self, key: str, label: str, field: QWidget, *beside: QWidget) -> None:
        """A row; `beside` are small buttons behind the field."""
        row = self._grid.rowCount()
        name = ElidedLabel(label, "field")
        name.setFixedWidth(self._theme.px(158))
        name.setMinimumHeight(self._theme.px(28) + 2)
        name.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        field.setAccessibleName(label)
        cell: QWidget = field
        if beside:
            cell = QWidget()
            line = QHBoxLayout(cell)
            line.setContentsMargins(0, 0, 0, 0)
            line.setSpacing(2)
            line.addWidget(field, 1)
            for button in beside:
                line.addWidget(button)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(cell, row, 1)
        self._rows[key] = (name, cell)

    def remove(self, key: str) -> None:
        """Take a row away."""
        for widget in self._rows.pop(key, ()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()

    def row_keys(self) -> list[str]:
        """The rows there are."""
        return list(self._rows)


class ConflictBanner(QFrame):
    """Somebody changed the same field: both values, and which one shall stay."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "banner")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE)
        self.text = PlainLabel()
        self.text.setWordWrap(True)
        column.addWidget(self.text)
        row = QHBoxLayout()
        self._mine: Callable[[], object] | None = None
        self.keep_theirs = push_button(_("Keep theirs"), self.hide)
        self.keep_mine = push_button(_("Save mine"), self._save_mine)
        row.addWidget(self.keep_theirs)
        row.addWidget(self.keep_mine)
        row.addStretch(1)
        column.addLayout(row)
        self.hide()

    def ask(self, field: str, theirs: str, mine: str, save_mine: Callable[[], object]) -> None:
        """Show both values of a field."""
        self._mine = save_mine
        sentence = _("{field} was changed meanwhile. There it is now: {theirs}. You typed: {mine}.")
        self.text.setText(sentence.format(field=field, theirs=theirs or "—", mine=mine or "—"))
        self.show()

    def _save_mine(self) -> None:
        self.hide()
        if self._mine is not None:
            self._mine()
