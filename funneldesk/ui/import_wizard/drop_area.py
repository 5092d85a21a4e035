"""Where a file comes from: dropped, chosen, pasted, opened lately, or the sample."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import RADIUS, SPACE, SPACE_2, SPACE_3, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class DropArea(QWidget):
    """The first thing a person sees of the import."""

    choose_wanted = Signal()
    paste_wanted = Signal()
    sample_wanted = Signal()
    file_wanted = Signal(object)  # Path

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._hot = False
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_6, SPACE_6, SPACE_6, SPACE_6)
        outer.setSpacing(SPACE_2)
        outer.addStretch(2)
        picture = QLabel()
        picture.setPixmap(pixmap("file-spreadsheet", theme.accent, theme.px(44)))
        self._add(outer, picture)
        outer.addSpacing(SPACE)
        self._add(outer, PlainLabel(_("Drop a spreadsheet here"), "title"))
        self.error = PlainLabel("", "strong")
        self.error.setStyleSheet(f"color: {theme.danger};")
        self.error.setWordWrap(True)
        self.error.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.error.hide()
        words = Quiet(
            _("Excel, OpenDocument, CSV or text. You see what each row will do before anything is written.")
        )
        self._add(outer, words)
        outer.addWidget(self.error)  # as wide as the place, or a wrapped text would be cut
        outer.addSpacing(SPACE_3)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        row.addStretch(1)
        self.choose = PrimaryButton(
            _("Choose a file…"), self.choose_wanted.emit, theme=theme, icon="folder-open"
        )
        self.paste = push_button(
            _("Paste cells"), self.paste_wanted.emit, theme=theme, icon="clipboard-paste"
        )
        self.paste.setToolTip(_("Ctrl+V: cells copied from a spreadsheet"))
        row.addWidget(self.choose)
        row.addWidget(self.paste)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addSpacing(SPACE_2)
        self.sample = push_button(_("Try it with a sample list"), self.sample_wanted.emit, role="link")
        self._add(outer, self.sample)
        outer.addSpacing(SPACE_3)
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        outer.addLayout(self._recent)
        outer.addStretch(3)

    def say(self, text: str) -> None:
        """Say what is wrong with the file that was given and what to do; nothing clears it."""
        self.error.setText(text)
        self.error.setVisible(bool(text))

    def set_hot(self, hot: bool) -> None:
        """Whether a file is held over the place."""
        self._hot = hot
        self.update()

    @staticmethod
    def _add(layout: QVBoxLayout, widget: QWidget) -> None:
        layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Files imported lately."""
        while (item := self._recent.takeAt(0)) is not None:
            if widget := item.widget():
                widget.deleteLater()
        if not paths:
            return
        self._recent.addWidget(Quiet(_("Imported lately"), small=True), 0, Qt.AlignmentFlag.AlignHCenter)
        for path in paths:
            button = push_button(
                path.name.replace("&", "&&"), partial(self.file_wanted.emit, path), role="link"
            )
            button.setToolTip(str(path))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    # Qt overrides

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = self._theme.accent if self._hot else self._theme.outline
        pen = QPen(QColor(line), 2 if self._hot else 1.4, Qt.PenStyle.DashLine)
        pen.setDashPattern([5, 4])
        painter.setPen(pen)
        painter.setBrush(QColor(self._theme.selected if self._hot else self._theme.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS * 1.5, RADIUS * 1.5)
