"""Reports from what is kept of who brought deals to stages say what they say of all moves; and it is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product
from pathlib import Path
from random import Random

import pytest
import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.brought import MOST, UNTOLD, entry
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.results import Population, ReportRequest, Rule
from funneldesk.domain.team import Manager
from funneldesk.importing.fields import Kind
from funneldesk.reports.catalog import CATALOG, compute_all
from funneldesk.services import bases, deals, funnels, history, other_funnel, reporting, stages
from funneldesk.store import closes
from funneldesk.store import tables as t
from funneldesk.store.brought import of_new
from funneldesk.store.database import Database, open_database
from funneldesk.store.moves import Place, append_move
from tests.services import import_kit
from tests.services.random_histories import GOLD, NOW, fill, mark
from tests.services.test_report_stays import back_and_forth, lists_of, of, stand_still, wrong

NAMES = [info.name for info in CATALOG.values() if info.brought is not None]
PERIODS = [(None, None), (NOW - 200 * DAY, NOW - 20 * DAY), (NOW - 60 * DAY, None)]
RULES = (None, Rule.REACHED, Rule.REACHED_BITRIX, Rule.VISITED, Rule.STRICT)


@pytest.fixture(scope="module", params=["template", "history"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A funnel with every kind of history, stages of which were removed and merged, beside another one."""
    path: Path = tmp_path_factory.mktemp("brought") / "x.funneldesk"
    with bases.new_base(path, currency="EUR", zone="Europe/Warsaw") as base:
        funnels.create(base, "Sales", ["Call", "Need", "Offer", "Contract", "Payment", "Delivery"])
        funnels.create(base, "Service", ["New", "Doing"])
        with base.transaction(Label("sample.made")) as tx:
            lists_of(tx)
            for number in (70, 5_000, MOST):  # ids of several digits
                tx.insert(Manager(id=number, name=f"M{number}"))
            fill(tx, Random(5), 400, [1, 2, 3, 4, 5, 6])
            mark(tx, Random(8), 400)
            for move in tx.select(StageMove, t.stage_moves.c.id % 5 == 0):
                tx.put("stage_move", move.id, {"actor_id": (70, 5_000, MOST)[move.id % 3]})
            stand_still(tx)
            tx.put("funnel", 1, {"probability_source": request.param})
        stages.remove_stage(base, 2, to_id=3)
        some = of(base, t.deals.c.status == "open", t.deals.c.path_known, t.deals.c.id % 4 == 1)
        other_funnel.send(base, [deal.id for deal in some[:9]], 2)
    return path


@pytest.fixture
def db(made: Path, tmp_path: Path) -> Iterator[Database]:
    shutil.copy(made, tmp_path / "own.funneldesk")
    with open_database(tmp_path / "own.funneldesk") as base:
        yield base


def both(db: Database, asked: ReportRequest) -> bool:
    """Whether what is kept answered; that it says what moves and single deals say in any case."""
    told = reporting.facts(db, asked)
    info = replace(CATALOG[asked.name], brought=None)
    moves = reporting.facts(db, asked, info)
    single = reporting.facts(db, asked, one_by_one=True)
    assert all(facts.brought is None for facts in (*moves, *single))
    report = compute_all(told, asked)
    assert report == compute_all(moves, asked) == compute_all(single, asked), asked
    return told[0].brought is not None


