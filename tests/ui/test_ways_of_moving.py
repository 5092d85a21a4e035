"""Every way of the window to lose, to win and to move a deal ends in the one path, with all its questions.

The ways are found, not listed: every action of the registry, every line of every menu, every button of every
screen that shows deals is tried on a real window.  Whatever then writes to the history of stages must have
come through `DealMover` and `services.moving.move_one` (or be a deal that is made).
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAction, QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QMenu, QWidget
from pytestqt.qtbot import QtBot

import funneldesk.services
from funneldesk.domain.funnel import DealMode
from funneldesk.services import (
    activities,
    bases,
    clients,
    deals,
    leads,
    steps,
    team,
)
from funneldesk.services.deals import LOST, Loss, NewDeal
from funneldesk.store import moves
from funneldesk.store.database import Database
from funneldesk.ui.board import board_actions
from funneldesk.ui.board.deal_dialogs import LossDialog
from funneldesk.ui.board.model import mime_of
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.main_window import complete_window
from funneldesk.ui.palette import Palette
from funneldesk.ui.screens import make_screens
from funneldesk.ui.wiring import shell_services
from tests.ui.board.board_kit import send_drop
from tests.ui.shell_kit import Called, make_context
from tests.ui.ways_kit import DESKS, FIXED, LOST_ONE, RACKS, Step, Watched, history_top, through

BOTH_OPEN = {(RACKS, "open"), (DESKS, "open")}
BOTH_WON = {(RACKS, "won"), (DESKS, "won")}
BOTH_LOST = {(RACKS, "lost"), (DESKS, "lost")}
# what leaves the window for the system
OUTSIDE = {"logs", "open-sample", "open-base", "new-base", "quit"}
SCREENS = ("board", "deals", "again", "today", "clients", "leads")


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Deals 1 and 2 in stage 2, moved by people; 3 lost; 4 automatic, its task due today."""
    path = tmp_path / "ways.funneldesk"
    with bases.new_base(
        path, template="general", language="en", currency="EUR", zone="Europe/Warsaw"
    ) as base:
        team.add_manager(base, "Ann")
        for company, title in enumerate(("Racks", "Desks", "Gone", "Fixed"), start=1):
            clients.create_company(base, name=f"Client of {title}", manager_id=1)
            deals.create(base, NewDeal(title, company_id=company, amount=100, manager_id=1), funnel_id=1)
        deals.move(base, [RACKS, DESKS], deals.stage(2))
        deals.move(base, [LOST_ONE], LOST, loss=Loss(1, "dear"))
        steps.set_mode(base, [FIXED], DealMode.AUTOMATIC)
        with base.read() as conn:
            task = conn.exec_driver_sql("SELECT id FROM activities WHERE deal_id = 4").scalar()
        if task is not None:
            activities.put_off(base, int(task), due_at=0)
        leads.create(base, title="Call", company_name="New")
        yield base


@pytest.fixture
def seen(db: Database, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Watched]:
    """The whole window, its work done at once; no dialog of files, no browser."""
    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, staticmethod(lambda *_a, **_k: ("", "")))
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", staticmethod(lambda *_a, **_k: ([], "")))
    monkeypatch.setattr(QDesktopServices, "openUrl", staticmethod(lambda _url: True))
    written: list[Step] = []
    real = moves.append_move

    def noted(tx: Any, deal: Any, place: Any, **more: Any) -> None:
        written.append(Step(deal.id, str(place.kind), more.get("cause", "user"), through()))
        real(tx, deal, place, **more)

    for info in pkgutil.iter_modules(funneldesk.services.__path__, "funneldesk.services."):
        module = importlib.import_module(info.name)
        if getattr(module, "append_move", None) is real:
            monkeypatch.setattr(module, "append_move", noted)
    monkeypatch.setattr(moves, "append_move", noted)
    context = make_context(db)
    context.me = 1
    window = complete_window(context, make_screens(), shell_services(), Called().commands())
    qtbot.addWidget(window)
    window.show()
    yield Watched(window, db, written, history_top(db))
    context.tasks.stop()


def closed(steps_: list[Step]) -> set[tuple[int, str]]:
    return {(step.deal_id, step.kind) for step in steps_}


