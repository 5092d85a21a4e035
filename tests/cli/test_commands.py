"""The words of the command line: what they print, write and answer."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from funneldesk.app import main
from funneldesk.cli.parser import is_command
from funneldesk.services import deals, team, views
from funneldesk.store.database import open_database
from funneldesk.store.queries import lists

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "b.funneldesk"


@pytest.fixture
def run(base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    def call(*words: str) -> tuple[int, str, str]:
        capsysbinary.readouterr()
        status = main(["--lang", "en", "--db", str(base), *words])
        told = capsysbinary.readouterr()
        return status, told.out.decode(), told.err.decode()

    return call


def sheet(path: Path, text: str) -> str:
    path.write_text(text, encoding="utf-8")
    return str(path)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def as_json(run: Run, *words: str) -> Any:
    status, out, _err = run(*words)
    assert status == 0
    return json.loads(out)


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


def test_clients_go_in_and_out_and_back(run: Run, tmp_path: Path) -> None:
    run("new")
    before = as_json(run, "check", "--json")
    text = (
        "Company,Contact,Phone,E-mail,City,INN\n"
        "ООО «Ромашка»,Анна Белова,+7 916 123-45-67; 8 495 000-11-22,a@b.ru,Москва,7707083893\n"
        "Delta Sp. z o.o.,Łukasz Żak,+48 600 700 800,l@d.pl,Łódź,\n\n"
        "=cmd|x,,,,,\n"
    )
    told = as_json(run, "import", sheet(tmp_path / "c.csv", text), "--as", "clients", "--json")
    assert (told["read"], told["created"], told["blank"]) == (3, 3, 1)
    parts = ("created", "updated", "duplicates", "skipped", "rejected")
    assert told["read"] == sum(told[name] for name in parts)
    out = tmp_path / "out.csv"
    assert run("export", "clients", "-o", str(out))[0] == 0
    rows = table(out)
    assert [row["name"] for row in rows] == ["ООО «Ромашка»", "Delta Sp. z o.o.", "'=cmd|x"]
    assert "916" in rows[0]["phone"] and "495" in rows[0]["phone"]
    assert rows[1]["person"] == "Łukasz Żak"
    again = as_json(run, "import", str(out), "--as", "clients", "--json")
    assert (again["created"], again["duplicates"]) == (0, 3)
    assert run("undo")[0] == 0
    assert as_json(run, "check", "--json")["content_sha256"] == before["content_sha256"]
    status, _out, err = run("undo")
    assert status == 1
    assert "nothing to undo" in err


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


def test_a_dry_run_writes_nothing(run: Run, tmp_path: Path) -> None:
    run("new")
    before = as_json(run, "check", "--json")["content_sha256"]
    file = sheet(tmp_path / "c.csv", "Company\nDelta\n")
    told = as_json(run, "import", file, "--as", "clients", "--dry-run", "--json")
    assert told["created"] == 1
    assert as_json(run, "check", "--json")["content_sha256"] == before


def test_values_columns_and_constants_are_steered_by_options(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    file = sheet(tmp_path / "d.csv", "what = which,st,sum,extra\nShelves,won deal,100,x\nTables,,200,y\n")
    words = ["--map", "what = which=title", "--map", "st=stage", "--map", "sum=amount", "--map", "extra="]
    told = as_json(
        run, "import", file, "--as", "deals", *words, "--json",
        "--set", "manager=Anna", "--value", "stage:won deal=Won",
    )  # fmt: skip
    assert told["created"] == 2
    out = tmp_path / "deals.csv"
    run("export", "deals", "-o", str(out))
    rows = {row["title"]: row for row in table(out)}
    assert rows["Shelves"]["outcome"] == "won"
    assert rows["Tables"]["stage"] == "Introduced to the product"
    assert {row["manager"] for row in rows.values()} == {"Anna"}


def test_rejected_rows_are_saved_with_their_reasons(run: Run, tmp_path: Path) -> None:
    import openpyxl

    run("new", "--template", "simple")
    file = sheet(tmp_path / "d.csv", "title,stage\nShelves,No such stage\nTables,Interest shown\n")
    rejects = tmp_path / "rejects.xlsx"
    told = as_json(run, "import", file, "--as", "deals", "--rejects", str(rejects), "--json")
    assert (told["created"], told["rejected"]) == (1, 1)
    problem = told["problems"][0]
    assert {"row", "column", "value", "code", "message"} <= problem.keys()
    assert problem["row"] == 2
    saved = openpyxl.load_workbook(rejects).worksheets[0]
    cells = [cell for row in saved.iter_rows(values_only=True) for cell in row]
    assert "No such stage" in cells


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


def test_a_dry_run_tells_where_every_column_goes(run: Run, tmp_path: Path) -> None:
    run("new")
    file = sheet(tmp_path / "c.csv", "Company,Phone,Zodiac\nDelta,+48 600 700 800,Leo\n")
    told = as_json(run, "import", file, "--as", "clients", "--dry-run", "--json")
    assert [(c["header"], c["field"], c["accepted"]) for c in told["mapping"]] == [
        ("Company", "name", True), ("Phone", "phone", True), ("Zodiac", None, False),
    ]  # fmt: skip
    assert all(0 <= column["certainty"] <= 1 for column in told["mapping"])


@pytest.mark.parametrize("kept", ["spring", "spring.json"])
def test_decisions_are_kept_by_name_or_in_a_file_and_used_again(kept: str, run: Run, tmp_path: Path) -> None:
    run("new")
    name = str(tmp_path / kept) if "." in kept else kept
    first = sheet(tmp_path / "a.csv", "Aa,Bb\nDelta,x\n")
    words = ["--map", "Aa=name", "--map", "Bb=category", "--save-mapping", name]
    assert run("import", first, "--as", "clients", *words)[0] == 0
    second = sheet(tmp_path / "b.csv", "Cc,Bb,Aa\n1,y,Gamma\n")
    told = as_json(run, "import", second, "--as", "clients", "--mapping", name, "--json")
    assert [c["field"] for c in told["mapping"]] == [None, "category", "name"]
    status, _out, err = run("import", second, "--as", "clients", "--mapping", "nowhere")
    assert status == 1
    assert "nowhere" in err


def test_the_keys_of_duplicates_can_be_chosen(run: Run, tmp_path: Path) -> None:
    run("new")
    run("import", sheet(tmp_path / "a.csv", "Company,Phone\nDelta,+48 600 700 800\n"), "--as", "clients")
    file = sheet(tmp_path / "b.csv", "Company,Phone\nOther,+48 600 700 800\nDelta,\n")
    both = as_json(run, "import", file, "--as", "clients", "--dry-run", "--json")
    assert both["duplicates"] == 2
    only = as_json(run, "import", file, "--as", "clients", "--key", "tax_id,name", "--dry-run", "--json")
    assert (only["created"], only["duplicates"]) == (1, 1)


def test_names_alike_in_one_city_are_the_same_by_that_key(run: Run, tmp_path: Path) -> None:
    run("new")
    first = "Company,City,Phone\nRomashka Trading,Moscow,\nDelta,Lyon,\n"
    run("import", sheet(tmp_path / "a.csv", first), "--as", "clients")
    second = "Company,City,Phone\nRomashka Tradings,Moscow,+7 495 100 00 01\nRomashka Tradinks,Omsk,\n"
    words = ("import", sheet(tmp_path / "b.csv", second), "--as", "clients", "--on-duplicate", "fill")
    told = as_json(run, *words, "--dry-run", "--json")
    assert (told["created"], told["updated"]) == (2, 0)
    assert [p["code"] for p in told["problems"]] == ["import.likely_double"]
    told = as_json(run, *words, "--key", "name,name_city", "--json")
    assert (told["created"], told["updated"]) == (1, 1)
    run("export", "clients", "-o", str(tmp_path / "c.csv"))
    rows = [(r["name"], r["city"], r["phone"]) for r in table(tmp_path / "c.csv")]
    assert rows == [
        ("Romashka Trading", "Moscow", "+7 495 100 00 01"), ("Delta", "Lyon", ""),
        ("Romashka Tradinks", "Omsk", ""),
    ]  # fmt: skip
    with pytest.raises(SystemExit) as stop:
        run(*words, "--key", "name_town")
    assert stop.value.code == 2


def test_people_come_to_their_companies_and_are_known_again(run: Run, tmp_path: Path) -> None:
    run("new")
    run("import", sheet(tmp_path / "c.csv", "Company\nDelta Sp. z o.o.\n"), "--as", "clients")
    text = (
        "ID,Name,Company,Position,Phone,E-mail\n"
        "7,Łukasz Żak,Delta,buyer,+48 600 700 800,l@d.pl\n8,Anna Ość,Sigma,,,a@s.pl\n9,,,,,\n10,Jan Kos,,,601 700 800,\n"  # noqa: E501
    )
    file = sheet(tmp_path / "p.csv", text)
    told = as_json(run, "import", file, "--as", "people", "--json")
    assert (told["created"], told["rejected"]) == (3, 1)
    assert told["records"] == {"company": 1, "person": 3, "contact_point": 4}
    again = as_json(run, "import", file, "--as", "people", "--json")
    assert (again["created"], again["duplicates"]) == (0, 3)
    more = sheet(tmp_path / "q.csv", "ID,Name,Company,Position\n7,Łukasz Żak,Delta,head buyer\n")
    changed = as_json(run, "import", more, "--as", "people", "--on-duplicate", "update", "--json")
    assert changed["updated"] == 1
    assert as_json(run, "check", "--json")["problems"] == []


def test_a_period_that_ends_before_it_begins_is_said(run: Run) -> None:
    run("new", "--template", "simple")
    status, out, err = run("report", "stage-funnel", "--from", "2026-02-01", "--to", "2026-01-01")
    assert (status, out) == (1, "")
    assert "ends before it begins" in err


def test_an_import_of_which_nothing_could_be_taken_says_so_by_its_status(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    file = sheet(tmp_path / "d.csv", "title,stage\nShelves,No such stage\n")
    status, _out, err = run("import", file, "--as", "deals")
    assert status == 1
    assert "No such stage" in err


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


def test_an_older_import_is_taken_back_by_its_number_and_what_stays_is_named(
    run: Run, tmp_path: Path
) -> None:
    run("new", "--template", "simple")
    file = sheet(tmp_path / "c.csv", "company,city\nDelta Ltd,Warsaw\nOmega Inc,Lodz\n")
    assert run("import", file, "--as", "clients")[0] == 0
    entry = str(as_json(run, "journal", "--json")["entries"][0]["id"])
    deal = sheet(tmp_path / "d.csv", "title,client\nShelves,Delta Ltd\n")
    assert run("import", deal, "--as", "deals")[0] == 0
    asked = as_json(run, "undo", "--entry", entry, "--dry-run")
    assert (asked["removed"], asked["last"]) == ({"company": 1}, False)
    assert [(one["name"], one["why"]) for one in asked["left"]] == [("Delta Ltd", "used")]
    status, out, err = run("undo", "--entry", entry)
    assert (status, json.loads(out)["removed"]) == (0, {"company": 1})
    assert "Taken back: Import of c.csv" in err
    assert run("undo", "--entry", entry)[0] == 1
    assert as_json(run, "check", "--json")["ok"]


def test_currency_rates_are_set_listed_and_removed(run: Run) -> None:
    assert run("new", "--currency", "PLN")[0] == 0
    assert run("rates", "--set", "eur", "2026-01-01", "4,25")[0] == 0
    assert run("rates")[1] == "EUR  2026-01-01  4.25\n"
    status, _out, told = run("rates", "--set", "PLN", "2026-01-01", "1")
    assert (status, told) == (1, "PLN is the accounting currency; its rate is always 1.\n")
    assert run("rates", "--remove", "EUR", "2026-01-01")[0] == 0
    assert json.loads(run("rates", "--json")[1]) == {"currency": "PLN", "rates": []}


def test_what_waits_and_what_was_imported_are_listed(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "general")
    file = sheet(tmp_path / "pay.csv", "Invoice,Client,Date,Amount\n7,,2026-02-01,40\n,Delta,2026-02-02,5\n")
    told = as_json(run, "import", file, "--as", "payments", "--json")
    assert [told[k] for k in ("read", "created", "skipped", "waiting")] == [2, 0, 2, 2]
    rows = as_json(run, "waiting", "--json")
    assert [(r["kind"], r["wants"], r["key"], r["row"]) for r in rows] == [
        ("payments", "invoice", "7", 2), ("payments", "client", "Delta", 3),
    ]  # fmt: skip
    assert "row 2 (Payments): waits for invoice 7" in run("waiting")[1]
    clients = sheet(tmp_path / "c.csv", "ID,Company\nc1,Delta\n")
    assert "1 row that waited came in" in run("import", clients, "--as", "clients")[1]
    file = sheet(tmp_path / "inv.csv", "Number,Client,Date,Due date,Amount\n7,c1,2026-01-01,2026-01-15,100\n")
    assert as_json(run, "import", file, "--as", "invoices", "--json")["settled"] == 1
    run("export", "payments", "-o", str(tmp_path / "out.csv"))
    assert [(r["invoice"], r["client"], r["amount"]) for r in table(tmp_path / "out.csv")] == [
        ("", "Delta", "5.00"), ("7", "Delta", "40.00"),
    ]  # fmt: skip
    runs = as_json(run, "imports", "--json")
    assert [r["file"] for r in runs] == ["inv.csv", "c.csv", "pay.csv"]
    assert [m["name"] for m in as_json(run, "imports", "2", "--json")] == ["Delta"]
    assert "inv.csv" in run("imports")[1]


def test_what_waits_can_be_thrown_away(run: Run, tmp_path: Path) -> None:
    run("new")
    run("import", sheet(tmp_path / "p.csv", "Client,Amount\nDelta,5\n"), "--as", "payments")
    assert run("waiting", "--drop")[1] == "1 waiting row thrown away.\n"
    assert as_json(run, "waiting", "--json") == []


def test_the_same_list_next_month_is_compared_and_the_vanished_tagged(run: Run, tmp_path: Path) -> None:
    run("new")
    run("import", sheet(tmp_path / "jan.csv", "Company,City\nAlfa,Paris\nBeta,Rome\n"), "--as", "clients")
    file = sheet(tmp_path / "feb.csv", "Company,City\nAlfa,Lyon\nGamma,Oslo\n")
    words = ("import", file, "--as", "clients", "--on-duplicate", "overwrite")
    told = as_json(run, *words, "--dry-run", "--json")
    assert (told["created"], told["updated"]) == (1, 1)
    assert [told["list"][k] for k in ("previous", "new", "changed", "same")] == ["jan.csv", 1, 1, 0]
    assert [v["name"] for v in told["list"]["vanished"]] == ["Beta"]
    assert run(*words, "--vanished", "tag:away")[0] == 0
    run("export", "clients", "-o", str(tmp_path / "tagged.csv"))
    assert {r["name"]: r["Tags"] for r in table(tmp_path / "tagged.csv")}["Beta"] == "away"
    run("undo")
    assert "Vanished: Beta" in run(*words, "--vanished", "category=gone")[1]
    run("export", "clients", "-o", str(tmp_path / "out.csv"))
    assert {r["name"]: (r["city"], r["category"]) for r in table(tmp_path / "out.csv")} == {
        "Alfa": ("Lyon", ""), "Beta": ("Rome", "gone"), "Gamma": ("Oslo", ""),
    }  # fmt: skip


def test_what_must_be_asked_is_asked_with_the_option_that_answers(run: Run, tmp_path: Path) -> None:
    run("new")
    file = sheet(tmp_path / "p.csv", "Client,Zz,Date\nDelta,12,03/04/2026\nDelta,13,04/05/2026\n")
    status, out, err = run("import", file, "--as", "payments", "--json")
    told = json.loads(out)
    assert status == 1
    assert [(q["about"], q["option"]) for q in told["questions"]] == [
        ("missing_field", "--map 'Zz=amount'"),
        ("date_order", "--map 'Date=date:dmy' | --map 'Date=date:mdy'"),
    ]
    assert told["questions"][0]["examples"] == {"Zz": ["12", "13"]}
    assert "Zz (12, 13)" in err
    words = ("--map", "Zz=amount", "--map", "Date=date:dmy")
    assert as_json(run, "import", file, "--as", "payments", *words, "--json")["waiting"] == 2


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
