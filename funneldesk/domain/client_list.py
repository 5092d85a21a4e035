"""The client list: companies and people in one sequence, how it is filtered and what a row holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain.condition import EVERYTHING, Group, group_from, spec_of

# Which part of a row a column shows; also what the list can be sorted by ("field:7" = custom field 7).
COLUMNS = (
    "name", "kind", "phone", "email", "city", "manager", "source", "open_deals", "open_sum",
    "last_contact", "next_step", "created", "category", "tax_id",
)  # fmt: skip


def code_of(kind: str, record_id: int) -> int:
    """One number for a company or a person, so that a list of both is a list of numbers."""
    return record_id * 2 + (kind == "person")


def ref_of(code: int) -> tuple[str, int]:
    """The kind and id behind `code_of`."""
    return ("person" if code & 1 else "company", code >> 1)


@dataclass(frozen=True, slots=True)
class ClientFilter:
    """What the list shows; everything empty = all clients.  A manager or source of 0 means "none"."""

    text: str = ""
    kinds: tuple[str, ...] = ()
    manager_ids: tuple[int, ...] = ()
    source_ids: tuple[int, ...] = ()
    cities: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    open_deals: bool | None = None
    no_next_step: bool = False
    where: Group = EVERYTHING  # conditions on any field

    def empty(self) -> bool:
        """Whether it lets everything through."""
        return self == ClientFilter()

    def spec(self) -> dict[str, Any]:
        """As JSON values, for a saved view."""
        names = ("text", "kinds", "manager_ids", "source_ids", "cities", "categories", "open_deals",
                 "no_next_step")  # fmt: skip
        values = {name: getattr(self, name) for name in names}
        plain = {k: list(v) if isinstance(v, tuple) else v for k, v in values.items()}
        return {**plain, "where": spec_of(self.where)}


def filter_from(spec: Mapping[str, Any]) -> ClientFilter:
    """The filter of a saved view; what is missing or of the wrong type filters nothing."""

    def strings(name: str) -> tuple[str, ...]:
        found = spec.get(name)
        return tuple(v for v in found if isinstance(v, str)) if isinstance(found, list) else ()

    def numbers(name: str) -> tuple[int, ...]:
        found = spec.get(name)
        return tuple(v for v in found if type(v) is int) if isinstance(found, list) else ()

    text, deals = spec.get("text"), spec.get("open_deals")
    return ClientFilter(
        text=text if isinstance(text, str) else "",
        kinds=strings("kinds"),
        manager_ids=numbers("manager_ids"),
        source_ids=numbers("source_ids"),
        cities=strings("cities"),
        categories=strings("categories"),
        open_deals=deals if isinstance(deals, bool) else None,
        no_next_step=spec.get("no_next_step") is True,
        where=group_from(spec.get("where")),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientRow:
    """A row of the list; times in microseconds UTC, sums in minor units by currency."""

    kind: str
    id: int
    name: str
    company: str = ""  # of a person
    phone: str = ""
    email: str = ""
    city: str = ""
    manager: str = ""
    source: str = ""
    open_deals: int = 0
    open_sums: tuple[tuple[str, int], ...] = ()
    last_contact: int | None = None
    next_at: int | None = None
    next_kind: str = ""
    next_subject: str = ""
    created_at: int | None = None
    category: str = ""
    tax_id: str = ""
    custom: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ClientChoices:
    """What the filters of the list can be set to."""

    managers: tuple[tuple[int, str], ...]
    sources: tuple[tuple[int, str], ...]
    cities: tuple[str, ...]
    categories: tuple[str, ...]
