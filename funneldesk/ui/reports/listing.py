"""The list of reports at the left: groups, and under each name the question it answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from funneldesk.report_words import group_title, report_answer, report_group, report_title
from funneldesk.report_words.labels import GROUPS, OTHER
from funneldesk.text import _
from funneldesk.ui.theme import BODY, SMALL, SPACE, SPACE_2, SPACE_3, Theme

NAME = Qt.ItemDataRole.UserRole
ANSWER = NAME + 1
WIDTH = 236
OVERVIEW = "overview"

_Index = QModelIndex | QPersistentModelIndex


class _Delegate(QStyledItemDelegate):
    """Paints a heading, or a name with its question in as many lines as it needs."""

    def __init__(self, theme: Theme, parent: QListWidget) -> None:
        super().__init__(parent)
        self._theme, self._list = theme, parent
        self._wrap = int(Qt.TextFlag.TextWordWrap) | int(Qt.AlignmentFlag.AlignLeft)

    # Qt overrides

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        theme = self._theme
        if not index.data(NAME):
            return QSize(0, theme.px(34))
        # a scroll bar takes some of the width
        wide = self._list.viewport().width()
        whole = QRect(0, 0, wide, 0)
        title = self._title_box(whole, str(index.data()))
        answer = self._answer_box(whole, str(index.data(ANSWER)))
        return QSize(0, title.height() + answer.height() + 2 * SPACE_2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        theme, area = self._theme, option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not index.data(NAME):
            painter.setFont(theme.font(SMALL, bold=True))
            painter.setPen(theme.color("quiet"))
            low = Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft
            painter.drawText(area.adjusted(SPACE_3, 0, 0, -SPACE), low, str(index.data()))
            painter.restore()
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("selected" if selected else "hover"))
            painter.drawRoundedRect(area.adjusted(SPACE, 1, -SPACE, -1), 6, 6)
        if option.state & QStyle.StateFlag.State_HasFocus and selected:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(theme.color("accent"))
            painter.drawRoundedRect(area.adjusted(SPACE, 1, -SPACE, -1), 6, 6)
        name = str(index.data())
        painter.setFont(theme.font(BODY, bold=True))
        painter.setPen(theme.color("text"))
        top = area.adjusted(SPACE_3, SPACE_2 - 2, -SPACE_2, 0)
        painter.drawText(top, self._wrap, name)
        painter.setFont(theme.font(SMALL))
        painter.setPen(theme.color("text" if selected else "quiet"))
        below = area.adjusted(0, self._title_box(area, name).height() + SPACE_2, 0, 0)
        painter.drawText(below.adjusted(SPACE_3, 0, -SPACE_3, 0), self._wrap, str(index.data(ANSWER)))
        painter.restore()

    def _title_box(self, area: QRect, text: str) -> QRect:
        inside = area.adjusted(SPACE_3, 0, -SPACE_2, 400)
        return QFontMetrics(self._theme.font(BODY, bold=True)).boundingRect(inside, self._wrap, text)

    def _answer_box(self, area: QRect, text: str) -> QRect:
        inside = area.adjusted(SPACE_3, 0, -SPACE_3 - SPACE_2, 400)
        return QFontMetrics(self._theme.font(SMALL)).boundingRect(inside, self._wrap, text)


class ReportList(QListWidget):
    """`chosen` carries the name of the report a person went to."""

    chosen = Signal(str)

    def __init__(self, theme: Theme, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "plain")
        self.setFixedWidth(theme.px(WIDTH))
        self.setItemDelegate(_Delegate(theme, self))
        self.setMouseTracking(True)
        self.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setStyleSheet(f"QListWidget {{ background: {theme.sunken}; }}")
        self._entry(OVERVIEW, _("Overview"), _("How do things stand at a glance?"))
        for group in (*GROUPS, OTHER):
            members = [name for name in GROUPS.get(group, ()) if name in names]
            if group == OTHER:
                members = [name for name in names if report_group(name) == OTHER]
            if members:
                self._heading(group_title(group))
                for name in members:
                    self._entry(name, report_title(name), report_answer(name))
        self.currentItemChanged.connect(self._tell)

    def set_current(self, name: str) -> None:
        """Mark a report without telling anybody."""
        self.blockSignals(True)
        for row in range(self.count()):
            if self.item(row).data(NAME) == name:
                self.setCurrentRow(row)
        self.blockSignals(False)

    def names(self) -> list[str]:
        """The reports in their order."""
        found = [self.item(row).data(NAME) for row in range(self.count())]
        return [name for name in found if name and name != OVERVIEW]

    def _heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _entry(self, name: str, title: str, answer: str) -> None:
        item = QListWidgetItem(title)
        item.setData(NAME, name)
        item.setData(ANSWER, answer)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, f"{title}. {answer}")
        self.addItem(item)

    def _tell(self, current: Any, _before: Any) -> None:
        if current is not None and current.data(NAME):
            self.chosen.emit(current.data(NAME))
