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
    _not_doubles()


def _id() -> list[sa.Column[Any]]:
    return [
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=False, nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
    ]


def _not_doubles() -> None:
    """Pairs of clients that somebody looked at and found to be two."""
    op.create_table(
        "not_doubles",
        *_id(),
        sa.Column("record_kind", sa.Text(), nullable=False),
        sa.Column("first_id", sa.BigInteger(), nullable=False),
        sa.Column("second_id", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_doubles")),
    )
    op.create_index("ix_not_doubles_pair", "not_doubles", ["record_kind", "first_id", "second_id"])
