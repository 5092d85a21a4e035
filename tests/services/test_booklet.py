"""The booklet of a base holds the numbers that every other way to the reports gives."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.domain.booklet import Booklet
from funneldesk.domain.results import ReportRequest
from funneldesk.errors import Cancelled, UserError
from funneldesk.services import bases, booklet, demo, letterhead, reporting
from funneldesk.store.database import Database


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path: Path = tmp_path_factory.mktemp("booklet") / "x.funneldesk"
    with bases.new_base(path, language="en", currency="EUR", zone="Europe/Warsaw") as base:
        demo.make_sample(base, deals=200, seed=3, language="en")
        yield base


@pytest.fixture(scope="module")
def made(db: Database) -> Booklet:
    return booklet.make(db, ReportRequest("managers"))


def test_every_report_of_the_booklet_is_what_the_report_itself_answers(db: Database, made: Booklet) -> None:
    funnel = reporting.funnel_by_name(db, made.managers.funnel or "").funnel.id
    moment = made.managers.as_of

    def asked(name: str, **more: object) -> object:
        request = ReportRequest(name, funnel_id=funnel, as_of=moment, **more)  # type: ignore[arg-type]
        return reporting.run(db, request)

    assert made.managers == asked("managers")
    assert made.funnel == asked("stage-funnel")
    assert made.leaks == asked("leaks")
    assert made.active == asked("active-funnel")
    assert made.plan == asked("plan-fact")
    for part in made.parts:
        own = (reporting.manager_by_name(db, part.manager).id,)
        for mine, theirs in (
            (part.funnel, asked("stage-funnel", managers=own)),
            (part.times, asked("stage-times", managers=own)),
            (part.lost, asked("lost", by=("reason",), managers=own)),
            (part.forecast, asked("forecast", by=("pace",), managers=own)),
        ):
            assert (mine.rows, mine.totals) == (theirs.rows, theirs.totals)  # type: ignore[attr-defined]


def test_hanging_deals_have_the_names_of_the_base(db: Database, made: Booklet) -> None:
    hanging = [deal for part in made.parts for deal in part.hanging]
    assert hanging
    for row, deal in zip(reporting.deal_rows(db, [d.deal_id for d in hanging]), hanging, strict=True):
        assert (deal.client, deal.title, deal.stage) == (row.client, row.title, row.stage)


def test_a_booklet_can_be_cancelled(db: Database) -> None:
    with pytest.raises(Cancelled):
        booklet.make(db, ReportRequest("managers"), cancelled=lambda: True)


def test_a_pack_holds_the_chosen_reports_of_one_moment(db: Database) -> None:
    told: list[tuple[int, int]] = []
    names = ["stage-funnel", "managers", "lost"]
    found = booklet.pack(db, ReportRequest("cycle"), names, " Good month \n", lambda *step: told.append(step))
    assert [report.name for report in found.reports] == names
    assert found.comment == "Good month"
    assert len({report.as_of for report in found.reports}) == 1
    assert told == [(0, 3), (1, 3), (2, 3)]


def test_a_logo_is_kept_and_taken_away_and_may_not_be_huge(db: Database) -> None:
    assert letterhead.logo(db) == b""
    letterhead.set_logo(db, b"picture")
    assert letterhead.logo(db) == b"picture"
    with pytest.raises(UserError, match=r"logo\.too_large"):
        letterhead.set_logo(db, bytes(600_000))
    assert letterhead.logo(db) == b"picture"
    letterhead.set_logo(db, b"")
    assert letterhead.logo(db) == b""
