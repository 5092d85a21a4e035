"""Deals as columns in text, for reports that count them all at once."""

from __future__ import annotations

import functools
import operator
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.deal_table import ALWAYS, FLAGS, DealTable
from funneldesk.domain.funnel import DealMode
from funneldesk.domain.move_table import IDS, NONE
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import SILENT, WORTH, Source
from funneldesk.store.queries.facts_groups import other_currencies

_deal = t.deals.c
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "id": _deal.id,
    "created": _deal.created_at,
    "manager": _deal.manager_id,
    "staged": sa.func.coalesce(_deal.mode, "") != str(DealMode.STAGELESS),
    "kind": sa.case((_deal.status == str(Status.OPEN), 0), (_deal.status == str(Status.WON), 1), else_=2),
    "stage": _deal.stage_id,
    "slots": _deal.visited,
    "known": _deal.path_known,
    "closed": _deal.closed_at,
    "entered": _deal.entered_at,
    "closer": _deal.counted_owner_id,
    "amount": _deal.amount,
    "source": _deal.source_id,
    "reason": _deal.loss_reason_id,
    "lead": _deal.lead_id,
    "comment": sa.not_(SILENT),
}


def or_none(name: str, column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """The column with the number that says nothing is known."""
    return sa.func.coalesce(column, -1 if name in IDS else NONE)


def in_text(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    """All values of a column (that are known) divided by commas."""
    return sa.func.coalesce(sa.func.group_concat(column), "")


def deal_table(
    conn: sa.Connection,
    source: Source,
    conditions: Sequence[sa.ColumnElement[bool]],
    wanted: Iterable[str],
    *,
    now: bool = False,
) -> DealTable:
    """The deals of the funnel there at T that fulfil `conditions`: ALWAYS and the `wanted` columns.

    Amounts as they are kept with a deal; `now`: of a closed one as it was at its close.
    """
    names = [*ALWAYS, *(name for name in wanted if name not in ALWAYS)]
    own = _COLUMNS | {
        "foreign": sa.func.coalesce(_deal.currency, source.money.currency) != source.money.currency
    }
    if now:
        own["amount"] = WORTH
    flags = tuple(name for name in names if name in FLAGS)
    packed = [sa.type_coerce(own[name], sa.Integer) * (1 << 2 * place) for place, name in enumerate(flags)]
    told = {name: or_none(name, own[name]) for name in names if name not in flags}
    told["flags"] = functools.reduce(operator.add, packed)
    where = [*source.existing(), *conditions]
    row = conn.execute(sa.select(*map(in_text, told.values())).where(*where)).one()
    currencies: dict[int, str] = {}
    if "foreign" in names and (others := other_currencies(conn, source)):
        query = sa.select(_deal.id, _deal.currency).where(*where, _deal.currency.in_(others))
        currencies = {each.id: each.currency for each in conn.execute(query)}
    bits = tuple((s.slot, source.ranks[s.id]) for s in source.stages if s.id in source.ranks)
    return DealTable(dict(zip(told, row, strict=True)), flags, bits, source.ranks, currencies, source.money)
