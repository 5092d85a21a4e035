"""What reports ask of deals kept so that they need not look at each; one function per subject."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what every subject keeps."""
    _forecasts()


def _forecasts() -> None:
    """What a forecast of the funnel learns from, and when its deals are expected to close."""
    months = {"training_months": "12", "season_months": "0"}
    for name, usual in months.items():
        op.add_column("funnels", sa.Column(name, sa.Integer(), nullable=False, server_default=usual))
    op.add_column("funnels", sa.Column("expected_close", sa.Text(), nullable=False, server_default="dates"))
