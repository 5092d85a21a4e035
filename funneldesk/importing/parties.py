"""Companies, people and their contact points out of the rows of any kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from itertools import chain, islice
from typing import Any, TypeVar

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold, name_key, sort_key
from funneldesk.domain.folding_many import name_keys, phone_keys, sort_keys
from funneldesk.domain.matching import RowKeys, tax_key
from funneldesk.domain.phone import email_key
from funneldesk.importing.draft import Draft
from funneldesk.importing.matching import Matcher

T = TypeVar("T")
_PHONE, _EMAIL, _WEBSITE = str(ContactKind.PHONE), str(ContactKind.EMAIL), str(ContactKind.WEBSITE)
_COMPANY_TEXTS = ("legal_name", "tax_id", "address", "city", "region", "country", "size", "category")
_PERSON_TEXTS = ("tax_id", "address", "city", "region", "country", "category")
_TEXTS = (*_COMPANY_TEXTS, "comment")


class Parties:
    """Reads the client's side of rows and finds or makes it."""

    def __init__(self, draft: Draft, name_field: str, instead: str | None = None) -> None:
        self.draft = draft
        values = draft.values
        self._now = draft.request.now
        self._about_clients = name_field == "name"
        self.name = values.get(name_field)
        if instead is not None and values.has(instead):
            self.name = [a or b for a, b in zip(self.name, values.get(instead), strict=True)]
        self.person = person_names(draft)
        self._name_keys, self._person_keys = of_each(name_keys, self.name), of_each(name_keys, self.person)
        self._sort_keys = shared(of_each(sort_keys, self.name), self._name_keys)
        self._person_sort = shared(of_each(sort_keys, self.person), self._person_keys)
        self.phones, self.emails = values.get("phone"), values.get("email")
        self._phone_keys = of_tuples(phone_keys, self.phones)
        keys = of_tuples(lambda found: [email_key(text) for text in found], self.emails)
        self._email_keys = shared(keys, self.emails)
        self.links = values.get("website")
        self.position = values.get("position")
        self._first, self._last = values.get("first_name"), values.get("last_name")
        self.external = values.get("external_id") if name_field == "name" else values.get("_none")
        self.tax = values.get("tax_id")
        self.texts = (
            {key: values.get(key) for key in _TEXTS if values.has(key)} if name_field == "name" else {}
        )
        self.companies = Matcher(draft.index.companies, draft.request.keys)
        self.people = Matcher(draft.index.people, draft.request.keys)
        self._staff: dict[tuple[int, str], int] = {}
        self._staff_read: set[int] = set()
        self.staffed: set[int] = set()  # companies that have people

    def keys(self, place: int) -> RowKeys:
        """The keys of a row's company."""
        tax = self.tax[place]
        return RowKeys(
            self.external[place], tax_key(tax) if tax else "", self._email_keys[place],
            _real(self._phone_keys[place]), self._name_keys[place],
        )  # fmt: skip

    def person_keys(self, place: int) -> RowKeys:
        """The keys of a row's person."""
        return RowKeys(
            None, "", self._email_keys[place], _real(self._phone_keys[place]), self._person_keys[place]
        )

    # Making --------------------------------------------------------------------
    def make_company(self, place: int, keys: RowKeys, *, contacts: bool = True) -> int:
        """A new company from a row; its manager and source too when the row is about clients."""
        of = {key: column[place] for key, column in self.texts.items()}
        source, manager = self._served_by(place)
        ref = self.draft.batch("company").add(
            self.external[place], self.name[place], *map(of.get, _COMPANY_TEXTS), source, manager,
            of.get("comment"),
            self._now, self._now, self._name_keys[place], self._sort_keys[place],
        )  # fmt: skip
        if contacts:
            self.add_contacts(place, company=ref)
        self.companies.add(ref, keys)
        return ref

    def make_person(self, place: int, company: int | None, *, contacts: bool) -> int:
        """A new person from a row, of a company or an individual."""
        name, key, order = self._called(place)
        of = {} if company else {key: column[place] for key, column in self.texts.items()}
        source, manager = (None, None) if company else self._served_by(place)
        ref = self.draft.batch("person").add(
            None if company else self.external[place], company, name, self._first[place], self._last[place],
            self.position[place], "employee" if company else "individual", *map(of.get, _PERSON_TEXTS),
            source, manager, of.get("comment"), self._now, self._now, key, order,
        )  # fmt: skip
        if contacts:
            self.add_contacts(place, person=ref)
        if company:
            self._employ(company, key, ref)
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

    def _called(self, place: int) -> tuple[str, str, str]:
        """What a row's person is called, with the keys of that."""
        if self.person[place]:
            return self.person[place], self._person_keys[place], self._person_sort[place]
        reach = next(iter((*(self.emails[place] or ()), *(self.phones[place] or ()))), "")
        name = self.name[place] or reach
        return name, name_key(name), sort_key(name)

    def add_contacts(self, place: int, *, company: int | None = None, person: int | None = None) -> None:
        """The row's phones, e-mails and web addresses for a new record."""
        found = self.contacts(place)
        if found:
            self.draft.batch("contact_point").add_all(
                [(company, person, kind, text, at, key) for at, (kind, text, key) in enumerate(found)]
            )

    def contacts(self, place: int) -> list[tuple[str, str, str]]:
        """(kind, value, key) of a row's contact points."""
        out = []
        if self.phones[place]:
            keys = self._phone_keys[place]
            out += [(_PHONE, p, key) for p, key in zip(self.phones[place], keys, strict=True)]
        if self.emails[place]:
            keys = self._email_keys[place]
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

    def resolve(self, place: int) -> tuple[int | None, int | None]:
        """The company and the person of a row about something else (a deal): found, else made."""
        company = person = None
        if self.name[place]:
            keys = self.keys(place)
            company, _by = self.companies.find(keys)
            if company is None:
                company = self.make_company(place, keys, contacts=not self.person[place])
        if self.person[place]:
            person = self._staff.get((company, self._person_keys[place])) if company else None
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

    def known_companies(self, places: list[int]) -> set[int]:
        """The companies of the base that rows mean (before anything is made)."""
        found: set[int] = set()
        if self.draft.index.companies.is_empty():
            return found
        for place in places:
            ref, _by = self.companies.find(self.keys(place))
            if ref is not None:
                found.add(ref)
        return found


def of_each(keys: Callable[[Sequence[str]], list[str]], texts: Sequence[str | None]) -> list[str]:
    """The key of every text, "" for none; each different text is worked out once."""
    distinct = list(dict.fromkeys(filter(None, texts)))
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
