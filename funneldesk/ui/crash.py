"""What a bug shows: a report that can be copied, without the data of people."""

from __future__ import annotations

import platform

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from funneldesk import __version__
from funneldesk.logs import trace
from funneldesk.text import _
from funneldesk.ui.theme import SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import Heading, Quiet


def crash_report(error: BaseException) -> str:
    """Versions and the places in the code; no message and no value, as these may hold people's data."""
    system = f"{platform.system()} {platform.release()}"
    head = f"FunnelDesk {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {system}"
    return "\n".join([head, *trace(error)])


class CrashDialog(QDialog):
    """Says that something went wrong, that saved work is safe, and offers the report."""

    def __init__(self, theme: Theme, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Something went wrong"))
        self.setMinimumWidth(theme.px(560))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        layout.setSpacing(SPACE_3)
        layout.addWidget(Heading(_("Something went wrong"), 2))
        layout.addWidget(
            Quiet(
                _(
                    "This is a fault of the program, not yours. What was saved is safe, and the last action "
                    "was not written. You may go on working. The report below holds no data of your clients."
                ),
                wrap=True,
            )
        )
        self.report = QPlainTextEdit(crash_report(error))
        self.report.setReadOnly(True)
        self.report.setAccessibleName(_("Report of the fault"))
        self.report.setMinimumHeight(theme.px(200))
        layout.addWidget(self.report)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(push_button(_("Copy the report"), self.copy, theme=theme, icon="copy"))
        row.addWidget(PrimaryButton(_("Go on"), self.accept))
        layout.addLayout(row)

    def copy(self) -> None:
        """Put the report on the clipboard."""
        QGuiApplication.clipboard().setText(self.report.toPlainText())
