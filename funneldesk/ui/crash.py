"""What a bug shows: a report that can be copied, without the data of people."""

from __future__ import annotations

import platform
import time

import shiboken6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from funneldesk import __version__
from funneldesk.logs import trace
from funneldesk.text import _
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import CopyButton, PrimaryButton
from funneldesk.ui.widgets.labels import Heading, Quiet

QUIET_S = 3.0  # a fault that comes again within these seconds of the last time is not shown again
MOST = 20  # reports in one dialog


class Crashes:
    """The faults of this run.  One that comes with every painting must not bury the window in dialogs."""

    def __init__(self) -> None:
        self._dialog: CrashDialog | None = None
        self._last: dict[str, float] = {}  # report -> when it came last

    def show(self, theme: Theme, error: BaseException, parent: QWidget | None) -> None:
        """Show a fault: in the dialog that is open, or in one of its own."""
        report, now = crash_report(error), time.monotonic()
        before = self._last.get(report)
        self._last[report] = now
        shown = self._dialog
        if shown is not None and shiboken6.isValid(shown) and shown.isVisible():
            shown.add(report)
        elif before is None or now - before > QUIET_S:
            self._dialog = dialog = CrashDialog(theme, error, parent)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()


def crash_report(error: BaseException) -> str:
    """Versions and the places in the code; no message and no value, as these may hold people's data."""
    system = f"{platform.system()} {platform.release()}"
    head = f"FunnelDesk {__version__}, Python {platform.python_version()}, Qt {qVersion()}, {system}"
    return "\n".join([head, *trace(error)])


class CrashDialog(Dialog):
    """Says that something went wrong, that saved work is safe, and offers the report."""

    help_page = "bases"

    def __init__(self, theme: Theme, error: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
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
        self._reports = [crash_report(error)]
        self.report = QPlainTextEdit(self._reports[0])
        self.report.setReadOnly(True)
        self.report.setAccessibleName(_("Report of the fault"))
        self.report.setMinimumHeight(theme.px(200))
        layout.addWidget(self.report)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(CopyButton(_("Copy the report"), self.report.toPlainText, theme))
        go_on = PrimaryButton(_("Go on"), self.accept)
        go_on.setDefault(True)
        row.addWidget(go_on)
        layout.addLayout(row)
        go_on.setFocus()

    def add(self, report: str) -> None:
        """Another fault while this is open; the same one again is nothing new."""
        if report not in self._reports and len(self._reports) < MOST:
            self._reports.append(report)
            self.report.setPlainText("\n\n".join(self._reports))
