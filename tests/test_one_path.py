"""Losing, winning and moving a deal have one path in the program: who may step on it, by the source alone.

window -> `ui/board/moving.py` -> `services.deals.move` -> `services.moving.move_one` -> `store.moves`.
`tests/ui/test_ways_of_moving.py` goes every way that the window shows.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from funneldesk.services import bulk, deals
from funneldesk.store import tables as t

PACKAGE = Path(__file__).resolve().parents[1] / "funneldesk"

# function -> the only files that may name it, besides the one that has it
STEPS: dict[str, set[str]] = {
    # a rule moves, and the done task of an automatic deal does
    "move_one": {"services/automation.py", "services/steps.py"},
    # a deal is made; it leaves its stages for good or comes back to them; another program's history is read
    "append_move": {"services/moving.py", "services/deals.py", "services/steps.py", "services/imports.py"},
    "enter_funnel": {"services/other_funnel.py"},
    # a stage is removed or joined with another: all that stand in it
    "move_all": {"services/stages.py"},
}
HOMES = {"move_one": "services/moving.py"}
DOOR = "ui/board/moving.py"
MOVERS = ("funneldesk.services.deals", "funneldesk.services.moving")


@cache
def parsed() -> dict[str, ast.Module]:
    files = sorted(path for path in PACKAGE.rglob("*.py") if "_resources" not in path.parts)
    return {
        path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in files
    }


def trees(*rooms: str) -> Iterator[tuple[str, ast.Module]]:
    for name, tree in parsed().items():
        if not rooms or name.split("/")[0] in rooms:
            yield name, tree


def named(tree: ast.AST) -> set[str]:
    """Every name that is used, as a name, an attribute, or in an import."""
    found = set[str]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            found.add(node.attr)
        elif isinstance(node, ast.alias):
            found.add(node.name)
    return found


def moves_in(tree: ast.AST) -> list[int]:
    """The lines on which `move` of the services of deals is named, however the module is called here."""
    modules, lines = {"deals", "moving"}, list[int]()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module is not None:
            for alias in node.names:
                if f"{node.module}.{alias.name}" in MOVERS:
                    modules.add(alias.asname or alias.name)
                elif node.module in MOVERS and alias.name in ("move", "move_one", "*"):
                    lines.append(node.lineno)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("move", "move_one"):
            owner = node.value
            name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
            if name in modules:
                lines.append(node.lineno)
    return lines


def test_the_search_finds_a_move_under_any_name() -> None:
    for source in (
        "from funneldesk.services import deals\ndeals.move(db, ids, WON)",
        "from funneldesk.services import deals as d\nf = d.move",
        "from funneldesk.services.moving import move",
        "def go(services): services.deals.move(db)",
    ):
        assert moves_in(ast.parse(source)), source
    assert moves_in(ast.parse("self.move(1, 2)\nviews.move(db, 1, 2)")) == []


def test_only_one_module_of_the_window_moves_deals_and_the_command_line_none() -> None:
    assert {name for name, tree in trees("ui", "cli") if moves_in(tree)} == {DOOR}
    users = {name for name, tree in trees("ui", "cli") if named(tree) & STEPS.keys()}
    assert users == set(), "the window moves through services.deals"


def test_each_step_of_the_path_is_taken_from_where_it_may_be() -> None:
    for step, allowed in STEPS.items():
        home = HOMES.get(step, "store/moves.py")
        found = {name for name, tree in trees() if step in named(tree) and name != home}
        assert found == allowed, step


def test_the_columns_of_a_place_are_written_by_the_history_alone() -> None:
    """No other module puts `status`, `stage_id` and their like into a deal."""
    writers = set[str]()
    for name, tree in trees("services", "store", "importing"):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and _writes_a_place(node):
                writers.add(name)
    # repair puts a deal back into the funnel of its stages, in a base that is not sound
    assert writers == {"store/moves.py", "store/repair.py"}


def _writes_a_place(call: ast.Call) -> bool:
    if not isinstance(call.func, ast.Attribute) or not call.args:
        return False
    if call.func.attr not in ("update", "put", "bulk_update", "set_column"):
        return False
    first = call.args[0]
    of_deal = (isinstance(first, ast.Name) and first.id == "Deal") or (
        isinstance(first, ast.Constant) and first.value == "deal"
    )
    said = {word.arg for word in call.keywords} | {
        node.value for more in call.args[1:] for node in ast.walk(more) if isinstance(node, ast.Constant)
    }
    return of_deal and bool(said & deals.PLACE)


def test_no_general_way_of_changing_a_deal_reaches_its_place() -> None:
    assert set(t.COLUMNS["deal"]) >= deals.PLACE
    assert not deals.PLACE & set(bulk.COLUMNS["deal"])
