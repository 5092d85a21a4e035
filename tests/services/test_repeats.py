"""The funnel again for a client: now or on a day, once."""

from __future__ import annotations

from datetime import date

import pytest

from funneldesk.domain.deal import Deal
from funneldesk.domain.repeat import Repeat
from funneldesk.errors import UserError
from funneldesk.services import clients, deals, history, repeats, stages
from funneldesk.services.deals import WON, NewDeal
from funneldesk.services.repeats import Again
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor, select_records


def all_deals(db: Database) -> list[Deal]:
    with db.read() as conn:
        return select_records(conn, Deal)


@pytest.fixture
def won(db: Database) -> int:
    deal = deals.create(
        db, NewDeal("Racks", company_id=1, person_id=1, amount=500, manager_id=2), funnel_id=1
    ).new_id("deal")
    deals.move(db, [deal], WON)
    return deal


def test_a_deal_started_again_is_a_new_one_in_the_first_stage(db: Database, won: int) -> None:
    repeats.start(db, [won], Again(amount=700), actor=Actor(1))
    new = all_deals(db)[1]
    found = (new.title, new.company_id, new.person_id, new.amount, new.manager_id, new.stage_id, new.status)
    assert found == (
        "Racks", 1, 1, 700, 2, 1, "open",
    )  # fmt: skip
    assert all_deals(db)[0].status == "won"


def test_a_planned_repeat_becomes_a_deal_when_its_day_comes_and_only_once(db: Database, won: int) -> None:
    repeats.plan(db, [won], date(2027, 3, 1), Again(title="Racks 2027"))
    assert repeats.run_due(db, date(2027, 2, 28)) is None
    assert len(all_deals(db)) == 1
    change = repeats.run_due(db, date(2027, 3, 5))
    assert change is not None
    assert repeats.run_due(db, date(2027, 3, 5)) is None
    assert [deal.title for deal in all_deals(db)] == ["Racks", "Racks 2027"]
    history.undo(db)
    assert len(all_deals(db)) == 1
    assert repeats.run_due(db, date(2027, 3, 5)) is not None, "taken back, it is due again"


def test_a_repeat_survives_its_deal_and_its_client(db: Database, won: int) -> None:
    repeats.plan(db, [won], date(2027, 3, 1))
    deals.delete(db, [won])
    clients.delete(db, [("company", 1)])
    assert repeats.run_due(db, date(2027, 3, 1)) is not None
    assert [(deal.title, deal.company_id) for deal in all_deals(db)] == [("Racks", None)]


def test_a_cancelled_repeat_does_not_come(db: Database, won: int) -> None:
    planned = repeats.plan(db, [won], date(2027, 3, 1)).new_id("repeat")
    repeats.cancel(db, [planned])
    assert repeats.run_due(db, date(2030, 1, 1)) is None
    with db.read() as conn:
        assert select_records(conn, Repeat) == []


def test_a_repeat_in_a_funnel_without_stages_is_refused(db: Database, won: int) -> None:
    stages.archive_funnel(db, 1)
    with pytest.raises(UserError, match="funnel") as refused:
        repeats.plan(db, [won], date(2027, 3, 1), Again(funnel_id=99))
    assert refused.value.code == "funnel.none"
