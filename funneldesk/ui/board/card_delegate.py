"""Paints cards.  A card is drawn once into a picture and copied from there until it changes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from funneldesk.text import _
from funneldesk.ui.board.card_paint import BAR_SIDE, GAP, SIDE, CardLook
from funneldesk.ui.board.column_paint import GROUND
from funneldesk.ui.board.model import ColumnModel

# As numbers: a card is painted in less time than it takes Python to combine three flags of Qt.
_SELECTED = QStyle.StateFlag.State_Selected.value
_HOVERED = QStyle.StateFlag.State_MouseOver.value
_FOCUSED = QStyle.StateFlag.State_HasFocus.value


class CardDelegate(QStyledItemDelegate):
    """One for each column."""

    def __init__(self, look: CardLook, model: ColumnModel, parent: QAbstractScrollArea) -> None:
        super().__init__(parent)
        self._look = look
        self._model = model
        self._list = parent
        self._bar = parent.verticalScrollBar()

    # Qt overrides

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        card = self._model.card(index.row())  # not through Qt, which takes longer than the rest of this
        if card is None:
            return
        flags = option.state.value
        state = bool(flags & _SELECTED) * 1 | bool(flags & _HOVERED) * 2 | bool(flags & _FOCUSED) * 4
        rect = option.rect
        ratio = self._list.devicePixelRatioF()
        limit = self._model.limit_of(card)
        right = BAR_SIDE if self._bar.isVisibleTo(self._list) else SIDE  # also before all is shown
        picture = self._look.picture(card, rect.width() - SIDE - right, state, ratio, limit, ground=GROUND)
        top = rect.y()
        if self._model.starts_group(index.row()):
            head = QRect(rect.x() + SIDE, top, rect.width() - SIDE - right, self._look.group_height())
            name = self._look.manager(card.manager_id) or _("No manager")
            self._look.text(painter, head, name, self._look.small_bold, "quiet")
            top += self._look.group_height()
        painter.drawPixmap(QPoint(rect.x() + SIDE, top), picture)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        head = self._look.group_height() if self._model.starts_group(index.row()) else 0
        return QSize(80, self._look.card_height() + GAP + head)
