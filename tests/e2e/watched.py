"""The program with its window, in a process of its own, which tells on a pipe where things are.

A line of JSON comes in (what is asked), a line goes out (the answer).  It only looks: all that is done
comes from the mouse and the keys of the display.  `python -m tests.e2e.watched BASE`
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from typing import Any

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QWidget,
)

from funneldesk import app
from funneldesk.services import bases
from funneldesk.store import journal
from funneldesk.ui.board.card_list import CardList
from funneldesk.ui.board.drop_zones import DropZone
from funneldesk.ui.main_window import MainWindow

Spot = list[int]


class Watcher(QObject):
    """Answers one question at a time, in the window's thread."""

    asked = Signal(dict)

    def __init__(self, out: int) -> None:
        super().__init__()
        self._out = out
        self.asked.connect(self._answer, Qt.ConnectionType.QueuedConnection)
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in sys.stdin:
            self.asked.emit(json.loads(line))

    def _answer(self, question: dict[str, Any]) -> None:
        what = question.pop("what")
        answer = QUESTIONS[what](**question)
        os.write(self._out, (json.dumps(answer) + "\n").encode())


def window() -> MainWindow | None:
    """The window of the program, once it is built."""
    found = (w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())
    return next((w for w in found if w.built), None)


def front() -> QWidget | None:
    """What lies over the rest: an open list or menu, a dialog, else the window."""
    return QApplication.activePopupWidget() or QApplication.activeModalWidget() or window()


def names_of(widget: QWidget) -> Iterator[str]:
    """By what words a person, or a screen reader, knows a widget."""
    yield widget.accessibleName()
    if isinstance(widget, QAbstractButton | QLabel):
        yield widget.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    if isinstance(widget, QLineEdit):
        yield widget.placeholderText()
    if isinstance(widget, QAbstractButton):
        yield widget.toolTip()


def middle(widget: QWidget) -> Spot | None:
    """The middle of what is seen of a widget, on the screen."""
    seen = widget.visibleRegion().boundingRect()
    if not widget.isVisible() or seen.isEmpty():
        return None
    where = widget.mapToGlobal(seen.center())
    return [where.x(), where.y()]


def spot(name: str) -> Spot | None:
    """Where a widget of that name (with `*` for anything) is in front: on the card, the screen, around it."""
    over = front()
    if isinstance(over, QMenu):
        for action in over.actions():
            if fnmatchcase(action.text().split("\t")[0].replace("&", ""), name) and action.isEnabled():
                at = over.mapToGlobal(over.actionGeometry(action).center())
                return [at.x(), at.y()]
    for place in (over.body.panel, over.current_page(), over) if isinstance(over, MainWindow) else (over,):
        found = place.findChildren(QWidget) if place is not None else []
        for widget in sorted(found, key=lambda one: isinstance(one, QLabel)):  # a field before its label
            if widget.isEnabled() and any(fnmatchcase(words, name) for words in names_of(widget)):
                where = middle(widget)
                if where is not None:
                    return where
    return None


def views() -> Iterator[QAbstractItemView]:
    """The lists and tables in front."""
    over = front()
    for view in over.findChildren(QAbstractItemView) if over is not None else ():
        if view.isVisible():
            yield view


def item(text: str, name: str = "*", column: int = -1) -> Spot | None:
    """Where a line with that text is in a list or table of that name; `column` = in that column of it."""
    for view in views():
        if not fnmatchcase(view.accessibleName(), name):
            continue
        model = view.model()
        for row in range(model.rowCount()):
            for place in range(1 if isinstance(view, QListView) else model.columnCount()):
                index = model.index(row, place)
                if fnmatchcase(str(index.data() or ""), text):
                    where = index if column < 0 else model.index(row, column)
                    seen = view.visualRect(where).intersected(view.viewport().rect())
                    if not seen.isEmpty():
                        at = view.viewport().mapToGlobal(seen.center())
                        return [at.x(), at.y()]
    return None


def card(title: str = "", stage: str = "", zone: str = "") -> Spot | None:
    """Where the card of a deal is, the free place of a column, or a zone to drop on."""
    main = window()
    for widget in main.findChildren(QWidget) if main is not None else ():
        if zone and isinstance(widget, DropZone) and fnmatchcase(widget.accessibleName(), zone):
            return middle(widget)
        if not isinstance(widget, CardList) or not widget.isVisible():
            continue
        if stage and widget.accessibleName() == stage:
            where = widget.viewport().mapToGlobal(
                QPoint(widget.viewport().width() // 2, widget.height() - 90)
            )
            return [where.x(), where.y()]
        for row, shown in enumerate(widget.column().cards()) if title else ():
            if shown.title == title:
                seen = widget.visualRect(widget.column().index(row))
                where = widget.viewport().mapToGlobal(seen.center())
                return [where.x(), where.y()]
    return None


def state() -> dict[str, Any]:
    """What a person sees at a glance."""
    main, over, focus = window(), front(), QApplication.focusWidget()
    if main is None:
        return {"ready": False}
    base = main.context.tasks.db
    board = {
        view.accessibleName(): [one.title for one in view.column().cards()]
        for view in main.findChildren(CardList)
        if view.isVisible()
    }
    back, forth = None, None
    if base is not None:
        with base.read() as conn:
            back, forth = journal.next_undo(conn), journal.next_redo(conn)
    return {
        "ready": base is not None,
        "page": main.current_key(),
        "front": over.windowTitle() if over is not None else "",
        "popup": QApplication.activePopupWidget() is not None,
        "window": int(over.window().winId()) if over is not None else 0,
        "focused": QApplication.focusWindow() is not None,
        "focus": f"{type(focus).__name__} {focus.accessibleName()}" if focus is not None else "",
        "toast": main.toast._label.text() if main.toast.isVisible() else "",
        "card": main.card_open(),
        "board": board,
        "undo": back,  # the entry of the journal that Ctrl+Z would take back
        "redo": forth,
        "lists": {view.accessibleName(): lines(view) for view in views()},
        "names": sorted({words for w in (over.findChildren(QWidget) if over else ()) if middle(w)
                         for words in names_of(w) if words}),
    }  # fmt: skip


def lines(view: QAbstractItemView) -> list[str]:
    """The first words of the first lines of a list or table."""
    model = view.model()
    return [str(model.index(row, 0).data()) for row in range(min(model.rowCount(), 12))]


def content() -> str:
    """The hash of the content of the base, which must be sound."""
    main = window()
    assert main is not None and main.context.tasks.db is not None
    result = bases.check(main.context.tasks.db)
    return result.content_sha256 if not result.problems else f"not sound: {result.problems}"


def picture(path: str) -> bool:
    """The screen as it is, for whoever looks why the test failed."""
    return QApplication.primaryScreen().grabWindow(0).save(path)


QUESTIONS: dict[str, Callable[..., Any]] = {
    "spot": spot, "item": item, "card": card, "state": state, "content": content, "picture": picture,
}  # fmt: skip


if __name__ == "__main__":
    answers = os.dup(1)
    os.dup2(2, 1)  # a print somewhere in the program must not be taken for an answer
    watching: list[Watcher] = []
    sys.exit(app.main(sys.argv[1:], painted=lambda: watching.append(Watcher(answers))))
