"""Plans: a year of goals of managers and the team."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.goals import Measure
from funneldesk.errors import UserError
from funneldesk.text import N_, _, error_text, ngettext
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.goals.block import Placed, place, reader
from funneldesk.ui.goals.grid import MONTHS, PlanGrid, Values
from funneldesk.ui.theme import SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.fields import ChoiceField
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.services.goals import PlanCell
    from funneldesk.store.database import Database

MEASURES = {
    Measure.MONEY: N_("Won money"),
    Measure.DEALS: N_("Won deals"),
    Measure.CALLS: N_("Calls made"),
    Measure.MEETINGS: N_("Meetings held"),
}
People = Sequence[tuple[int | None, str]]


class PlansPart(QWidget):
    """What is planned and for which year above the grid; what is done with it below."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self.year = clock.local_date(clock.now(), context.zone).year
        theme = context.theme
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_3)
        column.addLayout(self._head())
        self.grid = PlanGrid(theme, context.currency)
        self.grid.plans.editable = not context.read_only
        self.grid.typed.connect(self._typed)
        self.grid.pasted.connect(self.put)
        self.grid.cleared.connect(self._clear)
        column.addWidget(self.grid, 1)
        self.note = Quiet(wrap=True)
        column.addWidget(self.note)
        column.addLayout(self._foot())
        self.reload()

    def _head(self) -> QHBoxLayout:
        theme, row = self._context.theme, QHBoxLayout()
        row.setSpacing(SPACE_2)
        options = [(measure, _(words)) for measure, words in MEASURES.items()]
        self.measure = ChoiceField(options, Measure.MONEY, optional=False)
        self.measure.setAccessibleName(_("What is planned"))
        self.measure.changed.connect(self.reload)
        row.addWidget(self.measure)
        row.addSpacing(SPACE_2)
        row.addWidget(IconButton(theme, "chevron-left", _("Year before"), lambda: self.turn(-1)))
        self.year_label = PlainLabel("", "strong")
        row.addWidget(self.year_label)
        row.addWidget(IconButton(theme, "chevron-right", _("Year after"), lambda: self.turn(1)))
        row.addStretch(1)
        return row

    def _foot(self) -> QHBoxLayout:
        theme, row = self._context.theme, QHBoxLayout()
        row.setSpacing(SPACE_2)
        self.paste_button = push_button(
            _("Paste cells"), self.grid.paste, theme=theme, icon="clipboard-paste"
        )
        self.paste_button.setToolTip("Ctrl+V")
        self.fill_button = push_button(
            _("Same to the right"), self.grid.fill_right, theme=theme, icon="arrow-right"
        )
        self.fill_button.setToolTip("Ctrl+R")
        self.copy_button = push_button(_("Copy the grid"), self.copy_all, theme=theme, icon="copy")
        for button in (self.paste_button, self.fill_button, self.copy_button):
            row.addWidget(button)
        for button in (self.paste_button, self.fill_button):
            button.setEnabled(not self._context.read_only)
        row.addStretch(1)
        return row

    def chosen(self) -> Measure:
        """What is planned."""
        return Measure(str(self.measure.value()))

    def turn(self, by: int) -> None:
        """Go to another year."""
        self.year += by
        self.reload()

    def reload(self) -> None:
        """Read the plans anew."""
        year, measure = self.year, self.chosen()
        team = _("Team")
        self.year_label.setText(str(year))

        def read(db: Database) -> tuple[People, Values]:
            return _read(db, year, measure, team)

        def show(found: tuple[People, Values]) -> None:
            people, values = found
            self.grid.plans.show_plans(people, year, measure, values)
            if not self.grid.currentIndex().isValid():
                self.grid.setCurrentIndex(self.grid.plans.index(0, 0))
            self._tell(bool(values))

        self._context.tasks.read(read, show, receiver=self, key="plans")

    def _tell(self, any_there: bool) -> None:
        if any_there:
            words = _("Grey numbers of the team are the managers' plans together.")
        else:
            words = _("No plans yet. Type into the cells, or paste them from a spreadsheet.")
        self.note.setText(words)

    def copy_all(self) -> None:
        """Put the grid with its heads on the clipboard."""
        QGuiApplication.clipboard().setText(self.grid.whole_text())
        self._context.toast(_("Copied"))

    # -- writing ------------------------------------------------------------------------------

    def put(self, text: str, row: int, column: int) -> None:
        """Set the cells of a block whose corner is at a cell of the grid."""
        names = [name for _manager, name in self.grid.plans.people]
        read = reader(self.chosen(), self._context.currency)
        try:
            placed = place(text, names, MONTHS, (row, column), read)
        except UserError as error:
            self._context.toast(error_text(error), error=True)
            return
        self._write(self.grid.plans.cells(placed), self._beside(placed))

    def _beside(self, placed: Placed) -> Callable[[], None] | None:
        count = placed.left_out
        if not count:
            return None
        words = ngettext(
            "{count} cell lay beside the grid and was left out.",
            "{count} cells lay beside the grid and were left out.",
            count,
        ).format(count=count)
        return lambda: self.note.setText(words)

    def _typed(self, row: int, column: int, text: str) -> None:
        try:
            value = reader(self.chosen(), self._context.currency)(text)
        except ValueError:
            self._context.toast(error_text(UserError("plan.cell", value=text)), error=True)
            return
        self._write(self.grid.plans.cells(Placed(((row, column, value),))))

    def _clear(self, cells: Sequence[tuple[int, int]]) -> None:
        gone = tuple((row, column, None) for row, column in cells)
        if not self._context.read_only:
            self._write(self.grid.plans.cells(Placed(gone)))

    def _write(self, cells: Sequence[PlanCell], after: Callable[[], None] | None = None) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import goals

            return goals.set_plans(db, cells, actor=actor)

        def done(_change: Change) -> None:
            self.reload()
            if after is not None:
                after()
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

        if cells and not self._context.read_only:
            # a block is told with its Undo; a single cell is seen, and Ctrl+Z takes it back
            save(self._context, write, self, done, toast=len(cells) > 1)


def _read(db: Database, year: int, measure: Measure, team: str) -> tuple[People, Values]:
    from funneldesk.services import goals, reporting

    own = [p for p in goals.plans(db) if p.month.startswith(f"{year:04}-") and p.measure == measure]
    with_plans = {plan.manager_id for plan in own}
    people: list[tuple[int | None, str]] = [(None, team)]
    people += [(m.id, m.name) for m in reporting.choices(db).managers if m.active or m.id in with_plans]
    return people, {(plan.manager_id, plan.month): plan.value for plan in own}
