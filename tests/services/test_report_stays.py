"""Reports from what is kept of stays say what they say of all moves, on random histories; and it is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import Deal, StageMove, replay
from funneldesk.domain.funnel import Stage
from funneldesk.domain.move_table import NONE
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.domain.team import CurrencyRate, LossReason, Manager, Source
from funneldesk.reports.catalog import CATALOG, compute_all
from funneldesk.services import bases, deals, funnels, history, other_funnel, reporting, stages
from funneldesk.store import closes, stays
from funneldesk.store import tables as t
from funneldesk.store.database import Database, open_database
from funneldesk.store.moves import Place, append_move, move_all, slots_of, standing_values
from funneldesk.store.queries import facts
from funneldesk.store.transaction import Transaction, select_records
from tests.services.random_histories import GOLD, NOW, fill, mark

NAMES = [info.name for info in CATALOG.values() if info.stays_of_every is not None]
PERIODS = [(None, None), (NOW - 200 * DAY, NOW - 20 * DAY), (NOW - 12 * DAY, None), (None, NOW - 450 * DAY)]


def lists_of(tx: Transaction) -> None:
    tx.insert(CurrencyRate(currency="USD", day="2024-01-01", rate="0.9"))
    for name in ("Anna", "Boris"):
        tx.insert(Manager(name=name))
        tx.insert(LossReason(name=name))
        tx.insert(Source(name=name))


def win(tx: Transaction, rnd: Random, count: int, stage_ids: list[int]) -> None:
    """Deals that went quickly through all stages, so that others are late."""
    first, first_move = tx.reserve("deal", count), tx.reserve("stage_move", count * (len(stage_ids) + 1))
    made: list[tuple[object, ...]] = []
    moves: list[StageMove] = []
    for deal_id in range(first, first + count):
        at = created = NOW - rnd.randrange(300, 500) * DAY
        own: list[StageMove] = []
        before: tuple[str | None, int | None] = (None, None)
        for seq, place in enumerate([("open", each) for each in stage_ids] + [("won", None)]):
            move = StageMove(
                id=first_move + len(moves) + seq, deal_id=deal_id, seq=seq, at=at, from_kind=before[0],
                from_stage_id=before[1], to_kind=place[0], to_stage_id=place[1],
            )  # fmt: skip
            own.append(move)
            before, at = place, at + rnd.randrange(20) * DAY // 2
        moves += own
        values = {
            "id": deal_id, "version": 1, "title": f"W{deal_id}", "funnel_id": 1, "created_at": created,
            "sort_key": f"w{deal_id}", "position": 1.0, **standing_values(replay(own, slots_of(tx.conn, 1))),
        }  # fmt: skip
        made.append(tuple(values.get(name) for name in t.COLUMNS["deal"]))
    tx.bulk_insert("deal", t.COLUMNS["deal"], made)
    names = t.COLUMNS["stage_move"]
    tx.bulk_insert("stage_move", names, [tuple(getattr(m, n) for n in names) for m in moves])


def stand_still(tx: Transaction) -> None:
    """Moves to where a deal is already: no stay ends with them, and none begins."""
    for deal in tx.select(Deal, t.deals.c.status == "open", t.deals.c.id % 3 == 0):
        last = tx.select(StageMove, t.stage_moves.c.deal_id == deal.id, order=t.stage_moves.c.seq)[-1]
        again = replace(last, id=0, seq=last.seq + 1, from_kind=last.to_kind, from_stage_id=last.to_stage_id)
        tx.insert(replace(again, at=NOW - 2 if deal.id % 2 else last.at))


@pytest.fixture(scope="module", params=["hold", "history"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A funnel with every kind of history, one stage of which was removed, beside another funnel."""
    path: Path = tmp_path_factory.mktemp("stays") / "x.funneldesk"
    with bases.new_base(path, currency="EUR", zone="Europe/Warsaw") as base:
        funnels.create(base, "Sales", ["Call", "Need", "Offer", "Contract", "Payment"])
        funnels.create(base, "Service", ["New", "Doing"])
        with base.transaction(Label("sample.made")) as tx:
            lists_of(tx)
            fill(tx, Random(5), 400, [1, 2, 3, 4, 5])
            mark(tx, Random(8), 400)
            win(tx, Random(4), 300, [1, 2, 3, 4, 5])
            # as they would be had they never had stages
            for deal in tx.select(Deal, t.deals.c.mode == "stageless", t.deals.c.path_known):
                tx.update(Deal, deal.id, mode=None)
            stand_still(tx)
            if request.param == "hold":
                tx.put("stage", 4, {"kind": "hold"})
            else:
                tx.put("funnel", 1, {"probability_source": "history"})
        stages.remove_stage(base, 2, to_id=3)
        some = of(base, t.deals.c.status == "open", t.deals.c.path_known, t.deals.c.id % 4 == 1)
        other_funnel.send(base, [deal.id for deal in some[:9]], 2)
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(made, tmp_path / "own.funneldesk")
    with open_database(tmp_path / "own.funneldesk") as base:
        yield base


def of(db: Database, *where: sa.ColumnElement[bool]) -> list[Deal]:
    with db.read() as conn:
        return select_records(conn, Deal, *where)


