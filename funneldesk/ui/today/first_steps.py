"""The first steps in a base that was begun here: what is done is ticked, the rest is a click away."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.settings import Settings
from funneldesk.text import _, format_number
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

_KEY = "first_steps"  # base -> what is noted of it; only bases begun here have an entry
STEPS = ("client", "deal", "call", "board", "print")


def begin(settings: Settings, base: str) -> None:
    """A base was begun: its first steps are shown until they are taken or put away."""
    settings.more[_KEY] = {**_kept(settings), base: []}


def note(settings: Settings, step: str) -> None:
    """A step was taken that the base itself does not show: `board`, `print`; `away` puts the list away."""
    kept, base = _kept(settings), settings.last_base
    if base in kept and step not in kept[base]:
        settings.more[_KEY] = {**kept, base: [*kept[base], step]}
        settings.save()


def _kept(settings: Settings) -> dict[str, list[str]]:
    found = settings.more.get(_KEY)
    if not isinstance(found, dict):
        return {}
    return {base: list(steps) for base, steps in found.items() if isinstance(steps, list)}


class FirstSteps(QFrame):
    """A line of steps; hidden in a base that was not begun here, and once all is done or put away."""

    def __init__(self, context: AppContext, plan_call: Callable[[], None]) -> None:
        super().__init__()
        self._context = context
        self.done: frozenset[str] = frozenset()
        self.setProperty("role", "card")
        self.setAccessibleName(_("First steps"))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        column.setSpacing(SPACE_2)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(PlainLabel(_("First steps"), "strong"))
        self.count = Quiet()
        head.addWidget(self.count)
        head.addStretch(1)
        self.away = IconButton(context.theme, "x", _("Put the first steps away"), self._put_away)
        head.addWidget(self.away)
        column.addLayout(head)
        row = QWidget()
        flow = FlowLayout(row, SPACE_2)
        show = context.show_page
        self.buttons = {
            key: push_button(words, act)
            for key, words, act in (
                ("client", _("Import a list"), lambda: show("import")),
                ("by hand", _("Add a client"), lambda: show("clients", new=True)),
                ("deal", _("Add a deal"), lambda: show("board", new=True)),
                ("call", _("Plan a call"), plan_call),
                ("board", _("Look at the board"), lambda: show("board")),
                ("print", _("Print a report"), lambda: show("reports")),
            )
        }
        for button in self.buttons.values():
            flow.addWidget(button)
        column.addWidget(row)
        self.hide()

    def read(self) -> None:
        """Look which steps are taken; asks nothing where there is nothing to show."""
        kept = _kept(self._context.settings).get(self._context.settings.last_base)
        if kept is None or "away" in kept or self._context.read_only:
            self.hide()
            return

        def work(db: Database) -> frozenset[str]:
            from funneldesk.store.queries.first_steps import taken

            with db.read() as conn:
                return taken(conn)

        def show(found: frozenset[str]) -> None:
            self.show_done(found | set(kept))

        self._context.tasks.read(work, show, receiver=self, key="first-steps")

    def show_done(self, done: frozenset[str]) -> None:
        """Tick what is done."""
        self.done = done & set(STEPS)
        theme = self._context.theme
        for key, button in self.buttons.items():
            taken = ("client" if key == "by hand" else key) in done
            icon, token = ("circle-check", "success") if taken else ("circle", "quiet")
            button.setIcon(theme_icon(theme, icon, token))
            words = button.text()
            button.setAccessibleName(_("{step}: done").format(step=words) if taken else words)
        self.buttons["by hand"].setVisible("client" not in done)
        words = _("{done} of {all} done")
        self.count.setText(words.format(done=format_number(len(self.done)), all=format_number(len(STEPS))))
        self.setVisible(len(self.done) < len(STEPS))

    def _put_away(self) -> None:
        note(self._context.settings, "away")
        self.hide()
