"""Where a file comes from: chosen, dropped, copied, the sample, or one of the last."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication

from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.import_wizard import sources
from funneldesk.ui.import_wizard.file_step import FileStep
from funneldesk.ui.import_wizard.foot import Foot
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.steps import FILE
from funneldesk.ui.page import Page


class OpeningPage(Page):
    """A page that a file is given to; the steps behind are `ImportPage`'s."""

    file_step: FileStep
    foot: Foot

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.session = ImportSession(context, self)
        self.step = FILE
        self.setAcceptDrops(True)

    def go(self, step: int) -> None:
        """Show a step that can be reached."""
        raise NotImplementedError

    def _connect_sources(self) -> None:
        drop = self.file_step.drop
        drop.choose_wanted.connect(self.choose_file)
        drop.paste_wanted.connect(self.paste)
        drop.sample_wanted.connect(self._open_sample)
        drop.file_wanted.connect(self.open_path)
        self.file_step.other_wanted.connect(self.choose_file)
        paste = QShortcut(QKeySequence(QKeySequence.StandardKey.Paste), self)
        paste.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        paste.activated.connect(self.paste)

    def open_path(self, path: Path) -> None:
        """Read a file; one that is open is put away, unless it is being written."""
        if self.session.writing():
            self._context.toast(_("Wait until this import is done, or cancel it first."), error=True)
            return
        self.go(FILE)
        self.session.open(path)

    def choose_file(self) -> None:
        """Ask for a file."""
        path = sources.ask(self, self._context.settings)
        if path is not None:
            self.open_path(path)

    def paste(self) -> None:
        """Take copied cells, or a copied file."""
        mime = QApplication.clipboard().mimeData()
        path = sources.file_in(mime)
        if path is not None:
            self.open_path(path)
        elif mime is not None and mime.text().strip() and not self.session.writing():
            self.go(FILE)
            self.session.paste(mime.text())
        else:
            self._say(_("There are no cells on the clipboard. Copy them in the spreadsheet first."))

    def _open_sample(self) -> None:
        self.open_path(sources.sample())

    def _show_recent(self) -> None:
        self.file_step.drop.set_recent(sources.recent(self._context.settings))

    def _say(self, text: str, *, error: bool = True) -> None:
        """Where a person looks: in the place for files while there is none, else at the foot."""
        if self.step == FILE and self.session.file is None and error:
            self.file_step.drop.say(text)
        else:
            self.foot.say(text, error=error)

    # Qt overrides

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if sources.file_in(event.mimeData()) is not None:
            event.acceptProposedAction()
            self.file_step.drop.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.file_step.drop.set_hot(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self.file_step.drop.set_hot(False)
        path = sources.file_in(event.mimeData())
        if path is not None:
            event.acceptProposedAction()
            self.open_path(path)
