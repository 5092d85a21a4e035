"""An older change is taken back by a new one, which leaves and lists what was built upon since."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.client import Company, ContactPoint, Person
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.doubles import NotDouble
from funneldesk.domain.funnel import Stage
from funneldesk.domain.team import Manager
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.services import activities, bases, clients, deals, doubles, history, imports, team
from funneldesk.services.activities import About
from funneldesk.services.deals import WON, NewDeal, stage
from funneldesk.store.database import Database
from tests.services.conftest import content, records

HEAD = ["Company", "Contact person", "Phone", "City", "Manager"]
ROWS = [
    ["Delta Ltd", "Ann Brown", "+48 22 100 00 01", "Warsaw", "Rachel"],
    ["Omega Inc", "Bob Grey", "+48 22 100 00 02", "Cracow", "Emma"],
    ["Sigma LLC", "Cid White", "+48 22 100 00 03", "Lodz", "Emma"],
]


def run(db: Database, kind: Kind, rows: list[list[str]], **request: Any) -> int:
    """Import rows; the number of its entry."""
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text("\n".join("\t".join(row) for row in rows))
    flow.set_kind(kind)
    flow.change_request(**request)
    return imports.run_import(db, flow).journal_id


def named(db: Database, cls: type[Any]) -> list[str]:
    return sorted(record.name for record in records(db, cls))


def test_what_nobody_touched_goes_and_what_was_built_upon_stays_whole_and_is_listed(db: Database) -> None:
    entry = run(db, Kind.CLIENTS, [HEAD, *ROWS])
    delta, omega, _sigma = (c for c in records(db, Company) if c.name != "Acme Ltd")
    clients.update(db, ("company", delta.id), city="Gdansk")
    deals.create(db, NewDeal(title="Racks", company_id=omega.id), funnel_id=1)
    back = history.look_back(db, entry)
    assert {(one.kind, one.name, one.why) for one in back.left} == {
        ("company", "Delta Ltd", "changed"), ("company", "Omega Inc", "used"),
        ("manager", "Rachel", "used"), ("manager", "Emma", "used"),
    }  # fmt: skip
    before = content(db)
    change = history.take_back(db, entry)
    assert named(db, Company) == ["Acme Ltd", "Delta Ltd", "Omega Inc"]
    assert named(db, Person) == ["Eva Lark"]
    assert next(c.city for c in records(db, Company) if c.name == "Delta Ltd") == "Gdansk"
    assert {c.company_id for c in records(db, ContactPoint) if c.company_id} <= {1, delta.id, omega.id}
    assert change.summary["left"] == 4
    after = content(db)
    history.undo(db)
    assert content(db) == before
    history.redo(db)
    assert content(db) == after


def test_updated_fields_get_their_former_values_unless_they_were_changed_since(db: Database) -> None:
    run(db, Kind.CLIENTS, [HEAD, *ROWS])
    second = run(
        db, Kind.CLIENTS,
        [["Company", "City", "Address"], ["Delta Ltd", "Radom", "Long st 1"], ["Sigma LLC", "Opole", "x"]],
        on_duplicate=OnDuplicate.UPDATE,
    )  # fmt: skip
    delta = next(c for c in records(db, Company) if c.name == "Delta Ltd")
    clients.update(db, ("company", delta.id), city="Gdansk")
    history.take_back(db, second)
    found = {c.name: (c.city, c.address) for c in records(db, Company)}
    assert found["Delta Ltd"] == ("Gdansk", None)
    assert found["Sigma LLC"] == ("Lodz", None)


def test_the_last_change_is_simply_undone_and_can_be_done_again(db: Database) -> None:
    before = content(db)
    entry = run(db, Kind.CLIENTS, [HEAD, *ROWS])
    assert history.look_back(db, entry).whole
    history.take_back(db, entry)
    assert content(db) == before
    assert history.state(db).redo is not None


def test_deals_that_moved_on_keep_their_history(db: Database) -> None:
    stages = [s.name for s in records(db, Stage)]
    entry = run(
        db, Kind.DEALS,
        [["Deal number", "Deal", "Client", "Amount", "Stage"],
         ["1", "Racks", "Delta Ltd", "100", stages[1]], ["2", "Shelves", "Omega Inc", "200", stages[2]]],
    )  # fmt: skip
    racks = next(d for d in records(db, Deal) if d.title == "Racks")
    deals.move(db, [racks.id], WON)
    history.take_back(db, entry)
    assert [d.title for d in records(db, Deal)] == ["Racks"]
    assert {m.deal_id for m in records(db, StageMove)} == {racks.id}
    assert named(db, Company) == ["Acme Ltd", "Delta Ltd"]
    content(db)


def test_an_imported_history_goes_back_to_what_it_was(db: Database) -> None:
    stages = [s.name for s in records(db, Stage)]
    run(
        db,
        Kind.DEALS,
        [["Deal number", "Deal", "Stage"], ["1", "Racks", stages[0]], ["2", "Chairs", stages[0]]],
    )
    before = {d.id: (d.stage_id, d.visited) for d in records(db, Deal)}
    entry = run(
        db, Kind.HISTORY,
        [["Deal number", "Stage", "Time"],
         *[[n, name, f"2026-01-0{day}"] for n in "12" for day, name in enumerate(stages[:3], 1)]],
    )  # fmt: skip
    racks, chairs = sorted(records(db, Deal), key=lambda d: d.external_id)
    deals.move(db, [chairs.id], stage(next(s.id for s in records(db, Stage) if s.name == stages[3])))
    back = history.look_back(db, entry)
    assert [(one.kind, one.name) for one in back.left] == [("deal", "Chairs")]
    history.take_back(db, entry)
    now = {d.id: (d.stage_id, d.visited) for d in records(db, Deal)}
    assert now[racks.id] == before[racks.id]
    assert now[chairs.id] != before[chairs.id]
    content(db)


def test_it_is_taken_back_once_and_again_after_that_was_undone(db: Database) -> None:
    entry = run(db, Kind.CLIENTS, [HEAD, *ROWS])
    team.add_manager(db, "Later")
    history.take_back(db, entry)
    with pytest.raises(UserError, match=r"history\.gone_already"):
        history.take_back(db, entry)
    history.undo(db)
    history.take_back(db, entry)
    assert named(db, Company) == ["Acme Ltd"]
    with pytest.raises(UserError, match=r"history\.no_entry"):
        history.look_back(db, 999)


def test_clients_that_were_said_to_be_no_doubles_go_with_what_was_said(db: Database) -> None:
    there = named(db, Person)
    for _twice in range(2):
        entry = clients.create_person(db, name="Ann Lee").journal_id
    people = [person.id for person in records(db, Person) if person.name == "Ann Lee"]
    doubles.dismiss(db, "person", people)
    history.take_back(db, entry)
    assert named(db, Person) == sorted([*there, "Ann Lee"]) and not records(db, NotDouble)
    assert bases.check(db).ok
    history.undo(db)
    assert len(records(db, NotDouble)) == 1 and bases.check(db).ok


def test_that_clients_are_no_doubles_is_not_said_again_without_one_of_them(db: Database) -> None:
    for _twice in range(2):
        clients.create_person(db, name="Ann Lee")
    people = [person.id for person in records(db, Person) if person.name == "Ann Lee"]
    doubles.dismiss(db, "person", people)
    entry = clients.delete(db, [("person", people[0])]).journal_id
    clients.delete(db, [("person", people[1])])
    assert history.look_back(db, entry).renew
    history.take_back(db, entry)
    assert not records(db, NotDouble) and bases.check(db).ok


def test_when_all_of_it_is_in_use_nothing_is_done(db: Database) -> None:
    entry = run(db, Kind.CLIENTS, [["Company"], ["Delta Ltd"]])
    delta = records(db, Company)[-1]
    activities.log(db, ActivityKind.NOTE, About(company_id=delta.id), text="Called")
    before = content(db)
    with pytest.raises(UserError, match=r"history\.all_in_use"):
        history.take_back(db, entry)
    assert content(db) == before


STEPS = st.lists(st.tuples(st.integers(0, 7), st.integers(0, 50)), min_size=1, max_size=6)


def _step(db: Database, what: int, pick: int) -> Callable[[], Any] | None:
    """One thing that people do."""
    companies, found = records(db, Company), records(db, Deal)
    company = companies[pick % len(companies)] if companies else None
    deal = found[pick % len(found)] if found else None
    name = f"C{pick % 4}"
    if what == 0:
        rows = [
            [f"C{(pick + i) % 6}", f"P{i}", f"+48 22 30{pick % 10} 00 0{i}", f"City {pick}", "Emma"]
            for i in range(3)
        ]
        return lambda: run(db, Kind.CLIENTS, [HEAD, *rows], on_duplicate=list(OnDuplicate)[pick % 4])
    if what == 1:
        rows = [[str(pick % 5 + i), f"D{pick}", f"C{i}", str(pick * 100)] for i in range(2)]
        return lambda: run(
            db,
            Kind.DEALS,
            [["Deal number", "Deal", "Client", "Amount"], *rows],
            on_duplicate=list(OnDuplicate)[pick % 3],
        )
    if what == 2:
        return lambda: clients.create_company(db, name=name, contacts=[("phone", f"+48 22 400 00 {pick:02}")])
    if what == 3 and company:
        return lambda: clients.update(db, ("company", company.id), city=f"Town {pick % 3}", contacts=[])
    if what == 4 and company:
        return lambda: deals.create(db, NewDeal(title=f"T{pick}", company_id=company.id), funnel_id=1)
    if what == 5 and deal:
        return lambda: deals.move(db, [deal.id], WON)
    if what == 6 and company:
        return lambda: activities.plan(
            db,
            ActivityKind.CALL,
            About(company_id=company.id, deal_id=deal.id if deal else None),
            due_at=pick,
        )
    if what == 7 and company:
        return lambda: clients.delete(db, [("company", company.id)])
    return None


@settings(max_examples=8, deadline=None)
@given(steps=STEPS, order=st.randoms(use_true_random=False))
def test_whatever_is_taken_back_the_base_is_sound_and_newest_first_leads_to_the_start(
    steps: list[tuple[int, int]], order: Any
) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "b.funneldesk"
        with bases.new_base(path, template="simple", language="en", currency="EUR", zone="UTC") as db:
            team.add_manager(db, "First")
            start = [(m.name) for m in records(db, Manager)], content(db)
            first = history.entries(db)[0].id
            for what, pick in steps:
                step = _step(db, what, pick)
                if step is not None:
                    try:
                        step()
                    except UserError as error:
                        if error.code not in ("import.no_rows", "deal.same_stage"):
                            raise
            done = [line.id for line in history.entries(db) if line.id > first]
            team.add_manager(db, "Last")  # so that nothing is simply undone
            last = history.entries(db)[0].id
            marks = [content(db)]
            mixed = order.sample(done, len(done))
            for entry in mixed:
                try:
                    history.take_back(db, entry)
                except UserError as error:
                    if error.code != "history.all_in_use":
                        raise
                else:
                    marks.append(content(db))
            while len(marks) > 1:
                assert content(db) == marks.pop()
                history.undo(db)
            assert content(db) == marks[0]
            for entry in done:  # the newest first
                history.take_back(db, entry)
            history.take_back(db, last)
            assert content(db) == start[1]
