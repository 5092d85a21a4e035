"""A base put right: what follows from other things is made anew, what hangs on nothing is cut loose.

What is kept in records is mended in one journalled change, which undo takes back unless pointers at
nothing were cut: those could not be put again.  Indexes, counters and the search are made anew.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal, StageMove, Status, replay
from funneldesk.store import closes, findings, places, reviving, search, stays
from funneldesk.store import engine as sqlite_engine
from funneldesk.store import tables as t
from funneldesk.store.check import broken_links, check, wrong_next_steps, wrong_standings
from funneldesk.store.database import Database
from funneldesk.store.moves import slots_of, standing_values
from funneldesk.store.removal import cut_loose
from funneldesk.store.transaction import Actor, Transaction

Fixed = Mapping[str, int]  # code of a finding -> how many records or counters were put right


def repair(db: Database, *, actor: Actor | None = None) -> Fixed:
    """Put right all that follows from something else.  What stays wrong, `check` says afterwards."""
    fixed: Counter[str] = Counter()
    _indexes(db, fixed)
    _counters(db, fixed)
    with db.transaction(Label("base.repaired"), actor=actor) as tx:
        _pointers(tx, fixed)
        _histories(tx, fixed)
        _kept(tx, fixed)
        steps = wrong_next_steps(tx.conn)
        tx.refresh_next_step(steps)
        fixed.update({"deal.next_step": len(steps)} if steps else {})
        tx.summary = dict(fixed)
    _counters(db, fixed)  # what stands in for a lost record has the number of that
    with db.maintenance() as conn:
        for code, names in closes.FINDINGS.items():
            wrong = closes.problems(conn, None, names)
            if wrong:
                closes.keep(conn, sa.true(), names)
                fixed[code] = len(wrong)
        misplaced = places.problems(conn, limit=None)
        if misplaced:
            places.keep(conn, sa.true())
            fixed["deal.place"] = len(misplaced)
        misjudged = stays.problems(conn, limit=None)
        if misjudged:
            stays.keep(conn, sa.true())
            fixed["history.stays"] = len(misjudged)
        _search(conn, fixed)
        counts = findings.wrong_counts(conn)
        for entry, held in counts.items():
            conn.execute(sa.update(t.journal).where(t.journal.c.id == entry).values(edits=held))
        if counts:
            fixed["journal.count"] = len(counts)
    return fixed


def _indexes(db: Database, fixed: Counter[str]) -> None:
    """Indexes that disagree with their tables are made anew; a damaged table stays as it is."""
    with db.read() as conn:
        wrong = [code for code, _text in check(conn).problems if code == "index"]
    if wrong:
        with db.maintenance() as conn:
            conn.exec_driver_sql("REINDEX")
        fixed["index"] = len(wrong)


def _counters(db: Database, fixed: Counter[str]) -> None:
    with db.maintenance() as conn:
        for kind, needed in findings.behind(conn).items():
            conn.execute(sa.delete(t.sequences).where(t.sequences.c.kind == kind))
            conn.execute(sa.insert(t.sequences).values(kind=kind, next=needed))
            fixed["counter.behind"] += 1


def _pointers(tx: Transaction, fixed: Counter[str]) -> None:
    """What is missing comes back from the journal, or is stood in for where others need it; for the rest
    as if the program had removed it: pointers emptied, parts removed.
    """
    for put in (*[reviving.bring_back] * len(t.KINDS), reviving.stand_in):
        found = findings.dangling(tx.conn)
        count = put(tx, found) if found else 0
        if count:
            fixed["record.dangling"] += count
            tx.barrier = True
    for _round in range(len(t.KINDS)):  # what is removed may leave others pointing at nothing
        found = findings.dangling(tx.conn)
        for lost in found:
            fixed["record.dangling"] += len(lost.missing)
            cut_loose(tx, lost.kind, lost.column, lost.missing)
        hanging = findings.hanging_on_nothing(tx.conn)
        for kind, ids in hanging:
            fixed["record.hanging"] += len(ids)
            tx.bulk_delete(kind, ids)
        if not found and not hanging:
            break
        tx.barrier = True


def _histories(tx: Transaction, fixed: Counter[str]) -> None:
    """Numbers without gaps, times that never go back, each move from where the last one led."""
    for deal, funnel in findings.misplaced(tx.conn):
        fixed["deal.funnel"] += 1
        tx.put("deal", deal, {"funnel_id": funnel})
    column = t.stage_moves.c
    wrong: dict[int, set[str]] = defaultdict(set)
    for code, deal in wrong_standings(tx.conn):
        wrong[deal].add(code)
    for deal_id, codes in wrong.items():
        fixed.update(codes)
        deal_now = tx.get(Deal, deal_id)
        if "history.missing" in codes:
            _begin(tx, deal_now)
        else:
            _straighten(tx, tx.select(StageMove, column.deal_id == deal_id, order=column.seq))
        history = tx.select(StageMove, column.deal_id == deal_id, order=column.seq)
        tx.put("deal", deal_id, standing_values(replay(history, slots_of(tx.conn, deal_now.funnel_id))))


def _begin(tx: Transaction, deal: Deal) -> None:
    """A deal whose history is gone gets the one that its kept columns tell, as an import infers it.

    A day of closing that is not known stays unknown; no deal is opened after it was closed.
    """
    end = deal.closed_at
    if deal.status == Status.OPEN:
        places = [(deal.status, deal.stage_id, deal.entered_at or deal.created_at)]
    else:
        known = [at for at in (deal.created_at, end) if at is not None]
        start = min(known) if deal.created_at is not None else None
        places = [(str(Status.OPEN), deal.lost_from_id, start), (deal.status, None, end)]
    before: tuple[str | None, int | None] = (None, None)
    for seq, (kind, stage, at) in enumerate(places):
        tx.insert(
            StageMove(
                deal_id=deal.id, seq=seq, at=at, from_kind=before[0], from_stage_id=before[1],
                to_kind=kind, to_stage_id=stage, owner_id=deal.manager_id, amount=deal.amount,
                loss_reason_id=deal.loss_reason_id if kind == Status.LOST else None, cause="inferred",
            )
        )  # fmt: skip
        before = kind, stage


def _straighten(tx: Transaction, history: list[StageMove]) -> None:
    links = broken_links(history)
    times = _in_order([move.at for move in history])
    for seq, (move, at) in enumerate(zip(history, times, strict=True)):
        values: dict[str, Any] = {}
        if move.seq != seq:
            values["seq"] = seq
        if move.at != at:
            values["at"] = at
        if move.id in links:
            values["from_kind"], values["from_stage_id"] = links[move.id]
        if values:
            tx.put("stage_move", move.id, values)


def _in_order(times: list[int | None]) -> list[int | None]:
    """Times that never go back: as many as can be stay, the others take the nearest kept one's.

    An outlier takes the time of the kept one before it, of the one after it at the beginning; unknown
    times stay unknown.
    """
    known = [(place, at) for place, at in enumerate(times) if at is not None]
    ends: list[int] = []  # the smallest last time of a run of each length ...
    lasts: list[int] = []  # ... and where in `known` it stands
    before: list[int] = []
    for number, (_place, at) in enumerate(known):
        length = bisect_right(ends, at)
        before.append(lasts[length - 1] if length else -1)
        ends[length : length + 1] = [at]
        lasts[length : length + 1] = [number]
    kept: set[int] = set()
    number = lasts[-1] if lasts else -1
    while number >= 0:
        kept.add(number)
        number = before[number]
    found = list(times)
    latest = known[min(kept)][1] if kept else 0
    for number, (place, at) in enumerate(known):
        latest = at if number in kept else latest
        found[place] = latest
    return found


def _kept(tx: Transaction, fixed: Counter[str]) -> None:
    """Keys of names and numbers of values."""
    groups: dict[tuple[str, tuple[str, ...]], list[tuple[int, list[Any]]]] = defaultdict(list)
    for kind, record, right in findings.wrong_keys(tx.conn):
        groups[kind, tuple(right)].append((record, list(right.values())))
        fixed["record.keys"] += 1
    for value, number in findings.wrong_numbers(tx.conn):
        groups["custom_value", ("number",)].append((value, [number]))
        fixed["value.number"] += 1
    for (kind, columns), rows in groups.items():
        tx.bulk_update(kind, columns, [record for record, _values in rows], [values for _r, values in rows])


def _search(conn: sa.Connection, fixed: Counter[str]) -> None:
    """The search index is made anew when it does not hold what the tables say."""
    try:
        wrong = search.differing(conn)
    except sqlite_engine.database_errors(sa.exc.DBAPIError):
        wrong = 1
    if wrong:
        search.renew(conn)
        fixed["search"] = wrong
