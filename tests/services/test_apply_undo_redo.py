"""Every service function: do it, take it back, do it again, and the content is what it was."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.domain.deal import Deal
from funneldesk.domain.team import LossReason, Manager
from funneldesk.services import (
    activities,
    clients,
    deals,
    funnels,
    history,
    list_entries,
    repeats,
    stages,
    team,
)
from funneldesk.services.activities import About
from funneldesk.services.activities import Step as Next
from funneldesk.services.deals import LOST, WON, Loss, NewDeal, stage
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, select_records

Step = Callable[[Database], Change]
MEETING, TASK = ActivityKind.MEETING, ActivityKind.TASK
GIVE_UP = Loss(1, "too dear for them")

STEPS: dict[str, Step] = {
    "a manager is added": lambda db: team.add_manager(db, "Cid"),
    "a source is added": lambda db: team.add_source(db, "Fair"),
    "a product is added": lambda db: team.add_product(db, "Sign"),
    "a loss reason is added": lambda db: team.add_loss_reason(db, "No answer", outcome="Silence"),
    "a manager is renamed": lambda db: team.rename(db, Manager(id=1, name="Ann"), "Anna"),
    "a reason is renamed": lambda db: team.rename(db, LossReason(id=1, name="x"), "Price"),
    "a manager leaves": lambda db: team.set_active(db, 1, False),
    "managers are merged": lambda db: list_entries.merge(db, Manager, 1, 2),
    "a rate is set": lambda db: team.set_rate(db, "USD", "2026-01-01", "0.92"),
    "a company is made": lambda db: clients.create_company(db, name="Beta", contacts=[("phone", "12345678")]),
    "a person is made": lambda db: clients.create_person(db, name="Max", contacts=[("email", "m@x.pl")]),
    "a company changes": lambda db: clients.update(db, ("company", 1), city="Łódź", name="Acme GmbH"),
    "contacts change": lambda db: clients.update(db, ("company", 1), contacts=[("phone", "8 495 000-11-22")]),
    "contacts go": lambda db: clients.update(db, ("company", 1), contacts=[]),
    "clients change hands": lambda db: clients.assign(db, [("company", 1), ("person", 1)], 2),
    "a company is removed": lambda db: clients.delete(db, [("company", 1)]),
    "a person is removed": lambda db: clients.delete(db, [("person", 1)]),
    "a deal is made": lambda db: deals.create(db, NewDeal("New one", amount=100), funnel_id=1),
    "a deal changes": lambda db: deals.update(db, 1, title="Other", amount=5),
    "a deal moves on": lambda db: deals.move(db, [1], stage(3)),
    "deals move together": lambda db: deals.move(db, [1, 2], stage(4), before_id=0),
    "a deal is won": lambda db: deals.move(db, [1], WON, amount=700),
    "a deal is lost": lambda db: deals.move(db, [1], LOST, loss=GIVE_UP),
    "deals are lost together": lambda db: deals.move(db, [1, 2], LOST, loss=GIVE_UP),
    "deals change hands": lambda db: deals.assign(db, [1, 2], 2),
    "a deal is removed": lambda db: deals.delete(db, [1]),
    "deals are removed": lambda db: deals.delete(db, [1, 2]),
    "a call is logged": lambda db: activities.log(db, ActivityKind.CALL, About(deal_id=1), text="hello"),
    "a note is logged": lambda db: activities.log(db, ActivityKind.NOTE, About(company_id=1), text="nb"),
    "a meeting is planned": lambda db: activities.plan(db, MEETING, About(deal_id=2), due_at=9**12),
    "a task is planned some day": lambda db: activities.plan(db, TASK, About(deal_id=2), due_at=None),
    "a planned call is done": lambda db: activities.complete(db, 1, result="fine"),
    "an activity changes": lambda db: activities.update(db, 1, due_at=10**15),
    "an activity goes to another deal": lambda db: activities.update(db, 1, deal_id=2),
    "a call is done and the next planned": lambda db: activities.complete(
        db, 1, result="no answer", then=Next(ActivityKind.CALL, "again", due_at=10**13)
    ),
    "a call is logged and the next planned": lambda db: activities.log(
        db, ActivityKind.CALL, About(deal_id=1), text="hello", then=Next(MEETING, "show", due_at=10**13)
    ),
    "a task is given": lambda db: activities.give(db, 1, 2, actor=Actor(1)),
    "a task is put off": lambda db: activities.put_off(db, 1, due_at=10**14, all_day=True),
    "a reminder is put off": lambda db: activities.snooze(db, [1], 10**14),
    "a task is accepted": lambda db: activities.accept(db, [1]),
    "a deal is started again": lambda db: repeats.start(db, [1]),
    "deals are to be started again": lambda db: repeats.plan(db, [1, 2], date(2030, 1, 31)),
    "an activity is removed": lambda db: activities.delete(db, 1),
    "a funnel is made from a template": lambda db: funnels.create_from_template(db, "rent", language="pl"),
    "a funnel is made from names": lambda db: funnels.create(db, "Mine", ["One done", "Two done"]),
    "a stage is added": lambda db: funnels.add_stage(db, 1, "Letter sent", before_id=2),
    "a stage is renamed": lambda db: funnels.update_stage(db, 1, name="Client found"),
    "a stage changes": lambda db: funnels.update_stage(db, 1, probability=0.4, limit_days=3.0, goal="g"),
    "stages change places": lambda db: funnels.reorder(db, 1, [4, 3, 2, 1]),
    "a stage is removed": lambda db: stages.remove_stage(db, 1, to_id=3),
    "an empty stage is removed": lambda db: stages.remove_stage(db, 2),
    "stages are merged": lambda db: stages.merge_stage(db, 1, 2),
    "a stage gets its colour": lambda db: funnels.update_stage(db, 2, colour="#0072b2", kind="hold"),
    "the end gets its name": lambda db: funnels.update_funnel(db, 1, won_name="Paid"),
    "a funnel is archived": lambda db: stages.archive_funnel(db, 1),
    "a funnel changes": lambda db: funnels.update_funnel(db, 1, name="Sales", allow_back=False),
}  # fmt: skip


@pytest.mark.parametrize("name", STEPS)
def test_what_a_service_does_is_taken_back_and_done_again(
    name: str, db: Database, both_ways: Callable[[Callable[[], Change]], Change]
) -> None:
    deals.create(db, NewDeal("First", company_id=1, person_id=1, amount=1_000), funnel_id=1, actor=Actor(1))
    deals.create(db, NewDeal("Second", company_id=1), funnel_id=1, actor=Actor(2))
    activities.plan(db, ActivityKind.CALL, About(deal_id=1), due_at=10**12, actor=Actor(1))
    change = both_ways(lambda: STEPS[name](db))
    assert change.journal_id > 0


def test_a_rolled_back_win_and_a_reopened_loss_leave_no_trace(db: Database) -> None:
    deals.create(db, NewDeal("One"), funnel_id=1)
    deals.move(db, [1], stage(2))
    deals.move(db, [1], WON)
    history.undo(db)
    deals.move(db, [1], LOST, loss=GIVE_UP)
    deals.move(db, [1], stage(2))
    with db.read() as conn:
        deal = select_records(conn, Deal)[0]
    assert (deal.status, deal.stage_id, deal.loss_reason_id, deal.visited) == ("open", 2, None, 0b11)
    assert (deal.closed_at, deal.lost_from_id) == (None, None)


def test_a_step_that_is_refused_leaves_nothing(db: Database) -> None:
    from funneldesk.errors import UserError
    from funneldesk.services import bases

    deals.create(db, NewDeal("One"), funnel_id=1)
    before = bases.check(db).content_sha256
    for loss, code in ((None, "deal.loss_needs_reason"), (Loss(1, " "), "deal.loss_needs_comment")):
        with pytest.raises(UserError) as refused:
            deals.move(db, [1], LOST, loss=loss)
        assert refused.value.code == code
    with pytest.raises(UserError, match=r"deal\.wrong_stage"):
        deals.create(db, NewDeal("Two"), funnel_id=1, stage_id=99)
    with pytest.raises(UserError, match=r"record\.gone"):
        deals.move(db, [1, 77], stage(2))
    assert bases.check(db).content_sha256 == before


def test_an_edit_on_top_of_somebody_elses_is_refused_with_both_values(db: Database) -> None:
    from funneldesk.errors import StaleRecord

    clients.update(db, ("company", 1), expected_version=1, city="Opole")
    with pytest.raises(StaleRecord) as stale:
        clients.update(db, ("company", 1), expected_version=1, city="Gdynia")
    assert stale.value.params["mine"] == {"city": "Gdynia"}
    assert stale.value.params["theirs"] == {"city": "Opole"}


def test_doing_something_new_after_an_undo_ends_redo(db: Database) -> None:
    from funneldesk.errors import UserError

    team.add_source(db, "Fair")
    history.undo(db)
    assert history.state(db).redo is not None
    team.add_source(db, "Site")
    assert history.state(db).redo is None
    with pytest.raises(UserError, match="nothing_to_redo"):
        history.redo(db)


def test_undo_goes_back_to_the_empty_base_and_redo_to_the_end(db: Database) -> None:
    from funneldesk.errors import UserError
    from funneldesk.services import bases

    end, steps = bases.check(db).content_sha256, 0
    while history.state(db).undo is not None:
        history.undo(db)
        steps += 1
    assert steps == 5
    with pytest.raises(UserError, match="nothing_to_undo"):
        history.undo(db)
    with db.read() as conn:
        assert select_records(conn, Manager) == []
    for _step in range(steps):
        history.redo(db)
    assert bases.check(db).content_sha256 == end
