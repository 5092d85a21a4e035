"""How long a deal was in the stage that a move left, kept on the move; an index of the stays by stage."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_UNKNOWN = -(1 << 62)

# From the move before: hardly any deal is moved to where it is already.
_FROM_THE_ONE_BEFORE = f"""UPDATE stage_moves SET stay = coalesce(at -
    (SELECT b.at FROM stage_moves AS b WHERE b.deal_id = stage_moves.deal_id AND b.seq = stage_moves.seq - 1),
    {_UNKNOWN})
    WHERE from_kind = 'open' AND (to_kind <> 'open' OR to_stage_id IS NOT from_stage_id)
    AND (SELECT s.funnel_id FROM stages AS s WHERE s.id = from_stage_id) =
    (SELECT d.funnel_id FROM deals AS d WHERE d.id = deal_id AND d.path_known)"""

# Of those that were: from the move that brought the deal there, told by those that moved it at all.
_FROM_THE_ENTRY = f"""UPDATE stage_moves SET stay = coalesce(at - told.entered, {_UNKNOWN}) FROM (
    SELECT id, lag(at) OVER (PARTITION BY deal_id ORDER BY seq) AS entered FROM stage_moves
    WHERE (from_kind IS NOT to_kind OR from_stage_id IS NOT to_stage_id) AND deal_id IN (
        SELECT deal_id FROM stage_moves WHERE from_kind IS to_kind AND from_stage_id IS to_stage_id)
    ) AS told WHERE told.id = stage_moves.id AND stage_moves.stay IS NOT NULL"""


def upgrade() -> None:
    """Add the column, fill it from the history, index it."""
    op.add_column("stage_moves", sa.Column("stay", sa.BigInteger()))
    for statement in (_FROM_THE_ONE_BEFORE, _FROM_THE_ENTRY):
        op.get_bind().exec_driver_sql(statement)
    op.create_index(
        "ix_stage_moves_stay",
        "stage_moves",
        ["from_stage_id", "stay"],
        sqlite_where=sa.text("stay IS NOT NULL"),
    )
