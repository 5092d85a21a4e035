"""Companies, people and contact points of many rows at once, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any, NamedTuple

from funneldesk.domain.client import ContactKind
from funneldesk.domain.folding import fold

if TYPE_CHECKING:
    from funneldesk.importing.parties import Parties

_PHONE, _EMAIL, _WEBSITE = str(ContactKind.PHONE), str(ContactKind.EMAIL), str(ContactKind.WEBSITE)
_COMPANY_TEXTS = ("legal_name", "tax_id", "address", "city", "region", "country", "size", "category")
_PERSON_TEXTS = ("tax_id", "address", "city", "region", "country", "category")
TEXTS = (*_COMPANY_TEXTS, "comment")

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
    """Turns what `Parties` decided into the columns of `draft.COLUMNS`."""

    def __init__(self, parties: Parties) -> None:
        self._parties = parties
        self._kinds: dict[tuple[int, int, int], tuple[str, ...]] = {}  # how many of each -> the kinds

    def companies(self, items: Sequence[NewCompany]) -> Columns:
        """The columns of companies."""
        of, now = self._parties, [self._parties.now] * len(items)
        places, sources, managers = zip(*items, strict=True)
        nothing: list[Any] = [None] * len(items)
        texts = {key: picked(column, places) for key, column in of.texts.items()}
        return (
            picked(of.external, places), picked(of.name, places),
            *[texts.get(key, nothing) for key in _COMPANY_TEXTS], sources, managers,
            texts.get("comment", nothing), now, now,
            picked(of.name_keys, places), picked(of.sort_keys, places),
        )  # fmt: skip

    def people(self, items: Sequence[NewPerson]) -> Columns:
        """The columns of people.  What a row says of its client is said of an individual only."""
        of, now = self._parties, [self._parties.now] * len(items)
        places, companies, sources, managers = zip(*items, strict=True)
        nothing: list[Any] = [None] * len(items)
        alone = [company is None for company in companies]

        def own(column: Sequence[Any]) -> list[Any]:
            return [column[p] if free else None for p, free in zip(places, alone, strict=True)]

        texts = {key: own(column) for key, column in of.texts.items()} if any(alone) else {}
        names = picked(of.person, places)
        if all(names):
            keys, orders = picked(of.contact_keys, places), picked(of.contact_sort, places)
        else:
            names, keys, orders = map(list, zip(*map(of.called, places), strict=True))
        return (
            own(of.external), companies, names, picked(of.first, places), picked(of.last, places),
            picked(of.position, places), ["individual" if free else "employee" for free in alone],
            *[texts.get(key, nothing) for key in _PERSON_TEXTS], sources, managers,
            texts.get("comment", nothing), now, now, keys, orders,
        )  # fmt: skip

    def contacts(self, items: Sequence[NewContacts]) -> Columns:
        """The columns of contact points, several of an item: phones, then e-mails, then the web address."""
        of = self._parties
        places, companies, people = zip(*items, strict=True)
        phones = [found or () for found in picked(of.phones, places)]
        emails = [found or () for found in picked(of.emails, places)]
        links = [(found,) if found else () for found in picked(of.links, places)]
        shapes = list(zip(map(len, phones), map(len, emails), map(len, links), strict=True))
        counts = list(map(sum, shapes))
        keys = zip(
            picked(of.phone_keys, places), picked(of.email_keys, places),
            [tuple(map(fold, found)) for found in links], strict=True,
        )  # fmt: skip
        for shape in set(shapes).difference(self._kinds):
            some, more, last = shape
            self._kinds[shape] = (_PHONE,) * some + (_EMAIL,) * more + (_WEBSITE,) * last
        flat = chain.from_iterable
        return (
            list(flat(map(repeat, companies, counts))), list(flat(map(repeat, people, counts))),
            list(flat(map(self._kinds.__getitem__, shapes))),
            list(flat(flat(zip(phones, emails, links, strict=True)))),
            list(flat(map(range, counts))), list(flat(flat(keys))),
        )  # fmt: skip


def repeated(keys: Iterable[str], known: Mapping[str, int]) -> set[str]:
    """The keys that come more than once, or that are known already."""
    every = list(keys)
    distinct = set(every)
    found = distinct & known.keys()
    if len(distinct) < len(every):
        found |= {key for key, count in Counter(every).items() if count > 1}
    return found
