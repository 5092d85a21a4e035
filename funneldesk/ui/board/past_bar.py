"""The bar over a board of a past day: which day, a slider over the life of the base, and the way back."""

from __future__ import annotations

from datetime import date, timedelta

from PySide6.QtCore import QSignalBlocker, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider

from funneldesk.domain import clock
from funneldesk.text import _, format_date
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE, SPACE_3, SPACE_4
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import DateField
from funneldesk.ui.widgets.labels import PlainLabel

WAIT_MS = 60  # the slider goes over many days: the board follows when it rests


class PastBar(QFrame):
    """`day_chosen` with an ISO day; "" = back to today."""

    day_chosen = Signal(str)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._first = self._today()
        self.setProperty("role", "banner")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_4, SPACE, SPACE_4, SPACE)
        row.setSpacing(SPACE_3)
        self.words = PlainLabel("", "strong")
        row.addWidget(self.words)
        self.field = DateField(context.theme)
        self.field.edit.setAccessibleName(_("Day"))
        self.field.setFixedWidth(context.theme.px(150))
        self.field.edit.editingFinished.connect(self._take_field)
        self.field.changed.connect(self._take_picked)
        row.addWidget(self.field)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(_("Day"))
        self.slider.setPageStep(7)
        self.slider.valueChanged.connect(self._slid)
        row.addWidget(self.slider, 1)
        self.back = push_button(_("Back to today"), lambda: self.day_chosen.emit(""))
        row.addWidget(self.back)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(WAIT_MS)
        self._rest.timeout.connect(self._emit)

    def _today(self) -> date:
        return clock.local_date(clock.now(), self._context.zone)

    def set_life(self, first: int | None) -> None:
        """The slider goes from the first move of the base to yesterday's evening."""
        if first is not None:
            self._first = min(clock.local_date(first, self._context.zone), self._today())
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, (self._today() - self._first).days)

    def day(self) -> date:
        """The day of the slider."""
        return self._first + timedelta(days=self.slider.value())

    def show_day(self, day: date) -> None:
        """Show which day the board is of."""
        with QSignalBlocker(self.slider):
            self.slider.setValue((day - self._first).days)
        self.words.setText(_("Board of {day}, to look at only").format(day=format_date(day)))
        if not self.field.edit.hasFocus() or not self.field.edit.isModified():
            self.field.set_value(day.isoformat())

    def _slid(self) -> None:
        day = self.day()
        self.show_day(day)
        self._rest.start()

    def _emit(self) -> None:
        self.day_chosen.emit(self.day().isoformat())

    def _take_picked(self) -> None:
        if not self.field.edit.hasFocus():
            self._take_field()

    def _take_field(self) -> None:
        try:
            value = self.field.value()
        except ValueError:
            self.field.set_value(self.day().isoformat())
            return
        self.field.edit.setModified(False)
        if value and value != self.day().isoformat():
            self.day_chosen.emit(min(value, self._today().isoformat()))
