"""A working day in the real window: every click, key and drag goes through an X server.

In the morning there is a base with a team, a questionnaire and two cards of one client.  A list is imported,
leads become deals, calls are planned and done, deals are won and lost, the doubles merged, a portfolio
handed over.  Then all of it is undone by Ctrl+Z, and done again by Ctrl+Shift+Z.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from funneldesk.domain.questions import QuestionKind
from funneldesk.paths import log_dir, settings_file
from funneldesk.services import bases, clients, funnels, questionnaire, team
from funneldesk.settings import Settings
from tests.e2e.person import Person, lacking, screen

pytestmark = pytest.mark.skipif(bool(lacking()), reason=lacking())

LIST = """Lead;Company;Person;Phone;E-mail
Racks for a cold store;North Fish;Ann Lee;+48 22 000 11 01;lee@northfish.example
Shelves for an archive;Paper House;Tom Reed;+48 22 000 11 02;reed@paperhouse.example
Ramp for a warehouse;Quick Cargo;Eva Stone;+48 22 000 11 03;stone@quickcargo.example
Cabinets;Green Pharmacy;Ian Moss;+48 22 000 11 04;moss@greenpharmacy.example
"""
FIRST, SECOND, THIRD = "Racks for a cold store", "Shelves for an archive", "Ramp for a warehouse"
STAGES = ("Prospect identified", "Client qualified", "Offer presented", "Terms agreed")


@pytest.fixture
def morning(tmp_path: Path) -> Path:
    """The base as it is in the morning; Ann sits at this computer."""
    path = tmp_path / "day.funneldesk"
    with bases.new_base(path, template="general", language="en", currency="EUR", zone="UTC") as db:
        team.add_manager(db, "Ann")
        team.add_manager(db, "Bob")
        questionnaire.put_question(db, "Is there a budget?", QuestionKind.YES_NO, points=5)
        questionnaire.put_question(db, "How soon?", QuestionKind.CHOICE, options=(("Now", 5), ("Later", 1)))
        funnels.update_stage(db, 3, required='["amount"]')
        phone = [("phone", "+48 22 000 12 34")]
        clients.create_company(db, name="Acme Ltd", contacts=phone, manager_id=1)
        clients.create_company(db, name="ACME", contacts=phone, manager_id=1, city="Gdynia")
    settings = Settings(settings_file(), language="en", me={str(path): 1}, theme="light")
    settings.save()
    return path


@pytest.fixture
def ann(morning: Path, tmp_path: Path) -> Iterator[Person]:
    """Ann before the window."""
    with screen() as display:
        person = Person(display, morning, tmp_path / "said.txt")
        try:
            yield person
        finally:
            person.end()


def test_a_day_is_done_undone_and_done_again(ann: Person, tmp_path: Path) -> None:
    morning, first = ann.ask("content"), ann.state()["undo"]
    import_the_list(ann, tmp_path)
    for title, answers in ((FIRST, ("Yes", "Now")), (SECOND, ("Yes", "Later")), (THIRD, ("No", "Now"))):
        qualify(ann, title, answers)
        make_a_deal(ann)
        plan_a_call(ann, title)
    do_the_calls(ann)
    win_one_and_lose_one(ann)
    merge_the_doubles(ann)
    hand_over(ann)
    evening = ann.ask("content")
    steps = 0
    while ann.state()["undo"] != first:
        with ann.change():
            ann.press("ctrl+z")
        steps += 1
    assert ann.ask("content") == morning
    for _step in range(steps):
        with ann.change():
            ann.press("ctrl+shift+z")
    assert ann.state()["redo"] is None
    assert ann.ask("content") == evening
    assert (
        steps == 24
    )  # each thing done is one step: an import, four for each lead, a call, a drag, a merge...
    ann.leave()
    assert ann.said() == ""
    logged = "".join(path.read_text(encoding="utf-8") for path in log_dir().glob("*.log*"))
    assert "WARNING" not in logged and "ERROR" not in logged, logged


def import_the_list(ann: Person, folder: Path) -> None:
    """By the wizard, from the dialog of files to the button that imports."""
    file = folder / "requests.csv"
    file.write_text(LIST, encoding="utf-8")
    ann.press("ctrl+i")
    ann.click("Choose a file…")
    ann.until(lambda: ann.state()["front"] == "Import a spreadsheet", "the dialog of files")
    ann.write(str(file))
    ann.press("Return")
    ann.see("Continue to the columns")
    ann.click("Leads")
    ann.click("Continue to the columns")
    ann.click("Check 4 rows")
    ann.click("Import 4 rows")
    ann.click("Show leads")
    ann.line(THIRD)


def qualify(ann: Person, title: str, answers: tuple[str, str]) -> None:
    """The questionnaire in the dialog of the lead, then the button."""
    ann.press("ctrl+4")
    ann.click(ann.line(title), times=2)
    for question, answer in zip(("Is there a budget?", "How soon?"), answers, strict=True):
        ann.choose(question, answer)
    with ann.change():
        ann.click("Save")
    ann.click(ann.line(title))
    with ann.change():
        ann.click("Qualify")


def make_a_deal(ann: Person) -> None:
    """Client and deal of the lead; the card of the deal opens."""
    with ann.change():
        ann.click("Make a deal…")
        ann.until(lambda: ann.state()["front"] == "Make a deal", "the dialog of the deal")
        ann.see("A new client is made.")
        ann.press("Return")
    ann.until(lambda: ann.state()["card"], "the card of the deal")


def plan_a_call(ann: Person, title: str) -> None:
    """On the card, for today."""
    with ann.change():
        ann.click("Plan")
        ann.click("Call")
        ann.choose("Tomorrow*", "Today")
        ann.write(f"Ask about {title}")
        ann.press("Return")


def do_the_calls(ann: Person) -> None:
    """On Today: R asks what came of a call, a space says that it is done; nobody answers the third."""
    ann.press("ctrl+1")
    for client, keys, words in (
        ("North Fish", "r", "Wants an offer"), ("Paper House", "space", ""), ("Quick Cargo", "r", ""),
    ):  # fmt: skip
        ann.see(f"{client}, Ask about*")
        row = f"DayRow {client}, Ask about"
        ann.until(partial(_tabbed, ann, row), row)
        with ann.change():
            ann.press(keys)
            if keys == "r":
                ann.until(lambda: ann.state()["front"] == "What came of it?", "the form of the result")
                if words:
                    ann.write(words)
                else:
                    ann.click("No answer")  # plans the next call
                ann.press("Return")


def _tabbed(ann: Person, wanted: str) -> bool:
    if str(ann.state()["focus"]).startswith(wanted):
        return True
    ann.press("Tab")
    return False


def win_one_and_lose_one(ann: Person) -> None:
    """By dragging; the third stage asks the amount at the drop."""
    ann.press("ctrl+2")
    drag_to(ann, FIRST, STAGES[1])
    drag_to(ann, FIRST, STAGES[2], amount="12000")
    drag_to(ann, FIRST, STAGES[3])
    with ann.change():
        ann.drag(ann.card(FIRST), lambda: ann.zone("Won*"))
        ann.until(lambda: ann.state()["front"] == "Deal won", "the question how much and when")
        ann.press("Return")
    ann.until(lambda: FIRST not in str(ann.state()["board"]), "the board without the deal won")
    drag_to(ann, SECOND, STAGES[2], amount="700")
    with ann.change():
        ann.drag(ann.card(SECOND), lambda: ann.zone("Lost"))
        ann.until(lambda: ann.state()["front"] == "Deal lost", "the question why")
        ann.click(ann.line("*", name="Reason"))
        ann.click("Comment")
        ann.write("Bought from a neighbour")
        ann.click("Mark as lost")
    ann.until(lambda: SECOND not in str(ann.state()["board"]), "the board without the deal lost")


def drag_to(ann: Person, title: str, stage: str, amount: str = "") -> None:
    """A card to another stage, which may ask the amount."""
    with ann.change():
        ann.drag(ann.card(title), lambda: ann.column(stage))
        if amount:
            ann.until(lambda: ann.state()["front"] == stage, "the question of the amount")
            ann.write(amount)
            ann.press("Return")
    ann.until(lambda: title in ann.state()["board"][stage], f"{title} in {stage}")


def merge_the_doubles(ann: Person) -> None:
    """The two cards of Acme, found by the palette of commands."""
    command(ann, "Find doubles")
    with ann.change():
        ann.click("Merge 2 cards")
    ann.see("No doubles")


def hand_over(ann: Person) -> None:
    """All that Ann has goes to Bob."""
    command(ann, "Portfolio transfer")
    ann.choose("Give from", "Ann")
    ann.click("Managers*")
    ann.click(ann.line("Bob"))
    ann.press("Escape")
    ann.see("Managers: Bob")
    with ann.change():
        ann.click("Give")
    ann.see("Nothing fits these conditions.")


def command(ann: Person, words: str) -> None:
    """By the palette."""
    ann.press("ctrl+shift+p")
    ann.until(lambda: ann.state()["popup"], "the palette")
    ann.write(words)
    ann.line(f"*{words}*")
    ann.press("Return")
    ann.until(lambda: not ann.state()["popup"], "the palette closed")
