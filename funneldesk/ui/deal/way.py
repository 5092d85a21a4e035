"""How a deal goes through its funnel: the line under its route, and the menu that changes the way."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from funneldesk.domain import card as model
from funneldesk.domain.funnel import DealMode
from funneldesk.text import N_, _
from funneldesk.ui.clients.common import due_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Quiet

if TYPE_CHECKING:
    from funneldesk.domain.change import Change
    from funneldesk.store.database import Database
    from funneldesk.ui.funnels.requests import Write

MODES = {
    DealMode.MANUAL: N_("Manual: people move it"),
    DealMode.AUTOMATIC: N_("Automatic: its tasks move it"),
    DealMode.STAGELESS: N_("Without stages: only won or lost"),
}


def skips_of(card: model.DealCard) -> frozenset[int]:
    """The stages that the deal does without."""
    return frozenset(json.loads(card.deal.skips)) if card.deal.skips else frozenset()


def next_stage(card: model.DealCard) -> int | None:
    """The stage after the one where the deal stands; None at the end."""
    without = skips_of(card) - {card.deal.stage_id}
    way = [stage.id for stage in card.stages if stage.id not in without]
    if card.deal.stage_id not in way:
        return way[0] if way else None
    place = way.index(card.deal.stage_id) + 1
    return way[place] if place < len(way) else None


class WayLine(QWidget):
    """Of an automatic deal: what is to be done now, by whom and when, and what comes then."""

    go_on = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        self.words = Quiet(wrap=True)
        self.button = push_button(_("Go on"), self.go_on.emit, theme=context.theme, icon="arrow-right")
        row.addWidget(self.words, 1)
        row.addWidget(self.button)

    def show_card(self, card: model.DealCard) -> None:
        """Show the step of a deal; nothing for one that people move."""
        deal = card.deal
        automatic = deal.mode == DealMode.AUTOMATIC and deal.status == "open"
        self.setVisible(automatic)
        if not automatic:
            return
        task = next((a for a in card.planned if a.stage_id is not None and a.stage_id == deal.stage_id), None)
        follows = card.names.stages.get(next_stage(card) or 0) or card.funnel.won_name or _("Won")
        then = _("Then: {stage}").format(stage=follows)
        if task is None:
            self.words.setText(_("The task of this step is done.") + " " + then)
        else:
            who = card.names.managers.get(task.manager_id or 0, "")
            when = due_words(task.due_at, self._context.zone, all_day=task.all_day).text
            about = ", ".join(part for part in (who, when) if part)
            self.words.setText(
                _("Now: {task} ({about}).").format(task=task.subject, about=about) + " " + then
            )
        self.button.setVisible(task is None and not self._context.read_only)


def set_mode(deal_id: int, mode: DealMode) -> Write:
    """A deal that goes another way."""

    def work(db: Database, actor: Any) -> Change:
        from funneldesk.services import steps

        return steps.set_mode(db, [deal_id], mode, actor=actor)

    return work


def set_skips(deal_id: int, stage_ids: frozenset[int]) -> Write:
    """A deal that does without some stages."""

    def work(db: Database, actor: Any) -> Change:
        from funneldesk.services import steps

        return steps.set_skips(db, deal_id, sorted(stage_ids), actor=actor)

    return work


def fill_menu(menu: QMenu, context: AppContext, card: model.DealCard, write: Any) -> None:
    """Put what can be said of a deal's way into its menu; `write` runs a service."""
    theme, deal = context.theme, card.deal
    modes = menu.addMenu(theme_icon(theme, "arrow-right-left"), _("How the deal goes"))
    for mode, words in MODES.items():
        action = modes.addAction(_(words))
        action.setCheckable(True)
        action.setChecked((deal.mode or DealMode.MANUAL) == mode)
        action.triggered.connect(lambda _on=False, chosen=mode: write(set_mode(deal.id, chosen)))
    if (deal.mode or DealMode.MANUAL) != DealMode.MANUAL:
        return
    without = skips_of(card)
    stages = menu.addMenu(_("Stages it does without"))
    for stage in card.stages:
        action = stages.addAction(stage.name.replace("&", "&&"))
        action.setCheckable(True)
        action.setChecked(stage.id in without)
        action.setEnabled(stage.id != deal.stage_id)
        action.triggered.connect(
            lambda _on=False, other=without ^ {stage.id}: write(set_skips(deal.id, other))
        )
