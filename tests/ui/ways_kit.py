"""A window in which every line written to the history of stages is noted, and how it came there."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QDialog

from funneldesk.services import (
    bases,
)
from funneldesk.store.database import Database
from funneldesk.ui.board.deal_dialogs import LossDialog, WonDialog
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.main_window import MainWindow

RACKS, DESKS, LOST_ONE, FIXED = 1, 2, 3, 4


@dataclass(frozen=True)
class Step:
    """One line that was written to the history of stages, and through which functions."""

    deal_id: int
    kind: str
    cause: str
    through: frozenset[str]

    def is_no_move(self) -> bool:
        """Whether a deal was made by it, or leaves its stages for good or comes back to the first."""
        return bool({"deals.add_deal", "steps._change_mode"} & self.through)

    def on_the_path(self) -> bool:
        """Whether it came the one way: of the window, of a rule, or of a task that was done."""
        window = "ui.board.moving._send" in self.through
        return "services.moving.move_one" in self.through and (window or self.cause in ("rule", "task"))


@dataclass
class Watched:
    """A window, and what is written to the history while it is used."""

    window: MainWindow
    db: Database
    steps: list[Step] = field(default_factory=list)
    begun: int | None = None

    def settle(self) -> None:
        """Answer what is asked, close what is open."""
        for _turn in range(6):
            popup = QApplication.activePopupWidget()
            if popup is not None:
                popup.close()
            dialogs = [d for d in self.window.findChildren(QDialog) if d.isVisible()]
            for dialog in dialogs:
                answer(dialog)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
            if popup is None and not dialogs:
                return

    def take(self) -> list[Step]:
        """What was written since the last time; all is taken back, so that each way finds the same base."""
        self.settle()
        found, self.steps[:] = list(self.steps), []
        for step in found:
            assert step.is_no_move() or step.on_the_path(), step
        if history_top(self.db) == self.begun:
            return found
        assert bases.check(self.db).problems == ()
        while history_top(self.db) != self.begun:
            self.window.undo()
        self.steps.clear()
        return found

    def board(self) -> BoardPage:
        """The board in front, with both deals that people move selected."""
        self.window.show_page("board")
        self.window.close_card()
        page = self.window.page("board")
        assert isinstance(page, BoardPage)
        if page.past.at() is not None:
            page.past.show_day("")
        assert page.area.select([RACKS, DESKS], focus=True)
        return page


def answer(dialog: QDialog) -> None:
    """What a person answers; any other dialog is left."""
    if isinstance(dialog, LossDialog):
        dialog.reasons.setCurrentRow(0)
        dialog.comment.setPlainText("too dear")
    if isinstance(dialog, LossDialog | WonDialog):
        dialog.accept()
    else:
        dialog.reject()


def history_top(db: Database) -> int | None:
    from funneldesk.store import journal

    with db.read() as conn:
        return journal.next_undo(conn)


def through() -> frozenset[str]:
    """The functions of the program that are at work."""
    frame, found = sys._getframe(2), set[str]()
    while frame is not None:
        module = frame.f_globals.get("__name__", "")
        if module.startswith("funneldesk."):
            name = frame.f_code.co_qualname if hasattr(frame.f_code, "co_qualname") else frame.f_code.co_name
            parts = name.replace("<locals>.", "").split(".")
            found |= {f"{module.removeprefix('funneldesk.')}.{part}" for part in parts}
            found.add(f"{module.rpartition('.')[2]}.{parts[-1]}")
        frame = frame.f_back  # type: ignore[assignment]
    return frozenset(found)
