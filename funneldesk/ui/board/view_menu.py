"""What the cards of the board show, and how they are put together; remembered on this computer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QToolButton

from funneldesk.domain.fields import CustomField
from funneldesk.text import _
from funneldesk.ui.board.card_paint import USUAL_FIELDS, fields_of
from funneldesk.ui.board.own_lines import MOST
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.buttons import IconButton


class ViewMenu(IconButton):
    """A menu of ticks."""

    fields_changed = Signal(object)  # frozenset
    grouped_changed = Signal(bool)
    own_changed = Signal(int, bool)  # an own field is put on the cards or taken off
    past_wanted = Signal()

    def __init__(self, context: AppContext) -> None:
        super().__init__(context.theme, "columns-3", _("What the cards show"))
        self._context = context
        self.menu_ = QMenu(self)
        self.setMenu(self.menu_)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        kept = context.settings.more.get("board")
        self.fields = fields_of(kept)
        self.own_fields: Callable[[], tuple[Sequence[CustomField], Sequence[int]]] = lambda: ((), ())
        self.grouped = bool(kept.get("grouped")) if isinstance(kept, dict) else False
        self.menu_.aboutToShow.connect(self.fill)

    def fill(self) -> None:
        """Put the ticks into the menu when it is opened: own fields come and go."""
        self.menu_.clear()
        group = self.menu_.addAction(_("Group by manager"))
        group.setCheckable(True)
        group.setChecked(self.grouped)
        group.toggled.connect(self._group)
        self.menu_.addAction(_("Board of a past day…"), self.past_wanted.emit)
        self.menu_.addSection(_("On the cards"))
        for key, words in (
            ("title", _("Deal")),
            ("amount", _("Amount")),
            ("days", _("Days in the stage")),
            ("manager", _("Manager")),
            ("step", _("Next step")),
            ("close", _("Expected close")),
        ):
            action = self.menu_.addAction(words)
            action.setCheckable(True)
            action.setChecked(key in self.fields)
            action.setData(key)
            action.toggled.connect(lambda on, key=key: self._show(key, on))
        self._add_own()
        self.menu_.addSeparator()
        self.menu_.addAction(_("As usual"), self._usual)

    def _add_own(self) -> None:
        fields, chosen = self.own_fields()
        if fields:
            self.menu_.addSection(_("Own fields"))
        for field in fields:
            action = self.menu_.addAction(field.name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(field.id in chosen)
            action.setEnabled(field.id in chosen or len(chosen) < MOST)
            action.toggled.connect(lambda on, field_id=field.id: self.own_changed.emit(field_id, on))

    def _group(self, on: bool) -> None:
        self.grouped = on
        self._keep()
        self.grouped_changed.emit(on)

    def _show(self, key: str, on: bool) -> None:
        self.fields = self.fields | {key} if on else self.fields - {key}
        self._keep()
        self.fields_changed.emit(self.fields)

    def _usual(self) -> None:
        for action in self.menu_.actions():
            if action.data():
                action.setChecked(action.data() in USUAL_FIELDS)
        for field_id in self.own_fields()[1]:
            self.own_changed.emit(field_id, False)

    def _keep(self) -> None:
        kept = self._context.settings.more.get("board")
        board = kept if isinstance(kept, dict) else {}
        chosen = {"fields": sorted(self.fields), "grouped": self.grouped}
        self._context.settings.more["board"] = {**board, **chosen}
        self._context.settings.save()
