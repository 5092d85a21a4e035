"""The stage board of a past moment, told by the stage history alone."""

from __future__ import annotations

import sqlalchemy as sa

from funneldesk.domain.board import Board, BoardCard, BoardManager, sums_of
from funneldesk.store import board_sql as q
from funneldesk.store.queries.rates import rates

# The last move of every deal up to :at.  Owner and sum are those noted with that move, the title and
# the client those of today; what was planned then is not told.
_CARDS = sa.text(
    "WITH last AS (SELECT deal_id, max(seq) AS seq FROM stage_moves WHERE at IS NULL OR at <= :at"
    " GROUP BY deal_id)"
    " SELECT d.id, d.title, coalesce(c.name, p.name),"
    " CASE WHEN d.company_id IS NOT NULL THEN 'company'"
    " WHEN d.person_id IS NOT NULL THEN 'person' ELSE '' END,"
    " coalesce(d.company_id, d.person_id), coalesce(m.amount, d.amount), d.currency, m.owner_id,"
    " m.to_stage_id, 0.0 + coalesce(m.at, 0), m.at"
    " FROM last JOIN stage_moves m ON m.deal_id = last.deal_id AND m.seq = last.seq"
    " JOIN stages s ON s.id = m.to_stage_id AND s.funnel_id = :funnel"
    " JOIN deals d ON d.id = m.deal_id LEFT JOIN companies c ON c.id = d.company_id"
    " LEFT JOIN people p ON p.id = d.person_id"
    " WHERE m.to_kind = 'open' ORDER BY coalesce(m.at, 0), d.id"
)
_FIRST = sa.text("SELECT min(at) FROM stage_moves")


def first_move(conn: sa.Connection) -> int | None:
    """When the history begins."""
    found: int | None = conn.scalar(_FIRST)
    return found


def past_board(conn: sa.Connection, funnel_id: int, at: int) -> Board:
    """The board of a funnel (0 or unknown = the first one) as it stood at `at` (microseconds).

    A deal in a stage that has been removed since stands in the column with the id 0.
    """
    funnels = conn.execute(sa.text(q.FUNNELS)).all()
    managers = tuple(BoardManager(i, name, bool(on)) for i, name, on in conn.execute(sa.text(q.MANAGERS)))
    if not funnels:
        return Board(managers=managers)
    chosen = next((row for row in funnels if row[0] == funnel_id), funnels[0])
    stages = conn.execute(sa.text(q.STAGES), {"funnel": chosen[0]}).all()
    known = rates(conn)
    live = {row[0] for row in stages}
    by_stage: dict[int, list[BoardCard]] = {}
    for row in conn.execute(_CARDS, {"funnel": chosen[0], "at": at}):
        card = BoardCard._make((*row, None, None, None, None, None, 1, None, None))
        by_stage.setdefault(row[8] if row[8] in live else 0, []).append(card)
    sums = [(stage, *part) for stage, cards in by_stage.items() for part in sums_of(cards)]
    columns = [
        column._replace(cards=tuple(by_stage.get(column.stage_id, ())))
        for column in q.make_columns(list(stages), sums, known, at)
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
