"""Backups of the base: what there is, a look inside, back up now, restore."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain import clock
from funneldesk.errors import UserError
from funneldesk.text import N_, _, error_text, format_datetime, format_number, label_text, ngettext
from funneldesk.ui.context import AppContext
from funneldesk.ui.locksmith import wanted
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.services.backups import Backup
    from funneldesk.store.database import Database
    from funneldesk.store.look import Inside

_WHY: dict[str, str] = {
    "day": N_("start of the day"),
    "import": N_("before an import"),
    "delete": N_("before a large deletion"),
    "asked": N_("made by hand"),
}
LARGE = 1.3  # of the letters
_MEGA = 1024 * 1024


class BackupsSection(QWidget):
    """The newest first; what is inside the chosen one is told before it is restored."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._found: Sequence[Backup] = ()
        self._folder: Path | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.words = Quiet("", wrap=True)
        column.addWidget(self.words)
        self.list = QListWidget()
        self.list.setAccessibleName(_("Backups"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        row = context.theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        rows = 10 if context.theme.scale < LARGE else 6  # what can be done stays in sight
        self.list.setFixedHeight(row * rows + SPACE_2)
        self.list.currentRowChanged.connect(lambda _row: self._look())
        column.addWidget(self.list)
        self.inside = Quiet("", wrap=True)
        self.inside.setAccessibleName(_("What the backup holds"))
        column.addWidget(self.inside)
        theme = context.theme
        self.make_button = push_button(_("Back up now"), self.make, theme=theme, icon="save")
        self.restore_button = push_button(_("Restore this one"), self.restore, theme=theme, icon="rotate-ccw")
        self.folder_button = push_button(_("Choose the folder…"), self.choose_folder)
        self.open_button = push_button(
            _("Open the folder"), self.open_folder, theme=theme, icon="folder-open"
        )
        buttons = FlowLayout(spacing=SPACE_2)
        for button in (self.make_button, self.restore_button, self.folder_button, self.open_button):
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.reload()

    def reload(self) -> None:
        """Read what lies in the folder."""
        self._context.tasks.read(_read, self._take, receiver=self, key="settings-backups")

    def _take(self, answer: tuple[Path, Sequence[Backup]]) -> None:
        self._folder, self._found = answer
        self.words.setText(
            _(
                "Made at the first start of a day and before large imports and deletions, checked, and "
                "thinned out by days, weeks and months. They lie in {folder}"
            ).format(folder=self._folder)
        )
        self.list.clear()
        for backup in self._found:
            when = format_datetime(clock.to_micros(backup.made_at), self._context.zone)
            size = _("{size} MB").format(size=format_number(backup.size / _MEGA, 1))
            parts = [when, _(_WHY.get(backup.why, backup.why)), size]
            if not backup.proved:
                parts.append(_("has not passed the checks"))
            self.list.addItem(QListWidgetItem("  ·  ".join(parts)))
        self.list.setVisible(bool(self._found))
        self.list.setCurrentRow(0 if self._found else -1)
        self._look()

    def chosen(self) -> Backup | None:
        """The backup that is selected."""
        row = self.list.currentRow()
        return self._found[row] if 0 <= row < len(self._found) else None

    def _look(self) -> None:
        backup = self.chosen()
        writable = not self._context.read_only
        self.make_button.setEnabled(writable)
        self.folder_button.setEnabled(writable)
        self.restore_button.setEnabled(writable and backup is not None)
        if backup is None:
            self.inside.setText(_("No backup yet."))
            return
        self._context.tasks.read(
            lambda _db: _inside(backup.path),
            self._tell,
            self._cannot_tell,
            receiver=self,
            key="backup-inside",
        )

    def _tell(self, inside: Inside) -> None:
        clients = inside.companies + inside.people
        parts = [
            ngettext("{count} client", "{count} clients", clients).format(count=format_number(clients)),
            ngettext("{count} deal", "{count} deals", inside.deals).format(count=format_number(inside.deals)),
        ]
        lines = [_("Inside: {what}").format(what=", ".join(parts))]
        for at, who, label in inside.changes[:3]:
            when = format_datetime(clock.to_micros(at), self._context.zone)
            lines.append("  ".join(part for part in (when, label_text(label), who) if part))
        self.inside.setText("\n".join(lines))

    def _cannot_tell(self, error: Exception) -> None:
        if wanted(error) is not None:
            self.inside.setText(_("This backup has another password. It is asked for before it is restored."))
            return
        self.inside.setText(error_text(error) if isinstance(error, UserError) else _("It cannot be read."))
        self.restore_button.setEnabled(False)

    def make(self) -> None:
        """A backup now, in a worker."""

        def done(_made: object) -> None:
            self._context.toast(_("Backed up and checked."))
            self.reload()

        self.make_button.setEnabled(False)
        self._context.tasks.read(_make, done, self._failed, receiver=self)

    def _failed(self, error: Exception) -> None:
        words = error_text(error) if isinstance(error, UserError) else _("The backup could not be made.")
        self._context.toast(words, error=True)
        self.reload()

    def restore(self) -> None:
        """Put the chosen backup in the place of the base; what is there now is kept aside."""
        backup = self.chosen()
        if backup is not None:
            self._context.restore(backup.path)

    def choose_folder(self) -> None:
        """Keep backups elsewhere, best on another disk."""
        name = QFileDialog.getExistingDirectory(self, _("Folder for backups"), str(self._folder or ""))
        if name:
            folder = Path(name)
            self._context.tasks.write(lambda db: _set_folder(db, folder), lambda _none: self.reload())

    def open_folder(self) -> None:
        """Show the folder in the system's file manager."""
        if self._folder is not None and self._folder.is_dir():
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))


def _read(db: Database) -> tuple[Path, Sequence[Backup]]:
    from funneldesk.services import backups

    return backups.folder_of(db), backups.backups(db)


def _inside(path: Path) -> Inside:
    from funneldesk.services import backups

    return backups.look_inside(path)


def _make(db: Database) -> Backup:
    from funneldesk.services import backups

    return backups.make(db, backups.Why.ASKED)


def _set_folder(db: Database, folder: Path) -> None:
    from funneldesk.services import backups

    backups.set_folder(db, folder)
