"""What the cards of a client and of a deal show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain.activity import Activity
from funneldesk.domain.billing import Balance, InvoiceState, Payment
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal
from funneldesk.domain.fields import CustomField
from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.items import DealItem
from funneldesk.domain.team import Product


@dataclass(frozen=True, slots=True)
class Names:
    """The small lists a card needs to put ids into names."""

    managers: Mapping[int, str] = field(default_factory=dict)
    active_managers: tuple[int, ...] = ()
    sources: Mapping[int, str] = field(default_factory=dict)
    products: Mapping[int, str] = field(default_factory=dict)
    reasons: Mapping[int, str] = field(default_factory=dict)
    stages: Mapping[int, str] = field(default_factory=dict)
    fields: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DealLine:
    """A deal as a line of its client's card."""

    id: int
    title: str
    status: str
    stage: str
    amount: int | None
    currency: str | None
    entered_at: int | None
    closed_at: int | None
    next_due_at: int | None


@dataclass(frozen=True, slots=True)
class PersonLine:
    """A person as a line of the company's card."""

    id: int
    name: str
    position: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class FieldValue:
    """A custom field with the value this record has ("" = none)."""

    field: CustomField
    value: str


@dataclass(frozen=True, slots=True)
class ClientCard:
    """Everything on a client's card but its timeline."""

    kind: str
    record: Company | Person
    contacts: tuple[ContactPoint, ...]
    company: tuple[int, str] | None  # of a person
    people: tuple[PersonLine, ...]
    deals: tuple[DealLine, ...]
    planned: tuple[Activity, ...]  # the next one first
    fields: tuple[FieldValue, ...]
    names: Names
    invoices: tuple[InvoiceState, ...] = ()
    payments: tuple[Payment, ...] = ()
    balances: tuple[Balance, ...] = ()


@dataclass(frozen=True, slots=True)
class StageSpell:
    """A stay of a deal in a place: from `since` to `until` (None = still there); micros UTC."""

    kind: str
    stage_id: int | None
    since: int | None
    until: int | None


@dataclass(frozen=True, slots=True)
class DealCard:
    """Everything on a deal's card but its timeline."""

    deal: Deal
    funnel: Funnel
    stages: tuple[Stage, ...]
    company: tuple[int, str] | None
    person: tuple[int, str] | None
    phone: str
    email: str
    planned: tuple[Activity, ...]
    spells: tuple[StageSpell, ...]
    fields: tuple[FieldValue, ...]
    names: Names
    items: tuple[DealItem, ...] = ()
    products: tuple[Product, ...] = ()


@dataclass(frozen=True, slots=True)
class TimelineItem:
    """One thing that happened.

    `what` is activity, move, change, created, imported; `values` holds what that kind needs:
    activity (kind, text, result, about), move (deal, title, from, to, days), change (edits as
    (field, old, new) with raw values), imported (file), invoice and payment (number, amount, currency).
    """

    what: str
    at: int | None
    who: str
    key: str  # stable, unique in one timeline
    values: Mapping[str, Any] = field(default_factory=dict)
