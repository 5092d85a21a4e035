"""What step 0002 works out, as it was when that step was released.

A copy: the program's own functions go on changing, a released step must not.
"""

from __future__ import annotations

import sqlalchemy as sa

_LAST = """SELECT move.{column} FROM stage_moves AS move
    WHERE move.deal_id = deals.id AND move.to_kind <> 'open' ORDER BY move.seq DESC LIMIT 1"""
_CLOSES = f"""UPDATE deals SET
    close_owner_id = CASE WHEN status = 'open' THEN NULL
        ELSE nullif(({_LAST.format(column="owner_id")}), manager_id) END,
    close_amount = CASE WHEN status = 'open' THEN NULL
        ELSE nullif(({_LAST.format(column="amount")}), amount) END,
    reopened = EXISTS (SELECT 1 FROM stage_moves AS move
        WHERE move.deal_id = deals.id AND from_kind = 'lost' AND to_kind = 'open')"""


def keep_closes(conn: sa.Connection) -> None:
    """By deal: owner and amount of its last close where they are not its own, and whether it was reopened."""
    conn.exec_driver_sql(_CLOSES)


def split_key_task(text: str | None) -> tuple[str, str] | None:
    """Key task and subtasks, where the subtasks stood below it, each behind a dash; else None."""
    lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
    subtasks = [line[1:].strip() for line in lines[1:] if line.startswith("–")]
    if not subtasks or len(subtasks) != len(lines) - 1:
        return None
    return lines[0], "\n".join(subtasks)
