"""Builds the window behind its first frame, a little in each turn of the event loop."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

if TYPE_CHECKING:
    from funneldesk.ui.context import AppContext
    from funneldesk.ui.first_frame import FirstFrame
    from funneldesk.ui.main_window import MainWindow
    from funneldesk.ui.shell import HostCommands

# What the window and the board need, in an order in which each brings only a little with it.
LATER = (
    "html",
    "funneldesk.ui.stylesheet",
    "funneldesk.ui.actions",
    "funneldesk.ui.widgets.buttons",
    "funneldesk.ui.shell_actions",
    "funneldesk.ui.global_search",
    "funneldesk.ui.rail",
    "funneldesk.ui.side_panel",
    "funneldesk.ui.status_bar",
    "funneldesk.ui.top_bar",
    "funneldesk.ui.widgets.toast",
    "funneldesk.ui.board.model",
    "funneldesk.ui.board.card_delegate",
    "funneldesk.ui.board.card_list",
    "funneldesk.ui.board.column",
    "funneldesk.ui.board.header",
    "funneldesk.ui.board.page",
)


def load_modules() -> Iterator[None]:
    """Load what the window needs, module by module."""
    for name in LATER:
        importlib.import_module(name)
        yield
    QScrollArea().viewport()  # PySide6 makes the classes for it at its first use
    yield


def build_behind(
    frame: FirstFrame,
    window: MainWindow,
    prepare: Callable[[], AppContext],
    commands: Callable[[], HostCommands],
    begin: Callable[[MainWindow], None],
    done: Callable[[], None],
) -> Iterator[None]:
    """The real window behind its first frame, in steps short enough to answer in between."""
    from funneldesk.ui.screens import make_screens
    from funneldesk.ui.wiring import shell_services

    frame.draw_icons()
    yield
    context = prepare()
    yield
    yield from load_modules()
    yield from window.build(context, make_screens(), shell_services(), commands())
    begin(window)
    start_clocks(context, window)
    yield
    yield from warm(window)
    events = frame.kept
    window.take_over()
    yield
    yield  # painted: opening the base in a thread would hold that up
    replay(events, window)
    from funneldesk.ui.today.bell import install

    yield
    install(window)
    done()


def start_clocks(context: AppContext, window: MainWindow) -> None:
    """Let the timed rules act and the search index be filled while the window lives."""
    from funneldesk.ui.rule_clock import RuleClock
    from funneldesk.ui.search_filler import SearchFiller

    RuleClock(context, window)
    SearchFiller(context, window)


def warm(window: MainWindow) -> Iterator[None]:
    """Lay out, dress and draw the hidden parts one by one: at once they would take too long."""
    from funneldesk.ui.board.page import BoardPage

    parts: list[QWidget] = [window.rail, window.top, window.status]
    page = window.current_page()
    if isinstance(page, BoardPage):
        parts += [page.header, *page.area.columns]
    for part in parts:
        for child in part.findChildren(QWidget):
            child.ensurePolished()
        part.grab()
        yield


def in_steps(steps: Iterator[None], owner: QObject) -> None:
    """Go through `steps`, one in each turn of the event loop, as long as `owner` lives."""

    def go() -> None:
        if shiboken6.isValid(owner):
            for _step in steps:
                QTimer.singleShot(0, go)
                return

    QTimer.singleShot(0, go)


def replay(events: Sequence[QEvent], window: MainWindow) -> None:
    """Give a window the keys and clicks that came before it was built."""
    handle = window.windowHandle()
    for event in events:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            keys = QKeySequence(event.keyCombination())
            actions = [entry.action for entry in window.actions_.entries()]
            meant = next((a for a in actions if a.isEnabled() and keys in a.shortcuts()), None)
            if meant is not None:
                meant.trigger()
                continue
        QApplication.sendEvent(handle, event)