# -- found ways ---------------------------------------------------------------------------------


def test_every_action_of_the_window_that_moves_deals_goes_the_one_way(seen: Watched) -> None:
    for key in SCREENS:
        seen.window.show_page(key)
    moving_ones: dict[str, set[tuple[int, str]]] = {}
    for entry_id in [entry.id for entry in seen.window.actions_.entries()]:
        seen.board()
        seen.window.actions_.refresh()
        action = seen.window.actions_.get(entry_id)
        if entry_id in OUTSIDE or not action.isEnabled() or entry_id in ("undo", "redo"):
            continue
        if entry_id == "new":
            continue  # opens a menu that waits; what is in it is here too
        action.trigger()
        if found := seen.take():
            moving_ones[entry_id] = closed(found)
    both = {(RACKS, "open"), (DESKS, "open")}
    assert (
        moving_ones.items()
        >= {
            "board-left": both,
            "board-right": both,
            "board-won": {(RACKS, "won"), (DESKS, "won")},
            "board-lost": {(RACKS, "lost"), (DESKS, "lost")},
        }.items()
    )


def test_every_line_of_every_menu_that_moves_deals_goes_the_one_way(seen: Watched) -> None:
    found: dict[str, set[tuple[int, str]]] = {}
    for screen in ("board", "deals", "again", "today"):
        tried = set[str]()
        while True:
            show(seen, screen)
            lines = [line for menu in menus(seen, screen) for line in leaves(menu)]
            path, action = next(((path, act) for path, act in lines if path not in tried), ("", None))
            if action is None:
                break
            tried.add(path)
            if action.isEnabled():
                action.trigger()
                if steps_ := seen.take():
                    found[f"{screen}: {path}"] = closed(steps_)
    assert found["board: Move to stage/Offer presented"] == BOTH_OPEN
    assert found["board: Mark as won"] == BOTH_WON and found["board: Mark as lost…"] == BOTH_LOST
    assert found["deals: Mark as won"] == BOTH_WON and found["deals: Mark as lost…"] == BOTH_LOST
    assert found["deals: Move to stage/Offer presented"] == {(RACKS, "open")}, "the menu of the card"


def test_every_button_that_moves_deals_goes_the_one_way(seen: Watched) -> None:
    found: dict[str, set[tuple[int, str]]] = {}
    for screen in SCREENS:
        show(seen, screen)
        for name in [name_of(button) for button in buttons(seen)]:
            show(seen, screen)
            button = next((b for b in buttons(seen) if name_of(b) == name), None)
            if button is None:
                continue
            button.click()
            if steps_ := seen.take():
                found[f"{screen}: {name}"] = closed(steps_)
    print(sorted(found), [name_of(b) for b in buttons(seen)])
    assert found["deals: Mark won"] == {(RACKS, "won")}
    assert found["deals: Mark lost"] == {(RACKS, "lost")}
    assert found["again: Open again"] == {(LOST_ONE, "open")}
    assert found["today: Done (Space)"] == {(FIXED, "open")}


def show(seen: Watched, screen: str) -> None:
    """A screen with its deals selected, and the card of a deal beside the list of deals."""
    if screen == "board":
        seen.board()
        return
    seen.window.show_page(screen)
    page: Any = seen.window.page(screen)
    page.refresh(None)
    if screen == "again":
        page.clear()
        page.show_tab("lost")
    if screen == "today":
        page.mine.setChecked(True)
        page.show_view("list")
    if screen in ("leads", "clients"):
        page.table.selectAll()
    if screen == "deals":
        flags = QItemSelectionModel.SelectionFlag
        for row in (1, 2):  # the newest stands at the top: the automatic deal
            page.table.selectionModel().select(page.model.index(row, 0), flags.Select | flags.Rows)
        seen.window.open_card("deal", RACKS)
    QApplication.processEvents()  # what was made anew is shown by then


def menus(seen: Watched, screen: str) -> Iterator[QMenu]:
    """The menus that the widgets in front would show."""
    if screen == "board":
        yield board_actions.context_menu(seen.board(), seen.window.actions_)
    for widget in seen.window.findChildren(QWidget):
        if not widget.isVisible():
            continue
        for name in ("make_menu", "selection_menu"):
            make = getattr(widget, name, None)
            if make is not None and not inspect.signature(make).parameters:
                yield make()


