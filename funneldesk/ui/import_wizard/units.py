"""Sums that the heading of their column says to be in thousands or millions: said, and changed if not so."""

from __future__ import annotations

from decimal import Decimal
from functools import partial

from PySide6.QtWidgets import QButtonGroup, QRadioButton, QVBoxLayout, QWidget

from funneldesk.importing.units import Unit, UnitUse
from funneldesk.text import _, format_number
from funneldesk.ui.import_wizard.decisions import Section, clear_layout
from funneldesk.ui.import_wizard.session import ImportSession
from funneldesk.ui.import_wizard.views import ValuesView
from funneldesk.ui.theme import SPACE
from funneldesk.ui.widgets.labels import Quiet


class Units(Section):
    """For each such column what one of its sums is, as the heading says or as it stands."""

    def __init__(self, session: ImportSession) -> None:
        super().__init__(_("What do the sums count?"))
        self._session = session
        self._shown: tuple[UnitUse, ...] = ()
        self.radios: dict[tuple[int, Unit], QRadioButton] = {}
        self.hide()

    def show_values(self, view: ValuesView | None) -> None:
        """Show the columns of which it must be known; what was chosen stays, so that it can be changed."""
        uses = view.units if view is not None else self._shown
        if uses == self._shown:
            return
        if list(map(_asked, uses)) != list(map(_asked, self._shown)):
            clear_layout(self.column, keep=1)
            self.radios.clear()
            for use in uses:
                self.column.addWidget(self._ask(use))
        self._shown = uses
        for use in uses:
            self.radios[use.column, use.used].setChecked(True)
        self.setVisible(bool(uses))

    def forget(self) -> None:
        """Another file: nothing is said of it yet."""
        self.show_values(ValuesView())

    def _ask(self, use: UnitUse) -> QWidget:
        box = QWidget()
        inner = QVBoxLayout(box)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(SPACE)
        words = _("{column}: what is {example}?").format(column=use.header, example=use.example)
        inner.addWidget(Quiet(words, wrap=True))
        group = QButtonGroup(box)
        for unit in dict.fromkeys((use.said if use.said is not Unit.ONES else use.used, Unit.ONES)):
            radio = QRadioButton(_sum(use.value * unit.times))
            radio.clicked.connect(partial(self._choose, use.column, unit))
            group.addButton(radio)
            inner.addWidget(radio)
            self.radios[use.column, unit] = radio
        return box

    def _choose(self, column: int, unit: Unit, _checked: bool = False) -> None:
        self._session.read_as(column, unit)


def _asked(use: UnitUse) -> tuple[int, str, Unit, str]:
    """What of a column is asked, whatever was answered."""
    return use.column, use.header, use.said, use.example


def _sum(value: Decimal) -> str:
    return format_number(value, 0 if value == int(value) else 2)
