"""Companies, people and contact points of many rows at once, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, NamedTuple

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold, name_key, sort_key

_PHONE, _EMAIL, _WEBSITE = str(ContactKind.PHONE), str(ContactKind.EMAIL), str(ContactKind.WEBSITE)
_COMPANY_TEXTS = ("legal_name", "tax_id", "address", "city", "region", "country", "size", "category")
_PERSON_TEXTS = ("tax_id", "address", "city", "region", "country", "category")
TEXTS = (*_COMPANY_TEXTS, "comment")
_TOGETHER = 8_192  # keys

Columns = Sequence[Sequence[Any]]


class NewCompany(NamedTuple):
    """A company to be made from the row at `place`."""

    place: int
    source: int | None
    manager: int | None


class NewPerson(NamedTuple):
    """A person to be made from the row at `place`, of a company or an individual."""

    place: int
    company: int | None
    source: int | None
    manager: int | None


class NewContacts(NamedTuple):
    """The phones, e-mails and web address of the row at `place`, for a new record."""

    place: int
    company: int | None
    person: int | None


def picked(column: Sequence[Any], places: Iterable[int]) -> list[Any]:
    """The values of a column at some places."""
    return list(map(column.__getitem__, places))


class PartyColumns:
    """What rows say of their clients, a value per row, and the columns of `draft.COLUMNS` made of it."""

    now: int
    texts: dict[str, list[Any]]
    name: list[Any]
    name_keys: list[str]
    sort_keys: list[str]
    external: list[Any]
    person: list[Any]
    contact_keys: list[str]
    contact_sort: list[str]
    first: list[Any]
    last: list[Any]
    position: list[Any]
    phones: list[Any]
    emails: list[Any]
    links: list[Any]
    phone_keys: list[tuple[str, ...]]
    email_keys: list[tuple[str, ...]]

    def called(self, place: int) -> tuple[str, str, str]:
        """What a row's person is called, with the keys of that."""
        if self.person[place]:
            return self.person[place], self.contact_keys[place], self.contact_sort[place]
        reach = next(iter((*(self.emails[place] or ()), *(self.phones[place] or ()))), "")
        name = self.name[place] or reach
        return name, name_key(name), sort_key(name)

    def company_columns(self, items: Sequence[NewCompany]) -> Columns:
        """The columns of companies."""
        now = [self.now] * len(items)
        places, sources, managers = zip(*items, strict=True)
        nothing: list[Any] = [None] * len(items)
        texts = {key: picked(column, places) for key, column in self.texts.items()}
        return (
            picked(self.external, places), picked(self.name, places),
            *[texts.get(key, nothing) for key in _COMPANY_TEXTS], sources, managers,
            texts.get("comment", nothing), now, now,
            picked(self.name_keys, places), picked(self.sort_keys, places),
        )  # fmt: skip

    def person_columns(self, items: Sequence[NewPerson]) -> Columns:
        """The columns of people.  What a row says of its client is said of an individual only."""
        now = [self.now] * len(items)
        places, companies, sources, managers = zip(*items, strict=True)
        nothing: list[Any] = [None] * len(items)
        alone = [company is None for company in companies]

        def own(column: Sequence[Any]) -> list[Any]:
            return [column[p] if free else None for p, free in zip(places, alone, strict=True)]

        texts = {key: own(column) for key, column in self.texts.items()} if any(alone) else {}
        names = picked(self.person, places)
        if all(names):
            keys, orders = picked(self.contact_keys, places), picked(self.contact_sort, places)
        else:
            names, keys, orders = map(list, zip(*map(self.called, places), strict=True))
        return (
            own(self.external), companies, names, picked(self.first, places), picked(self.last, places),
            picked(self.position, places), ["individual" if free else "employee" for free in alone],
            *[texts.get(key, nothing) for key in _PERSON_TEXTS], sources, managers,
            texts.get("comment", nothing), now, now, keys, orders,
        )  # fmt: skip

    def contact_columns(self, items: Sequence[NewContacts]) -> Columns:
        """The columns of contact points, several of an item: phones, then e-mails, then the web address."""
        places, companies, people = zip(*items, strict=True)
        phones = [found or () for found in picked(self.phones, places)]
        emails = [found or () for found in picked(self.emails, places)]
        links = [(found,) if found else () for found in picked(self.links, places)]
        shapes = list(zip(map(len, phones), map(len, emails), map(len, links), strict=True))
        counts = list(map(sum, shapes))
        keys = zip(
            picked(self.phone_keys, places), picked(self.email_keys, places),
            [tuple(map(fold, found)) for found in links], strict=True,
        )  # fmt: skip
        kinds = {
            (some, more, last): (_PHONE,) * some + (_EMAIL,) * more + (_WEBSITE,) * last
            for some, more, last in set(shapes)
        }
        flat = chain.from_iterable
        return (
            list(flat(map(repeat, companies, counts))), list(flat(map(repeat, people, counts))),
            list(flat(map(kinds.__getitem__, shapes))),
            list(flat(flat(zip(phones, emails, links, strict=True)))),
            list(flat(map(range, counts))), list(flat(flat(keys))),
        )  # fmt: skip


def repeated(keys: Iterable[str], known: Mapping[str, int]) -> set[str]:
    """The keys that come more than once, or that are known already.

    Thousands at a time: looked at all at once, they would let no other thread work meanwhile.
    """
    rest = iter(keys)
    found: set[str] = set()
    before: set[str] = set()
    while part := list(islice(rest, _TOGETHER)):
        distinct = set(part)
        found |= distinct & before
        found |= distinct & known.keys()
        if len(distinct) < len(part):
            found |= {key for key, count in Counter(part).items() if count > 1}
        before |= distinct
    return found
