"""What a report compares with is entered elsewhere: the way there from the report it belongs to."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QPushButton

from funneldesk.text import N_, _
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import dress_button


class Entry(NamedTuple):
    """A part of the screen "Plans and costs", and the button that leads there."""

    part: str
    words: str
    icon: str


_ENTRIES: dict[str, Entry] = {
    "plan-fact": Entry("plans", N_("Set plans"), "target"),
    "sources": Entry("costs", N_("Enter costs"), "coins"),
    "dynamics": Entry("marks", N_("Mark a change"), "flag"),
    "reaction": Entry("standards", N_("Set standards"), "timer"),
    "standards": Entry("standards", N_("Set standards"), "timer"),
}


def entry_of(report: str) -> Entry | None:
    """Where a report's figures are entered, in words; None where nothing is."""
    found = _ENTRIES.get(report)
    return None if found is None else found._replace(words=_(found.words))


class EntryButton(QPushButton):
    """Leads from the report in front to where its figures are entered."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._part = ""
        self.clicked.connect(lambda _on: self._context.show_page("goals", part=self._part))
        self.hide()

    def show_for(self, report: str) -> None:
        """Stand there for a report that has something to enter."""
        entry = entry_of(report)
        if entry is not None:
            self._part = entry.part
            self.setText(entry.words)
            dress_button(self, self._context.theme, entry.icon)
        self.setVisible(entry is not None)
