"""What a list or chart shows when there is nothing to show."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import SPACE_2, SPACE_4, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Heading, Quiet


class EmptyState(QWidget):
    """An icon, a sentence and a button in the middle of the place."""

    def __init__(
        self,
        theme: Theme,
        icon: str,
        sentence: str,
        button: str = "",
        on_click: Callable[[], object] | None = None,
        *,
        title: str = "",
        primary: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        layout.setSpacing(SPACE_2)
        layout.addStretch(2)
        picture = QLabel()
        picture.setPixmap(pixmap(icon, theme.disabled, theme.px(40)))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(picture)
        self._title = Heading(title, 2)
        self._title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title.setVisible(bool(title))
        layout.addWidget(self._title)
        self._sentence = Quiet(sentence, wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setMaximumWidth(theme.px(460))
        self._sentence.setMinimumWidth(min(theme.px(280), 460))
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._sentence, 4)
        row.addStretch(1)
        layout.addLayout(row)
        if button:
            self.button = push_button(button, on_click, role="primary" if primary else "")
            layout.addSpacing(SPACE_4)
            layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def set_sentence(self, text: str, title: str = "") -> None:
        """Say something else (no match, an error with what to do)."""
        self._sentence.setText(text)
        self._title.setText(title)
        self._title.setVisible(bool(title))
