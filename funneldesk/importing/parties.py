"""Companies, people and their contact points out of the rows of any kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, count, groupby, islice
from typing import Any, TypeVar, cast

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold, name_key
from funneldesk.domain.folding_many import email_keys, name_keys, phone_keys, sort_keys
from funneldesk.domain.matching import RowKeys, tax_key
from funneldesk.importing.draft import Draft
from funneldesk.importing.matching import Matcher
from funneldesk.importing.parsing import mostly_different
from funneldesk.importing.party_columns import (
    TEXTS,
    NewCompany,
    NewContacts,
    NewPerson,
    PartyColumns,
    repeated,
)

T = TypeVar("T")
_PHONE, _EMAIL, _WEBSITE = str(ContactKind.PHONE), str(ContactKind.EMAIL), str(ContactKind.WEBSITE)


class Parties(PartyColumns):
    """Reads the client's side of rows and finds or makes it."""

    def __init__(self, draft: Draft, name_field: str, instead: str | None = None) -> None:
        self.draft = draft
        values = draft.values
        self.now = draft.request.now
        self._about_clients = name_field == "name"
        self.name = values.get(name_field)
        if instead is not None and values.has(instead):
            self.name = [a or b for a, b in zip(self.name, values.get(instead), strict=True)]
        self.person = person_names(draft)
        self.name_keys, self.contact_keys = of_each(name_keys, self.name), of_each(name_keys, self.person)
        self.sort_keys = shared(of_each(sort_keys, self.name), self.name_keys)
        self.contact_sort = shared(of_each(sort_keys, self.person), self.contact_keys)
        self.phones, self.emails = values.get("phone"), values.get("email")
        self.phone_keys = of_tuples(phone_keys, self.phones)
        keys = of_tuples(email_keys, self.emails)
        self.email_keys = shared(keys, self.emails)
        self.links = values.get("website")
        self.position = values.get("position")
        self.first, self.last = values.get("first_name"), values.get("last_name")
        self.external = values.get("external_id") if name_field == "name" else values.get("_none")
        self.tax = values.get("tax_id")
        told = TEXTS if name_field == "name" else ("tax_id",)  # what else a deal says is its own
        self.texts = {key: values.get(key) for key in told if values.has(key)}
        self._reaches = [
            phones + emails + bool(link)
            for phones, emails, link in zip(
                map(len, self.phone_keys), map(len, self.email_keys), self.links, strict=True
            )
        ]
        self._alone: list[bool] | None = None
        self.companies = Matcher(draft.index.companies, draft.request.keys)
        self.people = Matcher(draft.index.people, draft.request.keys)
        self._staff: dict[tuple[int, str], int] = {}
        self._staff_read: set[int] = set()
        self.staffed: set[int] = set()  # companies that have people

    def keys(self, place: int) -> RowKeys:
        """The keys of a row's company."""
        tax = self.tax[place]
        return RowKeys(
            self.external[place], tax_key(tax) if tax else "", self.email_keys[place],
            _real(self.phone_keys[place]), self.name_keys[place],
        )  # fmt: skip

    def person_keys(self, place: int) -> RowKeys:
        """The keys of a row's person."""
        return RowKeys(
            None, "", self.email_keys[place], _real(self.phone_keys[place]), self.contact_keys[place]
        )

    # Making --------------------------------------------------------------------
    def make_company(self, place: int, keys: RowKeys, *, contacts: bool = True) -> int:
        """A new company from a row; its manager and source too when the row is about clients."""
        item = NewCompany(place, *self._served_by(place))
        ref = self.draft.batch("company").put(item, self.company_columns)
        if contacts:
            self.add_contacts(place, company=ref)
        self.companies.add(ref, keys)
        return ref

    def make_person(self, place: int, company: int | None, *, contacts: bool) -> int:
        """A new person from a row, of a company or an individual."""
        served = (None, None) if company else self._served_by(place)
        ref = self.draft.batch("person").put(NewPerson(place, company, *served), self.person_columns)
        if contacts:
            self.add_contacts(place, person=ref)
        if company:
            self._employ(company, self.called(place)[1], ref)
        else:
            self.people.add(ref, self.person_keys(place))
        return ref

    def _served_by(self, place: int) -> tuple[int | None, int | None]:
        """The source and the manager of a client, when the row is about clients."""
        if not self._about_clients:
            return None, None
        values = self.draft.values
        manager = self.draft.named("manager", values.get("manager")[place])
        return self.draft.named("source", values.get("source")[place]), manager

    def add_contacts(self, place: int, *, company: int | None = None, person: int | None = None) -> None:
        """The row's phones, e-mails and web addresses for a new record."""
        if self._reaches[place]:
            batch = self.draft.batch("contact_point")
            batch.put(NewContacts(place, company, person), self.contact_columns, self._reaches[place])

    def contacts(self, place: int) -> list[tuple[str, str, str]]:
        """(kind, value, key) of a row's contact points."""
        out = []
        if self.phones[place]:
            keys = self.phone_keys[place]
            out += [(_PHONE, p, key) for p, key in zip(self.phones[place], keys, strict=True)]
        if self.emails[place]:
            keys = self.email_keys[place]
            out += [(_EMAIL, e, key) for e, key in zip(self.emails[place], keys, strict=True)]
        if self.links[place]:
            out.append((_WEBSITE, self.links[place], fold(self.links[place])))
        return out

    # Finding -------------------------------------------------------------------
    def employee(self, company: int, name: str) -> int | None:
        """A person of a company by name, in the base or among those to be made."""
        return self._staff.get((company, name_key(name)))

    def staff(self) -> list[int]:
        """The people of companies that were read or made."""
        return list(self._staff.values())

    def hire(self, company: int, name: str, ref: int) -> None:
        """A person that was made for a company."""
        self._employ(company, name_key(name), ref)

    def _employ(self, company: int, key: str, ref: int) -> None:
        self._staff[company, key] = ref
        self.staffed.add(company)

    def read_staff(self, companies: set[int]) -> None:
        """Bring in who works at companies of the base, so that nobody is made twice."""
        fresh = {c for c in companies if c > 0} - self._staff_read
        self._staff_read |= fresh
        for row in self.draft.index.fetch("person", "company_id", fresh):
            self._staff.setdefault((row["company_id"], row["name_key"]), row["id"])
            self.staffed.add(row["company_id"])

    def resolve_all(self, places: Sequence[int]) -> list[tuple[int | None, int | None]]:
        """The company and the person of each of these rows about something else: found, else made."""
        found: list[tuple[int | None, int | None]] = []
        for alone, some in groupby(places, self.alone().__getitem__):
            if alone:
                found += self._make_all(list(some))
            else:
                found += map(self.resolve, some)
        return found

    def _make_all(self, places: Sequence[int]) -> Iterable[tuple[int, int | None]]:
        """The companies and people of rows that are alone, all of them new."""
        items = [(place, None, None) for place in places]
        first = self.draft.batch("company").put_all(items, self.company_columns)
        companies = range(first, first - len(places), -1)
        people: list[int | None] = [None] * len(places)
        if any(map(self.person.__getitem__, places)):
            staff = [
                (place, company, None, None)
                for place, company in zip(places, companies, strict=True)
                if self.person[place]
            ]
            refs = count(self.draft.batch("person").put_all(staff, self.person_columns), -1)
            people = [next(refs) if self.person[place] else None for place in places]
        owners = [
            (place, company if person is None else None, person)
            for place, company, person in zip(places, companies, people, strict=True)
            if self._reaches[place]
        ]
        if owners:
            counts = [self._reaches[place] for place, _company, _person in owners]
            self.draft.batch("contact_point").put_all(owners, self.contact_columns, counts)
        return zip(companies, people, strict=True)

    def resolve(self, place: int) -> tuple[int | None, int | None]:
        """The company and the person of a row about something else (a deal): found, else made."""
        company = person = None
        if self.name[place]:
            keys = self.keys(place)
            company, _by = self.companies.find(keys)
            if company is None:
                company = self.make_company(place, keys, contacts=not self.person[place])
        if self.person[place]:
            person = self._staff.get((company, self.contact_keys[place])) if company else None
            if person is None and company is None:
                person, _by = self.people.find(self.person_keys(place))
            if person is None:
                person = self.make_person(place, company, contacts=True)
        elif company is None and self.contacts(place):
            company, _by = self.companies.find(self.keys(place))
            if company is None:
                person, _by = self.people.find(self.person_keys(place))
            if company is None and person is None:
                person = self.make_person(place, None, contacts=True)  # called by the phone or e-mail
        return company, person

    def alone(self) -> Sequence[bool]:
        """Per row whether its company shares no key with another row or with the base: it is new, and
        nobody else's.
        """
        if self._alone is None:
            self._alone = self._lonely()
        return self._alone

    def _lonely(self) -> list[bool]:
        if self._about_clients:  # there a row has more keys
            return [False] * len(self.name)
        known = self.draft.index.companies
        tax = of_each(lambda texts: list(map(tax_key, texts)), self.tax)
        names = repeated(self.name_keys, known.name)
        taxes = repeated(filter(None, tax), known.tax)
        emails = repeated(chain.from_iterable(self.email_keys), known.email)
        phones = repeated(filter(None, chain.from_iterable(self.phone_keys)), known.phone)
        if not (names or taxes or emails or phones):
            return list(map(bool, self.name))
        return [
            bool(name) and key not in names and number not in taxes
            and emails.isdisjoint(mails) and phones.isdisjoint(calls)
            for name, key, number, mails, calls in zip(
                self.name, self.name_keys, tax, self.email_keys, self.phone_keys, strict=True
            )
        ]  # fmt: skip

    def known_companies(self, places: list[int]) -> set[int]:
        """The companies of the base that rows mean (before anything is made)."""
        found: set[int] = set()
        if self.draft.index.companies.is_empty():
            return found
        for place in places:
            if self.name[place]:
                ref, _by = self.companies.find(self.keys(place))
                if ref is not None:
                    found.add(ref)
        return found


