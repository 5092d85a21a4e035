"""The button of named mappings: use one, keep this one, rename, remove, to and from a file."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLineEdit, QMenu

from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.popup_filter import Popup

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class MappingsButton(IconButton):
    """Opens the menu."""

    def __init__(self, context: AppContext, session: ImportSession) -> None:
        words = _("Saved mappings")
        super().__init__(context.theme, "save", words, self.open_menu, text=words)
        self._context = context
        self._session = session
        self.names: list[str] = []

    def reload(self) -> None:
        """Read the names anew."""

        def read(db: Database) -> list[str]:
            from funneldesk.services import mappings

            return mappings.names(db)

        self._context.tasks.read(read, self._take, receiver=self)

    def _take(self, names: list[str]) -> None:
        self.names = names

    def make_menu(self) -> QMenu:
        """The menu; names of people's own are shown as they are."""
        theme, menu = self._context.theme, QMenu(self)
        writes = not self._context.read_only
        for name in self.names:
            menu.addAction(name.replace("&", "&&"), partial(self.use, name))
        menu.addSeparator()
        keep = menu.addAction(theme_icon(theme, "save"), _("Keep this mapping…"), partial(self.ask, ""))
        keep.setEnabled(writes)
        if self.names:
            for words, icon, act in (
                (_("Rename"), "pencil", self.ask),
                (_("Remove"), "trash-2", self.remove),
            ):
                more = menu.addMenu(theme_icon(theme, icon), words)
                more.setEnabled(writes)
                for name in self.names:
                    more.addAction(name.replace("&", "&&"), partial(act, name))
        menu.addSeparator()
        menu.addAction(theme_icon(theme, "file-down"), _("Save it to a file…"), self._ask_target)
        menu.addAction(theme_icon(theme, "folder-open"), _("Take one from a file…"), self._ask_source)
        return menu

    def open_menu(self) -> None:
        """Show the menu under the button."""
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    # -- doing --------------------------------------------------------------------------------

    def use(self, name: str) -> None:
        """Take the decisions of a mapping over."""

        def read(db: Database) -> dict[str, Any]:
            from funneldesk.services import mappings

            return mappings.named(db, name)

        self._context.tasks.read(read, self._session.use_mapping, self._failed, receiver=self)

    def ask(self, old: str) -> None:
        """Ask for a name: to keep what is decided now, or for the mapping `old`."""
        popup = Popup(self)
        field = QLineEdit(old)
        field.setPlaceholderText(_("Name, such as the sender of the list"))
        field.setAccessibleName(_("Name of the mapping"))
        field.setMinimumWidth(self._context.theme.px(240))

        def done() -> None:
            popup.close()
            if old:
                self.rename(old, field.text())
            else:
                self.keep(field.text())

        field.returnPressed.connect(done)
        row = QHBoxLayout()
        row.addWidget(field, 1)
        row.addWidget(push_button(_("Rename") if old else _("Keep"), done, role="primary"))
        popup.column.addLayout(row)
        popup.open_under(self)
        field.setFocus()

    def keep(self, name: str) -> None:
        """Keep what is decided now under a name."""
        document = self._session.mapping()
        if document is not None:
            self._put(name, document, _("Mapping {name} kept").format(name=name.strip()))

    def _put(self, name: str, document: dict[str, Any], words: str) -> None:
        def work(db: Database) -> None:
            from funneldesk.services import mappings

            mappings.keep(db, name, document)

        self._write(work, lambda _nothing: self._context.toast(words))

    def rename(self, old: str, new: str) -> None:
        """Call a mapping otherwise."""

        def work(db: Database) -> None:
            from funneldesk.services import mappings

            mappings.rename(db, old, new)

        self._write(work, lambda _nothing: None)

    def remove(self, name: str) -> None:
        """Forget a mapping; the toast brings it back."""

        def work(db: Database) -> dict[str, Any]:
            from funneldesk.services import mappings

            return mappings.remove(db, name)

        words = _("Mapping {name} removed").format(name=name)

        def done(gone: dict[str, Any]) -> None:
            back = _("Mapping {name} kept").format(name=name)
            self._context.toast(words, lambda: self._put(name, gone, back))

        self._write(work, done)

    def _write(self, work: Callable[[Database], Any], done: Callable[[Any], None]) -> None:
        def finished(result: Any) -> None:
            done(result)
            self.reload()

        self._context.tasks.write(work, finished, self._failed, receiver=self)

    def _ask_target(self) -> None:
        title, kinds = _("Save the mapping"), _("Mapping (*.json)")
        name, _kind = QFileDialog.getSaveFileName(self, title, _("mapping.json"), kinds)
        if name:
            self.save_to(Path(name if name.lower().endswith(".json") else f"{name}.json"))

    def _ask_source(self) -> None:
        name, _kind = QFileDialog.getOpenFileName(self, _("Take a mapping"), "", _("Mapping (*.json)"))
        if name:
            self.take_from(Path(name))

    def save_to(self, path: Path) -> None:
        """Write what is decided now to a file."""
        from funneldesk.services import mappings

        flow = self._session.flow
        if flow is None:
            return
        try:
            mappings.write(path, flow)
        except UserError as error:
            self._failed(error)
        else:
            self._context.toast(_("Mapping saved in {file}").format(file=path.name))

    def take_from(self, path: Path) -> None:
        """Use a mapping of a file."""
        from funneldesk.services import mappings

        try:
            self._session.use_mapping(mappings.read(path))
        except UserError as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._context.toast(error_text(error), error=True)
