from __future__ import annotations

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.team import Manager
from funneldesk.services import activities, cards, clients, deals, fields, history, list_entries, team
from funneldesk.services.activities import About
from funneldesk.services.deals import LOST, Loss, stage
from funneldesk.store.database import Database


def kinds(db: Database, limit: int = 50) -> list[str]:
    found = cards.client(db, "company", 1, limit)
    assert found is not None
    return [item.what for item in found[1]]


def edits(db: Database) -> list[tuple[str, object, object]]:
    found = cards.client(db, "company", 1, 50)
    assert found is not None
    return [edit for item in found[1] if item.what == "change" for edit in item.values["edits"]]


def test_a_clients_timeline_tells_activities_moves_changes_and_its_making(db: Database) -> None:
    clients.create_person(db, name="Eva", company_id=1)
    activities.log(db, ActivityKind.CALL, About(person_id=1), text="said yes", result="meets on Monday")
    clients.update(db, ("company", 1), city="Łódź", contacts=[("phone", "22 000 99 99")])
    fields.add(db, "company", "Area")
    fields.set_value(db, 1, "company", 1, "90")
    found = kinds(db)
    assert found.count("move") == 2  # made in the first stage, moved to the third
    assert found.count("activity") == 1
    assert found[-1] == "created"
    assert ("city", None, "Łódź") in edits(db)
    assert ("phone", "+48 22 000 12 34", "22 000 99 99") in edits(db)
    assert ("field:1", None, "90") in edits(db)


def test_what_was_undone_is_no_part_of_the_timeline(db: Database) -> None:
    before = kinds(db)
    clients.update(db, ("company", 1), city="Oslo")
    deals.move(db, [1], stage(4))
    assert len(kinds(db)) == len(before) + 2
    history.undo(db)
    history.undo(db)
    assert kinds(db) == before


def test_the_timeline_is_paged_newest_first(db: Database) -> None:
    for n in range(8):
        clients.update(db, ("company", 1), city=f"Town {n}")
    found = cards.client(db, "company", 1, 3)
    assert found is not None
    assert [item.values["edits"][0][2] for item in found[1]] == ["Town 7", "Town 6", "Town 5"]
    assert found[2]
    assert not cards.client(db, "company", 1, 100)[2]  # type: ignore[index]


def test_a_bulk_change_of_many_stands_on_each_of_their_timelines(db: Database) -> None:
    team.add_manager(db, "Bob")
    clients.assign(db, [("company", 1)], 1)
    list_entries.merge(db, Manager, 1, 2)
    assert ("manager_id", 1, 2) in edits(db)


def test_a_deals_card_tells_its_stages_with_times_and_why_it_was_lost(db: Database) -> None:
    reason = team.add_loss_reason(db, "Too dear, really").new_id("loss_reason")
    deals.update(db, 1, amount=2_000)
    deals.move(db, [1], LOST, loss=Loss(reason, "a cheaper one"))
    found = cards.deal(db, 1, 50)
    assert found is not None
    card, items, _more = found
    assert [(s.kind, s.stage_id) for s in card.spells] == [("open", 1), ("open", 3), ("lost", None)]
    assert card.spells[0].until == card.spells[1].since
    lost = next(item for item in items if item.what == "move" and item.values["to_kind"] == "lost")
    assert (lost.values["reason"], lost.values["comment"]) == ("Too dear, really", "a cheaper one")
    changes = [edit for item in items if item.what == "change" for edit in item.values["edits"]]
    assert ("amount", 1_000, 2_000) in changes
    assert not any(field in ("status", "stage_id", "visited") for field, _old, _new in changes)


def test_a_deal_that_is_gone_has_no_card(db: Database) -> None:
    assert cards.deal(db, 99, 10) is None
    assert cards.client(db, "person", 99, 10) is None
