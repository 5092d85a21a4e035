"""The columns of the file, one a row: what stands in them and which field they go to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from funneldesk.field_words import field_title, type_title
from funneldesk.importing.custom import CHOICES, Guess
from funneldesk.importing.fields import CUSTOM_RECORD, Kind
from funneldesk.text import N_, _
from funneldesk.ui.icons import pixmap
from funneldesk.ui.import_wizard.file_grid import cell_style
from funneldesk.ui.import_wizard.views import ColumnView
from funneldesk.ui.theme import BODY, RADIUS, SPACE_2, Theme
from funneldesk.ui.widgets.labels import plain_tooltip

Index = QModelIndex | QPersistentModelIndex
_ROLE = Qt.ItemDataRole
NAME, SAMPLES, FIELD, STATE = range(4)
_HEADS = (N_("Column of the file"), N_("What stands in it"), N_("Goes to"), N_("How sure"))
# state -> words, icon, colour
STATES = {
    "given": (N_("chosen by you"), "check", "accent"),
    "kept": (N_("as last time"), "history", "accent"),
    "sure": (N_("sure"), "circle-check", "success"),
    "likely": (N_("likely"), "circle-check", "quiet"),
    "proposed": (N_("is it this?"), "circle-help", "warning_text"),
    "taken": (N_("taken already"), "circle-alert", "quiet"),
    "rival": (N_("two columns fit"), "circle-help", "warning_text"),
    "out": ("", "", "quiet"),
    "fresh": (N_("make a field"), "plus", "accent"),  # left out, and could be a field of one's own
    "doubt": (N_("the cells do not fit"), "circle-help", "warning_text"),
}


class ColumnsModel(QAbstractTableModel):
    """The columns of the file as rows."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.views: tuple[ColumnView, ...] = ()
        self._kind = Kind.CLIENTS
        self._bold = theme.font(BODY, bold=True)
        self.hints: Mapping[int, Guess] = {}  # column -> what own field it would be

    def show(self, views: tuple[ColumnView, ...], kind: Kind) -> None:
        """Show these columns; the place in the list stays when their number is the same."""
        if len(views) == len(self.views):
            self.views, self._kind = views, kind
            if views:
                self.dataChanged.emit(self.index(0, 0), self.index(len(views) - 1, STATE))
            return
        self.beginResetModel()
        self.views, self._kind = views, kind
        self.endResetModel()

    def state(self, row: int) -> str:
        """The state that is shown: a column left out can be made a field of one's own in one click."""
        view = self.views[row]
        fresh = view.state == "out" and bool(view.samples) and self._kind in CUSTOM_RECORD
        return "fresh" if fresh and not view.by_hand else view.state

    def field_words(self, view: ColumnView) -> str:
        """What the field of a column is called."""
        if not view.field:
            return _("leave out")
        title = field_title(str(self._kind), view.field)
        return _("new field: {name}").format(name=title) if view.fresh else title

    # Qt overrides

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.views)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(_HEADS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = _ROLE.DisplayRole) -> Any:
        if role == _ROLE.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return _(_HEADS[section])
        return None

    def data(self, index: Index, role: int = _ROLE.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self.views):
            return None
        view, column = self.views[index.row()], index.column()
        if role in (_ROLE.DisplayRole, _ROLE.AccessibleTextRole):
            return self._text(view, column) if column != STATE else _(STATES[self.state(index.row())][0])
        if role == _ROLE.FontRole:
            return QFont(self._bold) if column == NAME else None
        if role == _ROLE.ForegroundRole:
            return QColor(self._theme.quiet) if column == SAMPLES else None
        if role == _ROLE.ToolTipRole and column in (NAME, SAMPLES):
            return plain_tooltip(self._text(view, column))
        if role == _ROLE.ToolTipRole and self.state(index.row()) == "fresh" and view.index in self.hints:
            return plain_tooltip(hint_words(self.hints[view.index]))
        return None

    def _text(self, view: ColumnView, column: int) -> str:
        if column == NAME:
            return view.name
        if column == SAMPLES:
            return "  ·  ".join(sample[:60] for sample in view.samples)
        return self.field_words(view) if column == FIELD else _(STATES[view.state][0])


def hint_words(hint: Guess) -> str:
    """The type of a field that would be made, and its choices."""
    title = type_title(hint.type)
    return f"{title}: {'  ·  '.join(hint.values)}" if hint.type in CHOICES else title


