"""The overview: chosen reports as tiles, the first page of the tab."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain import clock
from funneldesk.domain.change import Change
from funneldesk.domain.results import Report
from funneldesk.report_words import report_title
from funneldesk.text import _
from funneldesk.ui.clients.common import save
from funneldesk.ui.context import AppContext
from funneldesk.ui.reports.answer import Answer, told
from funneldesk.ui.reports.choice import choice_of
from funneldesk.ui.reports.tile import Tile
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Heading, Quiet
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.domain.fields import SavedView
    from funneldesk.store.database import Database

SCREEN = "overview"  # the screen whose saved views the tiles are
NARROW = 760
WIDE = ("stage-funnel", "manager-matrix")  # their words need the width of two tiles
# what stands there until somebody chooses: report -> period
USUAL = {
    "stage-funnel": "this_quarter",
    "forecast": "this_month",
    "managers": "this_quarter",
    "dynamics": "last_365",
    "lost": "this_quarter",
    "plan-fact": "this_month",
}
Named = tuple[str, dict[str, Any]]


class Dashboard(QWidget):
    """`opened` carries the settings of the tile a person went to; `service` gives the reports."""

    opened = Signal(dict)

    def __init__(self, context: AppContext, service: Callable[[], Any]) -> None:
        super().__init__()
        self._context = context
        self._service = service
        self._views: list[SavedView] = []
        self.tiles: list[Tile] = []
        self._across = 2
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._head())
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(SPACE_4, SPACE_2, SPACE_4, SPACE_4)
        self._grid.setSpacing(SPACE_3)
        self._area = ScrollArea(inner)
        column.addWidget(self._area, 1)

    def _head(self) -> QWidget:
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(SPACE_4, SPACE_3, SPACE_4, SPACE_2)
        row.setSpacing(SPACE_2)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Heading(_("Overview")))
        words.addWidget(Quiet(_("The reports you look at most. Add one by the button over it."), wrap=True))
        row.addLayout(words, 1)
        self.print_button = push_button(_("Print…"), self.preview, theme=self._context.theme, icon="printer")
        row.addWidget(self.print_button, 0, Qt.AlignmentFlag.AlignTop)
        return head

    # -- reading ------------------------------------------------------------------------------

    def reload(self) -> None:
        """Read which tiles there are, then count each."""

        def read(db: Database) -> Sequence[SavedView]:
            from funneldesk.services import views

            return views.views(db, SCREEN)

        self._context.tasks.read(read, self._take, receiver=self, key="overview")

    def named(self) -> list[Named]:
        """Names and settings of the tiles: the kept ones, else the usual ones."""
        from funneldesk.services.views import spec_of

        if self._views:
            return [(view.name, spec_of(view)) for view in self._views]
        return [
            (report_title(name), {"report": name, "period": {"kind": kind}}) for name, kind in USUAL.items()
        ]

    def _take(self, found: Sequence[SavedView]) -> None:
        self._views = list(found)
        wanted = self.named()
        if [(tile.name, tile.spec) for tile in self.tiles] != wanted:
            self._make(wanted)
        self.count()

    def _make(self, wanted: Sequence[Named]) -> None:
        for tile in self.tiles:
            self._grid.removeWidget(tile)
            tile.hide()
            tile.deleteLater()
        self.tiles = []
        for place, (name, spec) in enumerate(wanted):
            tile = Tile(self._context, name, spec)
            tile.opened.connect(self.opened)
            tile.set_changes(
                None if place == 0 else partial(self.shift, place, -1),
                None if place == len(wanted) - 1 else partial(self.shift, place, 1),
                partial(self.remove, place),
            )
            self.tiles.append(tile)
        self._arrange()

    def _arrange(self) -> None:
        place = 0
        for tile in self.tiles:
            wide = self._across if tile.spec.get("report") in WIDE else 1
            if place % self._across + wide > self._across:
                place += 1
            self._grid.addWidget(tile, place // self._across, place % self._across, 1, wide)
            place += wide
            tile.show()
        for number in range(2):
            self._grid.setColumnStretch(number, 1 if number < self._across else 0)
        self._grid.setRowStretch(2 * len(self.tiles), 1)

    def count(self) -> None:
        """Count every tile anew, one after the other."""
        for number, tile in enumerate(self.tiles):
            request = choice_of(tile.spec).request(clock.now(), self._context.zone)

            def ask(db: Database, request: Any = request) -> Answer:
                asked = told(db, request, self._context.currency)
                report = self._service().run(db, asked)
                return Answer(report, asked.pinned(report.as_of))

            self._context.tasks.read(
                ask, tile.show_answer, tile.failed, receiver=tile, key=f"overview-{number}"
            )

    # -- changing -----------------------------------------------------------------------------

    def add(self, spec: dict[str, Any]) -> None:
        """Put a report as it is chosen now at the end."""
        names = {name for name, _spec in self.named()}
        title = name = report_title(str(spec.get("report")))
        number = 2
        while name in names:
            name = f"{title} {number}"
            number += 1
        self._put([*self.named(), (name, spec)])

    def shift(self, place: int, by: int) -> None:
        """Put a tile before or after its neighbour."""
        items = self.named()
        items.insert(place + by, items.pop(place))
        self._put(items)

    def remove(self, place: int) -> None:
        """Take a tile away; the toast brings it back."""
        items = self.named()
        del items[place]
        self._put(items)

    def _put(self, items: Sequence[Named]) -> None:
        def write(db: Database, actor: Any) -> Change:
            from funneldesk.services import views

            return views.arrange(db, SCREEN, items, actor=actor)

        if not self._context.read_only:
            save(self._context, write, self, lambda _change: self.reload())

    # -- printing -----------------------------------------------------------------------------

    def reports(self) -> list[Report]:
        """What is counted, in the order of the tiles."""
        return [tile.answer.report for tile in self.tiles if tile.answer is not None]

    def preview(self) -> None:
        """Show the pages of all tiles before they are printed."""
        from funneldesk.ui.reports.preview import show_preview

        if self.reports():
            show_preview(self.reports(), self._context, self.window())

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        across = 1 if self.width() < self._context.theme.px(NARROW) else 2
        if across != self._across:
            self._across = across
            self._arrange()
