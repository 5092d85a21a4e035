"""Random histories of deals for reports: leads, moves, amounts, activities, a field of ones own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import StageMove, replay
from funneldesk.domain.fields import CustomField, CustomValue
from funneldesk.domain.team import CurrencyRate, LossReason, Source
from funneldesk.services import bases, funnels, stages, team
from funneldesk.store import closes, places
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.moves import slots_of, standing_values
from funneldesk.store.queries import lists
from funneldesk.store.transaction import Transaction

NOW = clock.now()
UTC = ZoneInfo("UTC")
PERIODS = [(None, None), (NOW - 200 * DAY, NOW - 20 * DAY), (NOW - 60 * DAY, None)]


def fill(tx: Transaction, rnd: Random, count: int, stage_ids: list[int], *, ahead: bool = False) -> None:
    """Deals with every kind of history: unknown times and paths, no amounts, other currencies, no stages.

    `ahead`: some move, and some are said to be created, later than now.
    """
    slots = slots_of(tx.conn, 1)
    first, first_move = tx.reserve("deal", count), tx.reserve("stage_move", count * 6)
    deals: list[tuple[Any, ...]] = []
    moves: list[StageMove] = []
    for deal_id in range(first, first + count):
        created = rnd.choice([None, NOW - rnd.randrange(1, 500) * DAY, NOW - rnd.randrange(1, 90) * DAY])
        at, own = created, list[StageMove]()
        latest = NOW + 9 * DAY if ahead and deal_id % 5 == 0 else NOW - 1
        if ahead and deal_id % 7 == 0:
            created = NOW + 5 * DAY
        kind: str | None = None
        before: int | None = None
        for seq in range(rnd.randrange(1, 6)):
            to = rnd.choice(["open", "open", "open", "won", "lost"])
            if to == kind and to != "open":
                to = "open"
            stage = rnd.choice([*stage_ids, None]) if to == "open" and rnd.random() < 0.9 else None
            own.append(
                StageMove(
                    id=first_move + len(moves) + len(own), deal_id=deal_id, seq=seq, at=at, from_kind=kind,
                    from_stage_id=before, to_kind=to, to_stage_id=stage, actor_id=rnd.choice([None, 1, 2]),
                    owner_id=rnd.choice([None, 1, 2]), amount=rnd.choice([None, 70_000, 90_000]),
                )
            )  # fmt: skip
            kind, before = to, stage
            at = None if at is None else min(latest, at + rnd.randrange(20) * DAY)
        moves += own
        values = {
            "id": deal_id, "version": 1, "title": f"D{deal_id}", "funnel_id": 1, "sort_key": f"d{deal_id}",
            "amount": rnd.choice([None, 50_000, 70_000]), "created_at": created,
            "currency": rnd.choice(["EUR", "EUR", None, "USD", "XXX", ""]),
            "manager_id": rnd.choice([None, 1, 2]), "source_id": rnd.choice([None, 1, 2]),
            "loss_reason_id": rnd.choice([None, 1, 2]), "loss_comment": rnd.choice([None, "", "dear"]),
            "position": 1.0, "mode": rnd.choice([None, None, None, "stageless"]),
            **standing_values(replay(own, slots)),
        }  # fmt: skip
        deals.append(tuple(values.get(name) for name in t.COLUMNS["deal"]))
    tx.bulk_insert("deal", t.COLUMNS["deal"], deals)
    names = t.COLUMNS["stage_move"]
    tx.bulk_insert("stage_move", names, [tuple(getattr(m, n) for n in names) for m in moves])


def talk(tx: Transaction, rnd: Random, deals: int) -> None:
    """Leads of deals, of several times the same deal and of none, and what was done for both."""
    leads = tx.reserve("lead", 90)
    made = []
    for lead in range(leads, leads + 90):
        values = {
            "id": lead, "version": 1, "title": f"L{lead}", "status": rnd.choice(["new", "converted"]),
            "source_id": rnd.choice([None, 1]), "manager_id": rnd.choice([None, 1, 2]),
            "created_at": rnd.choice([None, NOW - rnd.randrange(1, 400) * DAY]),
            "deal_id": rnd.choice([None, rnd.randrange(1, deals), rnd.randrange(1, 20)]),
        }  # fmt: skip
        made.append(tuple(values.get(name) for name in t.COLUMNS["lead"]))
    tx.bulk_insert("lead", t.COLUMNS["lead"], made)
    for deal in range(1, deals, 7):
        tx.put("deal", deal, {"lead_id": rnd.randrange(leads, leads + 90)})
    done, first = [], tx.reserve("activity", 900)
    for each in range(first, first + 900):
        values = {
            "id": each, "version": 1, "kind": rnd.choice(["call", "meeting", "mailing", "note"]),
            "subject": "Talk", "all_day": 0, "manager_id": rnd.choice([None, 1, 2]),
            "deal_id": rnd.choice([None, rnd.randrange(1, deals), rnd.randrange(1, 40)]),
            "lead_id": rnd.choice([None, None, rnd.randrange(leads, leads + 90)]), "created_at": NOW,
            "done_at": rnd.choice([None, NOW - rnd.randrange(500 * 24) * DAY // 24, NOW + 2 * DAY]),
        }  # fmt: skip
        done.append(tuple(values.get(name) for name in t.COLUMNS["activity"]))
    tx.bulk_insert("activity", t.COLUMNS["activity"], done)


def mark(tx: Transaction, rnd: Random, deals: int) -> None:
    """A field of one's own that some deals have filled in."""
    field = tx.insert(CustomField(record_kind="deal", name="Tier", type="text"))
    for deal in rnd.sample(range(1, deals), deals // 2):
        tx.insert(CustomValue(field_id=field, record_kind="deal", record_id=deal, value=rnd.choice(TIERS)))


TIERS = ("gold", "silver")
GOLD = (("custom:Tier", "gold"),)


@contextmanager
def made_base(path: Path, chances: str) -> Iterator[Database]:
    """A base of 600 random deals whose funnel has lost and merged stages; `chances` is where a funnel's
    probabilities come from: "template" or "history".
    """
    with bases.new_base(path, currency="EUR", zone="Europe/Warsaw") as base:
        funnels.create(base, "Sales", ["Call", "Need", "Offer", "Contract", "Payment"])
        for name in ("Anna", "Boris"):
            team.add_manager(base, name)
        with base.transaction(Label("sample.made")) as tx:
            tx.insert(CurrencyRate(currency="USD", day="2024-01-01", rate="0.9"))
            for name in ("Dear", "Late"):
                tx.insert(LossReason(name=name, outcome="Ours" if name == "Late" else None))
                tx.insert(Source(name=name))
            fill(tx, Random(5), 400, [1, 2, 3, 4, 5])
            talk(tx, Random(7), 400)
            mark(tx, Random(8), 400)
            tx.put("funnel", 1, {"probability_source": chances})
        stages.remove_stage(base, 2, to_id=3)
        stages.merge_stage(base, 5, 4)
        with base.read() as conn:
            assert not (closes.problems(conn) or places.problems(conn))
            live = [stage.id for stage in lists.funnels(conn)[0].stages]
        with base.transaction(Label("sample.made")) as tx:
            fill(tx, Random(6), 200, live, ahead=True)
        yield base
