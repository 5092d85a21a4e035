"""What holds for a whole funnel: which moves are allowed, what a loss needs, where chances come from."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from funneldesk.domain.funnel import Funnel
from funneldesk.text import _
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet


class RulesForm(QWidget):
    """`edited` carries the name of a field of the funnel and its value."""

    edited = Signal(str, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, SPACE_3, SPACE_3)
        column.setSpacing(SPACE_2)
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
        column.addSpacing(SPACE_3)
        column.addWidget(Heading(_("Chance to win"), 2))
        label = PlainLabel(_("The chance of a stage comes from"), "field")
        column.addWidget(label)
        self.source = ChoiceField(
            (
                ("template", _("its own figure, or its place in the funnel")),
                ("history", _("the own history")),
            ),
            optional=False,
        )
        self.source.setMaximumWidth(theme.px(360))
        self.source.setAccessibleName(label.text())
        label.setBuddy(self.source)
        self.source.activated.connect(
            lambda _index: self.edited.emit("probability_source", self.source.value())
        )
        column.addWidget(self.source)
        column.addWidget(
            Quiet(
                _("The own history needs enough closed deals; until then the figure of the stage counts."),
                wrap=True,
            )
        )
        column.addStretch(1)

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
        self.setEnabled(writable)
