"""Deals as columns in text, for reports that count them all at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.deal import Status
from funneldesk.domain.deal_table import ALWAYS, DealTable
from funneldesk.domain.funnel import DealMode
from funneldesk.domain.move_table import NONE
from funneldesk.store import tables as t
from funneldesk.store.queries.facts_deals import SILENT, WORTH, Source
from funneldesk.store.queries.facts_groups import other_currencies

_deal = t.deals.c
_COLUMNS: dict[str, sa.ColumnElement[Any]] = {
    "id": _deal.id,
    "created": _deal.created_at,
    "manager": _deal.manager_id,
    "staged": sa.type_coerce(sa.func.coalesce(_deal.mode, "") != str(DealMode.STAGELESS), sa.Integer),
    "kind": sa.case((_deal.status == str(Status.OPEN), 0), (_deal.status == str(Status.WON), 1), else_=2),
    "stage": _deal.stage_id,
    "slots": _deal.visited,
    "known": sa.type_coerce(_deal.path_known, sa.Integer),
    "closed": _deal.closed_at,
    "closer": _deal.counted_owner_id,
    "amount": _deal.amount,
    "source": _deal.source_id,
    "reason": _deal.loss_reason_id,
    "lead": _deal.lead_id,
    "comment": sa.type_coerce(sa.not_(SILENT), sa.Integer),
}


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
    where = [*source.existing(), *conditions]
    told = []
    for name in names:
        column: sa.ColumnElement[Any] = (
            sa.type_coerce(
                sa.func.coalesce(_deal.currency, source.money.currency) != source.money.currency, sa.Integer
            )
            if name == "foreign"
            else WORTH
            if now and name == "amount"
            else _COLUMNS[name]
        )
        told.append(sa.func.coalesce(sa.func.group_concat(sa.func.coalesce(column, NONE)), ""))
    row = conn.execute(sa.select(*told).where(*where)).one()
    currencies: dict[int, str] = {}
    if "foreign" in names and (others := other_currencies(conn, source)):
        query = sa.select(_deal.id, _deal.currency).where(*where, _deal.currency.in_(others))
        currencies = {each.id: each.currency for each in conn.execute(query)}
    bits = tuple((s.slot, source.ranks[s.id]) for s in source.stages if s.id in source.ranks)
    return DealTable(dict(zip(names, row, strict=True)), bits, source.ranks, currencies, source.money)