@pytest.mark.parametrize("name", NAMES)
def test_what_is_kept_says_what_moves_say(db: Database, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    answered = {True: 0, False: 0}
    rules = RULES if len(CATALOG[name].rules) > 1 else (None,)
    ways = product(CATALOG[name].populations, PERIODS, ((), (1, 70)), ((), GOLD), (1, 2), rules)
    for population, (start, end), managers, where, funnel, rule in ways:
        asked = ReportRequest(name, population=population, start=start, end=end, managers=managers, rule=rule)
        told = both(db, replace(asked, where=where, funnel_id=funnel, minimum_n=3))
        ended = start is not None and population in (Population.COHORT, Population.FINISHED)
        assert told is not (rule is Rule.STRICT or (ended and name == "manager-matrix"))
        answered[told] += 1
    assert answered[True] > 20
    assert both(db, ReportRequest(name))


@pytest.mark.parametrize("name", NAMES)
def test_stages_that_became_one(db: Database, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW + DAY)
    before = reporting.run(db, ReportRequest(name, minimum_n=3))
    stages.merge_stage(db, 5, 4)
    assert both(db, ReportRequest(name, minimum_n=3))
    funnels.reorder(db, 1, [6, 4, 3, 1])
    assert both(db, ReportRequest(name, minimum_n=3))
    assert reporting.run(db, ReportRequest(name, minimum_n=3)).rows != before.rows


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
    some = of(db, t.deals.c.path_known, t.deals.c.funnel_id == 1, t.deals.c.mode.is_(None))
    with db.transaction(Label("sample.made")) as tx:
        tx.update(Deal, some[0].id, created_at=NOW + 3 * DAY)
    assert both(db, asked)
    with db.transaction(Label("sample.made")) as tx:
        tx.insert(Manager(id=MOST + 1, name="Too many"))
        tx.put(
            "stage_move",
            tx.select(StageMove, t.stage_moves.c.deal_id == some[1].id)[0].id,
            {"actor_id": MOST + 1},
        )
    with db.read() as conn:
        assert conn.scalar(sa.select(sa.func.count()).where(t.deals.c.brought.is_(None))) == 1
        assert closes.problems(conn) == []
    assert not both(db, asked)
    history.undo(db)
    assert both(db, asked)


def text(db: Database, deal_id: int) -> str:
    with db.read() as conn:
        return str(conn.scalar(sa.select(t.deals.c.brought).where(t.deals.c.id == deal_id)))


def test_it_follows_every_change(db: Database) -> None:
    assert wrong(db) == []
    stood = (t.deals.c.status == "open", t.deals.c.path_known, t.deals.c.funnel_id == 1)
    opened = of(db, *stood, t.deals.c.mode.is_(None), t.deals.c.visited.op("&")(1 << 5) == 0)
    first, ids = opened[0], [each.id for each in opened]
    before = text(db, first.id)
    deals.move(db, [first.id], deals.stage(6))
    assert text(db, first.id) == before + entry(5, first.manager_id)
    back_and_forth(db)
    deals.move(db, [first.id], deals.WON)
    assert text(db, first.id).endswith(entry(None, first.manager_id)) or entry(None, None)[0] in before
    back_and_forth(db)
    stages.remove_stage(db, 1, to_id=3)  # many at once
    back_and_forth(db)
    stages.merge_stage(db, 5, 4)
    back_and_forth(db)
    other_funnel.send(db, ids[1:2], 2)
    assert text(db, ids[1]) == entry(0, of(db, t.deals.c.id == ids[1])[0].manager_id)
    back_and_forth(db)
    other_funnel.send(db, ids[1:2], 1)
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        append_move(tx, tx.get(Deal, ids[2]), Place("open", None))  # its path is not known any more
        append_move(tx, tx.get(Deal, ids[2]), Place("open", 4))
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        fill(tx, Random(9), 40, [3, 4, 6])
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        own = tx.select(StageMove, t.stage_moves.c.deal_id == ids[3], order=t.stage_moves.c.seq)
        tx.put("stage_move", own[0].id, {"actor_id": 5_000})
    back_and_forth(db)
    with db.transaction(Label("sample.made")) as tx:
        some = [each.id for each in tx.select(StageMove, t.stage_moves.c.actor_id == 2)]
        tx.bulk_update("stage_move", ["actor_id"], some, [[1]] * len(some))
    assert len(some) > 9
    back_and_forth(db)
    deals.delete(db, ids[4:9])
    back_and_forth(db)


def test_deals_that_come_with_their_texts(db: Database) -> None:
    """As they follow from the moves one after the other."""
    with db.read() as conn:
        every = conn.execute(
            sa.select(t.deals.c.id, t.deals.c.brought).where(t.deals.c.funnel_id == 1).order_by(t.deals.c.id)
        ).all()
        place = {row.id: number for number, row in enumerate(every)}
        move = t.stage_moves.c
        query = sa.select(move.deal_id, move.to_kind, move.to_stage_id, move.actor_id)
        query = query.where(move.deal_id.in_(place)).order_by(move.deal_id, move.seq)
        moves = [(place[row[0]], *row[1:]) for row in conn.execute(query)]
        assert of_new(conn, len(every), moves) == [row.brought for row in every]
        moves[0] = (0, "open", 6, MOST + 1)
        assert of_new(conn, len(every), moves)[0] is None
    assert len({row.brought for row in every}) > 100 and UNTOLD not in {row.brought for row in every}


def test_an_import_brings_it_along_and_so_does_its_redo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[list[int]] = []

    def keep(conn: sa.Connection, where: sa.ColumnElement[bool], names: Sequence[str]) -> list[int]:
        found = kept(conn, where, names)
        if "brought" in names:
            looked.append(found)
        return found

    kept = closes.keep
    monkeypatch.setattr(closes, "keep", keep)
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="UTC") as db:
        funnels.create(db, "Sales", ["Call", "Offer"])
        import_kit.run(db, Kind.DEALS, import_kit.deal_rows("Offer"))
        texts = {deal.id: text(db, deal.id) for deal in of(db, t.deals.c.external_id.isnot(None))}
        assert len(set(texts.values())) == 4
        back_and_forth(db)
        assert {deal_id: text(db, deal_id) for deal_id in texts} == texts
    assert looked and not any(looked)
