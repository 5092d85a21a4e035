"""What reports ask of deals kept so that they need not look at each; one function per subject."""

from __future__ import annotations

import re

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add what every subject keeps."""
    _closes()
    _places()
    _forecasts()
    _own_fields()


_FIRST = """SELECT move.{column} FROM stage_moves AS move
    WHERE move.deal_id = deals.id AND move.to_kind <> 'open' AND move.from_kind IS NOT move.to_kind
    ORDER BY move.seq DESC LIMIT 1"""


def _closes() -> None:
    """A deal closed the same way twice in a row was closed the first time."""
    op.get_bind().exec_driver_sql(
        f"UPDATE deals SET close_owner_id = nullif(({_FIRST.format(column='owner_id')}), manager_id),"
        f" close_amount = nullif(({_FIRST.format(column='amount')}), amount)"
        " WHERE status <> 'open' AND id IN"
        " (SELECT deal_id FROM stage_moves WHERE to_kind <> 'open' AND from_kind = to_kind)"
    )


_PLACE = """status, coalesce(stage_id, 0), visited, coalesce(lost_from_id, 0),
    path_known + 2 * (mode IS NOT 'stageless') + 4 * (status = 'lost' AND coalesce(loss_comment, '') = '')
    + 8 * (status = 'lost' AND loss_reason_id IS NULL) + 16 * reopened
    + 32 * (coalesce(counted_amount, amount) IS NOT NULL), funnel_id"""


def _places() -> None:
    """The places of deals by number, whose they count as and what they are worth; indexes in that order."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "places",
        sa.Column("id", number, nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("stage_id", sa.BigInteger(), nullable=False),
        sa.Column("visited", sa.BigInteger(), nullable=False),
        sa.Column("lost_from_id", sa.BigInteger(), nullable=False),
        sa.Column("traits", sa.Integer(), nullable=False),
        sa.Column("funnel_id", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.Text()),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_places")),
    )
    key = ["visited", "stage_id", "lost_from_id", "traits", "status", "funnel_id", "currency"]
    op.create_index("ix_places_key", "places", key, unique=True)
    op.add_column("deals", sa.Column("place_id", sa.BigInteger()))
    for name in ("ix_deals_report", "ix_deals_entered"):
        op.drop_index(name, "deals")
    connection = op.get_bind()
    for name in ("owner_id", "amount"):
        connection.exec_driver_sql(f"ALTER TABLE deals RENAME COLUMN close_{name} TO counted_{name}")
    names = "status, stage_id, visited, lost_from_id, traits, funnel_id, currency"
    connection.exec_driver_sql(f"INSERT INTO places ({names}) SELECT DISTINCT {_PLACE}, currency FROM deals")
    connection.exec_driver_sql(
        f"UPDATE deals SET counted_owner_id = coalesce(counted_owner_id, manager_id),"
        f" counted_amount = coalesce(counted_amount, amount), place_id = (SELECT id FROM places AS p WHERE"
        f" (p.status, p.stage_id, p.visited, p.lost_from_id, p.traits, p.funnel_id) = ({_of_deal()})"
        " AND p.currency IS deals.currency)"
    )
    told = ["counted_amount", "created_at", "closed_at"]
    op.create_index("ix_deals_report", "deals", ["place_id", "counted_owner_id", *told, "entered_at"])
    op.create_index("ix_deals_source", "deals", ["place_id", "source_id", *told])
    with_reason = sa.text("loss_reason_id IS NOT NULL")
    op.create_index(
        "ix_deals_reason", "deals", ["place_id", "loss_reason_id", *told], sqlite_where=with_reason
    )
    told = ["closed_at", "currency", "counted_amount", "counted_owner_id"]
    op.create_index("ix_deals_entered", "deals", ["funnel_id", "status", "entered_at", *told])


def _of_deal() -> str:
    """The place of a deal, its columns named in full: some of a place are called alike."""
    found = _PLACE
    for name in ("status", "stage_id", "visited", "lost_from_id", "funnel_id"):
        found = re.sub(rf"\b{name}\b", f"deals.{name}", found)
    return found


def _forecasts() -> None:
    """What a forecast of the funnel learns from, and when its deals are expected to close."""
    months = {"training_months": "12", "season_months": "0"}
    for name, usual in months.items():
        op.add_column("funnels", sa.Column(name, sa.Integer(), nullable=False, server_default=usual))
    op.add_column("funnels", sa.Column("expected_close", sa.Text(), nullable=False, server_default="dates"))


def _own_fields() -> None:
    """Which records have a value of an own field is told by its index alone."""
    op.drop_index("ix_custom_values_field", "custom_values")
    op.create_index("ix_custom_values_field", "custom_values", ["field_id", "value", "record_id"])
