"""Portfolio transfer: each manager's load, what moves to whom, and how much that is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.change import Change
from funneldesk.domain.portfolio import Load, Wish
from funneldesk.errors import UserError
from funneldesk.text import _, error_text, format_money, format_number, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.short_table import dress_table

if TYPE_CHECKING:
    from funneldesk.domain.client_list import ClientChoices
    from funneldesk.store.database import Database
    from funneldesk.store.queries.lists import FunnelView


class TransferPage(Page):
    """Above the load of everybody, below what is given to whom."""

    help_page = "transfer"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._loads: list[Load] = []
        self._cities: tuple[str, ...] = ()
        self._categories: tuple[str, ...] = ()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(120)
        self._timer.timeout.connect(self.preview)
        self._build()
        self.reload()

    # -- building -----------------------------------------------------------------------------

    def _build(self) -> None:
        theme = self._context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(IconButton(theme, "arrow-left", _("To the clients"),
                                  lambda: self._context.show_page("clients")))  # fmt: skip
        head.addWidget(Heading(_("Portfolio transfer")))
        head.addStretch(1)
        column.addLayout(head)
        self.table = QTableWidget(0, 7)
        self.table.setAccessibleName(_("Load of the managers"))
        self.table.setHorizontalHeaderLabels(
            [
                _("Manager"),
                _("Clients"),
                _("Leads"),
                _("Open deals"),
                _("Open sum"),
                _("Planned"),
                _("Overdue"),
            ]
        )
        dress_table(self.table, theme, numbers=range(1, 7))
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.table.currentCellChanged.connect(self._chosen_row)
        column.addWidget(self.table, 1)
        self.nobody = EmptyState(
            theme, "users", _("Add managers in the settings first."), _("Open settings"),
            lambda: self._context.show_page("settings", section="lists"), title=_("No managers yet"),
        )  # fmt: skip
        self.nobody.hide()
        column.addWidget(self.nobody, 1)
        self.form = self._form()
        column.addWidget(self.form)

    def _form(self) -> QWidget:
        theme = self._context.theme
        form = QWidget()
        column = QVBoxLayout(form)
        column.setContentsMargins(0, SPACE_2, 0, 0)
        column.setSpacing(SPACE_2)
        who = QHBoxLayout()
        who.setSpacing(SPACE_2)
        who.addWidget(PlainLabel(_("Give from"), "field"))
        self.giver = ChoiceField((), optional=False)
        self.giver.setAccessibleName(_("Give from"))
        self.giver.setMinimumWidth(theme.px(190))
        self.giver.changed.connect(self._changed)
        who.addWidget(self.giver)
        who.addWidget(PlainLabel(_("Give to"), "field"))
        self.takers = ChoiceFilter(theme, _("Managers"))
        self.takers.changed.connect(self._changed)
        who.addWidget(self.takers)
        who.addStretch(1)
        column.addLayout(who)
        what = FlowLayout(spacing=SPACE_3)
        self.boxes: dict[str, QCheckBox] = {}
        for key, words in (("clients", _("Clients")), ("deals", _("Deals")),
                           ("activities", _("Planned activities")), ("leads", _("Open leads"))):  # fmt: skip
            box = QCheckBox(words)
            box.setChecked(True)
            box.toggled.connect(lambda _on: self._changed())
            self.boxes[key] = box
            what.addWidget(box)
        self.without = QCheckBox(_("Only clients without open deals"))
        self.without.toggled.connect(lambda _on: self._changed())
        what.addWidget(self.without)
        column.addLayout(what)
        only = FlowLayout(spacing=SPACE_2)
        only.addWidget(PlainLabel(_("Only where"), "field"))
        self.chips: dict[str, ChoiceFilter] = {}
        for key, words in (("city", _("City")), ("source", _("Source")), ("category", _("Category")),
                           ("funnel", _("Funnel"))):  # fmt: skip
            chip = ChoiceFilter(theme, words)
            chip.changed.connect(self._changed)
            self.chips[key] = chip
            only.addWidget(chip)
        column.addLayout(only)
        foot = QHBoxLayout()
        self.summary = Quiet("", wrap=True)
        foot.addWidget(self.summary, 1)
        self.button = PrimaryButton(_("Give"), self.transfer, theme=theme, icon="arrow-right-left")
        self.button.setEnabled(False)  # until it is known what there is to give
        foot.addWidget(self.button)
        column.addLayout(foot)
        return form

    # -- reading ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read everybody's load anew."""
        self._context.tasks.read(_read, self._take, receiver=self, key="transfer-loads")

    def _take(self, found: tuple[list[Load], ClientChoices, Sequence[FunnelView]]) -> None:
        self._loads, choices, funnels = found
        self._cities, self._categories = choices.cities, choices.categories
        self._show_loads()
        self.giver.set_options([(load.manager_id, _name(load)) for load in self._loads])
        active = [(load.manager_id, load.name) for load in self._loads if load.manager_id and load.active]
        self.takers.set_options(active)
        self.chips["source"].set_options(choices.sources)
        self.chips["city"].set_options(list(enumerate(self._cities, 1)))
        self.chips["category"].set_options(list(enumerate(self._categories, 1)))
        self.chips["funnel"].set_options([(view.funnel.id, view.funnel.name) for view in funnels])
        there: dict[str, Sequence[object]] = {"source": choices.sources, "city": self._cities}
        there |= {"category": self._categories, "funnel": funnels}
        for key, options in there.items():
            self.chips[key].setVisible(bool(options))
        self.nobody.setVisible(not active)
        for widget in (self.table, self.form):
            widget.setVisible(bool(active))
        self._changed()

    def _show_loads(self) -> None:
        chosen = self.giver.value()
        self.table.blockSignals(True)
        self.table.setRowCount(len(self._loads))
        for row, load in enumerate(self._loads):
            texts = (
                _name(load), *(format_number(n) for n in (load.clients, load.leads, load.deals)),
                format_money(load.amount, self._context.currency, cents=False),
                format_number(load.planned), format_number(load.late),
            )  # fmt: skip
            for place, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if place:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, place, item)
            if load.manager_id == chosen:
                self.table.setCurrentCell(row, 0)
        self.table.blockSignals(False)

    def _chosen_row(self, row: int, _column: int, _old: int, _old_column: int) -> None:
        if 0 <= row < len(self._loads):
            self.giver.set_value(self._loads[row].manager_id)

    # -- what moves ---------------------------------------------------------------------------

    def wish(self) -> Wish:
        """What is chosen."""
        giver = self.giver.value()
        chosen = {key: chip.chosen() for key, chip in self.chips.items()}
        return Wish(
            from_id=giver if isinstance(giver, int) else 0,
            to_ids=tuple(i for i in self.takers.chosen() if i != giver),
            **{key: box.isChecked() for key, box in self.boxes.items()},
            cities=tuple(self._cities[i - 1] for i in chosen["city"]),
            categories=tuple(self._categories[i - 1] for i in chosen["category"]),
            source_ids=tuple(chosen["source"]),
            funnel_ids=tuple(chosen["funnel"]),
            only_without_deals=self.without.isChecked(),
        )

    def _changed(self) -> None:
        self._timer.start()

    def preview(self) -> None:
        """Count what would move."""
        wish = self.wish()

        def read(db: Database) -> dict[str, int]:
            from funneldesk.services import portfolio

            return portfolio.preview(db, wish)

        self._context.tasks.read(read, self._show_preview, receiver=self, key="transfer-preview")

    def _show_preview(self, counts: dict[str, int]) -> None:
        words = moving_words(counts)
        if not words:
            self.summary.setText(_("Nothing fits these conditions."))
        elif not self.wish().to_ids:
            self.summary.setText(_("{what}. Choose who receives it.").format(what=words))
        elif len(self.wish().to_ids) > 1:
            self.summary.setText(
                _("{what}, shared evenly; all of one client goes to one manager.").format(what=words)
            )
        else:
            self.summary.setText(words)
        ready = bool(words) and bool(self.wish().to_ids) and not self._context.read_only
        self.button.setEnabled(ready)

    def transfer(self) -> None:
        """Move it; one change, which undo takes back whole."""
        wish = self.wish()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import portfolio

            return portfolio.transfer(db, wish, actor=actor)

        def failed(error: Exception) -> None:
            if isinstance(error, UserError):
                self._context.toast(error_text(error), None, error=True)

        save(self._context, write, self, lambda _change: self.reload(), failed)

    # -- what the window calls ----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Portfolio transfer")

    def activated(self) -> None:
        """The table takes the keys."""
        self.table.setFocus()

    def refresh(self, change: Change | None) -> None:
        """Something was written."""
        kinds = ("company", "person", "deal", "lead", "activity", "manager", "source", "funnel")
        if change is None or any(change.touches(kind) for kind in kinds):
            self.reload()


def moving_words(counts: dict[str, int]) -> str:
    """Clients, deals, activities and leads that move, in one line."""
    clients = counts.get("company", 0) + counts.get("person", 0)
    parts = []
    for count, one in (
        (clients, ngettext("{count} client", "{count} clients", clients)),
        (counts.get("deal", 0), ngettext("{count} deal", "{count} deals", counts.get("deal", 0))),
        (counts.get("activity", 0),
         ngettext("{count} activity", "{count} activities", counts.get("activity", 0))),
        (counts.get("lead", 0), ngettext("{count} lead", "{count} leads", counts.get("lead", 0))),
    ):  # fmt: skip
        if count:
            parts.append(one.format(count=format_number(count)))
    return ", ".join(parts)


def _name(load: Load) -> str:
    if not load.manager_id:
        return _("Nobody")
    return load.name if load.active else _("{name} (not active)").format(name=load.name)


def _read(db: Database) -> tuple[list[Load], ClientChoices, Sequence[FunnelView]]:
    from funneldesk.services import cards, portfolio

    return portfolio.loads(db), cards.client_choices(db)[0], cards.deal_lists(db)[0]
