"""Paints cards.  A card is drawn once into a picture and copied from there until it changes."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.board.card_paint import BAR_SIDE, GAP, SIDE, CardLook, paint_card
from funneldesk.ui.board.model import ColumnModel, Role
from funneldesk.ui.theme import SPACE_2


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
        painter.drawPixmap(QPoint(rect.x() + SIDE, rect.y()), picture)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(80, self._look.card_height() + GAP)

    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(_("Title of the deal"))
        editor.setStyleSheet("min-height: 0; padding: 0 4px;")
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        rect: QRect = option.rect
        top = rect.y() + SPACE_2 + self._look.line - 2
        editor.setGeometry(rect.x() + SIDE + 3, top, rect.width() - 2 * SIDE - 6, self._look.line + 8)


__all__ = ["GAP", "SIDE", "CardDelegate", "CardLook", "paint_card"]
