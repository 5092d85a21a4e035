from __future__ import annotations

import gc
import threading
import time
import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt, QTimer
from PySide6.QtGui import QEnterEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from funneldesk.domain.change import Change, Edit, Label, Op
from funneldesk.domain.lead import OFF_KEY
from funneldesk.errors import UserError
from funneldesk.services import bases, clients, leads, reporting, team
from funneldesk.store.database import Database
from funneldesk.ui.global_search import Hit
from funneldesk.ui.loading import ALONE
from funneldesk.ui.main_window import MainWindow
from funneldesk.ui.palette import Palette
from funneldesk.ui.widgets.toast import HELD_MS, STAYS_MS
from tests.ui.shell_kit import Called, drop, file_named, make_context, make_window, page_of

CHANGE = Change(1, 0, "me", Label("manager.created"))


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general") as made:
        yield made


@pytest.fixture
def called() -> Called:
    return Called()


@pytest.fixture
def window(qtbot: QtBot, db: Database, called: Called) -> MainWindow:
    made = make_window(
        make_context(db), called=called, search=lambda _db, _text, _limit: [Hit("company", 5, "<b>Delta</b>")]
    )
    qtbot.addWidget(made)
    made.show_page("board")
    made.show()
    made.activateWindow()
    qtbot.waitExposed(made)
    return made


def test_screens_are_made_when_first_shown(window: MainWindow) -> None:
    assert list(window._pages) == ["board"]
    window.rail.button("clients").click()
    assert window.current_key() == "clients"
    assert window.rail.button("clients").isChecked()
    assert "clients" in window.windowTitle()


def test_a_screen_waits_while_another_thread_loads_classes_of_qt(window: MainWindow) -> None:
    loading, loaded = threading.Event(), []

    def load() -> None:
        with ALONE:
            loading.set()
            time.sleep(0.1)
            loaded.append("page" not in made)

    made: list[str] = []
    other = threading.Thread(target=load)
    other.start()
    loading.wait()
    window.show_page("clients")
    made.append("page")
    other.join()
    assert loaded == [True]


