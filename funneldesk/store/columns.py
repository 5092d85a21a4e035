"""The kinds of columns that the tables of a base are made of, and the convention of their names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.types import TypeDecorator

from funneldesk.domain import clock

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Micros(TypeDecorator[int]):
    """Microseconds since 1970 UTC; takes whole numbers and aware datetimes, refuses naive ones."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> int | None:
        """Anything but a whole number or an aware datetime is a bug."""
        if value is None or type(value) is int:
            return value
        if isinstance(value, datetime):
            return clock.to_micros(value)
        raise TypeError(f"a moment must be whole microseconds UTC, not {type(value).__name__}")


def ident() -> list[sa.Column[Any]]:
    """The id and version of a record."""
    return [
        sa.Column(
            "id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), primary_key=True, autoincrement=False
        ),
        sa.Column("version", sa.Integer, nullable=False, default=1),
    ]


def text(name: str, *, need: bool = False) -> sa.Column[Any]:
    """A text."""
    return sa.Column(name, sa.Text, nullable=not need)


def ref(name: str, table: str, *, need: bool = False) -> sa.Column[Any]:
    """A reference to a record of another table."""
    return sa.Column(name, sa.ForeignKey(f"{table}.id"), nullable=not need)


def time(name: str, *, need: bool = False) -> sa.Column[Any]:
    """A moment, microseconds UTC."""
    return sa.Column(name, Micros, nullable=not need)


def flag(name: str) -> sa.Column[Any]:
    """Yes or no."""
    return sa.Column(name, sa.Boolean(create_constraint=False), nullable=False)
