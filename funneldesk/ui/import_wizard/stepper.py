"""The steps of the import at the top of its page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import pixmap
from funneldesk.ui.theme import BODY, SMALL, SPACE_2, SPACE_3, Theme

_CIRCLE = 22


class StepButton(QAbstractButton):
    """A number in a circle and a word; a tick when the step is behind."""

    def __init__(self, theme: Theme, number: int, text: str) -> None:
        super().__init__()
        self._theme = theme
        self._number = number
        self.state = "ahead"  # done, here, ahead
        self.setText(text)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._speak()

    def set_state(self, state: str, *, open_: bool) -> None:
        """Where this step stands, and whether one can go there."""
        self.state = state
        self.setEnabled(open_)
        self.setCursor(Qt.CursorShape.PointingHandCursor if open_ else Qt.CursorShape.ArrowCursor)
        self._speak()
        self.update()

    def _speak(self) -> None:
        states = {"done": _("done"), "here": _("now"), "ahead": _("to come")}
        self.setAccessibleName(
            _("Step {number}: {name}, {state}").format(
                number=self._number, name=self.text(), state=states[self.state]
            )
        )

    # Qt overrides

    def sizeHint(self) -> QSize:
        font = self._theme.font(BODY, bold=True)
        side = self._theme.px(_CIRCLE)
        return QSize(side + SPACE_2 + QFontMetrics(font).horizontalAdvance(self.text()) + 6, side + 8)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = theme.px(_CIRCLE)
        circle = QRectF(1, (self.height() - side) / 2, side, side)
        here, done = self.state == "here", self.state == "done"
        fill = theme.accent_fill if here else theme.selected if done else theme.surface
        painter.setBrush(QColor(fill))
        painter.setPen(QPen(QColor(theme.accent_fill if here or done else theme.outline), 1))
        painter.drawEllipse(circle)
        if done:
            tick = theme.px(14)
            at = circle.center()
            painter.drawPixmap(
                int(at.x() - tick / 2 + 0.5),
                int(at.y() - tick / 2 + 0.5),
                pixmap("check", theme.accent, tick),
            )
        else:
            painter.setPen(QColor(theme.on_accent if here else theme.quiet))
            painter.setFont(theme.font(SMALL, bold=True))
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.setFont(theme.font(BODY, bold=here))
        painter.setPen(QColor(theme.text if here or done else theme.quiet))
        words = self.rect().adjusted(side + SPACE_2, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.accent), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


class _Line(QWidget):
    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setMinimumWidth(SPACE_2)
        self.setMaximumWidth(theme.px(36))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(self.maximumWidth(), 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setPen(QPen(QColor(self._theme.outline), 1))
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)


class Stepper(QWidget):
    """Four steps; those that can be reached are clicked."""

    chosen = Signal(int)

    def __init__(self, theme: Theme, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_3)
        self.buttons: list[StepButton] = []
        for number, name in enumerate(names):
            if number:
                row.addWidget(_Line(theme))
            button = StepButton(theme, number + 1, name)
            button.clicked.connect(lambda _checked=False, n=number: self.chosen.emit(n))
            self.buttons.append(button)
            row.addWidget(button)

    def show_state(self, here: int, open_steps: Sequence[bool]) -> None:
        """Where we are, and which steps can be gone to."""
        for number, button in enumerate(self.buttons):
            state = "here" if number == here else "done" if number < here else "ahead"
            button.set_state(state, open_=open_steps[number])
