"""All that is said of one stage; leaving a field is one change."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.board import STALE_DAYS
from funneldesk.domain.chance import default_probability
from funneldesk.domain.fields import CustomField
from funneldesk.domain.funnel import Stage, required_of
from funneldesk.domain.linter import Finding
from funneldesk.text import _, format_number, format_percent, ngettext
from funneldesk.ui.clients.inline import InlineNotes, InlineText
from funneldesk.ui.funnels.colours import ColourRow
from funneldesk.ui.funnels.required import RequiredButton
from funneldesk.ui.funnels.words import NAME_CODES, finding_text, proposed_names
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class StageForm(QWidget):
    """`edited` carries the stage's id, the name of a field and its value."""

    edited = Signal(int, str, object)
    removal_wanted = Signal(int)
    merge_wanted = Signal(int)
    end_wanted = Signal(int)  # of a wait: a time limit and a rule for the end

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._stage: Stage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_3)
        self.hint = _HintCard(theme)
        self.hint.taken.connect(lambda name: self._tell("name", name))
        self.hint.end_wanted.connect(lambda: self._ask(self.end_wanted))
        self.form = Form(theme, label_width=124)
        self._add_texts()
        self._add_figures()
        column.addWidget(self.form)
        column.addLayout(self._buttons())
        column.addStretch(1)

    def _add_texts(self) -> None:
        self.name = self._line("name", _("Name"))
        self.form.add_widget("hint", "", self.hint, lambda: None)
        self.goal = self._line("goal", _("Goal"), _("What is to be reached here?"))
        self.key_task = self._notes("key_task", _("Key task"), _("What must be done to go on?"))
        self.subtasks = self._notes("subtasks", _("Subtasks"), _("One on each line"))
        self.manager = ChoiceField(optional=False)
        self.manager.activated.connect(lambda _index: self._tell("manager_id", self.manager.value()))
        self.manager.setMinimumWidth(self._theme.px(120))
        self.form.add_widget("manager_id", _("Responsible"), self.manager, self.manager.value)
        self.criterion = self._notes(
            "criterion", _("Criterion"), _("When may a deal stand here? “Sent”: receipt is confirmed.")
        )
        self.required = RequiredButton(self._theme)
        self.required.picked.connect(lambda value: self._tell("required", value))
        self.form.add_widget("required", _("Must be known"), self.required, self.required.value)
        self.checklist = self._notes("checklist", _("Checklist"), _("One on each line"))

    def _add_figures(self) -> None:
        self.limit = self._line("limit_days", _("Time limit, days"), format_number(STALE_DAYS))
        self.chance = self._line("probability", _("Chance to win, %"))
        for field in (self.limit, self.chance):
            field.setMaximumWidth(self._theme.px(120))
        self.own_chance = Quiet(small=True, wrap=True)
        self.form.add_widget("own_chance", "", self.own_chance, self.own_chance.text)
        self.hold = QCheckBox(_("wait for a date"))
        self.hold.clicked.connect(lambda on: self._tell("kind", "hold" if on else "open"))
        self.form.add_widget("kind", _("Deals on hold"), self.hold, self.hold.isChecked)
        self.colour = ColourRow(self._theme)
        self.colour.picked.connect(lambda colour: self._tell("colour", colour))
        self.form.add_widget("colour", _("Colour"), self.colour, self.colour.value)

    def _line(self, key: str, label: str, hint: str = "") -> InlineText:
        field = InlineText(hint)
        field.setProperty("role", "")
        field.committed.connect(partial(self._commit, key))
        self.form.add_widget(key, label, field, field.value)
        return field

    def _notes(self, key: str, label: str, hint: str) -> InlineNotes:
        field = _Notes(self._theme, hint)
        field.setProperty("role", "")
        field.committed.connect(partial(self._commit, key))
        self.form.add_widget(key, label, field, field.value)
        return field

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.merge_button = push_button(
            _("Merge into…"), lambda: self._ask(self.merge_wanted), theme=self._theme, icon="merge"
        )
        self.remove_button = push_button(
            _("Remove…"), lambda: self._ask(self.removal_wanted), theme=self._theme, icon="trash-2"
        )
        row.addWidget(self.merge_button)
        row.addWidget(self.remove_button)
        row.addStretch(1)
        return row

    # -- showing ------------------------------------------------------------------------------

    def show_stage(
        self, stage: Stage, rank: int, stages: int, findings: Sequence[Finding], *, writable: bool
    ) -> None:
        """Show a stage: the `rank`-th of `stages`, with the linter's hints."""
        other = self._stage is None or self._stage.id != stage.id
        self._stage = stage
        if other:
            self.form.clear_errors()
        shown: dict[InlineText | InlineNotes, str] = {
            self.name: stage.name,
            self.goal: stage.goal or "",
            self.key_task: stage.key_task or "",
            self.subtasks: stage.subtasks or "",
            self.criterion: stage.criterion or "",
            self.checklist: stage.checklist or "",
            self.limit: "" if stage.limit_days is None else _plain(stage.limit_days),
            self.chance: "" if stage.probability is None else _plain(stage.probability * 100),
        }
        for field, value in shown.items():
            field.set_value(value)
        self.chance.setPlaceholderText(_plain(default_probability(rank, stages) * 100))
        self.manager.set_value(stage.manager_id)
        self.required.set_chosen(required_of(stage))
        self.hold.setChecked(stage.kind == "hold")
        self.colour.set_value(stage.colour)
        self.hint.show_finding(next((f for f in findings if f.code in NAME_CODES), None), writable=writable)
        self.form.set_row_visible("hint", self.hint.filled)
        self.form.setEnabled(writable)
        self.merge_button.setEnabled(writable and stages > 1)
        self.remove_button.setEnabled(writable and stages > 1)

    def set_lists(self, managers: Mapping[int, str], fields: Mapping[int, CustomField]) -> None:
        """Who may be responsible, and the own fields that may be required."""
        options: list[tuple[object, str]] = [(None, _("the manager of the deal"))]
        self.manager.set_options(options + list(managers.items()))
        self.required.set_fields(fields)
        if self._stage is not None:
            self.manager.set_value(self._stage.manager_id)

    def set_own_chance(self, chance: float | None, deals: int) -> None:
        """What the own history says of the stage, beside the figure set by hand."""
        told = ngettext(
            "Own history: {chance} ({count} closed deal)",
            "Own history: {chance} ({count} closed deals)",
            deals,
        ).format(chance=format_percent(chance), count=format_number(deals))
        self.own_chance.setText(told if deals else _("Own history: no closed deals yet"))

    def stage_id(self) -> int:
        """The stage that is shown; 0 = none yet."""
        return 0 if self._stage is None else self._stage.id

    def refuse(self, key: str, words: str) -> None:
        """Say under a field why it was not taken."""
        self.form.set_error(key, words)

    # -- telling ------------------------------------------------------------------------------

    def _commit(self, key: str, text: str) -> None:
        self.form.set_error(key, "")
        readers: dict[str, Callable[[str], object]] = {
            "limit_days": _days, "probability": _chance, "name": _as_typed
        }  # fmt: skip
        try:
            self._tell(key, readers.get(key, _or_nothing)(text))
        except ValueError:
            wrong = {
                "limit_days": _("Days, more than 0; empty for the usual limit."),
                "probability": _("A number from 0 to 100; empty for the template's."),
            }
            self.form.set_error(key, wrong[key])

    def _tell(self, key: str, value: object) -> None:
        if self._stage is not None:
            self.edited.emit(self._stage.id, key, value)

    def _ask(self, wanted: Any) -> None:
        if self._stage is not None:
            wanted.emit(self._stage.id)


