"""What a report is built of: lines of values, and the very deals each count was counted from.

A count and the deals behind it come from one list, so a number and its list can never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from funneldesk.domain.condition import told_plainly
from funneldesk.domain.facts import DealFact, FunnelFacts
from funneldesk.domain.results import Column, Report, ReportRequest, Type
from funneldesk.reports.population import number, values_of

Deals = Sequence[DealFact]


@dataclass(slots=True)
class Line:
    """A row, or the totals, under construction."""

    values: dict[str, Any] = field(default_factory=dict)
    behind: dict[str, Deals] = field(default_factory=dict)

    def count(self, key: str, deals: Deals, many: int | None = None) -> int:
        """Put the number of `deals` (`many`, where they have been counted) and remember them; gives it."""
        many = self.values[key] = number(deals) if many is None else many
        self.behind[key] = deals
        return many

    def put(self, **values: Any) -> None:
        """Put values that open no deals."""
        self.values.update(values)


@dataclass(slots=True)
class Built:
    """A computed report before it is frozen into a `Report`."""

    columns: tuple[Column, ...]
    lines: list[Line]
    total_columns: tuple[Column, ...] = ()
    totals: Line = field(default_factory=Line)
    excluded: dict[str, int] = field(default_factory=dict)
    extra: dict[str, Any] = field(default_factory=dict)
    # The period looked at, where it is not the one asked for.
    period: tuple[int | None, int | None] | None = None


def text(*keys: str) -> tuple[Column, ...]:
    """Columns of words."""
    return tuple(Column(key, Type.TEXT) for key in keys)


def counts(*keys: str, opens: bool = True) -> tuple[Column, ...]:
    """Columns of counts, opening their deals unless they count events."""
    return tuple(Column(key, Type.COUNT, opens) for key in keys)


def money(*keys: str) -> tuple[Column, ...]:
    """Columns of money in minor units."""
    return tuple(Column(key, Type.MONEY) for key in keys)


def rates(*keys: str) -> tuple[Column, ...]:
    """Columns of rates 0..1."""
    return tuple(Column(key, Type.RATE) for key in keys)


def days(*keys: str) -> tuple[Column, ...]:
    """Columns of lengths in days."""
    return tuple(Column(key, Type.DAYS) for key in keys)


def amount_of(deals: Iterable[DealFact]) -> int:
    """The sum of the known amounts, in minor units; deals without one are counted elsewhere."""
    return sum(filter(None, values_of(deals, "amount")))


def worth_known(deals: Sequence[DealFact]) -> bool:
    """Whether what deals are worth can be told: one of them has an amount, or there is none to have one."""
    return not deals or any(deal.amount is not None for deal in deals)


def missing_money(deals: Iterable[DealFact]) -> dict[str, int]:
    """How many of `deals` are left out of sums: without amount, without a rate."""
    absent = [deal for deal in deals if deal.amount is None]
    no_rate = number(deal for deal in absent if deal.no_rate)
    return {"no_amount": number(absent) - no_rate, "no_rate": no_rate}


def mean_amount(deals: Iterable[DealFact]) -> float | None:
    """The average of the known amounts, in minor units; None where none is known."""
    known = [deal for deal in deals if deal.amount is not None]
    return ratio(amount_of(known), number(known))


def ratio(part: float, whole: float) -> float | None:
    """`part` of `whole`, None of nothing."""
    return part / whole if whole else None


def label_of(names: Mapping[int, str], record_id: int | None) -> str | None:
    """The name of a record; None where there is none; the number where the name is not known."""
    return None if record_id is None else names.get(record_id, str(record_id))


def same_row(built: Built, shown: Report, row_index: int) -> int | None:
    """Where the row of `shown` is now, by its words (of several alike the same one); None = nowhere.

    A row comes and goes with its deals, so its number alone could mean another.
    """
    words = shown.naming()

    def label(row: Mapping[str, Any]) -> list[Any]:
        return [row.get(key) for key in words]

    wanted = label(shown.rows[row_index])
    before = sum(label(row) == wanted for row in shown.rows[:row_index])
    alike = [place for place, line in enumerate(built.lines) if label(line.values) == wanted]
    return alike[before] if before < len(alike) else None


def filters_of(funnels: Sequence[FunnelFacts], request: ReportRequest) -> dict[str, Any]:
    """The filters as they are written on every output: field -> value, managers by name."""
    filters: dict[str, Any] = {}
    if request.managers:
        names: dict[int, str] = {}
        for facts in funnels:
            names.update(facts.managers)
        filters["manager"] = tuple(label_of(names, each) for each in request.managers)
    for key, value in request.where:
        filters[key] = value
    if request.condition:
        filters["conditions"] = request.condition_words or told_plainly(request.condition)
    return filters


def freeze(
    built: Built,
    funnels: Sequence[FunnelFacts],
    request: ReportRequest,
    population: str | None,
    rule: str | None,
) -> Report:
    """The finished `Report` of what was built."""
    first = funnels[0]
    start, end = built.period or (request.start, request.end)
    return Report(
        name=request.name,
        funnel=first.funnel if len(funnels) == 1 else None,
        as_of=first.as_of,
        start=start,
        end=end,
        population=population,
        rule=rule,
        currency=first.currency,
        columns=built.columns,
        rows=tuple(line.values for line in built.lines),
        total_columns=built.total_columns,
        totals=built.totals.values,
        excluded=built.excluded,
        filters=filters_of(funnels, request),
        extra=built.extra,
        chosen=request.columns,
    )
