"""The files of a card: kept in the base or as links, opened, saved, removed, dropped on the card."""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QMenu, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.files import AttachedFile
from funneldesk.text import _, format_date_short, format_number
from funneldesk.ui.clients.common import open_link, save
from funneldesk.ui.clients.sections import Line, Section
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

# What a system may run rather than show; we never hand it over, it can only be saved.
RUNNABLE = frozenset(
    """.exe .com .bat .cmd .scr .pif .msi .msp .js .jse .vbs .vbe .wsf .wsh .ps1 .psm1 .hta .jar .cpl .reg
    .lnk .url .desktop .sh .bash .run .app .command .py .pyw .rb .pl .appimage .deb .rpm .dmg .pkg .inf
    .scf .gadget .application .appref-ms .chm .iso .img .vhd .docm .xlsm .pptm""".split()
)


def size_words(size: int) -> str:
    """A size as people read it."""
    if size < 1_000_000:
        return _("{size} KB").format(size=format_number(max(size / 1000, 0.1), 0 if size >= 10_000 else 1))
    return _("{size} MB").format(size=format_number(size / 1_000_000, 1))


class FilesSection(QWidget):
    """`shown` carries how many files there are."""

    shown = Signal(int)

    def __init__(self, context: AppContext, kind: str, record_id: int) -> None:
        super().__init__()
        self._context = context
        self._kind, self._record_id = kind, record_id
        add = "" if context.read_only else _("Add a file or a link")
        self.section = Section(context.theme, _("Files"), add, self.open_add_menu)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.section)
        self._folder: Path | None = None  # of files handed to other programs; goes with this section
        self.lines: list[Line] = []
        self.reload()

    def reload(self) -> None:
        """Read the files anew."""
        kind, record_id = self._kind, self._record_id

        def read(db: Database) -> Sequence[AttachedFile]:
            from funneldesk.services import files

            return files.files_of(db, kind, record_id)

        self._context.tasks.read(read, self._show, receiver=self, key=f"files-{id(self)}")

    def _show(self, found: Sequence[AttachedFile]) -> None:
        self.section.clear()
        self.section.set_count(len(found))
        self.lines = []
        for file in found:
            day = format_date_short(file.added_at, self._context.zone)
            more = [_("link") if file.link else size_words(file.size), day, file.added_by]
            icon = "link" if file.link else "paperclip"
            line = Line(self._context.theme, icon, file.name, " · ".join(part for part in more if part))
            line.clicked.connect(partial(self.open_file, file))
            line.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            line.customContextMenuRequested.connect(partial(self._context_menu, line, file))
            self.lines.append(line)
            self.section.add(line)
        if not found:
            words = _("No files. Drop one here, or press the plus.")
            self.section.add(
                Quiet(words if not self._context.read_only else _("No files."), wrap=True, small=True)
            )
        self.shown.emit(len(found))

    # -- adding -------------------------------------------------------------------------------

    def open_add_menu(self) -> None:
        """A copy in the base, or a link."""
        menu, theme = QMenu(self), self._context.theme
        menu.addAction(theme_icon(theme, "paperclip"), _("Keep a copy in the base…"), self.ask_files)
        menu.addAction(theme_icon(theme, "link"), _("Link to a file…"), self.ask_link_to_file)
        menu.addAction(theme_icon(theme, "globe"), _("Link to an address…"), self.ask_address)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.section.button.mapToGlobal(QPoint(0, self.section.button.height() + 2)))

    def ask_files(self) -> None:
        """Choose files to keep."""
        names, _filter = QFileDialog.getOpenFileNames(self, _("Keep a copy in the base…"))
        if names:
            self.attach([Path(name) for name in names])

    def ask_link_to_file(self) -> None:
        """Choose a file that stays where it is."""
        name, _filter = QFileDialog.getOpenFileName(self, _("Link to a file…"))
        if name:
            self.link(name)

    def ask_address(self) -> None:
        """Ask for an address of the web."""
        from funneldesk.ui.ask_dialog import AskDialog

        words = (_("Link to an address"), _("Address"), _("Add"))
        dialog = AskDialog(self._context.theme, *words, self, help_page="card")
        dialog.answered.connect(self.link)
        dialog.open()

    def attach(self, paths: Sequence[Path]) -> None:
        """Keep copies of files."""
        kind, record_id, wanted = self._kind, self._record_id, list(paths)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import files

            return files.attach(db, kind, record_id, wanted, actor=actor)

        save(self._context, write, self)

    def link(self, target: str) -> None:
        """Keep a link."""
        kind, record_id = self._kind, self._record_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import files

            return files.link(db, kind, record_id, target, actor=actor)

        save(self._context, write, self)

    # -- using --------------------------------------------------------------------------------

    def make_menu(self, file: AttachedFile) -> QMenu:
        """What can be done with a file."""
        menu, theme = QMenu(self), self._context.theme
        menu.addAction(theme_icon(theme, "external-link"), _("Open"), partial(self.open_file, file))
        if file.sha256:
            menu.addAction(theme_icon(theme, "download"), _("Save as…"), partial(self.ask_save, file))
        remove = menu.addAction(theme_icon(theme, "trash-2"), _("Remove"), partial(self.remove, file))
        remove.setEnabled(not self._context.read_only)
        return menu

    def _context_menu(self, line: Line, file: AttachedFile, spot: QPoint) -> None:
        menu = self.make_menu(file)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(line.mapToGlobal(spot))

    def open_file(self, file: AttachedFile) -> None:
        """Show a file with the system's program; what a system may run is never handed to it."""
        if file.link and "://" in file.link:
            if not open_link(file.link):
                self._context.toast(_("This address is not opened: {address}").format(address=file.link))
            return
        if Path(file.link or file.name).suffix.lower() in RUNNABLE:
            self._context.toast(_("{name} could run as a program. Save it and look at it there.").format(
                name=file.name))  # fmt: skip
            return
        if file.link:
            self._hand_over(Path(file.link))
            return
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="funneldesk-"))
            weakref.finalize(self, shutil.rmtree, self._folder, True)
        place = self._folder / f"{file.id}" / safe_name(file.name)
        self._write(file, place, self._hand_over)

    def _hand_over(self, path: Path) -> None:
        if not path.exists():
            self._context.toast(_("{path} is not there any more.").format(path=path), None, error=True)
            return
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def ask_save(self, file: AttachedFile) -> None:
        """Ask where to put a copy."""
        name, _filter = QFileDialog.getSaveFileName(self, _("Save as…"), safe_name(file.name))
        if name:
            self._write(file, Path(name), lambda path: self._context.toast(
                _("Saved: {path}").format(path=path)))  # fmt: skip

    def _write(self, file: AttachedFile, place: Path, done: Any) -> None:
        def read(db: Database) -> Path:
            from funneldesk.services import files

            place.parent.mkdir(parents=True, exist_ok=True)
            return files.save_as(db, file, place)

        self._context.tasks.read(read, done, receiver=self)

    def remove(self, file: AttachedFile) -> None:
        """Take a file away; the toast brings it back."""

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import files

            return files.remove(db, file.id, actor=actor)

        save(self._context, write, self)


def safe_name(name: str) -> str:
    """A name that is only a name: no folders, no signs a system refuses."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(c if c.isprintable() and c not in '<>:"|?*' else "_" for c in last).strip(". ")
    return kept or "file"


def dropped_files(mime: Any) -> list[Path]:
    """The files on this computer that are dragged."""
    if not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