def leaves(menu: QMenu, path: str = "") -> Iterator[tuple[str, QAction]]:
    """The lines of a menu and of those inside it.  (`QAction.menu` would let PySide delete what it gives.)"""
    inner = {child.title(): child for child in menu.findChildren(QMenu) if child.parent() is menu}
    for action in menu.actions():
        words = f"{path}{action.text().split(chr(9))[0].replace('&', '')}"
        if action.text() in inner:
            inner[action.text()].aboutToShow.emit()
            yield from leaves(inner[action.text()], f"{words}/")
        elif not action.isSeparator():
            yield words, action


def buttons(seen: Watched) -> list[QAbstractButton]:
    """What can be pressed on the screen in front and on the card; not what opens a menu, and waits."""
    page, card = seen.window.current_page(), seen.window.body.panel.card()
    places = [place for place in (page, card) if place is not None]
    found = [button for place in places for button in place.findChildren(QAbstractButton)]
    return [
        b for b in found if b.isVisible() and b.isEnabled() and getattr(b, "menu", lambda: None)() is None
    ]


def name_of(button: QAbstractButton) -> str:
    return button.text().replace("&", "") or button.accessibleName() or button.toolTip()


# -- named ways ---------------------------------------------------------------------------------


def drop(where: QWidget) -> None:
    assert send_drop(where, QPoint(20, 5), mime_of([RACKS, DESKS]))


def on_board(use: Callable[[BoardPage], object]) -> Callable[[Watched], object]:
    return lambda seen: use(seen.board())


def by_palette(words: str) -> Callable[[Watched], None]:
    def go(seen: Watched) -> None:
        seen.board()
        window = seen.window
        palette = Palette(window.context.theme, window.actions_, window, window.context.tasks,
                          window.services.search)  # fmt: skip
        palette.open_over(window)
        palette.field.setText(words)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)

    return go


def by_keys(key: Qt.Key) -> Callable[[Watched], None]:
    def go(seen: Watched) -> None:
        seen.board()
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(QApplication.focusWidget() or seen.window, key, both)

    return go


def by_strip(seen: Watched) -> None:
    seen.window.show_page("deals")
    seen.window.open_card("deal", RACKS)
    card: Any = seen.window.body.panel.card()
    QTest.mouseClick(card.strip, Qt.MouseButton.LeftButton, pos=card.strip.area(2).center())


def by_the_calendar(seen: Watched) -> None:
    seen.window.show_page("today", view="month")
    today: Any = seen.window.page("today")
    lines = [line for part in today.parts for row in part.rows if (line := row.line).deal_id == FIXED]
    today.calendar()._doing.done(lines[0])


WAYS: dict[str, tuple[Callable[[Watched], object], set[tuple[int, str]]]] = {
    "drag to a stage": (on_board(lambda page: drop(page.area.lists()[2].viewport())), BOTH_OPEN),
    "drag to Won": (on_board(lambda page: drop(page.strip.won)), BOTH_WON),
    "drag to Lost": (on_board(lambda page: drop(page.strip.lost)), BOTH_LOST),
    "keys of the board": (by_keys(Qt.Key.Key_Right), BOTH_OPEN),
    "palette: stage": (by_palette("To the next stage"), BOTH_OPEN),
    "palette: won": (by_palette("Mark as won"), BOTH_WON),
    "palette: lost": (by_palette("Mark as lost"), BOTH_LOST),
    "the stages of a card": (by_strip, {(RACKS, "open")}),
    "a task done in the calendar": (by_the_calendar, {(FIXED, "open")}),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_way_that_people_know_goes_the_one_way(seen: Watched, way: str) -> None:
    go, moved = WAYS[way]
    go(seen)
    assert closed(seen.take()) == moved


def test_a_loss_without_an_answer_leaves_the_deal_where_it_is(seen: Watched) -> None:
    page = seen.board()
    drop(page.strip.lost)
    dialog = page.mover.dialog
    assert isinstance(dialog, LossDialog)
    dialog.accept()
    assert dialog.isVisible(), "a reason is asked"
    dialog.reject()
    assert seen.take() == []
