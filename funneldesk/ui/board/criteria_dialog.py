"""What a stage requires, asked in one dialog at the move; the move completes, or the card goes back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.criteria import CUSTOM, MEETING, Answers, Meeting
from funneldesk.text import _, criterion_text
from funneldesk.ui.clients.due import Due, parse_time
from funneldesk.ui.clients.own_rows import add_own_row
from funneldesk.ui.context import AppContext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import DateField
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.services.criteria import AskedDeal, Questions

_LISTS = {"manager_id": "managers", "source_id": "sources", "product_id": "products"}


class CriteriaDialog(Dialog):
    """One part for each deal that lacks something; `answers()` once it is accepted."""

    help_page = "board"

    def __init__(self, context: AppContext, questions: Questions, parent: QWidget | None = None) -> None:
        super().__init__(context.theme, parent)
        theme = context.theme
        self.setWindowTitle(questions.stage.name)
        self.setMinimumWidth(theme.px(500))
        self.column = column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4 + SPACE, SPACE_4, SPACE_4 + SPACE, SPACE_4)
        column.setSpacing(SPACE_2)
        head = Heading(_("To the stage “{stage}”").format(stage=questions.stage.name), 2)
        head.setWordWrap(True)
        column.addWidget(head)
        about = (questions.stage.criterion or "").strip() or _("What must be known before a deal stands here")
        column.addWidget(Quiet(about, wrap=True))
        inner = QWidget()
        self.rows = rows = QVBoxLayout(inner)
        rows.setContentsMargins(0, SPACE_2, 0, SPACE_2)
        rows.setSpacing(SPACE_3)
        self.parts = [DealPart(context, questions, deal) for deal in questions.deals]
        for part in self.parts:
            rows.addWidget(part)
        rows.addStretch(1)
        self.area = ScrollArea(inner)
        self._most = theme.px(420)
        column.addWidget(self.area, 1)
        self.do_button = PrimaryButton(_("Move the deal"), self.accept, theme=theme, icon="arrow-right")
        if len(self.parts) > 1:
            self.do_button.setText(_("Move the deals"))
        self.add_foot(column, self.do_button)
        QShortcut(QKeySequence("Ctrl+Return"), self, self.accept)
        self.fit()
        self.parts[0].focus_first()

    def fit(self) -> None:
        """Make room for all that is asked and for what is wrong with it; where there is much, it scrolls."""
        rows, edge = self.rows, self.column.contentsMargins()
        rows.activate()
        wide = (self.width() if self.isVisible() else self.minimumWidth()) - edge.left() - edge.right()
        needed = max(rows.heightForWidth(wide), rows.sizeHint().height())
        self.area.setMinimumHeight(min(needed, self._most))
        self.column.activate()
        if self.isVisible():
            self.resize(self.width(), max(self.height(), self.minimumSizeHint().height()))

    def answers(self) -> dict[int, Answers]:
        """What was answered, by deal."""
        return {part.deal.id: part.answers() for part in self.parts}

    # Qt overrides

    def accept(self) -> None:
        """Close when nothing is missing."""
        # each is to mark what it lacks, the first of them last: there the cursor stays
        good = [part.check() for part in reversed(self.parts)]
        if all(good):
            super().accept()
        else:
            self.fit()


def ask_criteria(
    context: AppContext, error: Exception, parent: QWidget | None, then: Callable[[dict[int, Answers]], None]
) -> bool:
    """Ask what a stage requires when that is the error; `then` takes the answers by deal.

    Whether it was asked: any other error is the caller's.
    """
    questions: Questions | None = getattr(error, "questions", None)
    if questions is None:
        return False
    dialog = CriteriaDialog(context, questions, parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.accepted.connect(lambda: then(dialog.answers()))
    dialog.open()
    return True


class DealPart(QWidget):
    """What is asked about one deal."""

    def __init__(self, context: AppContext, questions: Questions, deal: AskedDeal) -> None:
        super().__init__()
        self.deal = deal
        self._context, self._questions = context, questions
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        named = f"{deal.client} · {deal.title}" if deal.client else deal.title
        title = PlainLabel(named, "strong")
        title.setWordWrap(True)
        column.addWidget(title)
        self.form = Form(context.theme)
        for key in deal.keys:
            self._add(key)
        self.form.setVisible(any(key != MEETING for key in deal.keys))
        column.addWidget(self.form)
        self.meeting = MeetingPart(context) if MEETING in deal.keys else None
        if self.meeting is not None:
            column.addWidget(self.meeting)
        self.boxes: dict[str, QCheckBox] = {}
        for item in deal.checks:
            words = criterion_text(item)
            box = QCheckBox((words[:1].upper() + words[1:]).replace("&", "&&"))
            box.setAccessibleName(words)
            self.boxes[item] = box
            column.addWidget(box)
        self.error = PlainLabel(_("Everything on the list must be checked off."), "error")
        self.error.hide()
        column.addWidget(self.error)

    def focus_first(self) -> None:
        """Put the cursor into the first field."""
        first = next((key for key in self.deal.keys if key != MEETING), None)
        if first is not None:
            self.form.field(first).setFocus()
        elif self.meeting is not None:
            self.meeting.place.setFocus()
        elif self.boxes:
            next(iter(self.boxes.values())).setFocus()

    def check(self) -> bool:
        """Mark what is missing."""
        unchecked = [box for box in self.boxes.values() if not box.isChecked()]
        self.error.setVisible(bool(unchecked))
        meeting = self.meeting is None or self.meeting.check()
        form = (
            self.form.check()
        )  # after the meeting, which stands below: the first that is missing gets the cursor
        if form and meeting and unchecked:
            unchecked[0].setFocus()
        return form and meeting and not unchecked

    def answers(self) -> Answers:
        """What was answered."""
        values = {key: value for key, value in self.form.values().items() if value is not None}
        meeting = self.meeting.meeting() if self.meeting is not None else None
        checked = frozenset(item for item, box in self.boxes.items() if box.isChecked())
        return Answers(values, checked, meeting)

    def _add(self, key: str) -> None:
        form, words = self.form, criterion_text(key)
        label = words[:1].upper() + words[1:]
        if key == MEETING:
            return
        if key.startswith(CUSTOM):
            own = self._questions.fields[int(key.removeprefix(CUSTOM))]
            add_own_row(form, key, own, self._context.currency)
        elif key == "amount":
            form.add_money(key, label, self.deal.currency or self._context.currency)
        elif key == "expected_close":
            form.add_date(key, label)
        elif key in _LISTS:
            known = getattr(self._questions.names, _LISTS[key])
            form.add_choice(key, label, list(known.items()))
        elif key in ("demand", "comment"):
            form.add_long_text(key, label)
        else:
            form.add_text(key, label)
        form.require(key)


class MeetingPart(QWidget):
    """Where and when a meeting is held: "scheduled" means that all three are known."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(_("Meeting"), "field"))
        self.place = QLineEdit()
        self.place.setPlaceholderText(_("Place: address, office, link"))
        self.place.setAccessibleName(_("Place of the meeting"))
        column.addWidget(self.place)
        row = QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.day = DateField(context.theme)
        self.day.edit.setAccessibleName(_("Day of the meeting"))
        self.time = QLineEdit()
        self.time.setPlaceholderText("14:30")
        self.time.setAccessibleName(_("Time of the meeting"))
        self.time.setFixedWidth(context.theme.px(80))
        row.addWidget(self.day, 1)
        row.addWidget(self.time)
        column.addLayout(row)
        self.error = PlainLabel(_("Give place, day and time of the meeting."), "error")
        self.error.hide()
        column.addWidget(self.error)

    def check(self) -> bool:
        """Whether place, day and time are given."""
        good = self.meeting() is not None
        self.error.setVisible(not good)
        if not good:
            self.place.setFocus()
        return good

    def meeting(self) -> Meeting | None:
        """The meeting; None while something is missing."""
        from datetime import date

        try:
            day = self.day.value()
        except ValueError:
            return None
        at = parse_time(self.time.text())
        place = self.place.text().strip()
        if day is None or at is None or not place:
            return None
        planned = Due(date.fromisoformat(day), at).planned(self._context)
        return Meeting(place, planned["due_at"], planned["due_local"], planned["due_zone"])
