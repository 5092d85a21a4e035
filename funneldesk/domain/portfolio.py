"""The portfolio of a manager: what they carry, and what of it is given to another."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a manager carries now; `amount` of open deals in minor units of the accounting currency."""

    manager_id: int  # 0 = nobody
    name: str
    active: bool
    clients: int
    leads: int
    deals: int
    amount: int
    planned: int
    late: int

    def carries(self) -> bool:
        """Whether there is anything."""
        return bool(self.clients or self.leads or self.deals or self.planned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is to be moved from one manager (0 = of nobody) to others, and only where conditions hold.

    Several receivers share it evenly, a client with its deals and activities to one of them.
    """

    from_id: int
    to_ids: tuple[int, ...]
    clients: bool = True
    deals: bool = True
    activities: bool = True
    leads: bool = True
    cities: tuple[str, ...] = ()
    source_ids: tuple[int, ...] = ()
    categories: tuple[str, ...] = ()
    funnel_ids: tuple[int, ...] = ()
    only_without_deals: bool = False  # of clients: those with no open deal
