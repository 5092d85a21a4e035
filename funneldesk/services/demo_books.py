"""What the sample firm enters in its books: plans, costs, marked changes, standards, invoices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any, NamedTuple

from funneldesk.domain import clock
from funneldesk.domain.billing import number_key
from funneldesk.domain.clock import DAY
from funneldesk.domain.goals import Mark, Measure, Plan, SourceCost, Standard, StandardKind, month_after
from funneldesk.services.demo_story import Course, rounded
from funneldesk.services.demo_words import Words
from funneldesk.store.transaction import Transaction

INVOICE = (
    "id", "number", "company_id", "person_id", "deal_id", "date", "due_date", "amount", "currency",
    "manager_id", "created_at", "number_key",
)  # fmt: skip
PAYMENT = ("id", "invoice_id", "date", "amount", "currency", "created_at")

USUAL_DEALS = 300  # the costs below are of a sample of so many
# What a source costs in US dollars: (its place among the sources, each month, at each fair).
COSTS = ((0, 110, 0), (2, 0, 900), (5, 35, 0), (6, 150, 0))
FAIRS = (3, 10)  # the months of fairs
MONTHS_OF_COSTS = 24
PLANNED_BACK, PLANNED_AHEAD = 5, 1  # months with a plan, besides the current one
MORE = 1.15  # a plan asks for so much of what was usual
INVOICED_DAYS = 365  # deals won within them have an invoice
TO_PAY_DAYS = 14
PAID, PAID_IN_PART = 0.72, 0.85  # up to these shares an invoice is paid, or half of it
MARKS = ((150, 0), (65, 1))  # days back, and which of the words
OFFER = 4  # the place of the stage at which a client waits least
CONTACT_DAYS, OFFER_DAYS, ANSWER_HOURS = 21.0, 7.0, 24.0


class Win(NamedTuple):
    """A deal that was won; `amount` in minor units, `at` in microseconds UTC."""

    deal_id: int
    company_id: int | None
    person_id: int | None
    manager_id: int
    amount: int
    at: int


@dataclass(slots=True)
class Books:
    """One run; `unit`: minor units of `currency` per US dollar, `today`: the start of its day."""

    tx: Transaction
    rng: Random
    words: Words
    today: int
    currency: str
    unit: float

    def fill(
        self, wins: Sequence[Win], managers: Sequence[int], sources: Sequence[int], course: Course, deals: int
    ) -> None:
        """Enter everything; `deals` is the size of the sample, `course` the funnel of the standards."""
        self._plans(wins, managers)
        for cost in self._costs(sources, deals):
            self.tx.insert(cost)
        for back, place in MARKS:
            self.tx.insert(Mark(day=self._day(-back).isoformat(), title=self.words.marks[place]))
        contact, answer = str(StandardKind.CONTACT), str(StandardKind.ANSWER)
        self.tx.insert(Standard(kind=contact, limit_=CONTACT_DAYS))
        self.tx.insert(Standard(kind=contact, limit_=OFFER_DAYS, stage_id=course.stages[OFFER]))
        self.tx.insert(Standard(kind=answer, limit_=ANSWER_HOURS))
        self._invoices(wins)

    def _day(self, after: int) -> date:
        return clock.from_micros(self.today).date() + timedelta(days=after)

    def _plans(self, wins: Sequence[Win], managers: Sequence[int]) -> None:
        """A little more than each manager usually wins in a month, in deals and in money."""
        month = self._day(0).isoformat()[:7]
        months = [month_after(month, n) for n in range(-PLANNED_BACK, PLANNED_AHEAD + 1)]
        for manager in managers:
            own = [win for win in wins if win.manager_id == manager and win.at > self.today - 365 * DAY]
            count = max(1, round(len(own) / 12 * MORE))
            average = sum(win.amount for win in own) / len(own) if own else 1_000 * self.unit
            money = rounded(int(count * average))
            for planned in months:
                for measure, value in ((Measure.DEALS, count), (Measure.MONEY, money)):
                    self.tx.insert(Plan(month=planned, manager_id=manager, measure=str(measure), value=value))

    def _costs(self, sources: Sequence[int], deals: int) -> Iterator[SourceCost]:
        """What the sources cost month by month, up to yesterday."""
        month = self._day(0).isoformat()[:7]
        for back in range(MONTHS_OF_COSTS, -1, -1):
            first = date.fromisoformat(f"{month_after(month, -back)}-01")
            last = min(date.fromisoformat(f"{month_after(month, 1 - back)}-01"), self._day(0)) - timedelta(
                days=1
            )
            for place, monthly, fair in COSTS:
                dollars = monthly + (fair if first.month in FAIRS else 0)
                if not dollars or last < first:
                    continue
                amount = rounded(
                    int(dollars * self.unit * deals / USUAL_DEALS * self.rng.uniform(0.85, 1.15))
                )
                yield SourceCost(
                    source_id=sources[place], first_day=first.isoformat(), last_day=last.isoformat(),
                    amount=max(amount, 1), currency=self.currency,
                )  # fmt: skip

    def _invoices(self, wins: Sequence[Win]) -> None:
        """Invoices of the deals won lately; most are paid, some in part or not yet."""
        tx, rng = self.tx, self.rng
        lately = sorted(
            (win for win in wins if win.at > self.today - INVOICED_DAYS * DAY), key=lambda w: w.at
        )
        first = tx.reserve("invoice", len(lately))
        free = tx.reserve("payment", 0)
        invoices: list[tuple[Any, ...]] = []
        payments: list[tuple[Any, ...]] = []
        for place, win in enumerate(lately):
            day = clock.from_micros(win.at).date()
            number = f"{day.year}-{place + 1:04}"
            invoices.append(
                (
                    first + place, number, win.company_id, None if win.company_id else win.person_id,
                    win.deal_id, day.isoformat(), (day + timedelta(days=TO_PAY_DAYS)).isoformat(), win.amount,
                    self.currency, win.manager_id, win.at, number_key(number),
                )
            )  # fmt: skip
            luck = rng.random()
            paid = win.amount if luck < PAID else win.amount // 2 if luck < PAID_IN_PART else 0
            at = win.at + rng.randrange(1, TO_PAY_DAYS + 8) * DAY
            if paid and at < self.today:
                when = clock.from_micros(at).date().isoformat()
                payments.append((free + len(payments), first + place, when, paid, self.currency, at))
        tx.bulk_insert("invoice", INVOICE, invoices)
        tx.reserve("payment", len(payments))
        tx.bulk_insert("payment", PAYMENT, payments)
