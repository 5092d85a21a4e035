"""The clients of the sample base: companies with people, towns, phones and e-mails, and individuals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from funneldesk.domain.folding import name_key, sort_key
from funneldesk.domain.phone import email_key, phone_key
from funneldesk.services.demo_plan import SOURCES, STYLES
from funneldesk.services.demo_words import Words, latin

COMPANY = (
    "id", "name", "city", "region", "country", "size", "category", "roles", "source_id", "manager_id",
    "consent_at", "created_at", "name_key", "sort_key",
)  # fmt: skip
PERSON = (
    "id", "company_id", "name", "first_name", "last_name", "position", "kind", "city", "region", "country",
    "source_id", "manager_id", "consent_at", "created_at", "name_key", "sort_key",
)  # fmt: skip
CONTACT = ("id", "company_id", "person_id", "kind", "value", "label", "position", "key")


@dataclass(slots=True)
class Client:
    """Whom a deal is with."""

    company_id: int | None
    person_id: int
    source: int  # place in SOURCES
    style: int  # place in STYLES: whose client it is
    since: int = 0


@dataclass(slots=True)
class Clients:
    """The rows of all clients and a short record of each."""

    clients: list[Client] = field(default_factory=list)
    companies: list[list[Any]] = field(default_factory=list)
    people: list[list[Any]] = field(default_factory=list)
    contacts: list[tuple[Any, ...]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Ids:
    """The ids that rows refer to; `companies` and `people` are the first free ones."""

    companies: int
    people: int
    contacts: int
    managers: Sequence[int]
    sources: Sequence[int]


def make_clients(rng: Random, words: Words, ids: Ids, count: int) -> Clients:
    """`count` clients, one in eight an individual; times are filled in by `dated` once deals are known."""
    made = _Maker(rng, words, ids)
    for number in range(count):
        made.individual() if number % 8 == 5 else made.company()
    return made.out


def dated(out: Clients) -> None:
    """Give each client's rows the time since when the client is known."""
    companies = {row[0]: row for row in out.companies}
    people = {row[0]: row for row in out.people}
    by_company: dict[int, list[list[Any]]] = {}
    for row in out.people:
        if row[1] is not None:
            by_company.setdefault(row[1], []).append(row)
    at, consent = COMPANY.index("created_at"), COMPANY.index("consent_at")
    person_at, person_consent = PERSON.index("created_at"), PERSON.index("consent_at")
    for client in out.clients:
        rows = [people[client.person_id]]
        if client.company_id is not None:
            company = companies[client.company_id]
            company[at] = client.since
            company[consent] = client.since if company[0] % 3 else None
            rows = by_company[client.company_id]
        for row in rows:
            row[person_at] = client.since
            row[person_consent] = client.since if row[0] % 3 else None


class _Maker:
    def __init__(self, rng: Random, words: Words, ids: Ids) -> None:
        self.rng, self.words, self.ids = rng, words, ids
        self.out = Clients()
        self.names: set[str] = set()
        self.styles = [style.share for style in STYLES]
        self.weights = [weight for weight, _factor in SOURCES]
        self.numbers = 0

    def company(self) -> None:
        rng, words = self.rng, self.words
        city, region, code = rng.choice(words.cities)
        stem, name = self._name(city)
        source = rng.choices(range(len(SOURCES)), self.weights)[0]
        style = rng.choices(range(len(STYLES)), self.styles)[0]
        company_id = self.ids.companies + len(self.out.companies)
        domain = f"{latin(stem)}{company_id}.example"
        self.out.companies.append(
            [
                company_id, name, city, region, words.country, rng.choice(words.sizes), rng.choice("AABBBC"),
                "client", self.ids.sources[source], self.ids.managers[style], None, None, name_key(name),
                sort_key(name),
            ]
        )  # fmt: skip
        self._contact(company_id, None, "phone", self._phone(code), 0)
        self._contact(company_id, None, "email", f"info@{domain}", 1)
        if rng.random() < 0.4:
            self._contact(company_id, None, "website", f"www.{domain}", 2)
        first = self._person(company_id, (city, region, code), source, style, domain)
        if rng.random() < 0.35:
            self._person(company_id, (city, region, code), source, style, domain)
        self.out.clients.append(Client(company_id, first, source, style))

    def individual(self) -> None:
        rng = self.rng
        place = rng.choice(self.words.cities)
        source = rng.choices(range(len(SOURCES)), self.weights)[0]
        style = rng.choices(range(len(STYLES)), self.styles)[0]
        person = self._person(None, place, source, style, "mail.example")
        self.out.clients.append(Client(None, person, source, style))

    def _person(
        self, company_id: int | None, place: Sequence[str], source: int, style: int, domain: str
    ) -> int:
        rng, words = self.rng, self.words
        woman = rng.random() < 0.5
        first = rng.choice(words.women if woman else words.men)
        last = rng.choice(words.surnames).split("|")[-1 if woman else 0]
        name = f"{first} {last}"
        person_id = self.ids.people + len(self.out.people)
        post = rng.choice(words.posts) if company_id is not None else None
        kind = "employee" if company_id is not None else "individual"
        self.out.people.append(
            [
                person_id, company_id, name, first, last, post, kind, place[0], place[1], words.country,
                self.ids.sources[source], self.ids.managers[style], None, None, name_key(name),
                sort_key(name),
            ]
        )  # fmt: skip
        self._contact(None, person_id, "phone", self._phone(place[2]), 0)
        if rng.random() < 0.8:
            number = person_id if company_id is None else ""
            self._contact(None, person_id, "email", f"{latin(first)}.{latin(last)}{number}@{domain}", 1)
        return person_id

    def _contact(
        self, company_id: int | None, person_id: int | None, kind: str, value: str, place: int
    ) -> None:
        key = phone_key(value) if kind == "phone" else email_key(value)
        contact_id = self.ids.contacts + len(self.out.contacts)
        self.out.contacts.append((contact_id, company_id, person_id, kind, value, None, place, key))

    def _phone(self, code: str) -> str:
        # 7919 and 10000 have no common divisor: every four digits come once before any comes again
        self.numbers += 1
        digits = f"{self.numbers * 7919 % 10_000:04d}"
        return self.words.phone.format(code=code, a=digits[:2], b=digits[2:])

    def _name(self, city: str) -> tuple[str, str]:
        rng, words = self.rng, self.words
        stem, full = "", ""
        for attempt in range(12):
            stem = rng.choice(words.heads) + rng.choice(words.tails)
            full = f"{stem} {rng.choice(words.branches)}" if rng.random() < 0.7 or attempt > 3 else stem
            if attempt > 8:
                full = f"{full} {city} {len(self.out.companies)}"
            if full not in self.names:
                break
        self.names.add(full)
        return stem, rng.choice(words.company_form).format(name=full)
