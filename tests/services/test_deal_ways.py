"""How a deal goes: by its tasks, past some stages, without any."""

from __future__ import annotations

import pytest

from funneldesk.domain.activity import Activity
from funneldesk.domain.criteria import Answers
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.funnel import DealMode
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.errors import UserError
from funneldesk.services import (
    activities,
    deals,
    funnels,
    history,
    reporting,
    stages,
    steps,
)
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, stage
from funneldesk.store.database import Database
from tests.services.conftest import content
from tests.services.moving_kit import Step, all_of, ask, automatic, deal


def open_tasks(db: Database) -> list[tuple[str, int | None, int | None]]:
    return [(a.subject, a.stage_id, a.manager_id) for a in all_of(db, Activity) if a.done_at is None]


def test_each_step_makes_its_task_and_finishing_it_moves_the_deal_to_the_end(
    db: Database, both_ways: Step
) -> None:
    automatic(db)
    assert open_tasks(db) == [("Find the contact", 1, 1)]
    assert all_of(db, Activity)[0].comment == "– Site\n– Phone"
    both_ways(lambda: activities.complete(db, 1))
    assert deal(db).stage_id == 2
    assert open_tasks(db) == [("Prepare the offer", 2, 2)], "who is responsible for the stage"
    for number in (2, 3, 4):
        activities.complete(db, number)
    assert (deal(db).status, open_tasks(db)) == ("won", [])
    assert [m.cause for m in all_of(db, StageMove)] == ["user", "task", "task", "task", "task"]


def test_its_steps_are_fixed_and_a_move_to_the_next_finishes_the_task(db: Database) -> None:
    automatic(db)
    for place in (stage(3), WON):
        with pytest.raises(UserError, match=r"deal\.fixed_steps"):
            deals.move(db, [1], place)
    deals.move(db, [1], stage(2))
    assert all_of(db, Activity)[0].done_at is not None
    assert open_tasks(db) == [("Prepare the offer", 2, 2)]
    deals.move(db, [1], stage(1))
    assert open_tasks(db) == [("Find the contact", 1, 1)], "the task of the step it left is gone"


def test_a_task_that_is_done_waits_when_the_next_stage_lacks_something(db: Database) -> None:
    automatic(db)
    ask(db, 2, "amount")
    change = activities.complete(db, 1)
    assert change.summary == {"waits": 1}
    assert deal(db).stage_id == 1
    deals.move(db, [1], stage(2), answers={1: Answers({"amount": 5})})
    assert deal(db).stage_id == 2


def test_losing_an_automatic_deal_makes_a_task(db: Database, both_ways: Step) -> None:
    automatic(db)
    both_ways(lambda: deals.move(db, [1], LOST, loss=Loss(1, "no")))
    assert open_tasks(db) == [("Ask what would have changed the decision, and note it", None, 1)]


def test_a_step_whose_stage_is_removed_becomes_that_of_the_stage_it_went_to(db: Database) -> None:
    automatic(db)
    stages.remove_stage(db, 1, to_id=2)
    activities.complete(db, 1)
    assert deal(db).stage_id == 3


def test_a_deal_changes_its_way(db: Database, both_ways: Step) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    both_ways(lambda: steps.set_mode(db, [1], DealMode.AUTOMATIC))
    assert len(open_tasks(db)) == 1
    both_ways(lambda: steps.set_mode(db, [1], DealMode.STAGELESS))
    assert (deal(db).stage_id, deal(db).status) == (None, "open")
    with pytest.raises(UserError, match=r"deal\.stageless"):
        deals.move(db, [1], stage(2))
    both_ways(lambda: steps.set_mode(db, [1], DealMode.MANUAL))
    assert deal(db).stage_id == 1


def test_a_manual_deal_does_without_some_stages(db: Database, both_ways: Step) -> None:
    deals.create(db, NewDeal("Racks"), funnel_id=1)
    funnels.update_funnel(db, 1, allow_skip=False)
    with pytest.raises(UserError, match=r"deal\.no_skip"):
        deals.move(db, [1], stage(3))
    both_ways(lambda: steps.set_skips(db, 1, [2]))
    deals.move(db, [1], stage(3))
    assert deal(db).stage_id == 3


def test_deals_without_stages_are_won_or_lost_and_left_out_of_stage_reports(db: Database) -> None:
    funnels.update_funnel(db, 1, deal_mode="stageless")
    for title in ("A", "B", "C"):
        deals.create(db, NewDeal(title, amount=100), funnel_id=1)
    assert [d.stage_id for d in all_of(db, Deal)] == [None, None, None]
    deals.move(db, [1], WON)
    deals.move(db, [2], LOST, loss=Loss(1, "no"))
    funnels.update_funnel(db, 1, deal_mode="manual")
    deals.create(db, NewDeal("D"), funnel_id=1)
    request = ReportRequest("stage-funnel", funnel_id=1, population=Population.SNAPSHOT)
    report = reporting.run(db, request)
    assert (report.excluded["no_stages"], report.totals["created"]) == (3, 1)


def test_undo_of_a_step_brings_task_and_deal_back(db: Database) -> None:
    automatic(db)
    before = content(db)
    activities.complete(db, 1)
    history.undo(db)
    assert content(db) == before
