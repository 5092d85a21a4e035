"""Brings what a large import has left for later into the search index, in slices between other writes."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from funneldesk.ui.context import AppContext

if TYPE_CHECKING:
    from funneldesk.store.database import Database

log = logging.getLogger(__name__)

SOON_MS = 2_000  # after the opening the first screen comes first
NEXT_MS = 20  # whatever else waits to be written or shown goes between two slices
_LARGE = 5_000  # records of a change that may leave something for later


class SearchFiller(QObject):
    """Starts after the opening and after every large change; until it is done the search is slower."""

    def __init__(self, context: AppContext, parent: QObject) -> None:
        super().__init__(parent)
        self._context = context
        self._busy = False
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.timeout.connect(self.run)
        context.hub.changed.connect(self._changed)
        self.timer.start(SOON_MS)

    def _changed(self, change: object) -> None:
        edits = getattr(change, "edits", ())
        if any(len(edit.ids) == 2 and edit.ids[1] - edit.ids[0] >= _LARGE for edit in edits):
            self.timer.start(NEXT_MS)

    def run(self) -> None:
        """Fill the next slice."""
        if not self._busy:
            self._busy = True
            self._context.tasks.write(_fill, self._filled, self._failed, receiver=self)

    def _filled(self, more: bool) -> None:
        self._busy = False
        if more:
            self.timer.start(NEXT_MS)

    def _failed(self, error: Exception) -> None:
        # Nothing is lost: the search goes on reading these records from the tables.
        self._busy = False
        log.warning("the search index could not be filled", exc_info=error)


def _fill(db: Database) -> bool:
    from funneldesk.services import search

    return search.fill(db)
