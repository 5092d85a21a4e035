"""What every dialog is built on: F1 opens its page of the help, to be read while the dialog waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import Heading

if TYPE_CHECKING:
    from funneldesk.ui.help import HelpPage

HELP_KEY = "F1"
_SIZE = QSize(900, 640)


class Dialog(QDialog):
    """A dialog of the program."""

    help_page = ""  # name of the Markdown page F1 opens, without ending

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._help_theme = theme
        self.help_window: HelpWindow | None = None
        QShortcut(QKeySequence(HELP_KEY), self, self.show_help)

    def headed(self, title: str, width: int, gap: int = SPACE_3, *, fixed: bool = False) -> QVBoxLayout:
        """The column of the dialog under its title; at least (`fixed`: just) so wide, in pixels at 100 %."""
        self.setWindowTitle(title)
        wide = self._help_theme.px(width)
        if fixed:
            self.setFixedWidth(wide)
        else:
            self.setMinimumWidth(wide)
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4 + SPACE, SPACE_4, SPACE_4 + SPACE, SPACE_4)
        column.setSpacing(gap)
        column.addWidget(Heading(title, 2))
        return column

    def add_foot(self, column: QVBoxLayout, do: QPushButton) -> QHBoxLayout:
        """Cancel at the right, and the button that does it; Enter takes that one unless it destroys."""
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        foot.addStretch(1)
        foot.addWidget(push_button(_("Cancel"), self.reject))
        foot.addWidget(do)
        do.setDefault(isinstance(do, PrimaryButton))
        column.addLayout(foot)
        return foot

    def show_help(self) -> None:
        """Open the page, or bring it to the front as it is being read."""
        if self.help_window is None:
            self.help_window = HelpWindow(self._help_theme, self)
            self.help_window.page.open_topic(self.help_page)
        self.help_window.show()
        self.help_window.raise_()
        self.help_window.activateWindow()


class HelpWindow(QDialog):
    """The help beside a dialog: its child, for a dialog bars every window but those."""

    def __init__(self, theme: Theme, dialog: QWidget) -> None:
        super().__init__(dialog, Qt.WindowType.Window)
        from funneldesk.ui.help import HelpPage

        self.setWindowTitle(_("Help"))
        self.page: HelpPage = HelpPage(theme)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.page)
        room = dialog.screen().availableSize()
        self.resize(QSize(theme.px(_SIZE.width()), theme.px(_SIZE.height())).boundedTo(room * 0.9))
