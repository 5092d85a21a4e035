"""Companies, people and the ways to reach them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ContactKind(StrEnum):
    """What a contact point is."""

    PHONE = "phone"
    EMAIL = "email"
    WEBSITE = "website"


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """A client, partner or supplier; the hub of its people, deals and history."""

    id: int = 0
    version: int = 1
    external_id: str | None = None
    name: str
    legal_name: str | None = None
    tax_id: str | None = None
    bank_account: str | None = None
    address: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    size: str | None = None
    category: str | None = None
    roles: str = "client"
    source_id: int | None = None
    manager_id: int | None = None
    comment: str | None = None
    consent_at: int | None = None
    consent_how: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    # Kept by the transaction from the fields above.
    name_key: str = ""
    sort_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A contact: an employee of a company, an individual or a sole trader."""

    id: int = 0
    version: int = 1
    external_id: str | None = None
    company_id: int | None = None
    name: str
    first_name: str | None = None
    last_name: str | None = None
    position: str | None = None
    kind: str = "employee"  # employee, individual, sole_trader
    tax_id: str | None = None
    bank_account: str | None = None
    address: str | None = None
    city: str | None = None
    region: str | None = None
    country: str | None = None
    category: str | None = None
    source_id: int | None = None
    manager_id: int | None = None
    comment: str | None = None
    consent_at: int | None = None
    consent_how: str | None = None
    created_at: int | None = None
    updated_at: int | None = None
    name_key: str = ""
    sort_key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPoint:
    """One phone, e-mail or web address of a company or a person (exactly one of the two)."""

    id: int = 0
    version: int = 1
    company_id: int | None = None
    person_id: int | None = None
    kind: str
    value: str
    label: str | None = None
    position: int = 0
    key: str = ""  # phone: last nine digits; e-mail: lower case; kept by the transaction
