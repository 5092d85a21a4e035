"""After a call: what came of it and what comes next, in one small form and one change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Change
from funneldesk.text import _, activity_kind
from funneldesk.ui.clients.common import KIND_ICONS, save
from funneldesk.ui.clients.due import DueButton
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.icons import toggled_icon
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_4
from funneldesk.ui.today.who import WhoButton
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.activities import About
    from funneldesk.store.database import Database

DONE_KINDS = ("call", "letter", "meeting", "message", "mailing", "note")
NEXT_KINDS = ("call", "meeting", "letter", "message", "mailing", "task")


@dataclass(frozen=True, slots=True)
class Subject:
    """What the form is about: a planned activity (its id), or the record something was done for."""

    about: About
    name: str
    activity_id: int = 0
    kind: str = "call"
    text: str = ""


class KindRow(QWidget):
    """Kinds of activities as buttons of which one is pressed."""

    changed = Signal(str)

    def __init__(self, context: AppContext, kinds: tuple[str, ...], chosen: str, none: str = "") -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._group = QButtonGroup(self)
        self.buttons: dict[str, IconButton] = {}
        icons = {**KIND_ICONS, "": "ban"}
        for kind in (*(("",) if none else ()), *kinds):
            button = IconButton(context.theme, icons[kind], activity_kind(kind) if kind else none)
            button.setIcon(toggled_icon(context.theme, icons[kind], 16))
            button.setCheckable(True)
            button.setChecked(kind == chosen)
            self._group.addButton(button)
            self.buttons[kind] = button
            row.addWidget(button)
        row.addStretch(1)
        self._group.buttonClicked.connect(lambda _button: self.changed.emit(self.kind()))

    def kind(self) -> str:
        """The kind that is pressed."""
        return next((kind for kind, button in self.buttons.items() if button.isChecked()), "")

    def choose(self, kind: str) -> None:
        """Press another one."""
        self.buttons[kind].setChecked(True)
        self.changed.emit(kind)


class ResultDialog(Dialog):
    """Enter saves all of it: done, with its result, and the next step planned."""

    help_page = "today"

    def __init__(self, context: AppContext, subject: Subject, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        self._context = context
        self._subject = subject
        self.setWindowTitle(_("What came of it?"))
        self.setFixedWidth(context.theme.px(460))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        self._column.setSpacing(SPACE_2)
        self._column.addWidget(Heading(_("What came of it?"), 2))
        about = " · ".join(part for part in (subject.name, subject.text) if part)
        self._column.addWidget(Quiet(about, wrap=True))
        self._build_done()
        self._build_next()
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        foot.addStretch(1)
        foot.addWidget(push_button(_("Cancel"), self.reject))
        self.save_button = PrimaryButton(_("Save"), self.accept, theme=context.theme, icon="check")
        self.save_button.setDefault(True)
        foot.addWidget(self.save_button)
        self._column.addSpacing(SPACE)
        self._column.addLayout(foot)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self._show_next("")
        self.result_line.setFocus()

    def _build_done(self) -> None:
        self.kinds = KindRow(self._context, DONE_KINDS, self._subject.kind or "call")
        self.kinds.setVisible(not self._subject.activity_id)
        self._column.addWidget(self.kinds)
        self.result_line = QLineEdit()
        self.result_line.setPlaceholderText(_("Result"))
        self.result_line.setAccessibleName(_("Result"))
        self._column.addWidget(self.result_line)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.chips = []
        for words, again in (
            (_("We talked"), ""),
            (_("No answer"), "call"),
            (_("Call later"), "call"),
            (_("Refused"), ""),
        ):
            chip = push_button(words, partial(self._take, words, again), role="chip")
            row.addWidget(chip)
            self.chips.append(chip)
        row.addStretch(1)
        self._column.addLayout(row)

    def _build_next(self) -> None:
        self._column.addSpacing(SPACE)
        self._column.addWidget(PlainLabel(_("Next step"), "field"))
        self.next_kinds = KindRow(self._context, NEXT_KINDS, "", none=_("Nothing"))
        self.next_kinds.changed.connect(self._show_next)
        self._column.addWidget(self.next_kinds)
        self.next_text = QLineEdit()
        self.next_text.setPlaceholderText(_("What is to be done?"))
        self.next_text.setAccessibleName(_("What is to be done?"))
        self._column.addWidget(self.next_text)
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        self.due = DueButton(self._context)
        self.who = WhoButton(self._context, _("For me"))
        row.addWidget(self.due)
        row.addWidget(self.who)
        row.addStretch(1)
        self._column.addLayout(row)

    def _take(self, words: str, again: str) -> None:
        self.result_line.setText(words)
        if again:
            self.next_kinds.choose(again)
        self.result_line.setFocus()

    def _show_next(self, kind: str) -> None:
        for widget in (self.next_text, self.due, self.who):
            widget.setVisible(bool(kind))
        if kind and self.isVisible():
            self.next_text.setFocus()
        self.adjustSize()

    # Qt overrides

    def accept(self) -> None:
        """Write it, and close."""
        subject, kind = self._subject, self.kinds.kind()
        result = self.result_line.text().strip() or None
        if not subject.activity_id and result is None:
            self.result_line.setFocus()
            return
        wish = self._step()

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            then = activities.Step(**wish) if wish else None
            if subject.activity_id:
                return activities.complete(db, subject.activity_id, result=result, then=then, actor=actor)
            text, found = (result or "", None) if kind == "note" else ("", result)
            return activities.log(
                db, ActivityKind(kind), subject.about, text=text, result=found, then=then, actor=actor
            )

        save(self._context, write, self._context.hub)  # this dialog is gone by the time it is written
        super().accept()

    def _step(self) -> dict[str, Any]:
        kind = self.next_kinds.kind()
        if not kind:
            return {}
        planned = self.due.due().planned(self._context)
        who = self.who.who()
        return {
            "kind": ActivityKind(kind),
            "text": self.next_text.text().strip(),
            "manager_id": who,
            **planned,
        }
