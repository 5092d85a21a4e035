"""A row of dots to choose a stage's colour from."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QGridLayout, QSizePolicy, QWidget

from funneldesk.text import N_, _
from funneldesk.ui.theme import SPACE, Theme

# Okabe and Ito's colours, which differ for the colour-blind too; none = no line on the board.
COLOURS: tuple[tuple[str | None, str], ...] = (
    (None, N_("No colour")),
    ("#0072b2", N_("Blue")),
    ("#56b4e9", N_("Sky blue")),
    ("#009e73", N_("Green")),
    ("#e69f00", N_("Orange")),
    ("#d55e00", N_("Red-brown")),
    ("#cc79a7", N_("Pink")),
    ("#8e6bbf", N_("Violet")),
    ("#868e9c", N_("Grey")),
)


class _Dot(QAbstractButton):
    def __init__(self, theme: Theme, colour: str | None, name: str) -> None:
        super().__init__()
        self._theme = theme
        self.colour = colour
        self.setCheckable(True)
        self.setToolTip(name)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    # Qt overrides

    def sizeHint(self) -> QSize:
        return QSize(self._theme.px(26), self._theme.px(28))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = self._theme.px(16)
        area = QRectF((self.width() - size) / 2, (self.height() - size) / 2, size, size)
        if self.isChecked() or self.hasFocus():
            painter.setPen(self._theme.color("accent" if self.hasFocus() else "text"))
            painter.drawEllipse(area.adjusted(-3.5, -3.5, 3.5, 3.5))
        if self.colour is None:
            painter.setPen(self._theme.color("outline"))
            painter.drawEllipse(area)
            painter.drawLine(area.bottomLeft() + (area.center() - area.bottomLeft()) * 0.3,
                             area.topRight() + (area.center() - area.topRight()) * 0.3)  # fmt: skip
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self.colour))
        painter.setOpacity(1.0 if self.isEnabled() else 0.4)
        painter.drawEllipse(area)


class ColourRow(QWidget):
    """`picked` carries #rrggbb or None."""

    picked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(SPACE)
        across = len(COLOURS) if theme.scale < 1.3 else (len(COLOURS) + 1) // 2  # large type has less room
        self._group = QButtonGroup(self)
        self.dots: list[_Dot] = []
        for place, (colour, name) in enumerate(COLOURS):
            dot = _Dot(theme, colour, _(name))
            dot.clicked.connect(lambda _checked=False, chosen=colour: self.picked.emit(chosen))
            self._group.addButton(dot)
            self.dots.append(dot)
            grid.addWidget(dot, place // across, place % across)
        grid.setColumnStretch(across, 1)

    def value(self) -> str | None:
        """The colour chosen."""
        return next((dot.colour for dot in self.dots if dot.isChecked()), None)

    def set_value(self, colour: object) -> None:
        """Mark a colour; one that is not in the row leaves none marked."""
        self._group.setExclusive(False)
        for dot in self.dots:
            dot.setChecked(dot.colour == colour)
        self._group.setExclusive(True)
