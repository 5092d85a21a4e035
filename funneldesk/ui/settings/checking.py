"""Check and repair in the settings: the base looked through, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from funneldesk import mending_words
from funneldesk.text import _, failure
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import PlainLabel

if TYPE_CHECKING:
    from funneldesk.store.check import CheckResult
    from funneldesk.store.database import Database


class CheckSection(QWidget):
    """A button that checks, what was found in words, and the button that helps with it."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.words = PlainLabel("")
        self.words.setWordWrap(True)
        self.words.setAccessibleName(_("What the check found"))
        self.words.hide()
        column.addWidget(self.words)
        theme = context.theme
        self.check_button = push_button(_("Check the base"), self.check, theme=theme, icon="shield-check")
        self.repair_button = push_button(
            _("Put right what can be"), lambda: context.mend("repair"), theme=theme, icon="life-buoy"
        )
        self.save_button = push_button(
            _("Save what can be read"), lambda: context.mend("save"), theme=theme, icon="save"
        )
        buttons = FlowLayout(spacing=SPACE_2)
        for button in self._buttons():
            buttons.addWidget(button)
        column.addLayout(buttons)
        self._offer("")

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.check_button, self.repair_button, self.save_button

    def _offer(self, way: str) -> None:
        self.repair_button.setVisible(way == "repair")
        self.save_button.setVisible(way == "save")

    def check(self) -> None:
        """Look through the whole base, beside the work."""
        self.check_button.setEnabled(False)
        self._say(_("Checking…"))
        self._context.tasks.run(
            lambda db, _progress, _cancelled: _check(db), self._tell, self._failed,
            title=_("Checking the base"), receiver=self,
        )  # fmt: skip

    def _say(self, text: str) -> None:
        self.words.setText(text)
        self.words.show()

    def _tell(self, result: CheckResult) -> None:
        self.check_button.setEnabled(True)
        if result.ok:
            self._say(_("The base is whole: the file, the stage histories, the links, the search."))
            self._offer("")
            return
        beyond = result.beyond_repair
        lines = mending_words.found_lines(result.problems)
        about = (
            _("The file is damaged. Restore a backup, or save what can be read.")
            if beyond
            else _("All of this follows from what is whole and can be put right. The base as it is is kept.")
        )
        self._say("\n".join([*lines, about]))
        self._offer("" if self._context.read_only else "save" if beyond else "repair")

    def _failed(self, error: Exception) -> None:
        self.check_button.setEnabled(True)
        self._say(failure(error, _("The check could not be ended.")))


def _check(db: Database) -> CheckResult:
    from funneldesk.services import bases

    return bases.check(db, thorough=True)
