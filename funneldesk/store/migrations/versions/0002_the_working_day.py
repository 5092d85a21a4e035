"""What the working day needs beside the first schema; one function per subject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of every subject, in the order of who refers to whom."""
    _day()


def _day() -> None:
    """How long activities take, reminders, tasks given to others, deals to be started again."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for column in (
        sa.Column("minutes", sa.Integer()),
        sa.Column("remind_at", sa.BigInteger()),
        sa.Column("given_by_id", sa.BigInteger()),
        sa.Column("checked_at", sa.BigInteger()),
    ):
        op.add_column("activities", column)
    op.create_index("ix_activities_given", "activities", ["given_by_id", "checked_at"])
    op.create_table(
        "repeats",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("company_id", number, nullable=True),
        sa.Column("person_id", number, nullable=True),
        sa.Column("funnel_id", number, nullable=False),
        sa.Column("deal_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=True),
        sa.Column("currency", sa.Text(), nullable=True),
        sa.Column("manager_id", number, nullable=True),
        sa.Column("due_day", sa.Text(), nullable=False),
        sa.Column("made_deal_id", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["company_id"], ["companies.id"], name=op.f("fk_repeats_company_id_companies")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_repeats_person_id_people")),
        sa.ForeignKeyConstraint(["funnel_id"], ["funnels.id"], name=op.f("fk_repeats_funnel_id_funnels")),
        sa.ForeignKeyConstraint(["manager_id"], ["managers.id"], name=op.f("fk_repeats_manager_id_managers")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_repeats")),
    )
    op.create_index("ix_repeats_due", "repeats", ["made_deal_id", "due_day"])
    op.create_index("ix_repeats_company_id", "repeats", ["company_id"])
    op.create_index("ix_repeats_person_id", "repeats", ["person_id"])