class _Notes(InlineNotes):
    """Has a frame, and grows when it becomes narrower, too."""

    def _fit(self) -> None:
        super()._fit()
        self.setFixedHeight(self.minimumHeight() + self._theme.px(4))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            QTimer.singleShot(0, self, self._fit)


class _HintCard(QFrame):
    """What is wrong with a name, calmly, and better names to take with one click."""

    taken = Signal(str)
    end_wanted = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "step")
        self._theme = theme
        self.filled = False
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE_2)
        self.sentence = PlainLabel()
        self.sentence.setWordWrap(True)
        column.addWidget(self.sentence)
        self._label = Quiet(_("For example:"))
        column.addWidget(self._label)
        self.buttons = [push_button("", role="chip") for _place in range(2)]
        for button in self.buttons:
            button.clicked.connect(lambda _checked=False, b=button: self.taken.emit(str(b.property("name"))))
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self.end = push_button(_("Give the wait an end…"), self.end_wanted.emit, role="link")
        column.addWidget(self.end, 0, Qt.AlignmentFlag.AlignLeft)

    def show_finding(self, finding: Finding | None, *, writable: bool) -> None:
        """Show a finding, or nothing."""
        self.filled = finding is not None
        if finding is None:
            return
        self.sentence.setText(finding_text(finding))
        names = proposed_names(finding.proposals) if writable else []
        self.end.setVisible(writable and finding.code == "waiting")
        self._label.setVisible(bool(names))
        for place, button in enumerate(self.buttons):
            button.setVisible(place < len(names))
            if place < len(names):
                button.setProperty("name", names[place])
                button.setText(names[place].replace("&", "&&"))
        self._fit()

    def _fit(self) -> None:
        # a form gives its rows the height of one line unless they ask for more
        room = self.width() - 2 * SPACE_3 - 2
        self.sentence.setMinimumHeight(max(self.sentence.heightForWidth(room), 0))

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _as_typed(text: str) -> str:
    return text


def _or_nothing(text: str) -> str | None:
    return text or None


def _plain(value: float) -> str:
    return format_number(value, 0 if round(value, 6) == round(value) else 1)


def _number(text: str) -> float:
    bare = "".join(c for c in text if not c.isspace()).replace("%", "").replace(",", ".")
    return float(bare)


def _days(text: str) -> float | None:
    if not text:
        return None
    days = _number(text)
    if not 0 < days < 10_000:
        raise ValueError(text)
    return days


def _chance(text: str) -> float | None:
    if not text:
        return None
    chance = _number(text) / 100
    if not 0 <= chance <= 1:
        raise ValueError(text)
    return chance
