"""The questionnaire in the dialog of a lead, with the points it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.questions import LeadQuestion, QuestionKind, choices_of, most_points, score
from funneldesk.text import _, format_number
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Heading, PlainLabel


class Questionnaire(QWidget):
    """One row per question; hidden while the base has none."""

    changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._questions: Sequence[LeadQuestion] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, SPACE_2, 0, 0)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("Questions"), 3))
        self.form = Form(theme)
        column.addWidget(self.form)
        self.total = PlainLabel("", "strong")
        column.addWidget(self.total)
        self.hide()

    def show_questions(self, questions: Sequence[LeadQuestion], answers: Mapping[int, str]) -> None:
        """Show the questions and what is known; called once."""
        self._questions = questions
        for question in questions:
            key = str(question.id)
            if question.kind == QuestionKind.YES_NO:
                self.form.add_choice(key, question.text, (("1", _("Yes")), ("0", _("No"))))
            elif question.kind == QuestionKind.CHOICE:
                words = [words for words, _points in choices_of(question)]
                self.form.add_choice(key, question.text, [(word, word) for word in words])
            else:
                self.form.add_text(key, question.text)
        with QSignalBlocker(self.form):
            self.form.set_values({str(i): value for i, value in answers.items()
                                  if str(i) in self.form.values()})  # fmt: skip
        self.form.changed.connect(lambda _key: self._add_up())
        self._add_up()
        self.setVisible(bool(questions))

    def answers(self) -> dict[int, str]:
        """Question -> what is answered ("" = nothing)."""
        return {int(key): str(value or "") for key, value in self.form.values().items()}

    def answer(self, question_id: int, value: str) -> None:
        """Answer a question (for tests)."""
        field = self.form.field(str(question_id))
        if isinstance(field, ChoiceField):
            field.set_value(value)
        elif isinstance(field, QLineEdit):
            field.setText(value)
        self._add_up()

    def _add_up(self) -> None:
        most = most_points(self._questions)
        got = score(self._questions, self.answers())
        self.total.setText(_("{points} points of {most}").format(points=format_number(got),
                                                                 most=format_number(most)))  # fmt: skip
        self.total.setVisible(most > 0)
        self.changed.emit()
