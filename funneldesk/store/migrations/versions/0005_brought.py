"""Who brought a deal to its stages, kept on the deal and in an index that the reports read by places."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

# An entry for each stage and for having been won, four characters: the slot ("!" = won), then who it was in
# three digits of 64, the lowest first.  Of the moves to one place min() takes the first.
_BROUGHT = """UPDATE deals SET brought = (
    SELECT CASE WHEN coalesce(max(actor), 0) < 262144 THEN coalesce(group_concat(char(coalesce(48 + slot, 33),
        48 + (actor & 63), 48 + (actor >> 6 & 63), 48 + (actor >> 12 & 63)), ''), '') END
    FROM (SELECT coalesce(m.actor_id, 0) AS actor, s.slot, min(m.seq) AS first
        FROM stage_moves AS m LEFT JOIN stages AS s ON s.id = m.to_stage_id AND m.to_kind = 'open'
        WHERE m.deal_id = deals.id
            AND (m.to_kind = 'won' OR m.to_kind = 'open' AND s.funnel_id = deals.funnel_id)
        GROUP BY m.to_kind, m.to_stage_id ORDER BY first))"""


def upgrade() -> None:
    """Add the column, fill it from the history, put it at the end of an index."""
    op.add_column("deals", sa.Column("brought", sa.Text()))
    op.drop_index("ix_deals_source", "deals")
    op.get_bind().exec_driver_sql(_BROUGHT)
    op.create_index(
        "ix_deals_source",
        "deals",
        ["place_id", "source_id", "counted_amount", "created_at", "closed_at", "brought"],
    )
