"""Managers, sources, products, loss reasons: the lists that deals refer to."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialog, QPushButton

from funneldesk.domain.change import Change
from funneldesk.domain.team import LossReason, Manager, Product
from funneldesk.text import N_, _, format_money
from funneldesk.ui.context import AppContext
from funneldesk.ui.settings.record_list import RecordList
from funneldesk.ui.widgets.buttons import push_button

if TYPE_CHECKING:
    from funneldesk.services.list_entries import ListRecord
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor
    from funneldesk.ui.ask_dialog import AskDialog

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


class ListsSection(RecordList["ListRecord"]):
    """A tab per list; entries are added, renamed, merged, removed, managers also sent away."""

    kinds = tuple(kind for kind, _title in _TABS)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context, _("Lists"), 11, tabs=[_(title) for _kind, title in _TABS])

    @property
    def kind(self) -> str:
        """The list in front."""
        return _TABS[self.tabs.currentIndex()][0]

    def reader(self) -> Callable[[Database], Sequence[ListRecord]]:
        """The entries of the list in front."""
        kind = self.kind

        def read(db: Database) -> Sequence[ListRecord]:
            from funneldesk.services import list_entries

            return list_entries.entries(db, kind)

        return read

    def line(self, record: ListRecord) -> str:
        """Its name; of a product with the price, of a manager who left with a word."""
        if isinstance(record, Manager) and not record.active:
            return _("{name} (not active)").format(name=record.name)
        if isinstance(record, Product) and record.price is not None:
            price = format_money(record.price, record.currency or self._context.currency)
            return f"{record.name} · {price}"
        return record.name

    def nothing(self) -> str:
        """What belongs here."""
        return _(_NOTHING[self.kind])

    def more_buttons(self) -> Sequence[QPushButton]:
        """Merging, and what only managers or sources have."""
        self.merge_button = push_button(_("Merge into…"), self.merge)
        self.active_button = push_button(_("Deactivate"), self.toggle_active)
        self.usual_button = push_button(_("Add the usual ones"), self.add_usual)
        return self.merge_button, self.active_button, self.usual_button

    def enable(self) -> None:
        """The buttons of the list in front."""
        super().enable()
        record, writable = self.chosen(), not self._context.read_only
        self.change_button.setText(_("Change…") if self.kind == "product" else _("Rename…"))
        self.merge_button.setEnabled(writable and bool(self._others()))
        self.active_button.setVisible(self.kind == "manager")
        self.active_button.setEnabled(writable and record is not None)
        self.usual_button.setVisible(self.kind == "source")
        self.usual_button.setEnabled(writable)
        if isinstance(record, Manager):
            self.active_button.setText(_("Deactivate") if record.active else _("Make active"))

    def add_usual(self) -> None:
        """Add the sources most offices have; those that are there stay as they are."""
        names = (
            _("Internet"), _("Exhibition"), _("Trade catalogue"), _("Directory"), _("Association"),
            _("Data vendor"), _("State register"), _("Referral"), _("Existing client"), _("Own search"),
        )  # fmt: skip

        def work(db: Database, actor: Actor) -> Change:
            from funneldesk.services import team

            return team.add_sources(db, names, actor=actor)

        self.write(work)

    def dialog(self, record: ListRecord | None) -> QDialog:
        """A product's own; of everything else the name is asked."""
        if self.kind == "product":
            from funneldesk.ui.settings.product import ProductDialog

            return ProductDialog(self._context, self, record if isinstance(record, Product) else None)
        if record is None:
            kind = self.kind
            dialog = self._ask(_(dict(_TABS)[kind]), _("Name"), _("Add"))
            dialog.answered.connect(lambda name: self._add(kind, name))
            return dialog
        dialog = self._ask(_("Rename"), _("Name"), _("Rename"), text=record.name)
        dialog.answered.connect(lambda name: self._rename(record, name))
        return dialog

    def _ask(self, title: str, label: str, do: str, **more: Any) -> AskDialog:
        from funneldesk.ui.ask_dialog import AskDialog

        return AskDialog(self._context.theme, title, label, do, self, help_page="settings", **more)

    def _add(self, kind: str, name: str) -> None:
        def work(db: Database, actor: Actor) -> Change:
            from funneldesk.services import team

            add = {
                "manager": team.add_manager,
                "source": team.add_source,
                "loss_reason": team.add_loss_reason,
            }[kind]
            return add(db, name, actor=actor)

        self.write(work, toast=False)

    def _rename(self, record: ListRecord, name: str) -> None:
        def work(db: Database, actor: Actor) -> Change:
            from funneldesk.services import team

            return team.rename(db, record, name, actor=actor)

        if name != record.name:
            self.write(work, toast=False)

    def _others(self) -> list[tuple[object, str]]:
        """What the chosen entry can be merged into; a loss reason only into one that is offered as widely."""
        record = self.chosen()
        if record is None:
            return []
        others = [other for other in self.records if other.id != record.id]
        if isinstance(record, LossReason):
            near = (None, record.funnel_id)
            others = [other for other in others if isinstance(other, LossReason) and other.funnel_id in near]
        return [(other.id, other.name) for other in others]

    def merge(self) -> None:
        """Give all that refers to the chosen entry to another one; one undo takes it back."""
        record, others = self.chosen(), self._others()
        if record is None or not others or self._context.read_only:
            return
        question = _("Everything of {name} goes to:").format(name=record.name)
        words = _("Merge managers") if isinstance(record, Manager) else _("Merge entries")
        dialog = self._ask(words, question, words, options=others)

        def work(db: Database, actor: Actor, into: int) -> Change:
            from funneldesk.services import list_entries

            return list_entries.merge(db, type(record), record.id, into, actor=actor)

        dialog.answered.connect(lambda into: self.write(lambda db, actor: work(db, actor, into)))
        dialog.open()

    def removal(self, record: ListRecord) -> Callable[[Database, Actor], Change]:
        """An entry in use stays, and it is said what to do."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import list_entries

            return list_entries.remove(db, type(record), record.id, actor=actor)

        return write

    def toggle_active(self) -> None:
        """Send a manager away, or bring them back; their deals and figures stay."""
        record = self.chosen()
        if not isinstance(record, Manager):
            return

        def work(db: Database, actor: Actor) -> Change:
            from funneldesk.services import team

            return team.set_active(db, record.id, not record.active, actor=actor)

        self.write(work, toast=False)