def both(db: Database, asked: ReportRequest) -> bool:
    """Whether the stays that are kept answered; that they say the same in any case."""
    told = reporting.facts(db, asked)
    info = replace(CATALOG[asked.name], stays_of_every=None)
    moves = reporting.facts(db, asked, info)
    assert all(facts.stays is None for facts in moves)
    assert compute_all(told, asked) == compute_all(moves, asked), asked
    return told[0].stays is not None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_says_what_moves_say(db: Database, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    answered = {True: 0, False: 0}
    ways = product(CATALOG[name].populations, PERIODS, ((), (1,)), ((), GOLD), (1, 2))
    for population, (start, end), managers, where, funnel in ways:
        asked = ReportRequest(name, population=population, start=start, end=end, managers=managers)
        asked = replace(asked, where=where, funnel_id=funnel)
        told = both(db, asked)
        assert not (told and population is Population.ACTIVITY)
        answered[told] += 1
    assert answered[True] > 20
    assert answered[False] > 20 or name == "active-funnel"
    assert both(db, ReportRequest(name))


@pytest.mark.parametrize("name", NAMES)
def test_where_it_does_not_tell_all_moves_are_read(
    db: Database, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    asked = ReportRequest(name)
    assert not both(db, replace(asked, as_of=NOW - 30 * DAY))
    monkeypatch.setattr(clock, "now", lambda: NOW - 40 * DAY)
    assert not both(db, asked)  # deals have moved after that
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    known = of(db, t.deals.c.path_known, t.deals.c.funnel_id == 1)[0]
    with db.transaction(Label("sample.made")) as tx:
        tx.update(Deal, known.id, mode="stageless")
    assert both(db, asked) is bool(CATALOG[name].stays_of_every)
    history.undo(db)
    with db.transaction(Label("sample.made")) as tx:
        tx.update(Deal, known.id, created_at=NOW + 3 * DAY)
    assert not both(db, asked)
    history.undo(db)
    stages.merge_stage(db, 5, 4)
    assert not both(db, asked)
    history.undo(db)
    assert both(db, asked)


def test_limits_are_those_of_the_report(db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    report = reporting.run(db, ReportRequest("active-funnel"))
    with monkeypatch.context() as blind:
        blind.setattr(facts, "kept_stays", lambda *of: None)
        replayed = reporting.run(db, ReportRequest("active-funnel"))
    assert [row["hanging_after"] for row in report.rows] == [row["hanging_after"] for row in replayed.rows]
    assert any(row["hanging"] for row in report.rows)


def wrong(db: Database) -> list[int]:
    """The deals of which something is kept that does not follow from their moves."""
    with db.read() as conn:
        return [*stays.problems(conn), *closes.problems(conn)]


def back_and_forth(db: Database) -> None:
    """What was done last is right, undone and done again too."""
    assert wrong(db) == []
    history.undo(db)
    assert wrong(db) == []
    history.redo(db)
    assert wrong(db) == []


def test_it_follows_every_change(db: Database) -> None:
    assert wrong(db) == []
    with db.read() as conn:
        move = t.stage_moves.c
        kept = [
            conn.scalar(sa.select(sa.func.count()).select_from(t.stage_moves).where(where))
            for where in (move.stay > 0, move.stay == 0, move.stay == NONE, move.stay.is_(None))
        ]
    assert all(kept)
    stood = (t.deals.c.status == "open", t.deals.c.path_known, t.deals.c.funnel_id == 1)
    opened = [each.id for each in of(db, *stood)]
    deals.move(db, opened[:1], deals.stage(4))
    back_and_forth(db)
    stages.remove_stage(db, 1, to_id=3)  # many at once, most of them known and some not
    back_and_forth(db)
    other_funnel.send(db, opened[1:2], 2)
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        append_move(tx, tx.get(Deal, opened[2]), Place("open", None))  # its path is not known any more
        append_move(tx, tx.get(Deal, opened[2]), Place("open", 4))
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        fill(tx, Random(9), 40, [1, 3, 4])
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        own = tx.select(StageMove, t.stage_moves.c.deal_id == opened[3], order=t.stage_moves.c.seq)
        for each in own:
            tx.put("stage_move", each.id, {"at": None if each.at is None else each.at - each.seq * DAY})
        tx.put("stage_move", own[0].id, {"actor_id": 2})
    back_and_forth(db)
    deals.delete(db, opened[4:9])
    back_and_forth(db)


def test_what_a_history_in_one_piece_tells_needs_no_second_look(db: Database) -> None:
    with db.transaction(Label("sample.made")) as tx:
        stage = tx.get(Stage, 4)
        some = [each.id for each in tx.select(Deal, t.deals.c.stage_id == 3, t.deals.c.path_known)]
        asked: list[str] = []
        sa.event.listen(tx.conn, "before_cursor_execute", lambda *told: asked.append(told[2]))
        move_all(tx, some, stage, "stage_removed")
    assert len(some) > 3 and any("INSERT INTO stage_moves" in each for each in asked)
    assert not [each for each in asked if "SET stay" in each]
    assert wrong(db) == []
