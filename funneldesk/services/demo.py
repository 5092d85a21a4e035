"""The sample base: a year of a made-up firm, the same for the same seed, language, size and day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from funneldesk.domain import clock
from funneldesk.domain.change import Change, Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.folding import fold, sort_key
from funneldesk.domain.funnel import Stage, ordered
from funneldesk.domain.lead import LeadStatus
from funneldesk.domain.money import minor_digits
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.errors import Cancelled
from funneldesk.services import demo_clients, demo_story, funnels
from funneldesk.services import demo_plan as plan
from funneldesk.services.demo_books import Books, Win
from funneldesk.services.demo_clients import Client, Clients, Ids
from funneldesk.services.demo_story import Course, Tale, Teller
from funneldesk.services.demo_words import Words, latin, words
from funneldesk.services.funnel_templates import starter_reasons, template
from funneldesk.store.database import Database, read_info
from funneldesk.store.transaction import Actor, Transaction

Progress = Callable[[int, int, str], None]

DEAL = (
    "id", "title", "company_id", "person_id", "funnel_id", "amount", "currency", "manager_id", "source_id",
    "product_id", "created_at", "expected_close", "loss_reason_id", "loss_comment", "competitor", "demand",
    "position", "status", "stage_id", "entered_at", "closed_at", "visited", "lost_from_id", "path_known",
    "next_due_at", "next_activity_id", "last_done_at", "sort_key",
)  # fmt: skip
LEAD = (
    "id", "title", "company_name", "person_name", "phone", "email", "status", "source_id", "manager_id",
    "created_at", "closed_at", "drop_reason",
)  # fmt: skip
_CHUNK = 4_000


def make_sample(
    db: Database,
    *,
    deals: int = 300,
    seed: int = 1,
    language: str = "en",
    now: int | None = None,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    actor: Actor | None = None,
) -> Change:
    """Fill a base with `deals` deals of the year before the day of `now` (microseconds, None = this moment).

    One change, undone as one.  Raises Cancelled, which leaves nothing.
    """
    moment = clock.now() if now is None else now
    with db.transaction(Label("sample.made"), actor=actor) as tx:
        sample = _Sample(tx, deals, seed, language, moment - moment % DAY)
        sample.run(progress, cancelled)
        tx.summary["deals"] = deals
    return tx.change


class _Sample:
    """One run: what all its steps share."""

    def __init__(self, tx: Transaction, deals: int, seed: int, language: str, today: int) -> None:
        self.tx, self.total, self.language, self.today = tx, max(deals, 1), language, today
        self.seed = seed
        self.rng = Random(f"{seed}:{language}:{deals}")
        self.words: Words = words(language)
        self.currency = read_info(tx.conn).currency
        self.unit = plan.UNITS.get(self.currency, 1.0) * 10 ** minor_digits(self.currency)
        self.wins: list[Win] = []

    def run(self, progress: Progress | None, cancelled: Callable[[], bool] | None) -> None:
        self._lists()
        begun = self._times()
        picked = self._put_clients(begun)
        for start in range(0, self.total, _CHUNK):
            if cancelled is not None and cancelled():
                raise Cancelled
            end = min(start + _CHUNK, self.total)
            self._put_deals(start, begun[start:end], picked[start:end])
            if progress is not None:
                progress(end, self.total, "")
        self._put_leads()
        books = Books(
            self.tx,
            Random(f"{self.seed}:{self.language}:books"),
            self.words,
            self.today,
            self.currency,
            self.unit,
        )
        books.fill(self.wins, self.managers, self.sources, self.courses[0], self.total)

    def _lists(self) -> None:
        """Managers, sources, products, reasons and the two funnels."""
        self.managers = [self._entry(Manager(name=name)) for name in self.words.managers]
        self.sources = [self._entry(Source(name=name)) for name in self.words.sources]
        self.products = []
        for name, price in zip(self.words.products, plan.PRICES, strict=True):
            sum_ = demo_story.rounded(int(price * self.unit))
            cost = demo_story.rounded(int(price * self.unit * self.rng.uniform(0.45, 0.7)))
            record = Product(name=name, price=sum_, cost=cost, currency=self.currency)
            self.products.append(self._entry(record))
        self.reasons = []
        for place, reason in enumerate(starter_reasons(self.language), 1):
            entry = LossReason(
                name=reason.name, advice=reason.advice, competitor=reason.competitor, position=place
            )
            self.reasons.append(self._entry(entry))
        self.courses = [self._course(key) for key, _share in plan.FUNNELS]

    def _entry(self, record: Any) -> int:
        known = self.tx.all(type(record), folded=fold(record.name))
        return int(known[0].id) if known else self.tx.insert(record)

    def _course(self, key: str) -> Course:
        tx = self.tx
        info = template(key, self.language)
        funnel_id = funnels.add_from_template(tx, info, language=self.language)
        stages = ordered(tx.all(Stage, funnel_id=funnel_id))
        return Course(funnel_id, [s.id for s in stages], [s.slot for s in stages], plan.PACES[key])

    def _times(self) -> list[int]:
        """When each deal began, in order: seasons over two years, growing towards today, working hours."""
        rng = self.rng
        found: list[int] = []
        while len(found) < self.total:
            back = rng.random() ** 2 * 800 + 0.8
            at = self.today - int(back * DAY)
            if rng.random() * 1.4 > plan.SEASON[clock.from_micros(at).month - 1]:
                continue
            snapped = demo_story.snap(at, 0, rng)
            if snapped < self.today:
                found.append(snapped)
        return sorted(found)

    def _put_clients(self, begun: Sequence[int]) -> list[Client]:
        """Make the clients; returns whose each deal is."""
        tx, rng = self.tx, self.rng
        count = max(8, int(self.total * 0.55))
        free = {kind: _next_id(tx, kind) for kind in ("company", "person", "contact_point")}
        ids = Ids(free["company"], free["person"], free["contact_point"], self.managers, self.sources)
        made = demo_clients.make_clients(rng, self.words, ids, count)
        picked = [made.clients[int(rng.random() ** 1.6 * count)] for _ in begun]
        for client in made.clients:
            client.since = self.today - int(rng.uniform(1, 810) * DAY)
        seen: set[int] = set()
        for client, at in zip(picked, begun, strict=True):
            if client.person_id not in seen:
                seen.add(client.person_id)
                client.since = at
        demo_clients.dated(made)
        self._put_client_rows(made)
        return picked

    def _put_client_rows(self, made: Clients) -> None:
        tx = self.tx
        for kind, columns, rows in (
            ("company", demo_clients.COMPANY, made.companies),
            ("person", demo_clients.PERSON, made.people),
            ("contact_point", demo_clients.CONTACT, made.contacts),
        ):
            if rows:
                tx.reserve(kind, len(rows))
                tx.bulk_insert(kind, columns, rows)

    def _put_deals(self, start: int, begun: Sequence[int], picked: Sequence[Client]) -> None:
        tx = self.tx
        teller = Teller(
            self.rng, self.words, self.managers, self.reasons, self.today,
            _next_id(tx, "stage_move"), _next_id(tx, "activity"),
        )  # fmt: skip
        first = tx.reserve("deal", len(begun))
        rows = [
            self._deal(first + n, start + n, at, client, teller)
            for n, (at, client) in enumerate(zip(begun, picked, strict=True))
        ]
        tx.bulk_insert("deal", DEAL, rows)
        for kind, columns, told in (
            ("stage_move", demo_story.MOVE, teller.moves),
            ("activity", demo_story.ACTIVITY, teller.activities),
        ):
            if told:
                tx.reserve(kind, len(told))
                tx.bulk_insert(kind, columns, told)

    def _deal(self, deal_id: int, number: int, begun: int, client: Client, teller: Teller) -> tuple[Any, ...]:
        """Tell the story of one deal and return its row."""
        rng, words_ = self.rng, self.words
        style = client.style if rng.random() < 0.9 else rng.randrange(len(plan.STYLES))
        place = 1 if rng.random() < plan.FUNNELS[1][1] else 0
        product = rng.randrange(6) if place else rng.randrange(4, len(self.products))
        estimate = self._estimate(product, style) if rng.random() >= plan.NO_AMOUNT else 0
        repeated = client.since < begun
        win = plan.STYLES[style].win * plan.SOURCES[client.source][1] * (1.2 if repeated else 0.95)
        tale = Tale(
            deal_id, client.company_id, client.person_id, style, min(max(win, 0.03), 0.85),
            estimate if estimate and rng.random() < 0.7 else None, estimate,
        )  # fmt: skip
        course = self.courses[place]
        teller.tell(tale, course, begun)
        title = words_.products[product] + rng.choice(words_.endings)
        lost, open_ = tale.status == "lost", tale.status == "open"
        manager = self.managers[tale.style]
        if tale.amount and tale.closed_at is not None and not lost:
            owners = (client.company_id, client.person_id)
            self.wins.append(Win(deal_id, *owners, manager, tale.amount, tale.closed_at))
        remark = rng.choice(words_.reasons[tale.reason]) if lost and tale.reason is not None else None
        rival = rng.choice(words_.rivals) if lost and tale.reason == 2 else None
        close = begun + int(sum(course.pace.days) * plan.STYLES[style].pace * rng.uniform(0.9, 1.6) * DAY)
        return (
            deal_id, title, client.company_id, client.person_id, course.funnel_id, tale.amount, self.currency,
            manager, self.sources[client.source], self.products[product], begun,
            clock.from_micros(close).date().isoformat() if open_ and tale.rank > 2 else None,
            self.reasons[tale.reason] if lost and tale.reason is not None else None, remark, rival,
            rng.choice(words_.demands) if rng.random() < 0.5 else None, -1024.0 * number, tale.status,
            course.stages[tale.rank] if open_ else None, tale.entered_at, tale.closed_at, tale.visited,
            tale.lost_from if lost else None, True, tale.next_due, tale.next_id, tale.last_done,
            sort_key(title),
        )  # fmt: skip

    def _estimate(self, product: int, style: int) -> int:
        usual = plan.PRICES[product] * self.unit * plan.STYLES[style].size
        return demo_story.rounded(int(usual * self.rng.lognormvariate(0, 0.55)))

    def _put_leads(self) -> None:
        """Requests that are no deals yet: a few new ones, some qualified, some dropped."""
        rng, words_ = self.rng, self.words
        count = min(max(6, self.total // 20), 400)
        first = self.tx.reserve("lead", count)
        rows = []
        for number in range(count):
            status = (
                LeadStatus.NEW if number % 3 == 0 else rng.choice((LeadStatus.QUALIFIED, LeadStatus.DROPPED))
            )
            made = self.today - int(rng.uniform(0.3, 4 if status == LeadStatus.NEW else 60) * DAY)
            city, _region, code = rng.choice(words_.cities)
            company = f"{rng.choice(words_.heads)}{rng.choice(words_.tails)} {rng.choice(words_.branches)}"
            dropped = status == LeadStatus.DROPPED
            rows.append(
                (
                    first + number, words_.lead_title.format(product=rng.choice(words_.products)),
                    f"{company}, {city}", rng.choice(words_.women + words_.men),
                    words_.phone.format(code=code, a=rng.randrange(10, 100), b=rng.randrange(10, 100)),
                    f"{latin(company)}{number}@mail.example", str(status), rng.choice(self.sources),
                    None if status == LeadStatus.NEW else rng.choice(self.managers), made,
                    min(made + 2 * DAY, self.today) if dropped else None,
                    words_.drop_reason if dropped else None,
                )
            )  # fmt: skip
        self.tx.bulk_insert("lead", LEAD, rows)


def _next_id(tx: Transaction, kind: str) -> int:
    return tx.reserve(kind, 0)
