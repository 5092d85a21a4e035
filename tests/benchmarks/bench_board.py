"""The board with 10,000 open deals against a canvas painted by hand, in the same run.

Run: python -m tests.benchmarks.bench_board [--deals N].  Build and first paint, a repaint of
everything, a step of scrolling, a step of a drag, a filter, a move; and the first page read from a base.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardCard, BoardColumn, BoardManager, add_up, sums_of
from funneldesk.domain.rates import Rates
from funneldesk.settings import Settings
from funneldesk.ui.board.card_paint import GAP, SIDE, CardLook, paint_card
from funneldesk.ui.board.card_text import Today
from funneldesk.ui.board.model import mime_of
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.context import AppContext
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT, apply_theme

UTC = ZoneInfo("UTC")
STAGES = 6
TARGETS = {"build and first paint": 3.0, "repaint": 0.5, "scroll step": 1.2}
# Milliseconds of the window's thread, whatever the canvas takes.
LIMITS = {"build and first paint": 100.0, "filter": 100.0, "move": 100.0, "scroll step": 16.0}
CLIENTS = (
    "Delta LLC",
    "ООО «Северный ветер»",
    "Łódź Meble Sp. z o.o.",
    "Baltic Shelving and Storage Systems",
)
TITLES = (
    "Shelving for the warehouse",
    "Годовой договор",
    "Regały paletowe, drugie zamówienie",
    "Spare parts",
)


def make_board(count: int) -> Board:
    """A board of `count` open deals."""
    rnd, now = Random(7), clock.now()
    rates = Rates("EUR", UTC, {})
    columns = []
    for stage in range(1, STAGES + 1):
        cards = tuple(
            BoardCard(
                id=n, title=rnd.choice(TITLES), client=f"{rnd.choice(CLIENTS)} {n}", client_kind="company",
                client_id=n, amount=rnd.randrange(10_000, 90_000_000), currency="EUR",
                manager_id=rnd.randrange(1, 9), stage_id=stage, position=float(n),
                entered_at=now - rnd.randrange(40) * clock.DAY,
                next_due_at=now + rnd.randrange(-3, 9) * clock.DAY, next_id=n, next_kind="call",
                next_subject="Ask about the price", next_all_day=0, version=1,
            )
            for n in range(stage, count + 1, STAGES)
        )  # fmt: skip
        share = stage / (STAGES + 1)
        totals = add_up(sums_of(cards), share, rates, now)
        columns.append(BoardColumn(stage, f"Stage {stage}", share, 20.0, False, None, None, totals, cards))
    managers = tuple(BoardManager(n, f"Manager Number{n}") for n in range(1, 9))
    return Board(1, "Sales", None, ((1, "Sales"),), managers, tuple(columns), rates)


class Canvas(QWidget):
    """The limit: one widget that paints the cards that can be seen, straight from the list."""

    def __init__(self, board: Board, look: CardLook) -> None:
        super().__init__()
        self._columns = [sorted(column.cards, key=lambda card: card.place) for column in board.columns]
        self._look = look
        self._offset = 0
        self._head = 60

    def scroll_by(self, pixels: int) -> None:
        """Scroll the first column and paint what comes into sight."""
        self._offset += pixels
        width = self.width() // len(self._columns)
        self.scroll(0, -pixels, QRect(0, self._head, width, self.height() - self._head))
        QApplication.processEvents()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, step = event.rect(), self._look.card_height() + GAP
        width = self.width() // len(self._columns)
        for place, cards in enumerate(self._columns):
            if place * width > area.right() or (place + 1) * width <= area.left():
                continue
            offset = self._offset if place == 0 else 0
            painter.fillRect(place * width, self._head, width - 8, self.height(), LIGHT.color("sunken"))
            first = max(0, (area.top() - self._head + offset) // step)
            for row in range(first, len(cards)):
                top = self._head + row * step - offset
                if top > area.bottom():
                    break
                box = QRect(place * width + SIDE, top, width - 8 - 2 * SIDE, step - GAP)
                paint_card(painter, box, cards[row], self._look, 0, 20.0)


def timed(work: Callable[[], object]) -> float:
    """Milliseconds of one run, of this process only: nothing here waits, but the machine may be busy."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def median(work: Callable[[], object], times: int = 15) -> float:
    """The median of several runs."""
    work()
    return statistics.median(timed(work) for _turn in range(times))


def open_page(board: Board) -> BoardPage:
    """The page with the board shown and painted."""
    context = AppContext(
        tasks=TaskRunner(), hub=Hub(), settings=Settings(), theme=LIGHT, zone=UTC, currency="EUR"
    )
    page = BoardPage(context)
    page.resize(1290, 694)
    page._show(board)
    page.show()
    QApplication.processEvents()
    return page


