"""What a report is asked for and what it answers: one frozen result for every output.

The screen, the print, the spreadsheet, JSON and the command line all show the same `Report`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from funneldesk.domain.condition import EVERYTHING, Group

MOST_ROWS, MOST_HEADS = 30, 12  # values that the grid of a cross table shows down and across


class Population(StrEnum):
    """Which deals are looked at."""

    COHORT = "cohort"
    ACTIVITY = "activity"
    SNAPSHOT = "snapshot"
    FINISHED = "finished"
    ACTIVE = "active"


class Rule(StrEnum):
    """How deals are counted at a stage."""

    CURRENT = "current"
    REACHED = "reached"
    REACHED_BITRIX = "reached_bitrix"
    VISITED = "visited"
    STRICT = "strict"


class Type(StrEnum):
    """How a value of a column is written."""

    TEXT = "text"
    COUNT = "count"
    MONEY = "money"  # minor units of the report's currency, int or float
    RATE = "rate"  # 0..1
    POINTS = "points"  # the difference of two rates, -1..1
    DAYS = "days"
    P = "p"  # a probability of a test, 0..1
    FLAG = "flag"  # leak, boost, none, few
    NUMBER = "number"


class Span(StrEnum):
    """What a report is compared with."""

    PREVIOUS = "previous"
    YEAR = "year"
    ANY = "any"  # the two days said: `compare_start`, `compare_end`


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its key (fixed, others script against it), its type, whether its numbers open deals."""

    key: str
    type: Type
    opens: bool = False


_DESCRIBING = ("marks", "roi_of", "strategy")  # words of a row that may be others in another period


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """What is asked.  Times in microseconds UTC, the period half-open [start, end), None = no bound.

    `population` and `rule` None = the report's default.  `managers`, `where` and `condition`
    filter the deals (a condition asks how they are kept now; `condition_words` tell it); `by` names the
    grouping(s) of reports that have one.
    """

    name: str
    funnel_id: int | None = None
    start: int | None = None
    end: int | None = None
    as_of: int | None = None
    live: bool = False  # `as_of` was this very moment when it was asked: see `pinned`
    population: Population | None = None
    rule: Rule | None = None
    by: tuple[str, ...] = ()
    managers: tuple[int, ...] = ()
    where: tuple[tuple[str, str], ...] = ()
    minimum_n: int = 10
    seed: int = 1
    plan: int | None = None  # the goal in wins
    plan_amount: int | None = None  # or in money, minor units
    training_months: int | None = None  # of a forecast, instead of the funnel's own: see `Funnel`
    season_months: int | None = None
    turned: bool = False  # of a matrix: managers down, stages across
    new_business: bool = False  # of a forecast: count deals that are yet to come
    condition: Group = EVERYTHING
    condition_words: str = ""
    columns: tuple[str, ...] = ()  # only these figures are shown and saved; () = all
    figure: Group = EVERYTHING  # of the deals at each stage so many fulfil it: a figure of one's own
    figure_words: str = ""
    compare: Span | None = None
    compare_start: int | None = None  # of Span.ANY: half-open, as the period
    compare_end: int | None = None

    def pinned(self, moment: int) -> ReportRequest:
        """The question as it was answered at `moment`; it is remembered whether that was now.

        What is asked of a number afterwards is then told from the same records as the number.
        """
        return replace(self, as_of=moment, live=self.live or self.as_of is None)


@dataclass(frozen=True, slots=True)
class Compared:
    """A number in both periods; `label` = the words of its row, () = the totals.

    `verdict` on a rate, by Fisher's `p`: higher, lower, none (may be chance), few; None = no rate.
    """

    label: tuple[str | None, ...]
    key: str
    now: int | float | None
    before: int | float | None
    change: int | float | None
    p: float | None = None
    verdict: str | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """The earlier period, when it was looked at, and its numbers beside those of the report."""

    span: Span
    start: int | None
    end: int | None
    as_of: int
    rows: tuple[Compared, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What is answered.  Row values: text, int, float or None (unknown); money in minor units."""

    name: str
    funnel: str | None
    as_of: int
    start: int | None
    end: int | None
    population: str | None
    rule: str | None
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]
    total_columns: tuple[Column, ...]
    totals: Mapping[str, Any]
    excluded: Mapping[str, int] = field(default_factory=dict)
    filters: Mapping[str, Any] = field(default_factory=dict)
    # More for the charts, by report: e.g. Kaplan-Meier curves as {"stage": ((days, survival), ...)}.
    extra: Mapping[str, Any] = field(default_factory=dict)
    comparison: Comparison | None = None
    chosen: tuple[str, ...] = ()  # the figures (keys of columns) that are shown; () = all

    def column(self, key: str) -> Column:
        """The column (of rows, else of totals) called `key`."""
        for column in (*self.columns, *self.total_columns):
            if column.key == key:
                return column
        raise KeyError(key)

    def naming(self) -> list[str]:
        """The keys of the columns whose words say which row it is, not what it is like."""
        return [
            column.key
            for column in self.columns
            if column.type is Type.TEXT and column.key not in _DESCRIBING
        ]
