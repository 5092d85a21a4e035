"""A table of any length: all ids in memory, rows fetched by pages in the reading thread."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import Theme

if TYPE_CHECKING:
    from funneldesk.store.database import Database

PAGE = 256
KEPT_PAGES = 48
WAITING = "…"
RAW = ".raw"  # behind the key of a column: its number (Decimal), for copying
HEADING = "__heading__"  # key of a row that is the heading of a group; its id is negative

Row = Mapping[str, Any]
FetchRows = Callable[["Database", Sequence[int]], Mapping[int, Row]]
Index = QModelIndex | QPersistentModelIndex

_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
_LEFT = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


@dataclass(frozen=True, slots=True)
class TableColumn:
    """A column: `key` in the fetched rows, `title` in words; `numeric` stands at the right."""

    key: str
    title: str
    width: int = 140
    numeric: bool = False
    sortable: bool = True
    shown: bool = True  # unless the person chose otherwise


class PagedModel(QAbstractTableModel):
    """Rows are mappings column key -> text, already in words (`fetch_rows` makes them, in its thread).

    A key ``<column>.color`` in a row names a theme token for the text of that cell, ``<column>.raw``
    is its number where it is one.
    """

    page_arrived = Signal()

    def __init__(
        self,
        tasks: TaskRunner,
        theme: Theme,
        columns: Sequence[TableColumn],
        fetch_rows: FetchRows,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._theme = theme
        self.columns = tuple(columns)
        self._keys = tuple(column.key for column in columns)
        self._align = tuple(_RIGHT if column.numeric else _LEFT for column in columns)
        self._fetch_rows = fetch_rows
        self._ids: Sequence[int] = ()
        self._pages: OrderedDict[int, list[Row | None]] = OrderedDict()
        self._asked: set[int] = set()
        self._stale: set[int] = set()
        self._generation = 0

    # -- what a screen calls ------------------------------------------------------------------

    def set_ids(self, ids: Sequence[int]) -> None:
        """Show these records in this order."""
        self.beginResetModel()
        self._ids = ids
        self._pages.clear()
        self._asked.clear()
        self._stale.clear()
        self._generation += 1
        self.endResetModel()

    def ids(self) -> Sequence[int]:
        """All ids in the order shown."""
        return self._ids

    def id_at(self, row: int) -> int:
        """The id in a row."""
        return self._ids[row]

    def refresh(self, ids: Iterable[int] | None = None) -> None:
        """Fetch again what changed (None: everything); the old text stays until the new is here."""
        if ids is None:
            self._stale = set(self._pages)
        else:
            wanted = set(ids)
            for number in self._pages:
                first = number * PAGE
                if any(i in wanted for i in self._ids[first : first + PAGE]):
                    self._stale.add(number)
        self._asked.clear()
        for number in tuple(self._stale):
            self._ask(number)

    def row_data(self, row: int) -> Row | None:
        """The fetched row, or None (and it is asked for)."""
        number, offset = divmod(row, PAGE)
        page = self._pages.get(number)
        if page is None:
            self._ask(number)
            return None
        return page[offset] if offset < len(page) else None

    def fetch_now(self, db: Database, rows: Sequence[int]) -> list[Row]:
        """Rows for copying, fetched in the thread that calls."""
        ids = [self._ids[row] for row in rows if self._ids[row] > 0]
        found: list[Row] = []
        for start in range(0, len(ids), PAGE):
            part = ids[start : start + PAGE]
            got = self._fetch_rows(db, part)
            found.extend(got.get(i, {}) for i in part)
        return found

    # -- inside -------------------------------------------------------------------------------

    def _ask(self, number: int) -> None:
        if number in self._asked:
            return
        self._asked.add(number)
        part = list(self._ids[number * PAGE : (number + 1) * PAGE])
        generation = self._generation

        def arrived(rows: Mapping[int, Row]) -> None:
            if generation == self._generation:
                self._take(number, [rows.get(i) for i in part])

        self._tasks.read(lambda db: self._fetch_rows(db, part), arrived, receiver=self)

    def _take(self, number: int, rows: list[Row | None]) -> None:
        self._pages[number] = rows
        self._pages.move_to_end(number)
        self._asked.discard(number)
        self._stale.discard(number)
        while len(self._pages) > KEPT_PAGES:
            self._pages.popitem(last=False)
        first = number * PAGE
        last = min(first + PAGE, len(self._ids)) - 1
        if last >= first and self.columns:
            self.dataChanged.emit(self.index(first, 0), self.index(last, len(self.columns) - 1))
        self.page_arrived.emit()

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._ids)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            row = self.row_data(index.row())
            if row is None:
                return WAITING if index.column() == 0 else ""
            return row.get(self._keys[index.column()]) or ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align[index.column()]
        if role == Qt.ItemDataRole.ForegroundRole:
            row = self.row_data(index.row())
            token = row.get(f"{self._keys[index.column()]}.color") if row else None
            return self._theme.color(token) if token else None
        if role == Qt.ItemDataRole.UserRole:
            return self._ids[index.row()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self._align[section]
        return None
