"""Imported histories: the worked example, moves that wait, histories replaced and taken back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.funnel import Stage
from funneldesk.domain.team import LossReason, Manager
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import bases, deals, history, imports
from funneldesk.store.database import Database
from tests.services.conftest import content, records
from tests.services.import_kit import run

GOLDEN = Path(__file__).resolve().parent.parent / "data" / "golden14"


def test_the_worked_example_stands_as_its_history_says(empty: Database) -> None:
    flow = ImportFlow()
    flow.open(GOLDEN / "golden_deals.csv")
    flow.set_kind(Kind.DEALS)
    flow.change_request(funnel="G", create_funnel=True, stages=("S1", "S2", "S3", "S4"))
    first = imports.run_import(empty, flow)
    assert (first.summary["created"], first.summary["records"]["deal"]) == (14, 14)
    before = content(empty)
    flow.open(GOLDEN / "golden_events.csv")
    flow.set_kind(Kind.HISTORY)
    second = imports.run_import(empty, flow)
    assert second.summary["created"] == second.summary["records"]["stage_move"] == 46
    found = {d.external_id: d for d in records(empty, Deal)}
    assert [d.status for d in found.values()].count("won") == 4
    assert [d.status for d in found.values()].count("lost") == 6
    names = {s.id: s.name for s in records(empty, Stage)}
    lost_at = [names.get(d.lost_from_id) for d in found.values() if d.status == "lost"]
    assert sorted(map(str, lost_at)) == ["None", "S2", "S2", "S3", "S4", "S4"]
    assert all(d.path_known for d in found.values())
    assert len(records(empty, StageMove)) == 46
    assert {r.name for r in records(empty, LossReason)} >= {"Price", "No reply", "Competitor"}
    assert [m.name for m in records(empty, Manager)] == ["Anna", "Boris"]
    after = content(empty)
    history.undo(empty)
    assert content(empty) == before
    history.redo(empty)
    assert content(empty) == after


def test_an_update_moves_the_deal_on_by_one_more_move(db: Database, stage_name: str) -> None:
    run(db, Kind.DEALS, [["ID", "Stage", "Amount"], ["7", None, "5"]])
    before = content(db)
    rows: list[list[Any]] = [["ID", "Stage", "Amount"], ["7", stage_name, "9"]]
    done = run(db, Kind.DEALS, rows, on_duplicate=OnDuplicate.UPDATE)
    assert done["updated"] == 1
    deal = records(db, Deal)[0]
    assert (deal.amount, deal.stage_id) == (900, records(db, Stage)[1].id)
    assert len(records(db, StageMove)) == 2
    content(db)
    history.undo(db)
    assert content(db) == before


def test_history_of_unknown_deals_waits_and_a_broken_one_is_left(db: Database) -> None:
    stages = [s.name for s in records(db, Stage)]
    run(db, Kind.DEALS, [["ID", "Stage"], ["1", None], ["2", None]])
    rows: list[list[Any]] = [
        ["deal_id", "at", "to_stage"],
        ["1", "2026-01-01", stages[0]], ["1", "2026-01-05", stages[1]], ["1", "2026-01-05", stages[1]],
        ["1", "2026-01-03", "Lost: price"], ["2", "2026-01-01", stages[0]], ["2", "2026-01-02", "Moon"],
        ["9", "2026-01-01", stages[0]],
    ]  # fmt: skip
    done = run(db, Kind.HISTORY, rows)
    assert [done[k] for k in ("created", "skipped", "waiting", "rejected")] == [3, 2, 1, 2]
    first, second = records(db, Deal)
    assert (first.status, first.stage_id) == ("open", records(db, Stage)[1].id)
    assert [m.to_kind for m in records(db, StageMove) if m.deal_id == first.id] == ["open", "lost", "open"]
    assert [m.cause for m in records(db, StageMove) if m.deal_id == second.id] == ["inferred"]
    content(db)


def test_a_history_that_names_a_deal_by_number_and_by_title_is_one(db: Database) -> None:
    stages = [s.name for s in records(db, Stage)]
    run(db, Kind.DEALS, [["ID", "Title"], ["1", "Roof"], ["2", "Floor"]])
    before = content(db)
    head = ["deal", "at", "to_stage"]
    rows = [["1", "2026-01-01", stages[0]], ["roof", "2026-01-05", stages[1]], ["1", "2026-01-07", "Won"]]
    done = run(db, Kind.HISTORY, [head, rows[0], rows[1], rows[2]])
    assert (done["created"], done["records"]) == (3, {"stage_move": 3})
    assert [m.to_kind for m in records(db, StageMove) if m.deal_id == 1] == ["open", "open", "won"]
    content(db)
    # a shorter one; and one of which a row under the other name cannot be read is left
    run(db, Kind.HISTORY, [head, rows[0], ["Roof", "2026-01-06", "Won"]])
    assert [m.to_kind for m in records(db, StageMove) if m.deal_id == 1] == ["open", "won"]
    for bad in (["Roof", "2026-01-05", "Moon"], ["Roof", "no day", stages[1]]):
        assert run(db, Kind.HISTORY, [head, rows[0], bad])["rejected"] == 2
    history.undo(db)
    history.undo(db)
    assert content(db) == before


def test_a_longer_history_is_replaced_by_a_shorter_one_and_comes_back(db: Database) -> None:
    stages = records(db, Stage)
    run(db, Kind.DEALS, [["ID", "Title"], ["1", "x"]])
    for stage in stages[1:4]:
        deals.move(db, [1], deals.stage(stage.id))
    before = content(db)
    run(db, Kind.HISTORY, [["deal", "at", "to_stage", "actor"], ["1", "2026-01-01", "Won", "Ann"]])
    assert len(records(db, StageMove)) == 1
    assert records(db, StageMove)[0].actor_id == 1
    content(db)
    history.undo(db)
    assert content(db) == before


def test_a_deal_that_its_file_closes_before_it_creates_it_leaves_a_sound_base(
    db: Database, stage_name: str
) -> None:
    head = ["Deal number", "Deal", "Stage", "Created", "Closed", "Result"]
    rows = [["1", "Racks", stage_name, "2026-05-10", "2026-05-01", "won"],
            ["2", "Chairs", stage_name, "2026-05-11", "2026-05-02", "lost"]]  # fmt: skip
    run(db, Kind.DEALS, [head, *rows])
    assert bases.check(db).problems == ()
    racks, chairs = sorted(records(db, Deal), key=lambda deal: deal.external_id)
    for deal in (racks, chairs):
        assert deal.created_at is not None and deal.closed_at is not None
        assert deal.created_at > deal.closed_at == deal.entered_at, "both dates stay as they were given"
    moves = [(m.deal_id, m.at) for m in records(db, StageMove)]
    assert moves == [(d.id, d.closed_at) for d in (racks, chairs) for _move in range(2)]
