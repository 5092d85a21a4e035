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
