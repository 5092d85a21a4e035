"""Files that the desktop hands to the running program: macOS sends them as events, not as arguments."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication

from funneldesk.ui.shell import is_base

if TYPE_CHECKING:
    from funneldesk.ui.host import Host


class OpenedFiles(QObject):
    """Opens bases and imports spreadsheets that arrive at the application."""

    def __init__(self, app: QApplication, host: Host) -> None:
        super().__init__(host)
        self._host = host
        app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QFileOpenEvent) or not event.file():
            return super().eventFilter(watched, event)
        self._take(Path(event.file()))
        return True

    def _take(self, path: Path) -> None:
        if is_base(path):
            self._host.commands().open_base(path)
            return
        window, welcome = self._host.window, self._host.welcome_window
        if window is not None and window.built:
            window.take_file(path)
        elif welcome is not None:
            welcome.take_file(path)
