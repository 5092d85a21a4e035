"""What a stage board shows: columns with their sums, cards with the next step.

Plain tuples, so that the first screen can be painted before anything heavy is loaded
(Python makes a class of them ten times as fast as a dataclass).
Money is minor units, times are microseconds UTC.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from funneldesk.domain.clock import DAY
from funneldesk.domain.rates import Rates

STALE_DAYS = 30.0  # a card is stale after this long in a stage that sets no limit of its own


class BoardCard(NamedTuple):
    """An open deal as its card shows it; the order of fields is that of the query."""

    id: int
    title: str
    client: str | None
    client_kind: str  # company, person or "" (none)
    client_id: int | None
    amount: int | None
    currency: str | None
    manager_id: int | None
    stage_id: int | None
    position: float
    entered_at: int | None
    next_due_at: int | None
    next_id: int | None  # the planned activity; None = no next step
    next_kind: str | None
    next_subject: str | None
    next_all_day: int | None
    version: int
    last_done_at: int | None = None  # when an activity was last done for it
    expected_close: str | None = None  # ISO date

    @property
    def place(self) -> tuple[float, int]:
        """What cards of a column are ordered by."""
        return self.position, self.id


class Totals(NamedTuple):
    """A column or board in figures; amounts in minor units of the accounting currency."""

    count: int = 0  # type: ignore[assignment]  # instead of the method of tuples
    amount: int = 0
    weighted: float = 0.0  # amount times the stage's probability
    unknown: int = 0  # deals without an amount
    no_rate: int = 0  # deals in a currency without a rate, left out of the sums

    def __add__(self, other: Totals) -> Totals:  # type: ignore[override]
        return Totals(
            self.count + other.count,
            self.amount + other.amount,
            self.weighted + other.weighted,
            self.unknown + other.unknown,
            self.no_rate + other.no_rate,
        )


class CurrencySum(NamedTuple):
    """The deals of one column in one currency."""

    currency: str | None
    deals: int
    known: int  # those that have an amount
    amount: int


class BoardColumn(NamedTuple):
    """A stage with the cards that were read of it (`totals` are of all)."""

    stage_id: int  # 0 = open deals that stand in no live stage
    name: str
    probability: float
    limit_days: float | None  # after which a card is stale; None = never (a stage on hold)
    hold: bool
    colour: str | None
    goal: str | None
    totals: Totals
    cards: tuple[BoardCard, ...] = ()


class BoardManager(NamedTuple):
    """A manager as chips and cards need them."""

    id: int
    name: str
    active: bool = True


class Board(NamedTuple):
    """One funnel's board.  `funnel_id` 0 = there is no funnel yet."""

    funnel_id: int = 0
    funnel: str = ""
    won_name: str | None = None
    funnels: tuple[tuple[int, str], ...] = ()
    managers: tuple[BoardManager, ...] = ()
    columns: tuple[BoardColumn, ...] = ()
    rates: Rates | None = None
    complete: bool = True  # False: only the first cards of each column
    manager_id: int | None = None  # whose deals only were read

    def manager(self, manager_id: int | None) -> str:
        """The name of a manager, "" when there is none."""
        return next((m.name for m in self.managers if m.id == manager_id), "")


def add_up(sums: Iterable[CurrencySum], probability: float, rates: Rates | None, at: int) -> Totals:
    """The figures of a column from its sums by currency, converted at the rates of `at`.

    Weighted sum = amount times the probability of the stage (domain.funnel.stage_probability).
    """
    count = amount = unknown = no_rate = 0
    for part in sums:
        count += part.deals
        unknown += part.deals - part.known
        if not part.known:
            continue
        converted = part.amount if rates is None else rates.convert(part.amount, part.currency, at)
        if converted is None:
            no_rate += part.known
        else:
            amount += converted
    return Totals(count, amount, amount * probability, unknown, no_rate)


def sums_of(cards: Iterable[BoardCard]) -> list[CurrencySum]:
    """The sums by currency of cards."""
    found: dict[str | None, list[int]] = {}
    for card in cards:
        part = found.get(card.currency)
        if part is None:
            part = found[card.currency] = [0, 0, 0]
        part[0] += 1
        if card.amount is not None:
            part[1] += 1
            part[2] += card.amount
    return [CurrencySum(currency, *part) for currency, part in found.items()]


class Mark:
    """The state of a card's next step."""

    NONE, OVERDUE, TODAY, LATER = "none", "overdue", "today", "later"


def next_mark(card: BoardCard, now: int, today: int, tomorrow: int) -> str:
    """The mark of the next step; `today` and `tomorrow` are the first moments of these days.

    A timed step is overdue once its time has passed, one for the whole day when the day has.
    """
    if card.next_id is None:
        return Mark.NONE
    due = card.next_due_at
    if due is None:
        return Mark.LATER
    if due < today or (due < now and not card.next_all_day):
        return Mark.OVERDUE
    return Mark.TODAY if due < tomorrow else Mark.LATER


def days_in_stage(card: BoardCard, now: int) -> int | None:
    """Whole days since the card came to its stage."""
    return None if card.entered_at is None else max(0, (now - card.entered_at) // DAY)


def is_stale(card: BoardCard, now: int, limit_days: float | None) -> bool:
    """Whether nothing real has happened for longer than the stage allows.

    Counted from when the deal came to its stage or an activity was last done, whichever is later;
    never while a step is planned that is not yet late, nor on hold (`limit_days` None).
    """
    if limit_days is None:
        return False
    if card.next_id is not None:
        due = card.next_due_at
        if due is None or due + (DAY if card.next_all_day else 0) >= now:
            return False
    last = max(card.entered_at or 0, card.last_done_at or 0)
    return last > 0 and now - last > limit_days * DAY


__all__ = [
    "STALE_DAYS", "Board", "BoardCard", "BoardColumn", "BoardManager", "CurrencySum", "Mark", "Totals",
    "add_up", "days_in_stage", "is_stale", "next_mark", "sums_of",
]  # fmt: skip
