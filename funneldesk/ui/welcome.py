"""The first start: import a spreadsheet, try the sample, start empty, open a base."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QMainWindow, QProgressBar, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import pixmap
from funneldesk.ui.shell import dropped_file, is_base, is_spreadsheet
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import ElidedLabel, Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea


@dataclass(frozen=True, slots=True)
class WelcomeCommands:
    """What the cards of the page do."""

    import_file: Callable[[Path | None], None]  # None: ask which
    sample: Callable[[], None]
    empty: Callable[[], None]
    open_base: Callable[[Path | None], None]  # None: ask which


class Welcome(QMainWindow):
    """Four ways to begin, and the bases opened lately."""

    def __init__(self, theme: Theme, commands: WelcomeCommands, recent: Sequence[str] = ()) -> None:
        super().__init__()
        self._theme = theme
        self._commands = commands
        self.setWindowTitle("FunnelDesk")
        self.setAcceptDrops(True)
        self.resize(theme.px(920), theme.px(640))
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(SPACE_6 * 2, SPACE_6 * 2, SPACE_6 * 2, SPACE_6)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("Welcome to FunnelDesk")))
        column.addWidget(
            Quiet(
                _(
                    "Clients, a board of stages and reports in one file on your computer. "
                    "How do you want to begin?"
                ),
                wrap=True,
            )
        )
        self._error = PlainLabel("", "error")
        self._error.setWordWrap(True)
        self._error.hide()
        self._busy_text = Quiet()
        self._busy = QProgressBar()
        self._busy.setTextVisible(False)
        self._busy.setRange(0, 0)
        for widget in (self._error, self._busy_text, self._busy):
            column.addWidget(widget)
        column.addSpacing(SPACE_3)
        self.cards = self._cards()
        column.addWidget(self.cards)
        self._add_recent(column, recent)
        column.addStretch(1)
        self.set_busy("")
        self.setCentralWidget(ScrollArea(inner))

    def show_error(self, text: str) -> None:
        """What went wrong and what to do."""
        self.set_busy("")
        self._error.setText(text)
        self._error.setVisible(bool(text))

    def set_busy(self, text: str) -> None:
        """Something is being made; an empty text ends it."""
        self._busy.setVisible(bool(text))
        self._busy_text.setVisible(bool(text))
        self._busy_text.setText(text)
        self.cards.setEnabled(not text)
        if text:
            self._error.hide()

    def _cards(self) -> QWidget:
        do = self._commands
        box = QWidget()
        grid = QGridLayout(box)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE_4)
        choices = (
            ("file-spreadsheet", _("Import a spreadsheet"),
             _("Excel, OpenDocument or CSV. You see what each row will do before anything is written."),
             _("Choose a file…"), lambda: do.import_file(None)),
            ("sparkles", _("Try the sample base"),
             _("300 made-up deals of a small team, to look around without harm."),
             _("Open the sample"), do.sample),
            ("square-kanban", _("Start empty"),
             _("Choose a funnel from the templates and add clients by hand."),
             _("Choose a template…"), do.empty),
            ("folder-open", _("Open a base"),
             _("A file that ends in .funneldesk, made here or on another computer."),
             _("Choose a file…"), lambda: do.open_base(None)),
        )  # fmt: skip
        for number, choice in enumerate(choices):
            grid.addWidget(self._card(*choice, primary=number == 0), number // 2, number % 2)
        return box

    def _card(
        self, icon: str, title: str, text: str, button: str, act: Callable[[], None], *, primary: bool
    ) -> QWidget:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        picture = QLabel()
        picture.setPixmap(pixmap(icon, self._theme.accent, self._theme.px(24)))
        column.addWidget(picture)
        column.addWidget(PlainLabel(title, "title"))
        words = Quiet(text, wrap=True)
        column.addWidget(words, 1, Qt.AlignmentFlag.AlignTop)
        column.addSpacing(SPACE)
        push = push_button(button, act, role="primary" if primary else "")
        push.setAccessibleName(f"{title}: {button}")
        column.addWidget(push, 0, Qt.AlignmentFlag.AlignLeft)
        return card

    def _add_recent(self, column: QVBoxLayout, recent: Sequence[str]) -> None:
        there = [name for name in recent if Path(name).is_file()]
        if not there:
            return
        column.addSpacing(SPACE_4)
        column.addWidget(PlainLabel(_("Opened lately"), "strong"))
        for name in there[:5]:
            row = push_button(Path(name).name, partial(self._commands.open_base, Path(name)), role="link")
            row.setToolTip(name)
            column.addWidget(row, 0, Qt.AlignmentFlag.AlignLeft)
            place = ElidedLabel(str(Path(name).parent), "small")
            place.setContentsMargins(SPACE, 0, 0, 0)
            column.addWidget(place)

    # Qt overrides

    def take_file(self, path: Path) -> None:
        """A file was dropped or handed over: a base is opened, a spreadsheet imported."""
        if is_base(path):
            self._commands.open_base(path)
        elif is_spreadsheet(path):
            self._commands.import_file(path)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.take_file(path)
