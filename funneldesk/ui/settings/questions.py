"""The questions of leads in the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QSpinBox, QWidget

from funneldesk.domain.change import Change
from funneldesk.domain.questions import LeadQuestion, QuestionKind, choices_of
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.form_dialog import FormDialog
from funneldesk.ui.settings.record_list import RecordList

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.transaction import Actor


def kind_words(kind: str) -> str:
    """How a question is answered."""
    return {
        "yes_no": _("Yes or no"),
        "choice": _("One of a list"),
        "number": _("Number"),
        "text": _("Text"),
    }.get(kind, kind)


class QuestionsSection(RecordList[LeadQuestion]):
    """The questions in their order; added, changed, moved, removed."""

    kinds = ("lead_question",)
    ordered = True

    def __init__(self, context: AppContext) -> None:
        about = _("They are asked in the dialog of a lead; the points tell whom to call first.")
        super().__init__(context, _("Questions of leads"), 7, about)

    def reader(self) -> Callable[[Database], Sequence[LeadQuestion]]:
        """All questions in their order."""
        return _read

    def line(self, question: LeadQuestion) -> str:
        """Its words, how it is answered, what it gives."""
        points = f" · {question.points}" if question.points and question.kind != "choice" else ""
        return f"{question.text} · {kind_words(question.kind)}{points}"

    def nothing(self) -> str:
        """What is worth asking."""
        return _("No questions yet. A few are enough: need, budget, who decides, by when.")

    def dialog(self, question: LeadQuestion | None) -> QuestionDialog:
        """The question's own."""
        return QuestionDialog(self._context, self, question)

    def removal(self, question: LeadQuestion) -> Callable[[Database, Actor], Change]:
        """It goes with its answers."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import questionnaire

            return questionnaire.remove_question(db, question.id, actor=actor)

        return write

    def moving(self, question: LeadQuestion, by: int) -> Callable[[Database, Actor], Change]:
        """Asked sooner or later."""

        def write(db: Database, actor: Actor) -> Change:
            from funneldesk.services import questionnaire

            return questionnaire.move_question(db, question.id, by, actor=actor)

        return write


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
