"""The stages of a funnel from top to bottom: dragged into another order, renamed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from funneldesk.domain.funnel import Stage
from funneldesk.text import _, format_number, ngettext
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import SMALL, SPACE, SPACE_2, Theme
from funneldesk.ui.widgets.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
ROW = 36
GRIP, BAR, NUMBER, MARK = 24, 4, 24, 20  # widths inside a row


class Role(IntEnum):
    """What a row answers besides its name."""

    ID = Qt.ItemDataRole.UserRole
    COLOUR = Qt.ItemDataRole.UserRole + 1
    COUNT = Qt.ItemDataRole.UserRole + 2
    HINT = Qt.ItemDataRole.UserRole + 3
    HOLD = Qt.ItemDataRole.UserRole + 4


class StageDelegate(QStyledItemDelegate):
    """Paints a stage: grip, colour, number, name, a mark when there is a hint, open deals."""

    renamed = Signal(int, str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def name_area(self, rect: QRect) -> QRect:
        """Where the name stands in a row."""
        px = self._theme.px
        left = rect.left() + px(GRIP + BAR + SPACE_2 + NUMBER)
        return QRect(left, rect.top(), rect.right() - left - px(MARK + 56), rect.height())

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, self._theme.px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        rect: QRect = option.rect
        state = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = QRectF(rect.adjusted(2, 1, -2, -1))
        if state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected"))
            painter.drawRoundedRect(back, 4, 4)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("hover"))
            painter.drawRoundedRect(back, 4, 4)
        middle = rect.center().y()
        if index.flags() & Qt.ItemFlag.ItemIsDragEnabled:
            grip = pixmap("grip-vertical", theme.disabled, px(14))
            painter.drawPixmap(rect.left() + px(6), middle - px(7), grip)
        colour = index.data(Role.COLOUR)
        if colour:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(rect.left() + px(GRIP), middle - px(9), px(BAR), px(18)), 2, 2)
        name = self.name_area(rect)
        painter.setFont(theme.font())
        painter.setPen(theme.color("quiet"))
        number = QRect(name.left() - px(NUMBER), rect.top(), px(NUMBER - 6), rect.height())
        painter.drawText(
            number, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, str(index.row() + 1)
        )
        self._paint_name(painter, name, index)
        self._paint_count(painter, rect, int(index.data(Role.COUNT) or 0))
        painter.restore()

    def _paint_name(self, painter: QPainter, area: QRect, index: Index) -> None:
        theme, px = self._theme, self._theme.px
        metrics = QFontMetrics(theme.font())
        mark = "pause" if index.data(Role.HOLD) else "info" if index.data(Role.HINT) else ""
        if not mark:
            area = area.adjusted(0, 0, px(MARK), 0)
        text = metrics.elidedText(str(index.data()), Qt.TextElideMode.ElideRight, area.width())
        painter.setPen(theme.color("text"))
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)
        if mark:
            token = theme.quiet if mark == "pause" else theme.leak_text
            left = area.left() + metrics.horizontalAdvance(text) + px(SPACE_2)
            painter.drawPixmap(left, area.center().y() - px(7), pixmap(mark, token, px(14)))

    def _paint_count(self, painter: QPainter, rect: QRect, count: int) -> None:
        if not count:
            return
        theme = self._theme
        font = theme.font(SMALL, bold=True)
        text = format_number(count)
        width = QFontMetrics(font).horizontalAdvance(text) + 12
        pill = QRectF(
            rect.right() - width - theme.px(10), rect.center().y() - theme.px(9), width, theme.px(18)
        )
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("hover"))
        painter.drawRoundedRect(pill, 9, 9)
        painter.setFont(font)
        painter.setPen(theme.color("quiet"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setAccessibleName(_("Name"))
        return editor

    def setEditorData(self, editor: QWidget, index: Index) -> None:
        assert isinstance(editor, QLineEdit)
        if not editor.isModified():
            editor.setText(str(index.data()))
            editor.selectAll()

    def setModelData(self, editor: QWidget, model: QAbstractItemModel, index: Index) -> None:
        """Only ask: the row changes when the base has said so."""
        assert isinstance(editor, QLineEdit)
        text = editor.text().strip()
        if text and text != index.data():
            self.renamed.emit(int(index.data(Role.ID)), text)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        area = self.name_area(option.rect)
        editor.setGeometry(area.adjusted(-SPACE_2, 2, self._theme.px(MARK), -2))


class StageList(QListWidget):
    """Asks for what a person does: `reordered` with all ids, `renamed`, `chosen`, `removal_wanted`."""

    reordered = Signal(list)
    renamed = Signal(int, str)
    chosen = Signal(int)
    removal_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Stages"))
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._delegate = StageDelegate(theme, self)
        self._delegate.renamed.connect(self.renamed)
        self.setItemDelegate(self._delegate)
        self._filling = False
        self.currentRowChanged.connect(self._choose)
        self.model().rowsMoved.connect(self._moved)

    def show_stages(
        self,
        stages: Sequence[Stage],
        counts: Mapping[int, int],
        hints: Mapping[int, str],
        current: int,
        *,
        writable: bool = True,
    ) -> None:
        """Show stages in order; `hints` are sentences by stage, `current` is chosen."""
        self._filling = True
        if self.ids() != [stage.id for stage in stages]:
            self.clear()
            for _stage in stages:
                self.addItem(QListWidgetItem())
        # rows that stay are only written over: one may be being renamed
        for row, stage in enumerate(stages):
            item = self.item(row)
            self._fill(item, stage, counts.get(stage.id, 0), hints.get(stage.id, ""), writable)
            if stage.id == current:
                self.setCurrentItem(item)
        self._filling = False

    def _fill(self, item: QListWidgetItem, stage: Stage, count: int, hint: str, writable: bool) -> None:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if writable:
            flags |= Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        if item.flags() != flags:
            item.setFlags(flags)
        for role, value in (
            (Qt.ItemDataRole.DisplayRole, stage.name), (Role.ID, stage.id), (Role.COLOUR, stage.colour),
            (Role.COUNT, count), (Role.HINT, hint), (Role.HOLD, stage.kind == "hold"),
            (Qt.ItemDataRole.ToolTipRole,
             "<br>".join(plain_tooltip(line) for line in (stage.name, *hint.split("\n")) if line)),
            (Qt.ItemDataRole.AccessibleTextRole, _spoken(stage, count, hint)),
        ):  # fmt: skip
            if item.data(role) != value:
                item.setData(role, value)

    def ids(self) -> list[int]:
        """The stages as they stand now."""
        return [int(self.item(row).data(Role.ID)) for row in range(self.count())]

    def current_id(self) -> int:
        """The stage that is chosen; 0 when none is."""
        item = self.currentItem()
        return 0 if item is None else int(item.data(Role.ID))

    def move_current(self, by: int) -> None:
        """Ask for the chosen stage one place higher (-1) or lower (1)."""
        ids, row = self.ids(), self.currentRow()
        if row >= 0 and 0 <= row + by < len(ids):
            ids[row], ids[row + by] = ids[row + by], ids[row]
            self.reordered.emit(ids)

    def _choose(self, row: int) -> None:
        if not self._filling and row >= 0:
            self.chosen.emit(self.current_id())

    def _moved(self) -> None:
        if not self._filling:
            self.reordered.emit(self.ids())

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        # Del and the arrows are the list's own, whatever the window's shortcuts say
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and self._step(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = self._step(event)
        editable = self.currentItem() is not None and bool(
            self.currentItem().flags() & Qt.ItemFlag.ItemIsEditable
        )
        if not step or not editable:
            super().keyPressEvent(event)
        elif step == "remove":
            self.removal_wanted.emit(self.current_id())
        else:
            self.move_current(-1 if step == "up" else 1)

    def _step(self, event: QKeyEvent) -> str:
        if event.key() == Qt.Key.Key_Delete and not event.modifiers():
            return "remove"
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & both == both:
            return {Qt.Key.Key_Up: "up", Qt.Key.Key_Down: "down"}.get(Qt.Key(event.key()), "")
        return ""

    def sizeHint(self) -> QSize:
        row = self.sizeHintForRow(0) if self.count() else ROW
        return QSize(super().sizeHint().width(), row * max(self.count(), 1) + 2 * SPACE)


def _spoken(stage: Stage, count: int, hint: str) -> str:
    deals = ngettext("{count} open deal", "{count} open deals", count).format(count=format_number(count))
    return ", ".join(part for part in (stage.name, deals, hint) if part)
