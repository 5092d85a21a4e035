"""The line of filters above the client list."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from funneldesk.domain.client_list import ClientChoices, ClientFilter
from funneldesk.text import _
from funneldesk.ui.clients.columns import kind_words
from funneldesk.ui.conditions.chip import ConditionChip
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.popup_filter import ChoiceFilter

_KINDS = ("company", "person")
_DEALS = (True, False)


class ClientFilters(QWidget):
    """Chips; `changed` whenever any of them does."""

    changed = Signal()

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme = context.theme
        self._cities: list[str] = []
        self._categories: list[str] = []
        self._quiet = False
        self.managers: tuple[tuple[int, str], ...] = ()
        kinds = [(place, kind_words(kind)) for place, kind in enumerate(_KINDS)]
        deals = [(0, _("With open deals")), (1, _("Without open deals"))]
        self.kind = ChoiceFilter(theme, _("Kind"), kinds)
        self.manager = ChoiceFilter(theme, _("Manager"))
        self.source = ChoiceFilter(theme, _("Source"))
        self.city = ChoiceFilter(theme, _("City"))
        self.category = ChoiceFilter(theme, _("Category"))
        self.deals = ChoiceFilter(theme, _("Deals"), deals)
        self.no_step = push_button(_("No next step"), self._toggle_step, role="chip")
        self._chips = (self.kind, self.manager, self.source, self.city, self.category, self.deals)
        self.clear_button = push_button(_("Clear filters"), self.clear, role="link")
        layout = FlowLayout(self, SPACE_2)
        for chip in self._chips:
            layout.addWidget(chip)
            chip.changed.connect(self._tell)
        layout.addWidget(self.no_step)
        self.conditions = ConditionChip(context, "client")
        self.conditions.changed.connect(self._tell)
        layout.addWidget(self.conditions)
        layout.addWidget(self.clear_button)
        self.category.hide()
        self.clear_button.hide()

    def set_choices(self, choices: ClientChoices) -> None:
        """What there is to choose from now; what is chosen stays where it can."""
        kept = self.value()
        self._quiet = True
        none = (0, _("None"))
        self.managers = choices.managers
        self.manager.set_options([*choices.managers, none] if choices.managers else [])
        self.source.set_options([*choices.sources, none] if choices.sources else [])
        self._cities, self._categories = list(choices.cities), list(choices.categories)
        self.city.set_options(list(enumerate(self._cities)))
        self.category.set_options(list(enumerate(self._categories)))
        self.category.setVisible(bool(self._categories))
        self._quiet = False
        self.set_value(kept, tell=False)

    def value(self, text: str = "") -> ClientFilter:
        """The filter that is set, with the text searched for."""
        deals = self.deals.chosen()
        return ClientFilter(
            text=text,
            kinds=tuple(_KINDS[i] for i in self.kind.chosen()),
            manager_ids=self.manager.chosen(),
            source_ids=self.source.chosen(),
            cities=tuple(self._cities[i] for i in self.city.chosen()),
            categories=tuple(self._categories[i] for i in self.category.chosen()),
            open_deals=_DEALS[deals[0]] if len(deals) == 1 else None,
            no_next_step=bool(self.no_step.property("on")),
            where=self.conditions.tree(),
        )

    def set_value(self, flt: ClientFilter, *, tell: bool = True) -> None:
        """Show a filter (of a saved view); what is not there to choose is left out."""
        self._quiet = True
        self.kind.set_chosen([place for place, kind in enumerate(_KINDS) if kind in flt.kinds])
        self.manager.set_chosen(flt.manager_ids)
        self.source.set_chosen(flt.source_ids)
        self.city.set_chosen([i for i, city in enumerate(self._cities) if city in flt.cities])
        self.category.set_chosen([i for i, name in enumerate(self._categories) if name in flt.categories])
        self.deals.set_chosen([] if flt.open_deals is None else [_DEALS.index(flt.open_deals)])
        self._set_step(flt.no_next_step)
        self.conditions.set_tree(flt.where)
        self._quiet = False
        if tell:
            self._tell()
        else:
            self._show_clear()

    def clear(self) -> None:
        """Filter nothing."""
        self.set_value(ClientFilter())

    def _toggle_step(self) -> None:
        self._set_step(not self.no_step.property("on"))
        self._tell()

    def _set_step(self, on: bool) -> None:
        self.no_step.setProperty("on", "true" if on else "")
        self.no_step.style().unpolish(self.no_step)
        self.no_step.style().polish(self.no_step)

    def _show_clear(self) -> None:
        self.clear_button.setVisible(not self.value().empty())

    def _tell(self) -> None:
        if not self._quiet:
            self._show_clear()
            self.changed.emit()
