"""What a chip says of several things chosen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.ui.theme import LIGHT
from funneldesk.ui.widgets.popup_filter import LETTERS, ChoiceFilter, named

LONG = "A very long name of a source of leads"


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ([], ""),
        (["New"], "New"),
        (["New", "In work"], "New, In work"),
        (["New lead", "Qualified", "Became a deal"], "New lead, Qualified and 1 more"),
        (["Anna Kowalska-Nowakowska", "Boris Petrov", "Zoe"], "Anna Kowalska-Nowakowska and 2 more"),
        ([LONG], f"{LONG[: LETTERS - 1].rstrip()}…"),
        ([LONG, "Zoe"], f"{LONG[: LETTERS - 1].rstrip()}… and 1 more"),
    ],
)
def test_names_fit_on_a_chip(names: list[str], words: str) -> None:
    assert named(names) == words


def test_a_chip_names_what_is_chosen_and_its_tooltip_all_of_it(qtbot: QtBot) -> None:
    chip = ChoiceFilter(LIGHT, "Status", [(1, "New"), (2, "In work"), (3, "R&D <b>"), (4, LONG)])
    qtbot.addWidget(chip)
    chip.set_chosen([2, 1])
    assert chip.text() == "Status: New, In work"
    assert chip.toolTip() == ""
    chip.set_chosen([1, 2, 3, 4])
    assert chip.text() == "Status: New, In work, R&&D <b> and 1 more"
    assert chip.accessibleName() == f"Status: New, In work, R&D <b>, {LONG}"
    assert LONG in chip.toolTip() and "&lt;b&gt;" in chip.toolTip()
    chip.clear()
    assert chip.text() == "Status  ▾"
    assert chip.toolTip() == ""
