"""One stage on the board: its head with the figures, the quick entry, its cards."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from funneldesk.domain.board import Totals
from funneldesk.text import _, format_money_short, format_number, format_percent
from funneldesk.ui.board.card_delegate import GAP, SIDE, CardLook
from funneldesk.ui.board.card_list import CardList
from funneldesk.ui.board.card_text import short_amount, totals_notes
from funneldesk.ui.board.model import ColumnModel
from funneldesk.ui.board.quick_add import QuickAdd
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import RADIUS, SPACE, SPACE_2
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import plain_tooltip

NARROWEST = 216
WIDEST = 340


class ColumnHead(QWidget):
    """Painted, not made of labels: a board with many stages must open at once."""

    def __init__(self, model: ColumnModel, look: CardLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self._look = look
        self._totals = Totals()
        self._currency = ""
        self.corner = 0  # room for a button at the right of the name
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_totals(self, totals: Totals, currency: str) -> None:
        """Show other figures."""
        self._totals, self._currency = totals, currency
        column = self._model.column
        lines = [column.name]
        if column.goal:
            lines.append(column.goal)
        lines.append(_("Chance to win: {percent}").format(percent=format_percent(column.probability, 0)))
        notes = totals_notes(totals)
        if notes:
            lines.append(notes)
        self.setToolTip("<br>".join(plain_tooltip(line) for line in lines))
        self.setAccessibleName(
            _("{stage}, {count} deals, {sum}, weighted {weighted}").format(
                stage=column.name,
                count=format_number(totals.count),
                sum=format_money_short(totals.amount, currency),
                weighted=format_money_short(totals.weighted, currency),
            )
        )
        self.update()

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(120, self._look.line + self._look.small_line + 3 * SPACE + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, theme, column = self._look, self._look.theme, self._model.column
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        left, width = SPACE, self.width() - SPACE - self.corner
        count = format_number(self._totals.count)
        count_width = QFontMetrics(look.small_bold).horizontalAdvance(count) + 10
        name = QFontMetrics(look.bold).elidedText(
            column.name or _("In no stage"), Qt.TextElideMode.ElideRight, width - count_width - SPACE_2
        )
        painter.setFont(look.bold)
        painter.setPen(theme.color("text"))
        painter.drawText(QRect(left, 2, width, look.line), Qt.AlignmentFlag.AlignVCenter, name)
        pill = QRectF(
            left + QFontMetrics(look.bold).horizontalAdvance(name) + SPACE_2, 2 + (look.line - 16) / 2,
            count_width, 16,
        )  # fmt: skip
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("hover"))
        painter.drawRoundedRect(pill, 8, 8)
        painter.setFont(look.small_bold)
        painter.setPen(theme.color("quiet"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, count)
        self._paint_sums(painter, left, look.line + SPACE)

    def _paint_sums(self, painter: QPainter, left: int, top: int) -> None:
        look, theme = self._look, self._look.theme
        if not self._totals.count:
            return
        total = format_money_short(self._totals.amount, self._currency)
        painter.setFont(look.small_bold)
        painter.setPen(theme.color("text"))
        row = QRect(left, top, self.width() - left, look.small_line)
        painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, total)
        used = QFontMetrics(look.small_bold).horizontalAdvance(total) + SPACE_2
        font: QFont = look.small
        rest = _("weighted {sum}").format(sum=short_amount(self._totals.weighted, self._currency))
        painter.setFont(font)
        painter.setPen(theme.color("quiet"))
        room = row.adjusted(used, 0, 0, 0)
        shown = QFontMetrics(font).elidedText(rest, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, shown)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LanguageChange:
            self.update()
        return super().event(event)


class Column(QWidget):
    """A stage: head, quick entry when open, cards."""

    add_wanted = Signal(object)  # Draft

    def __init__(self, context: AppContext, model: ColumnModel, look: CardLook, parent: QWidget) -> None:
        super().__init__(parent)
        self._context = context
        self._theme = context.theme
        self.model = model
        self.quick_add: QuickAdd | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACE_2, 0, 2)
        layout.setSpacing(0)
        top = QHBoxLayout()
        top.setContentsMargins(SIDE + 2, 0, SIDE, SPACE)
        self.head = ColumnHead(model, look, self)
        top.addWidget(self.head, 1)
        self.add_button = IconButton(
            context.theme,
            "plus",
            _("New deal in {stage}").format(stage=model.column.name),
            self.open_quick_add,
            parent=self,
        )
        if model.column.stage_id > 0 and not context.read_only:
            self.head.corner = self.add_button.sizeHint().width()
        else:
            self.add_button.hide()
        layout.addLayout(top)
        self.list = CardList(model, look, self)
        layout.addWidget(self.list, 1)
        self._layout = layout

    def open_quick_add(self) -> None:
        """Begin a new deal here."""
        if self.quick_add is None:
            self.quick_add = QuickAdd(self._context, self.model)
            self.quick_add.wanted.connect(self.add_wanted)
            self.quick_add.closed.connect(self.close_quick_add)
            box = QHBoxLayout()
            box.setContentsMargins(SIDE, 0, SIDE, GAP)
            box.addWidget(self.quick_add)
            self._layout.insertLayout(1, box)
        self.quick_add.show()
        self.quick_add.begin()

    def close_quick_add(self) -> None:
        """Back to the cards."""
        if self.quick_add is not None:
            self.quick_add.hide()
        self.list.setFocus()

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        size = self.add_button.sizeHint()
        self.add_button.setGeometry(self.width() - size.width() - SIDE, SPACE, size.width(), size.height())
        self.add_button.raise_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()), RADIUS + 2, RADIUS + 2)
        colour = self.model.column.colour
        if colour:
            known = QColor.isValidColorName(colour)
            painter.setBrush(QColor(colour) if known else self._theme.color("neutral"))
            painter.drawRoundedRect(QRectF(SIDE, 0, self.width() - 2 * SIDE, 3), 1.5, 1.5)
