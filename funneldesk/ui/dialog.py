"""What every dialog is built on: F1 opens its page of the help, to be read while the dialog waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from funneldesk.text import _
from funneldesk.ui.theme import Theme

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
