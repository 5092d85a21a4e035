"""One line to write down what was done, one to plan what comes next, and the next step itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from funneldesk.domain.activity import Activity, ActivityKind
from funneldesk.domain.change import Change
from funneldesk.text import _, activity_kind
from funneldesk.ui.clients.common import KIND_ICONS, due_words, save
from funneldesk.ui.clients.due import Due, DueButton
from funneldesk.ui.clients.sections import icon_label
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import toggled_icon
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.today.who import WhoButton
from funneldesk.ui.widgets.buttons import IconButton, PrimaryButton, push_button
from funneldesk.ui.widgets.flow import FlowLayout, part_of
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from funneldesk.services.activities import About
    from funneldesk.store.database import Database

_DONE_KINDS = ("call", "letter", "meeting", "message", "mailing", "note")
_PLAN_KINDS = ("call", "meeting", "letter", "message", "mailing", "task")


class NextStep(QFrame):
    """What is to be done next: done at a click, put off at two; "no next step" when there is none."""

    plan_wished = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "step")
        self._context = context
        self._activity: Activity | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_2, SPACE_2)
        row.setSpacing(SPACE_2)
        self._icon = icon_label(context.theme, "circle")
        row.addWidget(self._icon)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.when = PlainLabel("", "strong")
        self.when.setWordWrap(True)
        self.what = ElidedLabel("", "")
        words.addWidget(self.when)
        words.addWidget(self.what)
        row.addLayout(words, 1)
        self.put_off = DueButton(context)
        self.put_off.chosen.connect(self._move)
        self.done = IconButton(context.theme, "check", _("Done"), self.complete, token="success", size=18)
        self.plan = push_button(_("Plan it"), self.plan_wished.emit, role="link")
        row.addWidget(self.put_off)
        row.addWidget(self.done)
        row.addWidget(self.plan)

    def show_step(self, planned: tuple[Activity, ...], *, needed: bool = True) -> None:
        """Show the first of what is planned; when nothing is `needed` and planned, show nothing."""
        theme = self._context.theme
        self.setVisible(needed or bool(planned))
        self.plan.setVisible(not planned and not self._context.read_only)
        self._activity = planned[0] if planned else None
        writable = bool(planned) and not self._context.read_only
        self.put_off.setVisible(writable)
        self.done.setVisible(writable)
        self.what.setVisible(bool(planned))
        from funneldesk.ui.icons import pixmap

        if self._activity is None:
            self._icon.setPixmap(pixmap("circle-alert", theme.warning_text, theme.px(16)))
            self.when.setText(_("No next step"))
            self._paint("none", "")
            return
        step = self._activity
        when = due_words(step.due_at, self._context.zone, all_day=step.all_day)
        token = when.token if when.token in ("danger", "success") else "quiet"
        self._icon.setPixmap(pixmap(KIND_ICONS.get(step.kind, "circle"), getattr(theme, token), theme.px(16)))
        kind = activity_kind(step.kind)
        self.when.setText(_("{what}, {when}").format(what=kind, when=when.text))
        more = f"  +{len(planned) - 1}" if len(planned) > 1 else ""
        self.what.setText((step.subject or kind) + more)
        self.put_off.setText(_("Put off"))
        self._paint("late" if when.late else "", "danger" if when.late else "")

    def _paint(self, state: str, token: str) -> None:
        self.setProperty("state", state)
        self.when.setProperty("token", token)
        for widget in (self, self.when):
            widget.style().unpolish(widget)
            widget.style().polish(widget)

    def complete(self) -> None:
        """It is done."""
        step = self._activity
        if step is None:
            return

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            return activities.complete(db, step.id, actor=actor)

        save(self._context, write, self)

    def _move(self, due: Due) -> None:
        step = self._activity
        if step is None:
            return
        values = due.planned(self._context)

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            return activities.put_off(db, step.id, actor=actor, **values)

        save(self._context, write, self)


class QuickEntry(QFrame):
    """Write down or plan, in one line each; Enter saves."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._context = context
        self._about: About | None = None
        self._planning = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_2, SPACE, SPACE_2, SPACE_2)
        column.setSpacing(SPACE)
        head = FlowLayout(spacing=SPACE, end=True)  # in a narrow panel the two tabs go under the kinds
        self._kinds = QButtonGroup(self)
        self._buttons: dict[str, IconButton] = {}
        for kind in dict.fromkeys((*_DONE_KINDS, "task")):
            button = IconButton(context.theme, KIND_ICONS[kind], activity_kind(kind))
            button.setIcon(toggled_icon(context.theme, KIND_ICONS[kind], 16))
            button.setCheckable(True)
            self._kinds.addButton(button)
            self._buttons[kind] = button
        head.addWidget(part_of(*self._buttons.values(), spacing=0))
        self._kinds.buttonClicked.connect(lambda _button: self._show_kind())
        self.done_tab = push_button(_("Write down"), lambda: self.set_planning(False), role="chip")
        self.plan_tab = push_button(_("Plan"), lambda: self.set_planning(True), role="chip")
        head.addWidget(part_of(self.done_tab, self.plan_tab, spacing=SPACE))
        column.addLayout(head)
        self.text = QLineEdit()
        self.text.returnPressed.connect(self.submit)
        column.addWidget(self.text)
        foot = QHBoxLayout()
        foot.setSpacing(SPACE_2)
        self.result = QLineEdit()
        self.result.setPlaceholderText(_("Result (may be left out)"))
        self.result.setAccessibleName(_("Result"))
        self.result.returnPressed.connect(self.submit)
        self.due = DueButton(context)
        self.due.chosen.connect(lambda _due: self.text.setFocus())
        self.who = WhoButton(context, _("For me"))
        self.save_button = PrimaryButton(_("Save"), self.submit)
        foot.addWidget(self.result, 1)
        self._when = QWidget()
        when = FlowLayout(self._when, SPACE)
        when.addWidget(self.due)
        when.addWidget(self.who)
        foot.addWidget(self._when, 1)
        self._gap = QWidget()
        foot.addWidget(self._gap, 1)
        foot.addWidget(self.save_button)
        column.addLayout(foot)
        self._buttons["call"].setChecked(True)
        self.set_planning(False)
        self.setVisible(not context.read_only)

    def set_about(self, about: About) -> None:
        """What the entry will be about."""
        self._about = about

    def set_planning(self, planning: bool) -> None:
        """Plan instead of writing down what was done."""
        self._planning = planning
        allowed = _PLAN_KINDS if planning else _DONE_KINDS
        for kind, button in self._buttons.items():
            button.setVisible(kind in allowed)
        if self.kind() not in allowed:
            self._buttons["task" if planning else "call"].setChecked(True)
        for tab, on in ((self.done_tab, not planning), (self.plan_tab, planning)):
            tab.setProperty("on", "true" if on else "")
            tab.style().unpolish(tab)
            tab.style().polish(tab)
        self._when.setVisible(planning)
        self._show_kind()

    def kind(self) -> str:
        """The kind chosen."""
        return next((kind for kind, button in self._buttons.items() if button.isChecked()), "call")

    def set_kind(self, kind: str) -> None:
        """Choose a kind."""
        self._buttons[kind].setChecked(True)
        self._show_kind()

    def _show_kind(self) -> None:
        kind = self.kind()
        self.result.setVisible(not self._planning and kind != "note")
        self._gap.setVisible(not self._planning and kind == "note")
        hints = {
            "call": _("What was said on the phone?"),
            "letter": _("What was the letter about?"),
            "meeting": _("What was agreed at the meeting?"),
            "message": _("What was written?"),
            "mailing": _("What was sent to many?"),
            "note": _("A note"),
        }
        hint = _("What is to be done?") if self._planning else hints[kind]
        self.text.setPlaceholderText(hint)
        self.text.setAccessibleName(hint)
        self.save_button.setText(_("Plan") if self._planning else _("Save"))

    def submit(self) -> None:
        """Save what is typed."""
        about, text = self._about, self.text.text().strip()
        kind = ActivityKind(self.kind())
        if about is None or (not text and (kind == ActivityKind.NOTE or not self._planning)):
            self.text.setFocus()
            return
        planning, due, who = self._planning, self.due.due().planned(self._context), self.who.who()
        result = self.result.text().strip() or None if kind != ActivityKind.NOTE else None

        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import activities

            if planning:
                return activities.plan(db, kind, about, text=text, manager_id=who, actor=actor, **due)
            return activities.log(db, kind, about, text=text, result=result, actor=actor)

        save(self._context, write, self, self._saved)

    def _saved(self, _change: Change) -> None:
        self.text.clear()
        self.result.clear()
        self.due.reset()
        self.who.reset()
        if not self._planning:
            self.set_planning(False)
        self.text.setFocus()
