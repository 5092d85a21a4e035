"""Importing by the command line: what is steered, asked, kept, told and taken back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.kit import Run, as_json, sheet, table


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


def test_an_import_of_which_nothing_could_be_taken_says_so_by_its_status(run: Run, tmp_path: Path) -> None:
    run("new", "--template", "simple")
    file = sheet(tmp_path / "d.csv", "title,stage\nShelves,No such stage\n")
    status, _out, err = run("import", file, "--as", "deals")
    assert status == 1
    assert "No such stage" in err


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


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (
            "sum=amount:dozens",
            "amount cannot be read as dozens. After the colon may stand: ones, thousands, ",
        ),
        ("day=created_at:ymd", "created_at cannot be read as ymd. After the colon may stand: dmy, mdy."),
        ("what=title:dmy", "Nothing is said of title after a colon: write it without :dmy."),
        (
            "size=custom:Size:choise",
            "custom:Size cannot be read as choise. After the colon may stand: ",
        ),
    ],
)
def test_an_unknown_reading_of_a_column_is_refused(run: Run, tmp_path: Path, said: str, words: str) -> None:
    run("new", "--template", "simple")
    file = sheet(tmp_path / "d.csv", "what,sum,day,size\nShelves,12,2026-01-02,L\n")
    status, out, err = run("import", file, "--as", "deals", "--map", said)
    assert (status, out) == (1, "")
    assert words in err
    assert as_json(run, "import", file, "--as", "deals", "--map", "sum=amount:thousands", "--json")["created"]
