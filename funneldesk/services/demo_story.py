"""The history of one sample deal: its moves, activities and next step, and the columns kept from them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from funneldesk.domain.clock import DAY
from funneldesk.services import demo_plan as plan
from funneldesk.services.demo_words import Words

MOVE = (
    "id", "deal_id", "seq", "at", "from_kind", "from_stage_id", "to_kind", "to_stage_id", "actor_id",
    "owner_id", "amount", "loss_reason_id", "cause",
)  # fmt: skip
ACTIVITY = (
    "id", "kind", "subject", "result", "company_id", "person_id", "deal_id", "manager_id", "created_at",
    "due_at", "all_day", "done_at",
)  # fmt: skip
_HOUR = DAY // 24
_MINUTE = _HOUR // 60


@dataclass(frozen=True, slots=True)
class Course:
    """A funnel's stages with their slots, and the pace at which deals run through it."""

    funnel_id: int
    stages: Sequence[int]
    slots: Sequence[int]
    pace: plan.Pace


@dataclass(slots=True)
class Tale:
    """One deal while its story is told; times in microseconds, money in minor units."""

    deal_id: int
    company_id: int | None
    person_id: int
    style: int
    win: float
    amount: int | None
    estimate: int
    status: str = "open"
    rank: int = 0  # of the stage it is in or left last, from 0
    entered_at: int = 0
    closed_at: int | None = None
    visited: int = 0
    lost_from: int | None = None
    reason: int | None = None
    last_done: int | None = None
    next_due: int | None = None
    next_id: int | None = None
    seq: int = 0