def test_ctrl_and_a_digit_switch_screens(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "clients"
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.current_key() == "today"


def test_a_card_opens_at_the_right_and_esc_closes_it(window: MainWindow, qtbot: QtBot) -> None:
    window.open_card("deal", 7)
    assert window.body.panel.isVisible()
    assert window.body.stack.width() < window.body.width()
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.body.panel.isVisible()
    assert window.body.stack.width() == window.body.width()


def test_in_a_narrow_window_the_card_covers_the_screen(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(800, 700)
    window.open_card("deal", 7)
    assert window.body.stack.width() == window.body.width()
    qtbot.waitUntil(lambda: window.body.panel.geometry().right() == window.body.rect().right())


def test_back_and_forward_go_through_screens_and_cards(window: MainWindow) -> None:
    window.show_page("clients")
    window.open_card("company", 5)
    window.show_page("today")
    window.go_back()
    assert (window.current_key(), window.card_open()) == ("clients", ("company", 5))
    window.go_back()
    assert (window.current_key(), window.card_open()) == ("clients", None)
    window.go_back()
    assert window.current_key() == "board"
    assert not window.actions_.get("back").isEnabled()
    window.go_forward()
    window.go_forward()
    assert window.card_open() == ("company", 5)


def test_a_change_refreshes_the_screen_in_front_and_the_others_when_they_come(window: MainWindow) -> None:
    window.show_page("clients")
    board, clients = page_of(window, "board"), page_of(window, "clients")
    board.noted.clear()
    clients.noted.clear()
    window.context.hub.changed.emit(CHANGE)
    assert clients.noted == [("refresh", CHANGE)]
    assert board.noted == []
    window.show_page("board")
    assert board.noted == [("refresh", CHANGE), "activated"]


class _Image(dict[str, int]):
    """The before-image of a record, which can be watched."""


def test_changes_are_not_kept_for_a_screen_that_stays_behind(window: MainWindow) -> None:
    board = page_of(window, "board")
    window.show_page("clients")
    board.noted.clear()
    image = _Image()
    known = weakref.ref(image)
    window.context.hub.changed.emit(Change(1, 0, "me", Label("x"), (Edit(Op.UPDATE, "deal", 1, image, {}),)))
    window.context.hub.changed.emit(CHANGE)
    page_of(window, "clients").noted.clear()
    del image
    gc.collect()
    assert known() is None
    window.show_page("board")
    assert board.noted == [("refresh", None), "activated"]


def test_undo_by_key_takes_back_the_last_change_and_names_it(
    window: MainWindow, db: Database, qtbot: QtBot
) -> None:
    window.context.tasks.write(lambda base: team.add_manager(base, "Anna Nowak"))
    assert "Anna Nowak" in window.actions_.get("undo").text()
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "Anna Nowak" in window.toast.text()
    assert "Anna Nowak" in window.actions_.get("redo").text()
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert "Anna Nowak" in window.actions_.get("undo").text()


def test_the_toast_takes_the_change_back(window: MainWindow) -> None:
    undone: list[int] = []
    window.context.toast("Deal moved", lambda: undone.append(1))
    assert window.toast.isVisible()
    window.toast.press()
    assert undone == [1]
    assert not window.toast.isVisible()


def test_a_toast_under_a_resting_mouse_leaves_too(window: MainWindow) -> None:
    toast = window.toast
    toast.show_text("28 reminders are waiting", print, action_text="Show")
    QApplication.sendEvent(toast, QEnterEvent(QPointF(), QPointF(), QPointF()))
    timer = toast.findChild(QTimer)
    assert timer is not None and (timer.isActive(), timer.interval()) == (True, HELD_MS)
    QApplication.sendEvent(toast, QEvent(QEvent.Type.Leave))
    assert (timer.isActive(), timer.interval()) == (True, STAYS_MS // 2)


def test_a_toast_never_takes_back_another_change_than_its_own(window: MainWindow, db: Database) -> None:
    tasks = window.context.tasks
    tasks.write(lambda base: team.add_manager(base, "Anna Nowak"), window.context.tell)
    tasks.write(lambda base: team.add_manager(base, "Jan Lis"))  # said by nobody
    window.toast.press()
    assert "Other changes" in window.toast.text()
    assert {m.name for m in reporting.choices(db).managers} >= {"Anna Nowak", "Jan Lis"}
    tasks.write(lambda base: team.add_manager(base, "Ewa Zych"), window.context.tell)
    window.toast.press()
    assert "Ewa Zych" in window.toast.text()
    assert "Ewa Zych" not in {m.name for m in reporting.choices(db).managers}


def test_closing_during_an_import_asks_and_can_be_thought_better_of(
    qtbot: QtBot, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(make_context(db, synchronous=False))
    qtbot.addWidget(window)
    window.show()
    tasks, gate = window.context.tasks, threading.Event()
    job = tasks.run(lambda _db, _progress, _cancelled: gate.wait(5), writes=True)
    answers: list[str] = ["Let it finish", "Stop it and leave"]

    def answer(box: QMessageBox) -> int:
        wanted = answers.pop(0)
        next(button for button in box.buttons() if button.text() == wanted).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert not window.close()
    assert window.isVisible()
    assert window.close()
    gate.set()
    tasks.stop()
    assert job.cancelled()


def test_a_key_works_as_soon_as_its_action_can_be_done(window: MainWindow) -> None:
    chosen: list[str] = []
    done: list[int] = []
    window.actions_.add(
        "x", "X", lambda: done.append(1), shortcuts=("Ctrl+Shift+X",), enabled=lambda: bool(chosen)
    )
    window.actions_.refresh()
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(window, Qt.Key.Key_X, both)
    assert done == []
    chosen.append("a card")
    QTest.keyClick(window, Qt.Key.Key_X, both)
    assert done == [1]


def test_what_can_be_mended_is_said_in_words(window: MainWindow) -> None:
    window.context.tasks.user_error.emit(UserError("name.empty"))
    assert window.toast.text() == "Give it a name."


def test_searching_everything_opens_what_is_chosen(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert window.search.hasFocus()
    QTest.keyClicks(window.search, "delta")
    qtbot.waitUntil(lambda: (found := window.search.results()) is not None and found.count() == 1)
    QTest.keyClick(window.search, Qt.Key.Key_Return)
    assert window.card_open() == ("company", 5)


def test_find_goes_into_the_search_field_of_the_screen(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert page_of(window, "board").field.hasFocus()


def test_a_dropped_spreadsheet_goes_to_the_import(window: MainWindow, tmp_path: Path) -> None:
    path = file_named(tmp_path, "Клиенты 2026.XLSX")
    drop(window, path)
    assert window.current_key() == "import"
    assert {"path": path} in page_of(window, "import").noted


def test_a_dropped_base_is_opened(window: MainWindow, called: Called, tmp_path: Path) -> None:
    path = file_named(tmp_path, "other.funneldesk")
    drop(window, path)
    assert called.log == [("open_base", path)]


def test_other_files_are_left_alone(window: MainWindow, called: Called, tmp_path: Path) -> None:
    drop(window, file_named(tmp_path, "picture.png"))
    assert called.log == []
    assert window.current_key() == "board"


def open_palette_of(window: MainWindow) -> Palette:
    tasks, search = window.context.tasks, window.services.search
    return Palette(window.context.theme, window.actions_, window, tasks, search)


def test_the_palette_lists_records_under_the_commands_and_opens_one(qtbot: QtBot, tmp_path: Path) -> None:
    with bases.new_base(tmp_path / "p.funneldesk", template="general") as base:
        clients.create_company(base, name="New <b>Age</b>")
        leads.create(base, title="New roof")
        window = make_window(make_context(base))
        qtbot.addWidget(window)
        palette = open_palette_of(window)
        qtbot.addWidget(palette)
        opened: list[tuple[str, int]] = []
        palette.opened.connect(lambda kind, record_id: opened.append((kind, record_id)))
        palette.open_over(window)
        QTest.keyClicks(palette.field, "new")
        commands = palette.list.count()
        palette.look()
        lines = [palette.list.item(row).text() for row in range(palette.list.count())]
        assert lines[commands:] == ["Clients, deals and leads", "New <b>Age</b>", "New roof"]
        QTest.keyClick(palette.field, Qt.Key.Key_Up)
        QTest.keyClick(palette.field, Qt.Key.Key_Up)
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        assert opened == [("company", 1)], "the last two lines are the records, their heading is passed over"
        base.set_setting(OFF_KEY, True)
        assert [hit.kind for hit in window.services.search(base, "new", 9)] == ["company"]


def test_the_palette_finds_a_command_and_runs_it(window: MainWindow, qtbot: QtBot) -> None:
    palette = open_palette_of(window)
    qtbot.addWidget(palette)
    palette.open_over(window)
    QTest.keyClicks(palette.field, "client")
    assert palette.list.count() == 1
    QTest.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current_key() == "clients"


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    seen: dict[str, str] = {}
    for entry in window.actions_.entries():
        for keys in entry.action.shortcuts():
            name = keys.toString(QKeySequence.SequenceFormat.PortableText)
            assert name not in seen, (name, seen.get(name), entry.id)
            assert "Ctrl+Alt" not in name
            seen[name] = entry.id


def test_the_status_bar_counts_and_follows_a_job(window: MainWindow, qtbot: QtBot) -> None:
    page_of(window, "board").selection_changed.emit(3, "410 000 zł")
    assert window.status.selection_text() == "3 selected · 410 000 zł"
    window.show_page("today")
    assert window.status.selection_text() == ""


def test_leads_are_switched_off_with_their_screen_key_and_report(db: Database, qtbot: QtBot) -> None:
    from funneldesk.domain.lead import OFF_KEY
    from funneldesk.ui.main_window import complete_window
    from funneldesk.ui.screens import make_screens
    from funneldesk.ui.wiring import shell_services
    from tests.ui.shell_kit import Called, make_context

    for off in (False, True):
        db.set_setting(OFF_KEY, off)
        context = make_context(db)
        window = complete_window(context, make_screens(), shell_services(), Called().commands())
        qtbot.addWidget(window)
        assert window.rail.button("leads").isHidden() is off
        assert window.actions_.get("go-leads").isEnabled() is not off
        window.show_page("reports")
        names = window.current_page().list.names()  # type: ignore[union-attr]
        assert ("reaction" in names) is not off
