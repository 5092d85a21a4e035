"""The worked example through the command line: every figure, in JSON, table, spreadsheet and PDF."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pytestqt.qtbot import QtBot

from funneldesk.app import main
from funneldesk.store.database import open_database
from funneldesk.text import format_percent
from tests.ui.shell_kit import make_context

DATA = Path(__file__).resolve().parent.parent / "data" / "golden14"
AS_OF = "2025-03-01T00:00:00Z"
STAGES = ["S1", "S2", "S3", "S4"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The fourteen deals and their 46 moves, imported as anyone would."""
    path = tmp_path_factory.mktemp("golden") / "golden.funneldesk"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", "UTC")
        patch.setenv("LANG", "C")
        call = ["--lang", "en", "--db", str(path)]
        assert main([*call, "new"]) == 0
        deals = ["import", str(DATA / "golden_deals.csv"), "--as", "deals", "--funnel", "Golden"]
        assert main([*call, *deals, "--create-funnel", "--stages", ",".join(STAGES)]) == 0
        moves = ["import", str(DATA / "golden_events.csv"), "--as", "stage-history", "--funnel", "Golden"]
        assert main([*call, *moves]) == 0
    return path


class Asker:
    """Asks reports of a base through the command line."""

    def __init__(self, base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
        self._base, self._capture = base, capsysbinary

    def __call__(self, name: str, *options: str, as_of: str = AS_OF) -> Any:
        return json.loads(self.raw(name, *options, "--format", "json", as_of=as_of))

    def raw(self, name: str, *options: str, as_of: str = AS_OF) -> str:
        """What is printed on standard output."""
        self._capture.readouterr()
        call = ["--lang", "en", "--db", str(self._base), "report", name, "--as-of", as_of, *options]
        assert main(call) == 0
        return self._capture.readouterr().out.decode()


@pytest.fixture
def ask(base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Asker:
    return Asker(base, capsysbinary)


def column(report: Any, key: str) -> list[Any]:
    return [row[key] for row in report["rows"]]


@pytest.mark.parametrize(
    ("rule", "counts", "won"),
    [
        ("current", [1, 2, 1, 0], 4),
        ("reached", [13, 12, 9, 6], 4),
        ("reached_bitrix", [12, 11, 9, 6], 4),
        ("visited", [11, 9, 8, 3], 4),
        ("strict", [11, 8, 6, 3], 1),
    ],
)
def test_the_five_rules(ask: Asker, rule: str, counts: list[int], won: int) -> None:
    report = ask("stage-funnel", "--rule", rule)
    assert column(report, "stage") == STAGES
    assert column(report, "count") == counts
    assert report["rule"] == rule
    totals = report["totals"]
    assert (totals["won"], totals["lost"], totals["open"], totals["created"]) == (4, 6, 4, 14)
    assert totals["won_by_rule"] == won


def test_steps_and_their_intervals(ask: Asker) -> None:
    report = ask("stage-funnel")
    assert (report["population"], report["rule"]) == ("cohort", "reached")
    assert column(report, "advanced") == [12, 9, 6, 4]
    assert column(report, "lost") == [0, 1, 2, 2]
    assert column(report, "waiting") == [1, 2, 1, 0]
    assert column(report, "step_conversion") == pytest.approx([1, 0.9, 0.75, 0.666667], abs=1e-4)
    lows = [0.757506, 0.59585, 0.409275, 0.299993]
    assert column(report, "step_low") == pytest.approx(lows, abs=1e-4)
    highs = [1, 0.982124, 0.928521, 0.903229]
    assert column(report, "step_high") == pytest.approx(highs, abs=1e-4)


def test_where_deals_were_lost(ask: Asker) -> None:
    report = ask("lost", "--by", "stage")
    lost = {row["label"]: row["lost"] for row in report["rows"] if row["lost"]}
    assert lost == {None: 1, "S2": 2, "S3": 1, "S4": 2}
    assert report["totals"]["lost"] == 6


def test_finished_deals_of_january_and_february(ask: Asker) -> None:
    report = ask("finished-funnel", "--from", "2025-01-01", "--to", "2025-03-01")
    assert column(report, "entered") == [9, 9, 7, 6]
    assert column(report, "passed") == [9, 7, 6, 4]
    assert column(report, "lost") == [0, 2, 1, 2]
    assert column(report, "passed_amount") == [6650, 5650, 4850, 2150]
    assert column(report, "lost_amount") == [0, 1000, 800, 2700]
    totals = report["totals"]
    assert (totals["finished"], totals["won"], totals["lost"], totals["lost_at_creation"]) == (10, 4, 6, 1)


def test_own_history_probability(ask: Asker) -> None:
    report = ask("key-stage")
    assert column(report, "resolved") == [9, 9, 8, 6]
    assert column(report, "won") == [4, 4, 4, 4]
    assert column(report, "probability") == pytest.approx([0.444444, 0.444444, 0.5, 0.666667], abs=1e-4)


def test_days_in_stages(ask: Asker) -> None:
    report = ask("stage-times")
    assert column(report, "p50") == pytest.approx([2, 8, 5, 6], abs=1e-3)
    assert column(report, "p75") == pytest.approx([2, 13, 10, 14], abs=1e-3)


@pytest.mark.parametrize(
    ("start", "end", "created", "entries", "won", "lost", "backward", "reopened"),
    [
        ("2025-01-01", "2025-02-01", 13, [10, 8, 6, 2], 3, 5, 2, 0),
        ("2025-02-01", "2025-03-01", 1, [2, 3, 2, 1], 2, 2, 0, 2),
    ],
)
def test_the_activity_of_a_month(
    ask: Asker,
    start: str,
    end: str,
    created: int,
    entries: list[int],
    won: int,
    lost: int,
    backward: int,
    reopened: int,
) -> None:
    report = ask("stage-funnel", "--population", "activity", "--from", start, "--to", end)
    assert column(report, "entries") == entries
    if start == "2025-01-01":
        assert column(report, "distinct_deals")[1] == 7
    totals = report["totals"]
    assert (totals["created"], totals["won"], totals["lost"]) == (created, won, lost)
    assert (totals["backward"], totals["reopened"]) == (backward, reopened)


def test_a_snapshot_of_the_first_of_february(ask: Asker) -> None:
    at = "2025-02-01T00:00:00Z"
    now = ask("stage-funnel", "--population", "snapshot", "--rule", "current", as_of=at)
    assert column(now, "count") == [2, 1, 1, 1]
    assert (now["totals"]["won"], now["totals"]["lost"]) == (3, 5)
    reached = ask("stage-funnel", "--population", "snapshot", "--rule", "reached", as_of=at)
    assert column(reached, "count") == [12, 10, 7, 4]


def test_the_table_the_sheet_and_the_print_say_the_same(ask: Asker, tmp_path: Path) -> None:
    from pypdf import PdfReader

    report = ask("stage-funnel")
    wanted = [
        [row["stage"], row["count"], row["advanced"], row["lost"], row["waiting"]] for row in report["rows"]
    ]
    table = ask.raw("stage-funnel").splitlines()
    sheet_path, pdf_path = tmp_path / "funnel.xlsx", tmp_path / "funnel.pdf"
    ask.raw("stage-funnel", "--format", "xlsx", "-o", str(sheet_path))
    ask.raw("stage-funnel", "--format", "pdf", "-o", str(pdf_path))
    sheet = openpyxl.load_workbook(sheet_path).worksheets[0]
    cells = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]
    printed = " ".join(page.extract_text() for page in PdfReader(pdf_path).pages).split()
    for stage, count, advanced, lost, waiting in wanted:
        line = next(line.split() for line in table if line.startswith(f"{stage} "))
        assert {str(count), str(advanced), str(lost), str(waiting)} <= set(line)
        row = next(row for row in cells if row and row[0] == stage)
        assert {count, advanced, lost, waiting} <= set(row)
        assert stage in printed
        for number in (count, advanced, lost, waiting):
            assert str(number) in printed
    for word in ("75.8–100.0", "40.9–92.9", "30.0–90.3"):
        assert any(word in part for part in printed)


def test_the_window_shows_the_same_figures(base: Path, ask: Asker, qtbot: QtBot) -> None:
    """All moves lie before the day asked for, so the figures of now are the figures of that day."""
    from funneldesk.ui.reports.page import ReportsPage

    report = ask("stage-funnel")
    with open_database(base, read_only=True) as db:
        page = ReportsPage(make_context(db))
        qtbot.addWidget(page)
        page.resize(1280, 700)
        page.show()
        page.activated()
        page.choose("stage-funnel")
        assert page.view is not None
        rows = page.view.table.rows
        shown = [[rows.text(r, c) for c in range(rows.columnCount())] for r in range(rows.rowCount())]
        page.hide()
    for row in report["rows"]:
        line = next(line for line in shown if line[0] == row["stage"])
        counts = {str(row[key]) for key in ("count", "advanced", "lost", "waiting")}
        rates = {format_percent(row["share"]), format_percent(row["step_conversion"])}
        money = {f"{row['amount']:,}", f"{row['weighted_amount']:,.0f}"}
        assert counts | rates | money <= set(line)
