"""Plans and costs: what reports compare with, entered by hand or pasted."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.goals.plans import PlansPart
from funneldesk.ui.goals.records import RecordsPart, cost_kind, mark_kind, standard_kind
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import Heading

TOUCHING = {
    "plans": ("plan", "manager"),
    "costs": ("source_cost", "source"),
    "marks": ("mark", "funnel"),
    "standards": ("standard", "stage", "funnel"),
}


class GoalsPage(Page):
    """Four parts, one in front; `show_params(part=...)` chooses it."""

    help_page = "goals"

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._old: set[str] = set()  # parts to be read anew when they come to the front
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_3)
        column.setSpacing(SPACE_3)
        head = QHBoxLayout()
        head.setSpacing(SPACE_2)
        head.addWidget(
            IconButton(context.theme, "arrow-left", _("To the reports"), lambda: context.show_page("reports"))
        )
        head.addWidget(Heading(_("Plans and costs")))
        head.addStretch(1)
        column.addLayout(head)
        self.plans = PlansPart(context)
        self.costs = RecordsPart(context, cost_kind())
        self.marks = RecordsPart(context, mark_kind())
        self.standards = RecordsPart(context, standard_kind())
        self.parts: dict[str, PlansPart | RecordsPart] = {
            "plans": self.plans,
            "costs": self.costs,
            "marks": self.marks,
            "standards": self.standards,
        }
        column.addLayout(self._choice())
        self.stack = QStackedWidget()
        for part in self.parts.values():
            self.stack.addWidget(part)
        column.addWidget(self.stack, 1)
        self.show_part("plans")

    def _choice(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(SPACE_2 // 2)
        group = QButtonGroup(self)
        self.buttons: dict[str, QPushButton] = {}
        for key, words, icon in (
            ("plans", _("Plans"), "target"),
            ("costs", _("Costs of sources"), "coins"),
            ("marks", _("Marked changes"), "flag"),
            ("standards", _("Standards of contact"), "timer"),
        ):
            button = push_button(words, partial(self.show_part, key), theme=self._context.theme, icon=icon)
            button.setCheckable(True)
            group.addButton(button)
            self.buttons[key] = button
            row.addWidget(button)
        row.addStretch(1)
        return row

    def show_part(self, key: str) -> None:
        """Bring a part to the front."""
        self.buttons[key].setChecked(True)
        part: QWidget = self.parts[key]
        self.stack.setCurrentWidget(part)
        if key in self._old:
            self._old.discard(key)
            self.parts[key].reload()

    # -- what the window asks -----------------------------------------------------------------

    def title(self) -> str:
        """The name of the screen."""
        return _("Plans and costs")

    def show_params(self, **params: Any) -> None:
        """`part="costs"` opens that part."""
        key = params.get("part")
        if key in self.parts:
            self.show_part(str(key))

    def refresh(self, change: Change | None) -> None:
        """Read anew what a change touches; parts behind wait."""
        for key, kinds in TOUCHING.items():
            if change is not None and not any(change.touches(kind) for kind in kinds):
                continue
            if self.stack.currentWidget() is self.parts[key]:
                self.parts[key].reload()
            else:
                self._old.add(key)