def open_canvas(board: Board) -> Canvas:
    """The canvas shown and painted."""
    look = CardLook(LIGHT, lambda: "EUR", board.manager)
    look.set_today(Today.at(clock.now(), UTC))
    canvas = Canvas(board, look)
    canvas.resize(1290, 694)
    canvas.show()
    QApplication.processEvents()
    return canvas


def wheel(page: BoardPage) -> None:
    """One notch of the wheel over the first column."""
    view = page.area.columns[0].list
    spot = QPoint(60, 200)
    event = QWheelEvent(
        spot, view.viewport().mapToGlobal(spot), QPoint(0, -40), QPoint(0, -40), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(view.viewport(), event)
    QApplication.processEvents()


def drag_step(page: BoardPage, place: list[int], data: QMimeData) -> None:
    """The mouse of a drag moves on by some pixels."""
    place[0] = (place[0] + 23) % 500
    event = QDragMoveEvent(
        QPoint(60, place[0]), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(page.area.columns[1].list.viewport(), event)
    QApplication.processEvents()


def enter(page: BoardPage, data: QMimeData) -> None:
    """A drag comes over the second column."""
    event = QDragEnterEvent(
        QPoint(60, 90), Qt.DropAction.MoveAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    QApplication.sendEvent(page.area.columns[1].list.viewport(), event)


def narrow(page: BoardPage, turn: list[int]) -> None:
    """Something is typed into the filter, or taken out of it."""
    turn[0] += 1
    page.model.set_filter((), "delta" if turn[0] % 2 else "")
    page._show_figures()
    QApplication.processEvents()


def move_card(page: BoardPage) -> None:
    """A card goes to the other of the first two stages, as after a drop."""
    found = page.model.find(1)
    assert found is not None
    fresh = found[1]._replace(stage_id=3 - (found[1].stage_id or 0))
    page.model.apply([1], [fresh])
    page._show_figures()
    QApplication.processEvents()


def _built(make: Callable[[], QWidget]) -> float:
    made: list[QWidget] = []
    spent = timed(lambda: made.append(make()))
    made[0].close()
    made[0].deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    return spent


def bench_painting(count: int) -> dict[str, tuple[float, float]]:
    """By step: milliseconds of the board and of the canvas."""
    board = make_board(count)
    open_page(make_board(60)).deleteLater()  # fonts and icons are loaded once for both
    open_canvas(make_board(60)).deleteLater()
    builds = [(_built(lambda: open_page(board)), _built(lambda: open_canvas(board))) for _turn in range(9)]
    page, canvas = open_page(board), open_canvas(board)

    def repaint_page() -> None:
        for view in page.area.lists():
            view.viewport().repaint()

    place, data = [0], mime_of([1])
    enter(page, data)
    found = {
        "build and first paint": (
            statistics.median(a for a, _b in builds),
            statistics.median(b for _a, b in builds),
        ),
        "repaint": (median(repaint_page), median(canvas.repaint)),
        "scroll step": (median(lambda: wheel(page), 60), median(lambda: canvas.scroll_by(24), 60)),
        "drag step": (median(lambda: drag_step(page, place, data), 60), 0.0),
    }
    page.scroller.stop()
    found["filter"] = (median(lambda: narrow(page, place)), 0.0)
    found["move"] = (median(lambda: move_card(page)), 0.0)
    return found


def bench_first_page(clients: int, deals: int) -> float:
    """Milliseconds of `first_page` on a base of this size, the median of many."""
    from funneldesk.store.first_page import first_page
    from tests.benchmarks.board_base import make_board_base

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.funneldesk"
        make_board_base(path, clients, deals).close()
        assert first_page(path) is not None
        return median(lambda: first_page(path))


def main() -> int:
    """Print the table; 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--deals", type=int, default=10_000)
    wish = parser.parse_args()
    app = QApplication(sys.argv[:1])
    apply_theme(app, LIGHT)
    missed = 0
    for name, (ours, limit) in bench_painting(wish.deals).items():
        target = TARGETS.get(name)
        ratio = ours / limit if limit else 0.0
        missed += target is not None and ratio > target
        told = f"{limit:8.2f} ms canvas   ratio {ratio:5.2f}   target {target}" if target else ""
        most = LIMITS.get(name)
        if most is not None:
            missed += ours > most
            told = f"limit {most:5.0f} ms {'met' if ours <= most else 'MISSED':6} {told}"
        print(f"{name:24} {ours:8.2f} ms {told}")
    first = bench_first_page(100_000, wish.deals)
    print(f"{'first page of the base':24} {first:8.2f} ms   target 15 ms")
    return 1 if missed or first > 15 else 0


if __name__ == "__main__":
    raise SystemExit(main())
