"""The help pages: one for every screen, report and word, in three languages, with nothing from outside."""

from __future__ import annotations

import argparse
import ast
import json
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from funneldesk.cli.commands import run
from funneldesk.cli.parser import IMPORT_KINDS, WORDS, command_parser
from funneldesk.domain.results import Population, Rule
from funneldesk.importing.fields import OnDuplicate
from funneldesk.reports.catalog import CATALOG
from funneldesk.resources import resource_path
from funneldesk.services.funnel_templates import templates
from funneldesk.text import LANGUAGES

SOURCE = Path(__file__).parent.parent / "funneldesk"
HELP = resource_path("help")
NAMES = sorted(path.stem for path in (HELP / "en").glob("*.md"))
PAGES = [(language, name) for language in LANGUAGES for name in NAMES]
BOLD = re.compile(r"\*\*([^*]+)\*\*")
LINK = re.compile(r"\[([^\]]*)\]\(([^)]*)\)")
MOST_LINES = 80


def text_of(language: str, name: str) -> str:
    return (HELP / language / f"{name}.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_percents_are_written_as_in_the_program(language: str, name: str) -> None:
    told = re.sub(r"`[^`]*`", "", text_of(language, name))
    wrong = r"\d[^\S\u00a0]?%" if language == "ru" else r"\d\s%"
    assert not re.findall(wrong, told)


def headings(text: str) -> list[int]:
    return [len(line) - len(line.lstrip("#")) for line in text.splitlines() if line.startswith("#")]


def tables(text: str) -> list[tuple[int, int]]:
    """(rows, columns) of each table."""
    found: list[tuple[int, int]] = []
    before = ""
    for line in text.splitlines():
        if line.startswith("|"):
            columns = line.count("|") - 1 - len(re.findall(r"`[^`]*\|[^`]*`", line))
            rows = found[-1][0] + 1 if before.startswith("|") else 1
            found = [*(found[:-1] if rows > 1 else found), (rows, columns)]
        before = line
    return found


def help_pages_in_code() -> set[str]:
    """Every constant that a class assigns to `help_page`."""
    found = set()
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                for line in node.body:
                    target = (
                        line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
                    )
                    value = getattr(line, "value", None)
                    if isinstance(target, ast.Name) and target.id == "help_page":
                        found.add(str(value.value) if isinstance(value, ast.Constant) else "?")
    return found - {""}


def test_every_screen_has_its_page_in_every_language() -> None:
    wanted = help_pages_in_code()
    assert {"board", "clients", "today", "reports"} <= wanted
    for language in LANGUAGES:
        there = {path.stem for path in (HELP / language).glob("*.md")}
        assert wanted <= there, language


def test_the_languages_have_the_same_pages() -> None:
    for language in LANGUAGES:
        assert sorted(path.stem for path in (HELP / language).glob("*.md")) == NAMES


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_begins_with_its_title_and_stays_short(language: str, name: str) -> None:
    lines = text_of(language, name).splitlines()
    assert lines[0].startswith("# ") and headings("\n".join(lines)).count(1) == 1
    assert len(lines) <= MOST_LINES


@pytest.mark.parametrize("name", NAMES)
def test_translations_have_the_headings_and_tables_of_the_english_page(name: str) -> None:
    english = text_of("en", name)
    for language in LANGUAGES:
        translated = text_of(language, name)
        assert headings(translated) == headings(english), language
        assert tables(translated) == tables(english), language


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_links_lead_to_pages_that_are_there(language: str, name: str) -> None:
    text = text_of(language, name)
    for words, target in LINK.findall(text):
        assert words and (HELP / language / target).is_file(), target
    assert "](" not in LINK.sub("", text)


@pytest.mark.parametrize(("language", "name"), PAGES)
def test_a_page_has_neither_pictures_nor_markup_nor_addresses(language: str, name: str) -> None:
    text = text_of(language, name)
    assert "![" not in text
    assert not re.search(r"</?[a-z]+[ />]", text)
    assert "://" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_names_every_page(language: str) -> None:
    named = {Path(target).stem for _words, target in LINK.findall(text_of(language, "index"))}
    assert named == set(NAMES) - {"index"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_report_has_its_page_and_stands_on_the_page_of_reports(language: str) -> None:
    overview = text_of(language, "reports")
    for name in CATALOG:
        assert (HELP / language / f"report-{name}.md").is_file(), name
        assert f"(report-{name}.md)" in overview


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_page_names_every_word_and_choice(language: str) -> None:
    text = text_of(language, "command-line")
    for word in (*WORDS, *CATALOG):
        assert f"`{word}`" in text, word
    for choice in (*IMPORT_KINDS, *OnDuplicate, *Population, *Rule, *LANGUAGES):
        assert re.search(rf"[ |]{re.escape(str(choice))}[|`]", text), choice


def options(parser: argparse.ArgumentParser) -> set[str]:
    """The long options of a parser and of its words."""
    found = set()
    for action in parser._actions:
        found |= {name for name in action.option_strings if name.startswith("--")}
        if isinstance(action, argparse._SubParsersAction):
            for word in action.choices.values():
                found |= options(word)
    return found - {"--version", "--output"}  # the page says -o


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_command_line_page_names_every_option(language: str) -> None:
    text = text_of(language, "command-line")
    missing = {option for option in options(command_parser()) if not re.search(rf"{option}\b", text)}
    assert not missing


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_funnels_names_every_template_with_its_stages(language: str) -> None:
    text = text_of(language, "funnels")
    for template in templates(language):
        assert f"| {template.name} | {len(template.stages)} | {template.key} |" in text


def plain(words: str) -> str:
    """Words as they are compared: no closing colon or dots, one kind of space, small letters."""
    return words.replace("\u00a0", " ").replace("\u202f", " ").rstrip(":…. ").strip().lower()


def window_words(language: str) -> dict[str, set[str]]:
    """English words of the window -> what they are called in a language (a word may have two senses)."""
    path = resource_path("i18n", language, "LC_MESSAGES", "funneldesk.po")
    with path.open("rb") as file:
        catalogue = read_po(file, locale=language)
    found: dict[str, set[str]] = {}
    for message in catalogue:
        if isinstance(message.id, str) and message.id and message.string:
            found.setdefault(plain(message.id), set()).add(plain(str(message.string)))
    return found


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_what_a_page_tells_to_press_is_what_the_window_says(language: str) -> None:
    words = window_words(language)
    missing = []
    for name in NAMES:
        page = plain(text_of(language, name))
        for label in {plain(bold) for bold in BOLD.findall(text_of("en", name))} & set(words):
            if not any(said in page for said in words[label]):
                missing.append((name, label, sorted(words[label])))
    assert not missing


# Four deals and their moves, as the page "reports" tells them.
DEALS = "id,stage\n1,A\n2,A\n3,B\n4,A\n"
MOVES = """deal,at,to_stage
1,2026-01-01,A
1,2026-01-02,B
1,2026-01-03,C
1,2026-01-04,Won
2,2026-01-01,A
2,2026-01-02,C
3,2026-01-01,B
3,2026-01-02,Lost
4,2026-01-01,A
4,2026-01-02,B
4,2026-01-03,A
"""


def test_the_worked_table_of_rules_is_what_the_program_counts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def do(*words: str) -> None:
        assert run(["--db", str(tmp_path / "x.funneldesk"), *words], lambda *_: None) == 0

    (tmp_path / "deals.csv").write_text(DEALS)
    (tmp_path / "moves.csv").write_text(MOVES)
    do("new")
    do("import", str(tmp_path / "deals.csv"), "--as", "deals", "--map", "id=external_id", "--stages", "A,B,C")
    do("import", str(tmp_path / "moves.csv"), "--as", "stage-history")
    counted = []
    for rule in Rule:
        capsys.readouterr()
        do("report", "stage-funnel", "--rule", str(rule), "--format", "json")
        counted.append(
            (str(rule), tuple(row["count"] for row in json.loads(capsys.readouterr().out)["rows"]))
        )
    order = ["current", "visited", "reached", "reached_bitrix", "strict"]
    expected = [dict(counted)[rule] for rule in order]
    for language in LANGUAGES:
        lines = [
            line for line in text_of(language, "reports").splitlines() if re.match(r"\| [^|]+ \| \d \|", line)
        ]
        assert [tuple(int(cell) for cell in line.split("|")[2:5]) for line in lines] == expected, language
