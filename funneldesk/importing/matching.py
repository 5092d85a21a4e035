"""What is in the base already, as plain dictionaries, and how rows find it by exact keys.

Likeness only proposes (`alike`); it never decides.  A reference is the id of a record of the
base (above 0) or a record that this import makes (-1, -2, ... in the order they are made).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain.folding import fold
from funneldesk.domain.matching import Party, RowKeys
from funneldesk.importing.links import LinkIndex

Fetch = Callable[[str, str, Iterable[int]], list[dict[str, Any]]]


@dataclass(slots=True)
class Keys:
    """The keys by which records of one kind are found."""

    external: dict[str, int] = field(default_factory=dict)
    tax: dict[str, int] = field(default_factory=dict)
    email: dict[str, int] = field(default_factory=dict)
    phone: dict[str, int] = field(default_factory=dict)
    name: dict[str, int] = field(default_factory=dict)
    # What a record is known by, to refuse a weaker key that a stronger one contradicts.
    tax_of: dict[int, str] = field(default_factory=dict)
    external_of: dict[int, str] = field(default_factory=dict)

    def is_empty(self) -> bool:
        """Whether nothing can be found by any key."""
        return not (self.external or self.tax or self.email or self.phone or self.name)


@dataclass(frozen=True, slots=True)
class DealKey:
    """What an import needs of a deal in the base."""

    id: int
    funnel_id: int
    manager_id: int | None
    company_id: int | None


@dataclass(slots=True)
class FunnelKey:
    """A funnel and its stages (folded name -> id, slots by id) in their order."""

    id: int
    name: str
    stages: dict[str, int]
    slots: dict[int, int]
    won_name: str | None = None


@dataclass(frozen=True, slots=True)
class OwnField:
    """A custom field of the base; `options` are those of a choice."""

    id: int
    type: str
    name: str
    options: tuple[str, ...] = ()


@dataclass(slots=True)
class BaseIndex:
    """The base as an import sees it.  `mark` tells whether it has changed since.

    `lists` kind -> folded name -> id; `names` kind -> id -> name; `fetch(kind, column, ids)`
    gives the rows of a kind whose column is one of the ids, with their values as they are now.
    """

    mark: int
    currency: str
    zone: ZoneInfo
    fetch: Fetch
    companies: Keys = field(default_factory=Keys)
    people: Keys = field(default_factory=Keys)
    leads: Keys = field(default_factory=Keys)
    deals: dict[str, DealKey] = field(default_factory=dict)
    lists: dict[str, dict[str, int]] = field(default_factory=dict)
    names: dict[str, dict[int, str]] = field(default_factory=dict)
    funnels: list[FunnelKey] = field(default_factory=list)
    custom: dict[tuple[str, str], OwnField] = field(default_factory=dict)  # (kind of record, folded name)
    activities: set[tuple[Any, ...]] = field(default_factory=set)
    links: LinkIndex = field(default_factory=LinkIndex)
    towns: Callable[[], list[tuple[Party, str]]] = list  # companies with a city, and their names
    # name and stages of the funnel that is made when deals come and there is none
    first_funnel: tuple[str, tuple[str, ...]] | None = None


# By what a record may be found, the surest first.
KEYS = ("external_id", "tax_id", "email", "phone", "name")


class Matcher:
    """Finds the record a row means, among the base's and those that this import makes."""

    def __init__(self, base: Keys, allowed: tuple[str, ...] | None = None) -> None:
        self._made = Keys()
        self._sources = (self._made,) if base.is_empty() else (base, self._made)
        self._allowed = frozenset(allowed if allowed is not None else KEYS)

    def find(self, keys: RowKeys) -> tuple[int | None, str]:
        """(reference, the key that found it); (None, "") when there is none."""
        if keys.external and "external_id" in self._allowed:
            for source in self._sources:
                if keys.external in source.external:
                    return source.external[keys.external], "external_id"
        for source in self._sources:
            for name, ref in self._candidates(source, keys):
                if name in self._allowed and not self._contradicted(source, ref, keys):
                    return ref, name
        return None, ""

    @staticmethod
    def _candidates(source: Keys, keys: RowKeys) -> list[tuple[str, int]]:
        """The records that share a key with a row, by the surest key first; mostly there is none."""
        found = []
        if keys.tax in source.tax:
            found.append(("tax_id", source.tax[keys.tax]))
        if source.email:
            found += [("email", source.email[key]) for key in keys.emails if key in source.email]
        if source.phone:
            found += [("phone", source.phone[key]) for key in keys.phones if key in source.phone]
        if keys.name in source.name:
            found.append(("name", source.name[keys.name]))
        return found

    @staticmethod
    def _contradicted(source: Keys, ref: int, keys: RowKeys) -> bool:
        tax, external = source.tax_of.get(ref), source.external_of.get(ref)
        return bool(
            (tax and keys.tax and tax != keys.tax)
            or (external and keys.external and external != keys.external)
        )

    def add(self, ref: int, keys: RowKeys) -> None:
        """A record that this import makes (or one of the base that it adds keys to)."""
        made = self._made
        if keys.external:
            made.external.setdefault(keys.external, ref)
            made.external_of.setdefault(ref, keys.external)
        if keys.tax:
            made.tax.setdefault(keys.tax, ref)
            made.tax_of.setdefault(ref, keys.tax)
        for email in keys.emails:
            made.email.setdefault(email, ref)
        for phone in keys.phones:
            made.phone.setdefault(phone, ref)
        if keys.name:
            made.name.setdefault(keys.name, ref)


def likeness(one: str, two: str) -> float:
    """How alike two folded names are, 0..100; below 80 counts as 0."""
    from rapidfuzz import fuzz

    return fuzz.ratio(one, two, score_cutoff=80)


def alike(
    text: str, choices: Mapping[str, int] | Sequence[str], *, limit: int = 3
) -> list[tuple[str, float]]:
    """The choices (folded names) most like `text` with their likeness 0..1, only to propose."""
    from rapidfuzz import fuzz, process

    found = process.extract(fold(text), list(choices), scorer=fuzz.WRatio, limit=limit, score_cutoff=70)
    return [(name, round(score / 100, 3)) for name, score, _place in found]
