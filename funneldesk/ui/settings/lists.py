"""Managers, sources, products, loss reasons: the lists that deals refer to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QTabBar,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.text import N_, _, format_money
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.services.team import ListRecord
    from funneldesk.store.database import Database
    from funneldesk.ui.ask_dialog import AskDialog

Records = dict[str, list["ListRecord"]]
_TABS = (
    ("manager", N_("Managers")),
    ("source", N_("Sources")),
    ("product", N_("Products")),
    ("loss_reason", N_("Loss reasons")),
)
_NOTHING = {
    "manager": N_("No managers yet. Add everybody who sells, yourself too: deals are given to them."),
    "source": N_("No sources yet. Add the usual ones, or your own: where clients come from."),
    "product": N_("No products yet. Add what you sell, with its price: deals take it by the line."),
    "loss_reason": N_("No loss reasons yet. Add why deals are lost: it is asked whenever one is."),
}


@dataclass(slots=True)
class _Chosen:
    record: ListRecord


class ListsSection(QWidget):
    """A tab per list; entries are added, renamed, and managers merged or sent away and brought back."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._records: Records = {kind: [] for kind, _title in _TABS}
        self.tabs = QTabBar()
        self.tabs.setExpanding(False)
        self.tabs.setDrawBase(False)
        for _kind, title in _TABS:
            self.tabs.addTab(_(title))
        self.tabs.setAccessibleName(_("Lists"))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Entries of the list"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        row = context.theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        self.list.setFixedHeight(row * 11 + SPACE_2)
        self.note = Quiet(wrap=True)
        self.add_button = push_button(_("Add…"), self.add, theme=context.theme, icon="plus")
        self.rename_button = push_button(_("Rename…"), self.rename, theme=context.theme, icon="pencil")
        self.merge_button = push_button(_("Merge into…"), self.merge)
        self.active_button = push_button(_("Deactivate"), self.toggle_active)
        self.usual_button = push_button(_("Add the usual ones"), self.add_usual)
        buttons = FlowLayout(spacing=SPACE_2)
        for button in (
            self.add_button,
            self.rename_button,
            self.merge_button,
            self.active_button,
            self.usual_button,
        ):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        for part in (self.tabs, self.list, self.note):
            column.addWidget(part)
        column.addLayout(buttons)
        self.tabs.currentChanged.connect(lambda _index: self._show())
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        self.list.itemDoubleClicked.connect(lambda _item: self.rename())
        QShortcut(
            QKeySequence(Qt.Key.Key_F2), self.list, context=Qt.ShortcutContext.WidgetShortcut
        ).activated.connect(self.rename)
        context.hub.changed.connect(self._changed)
        self.reload()

    @property
    def kind(self) -> str:
        """The list in front."""
        return _TABS[self.tabs.currentIndex()][0]

    def reload(self) -> None:
        """Read the lists anew."""
        self._context.tasks.read(_read, self._take, receiver=self, key="settings-lists")

    def _changed(self, change: Change) -> None:
        if any(change.touches(kind) for kind, _title in _TABS):
            self.reload()

    def _take(self, records: Records) -> None:
        self._records = records
        self._show()

    def _show(self) -> None:
        chosen = self._chosen()
        self.list.clear()
        for record in self._records[self.kind]:
            text = record.name
            if isinstance(record, Manager) and not record.active:
                text = _("{name} (not active)").format(name=record.name)
            if isinstance(record, Product) and record.price is not None:
                price = format_money(record.price, record.currency or self._context.currency)
                text = f"{record.name} · {price}"
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, _Chosen(record))
            self.list.addItem(item)
            if chosen is not None and chosen.id == record.id and type(chosen) is type(record):
                self.list.setCurrentItem(item)
        self.list.setVisible(self.list.count() > 0)
        self.note.setVisible(not self.list.count())
        self.note.setText(_(_NOTHING[self.kind]))
        self._enable()

    def _chosen(self) -> ListRecord | None:
        item = self.list.currentItem()
        if item is None:
            return None
        held = item.data(Qt.ItemDataRole.UserRole)
        return held.record if isinstance(held, _Chosen) else None

    def _enable(self) -> None:
        record = self._chosen()
        writable = not self._context.read_only
        self.add_button.setEnabled(writable)
        self.rename_button.setEnabled(writable and record is not None)
        self.usual_button.setVisible(self.kind == "source")
        self.usual_button.setEnabled(writable)
        self.rename_button.setText(_("Change…") if self.kind == "product" else _("Rename…"))
        for button in (self.merge_button, self.active_button):
            button.setVisible(self.kind == "manager")
            button.setEnabled(writable and record is not None)
        if isinstance(record, Manager):
            self.active_button.setText(_("Deactivate") if record.active else _("Make active"))

    def add(self) -> None:
        """Ask for a name and add it to the list in front."""
        if self.kind == "product":
            self._open_product(None)
            return
        kind = self.kind
        dialog = self._ask(_(dict(_TABS)[kind]), _("Name"), _("Add"))
        dialog.answered.connect(lambda name: self._write(lambda db: _add(db, kind, name)))

    def add_usual(self) -> None:
        """Add the sources most offices have; those that are there stay as they are."""
        names = (
            _("Internet"), _("Exhibition"), _("Trade catalogue"), _("Directory"), _("Association"),
            _("Data vendor"), _("State register"), _("Referral"), _("Existing client"), _("Own search"),
        )  # fmt: skip

        def work(db: Database) -> Change:
            from funneldesk.services import team

            return team.add_sources(db, names)

        self._context.tasks.write(work, self._context.tell, receiver=self)

    def rename(self) -> None:
        """Ask for another name of the chosen entry."""
        record = self._chosen()
        if record is None or self._context.read_only:
            return
        if isinstance(record, Product):
            self._open_product(record)
            return
        dialog = self._ask(_("Rename"), _("Name"), _("Rename"), text=record.name)

        def done(name: str) -> None:
            if name != record.name:
                self._write(lambda db: _rename(db, record, name))

        dialog.answered.connect(done)

    def _ask(self, title: str, label: str, do: str, **more: Any) -> AskDialog:
        from funneldesk.ui.ask_dialog import AskDialog

        dialog = AskDialog(self._context.theme, title, label, do, self, help_page="settings", **more)
        dialog.open()
        return dialog

    def _open_product(self, product: Product | None) -> None:
        from funneldesk.ui.settings.product import ProductDialog

        dialog = ProductDialog(self._context, self, product)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def merge(self) -> None:
        """Give all of the chosen manager to another one; one undo takes it back."""
        record = self._chosen()
        if not isinstance(record, Manager):
            return
        others = [(other.id, other.name) for other in self._records["manager"] if other.id != record.id]
        if not others:
            return
        question = _("Everything of {name} goes to:").format(name=record.name)
        words = _("Merge managers")
        dialog = self._ask(words, question, words, options=others)
        dialog.answered.connect(lambda other: self._write(lambda db: _merge(db, record.id, other)))

    def toggle_active(self) -> None:
        """Send a manager away, or bring them back; their deals and figures stay."""
        record = self._chosen()
        if isinstance(record, Manager):
            self._write(lambda db: _set_active(db, record.id, not record.active))

    def _write(self, work: Callable[[Database], Change]) -> None:
        self._context.tasks.write(work, receiver=self)


def _read(db: Database) -> Records:
    from funneldesk.store.queries import lists

    with db.read() as conn:
        return {
            "manager": [*lists.managers(conn)],
            "source": [*lists.sources(conn)],
            "product": [*lists.products(conn)],
            "loss_reason": [*lists.loss_reasons(conn)],
        }


def _add(db: Database, kind: str, name: str) -> Change:
    from funneldesk.services import team

    add = {
        "manager": team.add_manager,
        "source": team.add_source,
        "product": team.add_product,
        "loss_reason": team.add_loss_reason,
    }[kind]
    return add(db, name)


def _rename(db: Database, record: Manager | Source | Product | LossReason, name: str) -> Change:
    from funneldesk.services import team

    return team.rename(db, record, name)


def _merge(db: Database, manager_id: int, into_id: int) -> Change:
    from funneldesk.services import team

    return team.merge_managers(db, manager_id, into_id)


def _set_active(db: Database, manager_id: int, active: bool) -> Change:
    from funneldesk.services import team

    return team.set_active(db, manager_id, active)
