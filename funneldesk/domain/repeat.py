"""A deal that is to be started again for a client on a day to come."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat:
    """Becomes a deal on `due_day` (ISO), once: `made_deal_id` is that deal, 0 until then."""

    id: int = 0
    version: int = 1
    company_id: int | None = None
    person_id: int | None = None
    funnel_id: int
    deal_id: int = 0  # the deal it repeats
    title: str
    amount: int | None = None  # minor units
    currency: str | None = None
    manager_id: int | None = None
    due_day: str
    made_deal_id: int = 0
