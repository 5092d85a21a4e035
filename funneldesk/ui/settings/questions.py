"""The questions of leads in the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QSpinBox, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.questions import LeadQuestion, QuestionKind, choices_of
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


def kind_words(kind: str) -> str:
    """How a question is answered."""
    return {
        "yes_no": _("Yes or no"),
        "choice": _("One of a list"),
        "number": _("Number"),
        "text": _("Text"),
    }.get(kind, kind)


class QuestionsSection(QWidget):
    """The questions in their order; added, changed, moved, removed."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._questions: Sequence[LeadQuestion] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        sentence = _("They are asked in the dialog of a lead; the points tell whom to call first.")
        column.addWidget(Quiet(sentence, wrap=True))
        self.list = QListWidget()
        self.list.setAccessibleName(_("Questions of leads"))
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        row = context.theme.px(26)
        self.list.setStyleSheet(f"QListView::item {{ height: {row}px; padding-left: 4px; }}")
        self.list.setFixedHeight(row * 7 + SPACE_2)
        self.list.itemDoubleClicked.connect(lambda _item: self.change())
        self.list.currentRowChanged.connect(lambda _row: self._enable())
        column.addWidget(self.list)
        self.note = Quiet(
            _("No questions yet. A few are enough: need, budget, who decides, by when."), wrap=True
        )
        column.addWidget(self.note)
        theme = context.theme
        self.add_button = push_button(_("Add…"), self.add, theme=theme, icon="plus")
        self.change_button = push_button(_("Change…"), self.change, theme=theme, icon="pencil")
        self.remove_button = push_button(_("Remove"), self.remove, theme=theme, icon="trash-2")
        self.up = IconButton(theme, "arrow-up", _("Up"), lambda: self._move(-1))
        self.down = IconButton(theme, "arrow-down", _("Down"), lambda: self._move(1))
        buttons = QHBoxLayout()
        buttons.setSpacing(SPACE_2)
        for button in (self.add_button, self.change_button, self.remove_button):
            buttons.addWidget(button)
        buttons.addStretch(1)
        for arrow in (self.up, self.down):
            buttons.addWidget(arrow)
        column.addLayout(buttons)
        context.hub.changed.connect(self._changed)
        self.reload()

    def reload(self) -> None:
        """Read the questions anew."""
        self._context.tasks.read(_read, self._take, receiver=self, key="settings-questions")

    def _changed(self, change: Change) -> None:
        if change.touches("lead_question"):
            self.reload()

    def _take(self, found: Sequence[LeadQuestion]) -> None:
        place, self._questions = self.list.currentRow(), found
        self.list.clear()
        for question in found:
            points = f" · {question.points}" if question.points and question.kind != "choice" else ""
            self.list.addItem(f"{question.text} · {kind_words(question.kind)}{points}")
        self.list.setCurrentRow(min(place, len(found) - 1))
        self.list.setVisible(bool(found))
        self.note.setVisible(not found)
        self._enable()

    def chosen(self) -> LeadQuestion | None:
        """The question that is selected."""
        row = self.list.currentRow()
        return self._questions[row] if 0 <= row < len(self._questions) else None

    def _enable(self) -> None:
        writable = not self._context.read_only
        self.add_button.setEnabled(writable)
        for button in (self.change_button, self.remove_button, self.up, self.down):
            button.setEnabled(writable and self.chosen() is not None)

    def add(self) -> None:
        """Ask for a question."""
        self._open(None)

    def change(self) -> None:
        """Open the chosen question."""
        if self.chosen() is not None:
            self._open(self.chosen())

    def _open(self, question: LeadQuestion | None) -> None:
        if not self._context.read_only:
            dialog = QuestionDialog(self._context, self, question)
            dialog.open()

    def remove(self) -> None:
        """Take the chosen question away; the toast brings it back with its answers."""
        question = self.chosen()
        if question is not None:
            self._write(lambda use, db, actor: use.remove_question(db, question.id, actor=actor))

    def _move(self, step: int) -> None:
        question = self.chosen()
        if question is not None:
            row = self.list.currentRow() + step
            self._write(lambda use, db, actor: use.move_question(db, question.id, step, actor=actor))
            self.list.setCurrentRow(max(0, min(row, self.list.count() - 1)))

    def _write(self, use: Callable[[Any, Database, Any], Change]) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import questionnaire

            return use(questionnaire, db, actor)

        save(self._context, write, self)


class QuestionDialog(FormDialog):
    """A question: its words, how it is answered, what points it gives."""

    help_page = "leads"

    error_key = "options"

    def __init__(self, context: AppContext, parent: QWidget | None, question: LeadQuestion | None) -> None:
        super().__init__(context, parent, _("Question"), _("Save"), "check")
        self._question = question
        form = self.form
        form.add_text("text", _("Question"), question.text if question else "", required=True)
        kinds = [(str(kind), kind_words(kind)) for kind in QuestionKind]
        form.add_choice("kind", _("Answer"), kinds, question.kind if question else "yes_no", optional=False)
        self.points = QSpinBox()
        self.points.setRange(-1000, 1000)
        self.points.setValue(question.points if question else 1)
        form.add_widget("points", _("Points"), self.points, self.points.value)
        lines = "\n".join(f"{words} = {points}" for words, points in choices_of(question)) if question else ""
        form.add_long_text("options", _("The choices, one on each line: words = points"), lines, 5)
        form.changed.connect(lambda _key: self._fit())
        self._fit()
        form.field("text").setFocus()

    def _fit(self) -> None:
        several = self.choice("kind").value() == "choice"
        self.form.set_row_visible("options", several)
        self.form.set_row_visible("points", not several)

    def write(self, db: Database, actor: Any, values: dict[str, Any]) -> Change:
        """Keep the question."""
        from funneldesk.services import questionnaire

        number = self._question.id if self._question is not None else None
        return questionnaire.put_question(
            db, values["text"] or "", values["kind"], question_id=number, points=values["points"],
            options=read_options(values["options"] or "") if values["kind"] == "choice" else (), actor=actor,
        )  # fmt: skip


def read_options(text: str) -> list[tuple[str, int]]:
    """Lines `words = points`; without points 0."""
    found = []
    for line in text.splitlines():
        words, _mark, points = line.rpartition("=")
        if not words or not points.strip().lstrip("-").isdecimal():
            words, points = line, "0"
        if words.strip():
            found.append((words.strip(), int(points)))
    return found


def _read(db: Database) -> Sequence[LeadQuestion]:
    from funneldesk.services import questionnaire

    return questionnaire.questions(db)
