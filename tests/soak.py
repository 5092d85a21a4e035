"""An hour of random use of the real window: threads, open files, memory and widgets must not grow.

Run: python -m tests.soak [--minutes 60] [--seed 1] [--deals 300].  The program itself is started on a
sample base (offscreen unless QT_QPA_PLATFORM says otherwise) and used by keys, clicks and commands of its
registry; what a person would close is closed.  Every twentieth of the time the figures are taken after a
rest.  The first third is warming up (screens are made when first shown); the verdict compares the middle of
the second third with that of the last.

Memory is what the system counts as ours, with pages of libraries touched for the first time and what the C
library has got back but holds.  So what is in use is judged besides, by the same share: bytes of the C heap,
blocks of Python's own.  What is free but held is told, not judged.
"""

from __future__ import annotations

import argparse
import ctypes
import faulthandler
import gc
import logging
import math
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QEventLoop, Qt, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLineEdit, QWidget

from funneldesk.importing.memory import resident
from funneldesk.services import bases, demo
from funneldesk.settings import Settings
from funneldesk.store.tables import companies, deals
from funneldesk.ui import program
from funneldesk.ui.host import Host
from funneldesk.ui.main_window import MainWindow

T = TypeVar("T")

# commands that lead out of the base or of the program
LEFT_OUT = {"quit", "new-base", "open-base", "open-sample", "logs"}
# what may grow between the thirds: share of the former, and a few of them besides
MAY_GROW = {
    "memory, MB": (0.05, 0.0),
    "C heap in use, MB": (0.05, 0.0),
    "Python blocks, thousand": (0.05, 0.0),
    "threads": (0.0, 1.0),
    "open files": (0.0, 4.0),
    "widgets": (0.05, 20.0),
}
_QT_MAY_SAY = "This plugin does not support "  # of the offscreen platform


