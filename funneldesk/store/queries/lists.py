"""The small lists that everything refers to: managers, sources, products, reasons, funnels, stages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import sqlalchemy as sa

from funneldesk.domain.funnel import Funnel, Stage
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.store import tables as t
from funneldesk.store.transaction import equal_records, select_records

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class FunnelView:
    """A funnel with its live stages in order."""

    funnel: Funnel
    stages: tuple[Stage, ...]


def funnels(conn: sa.Connection, *, archived: bool = False) -> list[FunnelView]:
    """Funnels in their order, each with its live stages in order."""
    wanted = {} if archived else {"archived": False}
    found = equal_records(conn, Funnel, order="position", **wanted)
    by_funnel: dict[int, list[Stage]] = {}
    for stage in equal_records(conn, Stage, order="position", archived=False):
        by_funnel.setdefault(stage.funnel_id, []).append(stage)
    return [FunnelView(f, tuple(by_funnel.get(f.id, ()))) for f in found]


def managers(conn: sa.Connection, *, active_only: bool = False) -> list[Manager]:
    """Managers by name."""
    where = [t.managers.c.active.is_(True)] if active_only else []
    return select_records(conn, Manager, *where, order=t.managers.c.folded)


def sources(conn: sa.Connection) -> list[Source]:
    """Sources by name."""
    return select_records(conn, Source, order=t.sources.c.folded)


def products(conn: sa.Connection) -> list[Product]:
    """Products by name."""
    return select_records(conn, Product, order=t.products.c.folded)


def loss_reasons(conn: sa.Connection) -> list[LossReason]:
    """Loss reasons in their order."""
    return select_records(conn, LossReason, order=t.loss_reasons.c.position)
