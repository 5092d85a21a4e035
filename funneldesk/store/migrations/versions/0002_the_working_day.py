"""What the working day needs beside the first schema; one function per subject."""

from __future__ import annotations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the tables and columns of every subject, in the order of who refers to whom."""
