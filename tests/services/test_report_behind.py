"""A live report, and the deals behind its numbers, when deals change hands, go, or lie ahead of the clock."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.clock import DAY
from funneldesk.domain.deal import StageMove, replay
from funneldesk.domain.results import Population, ReportRequest
from funneldesk.reports.catalog import compute_all
from funneldesk.services import bases, booklet, deals, funnels, reporting, team
from funneldesk.services.deals import NewDeal
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.moves import slots_of, standing_values

ANNA, BORIS, CLARA = 1, 2, 3
ACTIVE = ReportRequest("stage-funnel", population=Population.ACTIVE, managers=(BORIS,))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Four open deals of Anna's, two of which are Boris' now."""
    with bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="UTC") as base:
        funnels.create(base, "Sales", ["Call", "Offer"])
        for name in ("Anna", "Boris", "Clara"):
            team.add_manager(base, name)
        for number in range(4):
            deals.create(base, NewDeal(f"D{number}", amount=1000, manager_id=ANNA), funnel_id=1)
        deals.assign(base, [1, 2], BORIS)
        yield base


def put(db: Database, *path: tuple[int, str, int | None], **values: object) -> int:
    """A deal with these moves (time, kind, stage); gives its id."""
    with db.transaction(Label("sample.made")) as tx:
        deal_id, first = tx.reserve("deal"), tx.reserve("stage_move", len(path))
        own = [
            StageMove(
                id=first + seq, deal_id=deal_id, seq=seq, at=at, from_kind=path[seq - 1][1] if seq else None,
                from_stage_id=path[seq - 1][2] if seq else None,
                to_kind=kind, to_stage_id=stage, owner_id=CLARA, amount=500,
            )
            for seq, (at, kind, stage) in enumerate(path)
        ]  # fmt: skip
        standing = standing_values(replay(own, slots_of(tx.conn, 1)))
        kept = {
            "id": deal_id, "version": 1, "title": "Put", "funnel_id": 1, "sort_key": "put", "amount": 500,
            "created_at": path[0][0], "currency": "EUR", "manager_id": CLARA, "position": 1.0,
            **standing, **values,
        }  # fmt: skip
        tx.bulk_insert("deal", t.COLUMNS["deal"], [tuple(kept.get(name) for name in t.COLUMNS["deal"])])
        names = t.COLUMNS["stage_move"]
        tx.bulk_insert("stage_move", names, [tuple(getattr(move, name) for name in names) for move in own])
    return deal_id


@pytest.mark.parametrize("population", [Population.ACTIVE, Population.COHORT])
def test_a_pinned_question_remembers_that_it_was_of_now(db: Database, population: Population) -> None:
    request = ReportRequest("stage-funnel", population=population, managers=(BORIS,))
    report = reporting.run(db, request)
    pinned = request.pinned(report.as_of)
    assert report.rows[0]["count"] == 2
    assert reporting.deals_behind(db, report, pinned, 0, "count") == [1, 2]
    assert reporting.deals_behind(db, report, request, 0, "count") == [1, 2]
    assert reporting.run(db, pinned) == report
    pack = booklet.pack(db, request, ["active-funnel", "active-funnel"], "")
    assert [printed.rows[0]["open"] for printed in pack.reports] == [2, 2]  # the second of a moment past


def test_a_question_of_a_past_moment_stays_one(db: Database) -> None:
    report = reporting.run(db, ReportRequest("stage-funnel", as_of=clock.now()))
    pinned = ReportRequest("stage-funnel", as_of=report.as_of).pinned(report.as_of)
    assert not pinned.live


def test_a_new_deal_changes_nothing_behind_a_number_counted_before(db: Database) -> None:
    report = reporting.run(db, ACTIVE)
    deals.create(db, NewDeal("New", manager_id=CLARA), funnel_id=1)
    assert reporting.deals_behind(db, report, ACTIVE, 0, "count") == [1, 2]


def test_a_row_is_found_by_its_words_and_one_that_is_gone_is_empty(db: Database) -> None:
    request = ReportRequest("managers")
    report = reporting.run(db, request)
    assert [row["manager"] for row in report.rows] == ["Anna", "Boris"]
    deals.assign(db, [1, 2, 3, 4], BORIS)
    now = [reporting.deals_behind(db, report, request, place, "deals") for place in range(2)]
    assert now == [[], [1, 2, 3, 4]]


def test_one_deal_ahead_of_the_clock_leaves_the_others_as_they_are_kept(db: Database) -> None:
    now = clock.now()
    before = reporting.run(db, ACTIVE).rows
    put(db, (now - DAY, "open", 1), (now + 900 * DAY, "won", None), currency="USD")
    assert not bases.check(db).problems
    assert reporting.run(db, ACTIVE).rows == before
    assert reporting.run(db, ReportRequest("dynamics")).totals["won"] == 0
    whole = reporting.run(db, ReportRequest("stage-funnel", population=Population.ACTIVE))
    assert whole.rows[0]["count"] == 5  # it is still open: won is later than now
    assert reporting.run(db, ReportRequest("stage-funnel", managers=(CLARA,))).rows[0]["count"] == 1


@pytest.mark.parametrize("name", ["dynamics", "stage-funnel", "finished-funnel"])
@pytest.mark.parametrize("odd", ["created later", "no currency code"])
def test_odd_deals_are_counted_alike_in_groups_and_one_by_one(
    db: Database, monkeypatch: pytest.MonkeyPatch, name: str, odd: str
) -> None:
    now = clock.now()
    values: dict[str, object] = {"created_at": now + 5 * DAY} if odd == "created later" else {"currency": ""}
    put(db, (now - 30 * DAY, "open", 1), (now - 20 * DAY, "won", None))
    put(db, (now - 30 * DAY, "open", 1), (now - 20 * DAY, "won", None), **values)
    monkeypatch.setattr(clock, "now", lambda: now)
    request = ReportRequest(name)
    grouped = compute_all(reporting.facts(db, request), request)
    assert grouped == compute_all(reporting.facts(db, request, one_by_one=True), request)
    if name == "dynamics":
        assert grouped.totals["won"] == (1 if odd == "created later" else 2)
