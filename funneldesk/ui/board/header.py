"""The head of the board: which funnel, its figures in one line, the filters."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QPushButton, QVBoxLayout

from funneldesk.domain.board import Board, Totals
from funneldesk.domain.condition import Group, group_from, spec_of
from funneldesk.text import _
from funneldesk.ui.board.card_paint import WHERE
from funneldesk.ui.board.card_text import headline, totals_notes
from funneldesk.ui.board.view_menu import ViewMenu
from funneldesk.ui.conditions.chip import ConditionChip
from funneldesk.ui.context import AppContext
from funneldesk.ui.deals.switch import DealsSwitch
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import Quiet, plain_tooltip
from funneldesk.ui.widgets.popup_filter import ChoiceFilter
from funneldesk.ui.widgets.searchbox import SearchBox

_CHIP_LETTERS = 20
_WIDEST = 300  # of a funnel's name, in pixels at 100 %


class BoardHeader(QFrame):
    """`filter_changed` when managers or text change, `asked` the conditions, `funnel_chosen` with an id."""

    filter_changed = Signal()
    asked = Signal()
    funnel_chosen = Signal(int)
    new_funnel_wanted = Signal()
    edit_funnel_wanted = Signal(int)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._funnel_id = 0
        theme = context.theme
        outer = QVBoxLayout(self)
        outer.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        row = FlowLayout(spacing=SPACE_2, end=True)
        outer.addLayout(row)
        self.switch = DealsSwitch(theme, "board")
        self.switch.chosen.connect(self._switched)
        row.addWidget(self.switch)
        self.funnel = QPushButton()
        self.funnel.setAccessibleName(_("Funnel"))
        self.funnel.setStyleSheet(
            "QPushButton { font-weight: 600; border-color: transparent; background: transparent;"
            f" padding: 0 8px; font-size: {theme.px(16)}px; }}"
            f"QPushButton:hover {{ background: {theme.hover}; }}"
            f"QPushButton:focus {{ border-color: {theme.accent}; }}"
        )
        self.menu = QMenu(self)
        self.funnel.setMenu(self.menu)
        row.addWidget(self.funnel)
        self.figures = Quiet()
        row.addWidget(self.figures)
        self.mine = QPushButton(_("Only mine"))
        self.mine.setProperty("role", "chip")
        self.mine.setCheckable(True)
        self.mine.toggled.connect(self._mine_toggled)
        self.mine.setVisible(context.me is not None)
        self.managers = ChoiceFilter(theme, _("Manager"), icon="users")
        self.managers.changed.connect(self._managers_changed)
        self.conditions = ConditionChip(context, "deal", letters=_CHIP_LETTERS)
        self.conditions.changed.connect(self._conditions_changed)
        self.view = ViewMenu(context)
        self.search = SearchBox(theme, _("Client or deal"))
        self.search.setFixedWidth(theme.px(176))
        self.search.searched.connect(lambda _text: self.filter_changed.emit())
        row.part()
        for widget in (self.mine, self.managers, self.conditions, self.search, self.view):
            row.addWidget(widget)

    # -- what it shows ------------------------------------------------------------------------

    def set_board(self, board: Board) -> None:
        """Another funnel, or other managers."""
        self._funnel_id = board.funnel_id
        wide = self._context.theme.px(_WIDEST)
        name = self.funnel.fontMetrics().elidedText(board.funnel, Qt.TextElideMode.ElideRight, wide)
        self.funnel.setText(f"{name}  ▾".replace("&", "&&"))
        self.funnel.setToolTip(plain_tooltip(board.funnel) if name != board.funnel else "")
        self.menu.clear()
        for funnel_id, name in board.funnels:
            action = self.menu.addAction(name.replace("&", "&&"))
            action.setCheckable(True)
            action.setChecked(funnel_id == board.funnel_id)
            action.triggered.connect(lambda _checked=False, chosen=funnel_id: self.funnel_chosen.emit(chosen))
        self.menu.addSeparator()
        self.menu.addAction(_("Edit this funnel…"), lambda: self.edit_funnel_wanted.emit(board.funnel_id))
        self.menu.addAction(_("New funnel…"), self.new_funnel_wanted.emit)
        self.managers.set_options([(m.id, m.name) for m in board.managers if m.active])
        self.mine.setVisible(self._context.me is not None)

    def set_totals(self, totals: Totals, currency: str) -> None:
        """Other figures."""
        self.figures.setText(headline(totals, currency))
        notes = totals_notes(totals)
        self.figures.setAccessibleDescription(notes)

    # -- the filter ---------------------------------------------------------------------------

    def chosen_managers(self) -> list[int]:
        """Whose deals are wanted; none = everybody's."""
        me = self._context.me
        if self.mine.isChecked() and me is not None:
            return [me]
        return list(self.managers.chosen())

    def where(self) -> Group:
        """What deals are asked for by conditions."""
        return self.conditions.tree()

    def set_past(self, past: bool) -> None:
        """Conditions look at deals as they are now, so a past day is shown without them."""
        reason = _("Conditions look at deals as they are today; a past day is shown without them.")
        self.conditions.switch_off(reason if past else "")

    def text(self) -> str:
        """What is searched for."""
        return self.search.text().strip()

    def _switched(self, key: str) -> None:
        """The same deals in the list; months are the board's own."""
        if key != "list":
            return
        self._context.show_page(
            "deals",
            funnel=self._funnel_id,
            managers=self.chosen_managers(),
            text=self.text(),
            where=self.where(),
        )

    def clear_filter(self) -> None:
        """Show everything."""
        self.mine.setChecked(False)
        self.managers.clear()
        self.search.clear()
        self.conditions.clear()

    def _mine_toggled(self, on: bool) -> None:
        self.mine.setProperty("on", "true" if on else "")
        self.mine.style().unpolish(self.mine)
        self.mine.style().polish(self.mine)
        if on and self.managers.is_on():
            self.managers.clear()
        self._keep()
        self.filter_changed.emit()

    def _managers_changed(self) -> None:
        if self.managers.is_on() and self.mine.isChecked():
            self.mine.setChecked(False)
        self._keep()
        self.filter_changed.emit()

    def restore(self) -> None:
        """The filter of last time."""
        kept = self._context.settings.more.get("board", {})
        if isinstance(kept, dict) and self._context.me is not None:
            self.mine.setChecked(bool(kept.get("mine", False)))
        asked = self._kept_conditions().get(self._context.settings.last_base)
        self.conditions.set_tree(group_from(asked), tell=False)

    def _conditions_changed(self) -> None:
        settings, kept = self._context.settings, self._kept_conditions()
        kept.pop(settings.last_base, None)
        if self.where():
            kept[settings.last_base] = spec_of(self.where())
        settings.more[WHERE] = kept
        settings.save()
        self.asked.emit()

    def _kept_conditions(self) -> dict[str, object]:
        kept = self._context.settings.more.get(WHERE)
        return dict(kept) if isinstance(kept, dict) else {}

    def _keep(self) -> None:
        kept = self._context.settings.more.get("board")
        board = kept if isinstance(kept, dict) else {}
        self._context.settings.more["board"] = {**board, "mine": self.mine.isChecked()}
