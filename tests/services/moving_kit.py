"""What tests of moving deals ask of a base."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from funneldesk.domain.change import Change
from funneldesk.domain.deal import Deal
from funneldesk.domain.funnel import DealMode
from funneldesk.services import deals, funnels
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

Step = Callable[[Callable[[], Change]], Change]


def all_of(db: Database, cls: type[Any]) -> list[Any]:
    with db.read() as conn:
        return select_records(conn, cls)


def deal(db: Database, deal_id: int = 1) -> Deal:
    found: Deal = next(d for d in all_of(db, Deal) if d.id == deal_id)
    return found


def ask(db: Database, stage_id: int, *keys: str, checklist: str | None = None) -> None:
    funnels.update_stage(db, stage_id, required=json.dumps(keys) if keys else None, checklist=checklist)


def automatic(db: Database, **more: Any) -> None:
    funnels.update_stage(db, 1, key_task="Find the contact", subtasks="Site\nPhone", limit_days=2)
    funnels.update_stage(db, 2, key_task="Prepare the offer", manager_id=2)
    deals.create(db, NewDeal("Racks", manager_id=1, mode=DealMode.AUTOMATIC, **more), funnel_id=1)
