"""Where the deals of a stage go when it is removed or merged."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from funneldesk.domain.funnel import Stage
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class StageGoesDialog(Dialog):
    """Asks for the stage that takes the deals; `agreed` carries its id."""

    help_page = "funnels"

    agreed = Signal(int)

    def __init__(
        self,
        theme: Theme,
        stage: Stage,
        others: Sequence[Stage],
        count: int,
        *,
        merge: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(theme, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        title = _("Merge a stage into another") if merge else _("Remove a stage")
        column = self.headed(title, 460, SPACE_2, fixed=True)
        column.addWidget(PlainLabel(stage.name, "strong"))
        deals = ngettext("{count} open deal goes to:", "{count} open deals go to:", count)
        asked = deals.format(count=format_number(count)) if count else _("Into the stage:")
        label = PlainLabel(asked, "field")
        column.addSpacing(SPACE_3)
        column.addWidget(label)
        nearest = min(others, key=lambda other: (abs(other.position - stage.position), -other.position))
        self.choice = ChoiceField([(other.id, other.name) for other in others], nearest.id, optional=False)
        self.choice.setAccessibleName(asked)
        label.setBuddy(self.choice)
        column.addWidget(self.choice)
        column.addSpacing(SPACE_2)
        column.addWidget(Quiet(_explained(merge), wrap=True))
        column.addSpacing(SPACE_3)
        self.do_button = PrimaryButton(_("Merge stages") if merge else _("Remove the stage"), self.accept)
        self.add_foot(column, self.do_button)
        self.choice.setFocus()

    # Qt overrides

    def accept(self) -> None:
        """Tell the choice."""
        chosen = self.choice.value()
        assert isinstance(chosen, int)
        self.agreed.emit(chosen)
        super().accept()


def _explained(merge: bool) -> str:
    if merge:
        return _(
            "The two become one. Reports count what happened in this stage as happened in the other,"
            " in past deals too. Undo takes it back."
        )
    return _(
        "The history of every deal stays. Reports no longer show this stage; deals lost in it count where"
        " they stood before. Undo takes it back."
    )
