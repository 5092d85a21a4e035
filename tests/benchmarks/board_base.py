"""A base of many clients with a board of many open deals, for timing."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from random import Random

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.folding import sort_key
from funneldesk.services import funnels
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from tests.benchmarks.client_base import make_base


def make_board_base(path: Path, clients: int, deals: int, seed: int = 2) -> Database:
    """A new base with `clients` clients, and `deals` open deals over the stages of one funnel."""
    db = make_base(path, clients, seed)
    funnels.create_from_template(db, "sale", language="ru")
    rnd, now = Random(seed), clock.now()
    with db.transaction(Label("sample.made")) as tx:
        stages = [
            (row.id, row.slot) for row in tx.conn.execute(t.stages.select().order_by(t.stages.c.position))
        ]
        first, first_move = tx.reserve("deal", deals), tx.reserve("stage_move", deals)
        rows, moves = [], []
        for n in range(deals):
            stage_id, slot = stages[n % len(stages)]
            at = now - rnd.randrange(60) * clock.DAY
            title = f"Поставка {n}"
            deal = Deal(
                id=first + n, title=title, company_id=1 + rnd.randrange(clients // 2), funnel_id=1,
                amount=rnd.randrange(10_000, 90_000_000), currency="RUB", manager_id=rnd.randrange(1, 4),
                created_at=at, position=float(n), stage_id=stage_id, entered_at=at, visited=1 << slot,
                sort_key=sort_key(title),
            )  # fmt: skip
            move = StageMove(
                id=first_move + n, deal_id=first + n, seq=0, at=at, to_kind="open", to_stage_id=stage_id
            )
            rows.append(tuple(asdict(deal).values()))
            moves.append(tuple(asdict(move).values()))
        tx.bulk_insert("deal", t.COLUMNS["deal"], rows)
        tx.bulk_insert("stage_move", t.COLUMNS["stage_move"], moves)
    return db
