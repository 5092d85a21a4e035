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
from funneldesk.ui.board.model import ColumnModel, Role


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
        card = index.data(Role.CARD)
        if card is None:
            return
        flags = option.state
        state = bool(flags & QStyle.StateFlag.State_Selected) * 1
        state |= bool(flags & QStyle.StateFlag.State_MouseOver) * 2
        state |= bool(flags & QStyle.StateFlag.State_HasFocus) * 4
        rect = option.rect
        ratio = self._list.devicePixelRatioF()
        limit = self._model.column.limit_days
        right = BAR_SIDE if self._bar.isVisibleTo(self._list) else SIDE  # also before all is shown
        picture = self._look.picture(card, rect.width() - SIDE - right, state, ratio, limit)
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
