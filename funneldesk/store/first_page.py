"""The first screen's data from plain sqlite3, before SQLAlchemy is loaded.

Reads the board's columns (counts, sums) and the first cards of each; the rest follows through
the ordinary reader.  Whatever is wrong with the file is left for `open_database` to say.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardManager
from funneldesk.domain.rates import make_rates
from funneldesk.store import board_sql as q
from funneldesk.store.sqlite_file import APPLICATION_ID, SCHEMA, connect, database_errors

CARDS = 12  # per column: what fits on a large screen


class FirstPage(NamedTuple):
    """What the window shows before the base is open; `zone`, `currency` and `language` are the base's."""

    board: Board
    currency: str
    zone: ZoneInfo
    language: str


def first_page(
    path: Path, *, funnel_id: int = 0, manager_id: int | None = None, cards: int = CARDS
) -> FirstPage | None:
    """The board's first columns and cards, or None when the file is not a sound base of this version.

    `funnel_id` 0 or unknown = the first funnel; with `manager_id` only their deals.  Raises UserError
    `base.password_needed` and `base.no_cipher`: then nothing is shown.
    """
    if not path.is_file():
        return None
    try:
        con = connect(path, read_only=True, timeout_ms=50)
        try:
            return _read(con, funnel_id, manager_id, cards)
        finally:
            con.close()
    except database_errors(UnicodeDecodeError, OSError):
        return None


def _read(con: Any, funnel_id: int, manager_id: int | None, cards: int) -> FirstPage | None:
    application = con.execute("PRAGMA application_id").fetchone()[0]
    if application != APPLICATION_ID or con.execute("PRAGMA user_version").fetchone()[0] != SCHEMA:
        return None
    con.execute("BEGIN")  # one moment for all that follows
    settings = dict(
        con.execute("SELECT key, value FROM settings WHERE key IN ('currency', 'zone', 'language')")
    )
    currency = json.loads(settings.get("currency", '"EUR"'))
    zone = _zone(json.loads(settings.get("zone", '"UTC"')))
    language = json.loads(settings.get("language", '"en"'))
    funnels = con.execute(q.FUNNELS).fetchall()
    managers = tuple(BoardManager(i, name, bool(active)) for i, name, active in con.execute(q.MANAGERS))
    if not funnels:
        return FirstPage(Board(managers=managers, complete=False), currency, zone, language)
    chosen = next((row for row in funnels if row[0] == funnel_id), funnels[0])
    rates = make_rates(currency, zone, con.execute(q.RATES))
    values = {"funnel": chosen[0], "manager": manager_id, "limit": cards}
    mine = q.OF_MANAGER if manager_id is not None else ""
    stages = con.execute(q.STAGES, values).fetchall()
    sums = _sums(con, {**values, "currency": currency}, mine)
    query = q.CARDS + q.IN_STAGE + mine + q.IN_ORDER + q.LIMIT
    columns = []
    for column in q.make_columns(stages, sums, rates, clock.now()):
        rows = con.execute(query, {**values, "stage": column.stage_id}) if column.totals.count else ()
        columns.append(column._replace(cards=tuple(q.make_card(row) for row in rows)))
    board = Board(
        funnel_id=chosen[0],
        funnel=chosen[1],
        won_name=chosen[2],
        funnels=tuple((row[0], row[1]) for row in funnels),
        managers=managers,
        columns=tuple(columns),
        rates=rates,
        complete=False,
        manager_id=manager_id,
    )
    return FirstPage(board, currency, zone, language)


def _sums(con: Any, values: dict[str, Any], mine: str) -> list[Any]:
    """Rows as of SUMS; most bases hold one currency, and then there is a quicker way."""
    rows = con.execute(q.QUICK_SUMS + mine + q.QUICK_SUMS_END, values).fetchall()
    if any(row[5] for row in rows):
        rows = con.execute(q.SUMS + mine + q.SUMS_END, values).fetchall()
    return [row[:5] for row in rows]


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
