"""How far the pages of a print are.

Charts are widgets, so pages are laid out in the window's thread; that takes from a tenth of a second to
some seconds, and is told.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QEventLoop, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QApplication, QDialog, QProgressBar, QVBoxLayout, QWidget

from funneldesk.domain.booklet import Booklet, Printable, ReportPack
from funneldesk.domain.results import Report
from funneldesk.text import _
from funneldesk.ui.theme import SPACE_2, SPACE_4
from funneldesk.ui.widgets.labels import PlainLabel

Told = Callable[[int], None]


def parts_of(what: Printable) -> int:
    """In how many parts it is laid out."""
    if isinstance(what, Report):
        return 1
    if isinstance(what, Booklet):
        return len(what.parts) + 2
    return len(what.reports) if isinstance(what, ReportPack) else len(what)


class Laying(QDialog):
    """A line and a bar over the window while its thread is busy; nothing in it can be pressed."""

    def __init__(self, parts: int, parent: QWidget | None) -> None:
        super().__init__(parent, Qt.WindowType.FramelessWindowHint | Qt.WindowType.Dialog)
        self.setWindowTitle(_("Laying out the pages"))
        self.setStyleSheet("QDialog { border: 1px solid palette(mid); }")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_2)
        self.words = PlainLabel(_("Laying out the pages…"))
        self.bar = QProgressBar()
        self.bar.setRange(0, parts)
        self.bar.setTextVisible(False)
        self.bar.setMinimumWidth(280)
        self.bar.setVisible(parts > 1)
        column.addWidget(self.words)
        column.addWidget(self.bar)

    def told(self, done: int) -> None:
        """`done` parts are laid out; painted at once, as no event is looked at meanwhile."""
        self.bar.setValue(done)
        self.repaint()


@contextmanager
def laying_out(what: Printable, parent: QWidget | None) -> Iterator[Told]:
    """Tell of the work inside; give it what to call with the number of parts that are done."""
    said = Laying(parts_of(what), parent)
    QGuiApplication.setOverrideCursor(QCursor(Qt.CursorShape.WaitCursor))
    said.show()
    # let it appear; what a person does meanwhile waits
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    try:
        yield said.told
    finally:
        QGuiApplication.restoreOverrideCursor()
        said.hide()
        said.deleteLater()
