"""The card of a company or a person."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from funneldesk.domain import card as model
from funneldesk.domain.change import Change
from funneldesk.domain.client import Person
from funneldesk.domain.clock import local_date, to_micros
from funneldesk.text import _, format_date_short, format_money
from funneldesk.ui.clients.billing import BillingSection
from funneldesk.ui.clients.card_base import Card
from funneldesk.ui.clients.common import due_words
from funneldesk.ui.clients.contacts import Contacts, contact_hint
from funneldesk.ui.clients.inline import InlineChoice, InlineDate, InlineNotes
from funneldesk.ui.clients.roles import PERSON_KINDS, RolesChoice, person_kind_words
from funneldesk.ui.clients.sections import FieldGrid, Line, LinkButton, Section
from funneldesk.ui.clients.timeline import field_name
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.widgets.labels import ElidedLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_COMPANY = (
    "legal_name",
    "tax_id",
    "bank_account",
    "city",
    "region",
    "country",
    "address",
    "category",
    "size",
)
_PERSON = ("position", "tax_id", "bank_account", "city", "address", "category")


class ClientCard(Card):
    """`kind` is company or person."""

    def __init__(self, context: AppContext, kind: str, record_id: int) -> None:
        self._card: model.ClientCard | None = None
        super().__init__(context, kind, record_id)

    # -- building -----------------------------------------------------------------------------

    def build_sections(self) -> None:
        """Contacts, deals, people, invoices, fields."""
        theme, writable = self.context.theme, not self.context.read_only
        self.title.committed.connect(self._rename)
        self.menu_button.clicked.connect(self._open_menu)
        self.under_title = LinkButton(self._open_company)
        self.under_title.setStyleSheet("padding: 0 8px")  # in line with the words above
        self.under_title.hide()
        self.sub_title = ElidedLabel("", "quiet")
        self.sub_title.setContentsMargins(8, 0, 0, 0)
        self.head.addWidget(self.sub_title)
        self.head.addWidget(self.under_title, 0, Qt.AlignmentFlag.AlignLeft)
        self.contacts = Contacts(self.context)
        self.contacts.put.connect(self._put_contacts)
        self.column.insertWidget(1, self.contacts)
        add_deal = _("New deal") if writable else ""
        self.deals = Section(theme, _("Deals"), add_deal, self.new_deal)
        self.add_section(self.deals)
        self.people = Section(theme, _("People"), _("New person") if writable else "", self.new_person)
        if self.kind == "company":
            self.add_section(self.people)
        self.billing = BillingSection(self.context)
        self.add_section(self.billing)
        section = Section(theme, _("Details"))
        self.grid = FieldGrid(theme)
        section.add(self.grid)
        names = _COMPANY if self.kind == "company" else _PERSON
        self.texts = {name: self.add_text(self.grid, name) for name in names}
        self.doubtful = Quiet(_("Check the tax number: its check digit is wrong."), wrap=True, small=True)
        self.doubtful.setMinimumWidth(1)
        self.doubtful.hide()
        section.add(self.doubtful)
        self.choices = {name: self._add_choice(name) for name in ("manager_id", "source_id")}
        if self.kind == "company":
            self._add_roles()
        else:
            self._add_personal()
        self.comment = InlineNotes(theme)
        self.comment.setReadOnly(not writable)
        self.comment.committed.connect(lambda text: self.put("comment", text or None))
        self.grid.add("comment", _("Comment"), self.comment)
        self.add_section(section)

    def _add_roles(self) -> None:
        self.roles = RolesChoice()
        self.roles.setEnabled(not self.context.read_only)
        self.roles.picked.connect(lambda value: self.put("roles", value))
        self.grid.add("roles", field_name("roles", self.names), self.roles)

    def _add_personal(self) -> None:
        """What a person is, and the consent to keep their data."""
        self.person_kind = InlineChoice()
        self.person_kind.set_options([(kind, person_kind_words(kind)) for kind in PERSON_KINDS])
        self.person_kind.picked.connect(lambda value: self.put("kind", value or "individual"))
        self.consent = InlineDate()
        self.consent.picked.connect(lambda day: self.put("consent_at", _moment(day, self.context.zone)))
        for name, field in (("kind", self.person_kind), ("consent_at", self.consent)):
            field.setEnabled(not self.context.read_only)
            self.grid.add(name, field_name(name, self.names), field)
        self.texts["consent_how"] = self.add_text(self.grid, "consent_how")

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

        return cards.client(db, self.kind, self.record_id, self.history)

    def show_card(self, card: model.ClientCard) -> None:
        """Show what was read."""
        from funneldesk.services.activities import About

        self._card = card
        record = card.record
        self.version = record.version
        self.title.set_value(record.name)
        parts = [_("Company") if card.kind == "company" else _("Person"), record.city or ""]
        if isinstance(record, Person):
            parts = [record.position or _("Person"), record.city or ""]
        self.sub_title.setText(" · ".join(part for part in parts if part))
        self.under_title.setVisible(card.company is not None)
        self.under_title.set_words(card.company[1] if card.company else "", self.context.theme.px(300))
        about = {f"{card.kind}_id": record.id}
        if isinstance(record, Person) and record.company_id is not None:
            about["company_id"] = record.company_id
        self.entry.set_about(About(**about))
        self.contacts.show_points(card.contacts)
        self._show_deals(card)
        self._show_people(card)
        self.billing.show_billing(card)
        for name, field in self.texts.items():
            field.set_value(getattr(record, name) or "")
        names, managers = card.names, card.names.managers
        self.choices["manager_id"].set_options([(i, managers[i]) for i in names.active_managers])
        self.choices["manager_id"].set_value(record.manager_id, managers.get(record.manager_id or 0, ""))
        self.choices["source_id"].set_options(list(names.sources.items()))
        self.choices["source_id"].set_value(record.source_id)
        self.comment.set_value(record.comment or "")
        if isinstance(record, Person):
            self.person_kind.set_value(record.kind, person_kind_words(record.kind))
            day = None if record.consent_at is None else local_date(record.consent_at, self.context.zone)
            self.consent.set_day(None if day is None else day.isoformat())
        else:
            self.roles.set_roles(record.roles)
        self._look_at_tax_number(record.tax_id)

    def _look_at_tax_number(self, tax_id: str | None) -> None:
        from funneldesk.services.requisites import tax_number_doubtful

        self.doubtful.setVisible(tax_number_doubtful(tax_id))

    def _show_deals(self, card: model.ClientCard) -> None:
        section = self.deals
        section.clear()
        section.set_count(len(card.deals))
        for deal in card.deals:
            line = self._deal_line(deal)
            line.clicked.connect(lambda deal_id=deal.id: self.open_card.emit("deal", deal_id))
            section.add(line)
        if not card.deals:
            writable = not self.context.read_only
            section.say_empty(_("No deals yet."), _("New deal"), self.new_deal, writable=writable)

    def _deal_line(self, deal: model.DealLine) -> Line:
        zone, currency = self.context.zone, deal.currency or self.context.currency
        amount = "" if deal.amount is None else format_money(deal.amount, currency, cents=False)
        closed = format_date_short(deal.closed_at, zone)
        if deal.status == "won":
            icon, token, more = "trophy", "won_text", _("Won {day}").format(day=closed)
        elif deal.status == "lost":
            icon, token, more = "circle-x", "lost_text", _("Lost {day}").format(day=closed)
        else:
            icon, token, more = "circle-dot", "accent", deal.stage or _("Open, stage unknown")
        due = due_words(deal.next_due_at, zone).text if deal.next_due_at is not None else ""
        role = "strong" if deal.status == "open" else "quiet"
        right_more = due if deal.status == "open" else ""
        return Line(self.context.theme, icon, deal.title, more, amount, token=token, right_more=right_more,
                    right_role=role)  # fmt: skip

    def _show_people(self, card: model.ClientCard) -> None:
        section = self.people
        section.clear()
        section.set_count(len(card.people))
        for person in card.people:
            line = Line(
                self.context.theme, "user", person.name, person.position, person.phone or person.email
            )
            line.clicked.connect(lambda person_id=person.id: self.open_card.emit("person", person_id))
            section.add(line)
        if not card.people:
            writable = not self.context.read_only
            section.say_empty(_("Nobody yet."), _("New person"), self.new_person, writable=writable)

    def value_shown(self, field: str) -> Any:
        """The value of a column as it was read."""
        return getattr(self._card.record, field) if self._card is not None else None

    def concerns(self, change: Change) -> bool:
        """This client, its contacts and fields, its deals and people, the small lists."""
        own = change.ids_of(self.kind)
        if own is None or self.record_id in own:
            return True
        others = {"contact_point", "activity", "deal", "stage_move", "person", "manager", "source", "stage",
                  "custom_field", "custom_value", "company", "invoice", "payment",
                  "currency_rate"}  # fmt: skip
        return any(change.touches(kind) for kind in others)

    # -- writing ------------------------------------------------------------------------------

    def write_fields(self, db: Database, actor: Any, version: int | None, values: dict[str, Any]) -> Change:
        """Change columns of the client."""
        from funneldesk.services import clients

        client = (self.kind, self.record_id)
        return clients.update(db, client, expected_version=version, actor=actor, **values)

    def _rename(self, text: str) -> None:
        if text:
            self.put("name", text)
        elif self._card is not None:
            self.title.set_value(self._card.record.name)

    def _put_contacts(self, wanted: list[tuple[str, str]]) -> None:
        from funneldesk.ui.clients.common import save

        client = (self.kind, self.record_id)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import clients

            return clients.update(db, client, contacts=wanted, actor=actor)

        save(self.context, write, self, toast=False)

    def _open_company(self) -> None:
        if self._card is not None and self._card.company is not None:
            self.open_card.emit("company", self._card.company[0])

    def new_person(self) -> None:
        """A new person of this company."""
        from funneldesk.ui.clients.new_client import NewClientDialog

        if self._card is None:
            return
        company = (self.record_id, self._card.record.name)
        dialog = NewClientDialog(self.context, "person", self, company=company)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.known.connect(self.open_card)
        dialog.open()

    def new_deal(self) -> None:
        """A new deal with this client."""
        from funneldesk.ui.deal.new_deal import NewDealDialog

        if self._card is None:
            return
        links = {f"{self.kind}_id": self.record_id}
        if isinstance(self._card.record, Person) and self._card.record.company_id is not None:
            links["company_id"] = self._card.record.company_id
        dialog = NewDealDialog(self.context, self, client=self._card.record.name, links=links)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(lambda deal_id: self.open_card.emit("deal", deal_id))
        dialog.open()

    def make_menu(self) -> QMenu:
        """What else can be done with the client."""
        menu, theme = QMenu(self), self.context.theme
        for kind, icon in (("phone", "phone"), ("email", "mail"), ("website", "globe")):
            menu.addAction(
                theme_icon(theme, icon), contact_hint(kind), lambda k=kind: self.contacts.add_line(k)
            )
        menu.addSeparator()
        menu.addAction(theme_icon(theme, "receipt"), _("New invoice"), self.billing.new_invoice)
        menu.addAction(theme_icon(theme, "banknote"), _("New payment"), self.billing.new_payment)
        mine = (self.kind, self.record_id)
        menu.addAction(theme_icon(theme, "calendar-clock"), _("Planned repeats…"),
                       lambda: self.context.show_page("again", planned=mine))  # fmt: skip
        menu.addSeparator()
        if self.kind == "person" and self._card is not None:
            from funneldesk.ui.clients.privacy import ask_export

            name = self._card.record.name
            menu.addAction(theme_icon(theme, "file-output"), _("Export all that is held…"),
                           lambda: ask_export(self.context, self, self.record_id, name))  # fmt: skip
            menu.addAction(theme_icon(theme, "shield"), _("Erase for good…"), self.erase)
        menu.addAction(theme_icon(theme, "trash-2"), _("Delete"), self.delete)
        menu.setEnabled(not self.context.read_only)
        return menu

    def _open_menu(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.menu_button.mapToGlobal(QPoint(0, self.menu_button.height() + 2)))

    def erase(self) -> None:
        """Ask before a person is erased for good."""
        from funneldesk.ui.clients.privacy import EraseDialog

        if self._card is not None:
            dialog = EraseDialog(self.context, self.window(), self.record_id, self._card.record.name)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(self.closed)
            dialog.open()

    def delete(self) -> None:
        """Remove the client; the toast takes it back."""
        client = (self.kind, self.record_id)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import clients

            return clients.delete(db, [client], actor=actor)

        self.write(write, lambda _change: self.closed.emit())


def _moment(day: str | None, zone: ZoneInfo) -> int | None:
    """The beginning of a day as a moment."""
    return None if day is None else to_micros(datetime.fromisoformat(day).replace(tzinfo=zone))
