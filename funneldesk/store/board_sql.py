"""The board's queries as plain SQL, so that the first screen and the full board read the same.

Portable between dialects; parameters are named (:funnel).  Rows of CARDS fill a `BoardCard`.
"""

from __future__ import annotations

from typing import Any

from funneldesk.domain.board import STALE_DAYS, BoardCard, BoardColumn, CurrencySum, Totals, add_up
from funneldesk.domain.chance import default_probability
from funneldesk.domain.rates import Rates

FUNNELS = (
    "SELECT id, name, won_name FROM funnels WHERE NOT archived"
    " AND EXISTS (SELECT 1 FROM stages s WHERE s.funnel_id = funnels.id AND NOT s.archived)"
    " ORDER BY position, id"
)
STAGES = (
    "SELECT id, name, probability, limit_days, kind, colour, goal FROM stages"
    " WHERE funnel_id = :funnel AND NOT archived ORDER BY position, id"
)
MANAGERS = "SELECT id, name, active FROM managers ORDER BY folded, id"
RATES = "SELECT currency, day, rate FROM currency_rates ORDER BY day"

_OPEN = "d.funnel_id = :funnel AND d.status = 'open'"
OF_MANAGER = " AND d.manager_id = :manager"
SUMS = (
    "SELECT d.stage_id, d.currency, count(*), count(d.amount), coalesce(sum(d.amount), 0)"
    f" FROM deals d WHERE {_OPEN}"
)
SUMS_END = " GROUP BY d.stage_id, d.currency"
# The same where all deals of a stage are in :currency (the last column counts the others): the
# order of the index serves, while SUMS has to sort by currency and takes more than twice as long.
QUICK_SUMS = (
    "SELECT d.stage_id, :currency, count(*), count(d.amount), coalesce(sum(d.amount), 0),"
    f" sum(d.currency IS NOT :currency) FROM deals d WHERE {_OPEN}"
)
QUICK_SUMS_END = " GROUP BY d.stage_id"
_CARD = (
    "SELECT d.id, d.title, coalesce(c.name, p.name),"
    " CASE WHEN d.company_id IS NOT NULL THEN 'company'"
    " WHEN d.person_id IS NOT NULL THEN 'person' ELSE '' END,"
    " coalesce(d.company_id, d.person_id), d.amount, d.currency, d.manager_id, d.stage_id, d.position,"
    " d.entered_at, d.next_due_at, d.next_activity_id, a.kind, a.subject, a.all_day, d.version,"
    " d.last_done_at, d.expected_close"
    " FROM deals d LEFT JOIN companies c ON c.id = d.company_id LEFT JOIN people p ON p.id = d.person_id"
    " LEFT JOIN activities a ON a.id = d.next_activity_id"
)
CARDS = f"{_CARD} WHERE {_OPEN}"
IN_STAGE = " AND d.stage_id = :stage"
IN_ORDER = " ORDER BY d.position, d.id"
LIMIT = " LIMIT :limit"


def make_columns(
    stages: list[Any], sums: list[Any], rates: Rates, at: int, *, stray_name: str = ""
) -> list[BoardColumn]:
    """Columns without cards from rows of STAGES and SUMS.

    Open deals that stand in no live stage come first, in a column with the id 0, when there are any.
    """
    by_stage: dict[int, list[CurrencySum]] = {}
    live = {row[0] for row in stages}
    for stage_id, currency, count, known, amount in sums:
        key = stage_id if stage_id in live else 0
        by_stage.setdefault(key, []).append(CurrencySum(currency, count, known, amount))
    columns = []
    if 0 in by_stage:
        totals = add_up(by_stage[0], 0.0, rates, at)
        columns.append(BoardColumn(0, stray_name, 0.0, None, False, None, None, totals))
    for rank, (stage_id, name, probability, limit, kind, colour, goal) in enumerate(stages, 1):
        share = default_probability(rank, len(stages)) if probability is None else float(probability)
        hold = kind == "hold"
        limit = None if hold else STALE_DAYS if limit is None else limit
        found = by_stage.get(stage_id)
        totals = add_up(found, share, rates, at) if found else Totals()
        columns.append(BoardColumn(stage_id, name, share, limit, hold, colour, goal, totals))
    return columns


def make_card(row: Any) -> BoardCard:
    """A row of CARDS as a card."""
    return BoardCard(*row)
