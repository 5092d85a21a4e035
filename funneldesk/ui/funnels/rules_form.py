"""What holds for a whole funnel: which moves are allowed, what a loss needs, where chances come from."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QVBoxLayout, QWidget

from funneldesk.domain.funnel import Funnel
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.clients.inline import InlineText
from funneldesk.ui.funnels.reasons_form import ReasonsForm
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet


def _spans(months: Sequence[int]) -> list[tuple[object, str]]:
    """Choices of how much history is learnt from; 0 = all of it."""
    told: list[tuple[object, str]] = [
        (
            count,
            ngettext("the last {count} month", "the last {count} months", count).format(
                count=format_number(count)
            ),
        )
        for count in months
    ]
    return [*told, (0, _("all there is"))]


class RulesForm(QWidget):
    """`edited` carries the name of a field of the funnel and its value."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
        column.addWidget(Heading(_("Deals"), 2))
        self.mode = self._choice(
            column,
            theme,
            "deal_mode",
            _("A new deal in this funnel is"),
            (
                ("manual", _("manual: people move it")),
                ("automatic", _("automatic: its tasks move it")),
                ("stageless", _("without stages: only won or lost")),
            ),
        )
        column.addWidget(
            Quiet(
                _(
                    "Automatic: each stage makes its key task, and when it is done the deal goes on."
                    " A deal can be changed on its card."
                ),
                wrap=True,
            )
        )
        column.addSpacing(SPACE_3)
        column.addWidget(Heading(_("Moves"), 2))
        self.boxes: dict[str, QCheckBox] = {}
        self._box(column, "allow_skip", _("Stages may be skipped"),
                  _("Off: a deal goes to the next stage only."))  # fmt: skip
        self._box(column, "allow_back", _("Deals may go back"),
                  _("Off: a deal that has gone on does not return to a stage before."))  # fmt: skip
        column.addSpacing(SPACE_3)
        column.addWidget(Heading(_("Losses"), 2))
        self._box(column, "loss_comment_required", _("A lost deal needs a comment"),
                  _("The reason is always asked; a few words tell what to learn from it."))  # fmt: skip
        label = PlainLabel(_("Losing an automatic deal gives this task"), "field")
        label.setWordWrap(True)
        column.addWidget(label)
        self.loss_task = InlineText(_("No task"))
        self.loss_task.setProperty("role", "")
        self.loss_task.setAccessibleName(label.text())
        self.loss_task.committed.connect(lambda text: self.edited.emit("loss_task", text or None))
        label.setBuddy(self.loss_task)
        column.addWidget(self.loss_task)
        self.reasons = ReasonsForm(theme)
        column.addWidget(self.reasons)
        column.addSpacing(SPACE_3)
        column.addWidget(Heading(_("Chance to win"), 2))
        self.source = self._choice(
            column,
            theme,
            "probability_source",
            _("The chance of a stage comes from"),
            (
                ("template", _("its own figure, or its place in the funnel")),
                ("history", _("the own history")),
            ),
        )
        column.addWidget(
            Quiet(
                _("The own history needs enough closed deals; until then the figure of the stage counts."),
                wrap=True,
            )
        )
        self.training = self._choice(
            column,
            theme,
            "training_months",
            _("Chances and forecasts learn from"),
            _spans((6, 12, 18, 24, 36, 60)),
        )
        self.closes = self._choice(
            column,
            theme,
            "expected_close",
            _("An open deal is expected to close"),
            (
                ("dates", _("on its date; without one by the pace of its stage")),
                ("dated", _("on its date; without one it is not counted")),
                ("pace", _("by the usual pace of its stage")),
            ),
        )
        column.addWidget(
            Quiet(_("Forecast counts so, unless another way is chosen over the report."), wrap=True)
        )
        self.season_months = self._choice(
            column, theme, "season_months", _("Seasons are learnt from"), _spans((24, 36, 48, 60))
        )
        self._box(
            column,
            "season",
            _("Expect new deals by the season"),
            _("Twelve whole months are needed. Forecast shows what was found: look at it first."),
        )
        column.addStretch(1)

    def _choice(
        self, column: QVBoxLayout, theme: Theme, key: str, text: str, options: Sequence[tuple[object, str]]
    ) -> ChoiceField:
        label = PlainLabel(text, "field")
        label.setWordWrap(True)
        column.addWidget(label)
        field = ChoiceField(options, optional=False)
        field.setMaximumWidth(theme.px(360))
        # as wide as there is room for, not as the longest choice asks
        field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        field.setMinimumContentsLength(12)
        field.setAccessibleName(text)
        label.setBuddy(field)
        field.activated.connect(lambda _index: self.edited.emit(key, field.value()))
        column.addWidget(field)
        return field

    def _box(self, column: QVBoxLayout, key: str, text: str, about: str) -> None:
        box = QCheckBox(text)
        box.clicked.connect(lambda on: self.edited.emit(key, on))
        column.addWidget(box)
        note = Quiet(about, wrap=True)
        note.setContentsMargins(SPACE_3 * 2, 0, 0, SPACE_2)
        column.addWidget(note)
        self.boxes[key] = box

    def show_funnel(self, funnel: Funnel, *, writable: bool) -> None:
        """Show a funnel's rules."""
        for key, box in self.boxes.items():
            box.setChecked(bool(getattr(funnel, key)))
        self.source.set_value(funnel.probability_source)
        self.mode.set_value(funnel.deal_mode)
        self.training.set_value(funnel.training_months)
        self.closes.set_value(funnel.expected_close)
        self.season_months.set_value(funnel.season_months)
        self.loss_task.set_value(funnel.loss_task or "")
        self.setEnabled(writable)
