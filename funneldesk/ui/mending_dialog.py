"""A damaged base: what can be done about it, and afterwards what was put right or lost."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.settings import Settings
    from funneldesk.ui.main_window import MainWindow

_FEW = 2  # lines of a list that needs no more room
_SHARES = "known_shares"  # bases whose place on a network share the person knows of


class MendingDialog(Dialog):
    """A heading, what happened, and either ways out of it or a list of what came of one."""

    help_page = "bases"

    def __init__(self, theme: Theme, title: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self._theme = theme
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(560))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        self._column.setSpacing(SPACE_3)
        self._column.addWidget(Heading(title, 2))
        self.words = PlainLabel(words)
        self.words.setWordWrap(True)
        self._column.addWidget(self.words)
        self.about = Quiet("", wrap=True)
        self.about.hide()
        self._column.addWidget(self.about)
        self.list = QPlainTextEdit()
        self.list.setReadOnly(True)
        self.list.setAccessibleName(title)
        self.list.setMinimumHeight(theme.px(180))
        self.list.hide()
        self._column.addWidget(self.list, 1)
        self._ways = QVBoxLayout()
        self._ways.setSpacing(SPACE_2)
        self._column.addLayout(self._ways)
        self._row = QHBoxLayout()
        self._row.setSpacing(SPACE_2)
        self._row.addStretch(1)
        self.close_button = push_button(_("Close"), self.reject)
        self._row.addWidget(self.close_button)
        self._column.addLayout(self._row)
        self.ways: list[QPushButton] = []

    def tell(self, text: str) -> None:
        """What follows from each way."""
        self.about.setText(text)
        self.about.setVisible(bool(text))

    def offer(self, words: str, go: Callable[[], None]) -> None:
        """A way out; the first one is the one that Enter takes."""

        def chosen() -> None:
            self.accept()
            go()

        button = push_button(words, chosen) if self.ways else PrimaryButton(words, chosen)
        button.setDefault(not self.ways)
        self.ways.append(button)
        self._ways.addWidget(button)

    def show_lines(self, lines: Sequence[str]) -> None:
        """What was put right or lost, to be copied."""
        self.list.setPlainText("\n".join(lines))
        if len(lines) <= _FEW:
            self.list.setMinimumHeight(self._theme.px(72))
            self.list.setMaximumHeight(self._theme.px(72))
        self.list.show()
        self.add_button(_("Copy the list"), "copy", self.copy)

    def add_button(self, words: str, icon: str, go: Callable[[], None]) -> None:
        """Something to do with what is told, beside Close."""
        place = self._row.count() - 1
        self._row.insertWidget(place, push_button(words, go, theme=self._theme, icon=icon))

    def copy(self) -> None:
        """Put the list on the clipboard."""
        QGuiApplication.clipboard().setText(self.list.toPlainText())

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        """High enough for its sentences."""
        super().showEvent(event)
        self.resize(self.width(), self._column.heightForWidth(self.width()))
        if self.ways:
            self.ways[0].setFocus()


def warn_of_share(settings: Settings, window: MainWindow, path: Path) -> None:
    """Say once of each base on a network share what that means."""
    from funneldesk.store.network import on_network_share

    known = [str(each) for each in settings.more.get(_SHARES, [])]
    if str(path) in known or not on_network_share(path):
        return

    def understood() -> None:
        settings.more[_SHARES] = [*known, str(path)]
        settings.save()
        window.banner.hide()

    window.banner.say(
        _(
            "This base lies on a network share. It works more slowly there, only one computer may "
            "have it open, and a broken connection can damage it: keep backups on a disk of this computer."
        ),
        _("Understood"),
        understood,
    )
