"""What lists of clients, leads and deals have in common: groups, many at once, export, paste."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu

from funneldesk.condition_words import field_name
from funneldesk.domain.change import Change
from funneldesk.domain.condition_fields import AskField
from funneldesk.field_words import note_words
from funneldesk.text import _, format_money, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.lists.group_words import headings
from funneldesk.ui.lists.grouped_model import Heading
from funneldesk.ui.widgets.buttons import IconButton

if TYPE_CHECKING:
    from funneldesk.services.bulk import Ref
    from funneldesk.store.database import Database

EXPORT_FILTER = "Excel (*.xlsx);;CSV (*.csv)"


@dataclass(frozen=True, slots=True)
class Arranged:
    """Ids in their order, and the headings they stand under."""

    ids: list[int]
    headings: tuple[Heading, ...] = ()


class ListTools(QObject):
    """Belongs to one list (it has `model`, `table` and `reload`); `refs` makes records of its ids."""

    def __init__(
        self, context: AppContext, page: Any, kind: str, refs: Callable[[Sequence[int]], list[Ref]]
    ) -> None:
        super().__init__(page)
        self._context = context
        self._page = page
        self._kind = kind
        self._refs = refs
        self.by = ""  # the field the list is grouped by
        self._counted: tuple[int, ...] = ()  # the selection told of last
        theme = context.theme
        self.group_button = IconButton(theme, "layers", _("Group by"), self._open_groups)
        self.more_button = IconButton(theme, "ellipsis", _("More"), self._open_more)

    # -- groups -------------------------------------------------------------------------------

    def arrange(self, db: Database, ids: list[int], by: str) -> Arranged:
        """Cut ids into groups, in the reading thread."""
        from funneldesk.services import conditions, listing

        if not by:
            return Arranged(ids)
        field = next((f for f in conditions.catalogue(db, self._kind) if f.key == by), None)
        if field is None:
            return Arranged(ids)
        groups = listing.grouped(db, self._kind, ids, by)
        return Arranged(ids, tuple(headings(groups, field, self._kind, self._context.currency)))

    def group_by(self, key: str) -> None:
        """Group by a field; "" = not at all."""
        self.by = key
        self.group_button.setProperty("on", "true" if key else "")
        self._page.reload()

    def _open_groups(self) -> None:
        self._with_fields(lambda fields: self._popup(self.group_menu(fields), self.group_button))

    def group_menu(self, fields: Sequence[AskField]) -> QMenu:
        """The menu of fields to group by."""
        menu = QMenu(self._page)
        nothing = menu.addAction(_("No groups"), lambda: self.group_by(""))
        nothing.setCheckable(True)
        nothing.setChecked(not self.by)
        if self.by:
            menu.addAction(_("Fold all groups"), lambda: self._page.model.fold_all(True))
            menu.addAction(_("Show all groups"), lambda: self._page.model.fold_all(False))
        menu.addSeparator()
        named = sorted(((field_name(f, self._kind), f.key) for f in fields), key=lambda p: p[0].casefold())
        for name, key in named:
            action = menu.addAction(name.replace("&", "&&"), lambda key=key: self.group_by(key))
            action.setCheckable(True)
            action.setChecked(key == self.by)
        return menu

    # -- many at once -------------------------------------------------------------------------

    def refs(self) -> list[Ref]:
        """The records selected."""
        return self._refs(self._page.table.selected_ids())

    def tell_selection(self, ids: Sequence[int]) -> None:
        """Count and sum of the selection, for the foot of the window."""
        kind, page = self._kind, self._page
        counted = self._counted = tuple(ids)
        if len(ids) < 2:
            page.selection_changed.emit(0, "")
            return
        page.selection_changed.emit(len(ids), "")
        if kind == "lead":
            return

        def read(db: Database) -> int | None:
            from funneldesk.services import listing

            return listing.amount_of(db, kind, ids)

        def told(amount: int | None) -> None:
            words = format_money(amount, self._context.currency, cents=False) if amount else ""
            if counted == self._counted:  # not another selection since
                page.selection_changed.emit(len(ids), words)

        self._context.tasks.read(read, told, receiver=self, key=f"selection-sum-{kind}")

    def add_to(self, menu: QMenu, managers: Sequence[tuple[int, str]]) -> None:
        """The actions on a selection."""
        theme, refs = self._context.theme, self.refs()
        writable = bool(refs) and not self._context.read_only
        people = menu.addMenu(theme_icon(theme, "user-check"), _("Give to manager"))
        people.setEnabled(writable and bool(managers))
        for manager_id, name in managers:
            people.addAction(name.replace("&", "&&"), lambda i=manager_id: self.assign(i))
        words = _("Set a field…")
        edit = menu.addAction(theme_icon(theme, "square-pen"), f"{words}\tCtrl+E", self.edit)
        tags = menu.addAction(theme_icon(theme, "tags"), _("Tags…"), self.tags)
        for action in (edit, tags):
            action.setEnabled(writable)

    def assign(self, manager_id: int) -> None:
        """Give the selection to a manager."""
        refs = self.refs()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import bulk

            return bulk.assign(db, refs, manager_id, actor=actor)

        if refs:
            save(self._context, write, self)

    def edit(self) -> None:
        """Set a field of the selection; the one under the cursor is offered first."""
        from funneldesk.ui.lists.field_dialog import FieldDialog, can_edit

        refs = self.refs()
        if not refs or self._context.read_only:
            return
        column = self._page.table.currentIndex().column()
        key = self._page.model.columns[column].key if column >= 0 else ""

        def ask(fields: list[AskField]) -> None:
            kinds = [kind for kind, _id in refs]
            chosen = key if any(f.key == key and can_edit(f, kinds) for f in fields) else ""
            dialog = FieldDialog(self._context, refs, fields, self._kind, self._page, chosen=chosen)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        self._with_fields(ask)

    def tags(self) -> None:
        """Put tags on the selection, or take them off."""
        from funneldesk.ui.lists.tags_dialog import TagsDialog

        refs = self.refs()

        def ask(fields: list[AskField]) -> None:
            dialog = TagsDialog(self._context, refs, fields, self._page)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.open()

        if refs and not self._context.read_only:
            self._with_fields(ask)

    # -- in and out ---------------------------------------------------------------------------

    def _open_more(self) -> None:
        self._popup(self.more_menu(), self.more_button)

    def more_menu(self) -> QMenu:
        """The menu of what is done with the whole list."""
        menu, theme = QMenu(self._page), self._context.theme
        menu.addAction(theme_icon(theme, "file-output"), _("Export this list…"), self.ask_export)
        words = _("Paste cells")
        paste = menu.addAction(theme_icon(theme, "clipboard-paste"), f"{words}\tCtrl+V", self.paste)
        paste.setEnabled(not self._context.read_only)
        return menu

    def paste(self) -> None:
        """Cells on the clipboard go to the preview of the import."""
        text = QGuiApplication.clipboard().text()
        if text.strip():
            self._context.show_page("import", text=text)
        else:
            self._context.toast(_("There are no cells on the clipboard. Copy them in the spreadsheet first."))

    def ask_export(self) -> None:
        """Ask for a file and write the list as it is shown: the selection, when several are selected."""
        people = ";;vCard (*.vcf)" if self._kind == "client" else ""
        name, _kind = QFileDialog.getSaveFileName(
            self._page, _("Export this list"), str(Path.home() / _("List.xlsx")), EXPORT_FILTER + people
        )
        if name:
            self.export(Path(name))

    def export(self, path: Path) -> None:
        """Write the list as it is shown."""
        selected = self._page.table.selected_ids()
        ids = selected if len(selected) > 1 else list(self._page.model.records())
        columns = [(column.key, column.title) for column in self._page.table.shown_columns()]
        kind = self._kind

        def work(db: Database, progress: Any, cancelled: Any) -> Any:
            from funneldesk.services import listing

            return listing.export(db, kind, ids, columns, path, progress, cancelled, note_words())

        def done(written: Any) -> None:
            text = ngettext("{count} row written to {file}", "{count} rows written to {file}", written.rows)
            told = text.format(count=format_number(written.rows), file=path.name)
            if written.notes:
                more = _("What a cell could not hold is on the sheet of notes.")
                told = f"{told}. {more}"
            self._context.toast(told)

        self._context.tasks.run(work, done, title=_("Export"), receiver=self)

    def key(self, event: QKeyEvent) -> bool:
        """Ctrl+E sets a field, Ctrl+V pastes; False when it is another key."""
        if event.matches(QKeySequence.StandardKey.Paste):
            if not self._context.read_only:
                self.paste()
        elif event.key() == Qt.Key.Key_E and event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            self.edit()
        else:
            return False
        return True

    # -- inside -------------------------------------------------------------------------------

    def _with_fields(self, use: Callable[[list[AskField]], None]) -> None:
        kind = self._kind

        def read(db: Database) -> list[AskField]:
            from funneldesk.services import conditions

            return conditions.catalogue(db, kind)

        self._context.tasks.read(read, use, receiver=self)

    def _popup(self, menu: QMenu, button: IconButton) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))
