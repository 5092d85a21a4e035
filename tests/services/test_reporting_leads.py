"""Reports that look at leads and activities of a real base, and the goal on the command line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest

from funneldesk.cli.commands import run
from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.goals import SourceCost
from funneldesk.domain.results import ReportRequest
from funneldesk.report_words.files import write_xlsx
from funneldesk.services import activities, bases, deals, funnels, goals, leads, moving, reporting, team
from funneldesk.services.activities import About
from funneldesk.store.database import Database

HOUR = clock.DAY // 24


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Two funnels; three leads of the fair (one became a deal), one of nowhere; a deal without a lead."""
    base = bases.new_base(tmp_path / "x.funneldesk", currency="EUR", zone="Europe/Warsaw")
    funnels.create(base, "Sales", ["Call", "Offer"])
    funnels.create(base, "Service", ["Call"])
    for name in ("Anna", "Boris"):
        team.add_manager(base, name)
    team.add_source(base, "Fair")
    come = clock.now() - 10 * HOUR
    for number, source in enumerate((1, 1, 1, None), start=1):
        manager = 1 if number < 3 else 2
        leads.create(base, title=f"L{number}", source_id=source, manager_id=manager, created_at=come)
    leads.qualify(base, 2)
    activities.log(base, ActivityKind.CALL, About(lead_id=1), at=come + 3 * HOUR)
    activities.log(base, ActivityKind.NOTE, About(lead_id=2), at=come + 1 * HOUR)
    leads.convert(base, 1, funnel_id=1, amount=5_000)
    deals.create(base, deals.NewDeal("Alone", amount=700, manager_id=2, source_id=1), funnel_id=2)
    yield base
    base.close()


def sources(db: Database, **more: object) -> dict[str | None, tuple[int, int, int]]:
    report = reporting.run(db, ReportRequest("sources", **more))  # type: ignore[arg-type]
    return {row["source"]: (row["leads"], row["qualified"], row["deals"]) for row in report.rows}


def test_a_lead_and_its_deal_are_counted_once(db: Database) -> None:
    assert sources(db) == {"Fair": (4, 3, 2), None: (1, 0, 0)}


def test_leads_pass_the_filters_as_deals_do(db: Database) -> None:
    assert sources(db, where=(("source", "fair"),)) == {"Fair": (4, 3, 2)}
    assert sources(db, where=(("source", ""),)) == {None: (1, 0, 0)}
    assert sources(db, managers=(1,)) == {"Fair": (2, 2, 1)}
    # what only a deal has is known of leads with a deal
    assert sources(db, where=(("title", "Alone"),)) == {"Fair": (1, 1, 1)}
    # the deal of the other funnel is not there; leads without a deal belong to every funnel
    assert sources(db, funnel_id=2) == {"Fair": (3, 2, 1), None: (1, 0, 0)}


def test_a_note_is_no_answer_and_a_call_is(db: Database) -> None:
    rows = {row["manager"]: row for row in reporting.run(db, ReportRequest("reaction")).rows}
    assert (rows["Anna"]["leads"], rows["Anna"]["answered"], rows["Anna"]["unanswered"]) == (2, 1, 1)
    assert rows["Anna"]["median_hours"] == pytest.approx(3)
    assert rows["Boris"]["answered"] == 0


def test_what_comes_after_the_date_of_the_report_is_not_there(db: Database) -> None:
    before = clock.now() - 8 * HOUR
    rows = reporting.run(db, ReportRequest("reaction", as_of=before)).rows
    assert sum(row["leads"] for row in rows) == 4
    assert sum(row["answered"] for row in rows) == 0


def test_calls_on_a_lead_count_for_the_deal_made_of_it(db: Database) -> None:
    rows = reporting.run(db, ReportRequest("activities")).rows
    team_rows = [row for row in rows if row["scope"] == "team"]
    assert {row["kind"] for row in rows} == {"call"}
    assert [(row["stage"], row["done"], row["per_entry"]) for row in team_rows] == [
        ("Call", 1, 1),
        ("Offer", 1, None),
    ]


def test_the_goal_is_given_on_the_command_line(db: Database, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(db.path)
    db.close()

    def totals(*words: str) -> dict[str, object]:
        capsys.readouterr()
        given = ["--db", path, "report", "reverse-plan", "--format", "json", *words]
        assert run(given, lambda *_: None) == 0
        found: dict[str, object] = json.loads(capsys.readouterr().out)["totals"]
        return found

    assert totals("--plan", "7")["target_wins"] == 7
    # nothing is won yet, so money cannot be turned into wins
    assert totals("--plan-amount", "1000.50") == {
        "target_wins": None,
        "target_amount": 1000.5,
        "won_average": None,
    }
    for wrong in (["--plan", "0"], ["--plan-amount", "x"], ["--plan-amount", "-5"]):
        with pytest.raises(SystemExit) as stop:
            run(["--db", path, "report", "reverse-plan", *wrong], lambda *_: None)
        assert stop.value.code == 2


def test_a_goal_becomes_calls_and_leads_on_the_command_line(
    db: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lead of the fair was called once and became a deal; the fair cost 80.00 for its three leads here."""
    today = clock.local_date(clock.now(), db.info().zone)
    day = today.isoformat()
    goals.set_cost(db, SourceCost(source_id=1, first_day=day, last_day=day, amount=8_000, currency="EUR"))
    moving.move(db, [1], moving.WON)
    path = str(db.path)
    db.close()

    def told(*words: str, form: str = "json") -> str:
        capsys.readouterr()
        given = ["--db", path, "report", "reverse-plan", "--plan", "3", "--format", form, *words]
        assert run(given, lambda *_: None) == 0
        return capsys.readouterr().out

    left = json.loads(told())["ahead"]
    # two of three wins are missing, nothing is open; 1/3 and 2/3 are the chances of the template
    assert [left[key] for key in ("won", "missing_wins", "expected_wins", "new_deals")] == [1, 2, 0, 6]
    assert [row["still"] for row in left["stages"]] == [6, 3]
    (calls,) = left["work"]
    # one call at the first stage of the one deal that has ended: 1 / (1/3) a win
    assert calls["per_win"] == pytest.approx(3)
    assert [calls[key] for key in ("kind", "for_open", "for_new", "in_all")] == ["call", 0, 6, 6]
    # three leads and one of nowhere made one deal here: the deal of the other funnel is none of them
    assert left["prospects"]["by"] == "share"
    assert left["prospects"]["total"] == 24
    assert [(row["source"], row["leads"], row["prospects"]) for row in left["prospects"]["rows"]] == [
        ("Fair", 3, 18),
        (None, 1, 6),
    ]
    assert left["prospects"]["cost"] == pytest.approx(480)  # 18 of 80.00 / 3
    assert json.loads(told("--by", "rate"))["ahead"]["prospects"]["by"] == "rate"
    text = told(form="table")
    assert "What is still to be done" in text
    assert "New leads by source" in text


def test_a_goal_becomes_calls_and_leads_in_a_spreadsheet(db: Database, tmp_path: Path) -> None:
    moving.move(db, [1], moving.WON)
    request = ReportRequest("reverse-plan", plan=3)
    report = reporting.with_more(db, reporting.run(db, request), request)
    file = tmp_path / "plan.xlsx"
    write_xlsx(report, file, db.info().zone)
    cells = [cell.value for line in openpyxl.load_workbook(file).worksheets[0].iter_rows() for cell in line]
    assert [words in cells for words in ("What is still to be done", "Call", "New leads by source")] == [
        True
    ] * 3
