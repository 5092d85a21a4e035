"""Companies, people and their contact points out of the rows of any kind."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold, name_key, sort_key
from funneldesk.domain.matching import RowKeys, tax_key
from funneldesk.domain.phone import email_key, phone_key
from funneldesk.importing.draft import Draft
from funneldesk.importing.matching import Matcher

_TEXTS = ("legal_name", "tax_id", "address", "city", "region", "country", "size", "category", "comment")


class Parties:
    """Reads the client's side of rows and finds or makes it."""

    def __init__(self, draft: Draft, name_field: str) -> None:
        self.draft = draft
        values = draft.values
        self._now = draft.request.now
        self._about_clients = name_field == "name"
        self.name = values.get(name_field)
        self.person = person_names(draft)
        self.phones, self.emails = values.get("phone"), values.get("email")
        self.links = values.get("website")
        self.position = values.get("position")
        self.external = values.get("external_id") if name_field == "name" else values.get("_none")
        self.tax = values.get("tax_id")
        self.texts = (
            {key: values.get(key) for key in _TEXTS if values.has(key)} if name_field == "name" else {}
        )
        self._reach_keys = _reach_keys(self.phones, self.emails)
        self.companies = Matcher(draft.index.companies, draft.request.keys)
        self.people = Matcher(draft.index.people, draft.request.keys)
        self._staff: dict[tuple[int, str], int] = {}
        self._staff_read: set[int] = set()
        self.staffed: set[int] = set()  # companies that have people

    def keys(self, place: int) -> RowKeys:
        """The keys of a row's company."""
        emails, phones = self._reach_keys[place]
        tax, name = self.tax[place], self.name[place]
        return RowKeys(
            self.external[place], tax_key(tax) if tax else "", emails, phones, name_key(name) if name else ""
        )

    def person_keys(self, place: int) -> RowKeys:
        """The keys of a row's person."""
        emails, phones = self._reach_keys[place]
        name = self.person[place]
        return RowKeys(None, "", emails, phones, name_key(name) if name else "")

    # Making --------------------------------------------------------------------
    def make_company(self, place: int, keys: RowKeys, *, contacts: bool = True) -> int:
        """A new company from a row; its manager and source too when the row is about clients."""
        texts = {key: column[place] for key, column in self.texts.items()}
        name = self.name[place]
        about = self._about_clients
        manager = self.draft.named("manager", self.draft.values.get("manager")[place]) if about else None
        source = self.draft.named("source", self.draft.values.get("source")[place]) if about else None
        ref = self.draft.batch("company").add(
            self.external[place], name, texts.get("legal_name"), texts.get("tax_id"), texts.get("address"),
            texts.get("city"), texts.get("region"), texts.get("country"), texts.get("size"),
            texts.get("category"), source, manager, texts.get("comment"), self._now, self._now,
            name_key(name), sort_key(name),
        )  # fmt: skip
        if contacts:
            self.add_contacts(place, company=ref)
        self.companies.add(ref, keys)
        return ref

    def make_person(self, place: int, company: int | None, *, contacts: bool) -> int:
        """A new person from a row, of a company or an individual."""
        reach = next(iter((*(self.emails[place] or ()), *(self.phones[place] or ()))), "")
        name = self.person[place] or self.name[place] or reach
        texts = {} if company else {key: column[place] for key, column in self.texts.items()}
        values = self.draft.values
        manager = source = None
        if company is None and self._about_clients:
            manager = self.draft.named("manager", values.get("manager")[place])
            source = self.draft.named("source", values.get("source")[place])
        ref = self.draft.batch("person").add(
            None if company else self.external[place], company, name, values.get("first_name")[place],
            values.get("last_name")[place], self.position[place], "employee" if company else "individual",
            texts.get("tax_id"), texts.get("address"), texts.get("city"), texts.get("region"),
            texts.get("country"), texts.get("category"), source, manager, texts.get("comment"), self._now,
            self._now, name_key(name), sort_key(name),
        )  # fmt: skip
        if contacts:
            self.add_contacts(place, person=ref)
        if company:
            self.hire(company, name, ref)
        else:
            self.people.add(ref, self.person_keys(place))
        return ref

    def add_contacts(self, place: int, *, company: int | None = None, person: int | None = None) -> None:
        """The row's phones, e-mails and web addresses for a new record."""
        for at, (kind, value, key) in enumerate(self.contacts(place)):
            self.draft.batch("contact_point").add(company, person, kind, value, at, key)

    def contacts(self, place: int) -> list[tuple[str, str, str]]:
        """(kind, value, key) of a row's contact points."""
        out = [(str(ContactKind.PHONE), p, phone_key(p)) for p in self.phones[place] or ()]
        out += [(str(ContactKind.EMAIL), e, email_key(e)) for e in self.emails[place] or ()]
        if self.links[place]:
            out.append((str(ContactKind.WEBSITE), self.links[place], fold(self.links[place])))
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
        self._staff[company, name_key(name)] = ref
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
            person = self.employee(company, self.person[place]) if company else None
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
        found = set()
        for place in places:
            ref, _by = self.companies.find(self.keys(place))
            if ref is not None:
                found.add(ref)
        return found


def _reach_keys(phones: list[Any], emails: list[Any]) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Per row the keys of its e-mails and of its phones; worked out once, they are asked for often."""
    nobody: tuple[str, ...] = ()
    return [
        (
            tuple(map(email_key, of_mail)) if of_mail else nobody,
            tuple(k for k in map(phone_key, of_phone) if k) if of_phone else nobody,
        )
        for of_mail, of_phone in zip(emails, phones, strict=True)
    ]


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
