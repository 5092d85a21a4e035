"""What the working day needs beside the first schema; one function per subject."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of every subject, in the order of who refers to whom."""
    _funnels()
    _rules()


def _id() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _funnels() -> None:
    """What stages ask of a deal, how deals go through a funnel, whose task a step is."""
    for name in ("subtasks", "required", "checklist"):
        op.add_column("stages", sa.Column(name, sa.Text()))
    op.add_column("stages", sa.Column("manager_id", sa.BigInteger()))
    op.add_column("funnels", sa.Column("deal_mode", sa.Text(), nullable=False, server_default="manual"))
    op.add_column("funnels", sa.Column("loss_task", sa.Text()))
    op.add_column("loss_reasons", sa.Column("funnel_id", sa.BigInteger()))
    op.add_column("deals", sa.Column("mode", sa.Text()))
    op.add_column("deals", sa.Column("skips", sa.Text()))
    op.add_column("activities", sa.Column("place", sa.Text()))
    op.add_column("activities", sa.Column("stage_id", sa.BigInteger()))
    op.create_table(
        "deal_checks",
        *_id(),
        sa.Column("deal_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["deal_id"], ["deals.id"], name=op.f("fk_deal_checks_deal_id_deals")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deal_checks")),
    )
    op.create_index("ix_deal_checks_deal_id", "deal_checks", ["deal_id"])
    _split_key_tasks()


def _split_key_tasks() -> None:
    """Subtasks stood below their key task, each behind a dash."""
    stages = sa.table("stages", sa.column("id"), sa.column("key_task"), sa.column("subtasks"))
    connection = op.get_bind()
    for stage_id, text in connection.execute(sa.select(stages.c.id, stages.c.key_task)).all():
        lines = [line.strip() for line in (text or "").splitlines() if line.strip()]
        subtasks = [line[1:].strip() for line in lines[1:] if line.startswith("–")]
        if subtasks and len(subtasks) == len(lines) - 1:
            connection.execute(
                sa.update(stages)
                .where(stages.c.id == stage_id)
                .values(key_task=lines[0], subtasks="\n".join(subtasks))
            )


def _rules() -> None:
    """Rules of automation, what they did, and for what the timed ones have fired."""
    op.create_table(
        "rules",
        *_id(),
        sa.Column("funnel_id", sa.BigInteger()),
        sa.Column("event", sa.Text(), nullable=False),
        sa.Column("stage_id", sa.BigInteger()),
        sa.Column("days", sa.Float()),
        sa.Column("condition", sa.Text()),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("params", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rules")),
    )
    op.create_table(
        "rule_runs",
        *_id(),
        sa.Column("rule_id", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_runs")),
    )
    op.create_index("ix_rule_runs_rule_id", "rule_runs", ["rule_id"])
    op.create_table(
        "rule_marks",
        sa.Column("rule_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("mark", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("rule_id", "record_id", "mark", name=op.f("pk_rule_marks")),
    )
