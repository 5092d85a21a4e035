"""What rows name: deals, clients and invoices of the base; what is not there yet makes a row wait."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from funneldesk.domain.billing import number_key
from funneldesk.domain.folding import fold, name_key
from funneldesk.importing.plan import Wait
from funneldesk.importing.waiting import encode

if TYPE_CHECKING:
    from funneldesk.domain.arrivals import ImportRun
    from funneldesk.importing.draft import Draft
    from funneldesk.importing.living import RowLink
    from funneldesk.importing.matching import DealKey, Keys

# The ways in which programs number their records: digits, letters before digits, a GUID.
_ID = re.compile(
    r"^(?:\d{1,20}|[A-Za-zА-Яа-я]{1,8}[-_:#]\d{1,20}|[0-9a-fA-F]{8}(?:-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12})$"
)
_DAY = re.compile(r"\b(\d{1,2})\.(\d{1,2})\.(\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b")


@dataclass(frozen=True, slots=True)
class InvoiceKey:
    """What an import needs of an invoice: its reference, owner, day and currency."""

    ref: int
    company: int | None
    person: int | None
    date: str | None
    currency: str


@dataclass(slots=True)
class LinkIndex:
    """The base as rows that name other records see it.

    `titles()` folded title -> deal, None where several are called so; `payments` how many
    there are of (invoice, company, person, day, amount, currency); `waiting` how many rows of
    (kind, cells) wait already.
    """

    titles: Callable[[], Mapping[str, DealKey | None]] = dict
    deal_people: dict[int, int | None] = field(default_factory=dict)
    employers: dict[int, int | None] = field(default_factory=dict)
    invoice_ids: dict[str, InvoiceKey] = field(default_factory=dict)
    invoice_numbers: dict[str, list[InvoiceKey]] = field(default_factory=lambda: defaultdict(list))
    payment_ids: dict[str, int] = field(default_factory=dict)
    payments: Counter[tuple[Any, ...]] = field(default_factory=Counter)
    waiting: Counter[tuple[str, str]] = field(default_factory=Counter)
    # the same list last time (see `importing.living`): its import and rows, the marks of this file's rows
    previous: ImportRun | None = None
    before: list[RowLink] = field(default_factory=list)
    marks: list[int] = field(default_factory=list)
    unchanged: dict[int, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a row is."""

    company: int | None = None
    person: int | None = None
    deal: int | None = None


