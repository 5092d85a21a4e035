"""A lead: a cold prospect whose need is not formed yet."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

OFF_KEY = "leads.off"  # setting of a base: only deals are worked with


class LeadStatus(StrEnum):
    """Where a lead stands."""

    NEW = "new"
    QUALIFIED = "qualified"
    CONVERTED = "converted"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead:
    """A prospect before it becomes a company, a person and a deal."""

    id: int = 0
    version: int = 1
    external_id: str | None = None
    title: str
    company_name: str | None = None
    person_name: str | None = None
    phone: str | None = None
    email: str | None = None
    status: str = LeadStatus.NEW
    source_id: int | None = None
    manager_id: int | None = None
    comment: str | None = None
    created_at: int | None = None
    closed_at: int | None = None
    drop_reason: str | None = None
    company_id: int | None = None
    person_id: int | None = None
    deal_id: int | None = None
