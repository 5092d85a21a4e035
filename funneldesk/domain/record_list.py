"""Lists of records: what a list of deals asks for, and the groups a list is cut into."""

from __future__ import annotations

from dataclasses import dataclass

from funneldesk.domain.condition import EVERYTHING, Group


@dataclass(frozen=True, slots=True)
class DealFilter:
    """Which deals a list shows; everything empty = all."""

    text: str = ""
    statuses: tuple[str, ...] = ()
    funnel_ids: tuple[int, ...] = ()
    stage_ids: tuple[int, ...] = ()
    manager_ids: tuple[int, ...] = ()  # 0 = without one
    where: Group = EVERYTHING


@dataclass(frozen=True, slots=True)
class RecordGroup:
    """Records that have a value in common, in the order of the list.

    `key` is the value: an id, a text, a number, a month (``2026-03``), a flag; None where there is
    none.  `amount` in minor units of the accounting currency: deals, or the open deals of clients.
    """

    key: int | float | str | None
    ids: tuple[int, ...]
    amount: int = 0
