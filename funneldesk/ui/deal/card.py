"""The card of a deal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtWidgets import QMenu

from funneldesk.domain import card as model
from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.funnel import DealMode
from funneldesk.text import _, format_date_short, format_days
from funneldesk.ui.again.dialogs import ask_again
from funneldesk.ui.board.moving import DealMover
from funneldesk.ui.clients.card_base import Card
from funneldesk.ui.clients.client_field import ClientField
from funneldesk.ui.clients.common import copy_text, link_of, open_link
from funneldesk.ui.clients.inline import InlineChoice, InlineDate, InlineMoney, InlineNotes
from funneldesk.ui.clients.sections import FieldGrid, Line, Section
from funneldesk.ui.clients.timeline import field_name
from funneldesk.ui.context import AppContext
from funneldesk.ui.deal.items import ItemsSection
from funneldesk.ui.deal.stage_strip import StageStrip
from funneldesk.ui.deal.way import WayLine, fill_menu, next_stage, skips_of
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import HeadRow
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_CHOICES = ("manager_id", "source_id", "product_id")


class DealCard(Card):
    """Stage, amount, client, next step, fields, timeline."""

    def __init__(self, context: AppContext, record_id: int) -> None:
        self._card: model.DealCard | None = None
        super().__init__(context, "deal", record_id)

    # -- building -----------------------------------------------------------------------------

    def build_sections(self) -> None:
        """Route, client, fields."""
        theme, writable = self.context.theme, not self.context.read_only
        self.mover = DealMover(self.context, self)
        self.title.committed.connect(self._rename)
        self.menu_button.clicked.connect(self._open_menu)
        self.sub_title = ElidedLabel("", "quiet")
        self.sub_title.setContentsMargins(8, 0, 0, 0)
        self.head.addWidget(self.sub_title)
        self.strip = StageStrip(theme)
        self.strip.wished.connect(self._to_stage)
        self.where = Quiet(wrap=True)
        self.outcome = PlainLabel("", "strong")
        self.outcome.setWordWrap(True)
        self.outcome.hide()
        self.column.insertWidget(1, self.strip)
        self.way = WayLine(self.context)
        self.way.go_on.connect(self._go_on)
        self.column.insertWidget(2, self.where)
        self.column.insertWidget(3, self.way)
        self.column.insertWidget(4, self.outcome)
        self.amount = InlineMoney(self.context.currency, big=True)
        self.amount.setAccessibleName(_("Amount"))
        self.amount.setPlaceholderText(_("Amount"))
        self.amount.setReadOnly(not writable)
        self.amount.amount_committed.connect(lambda minor: self.put("amount", minor))
        self.won_button = push_button(
            _("Mark won"), lambda: self.mover.win([self.record_id]), theme=theme, icon="trophy"
        )
        self.lost_button = push_button(_("Mark lost"), lambda: self.mover.lose([self.record_id]), theme=theme,
                                       icon="circle-x")  # fmt: skip
        for widget in (self.won_button, self.lost_button):
            widget.setEnabled(writable)
            widget.hide()  # until it is read whether the deal is open
        row = HeadRow([self.amount], [self.won_button, self.lost_button], SPACE)
        self.column.insertWidget(5, row)
        self.client = Section(theme, _("Client"))
        self.column.insertWidget(6, self.client)
        self.items = ItemsSection(self.context)
        self.add_section(self.items)
        section = Section(theme, _("Details"))
        self.grid = FieldGrid(theme)
        section.add(self.grid)
        self.choices = {name: self._add_choice(name) for name in _CHOICES}
        self.expected = InlineDate()
        self.expected.setEnabled(writable)
        self.expected.picked.connect(lambda value: self.put("expected_close", value))
        self.grid.add("expected_close", field_name("expected_close", self.names), self.expected)
        self.notes = {}
        for name in ("demand", "comment"):
            field = InlineNotes(theme)
            field.setReadOnly(not writable)
            field.committed.connect(lambda text, name=name: self.put(name, text or None))
            self.grid.add(name, field_name(name, self.names), field)
            self.notes[name] = field
        self.add_section(section)

    def _add_choice(self, name: str) -> InlineChoice:
        field = InlineChoice()
        field.setEnabled(not self.context.read_only)
        field.picked.connect(lambda value: self.put(name, value))
        self.grid.add(name, field_name(name, self.names), field)
        return field

    # -- showing ------------------------------------------------------------------------------

    def read(self, db: Database) -> Any:
        """The card and the newest of its timeline."""
        from funneldesk.services import cards

        return cards.deal(db, self.record_id, self.history)

    def show_card(self, card: model.DealCard) -> None:
        """Show what was read."""
        from funneldesk.services.activities import About

        self._card = card
        deal, names = card.deal, card.names
        self.version = deal.version
        self.title.set_value(deal.title)
        zone = self.context.zone
        parts = [card.funnel.name]
        if deal.created_at is not None:
            parts.append(_("since {day}").format(day=format_date_short(deal.created_at, zone)))
        self.sub_title.setText(" · ".join(parts))
        self.strip.show_route(
            card.stages, deal.stage_id, deal.status, stage_days(card), skips_of(card), deal.lost_from_id
        )
        self.strip.setVisible(deal.mode != DealMode.STAGELESS)
        self.way.show_card(card)
        self._show_outcome(card)
        code = deal.currency or self.context.currency
        self.amount.set_amount(deal.amount, code)
        self.won_button.setVisible(deal.status == "open")
        self.lost_button.setVisible(deal.status == "open")
        self._show_client(card)
        self.items.show_items(card)
        self.entry.set_about(About(deal_id=deal.id))
        lists = {
            "manager_id": {i: names.managers[i] for i in names.active_managers},
            "source_id": names.sources,
            "product_id": names.products,
        }
        for name, field in self.choices.items():
            value = getattr(deal, name)
            field.set_options(list(lists[name].items()))
            field.set_value(value, names.managers.get(value or 0, "") if name == "manager_id" else "")
        self.expected.set_day(deal.expected_close)
        for name, notes in self.notes.items():
            notes.set_value(getattr(deal, name) or "")

    def needs_step(self, card: model.DealCard) -> bool:
        """A closed deal needs no next step."""
        return card.deal.status == "open"

    def _show_outcome(self, card: model.DealCard) -> None:
        deal, zone = card.deal, self.context.zone
        self.where.setVisible(deal.status == "open")
        unknown = _("Without stages") if deal.mode == DealMode.STAGELESS else _("Open, stage unknown")
        stage = card.names.stages.get(deal.stage_id or 0) or unknown
        if deal.entered_at is not None:
            days = format_days((clock.now() - deal.entered_at) / clock.DAY)
            stage = _("{stage} · {days} days here").format(stage=stage, days=days)
        self.where.setText(stage)
        text = ""
        if deal.status == "won":
            text = _("Won {day}").format(day=format_date_short(deal.closed_at, zone))
        elif deal.status == "lost":
            reason = card.names.reasons.get(deal.loss_reason_id or 0, "")
            text = _("Lost {day}").format(day=format_date_short(deal.closed_at, zone))
            stage = card.names.stages.get(deal.lost_from_id or 0, "")
            where = _("at the stage “{stage}”").format(stage=stage) if stage else ""
            said = (text, where, reason, deal.competitor, deal.loss_comment)
            text = " · ".join(part for part in said if part)
        self.outcome.setText(text)
        self.outcome.setProperty("token", deal.status if text else "")
        self.outcome.style().unpolish(self.outcome)
        self.outcome.style().polish(self.outcome)
        self.outcome.setVisible(bool(text))

    def _show_client(self, card: model.DealCard) -> None:
        section, theme = self.client, self.context.theme
        section.clear()
        for kind, icon, found in (("company", "building-2", card.company), ("person", "user", card.person)):
            if found is not None:
                line = Line(theme, icon, found[1])
                line.clicked.connect(lambda k=kind, i=found[0]: self.open_card.emit(k, i))
                section.add(line)
        for kind, icon, value in (("phone", "phone", card.phone), ("email", "mail", card.email)):
            if value:
                line = Line(theme, icon, value)
                line.clicked.connect(lambda k=kind, v=value: open_link(link_of(k, v)))
                line.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
                line.customContextMenuRequested.connect(lambda _spot, v=value: copy_text(self.context, v))
                section.add(line)
        if card.company is None and card.person is None:
            self._ask_client(section)

    def _ask_client(self, section: Section) -> None:
        if self.context.read_only:
            section.add(Quiet(_("No client."), wrap=True, small=True))
            return
        field = ClientField(self.context)
        field.setPlaceholderText(_("No client yet. Type a name, then Enter"))
        field.returnPressed.connect(lambda: self._give_client(field))
        # the name chosen from the list is put into the field after this
        field.completer().activated.connect(lambda _name: QTimer.singleShot(0, field.returnPressed.emit))
        section.add(field)

    def _give_client(self, field: ClientField) -> None:
        deal_id, client, name = self.record_id, field.chosen(), field.text().strip()
        if not name or not field.isEnabled():
            return
        field.setEnabled(False)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import quick_deals

            return quick_deals.give_client(db, deal_id, client=client, client_name=name, actor=actor)

        self.write(write)

    def value_shown(self, field: str) -> Any:
        """The value of a column as it was read."""
        return getattr(self._card.deal, field) if self._card is not None else None

    def concerns(self, change: Change) -> bool:
        """This deal, its activities, its client, the small lists."""
        own = change.ids_of("deal")
        if own is None or self.record_id in own:
            return True
        others = {"activity", "company", "person", "contact_point", "manager", "source", "product", "stage",
                  "funnel", "loss_reason", "custom_field", "custom_value", "stage_move", "deal_item",
                  "currency_rate"}  # fmt: skip
        return any(change.touches(kind) for kind in others)

    # -- writing ------------------------------------------------------------------------------

    def write_fields(self, db: Database, actor: Any, version: int | None, values: dict[str, Any]) -> Change:
        """Change columns of the deal."""
        from funneldesk.services import deals

        return deals.update(db, self.record_id, expected_version=version, actor=actor, **values)

    def _rename(self, text: str) -> None:
        if text:
            self.put("title", text)
        elif self._card is not None:
            self.title.set_value(self._card.deal.title)

    def _to_stage(self, stage_id: int) -> None:
        deal = self._card.deal if self._card is not None else None
        if deal is None or self.context.read_only or (deal.status == "open" and deal.stage_id == stage_id):
            return
        self.mover.to_stage([self.record_id], stage_id)

    def _go_on(self) -> None:
        """The task of the step is done and the deal waits: to the next stage, or to Won."""
        following = next_stage(self._card) if self._card is not None else None
        if following is not None:
            self.mover.to_stage([self.record_id], following)
        else:
            self.mover.win([self.record_id])

    def make_menu(self) -> QMenu:
        """What else can be done with the deal."""
        menu, theme = QMenu(self), self.context.theme
        card = self._card
        if card is not None:
            stages = menu.addMenu(theme_icon(theme, "arrow-right"), _("Move to stage"))
            for stage in card.stages:
                action = stages.addAction(stage.name.replace("&", "&&"), lambda i=stage.id: self._to_stage(i))
                action.setCheckable(True)
                action.setChecked(stage.id == card.deal.stage_id)
            fill_menu(menu, self.context, card, self.write)
            menu.addAction(theme_icon(theme, "refresh-cw"), _("Start again…"), self.start_again)
            menu.addAction(theme_icon(theme, "calendar-clock"), _("Planned repeats…"),
                           lambda: self.context.show_page("again", planned=self.client_of(card)))  # fmt: skip
        menu.addSeparator()
        menu.addAction(theme_icon(theme, "trash-2"), _("Delete"), self.delete)
        menu.setEnabled(not self.context.read_only)
        return menu

    def client_of(self, card: model.DealCard) -> tuple[str, int]:
        """Whose planned repeats are to be looked at: those of the client, else of the deal."""
        deal = card.deal
        if deal.company_id is not None:
            return "company", deal.company_id
        return ("person", deal.person_id) if deal.person_id is not None else ("deal", deal.id)

    def start_again(self) -> None:
        """A new deal like this one, now or on a day."""
        ask_again(self.context, [self.record_id], self)

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 2)))

    def delete(self) -> None:
        """Remove the deal; the toast takes it back."""
        deal_id = self.record_id

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import deals

            return deals.delete(db, [deal_id], actor=actor)

        self.write(write, lambda _change: self.closed.emit())


def stage_days(card: model.DealCard) -> dict[int, float]:
    """Days spent in each stage over all visits, the one that lasts counted until now."""
    now, found = clock.now(), dict[int, float]()
    for spell in card.spells:
        if spell.stage_id is None or spell.since is None:
            continue
        until = spell.until if spell.until is not None else now
        found[spell.stage_id] = found.get(spell.stage_id, 0.0) + (until - spell.since) / clock.DAY
    return found