def wait(milliseconds: int) -> None:
    """Let window and workers work: `QTest.qWait` holds Python's lock, and no worker would get anywhere."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def inside(act: Callable[[], T]) -> T:
    """Do something as the program does everything: inside the event loop.

    What is to be deleted later, said outside of it, is deleted in the midst of whatever comes next.
    """
    loop, found = QEventLoop(), list[T]()

    def go() -> None:
        try:
            found.append(act())
        finally:
            loop.quit()

    QTimer.singleShot(0, go)
    loop.exec()
    assert found, "it failed: see above"
    return found[0]


@dataclass
class Soak:
    """The program in use, what was done and what went wrong."""

    app: QApplication
    host: Host
    chance: random.Random
    done: Counter[str]
    faults: list[str]

    @property
    def window(self) -> MainWindow:
        """The window now; another one after a change of language or colours."""
        assert self.host.window is not None
        return self.host.window

    def settle(self, least: int = 20) -> None:
        """Wait until nothing is asked of the workers any more."""
        wait(least)
        end = time.monotonic() + 30
        while (self.host.window is None or not self.window.built) and time.monotonic() < end:
            wait(20)

    # -- what a person does -------------------------------------------------------------------

    def page(self) -> None:
        """Another screen."""
        self.window.show_page(self.chance.choice(list(self.window.screens.pages)))

    def card(self) -> None:
        """A card, and sometimes back again."""
        table, kind = self.chance.choice([(companies, "company"), (deals, "deal")])
        with self.window.context.db.read() as conn:
            ids = conn.execute(table.select().with_only_columns(table.c.id)).scalars().all()
        if ids:
            self.window.open_card(kind, self.chance.choice(ids))
            self.settle(150)
        if self.chance.random() < 0.5:
            self.window.go_back()

    def command(self) -> None:
        """Any command that can be given now."""
        registry = self.window.actions_
        registry.refresh()
        known = [e for e in registry.entries() if e.id not in LEFT_OUT and e.action.isEnabled()]
        entry = self.chance.choice(known)
        self.done[f" {entry.id}"] += 1
        entry.action.trigger()

    def search(self) -> None:
        """Look for something in everything."""
        field = self.window.search.findChild(QLineEdit) or self.window.search
        assert isinstance(field, QWidget)
        for letter in self.chance.choice(["ann", "5", "ltd", "zz", "iv", "call"]):
            QTest.keyClicks(field, letter)
            wait(30)
        wait(150)
        QTest.keyClick(field, Qt.Key.Key_Escape)
        if isinstance(field, QLineEdit):
            field.clear()

    def keys(self) -> None:
        """Keys in whatever has the focus."""
        for _step in range(self.chance.randint(1, 6)):
            key = self.chance.choice(
                [Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Right, Qt.Key.Key_Tab, Qt.Key.Key_Return]
            )
            focus = self.app.focusWidget() or self.window
            QTest.keyClick(focus, key)
            wait(15)

    def move(self) -> None:
        """A deal one stage on by the keyboard, then taken back."""
        self.window.show_page("board")
        self.settle(200)
        views = [v for v in self.window.findChildren(QAbstractItemView) if v.isVisible() and v.model()]
        views = [v for v in views if v.model().rowCount() and v.accessibleName()]
        if not views:
            return
        view = self.chance.choice(views)
        view.setFocus()
        view.setCurrentIndex(view.model().index(0, 0))
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        QTest.keyClick(view, Qt.Key.Key_Right, both)
        self.settle(200)
        for name in ("undo", "redo", "undo"):
            self.window.actions_.get(name).trigger()
            self.settle(150)

    def report(self) -> None:
        """Another report."""
        from funneldesk.reports.catalog import CATALOG

        self.window.show_page("reports")
        self.settle(100)
        page: Any = self.window.current_page()
        page.choose(self.chance.choice(list(CATALOG)))
        self.settle(400)

    def looks(self) -> None:
        """Other colours, another language: the window is made anew."""
        settings = self.host.settings
        settings.theme = self.chance.choice(["light", "dark"])
        settings.language = self.chance.choice(["en", "ru", "pl"])
        self.host.rebuild()
        self.settle(300)

    def tidy(self) -> None:
        """Close what a person would close: menus, dialogs."""
        for _try in range(6):
            over = self.app.activePopupWidget() or self.app.activeModalWidget()
            if over is None:
                others = [w for w in self.app.topLevelWidgets() if w.isVisible() and w.isWindow()]
                over = next((w for w in others if w is not self.window), None)
            if over is None:
                return
            QTest.keyClick(over, Qt.Key.Key_Escape)
            wait(10)
            if shiboken6.isValid(over) and over.isVisible() and _try > 2:
                over.close()

    # -- figures ------------------------------------------------------------------------------

    def figures(self) -> dict[str, float]:
        """What the process holds after a rest, with every screen made."""
        self.tidy()
        for key in self.window.screens.pages:
            self.window.show_page(key)
            self.settle(50)
        self.window.close_card()
        self.settle(1500)
        gc.collect()
        wait(50)
        used, free = heap()
        return {
            "memory, MB": resident(os.getpid()) / 1e6,
            "C heap in use, MB": used / 1e6,
            "free but held, MB": free / 1e6,
            "Python blocks, thousand": sys.getallocatedblocks() / 1e3,
            "threads": float(len(os.listdir("/proc/self/task"))),
            "open files": float(len(os.listdir("/proc/self/fd"))),
            "widgets": float(len(self.app.allWidgets())),
        }


class _Heap(ctypes.Structure):
    """`struct mallinfo2` of glibc."""

    _fields_ = [
        (name, ctypes.c_size_t)
        for name in "arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost".split()
    ]


def heap() -> tuple[int, int]:
    """Bytes of the C heap in use, and those free but held by it; (0, 0) where the C library does not say."""
    ask = getattr(ctypes.CDLL(None), "mallinfo2", None)
    if ask is None:
        return 0, 0
    ask.restype = _Heap
    found = ask()
    return found.uordblks + found.hblkhd, found.fordblks


def begin(folder: Path, seed: int, count: int) -> Soak:
    """Start the program on a sample base, with every warning and error noted."""
    faults: list[str] = []

    def told(_kind: QtMsgType, _where: object, words: str) -> None:
        if not words.startswith(_QT_MAY_SAY):
            faults.append(f"Qt: {words}")

    base = folder / "soak.funneldesk"
    with bases.new_base(base, language="en") as made:
        demo.make_sample(made, deals=count, language="en")
    app = program.make_application()
    qInstallMessageHandler(told)
    program.speak("en")
    host = Host(app, Settings(theme="light", language="en"))

    def bug(error: BaseException) -> None:
        faults.append(repr(error))

    host.show_bug = bug  # type: ignore[method-assign]

    def unhandled(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        faults.append(repr(error))
        logging.getLogger("soak").error("unhandled", exc_info=(kind, error, trace))

    sys.excepthook = unhandled
    host.start(base)
    soak = Soak(app, host, random.Random(seed), Counter(), faults)
    soak.settle(500)
    end = time.monotonic() + 60
    while soak.window.context.tasks.db is None and time.monotonic() < end:
        wait(50)
    soak.window.resize(1366, 768)
    return soak


def use(soak: Soak, minutes: float, only: str = "") -> list[dict[str, float]]:
    """Use the program at random for a while -> the figures, taken twenty times."""
    # a dialog that waits in a loop of its own is closed from here
    closer = QTimer()
    waits = [0]

    def close_waiting() -> None:
        over = soak.app.activePopupWidget() or soak.app.activeModalWidget()
        waits[0] = waits[0] + 1 if over is not None else 0
        if over is not None and waits[0] > 4:
            over.close()

    closer.timeout.connect(close_waiting)
    closer.start(300)
    ways: list[tuple[Callable[[], None], int]] = [
        (soak.page, 6), (soak.card, 6), (soak.command, 5), (soak.search, 2), (soak.keys, 5),
        (soak.move, 3), (soak.report, 4), (soak.looks, 1),
    ]  # fmt: skip
    found, started = [], time.monotonic()
    if only:
        ways = [(way, 1) for way, _often in ways if way.__name__ == only]
    for part in range(1, 21):
        while time.monotonic() < started + minutes * 60 * part / 20:
            way = soak.chance.choices([w for w, _ in ways], [often for _, often in ways])[0]
            soak.done[way.__name__] += 1
            inside(way)
            soak.settle(soak.chance.randint(20, 250))
            if way is not soak.keys:
                inside(soak.tidy)
        found.append(inside(soak.figures))
        if part % 2 == 0:
            print(f"{part * 5} %: " + ", ".join(f"{k} {v:.0f}" for k, v in found[-1].items()), flush=True)
    closer.stop()
    return found


def verdicts(found: list[dict[str, float]]) -> list[tuple[str, float, float, bool]]:
    """For each figure: the middle of the second third, that of the last, and whether it stayed."""
    third = len(found) // 3
    told = []
    for name in found[0]:
        share, few = MAY_GROW.get(name, (0.0, math.inf))
        before = statistics.median(one[name] for one in found[third : 2 * third])
        after = statistics.median(one[name] for one in found[2 * third :])
        told.append((name, before, after, after <= before * (1 + share) + few))
    return told


def main() -> int:
    """Run and print; 0 when nothing grew and nothing went wrong."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=60)
    words.add_argument("--seed", type=int, default=1)
    words.add_argument("--deals", type=int, default=300)
    words.add_argument("--only", default="", help="one way of use, to see which of them grows")
    given = words.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    faulthandler.enable()  # a crash in Qt says where in our code
    with tempfile.TemporaryDirectory(prefix="funneldesk-soak-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
            os.environ[name] = folder
        soak = begin(Path(folder), given.seed, given.deals)
        found = use(soak, given.minutes, given.only)
        told = verdicts(found)
        # Qt without a screen keeps what was copied until long after Python is gone, and asks it to go then
        soak.app.clipboard().clear()
        soak.host.end()
        qInstallMessageHandler(None)  # called while Python shuts down, it would crash
    actions = sum(often for name, often in soak.done.items() if name[0] != " ")
    print(f"\n{given.minutes:g} minutes, seed {given.seed}: {actions} actions")
    print(", ".join(f"{name.strip()} {often}" for name, often in soak.done.most_common()))
    print(f"{'':24}{'middle':>10}{'last':>10}")
    for name, before, after, stayed in told:
        print(f"{name:24}{before:10.0f}{after:10.0f}  {'stays' if stayed else 'GROWS'}")
    for fault in sorted(set(soak.faults)):
        print(f"{soak.faults.count(fault)}x {fault}")
    return 0 if all(stayed for *_rest, stayed in told) and not soak.faults else 1


if __name__ == "__main__":
    sys.exit(main())
