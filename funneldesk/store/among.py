"""The condition that a column is one of many ids, however many they are."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa


def among(column: sa.ColumnElement[Any], ids: Iterable[int] | Iterable[str]) -> sa.ColumnElement[bool]:
    """Whether `column` is one of `ids`: one parameter for all of them.

    A plain IN takes one each, and SQLite takes no more than 32,766 in a query.
    """
    listed = sa.func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def among_asked(column: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """The same for a statement that is made once: the ids come with it as the parameters of `ids_asked`."""
    listed = sa.func.json_each(sa.bindparam("ids", type_=sa.Text)).table_valued("value")
    return column.in_(sa.select(listed.c.value))


def ids_asked(ids: Iterable[int]) -> dict[str, str]:
    """The parameters of a statement with `among_asked`."""
    return {"ids": json.dumps(list(ids))}
