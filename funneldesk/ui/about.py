"""About: version, licences; and the list of keys."""

from __future__ import annotations

import platform
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QListWidget,
    QPlainTextEdit,
    QTabWidget,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from funneldesk import __version__
from funneldesk.resources import resource_path
from funneldesk.text import _
from funneldesk.ui.actions import Actions
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import CopyButton, push_button
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.tasks import TaskRunner


OVERVIEW, OWN = "README", "LICENSE"


class AboutDialog(Dialog):
    """What this is, and under which terms its parts come."""

    help_page = "index"

    def __init__(self, theme: Theme, tasks: TaskRunner, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("About FunnelDesk"))
        self.resize(theme.px(760), theme.px(560))
        layout = _column(self)
        layout.addWidget(Heading("FunnelDesk"))
        layout.addWidget(
            Quiet(
                _("Version {version}. Python {python}, Qt {qt}.").format(
                    version=__version__, python=platform.python_version(), qt=qVersion()
                )
            )
        )
        layout.addWidget(Quiet(_("Nothing leaves this computer by itself."), wrap=True))
        self.tabs = QTabWidget()
        self.diagnostics = QPlainTextEdit()
        self.diagnostics.setReadOnly(True)
        self.diagnostics.setAccessibleName(_("Diagnostics"))
        self.tabs.addTab(self.diagnostics, _("Diagnostics"))
        self.licences = Licences(theme)
        self.tabs.addTab(self.licences, _("Licences"))
        layout.addWidget(self.tabs, 1)
        foot = _foot(self)
        self.copy = CopyButton(_("Copy the diagnostics"), self.diagnostics.toPlainText, theme)
        foot.insertWidget(0, self.copy)
        layout.addLayout(foot)
        if tasks.db is not None:
            tasks.read(_diagnose, self.diagnostics.setPlainText, receiver=self)


def _diagnose(db: Database) -> str:
    """Versions, sizes and counts, a line each; codes, for whoever looks for a fault."""
    from funneldesk.services import diagnostics

    found = asdict(diagnostics.diagnose(db))
    records = found.pop("records")
    lines = [f"{key}: {value}" for key, value in found.items()] + [f"qt: {qVersion()}"]
    return "\n".join([*lines, "", *(f"{kind}: {count}" for kind, count in records.items() if count)])


class Licences(QWidget):
    """The parts at the left, the terms of the chosen one at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self._files = licence_files()
        self.parts = QListWidget()
        self.parts.setAccessibleName(_("Parts of the program"))
        self.parts.setFixedWidth(theme.px(200))
        self.parts.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for path in self._files:
            name = _("Overview") if path.stem == OVERVIEW else "FunnelDesk" if path.stem == OWN else path.stem
            self.parts.addItem(name)
        self.terms = QTextBrowser()
        self.terms.setAccessibleName(_("Licence"))
        row.addWidget(self.parts)
        row.addWidget(self.terms, 1)
        self.parts.currentRowChanged.connect(self._show)
        self.parts.setCurrentRow(0)

    def _show(self, row: int) -> None:
        if not 0 <= row < len(self._files):
            return
        words = self._files[row].read_text(encoding="utf-8", errors="replace")
        if self._files[row].suffix == ".md":
            self.terms.setMarkdown(words)
        else:
            self.terms.setPlainText(words)


def licence_files() -> list[Path]:
    """The texts of the licences that come with the program: its own, the overview of all, each part's."""
    folder = resource_path("licenses")
    # a checkout keeps the program's own at its top
    own = [path for path in (folder / f"{OWN}.txt", folder.parent.parent / OWN) if path.is_file()][:1]
    rest = {path for path in folder.rglob("*") if path.is_file()} - {*own, folder / f"{OVERVIEW}.md"}
    return [*own, folder / f"{OVERVIEW}.md", *sorted(rest, key=lambda path: path.stem.casefold())]


class ShortcutsDialog(Dialog):
    """Every action that has a key."""

    help_page = "shortcuts"

    def __init__(self, theme: Theme, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("Keys"))
        self.resize(theme.px(520), theme.px(560))
        layout = _column(self)
        layout.addWidget(Heading(_("Keys"), 2))
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(0, 0, SPACE_3, 0)
        grid.setHorizontalSpacing(SPACE_6)
        grid.setVerticalSpacing(SPACE_2)
        for row, (what, keys) in enumerate(actions.shortcuts()):
            grid.addWidget(PlainLabel(what), row, 0)
            grid.addWidget(Quiet(keys), row, 1, Qt.AlignmentFlag.AlignRight)
        grid.setRowStretch(grid.rowCount(), 1)
        layout.addWidget(ScrollArea(inner), 1)
        layout.addLayout(_foot(self))


def _column(dialog: QDialog) -> QVBoxLayout:
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
    layout.setSpacing(SPACE_3)
    return layout


def _foot(dialog: QDialog) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(push_button(_("Close"), dialog.accept))
    return row
