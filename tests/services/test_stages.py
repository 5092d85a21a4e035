"""Stages removed and merged, funnels put away: where the deals go, and what stays."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from funneldesk.domain.change import Change, Label
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.funnel import Stage, merged_into, places
from funneldesk.errors import UserError
from funneldesk.services import bases, deals, funnels, history, stages
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, stage
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

Both = Callable[[Callable[[], Change]], Change]


def fill(db: Database) -> None:
    """Deals 1 and 2 in stage 2, 3 in stage 3, 4 lost in stage 2, 5 won from stage 2."""
    for number, where in enumerate((2, 2, 3, 2, 2), 1):
        deals.create(db, NewDeal(f"D{number}", amount=100, manager_id=1), funnel_id=1, stage_id=where)
    deals.move(db, [4], LOST, loss=Loss(1, "dear"))
    deals.move(db, [5], WON)


def column(db: Database, stage_id: int) -> list[int]:
    """The open deals of a stage, from the top."""
    with db.read() as conn:
        found = [d for d in select_records(conn, Deal) if d.stage_id == stage_id and d.status == "open"]
    return [d.id for d in sorted(found, key=lambda d: d.position)]


def moves(db: Database, deal_id: int) -> list[tuple[int | None, int | None, str]]:
    with db.read() as conn:
        found = [m for m in select_records(conn, StageMove) if m.deal_id == deal_id]
    return [(m.from_stage_id, m.to_stage_id, m.cause) for m in found]


def test_a_removed_stage_sends_its_open_deals_to_the_foot_of_the_chosen_one(
    db: Database, both_ways: Both
) -> None:
    fill(db)
    order = column(db, 2)
    change = both_ways(lambda: stages.remove_stage(db, 2, to_id=3))
    assert column(db, 3) == [3, *order]
    assert moves(db, 1) == [(None, 2, "user"), (2, 3, "stage_removed")]
    assert moves(db, 4)[-1][2] == "user", "closed deals are left alone"
    assert (change.label.code, change.label.params["count"]) == ("stage.removed_to", 2)
    view = funnels.views(db)[0]
    assert [(s.id, s.position) for s in view.stages] == [(1, 1), (3, 2), (4, 3)]


def test_a_column_without_room_below_is_numbered_anew_and_keeps_its_order(
    db: Database, both_ways: Both
) -> None:
    fill(db)
    order = column(db, 2)
    with db.transaction(Label("deal.changed")) as tx:
        tx.update(Deal, 3, position=1e300)  # so far out that the next number is the same one
        for place, deal_id in enumerate(reversed(order)):
            tx.update(Deal, deal_id, position=float(place))
    both_ways(lambda: stages.remove_stage(db, 2, to_id=3))
    assert column(db, 3) == [3, *reversed(order)]


def test_an_empty_stage_goes_without_a_word_where_to(db: Database, both_ways: Both) -> None:
    both_ways(lambda: stages.remove_stage(db, 4))
    assert [s.id for s in funnels.views(db)[0].stages] == [1, 2, 3]


def test_a_stage_with_open_deals_needs_a_place_for_them(db: Database) -> None:
    fill(db)
    for wrong, code in ((None, "stage.needs_target"), (2, "stage.bad_target"), (99, "stage.bad_target")):
        with pytest.raises(UserError) as refused:
            stages.remove_stage(db, 2, to_id=wrong)
        assert refused.value.code == code
    stages.remove_stage(db, 2, to_id=3)
    with pytest.raises(UserError, match=r"record\.gone"):
        stages.remove_stage(db, 2, to_id=3)


def test_the_last_stage_stays(db: Database) -> None:
    for stage_id in (1, 2, 3):
        stages.remove_stage(db, stage_id)
    with pytest.raises(UserError, match=r"stage\.last"):
        stages.remove_stage(db, 4)


def test_a_merged_stage_stands_where_the_other_stands(db: Database, both_ways: Both) -> None:
    fill(db)
    both_ways(lambda: stages.merge_stage(db, 2, 3))
    assert moves(db, 2)[-1] == (2, 3, "stage_merged")
    stages.merge_stage(db, 3, 4)
    with db.read() as conn:
        every = select_records(conn, Stage)
    assert [merged_into(s) for s in every] == [None, 3, 4, None]
    assert places(every) == {1: 1, 4: 2, 2: 2, 3: 2}
    assert bases.check(db).ok


def test_the_name_of_a_stage_that_went_is_free_and_its_slot_is_not(db: Database) -> None:
    name = funnels.views(db)[0].stages[3].name
    stages.remove_stage(db, 4)
    added = funnels.add_stage(db, 1, name).new_id("stage")
    with db.read() as conn:
        assert {s.id: s.slot for s in select_records(conn, Stage)}[added] == 4


def test_a_deal_lost_in_a_stage_that_went_can_be_taken_up_in_another(db: Database) -> None:
    fill(db)
    stages.remove_stage(db, 2, to_id=3)
    deals.move(db, [4], stage(1))
    assert column(db, 1) == [4]
    with pytest.raises(UserError, match=r"deal\.wrong_stage"):
        deals.move(db, [3], stage(2))
    assert bases.check(db).ok


def test_an_archived_funnel_leaves_the_lists_and_keeps_its_deals(db: Database, both_ways: Both) -> None:
    fill(db)
    both_ways(lambda: stages.archive_funnel(db, 1))
    assert funnels.views(db) == []
    sheet = stages.overview(db).sheets[0]
    assert (sheet.funnel.archived, sheet.deals, sheet.open_count, sheet.open_deals) == (
        True,
        5,
        3,
        {2: 2, 3: 1},
    )
    both_ways(lambda: stages.restore_funnel(db, 1))
    assert len(funnels.views(db)) == 1


def test_thousands_of_deals_move_in_one_change_that_is_taken_back(db: Database) -> None:
    with db.transaction(Label("import.run", {"file": "x"})) as tx:
        for number in range(1_500):
            deals.add_deal(tx, NewDeal(f"D{number}"), funnel_id=1, stage_id=2)
    before = column(db, 2)
    change = stages.remove_stage(db, 2, to_id=1)
    assert column(db, 1) == before
    assert len(change.edits) < 10
    assert bases.check(db).ok
    history.undo(db)
    assert column(db, 2) == before
    assert bases.check(db).ok
