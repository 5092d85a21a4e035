"""Columns of choices on the command line: asked, answered by an option, told, taken back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.cli.kit import Run, as_json

FIRST = "Company,Game\n" + "".join(
    f"Delta {n},{v}\n" for n, v in enumerate(["home", "away; home", "away"] * 3)
)
SECOND = "Company,Game\nA1,AWAY\nB1,hom\nC1,home; draw\nD1,draw\nE1,\n"


@pytest.fixture
def second(run: Run, tmp_path: Path) -> tuple[str, ...]:
    """A base with the field, and the words that import the second file."""
    run("new")
    first, then = tmp_path / "a.csv", tmp_path / "b.csv"
    first.write_text(FIRST, encoding="utf-8")
    then.write_text(SECOND, encoding="utf-8")
    status, _out, err = run("import", str(first), "--as", "clients", "--map", "Game=custom:Game")
    assert status == 0
    assert "New field Game: Several of a list (home, away)" in err
    return ("import", str(then), "--as", "clients")


def games(run: Run, tmp_path: Path) -> dict[str, str]:
    run("export", "clients", "-o", str(tmp_path / "out.csv"))
    rows = csv.DictReader((tmp_path / "out.csv").read_text(encoding="utf-8-sig").splitlines())
    return {row["name"]: row["Game"] for row in rows if not row["name"].startswith("Delta")}


def test_unknown_choices_are_asked_with_the_options_that_answer(run: Run, second: tuple[str, ...]) -> None:
    for words in (second, (*second, "--dry-run")):
        status, out, err = run(*words, "--json")
        assert status == 1
        (question,) = json.loads(out)["questions"]
        assert (question["about"], question["field"]) == ("unknown_option", "custom:Game")
        assert question["examples"] == {"hom": 1, "draw": 2}
        assert question["choices"] == ["home", "away"]
        assert question["like"]["hom"] == ["home"]
        assert question["option"].startswith("--value 'custom:Game:hom=home' | --unknown-options create")
        assert "hom, draw are none of its choices (home, away)" in err


@pytest.mark.parametrize(
    ("words", "rejected", "options", "values"),
    [
        (("--unknown-options", "create"), 0, ["hom", "draw"], ["away", "hom", "home; draw", "draw", ""]),
        (("--unknown-options", "empty"), 0, [], ["away", "", "home", "", ""]),
        (("--unknown-options", "reject"), 3, [], ["away", ""]),
        (("--value", "custom:Game:hom=home", "--value", "custom:Game:draw="), 0, [],
         ["away", "home", "home", "", ""]),
        (("--value", "custom:Game:hom=home", "--value", "custom:Game:draw=draw"), 0, ["draw"],
         ["away", "home", "home; draw", "draw", ""]),
    ],
)  # fmt: skip
def test_each_answer_does_what_it_says_and_is_taken_back(
    run: Run, second: tuple[str, ...], tmp_path: Path, words: tuple[str, ...], rejected: int,
    options: list[str], values: list[str],
) -> None:  # fmt: skip
    before = json.loads(run("check", "--json")[1])["content_sha256"]
    dry = as_json(run, *second, *words, "--dry-run", "--json")
    assert dry["options"] == ({"Game": options} if options else {})
    done = as_json(run, *second, *words, "--json")
    for counts in (dry, done):
        assert (counts["read"], counts["created"], counts["rejected"]) == (5, 5 - rejected, rejected)
    assert list(games(run, tmp_path).values()) == values
    run("undo")
    assert json.loads(run("check", "--json")[1])["content_sha256"] == before


def test_the_type_of_a_new_field_can_be_said_and_is_kept_with_a_mapping(run: Run, tmp_path: Path) -> None:
    run("new")
    file, kept = tmp_path / "a.csv", tmp_path / "m.json"
    file.write_text("Company,Game\nA1,home\nB1,away\n", encoding="utf-8")
    words = ("import", str(file), "--as", "clients", "--dry-run", "--json")
    assert as_json(run, *words, "--map", "Game=custom:Game")["fields"] == [
        {"name": "Game", "type": "text", "options": []}
    ]
    choice = [{"name": "Game", "type": "choice", "options": ["home", "away"]}]
    made = as_json(run, *words, "--map", "Game=custom:Game:choice", "--save-mapping", str(kept))
    assert made["fields"] == choice
    assert as_json(run, *words, "--mapping", str(kept))["fields"] == choice
