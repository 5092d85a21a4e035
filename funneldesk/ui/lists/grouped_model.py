"""A paged table whose rows stand under headings that fold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.paged_model import HEADING, FetchRows, PagedModel, Row, TableColumn

if TYPE_CHECKING:
    from funneldesk.store.database import Database


@dataclass(frozen=True, slots=True)
class Heading:
    """A group: what it is called and which records stand under it."""

    key: object
    title: str
    ids: tuple[int, ...]


class GroupedModel(PagedModel):
    """Headings are rows with negative ids: -1 is the first group."""

    def __init__(
        self,
        tasks: TaskRunner,
        theme: Theme,
        columns: Sequence[TableColumn],
        fetch_rows: FetchRows,
        parent: QObject | None = None,
    ) -> None:
        self._headings: tuple[Heading, ...] = ()
        self._folded: set[object] = set()
        self._records: Sequence[int] = ()

        def fetch(db: Database, ids: Sequence[int]) -> Mapping[int, Row]:
            rows = dict(fetch_rows(db, [i for i in ids if i > 0]))
            rows.update({i: self._heading_row(i) for i in ids if i < 0})
            return rows

        super().__init__(tasks, theme, columns, fetch, parent)

    def set_records(self, ids: Sequence[int], headings: Sequence[Heading] = ()) -> None:
        """Show these records in this order, or under these headings."""
        self._records = ids
        self._headings = tuple(headings)
        flat = self._flat() if headings else list(ids)
        if flat == list(self.ids()):
            self.refresh()
        else:
            self.set_ids(flat)

    def records(self) -> Sequence[int]:
        """All records, those under folded headings too."""
        return self._records

    def headings(self) -> tuple[Heading, ...]:
        """The groups."""
        return self._headings

    def fold(self, heading_id: int, folded: bool | None = None) -> None:
        """Fold a group or show it again (None = the other way)."""
        key = self._headings[-heading_id - 1].key
        now = key in self._folded
        if folded is now:
            return
        (self._folded.discard if now else self._folded.add)(key)
        self.set_ids(self._flat())

    def fold_all(self, folded: bool) -> None:
        """Fold all groups, or show them all."""
        self._folded = {heading.key for heading in self._headings} if folded else set()
        self.set_ids(self._flat())

    def _flat(self) -> list[int]:
        flat: list[int] = []
        for number, heading in enumerate(self._headings, 1):
            flat.append(-number)
            if heading.key not in self._folded:
                flat.extend(heading.ids)
        return flat

    def _heading_row(self, heading_id: int) -> Row:
        heading = self._headings[-heading_id - 1]
        mark = "▸" if heading.key in self._folded else "▾"
        title = f"{mark}  {heading.title}"
        return {HEADING: title, self.columns[0].key: title}
