"""What reports compare with: plans, costs of sources, marked changes, standards of contact."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])\Z")


class Measure(StrEnum):
    """What is planned for a month: won money, won deals, calls done, meetings held."""

    MONEY = "money"
    DEALS = "deals"
    CALLS = "calls"
    MEETINGS = "meetings"


class StandardKind(StrEnum):
    """What a standard asks: a contact at least every so many days, an answer within so many hours."""

    CONTACT = "contact"
    ANSWER = "answer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The goal of a manager (None = of the whole team) for a month `YYYY-MM`.

    `value` is minor units of the accounting currency for money, a number for the rest.
    """

    id: int = 0
    version: int = 1
    month: str
    manager_id: int | None = None
    measure: str
    value: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCost:
    """What a source cost from one ISO day to another, both included; minor units of `currency`."""

    id: int = 0
    version: int = 1
    source_id: int
    first_day: str
    last_day: str
    amount: int
    currency: str
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A change worth remembering when numbers move ("new price list"), on an ISO day."""

    id: int = 0
    version: int = 1
    day: str
    title: str
    funnel_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """A rule of contact: `kind` and its `limit_` in days (contact) or hours (answer).

    It holds for the open deals of a stage (contact) and of a category of clients; None = of all.
    """

    id: int = 0
    version: int = 1
    kind: str
    limit_: float
    stage_id: int | None = None
    category: str | None = None


def is_month(text: str) -> bool:
    """Whether a text is a month `YYYY-MM`."""
    return MONTH.match(text) is not None


def month_days(month: str) -> tuple[date, date]:
    """The first day of a month `YYYY-MM` and that of the next one."""
    first = date.fromisoformat(f"{month}-01")
    return first, (first + timedelta(days=32)).replace(day=1)


def month_after(month: str, count: int = 1) -> str:
    """The month `count` later (earlier when negative)."""
    year, number = int(month[:4]), int(month[5:]) - 1 + count
    return f"{year + number // 12:04}-{number % 12 + 1:02}"


def cost_within(costs: Iterable[SourceCost], start: date | None, end: date | None) -> Fraction:
    """The part of costs (in one currency, minor units) that falls on [start, end), spread evenly by day."""
    whole = Fraction(0)
    for cost in costs:
        first = date.fromisoformat(cost.first_day)
        after = date.fromisoformat(cost.last_day) + timedelta(days=1)
        low = first if start is None else max(first, start)
        high = after if end is None else min(after, end)
        days = (after - first).days
        if days > 0 and high > low:
            whole += Fraction(cost.amount * (high - low).days, days)
    return whole
