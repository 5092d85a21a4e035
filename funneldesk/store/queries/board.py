"""What the stage board shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardCard, BoardManager
from funneldesk.domain.condition import Group
from funneldesk.domain.deal import Status
from funneldesk.domain.team import LossReason
from funneldesk.store import board_sql as q
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.among import among
from funneldesk.store.queries import conditions, lists
from funneldesk.store.queries.rates import rates

_STEP = 1024.0
_CHUNK = 500
_deals = t.deals.c


def deal_title(conn: sa.Connection, deal_id: int) -> str:
    """The title of a deal, empty when it is gone."""
    return conn.scalar(sa.select(_deals.title).where(_deals.id == deal_id)) or ""


def top_position(conn: sa.Connection, funnel_id: int, stage_id: int | None) -> float:
    """A position above every card of a column."""
    first = conn.scalar(sa.select(sa.func.min(_deals.position)).where(*_column(funnel_id, stage_id)))
    return 0.0 if first is None else float(first) - _STEP


def free_positions(
    conn: sa.Connection,
    funnel_id: int,
    stage_id: int,
    moving: Sequence[int],
    before_id: int | None,
    count: int,
) -> list[float]:
    """`count` rising positions right above the card `before_id` (None = above all, 0 = below all).

    Above all, too, where that card does not stand in the column.
    An empty list where the numbers that stand there leave no room: the column is to be numbered anew then.
    """
    others = [*_column(funnel_id, stage_id), sa.not_(among(_deals.id, moving))]
    low: float | None
    high: float | None
    if before_id is None:
        low, high = None, conn.scalar(sa.select(sa.func.min(_deals.position)).where(*others))
    elif before_id == 0:  # below all
        low, high = conn.scalar(sa.select(sa.func.max(_deals.position)).where(*others)), None
    else:
        here = [*_column(funnel_id, stage_id), _deals.id == before_id]
        high = conn.scalar(sa.select(_deals.position).where(*here))
        if high is None:
            return free_positions(conn, funnel_id, stage_id, moving, None, count)
        shared = sa.select(_deals.id).where(*others, _deals.position == high, _deals.id < before_id)
        if conn.scalar(shared.limit(1)) is not None:
            return []
        low = conn.scalar(sa.select(sa.func.max(_deals.position)).where(*others, _deals.position < high))
    if low is None and high is None:
        return [_STEP * n for n in range(count)]
    if low is None:
        assert high is not None
        places = [high - _STEP * (count - n) for n in range(count)]
    elif high is None:
        places = [low + _STEP * (n + 1) for n in range(count)]
    else:
        step = (high - low) / (count + 1)
        places = [low + step * (n + 1) for n in range(count)]
    # so near to each other, or so far from nought, numbers are no longer told apart
    row = [*([] if low is None else [low]), *places, *([] if high is None else [high])]
    return places if all(a < b for a, b in pairwise(row)) else []


def numbered_anew(
    conn: sa.Connection, funnel_id: int, stage_id: int, moving: Sequence[int]
) -> list[tuple[int, float]]:
    """Every card of a column but `moving`, in order, with a position that leaves room around it."""
    query = (
        sa.select(_deals.id)
        .where(*_column(funnel_id, stage_id), sa.not_(among(_deals.id, moving)))
        .order_by(_deals.position, _deals.id)
    )
    return [(row, _STEP * n) for n, row in enumerate(conn.scalars(query))]


def _column(funnel_id: int, stage_id: int | None) -> list[sa.ColumnElement[bool]]:
    return [_deals.funnel_id == funnel_id, _deals.status == str(Status.OPEN), _deals.stage_id == stage_id]


def load_board(conn: sa.Connection, funnel_id: int = 0) -> Board:
    """The whole board of a funnel (0 or unknown = the first one), every open card in order."""
    funnels = conn.execute(sa.text(q.FUNNELS)).all()
    managers = tuple(BoardManager(i, name, bool(on)) for i, name, on in conn.execute(sa.text(q.MANAGERS)))
    if not funnels:
        return Board(managers=managers)
    chosen = next((row for row in funnels if row[0] == funnel_id), funnels[0])
    values = {"funnel": chosen[0]}
    stages = conn.execute(sa.text(q.STAGES), values).all()
    sums = conn.execute(sa.text(q.SUMS + q.SUMS_END), values).all()
    known = rates(conn)
    by_stage: dict[int | None, list[BoardCard]] = {}
    for row in conn.execute(sa.text(q.CARDS + q.IN_ORDER), values):
        card = BoardCard._make(row)
        by_stage.setdefault(card.stage_id, []).append(card)
    live = {row[0] for row in stages}
    stray = sorted((c for s, cards in by_stage.items() if s not in live for c in cards), key=_place)
    columns = [
        column._replace(cards=tuple(by_stage.get(column.stage_id, ()) if column.stage_id else stray))
        for column in q.make_columns(list(stages), list(sums), known, clock.now())
    ]
    return Board(
        funnel_id=chosen[0],
        funnel=chosen[1],
        won_name=chosen[2],
        funnels=tuple((row[0], row[1]) for row in funnels),
        managers=managers,
        columns=tuple(columns),
        rates=known,
    )


def _place(card: BoardCard) -> tuple[float, int]:
    return card.place


def board_cards(conn: sa.Connection, funnel_id: int, deal_ids: Sequence[int]) -> list[BoardCard]:
    """The cards of those of `deal_ids` that are open in the funnel now."""
    query = sa.text(q.CARDS + " AND d.id IN :ids").bindparams(sa.bindparam("ids", expanding=True))
    found: list[BoardCard] = []
    for start in range(0, len(deal_ids), _CHUNK):
        part = list(deal_ids[start : start + _CHUNK])
        found += map(BoardCard._make, conn.execute(query, {"funnel": funnel_id, "ids": part}))
    return found


def matching(conn: sa.Connection, funnel_id: int, tree: Group) -> frozenset[int]:
    """The open deals of a funnel that pass; conditions on fields that are gone are left out."""
    asked = tree.without(conditions.gone_fields(conn, "deal", tree))
    query = sa.select(_deals.id).where(_deals.funnel_id == funnel_id, _deals.status == str(Status.OPEN))
    return frozenset(conn.scalars(query.where(conditions.deal_clause(conn, asked))))


@dataclass(frozen=True, slots=True)
class DealPlace:
    """Where a deal stands and what closing it needs to know."""

    id: int
    title: str
    client: str
    funnel_id: int
    stage_id: int | None
    status: str
    amount: int | None
    currency: str | None


@dataclass(frozen=True, slots=True)
class ClosingFacts:
    """What the dialogs of winning and losing ask about."""

    deals: tuple[DealPlace, ...]
    reasons: tuple[LossReason, ...]
    comment_required: bool
    competitors: tuple[str, ...]  # named before, the most frequent first


def closing_facts(conn: sa.Connection, deal_ids: Sequence[int]) -> ClosingFacts:
    """The deals that are to be won or lost, in the order asked, with the reasons to choose from."""
    client = sa.func.coalesce(t.companies.c.name, t.people.c.name, "")
    query = (
        sa.select(
            _deals.id, _deals.title, client, _deals.funnel_id, _deals.stage_id, _deals.status,
            _deals.amount, _deals.currency,
        )
        .select_from(t.deals.outerjoin(t.companies, t.companies.c.id == _deals.company_id)
                     .outerjoin(t.people, t.people.c.id == _deals.person_id))
        .where(among(_deals.id, deal_ids))
    )  # fmt: skip
    by_id = {row[0]: DealPlace(*row) for row in conn.execute(query)}
    deals = tuple(by_id[i] for i in deal_ids if i in by_id)
    required = conn.scalars(
        sa.select(t.funnels.c.loss_comment_required).where(t.funnels.c.id.in_({d.funnel_id for d in deals}))
    )
    named = (
        sa.select(_deals.competitor)
        .where(_deals.competitor.is_not(None), _deals.competitor != "")
        .group_by(_deals.competitor)
        .order_by(sa.func.count().desc(), _deals.competitor)
        .limit(50)
    )
    funnels = {deal.funnel_id for deal in deals}
    reasons = [r for r in lists.loss_reasons(conn) if r.funnel_id is None or r.funnel_id in funnels]
    return ClosingFacts(deals, tuple(reasons), any(required), tuple(conn.scalars(named).all()))


def clients_like(conn: sa.Connection, text: str, limit: int) -> list[tuple[str, int, str]]:
    """Companies and people that match what is typed: (kind, id, name), companies first, by name."""
    hits = search.find(conn, text, ("company", "person"), limit * 4)
    found: list[tuple[str, int, str]] = []
    for kind in ("company", "person"):
        table = t.table_of(kind)
        ids = [hit.id for hit in hits if hit.kind == kind]
        query = sa.select(table.c.id, table.c.name).where(table.c.id.in_(ids)).order_by(table.c.sort_key)
        found += [(kind, row.id, row.name) for row in conn.execute(query)]
    return found[:limit]
