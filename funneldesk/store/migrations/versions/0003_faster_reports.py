"""What reports ask of deals kept so that they need not look at each; one function per subject."""

from __future__ import annotations

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what every subject keeps."""
