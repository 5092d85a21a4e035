"""Leaving a base while something is being written to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, ParamSpec

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from funneldesk.text import _

if TYPE_CHECKING:
    from funneldesk.ui.host import Host
    from funneldesk.ui.main_window import MainWindow

P = ParamSpec("P")


def asking(host: Host, go: Callable[P, object]) -> Callable[P, None]:
    """`go`, but only when the base of the host's window may be left."""

    def ask(*args: P.args, **words: P.kwargs) -> None:
        if host.window is None or may_leave(host.window):
            go(*args, **words)

    return ask


def may_leave(window: MainWindow) -> bool:
    """Whether the window may close: asks while a long write (an import) is under way."""
    if not window.built or window.context.tasks.long_write() is None:
        return True
    box = QMessageBox(window)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(_("Still writing"))
    box.setText(_("An import is under way."))
    box.setInformativeText(_("If you leave now, it stops and nothing of it stays in the base."))
    leave = box.addButton(_("Stop it and leave"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(_("Let it finish"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    box.exec()
    box.deleteLater()
    return box.clickedButton() is leave