class Links:
    """Finds what rows name.  A method that answers None has made the row wait or rejected it."""

    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        values = draft.values
        self._index = draft.index
        self.deal, self.client = values.get("deal"), values.get("client")
        self.client_id, self.person_id = values.get("client_id"), values.get("person_id")
        self.invoice = values.get("invoice")
        self.by_number = not values.has("client_id") and numbers_only(self.client)

    def owner(self, place: int) -> Owner | None:
        """The deal and the client of a row; an empty owner when it names none."""
        client = self.client_of(place)
        if client is None:
            return None
        text = self.deal[place]
        if not text:
            return client
        deal = self.deal_of(place)
        if deal is None:
            return None
        person = client.person or self._index.links.deal_people.get(deal.id)
        company = client.company
        if client == Owner():
            company = deal.company_id
        return Owner(company, person, deal.id)

    def deal_of(self, place: int) -> DealKey | None:
        """The deal a row names by its number, else by a title that only one has."""
        text = self.deal[place]
        found = self.known_deal(text)
        if found is not None:
            return found
        folded = fold(text)
        if folded in self._index.links.titles():
            self._draft.reject(place, "deal", text, "import.many_deals")
        else:
            self._draft.wait(place, "deal", text, folded)
        return None

    def known_deal(self, text: str) -> DealKey | None:
        """As `deal_of`, of a text; no row waits or is rejected because of it."""
        found = self._index.deals.get(text)
        return found if found is not None else self._index.links.titles().get(fold(text))

    def client_of(self, place: int) -> Owner | None:
        """The client a row names by number or name; an empty owner when it names none."""
        number, contact, name = self.client_id[place], self.person_id[place], self.client[place]
        person = None
        if contact:
            person = self._index.people.external.get(contact)
            if person is None:
                self._draft.wait(place, "client", contact, contact)
                return None
        if number or name:
            found = self._numbered(number) if number else None
            found = found or (self._named(name, number) if name else None)
            if found is None:
                text = number or name
                self._draft.wait(place, "client", text, number or name_key(text))
                return None
            return Owner(found.company, found.person or person)
        if person is not None:
            return Owner(self._index.links.employers.get(person), person)
        return Owner()

    def _numbered(self, number: str) -> Owner | None:
        company = self._index.companies.external.get(number)
        if company is not None:
            return Owner(company)
        person = self._index.people.external.get(number)
        return None if person is None else Owner(self._index.links.employers.get(person), person)

    def _named(self, name: str, number: str | None) -> Owner | None:
        """By number when the name is one, else by name; not somebody who is numbered otherwise."""
        if not number:
            found = self._numbered(name)
            if found is not None:
                return found
        key = name_key(name)
        company = _unless_other(self._index.companies, self._index.companies.name.get(key), number)
        if company is not None:
            return Owner(company)
        person = _unless_other(self._index.people, self._index.people.name.get(key), number)
        return None if person is None else Owner(None, person)

    def free(self) -> bool:
        """Whether no row names a client by number, so that `firm` lets each go on without one."""
        values = self._draft.values
        named = values.has("client_id") or values.has("person_id") or self.by_number
        return not named and not self._index.companies.external

    def firm(self, place: int) -> tuple[int | None, bool]:
        """(the company of the base that a row names by number, whether the row may go on).

        A name that nobody has goes on: the firm is made.  A number that nobody has waits.
        """
        number, name = self.client_id[place], self.client[place]
        text = number or name
        if not text:
            return None, True
        found = self._index.companies.external.get(text)
        if found is not None:
            return found, True
        if number and name:
            named = _unless_other(
                self._index.companies, self._index.companies.name.get(name_key(name)), number
            )
            if named is not None:
                return named, True
        if number or (self.by_number and self._index.companies.name.get(name_key(text)) is None):
            self._draft.wait(place, "client", text, number or name_key(text))
            return None, False
        return None, True

    def invoice_of(self, place: int, owner: Owner, day: str | None) -> InvoiceKey | None:
        """The invoice a row names by number; of several the one of its client and day."""
        text = self.invoice[place]
        known = self._index.links.invoice_ids.get(text)
        if known is not None:
            return known
        key = number_key(text)
        found = self._index.links.invoice_numbers.get(key, [])
        if owner != Owner():
            found = [i for i in found if _same_owner(i, owner)]
        named = _day_in(text)
        if len(found) > 1 and named is not None:
            found = [i for i in found if i.date == named]
        if len(found) > 1 and day is not None:  # numbers begin anew each year
            found = [i for i in found if i.date is not None and i.date[:4] == day[:4]] or found
        if len(found) > 1:
            self._draft.reject(place, "invoice", text, "import.many_invoices")
            return None
        if not found:
            self._draft.wait(place, "invoice", text, key)
            return None
        return found[0]


def numbers_only(column: Sequence[Any]) -> bool:
    """Whether a column of clients gives numbers of another program instead of names."""
    filled = {text for text in column if text}
    return bool(filled) and all(_ID.match(text) for text in filled)


def add_wait(draft: Draft, place: int, wants: str, key: str, folded: str) -> Wait | None:
    """The row as one that waits; None when the very same row waits already."""
    cells = encode(draft.request, draft.values, place)
    known = draft.waiting
    mark = (str(draft.request.kind), cells)
    if known[mark] > 0:
        known[mark] -= 1
        return None
    return Wait(place, wants, key, folded, cells)


def _unless_other(keys: Keys, ref: int | None, number: str | None) -> int | None:
    """A record found by name, unless it has another number than the one named."""
    if ref is None or (number and keys.external_of.get(ref) not in (None, number)):
        return None
    return ref


def _same_owner(invoice: InvoiceKey, owner: Owner) -> bool:
    if owner.company is not None and invoice.company is not None:
        return owner.company == invoice.company
    return owner.person is not None and owner.person == invoice.person


def _day_in(text: str) -> str | None:
    found = _DAY.search(text)
    if found is None:
        return None
    day, month, year, iso_year, iso_month, iso_day = found.groups()
    return f"{iso_year}-{iso_month}-{iso_day}" if iso_year else f"{year}-{int(month):02}-{int(day):02}"
