"""The cards of a board: one list model per stage, changed only by what the base has said.

A drop or a key never moves a card here; it asks the service, and the card moves when the change
has come back.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import IntEnum
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from funneldesk.domain import clock
from funneldesk.domain.board import Board, BoardCard, BoardColumn, Totals, add_up, sums_of
from funneldesk.domain.closing_months import by_months, chances_of, column_of, placed, weighed
from funneldesk.domain.folding import fold

MIME = "application/x-funneldesk-deals"
NO_PARENT = QModelIndex()
Index = QModelIndex | QPersistentModelIndex
Accepts = Callable[[BoardCard], bool]
# Put together once: it is asked for at every card that is painted.
_OF_CARD = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsDragEnabled
    | Qt.ItemFlag.ItemNeverHasChildren
)
Order = Mapping[int | None, int]  # manager -> rank of the group


class Role(IntEnum):
    """What an index of a column answers besides the usual roles."""

    CARD = Qt.ItemDataRole.UserRole
    ID = Qt.ItemDataRole.UserRole + 1


class ColumnModel(QAbstractListModel):
    """The cards of one stage in their order; hidden ones (by the filter) are kept beside."""

    def __init__(
        self,
        column: BoardColumn,
        parent: QObject | None = None,
        accepts: Accepts | None = None,
        order: Order | None = None,
    ) -> None:
        super().__init__(parent)
        self.column = column
        self.totals: Totals | None = None  # of what is shown; None = to be added up
        self.limits: Mapping[int, float | None] | None = None  # by stage, where the column is none
        self._all: dict[int, BoardCard] = {}
        self._shown: list[BoardCard] = []
        self._accepts = accepts
        self._order = order
        self._speak: Callable[[BoardCard], str] = lambda card: card.title
        self.set_column(column)

    # -- what is shown ------------------------------------------------------------------------

    def set_speaker(self, speak: Callable[[BoardCard], str]) -> None:
        """How a card is told to screen readers."""
        self._speak = speak

    def set_column(self, column: BoardColumn) -> None:
        """Show the cards of `column`, which were read in order, instead."""
        self.beginResetModel()
        self.column = column
        self._all = {card.id: card for card in column.cards}
        self._shown = list(filter(self._accepts, column.cards) if self._accepts else column.cards)
        if self._order is not None:
            self._shown.sort(key=self._key)
        self.totals = None if self._accepts else column.totals
        self.endResetModel()

    def set_filter(self, accepts: Accepts | None) -> None:
        """Show only cards that pass."""
        self.beginResetModel()
        self._accepts = accepts
        cards = self._all.values()
        self._shown = sorted(cards if accepts is None else filter(accepts, cards), key=self._key)
        self.totals = None
        self.endResetModel()

    def set_order(self, order: Order | None) -> None:
        """Put the cards of a manager together (None = only in the order of the stage)."""
        self.beginResetModel()
        self._order = order
        self._shown.sort(key=self._key)
        self.endResetModel()

    def grouped(self) -> bool:
        """Whether the cards of a manager stand together."""
        return self._order is not None

    def starts_group(self, row: int) -> bool:
        """Whether a row is the first of its manager's."""
        if self._order is None or not 0 <= row < len(self._shown):
            return False
        return row == 0 or self._shown[row - 1].manager_id != self._shown[row].manager_id

    def _key(self, card: BoardCard) -> tuple[float, ...]:
        if self._order is None:
            return card.place
        return self._order.get(card.manager_id, len(self._order)), *card.place

    def cards(self) -> Sequence[BoardCard]:
        """The cards shown, in order."""
        return self._shown

    def all_cards(self) -> Iterable[BoardCard]:
        """The cards of the stage, hidden ones too, in no order."""
        return self._all.values()

    def limit_of(self, card: BoardCard) -> float | None:
        """After how many days a card of the column is stale; None = never."""
        return self.column.limit_days if self.limits is None else self.limits.get(card.stage_id or 0)

    def card(self, row: int) -> BoardCard | None:
        """The card in a row."""
        return self._shown[row] if 0 <= row < len(self._shown) else None

    def find(self, deal_id: int) -> BoardCard | None:
        """The card of a deal, hidden or not."""
        return self._all.get(deal_id)

    def row_of(self, deal_id: int) -> int:
        """The row of a deal, -1 when it is not shown."""
        card = self._all.get(deal_id)
        if card is None:
            return -1
        row = bisect_left(self._shown, self._key(card), key=self._key)
        return row if row < len(self._shown) and self._shown[row].id == deal_id else -1

    # -- changes that have come back ----------------------------------------------------------

    def remove(self, deal_id: int) -> None:
        """The deal is no longer here."""
        self.totals = None
        row = self.row_of(deal_id)
        if row >= 0:
            self.beginRemoveRows(NO_PARENT, row, row)
            del self._shown[row]
            del self._all[deal_id]
            self.endRemoveRows()
        else:
            self._all.pop(deal_id, None)

    def put(self, card: BoardCard) -> None:
        """The deal is here, like this."""
        self.totals = None
        row = self.row_of(card.id)
        shows = self._accepts is None or self._accepts(card)
        if row >= 0 and shows:
            self._change(row, card)
            return
        self.remove(card.id)
        if not shows:
            self._all[card.id] = card
            return
        row = bisect_left(self._shown, self._key(card), key=self._key)
        self.beginInsertRows(NO_PARENT, row, row)
        self._shown.insert(row, card)
        self._all[card.id] = card
        self.endInsertRows()

    def _change(self, row: int, card: BoardCard) -> None:
        rest = self._shown[:row] + self._shown[row + 1 :]
        target = bisect_left(rest, self._key(card), key=self._key)
        if target != row:
            # Qt counts the place below before the row is taken out
            below = target if target < row else target + 1
            self.beginMoveRows(NO_PARENT, row, row, NO_PARENT, below)
            rest.insert(target, card)
            self._shown = rest
            self._all[card.id] = card
            self.endMoveRows()
        else:
            self._shown[row] = card
            self._all[card.id] = card
        index = self.index(target)
        self.dataChanged.emit(index, index)

    def repaint_all(self) -> None:
        """Something every card tells of (the day, a manager's name) has changed."""
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    # Qt overrides

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if not index.isValid() or row >= len(self._shown):
            return None
        card = self._shown[row]
        if role == Role.CARD:
            return card
        if role == Role.ID:
            return card.id
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{card.client} {card.title}" if card.client else card.title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._speak(card)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _OF_CARD if index.isValid() else Qt.ItemFlag.ItemIsDropEnabled

    def mimeTypes(self) -> list[str]:
        return [MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        return mime_of([index.data(Role.ID) for index in indexes])

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction


class BoardModel(QObject):
    """The columns of one funnel and what they add up to."""

    rebuilt = Signal()  # other columns
    changed = Signal()  # other cards or sums

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.board = Board()
        self.columns: list[ColumnModel] = []
        self._managers: frozenset[int] = frozenset()
        self._words: tuple[str, ...] = ()
        self._only: frozenset[int] | None = None
        self._grouped = False
        self._texts: dict[BoardCard, str] = {}
        self._months: date | None = None  # the day from which months are told; None = columns are stages

    def set_board(
        self, board: Board, months: date | None = None, names: Mapping[int, str] | None = None
    ) -> None:
        """Show another state of the whole board; columns stay where the stages are the same.

        With `months`, the day of today, the columns are months of the expected close, called `names`.
        """
        columns = board.columns
        if months is not None:
            columns = by_months(board, months, names or {}, clock.now())
        same = [c.column.stage_id for c in self.columns] == [c.stage_id for c in columns]
        self.board, self._months = board, months
        self._texts.clear()
        if same:
            for model, column in zip(self.columns, columns, strict=True):
                model.set_column(column)
        else:
            old, accepts = self.columns, self._filter()
            order = self._order()
            self.columns = [ColumnModel(column, self, accepts, order) for column in columns]
            for model in old:
                model.deleteLater()
            self.rebuilt.emit()
        limits = {c.stage_id: c.limit_days for c in board.columns} if months is not None else None
        for model in self.columns:
            model.limits = limits
        self.changed.emit()

    def apply(self, deal_ids: Iterable[int], cards: Iterable[BoardCard]) -> None:
        """These deals have changed; `cards` holds those of them that are on this board now."""
        fresh = {card.id: card for card in cards}
        places = {model.column.stage_id: model for model in self.columns}
        stray = places.get(0)
        for deal_id in deal_ids:
            card = fresh.get(deal_id)
            if card is not None and self._months is not None:
                card = placed(card)
                target = places.get(column_of(card, self._months))
            else:
                target = places.get(card.stage_id or 0, stray) if card is not None else None
            for model in self.columns:
                if model is not target and model.find(deal_id) is not None:
                    model.remove(deal_id)
            if card is not None and target is not None:
                target.put(card)
        self.changed.emit()

    # -- groups -------------------------------------------------------------------------------

    def set_grouped(self, grouped: bool) -> None:
        """Put the cards of a manager together, managers by name, those of nobody last."""
        if grouped != self._grouped:
            self._grouped = grouped
            for model in self.columns:
                model.set_order(self._order())
            self.changed.emit()

    def _order(self) -> Order | None:
        return {m.id: n for n, m in enumerate(self.board.managers)} if self._grouped else None

    # -- the filter ---------------------------------------------------------------------------

    def set_filter(self, managers: Iterable[int], text: str, only: frozenset[int] | None = None) -> None:
        """Show only deals of these managers (none = all) whose client or title holds every word.

        `only` are the deals that pass the conditions; None = none are set.
        """
        wanted = frozenset(managers), tuple(fold(text).split()), only
        if wanted != (self._managers, self._words, self._only):
            self._managers, self._words, self._only = wanted
            accepts = self._filter()
            for model in self.columns:
                model.set_filter(accepts)
            self.changed.emit()

    def filtered(self) -> bool:
        """Whether anything may be hidden."""
        return bool(self._managers or self._words) or self._only is not None

    def _filter(self) -> Accepts | None:
        if not self.filtered():
            return None
        managers, words, only = self._managers, self._words, self._only

        def accepts(card: BoardCard) -> bool:
            if only is not None and card.id not in only:
                return False
            if managers and card.manager_id not in managers:
                return False
            return not words or all(word in self._text(card) for word in words)

        return accepts

    def _text(self, card: BoardCard) -> str:
        found = self._texts.get(card)
        if found is None:
            found = self._texts[card] = fold(f"{card.client or ''} {card.title}")
        return found

    # -- figures ------------------------------------------------------------------------------

    def totals_of(self, model: ColumnModel, at: int) -> Totals:
        """The figures of what a column shows, at the rates of the moment `at`."""
        if not self.board.complete:
            return model.column.totals
        if model.totals is None:
            if self._months is not None:
                model.totals = weighed(model.cards(), chances_of(self.board), self.board.rates, at)
            else:
                sums = sums_of(model.cards())
                model.totals = add_up(sums, model.column.probability, self.board.rates, at)
        return model.totals

    def amount_of(self, deal_ids: Iterable[int], at: int) -> int:
        """What deals are worth together, as far as it is known."""
        cards = [found[1] for found in map(self.find, deal_ids) if found is not None]
        return add_up(sums_of(cards), 1.0, self.board.rates, at).amount

    def find(self, deal_id: int) -> tuple[ColumnModel, BoardCard] | None:
        """Where a deal is."""
        for model in self.columns:
            card = model.find(deal_id)
            if card is not None:
                return model, card
        return None

    def count(self) -> int:
        """How many cards there are, hidden ones too."""
        return sum(len(list(model.all_cards())) for model in self.columns)


def mime_of(deal_ids: Iterable[int]) -> QMimeData:
    """Deals to be dragged."""
    data = QMimeData()
    data.setData(MIME, ",".join(str(i) for i in deal_ids).encode())
    return data


def dragged_ids(data: QMimeData | None) -> list[int]:
    """The deals that are dragged, none when it is something else."""
    if data is None or not data.hasFormat(MIME):
        return []
    text = bytes(data.data(MIME).data()).decode()
    return [int(part) for part in text.split(",") if part]