@dataclass(slots=True)
class Teller:
    """Tells stories one after another; rows collect in `moves` and `activities`."""

    rng: Random
    words: Words
    managers: Sequence[int]
    reasons: Sequence[int]
    today: int  # 00:00 UTC of the day of the sample; nothing has happened after it
    first_move: int
    first_activity: int
    moves: list[tuple[Any, ...]] = field(default_factory=list)
    activities: list[tuple[Any, ...]] = field(default_factory=list)

    def tell(self, tale: Tale, course: Course, begun: int) -> None:
        """Run a deal through a funnel from `begun` until it ends or today comes."""
        self._move(tale, course, begun, "open", 0)
        while True:
            at, forgotten = self._leaves(tale, course)
            if at is None:
                self._next_step(tale, course)
                return
            if not forgotten:
                self._contacts(tale, course, tale.entered_at, at)
            if not forgotten and self._passes(tale, course):
                if self._forward(tale, course, at):
                    return
            elif self._lose(tale, course, at):
                return

    def _leaves(self, tale: Tale, course: Course) -> tuple[int | None, bool]:
        """When the deal leaves its stage (None: it is there today), and whether it was forgotten there.

        A forgotten deal hangs for months until somebody clears it away as lost.
        """
        rng, style = self.rng, plan.STYLES[tale.style]
        days = course.pace.days[tale.rank] * style.pace * rng.lognormvariate(0, 0.6)
        forgotten = rng.random() < style.stuck
        hangs = rng.uniform(*plan.HANGS) if forgotten else 0.0
        at = snap(tale.entered_at + int((days + hangs) * DAY), tale.entered_at, rng)
        if forgotten or at >= self.today:
            worked = min(tale.entered_at + int(days * DAY), self.today)
            self._contacts(tale, course, tale.entered_at, worked)
        return (at if at < self.today else None), forgotten

    def _passes(self, tale: Tale, course: Course) -> bool:
        style = plan.STYLES[tale.style]
        weight = course.pace.losses[tale.rank] * (1.5 if tale.rank in style.weak else 0.9)
        return bool(self.rng.random() < tale.win**weight)

    def _forward(self, tale: Tale, course: Course, at: int) -> bool:
        """A step on; True when the deal is won by it."""
        rng = self.rng
        last = len(course.stages) - 1
        if rng.random() < plan.HANDED_OVER:
            tale.style = rng.randrange(len(plan.STYLES))
        if tale.amount is not None and tale.rank == 3:
            tale.amount = rounded(int(tale.amount * rng.uniform(0.85, 1.2)))
        elif tale.amount is None and tale.rank >= 2 and tale.estimate:
            tale.amount = tale.estimate
        if tale.rank >= last:
            self._move(tale, course, at, "won", tale.rank)
            return True
        luck = rng.random()
        if luck < plan.BACK and tale.rank > 0:
            rank = tale.rank - 1
        elif luck < plan.BACK + plan.SKIP and tale.rank + 2 <= last:
            rank = tale.rank + 2
        else:
            rank = tale.rank + 1
        self._move(tale, course, at, "open", rank)
        return False

    def _lose(self, tale: Tale, course: Course, at: int) -> bool:
        """The deal is lost; True when it stays so."""
        rng = self.rng
        early = tale.rank < 3
        weights = (25, 5, 15, 55) if early else (38, 14, 30, 18)
        tale.reason = rng.choices(range(4), weights)[0]
        self._move(tale, course, at, "lost", tale.rank)
        if rng.random() >= plan.REOPEN:
            return True
        again = snap(at + int(rng.uniform(12, 70) * DAY), at, rng)
        if again >= self.today:
            return True
        tale.reason = None
        self._move(tale, course, again, "open", tale.rank)
        return False

    def _move(self, tale: Tale, course: Course, at: int, kind: str, rank: int) -> None:
        stage = course.stages[rank] if kind == "open" else None
        before: tuple[str | None, int | None] = (None, None)
        if tale.seq:
            before = (tale.status, course.stages[tale.rank] if tale.status == "open" else None)
        owner = self.managers[tale.style]
        reason = self.reasons[tale.reason] if kind == "lost" and tale.reason is not None else None
        self.moves.append(
            (
                self.first_move + len(self.moves), tale.deal_id, tale.seq, at, *before, kind, stage,
                owner, owner, tale.amount, reason, "user",
            )
        )  # fmt: skip
        tale.lost_from = course.stages[tale.rank] if kind == "lost" else None
        tale.closed_at = None if kind == "open" else at
        if kind == "open":
            tale.visited |= 1 << course.slots[rank]
        tale.status, tale.rank, tale.entered_at = kind, rank, at
        tale.seq += 1

    def _contacts(self, tale: Tale, course: Course, start: int, end: int) -> None:
        """What was done in a stay; the last of it shortly before the move it led to."""
        rng = self.rng
        mean = plan.STYLES[tale.style].contacts
        count = int(rng.random() * 2 * mean + 0.5)
        if end - start < 2 * _HOUR or not count:
            return
        times = sorted(snap(start + int(rng.random() * (end - start)), start, rng) for _ in range(count - 1))
        for at in [*times, end - rng.randrange(10, 90) * _MINUTE]:
            if start < at < end:
                self._done(tale, course.pace.kinds[tale.rank], at)

    def _done(self, tale: Tale, usual: str, at: int) -> None:
        rng, words = self.rng, self.words
        kind = usual if rng.random() < 0.7 else rng.choice(("call", "call", "letter", "note"))
        result = rng.choice(words.results) if kind in ("call", "meeting") else None
        self._activity(tale, kind, rng.choice(self._subjects(kind)), result, at, None, at)
        tale.last_done = at if tale.last_done is None else max(at, tale.last_done)

    def _subjects(self, kind: str) -> Sequence[str]:
        words = self.words
        by_kind = {"call": words.calls, "meeting": words.meetings, "note": words.notes, "task": words.tasks}
        return by_kind.get(kind, words.letters)

    def _next_step(self, tale: Tale, course: Course) -> None:
        rng = self.rng
        luck = rng.random()
        when = next((word for bound, word in plan.NEXT if luck < bound), None)
        if when is None:
            return
        if when == "today":
            due = self.today + rng.randrange(8, 17) * _HOUR
        elif when == "later":
            due = weekday(self.today + rng.randrange(1, 15) * DAY + rng.randrange(8, 17) * _HOUR)
        else:
            due = self.today - rng.randrange(1, 12) * DAY + rng.randrange(8, 17) * _HOUR
        usual = course.pace.kinds[tale.rank]
        kind = usual if rng.random() < 0.6 else "task"
        made = max(tale.entered_at, min(due, self.today) - 3 * DAY)
        tale.next_due, tale.next_id = due, self.first_activity + len(self.activities)
        self._activity(tale, kind, rng.choice(self._subjects(kind)), None, made, due, None)

    def _activity(
        self,
        tale: Tale,
        kind: str,
        subject: str,
        result: str | None,
        made: int,
        due: int | None,
        done: int | None,
    ) -> None:
        self.activities.append(
            (
                self.first_activity + len(self.activities), kind, subject, result, tale.company_id,
                tale.person_id, tale.deal_id, self.managers[tale.style], made, due, False, done,
            )
        )  # fmt: skip


def snap(at: int, after: int, rng: Random) -> int:
    """A moment in working hours of a working day near `at`, and later than `after`."""
    day = weekday(at - at % DAY)
    found = day + 7 * _HOUR + rng.randrange(9 * 60) * _MINUTE
    return found if found > after else after + rng.randrange(15, 120) * _MINUTE


def weekday(at: int) -> int:
    """`at`, moved from a weekend to the Monday after it."""
    number = (at // DAY + 3) % 7  # the first of January 1970 was a Thursday
    return at if number < 5 else at + (7 - number) * DAY


def rounded(minor: int) -> int:
    """A sum as people name it: two leading digits and a half."""
    step = 10 ** max(len(str(minor)) - 2, 0) // 2 or 1
    return max(round(minor / step) * step, step)