class FieldDelegate(QStyledItemDelegate):
    """Paints the field as a box with an arrow, and the certainty as a mark with a word."""

    def __init__(self, theme: Theme, model: ColumnsModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme
        self._model = model

    # Qt overrides

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(option.rect, QColor(self._theme.selected))
        view = self._model.views[index.row()]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if index.column() == FIELD:
            self._paint_box(painter, option.rect, view, selected)
        else:
            self._paint_state(painter, option.rect, self._model.state(index.row()))
        painter.restore()

    def _paint_box(self, painter: QPainter, rect: QRect, view: ColumnView, selected: bool) -> None:
        theme = self._theme
        box = QRectF(rect).adjusted(4, 4, -4, -4)
        line = theme.accent if selected else theme.line
        pen = QPen(QColor(line), 1)
        if view.state in ("proposed", "doubt"):
            pen.setStyle(Qt.PenStyle.DashLine)
            pen.setColor(QColor(theme.outline))
        painter.setPen(pen)
        painter.setBrush(QColor(theme.raised if view.field else theme.surface))
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        side = theme.px(14)
        arrow = pixmap("chevron-down", theme.quiet, side)
        painter.drawPixmap(int(box.right()) - side - 6, int(box.center().y() - side / 2) + 1, arrow)
        taken = view.field and view.state not in ("proposed", "doubt")
        painter.setPen(QColor(theme.text if taken else theme.quiet))
        painter.setFont(theme.font(BODY))
        room = box.adjusted(10, 0, -side - 10, 0).toRect()
        words = painter.fontMetrics().elidedText(
            self._model.field_words(view), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)

    def _paint_state(self, painter: QPainter, rect: QRect, state: str) -> None:
        words, icon, token = STATES[state]
        if not words:
            return
        theme = self._theme
        side = theme.px(15)
        colour = getattr(theme, token)
        painter.drawPixmap(
            rect.left() + SPACE_2, rect.center().y() - side // 2 + 1, pixmap(icon, colour, side)
        )
        painter.setPen(QColor(colour if state in ("proposed", "doubt", "fresh") else theme.quiet))
        painter.setFont(theme.font(BODY))
        room = rect.adjusted(SPACE_2 + side + 6, 0, -4, 0)
        text = painter.fontMetrics().elidedText(_(words), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)


def narrow(theme: Theme) -> float:
    """How much wider than usual things get with large type: less than the type, or nothing fits."""
    return 1 + (theme.scale - 1) * 0.4


class ColumnsTable(QTableView):
    """`choose_wanted` asks for the list of fields of a row; Del leaves the column out."""

    choose_wanted = Signal(int)
    drop_wanted = Signal(int)
    accept_wanted = Signal(int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model_ = ColumnsModel(theme)
        self.setModel(self.model_)
        delegate = FieldDelegate(theme, self.model_, self)
        self.setItemDelegateForColumn(FIELD, delegate)
        self.setItemDelegateForColumn(STATE, delegate)
        self.setAccessibleName(_("Columns of the file"))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setStyleSheet(cell_style(theme))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(theme.px(38))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        head.setSectionResizeMode(SAMPLES, QHeaderView.ResizeMode.Stretch)
        large = theme.scale >= 1.25  # then the cells of the file must not be squeezed out
        for column, width in ((NAME, 150 if large else 184), (FIELD, 190 if large else 232), (STATE, 148)):
            self.setColumnWidth(column, round(width * narrow(theme)))
        self.clicked.connect(self._clicked)

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() == FIELD:
            self.choose_wanted.emit(index.row())
        elif index.column() == STATE and self.model_.state(index.row()) in ("proposed", "doubt", "fresh"):
            self.accept_wanted.emit(index.row())

    # Qt overrides

    def keyPressEvent(self, event: QKeyEvent) -> None:
        row = self.currentIndex().row()
        if row >= 0 and event.key() in (Qt.Key.Key_F2, Qt.Key.Key_Space):
            self.choose_wanted.emit(row)
            return
        if row >= 0 and event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Insert):
            self.accept_wanted.emit(row)
            return
        if row >= 0 and event.key() == Qt.Key.Key_Delete:
            self.drop_wanted.emit(row)
            return
        super().keyPressEvent(event)