def of_each(keys: Callable[[Sequence[str]], list[str]], texts: Sequence[str | None]) -> list[str]:
    """The key of every text, "" for none; each different text is worked out once."""
    if mostly_different(texts) and all(texts):
        return keys(cast(Sequence[str], texts))
    distinct = list(dict.fromkeys(filter(None, texts)))
    if len(distinct) == len(texts):
        return keys(distinct)
    known: dict[str | None, str] = dict(zip(distinct, keys(distinct), strict=True))
    return [known.get(text, "") for text in texts]


def shared(keys: list[T], known: Sequence[T | None]) -> list[T]:
    """`keys`, those that equal the one of the same place in `known` as one object: half the memory."""
    return [key if other is None or key != other else other for key, other in zip(keys, known, strict=True)]


def of_tuples(
    keys: Callable[[Sequence[str]], list[str]], cells: Sequence[tuple[str, ...] | None]
) -> list[tuple[str, ...]]:
    """As `of_each`, for cells that hold several texts."""
    found = iter(keys(list(chain.from_iterable(filter(None, cells)))))
    return [tuple(islice(found, len(cell))) if cell else () for cell in cells]


def _real(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys without those of texts that are no phone at all."""
    return keys if all(keys) else tuple(filter(None, keys))


def person_names(draft: Draft, key: str = "person") -> list[Any]:
    """The full name of the person of each row, put together from its parts when they are apart."""
    values = draft.values
    whole = values.get(key)
    parts = [values.get(key) for key in ("last_name", "first_name", "middle_name") if values.has(key)]
    if not parts:
        return whole
    # Surname first where there is a patronymic, else the given name first.
    if not values.has("middle_name"):
        parts.reverse()
    joined = [" ".join(p for p in names if p) or None for names in zip(*parts, strict=True)]
    return [a or b for a, b in zip(whole, joined, strict=True)]


def contacts_of(draft: Draft, column: str, ids: set[int]) -> dict[int, dict[str, set[str]]]:
    """Owner -> kind -> keys of the contact points that records of the base have."""
    out: dict[int, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for row in draft.index.fetch("contact_point", column, ids):
        out[row[column]][row["kind"]].add(row["key"])
    return out
