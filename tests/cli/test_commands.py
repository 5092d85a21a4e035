"""The words of the command line: what they print, write and answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader

from funneldesk.app import main
from funneldesk.cli.parser import is_command
from funneldesk.services import deals, fields, team, views
from funneldesk.store.database import open_database
from funneldesk.store.queries import lists
from tests.cli.kit import Run, as_json, sheet


def test_words_and_files_are_told_apart() -> None:
    assert is_command(["--db", "new", "report", "managers"])
    assert not is_command(["--db", "x", "prospects.xlsx"])
    assert not is_command(["--lang", "ru"])
    assert is_command(["--help"])


def test_wrong_usage_is_status_two(run: Run) -> None:
    for words in (["import", "x.csv"], ["report"], ["undo", "--steps", "0"], ["import", "x", "--as", "y"]):
        with pytest.raises(SystemExit) as stop:
            run(*words)
        assert stop.value.code == 2


def test_a_missing_base_is_said_and_nothing_is_made(run: Run, base: Path) -> None:
    status, out, err = run("report", "stage-funnel")
    assert (status, out) == (1, "")
    assert str(base) in err
    assert not base.exists()


def test_new_makes_a_funnel_only_from_a_template(run: Run, base: Path) -> None:
    assert run("new", "--template", "production")[0] == 0
    with open_database(base) as db, db.read() as conn:
        assert [len(view.stages) for view in lists.funnels(conn)] == [10]
    status, _out, err = run("new")
    assert status == 1
    assert "there already" in err


def test_an_unknown_template_names_those_there_are(run: Run) -> None:
    status, _out, err = run("new", "--template", "nonsense")
    assert status == 1
    assert "production" in err


def test_undo_and_redo_give_the_content_back(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    start = as_json(run, "check", "--json")["content_sha256"]
    names = [f"Deal {number}" for number in range(3)]
    for number, name in enumerate(names):
        text = f"title,amount\n{name},{number}00\n"
        run("import", sheet(tmp_path / f"{number}.csv", text), "--as", "deals")
    full = as_json(run, "check", "--json")["content_sha256"]
    assert run("undo", "--steps", "3")[0] == 0
    assert as_json(run, "check", "--json")["content_sha256"] == start
    entries = as_json(run, "journal", "--json")["entries"]
    assert {"id", "at", "who", "label", "kind", "edits", "undone"} <= entries[0].keys()
    assert [entry["undone"] for entry in entries[:3]] == [True, True, True]
    assert run("redo", "--steps", "3")[0] == 0
    assert as_json(run, "check", "--json")["content_sha256"] == full


def test_reading_goes_on_while_somebody_writes(run: Run, base: Path) -> None:
    run("new", "--template", "simple")
    with open_database(base) as db:
        team.add_manager(db, "Anna")
        with db.read() as conn:
            funnel = lists.funnels(conn)[0].funnel.id
        deals.create(db, deals.NewDeal("Shelves", amount=100), funnel_id=funnel)
        assert as_json(run, "report", "stage-funnel", "--format", "json")["totals"]["created"] == 1
        status, _out, err = run("undo")
        assert status == 1
        assert "open in another" in err


def test_a_backup_comes_back(run: Run, base: Path, tmp_path: Path) -> None:
    run("new", "--template", "rent")
    content = as_json(run, "check", "--json")["content_sha256"]
    copy = tmp_path / "copy.funneldesk"
    assert run("backup", str(copy))[0] == 0
    run("import", sheet(tmp_path / "c.csv", "Company\nDelta\n"), "--as", "clients")
    assert run("restore", str(copy))[0] == 0
    assert as_json(run, "check", "--json")["content_sha256"] == content
    status, _out, err = run("restore", str(tmp_path / "none"))
    assert status == 1
    assert "no file" in err


def test_a_table_and_a_csv_go_to_standard_output_alone(run: Run) -> None:
    run("new", "--template", "simple")
    status, out, err = run("report", "managers")
    assert (status, err) == (0, "")
    assert out.startswith("Managers compared")
    assert run("report", "managers", "--format", "csv")[1].lstrip("\ufeff").startswith("manager,deals,open")
    status, out, err = run("report", "managers", "--format", "xlsx")
    assert (status, out) == (2, "")
    assert "-o" in err


def test_a_report_is_compared_with_any_two_dates(run: Run) -> None:
    run("demo", "--deals", "60")
    asked = ("report", "managers", "--from", "2026-01-01", "--to", "2026-02-01", "--compare")
    made = as_json(run, *asked, "2025-03-01..2025-05-01", "--format", "json")["compared"]
    assert (made["with"], made["from"][:10], made["to"][:10]) == ("any", "2025-03-01", "2025-05-01")
    out = run(*asked, "2025-03-01..2025-05-01")[1]
    assert "Compared with another period" in out.split("\n\n", maxsplit=1)[0]
    assert run(*asked, "2025-05-01..2025-03-01")[0] == 1
    with pytest.raises(SystemExit) as refused:
        run(*asked, "soon")
    assert refused.value.code == 2


def test_a_forecast_learns_from_as_many_months_as_is_said(run: Run) -> None:
    run("demo", "--deals", "60")
    asked = ("report", "forecast", "--format", "json")
    assert as_json(run, *asked)["learnt"] == {
        "way": "dates", "training_months": 12, "season_months": None
    }  # fmt: skip
    made = as_json(run, *asked, "--training", "all", "--season", "24", "--by", "dated")
    assert made["learnt"] == {"way": "dated", "training_months": None, "season_months": 24}
    assert made["season"]["months"] <= 24


def test_a_figure_of_ones_own_stands_at_each_stage(run: Run) -> None:
    run("demo", "--deals", "60")
    asked = ("report", "stage-funnel", "--own", "amount >= 1000")
    made = as_json(run, *asked, "--format", "json")
    assert made["own_figure"].startswith("Amount")
    for row in made["rows"]:
        assert 0 <= row["own_count"] <= row["count"]
        assert row["own_share"] == pytest.approx(row["own_count"] / row["count"])
    assert made["own_figure"] in run(*asked)[1].split("\n\n", maxsplit=1)[0]
    assert "own_count" not in as_json(run, *asked[:2], "--format", "json")["rows"][0]
    assert run("report", "stage-funnel", "--own", "amount >=")[0] == 1


def test_a_report_gives_the_figures_that_were_asked_for(run: Run) -> None:
    run("demo", "--deals", "60")
    asked = ("report", "managers", "--columns", "won,lost")
    assert run(*asked, "--format", "csv")[1].lstrip("\ufeff").splitlines()[0] == "manager,won,lost,flag"
    assert "Open deals" not in run(*asked)[1].split("\n\n")[1]
    assert set(as_json(run, *asked, "--format", "json")["rows"][0]) > {"deals", "open", "won"}
    status, _out, err = run("report", "managers", "--columns", "won,colour")
    assert status == 1 and "colour" in err and "win_rate" in err


def test_a_booklet_of_managers_is_a_pdf(run: Run, tmp_path: Path) -> None:
    run("demo", "--deals", "60")
    out = tmp_path / "b.pdf"
    status, _out, err = run(
        "report", "managers", "--booklet", "--paper", "Letter", "--across", "-o", str(out)
    )
    assert status == 0, err
    pages = PdfReader(out).pages
    assert (round(float(pages[0].mediabox.width)), round(float(pages[0].mediabox.height))) == (792, 612)
    assert " ".join(pages[0].extract_text().split()).startswith("Managers compared: a page for each")
    assert len(pages) > 3


def test_a_booklet_is_of_managers_and_needs_a_file(run: Run) -> None:
    run("new", "--template", "simple")
    assert run("report", "managers", "--booklet")[0] == 2
    status, _out, err = run("report", "lost", "--booklet", "-o", "x.pdf")
    assert (status, "report managers --booklet" in err) == (2, True)
    assert run("report", "managers", "--booklet", "--format", "json")[0] == 2


def test_a_wrong_date_a_wrong_funnel_and_a_wrong_manager_are_said(run: Run) -> None:
    run("new", "--template", "simple")
    for words in (["--from", "31.12.2025"], ["--funnel", "X"], ["--manager", "Nobody"], ["--where", "x=y"]):
        status, out, err = run("report", "stage-funnel", *words)
        assert (status, out) == (1, "")
        assert err.strip()


def test_a_period_that_ends_before_it_begins_is_said(run: Run) -> None:
    run("new", "--template", "simple")
    status, out, err = run("report", "stage-funnel", "--from", "2026-02-01", "--to", "2026-01-01")
    assert (status, out) == (1, "")
    assert "ends before it begins" in err


def test_a_step_back_that_fails_is_told_though_others_were_done(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from funneldesk.errors import UserError
    from funneldesk.services import history

    run("new", "--template", "general")
    real = history.undo
    done: list[int] = []

    def undo(db: Any) -> Any:
        if done:
            raise UserError("base.full", path="")
        done.append(1)
        return real(db)

    monkeypatch.setattr(history, "undo", undo)
    status, _out, err = run("undo", "--steps", "2")
    assert status == 1
    assert "disk is full" in err


@pytest.mark.parametrize("words", [("check",), ("export", "deals", "-o", "{folder}/out.csv"), ("journal",)])
def test_a_base_with_damaged_pages_is_told_in_words(
    words: tuple[str, ...], run: Run, base: Path, tmp_path: Path
) -> None:
    run("demo", "--deals", "60")
    content = bytearray(base.read_bytes())
    third = len(content) // 3 // 4096 * 4096
    content[third:] = b"\x55" * (len(content) - third)
    base.write_bytes(content)
    status, _out, err = run(*[word.format(folder=tmp_path) for word in words])
    assert status == 0 or "is damaged and was left as it is" in err
    assert status == 1 or words == ("journal",)


@pytest.mark.parametrize("way", ["option", "environment"])
def test_the_window_opens_a_base_that_is_given_as_a_url(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from funneldesk.ui import application

    opened: list[Any] = []

    def opening(base: Path | None, *_rest: object, **_words: object) -> int:
        opened.append(base)
        return 0

    monkeypatch.setattr(application, "run_window", opening)
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")

    def start(url: str) -> int:
        if way == "option":
            return main(["--lang", "en", "--db", url])
        monkeypatch.setenv("FUNNELDESK_DB", url)
        return main([])

    assert start(f"sqlite:///{tmp_path}/my%20base.funneldesk") == 0
    assert opened == [tmp_path / "my base.funneldesk"]
    assert start("postgresql://somewhere/sales") == 1
    assert "postgresql" in capsys.readouterr().err


def test_currency_rates_are_set_listed_and_removed(run: Run) -> None:
    assert run("new", "--currency", "PLN")[0] == 0
    assert run("rates", "--set", "eur", "2026-01-01", "4,25")[0] == 0
    assert run("rates")[1] == "EUR  2026-01-01  4.25\n"
    status, _out, told = run("rates", "--set", "PLN", "2026-01-01", "1")
    assert (status, told) == (1, "PLN is the accounting currency; its rate is always 1.\n")
    assert run("rates", "--remove", "EUR", "2026-01-01")[0] == 0
    assert json.loads(run("rates", "--json")[1]) == {"currency": "PLN", "rates": []}


def test_check_tells_what_is_wrong_puts_it_right_and_saves_what_can_be_read(
    run: Run, base: Path, tmp_path: Path
) -> None:
    from funneldesk.store import sqlite_file

    run("demo", "--deals", "30")
    con = sqlite_file.connect(base)
    con.execute("UPDATE companies SET name_key = 'x' WHERE id = 1")
    con.execute("UPDATE deals SET visited = 0 WHERE id = 2")
    con.close()
    status, out, err = run("check")
    assert status == 1
    assert "Names that search and sorting know otherwise: 1" in out and "deal.standing: deal 2" in out
    assert "check --repair" in err
    told = json.loads(run("check", "--repair", "--json")[1])
    assert told["ok"] and told["fixed"] == {"deal.standing": 1, "record.keys": 1}
    assert Path(told["kept_as_it_was"]).is_file()
    assert run("check", "--repair")[0] == 0, "a sound base is left alone"
    saved = tmp_path / "saved.funneldesk"
    status, out, err = run("check", "--salvage", str(saved))
    assert (status, "Nothing is lost." in out, str(saved) in err) == (0, True, True)
    assert run("check", "--salvage", str(saved))[0] == 1, "nothing is overwritten"


def test_without_a_console_nothing_that_is_said_breaks_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Windows gives a program that has no console no streams either
    for name in ("stdout", "stderr"):
        monkeypatch.setattr(sys, name, None)
    assert main(["--db", str(tmp_path / "none.funneldesk"), "check"]) == 1
    for stream in (sys.stdout, sys.stderr):
        stream.close()


def _made(run: Run, *words: str) -> int:
    report = as_json(run, "report", "stage-funnel", "--format", "json", *words)
    return int(report["totals"]["created"])


def test_a_report_is_narrowed_by_typed_conditions_a_file_and_a_view(
    run: Run, base: Path, tmp_path: Path
) -> None:
    run("demo", "--deals", "60")
    whole = _made(run)
    won, large = _made(run, "--where", "status = won"), _made(run, "--where", "amount >= 2000")
    both = _made(run, "--where", "status = won", "--where", "amount >= 2000")
    either = _made(run, "--where", "status = won or amount >= 2000")
    assert 0 < both < min(won, large) < whole
    assert either == won + large - both
    spec = {"any": True, "parts": [
        {"field": "status", "op": "one_of", "value": ["won"]}, {"field": "amount", "op": "ge", "value": 2000},
    ]}  # fmt: skip
    file = sheet(tmp_path / "conditions.json", json.dumps(spec))
    assert _made(run, "--conditions", file) == either
    with open_database(base) as db:
        where = {"parts": [{"field": "amount", "op": "ge", "value": 2000_00}]}
        views.save(db, "deals", "Large and won", {"where": where, "statuses": ["won"]})
        views.save(db, "reports", "Large", {"report": "lost", "conditions": where})
    assert _made(run, "--view", "large AND won") == both
    assert _made(run, "--view", "Large") == large
    assert _made(run, "--view", "Large", "--where", "status = won") == both
    told = as_json(run, "report", "stage-funnel", "--format", "json", "--view", "Large and won")
    assert "2,000" in told["filters"]["conditions"]


def test_what_narrows_nothing_readable_is_said(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    wrong = (
        ["--where", "amount >="], ["--where", "amount > x"], ["--view", "None such"],
        ["--conditions", str(tmp_path / "none.json")], ["--conditions", sheet(tmp_path / "x.json", "[1]")],
        ["--conditions", sheet(tmp_path / "y.json", "no json")],
    )  # fmt: skip
    for words in wrong:
        status, out, err = run("report", "stage-funnel", *words)
        assert (status, out) == (1, ""), words
        assert err.strip() and "Traceback" not in err
    assert run("report", "stage-funnel", "--where", "client=Smith, Jones and Sons")[0] == 0


def test_a_figure_of_ones_own_is_not_passed_over_in_a_report_without_one(run: Run) -> None:
    run("new", "--template", "simple")
    status, out, err = run("report", "managers", "--own", "amount >= 1000")
    assert (status, out) == (1, "")
    assert "managers has no figure of one's own" in err and "stage-funnel" in err


def test_a_report_that_cannot_be_turned_says_so(run: Run) -> None:
    run("new", "--template", "simple")
    status, out, err = run("report", "managers", "--turn")
    assert (status, out) == (1, "")
    assert "managers cannot be turned" in err and "manager-matrix" in err
    assert run("report", "manager-matrix", "--turn")[0] == 0


def test_a_cross_table_by_a_field_of_ones_own(run: Run, base: Path, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    with open_database(base) as db:
        fields.add(db, "deal", "Tier")
        for number, tier in enumerate(("gold", "gold", "silver", ""), start=1):
            deals.create(db, deals.NewDeal(f"D{number}"), funnel_id=1)
            if tier:
                fields.set_value(db, 1, "deal", number, tier)
    out = run("report", "cross-table", "--by", "custom:Tier,status")[1]
    assert "Tier" in out and "Not stated" in out
    told = as_json(run, "report", "cross-table", "--by", "custom:tier", "--format", "json")
    assert [(row["label"], row["deals"]) for row in told["rows"]] == [("gold", 2), ("silver", 1), (None, 1)]
    book = tmp_path / "cross.xlsx"
    assert (
        run("report", "cross-table", "--by", "custom:Tier,status", "--format", "xlsx", "-o", str(book))[0]
        == 0
    )
    heads = [cell.value for cell in openpyxl.load_workbook(book)["Matrix"]["A"]]
    assert heads[0] == "Tier / Status: Deals" and heads[1:] == ["gold", "silver", "Not stated", "Total"]
    status, _out, err = run("report", "cross-table", "--by", "custom:Nothing")
    assert status == 1 and "custom:Tier" in err
