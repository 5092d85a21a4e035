"""Fields that look like text until one goes into them; leaving one is one change."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QEvent, QPoint, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QCalendarWidget,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QStyle,
    QStyleOptionFrame,
    QWidget,
)

from funneldesk.text import _, currency_sign, format_date, format_money
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.fields import number_locale, parse_amount
from funneldesk.ui.widgets.labels import plain_tooltip
from funneldesk.ui.widgets.popup_filter import Popup

EMPTY = "—"


def _keeps_escape(event: QEvent) -> bool:
    """Esc belongs to the field, not to the window's shortcut."""
    return (
        event.type() == QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Escape
    )


class InlineText(QLineEdit):
    """One line.  `committed` carries what was typed; Esc brings back what was there."""

    committed = Signal(str)

    def __init__(self, hint: str = "", parent: QWidget | None = None, *, big: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "inline")
        if big:
            self.setProperty("big", "true")
        self.setPlaceholderText(hint or EMPTY)
        self._kept = ""
        self.returnPressed.connect(self.clearFocus)
        self.editingFinished.connect(self._commit)

    def set_value(self, text: str) -> None:
        """Show a value, unless a person is changing it now."""
        if self.hasFocus() and self.text() != self._kept:
            return
        self._kept = text
        if self.text() != text:
            self.setText(text)
        self._rest()

    def value(self) -> str:
        """What stands there."""
        return self.text()

    def restore(self) -> None:
        """Back to the value that was shown."""
        self.setText(self._kept)
        self._rest()

    def _commit(self) -> None:
        text = self.text().strip()
        if text != self.text():
            self.setText(text)
        if text != self._kept:
            self._kept = text
            self.committed.emit(text)

    def _rest(self) -> None:
        if not self.hasFocus():
            self.setCursorPosition(0)
        wide = self.fontMetrics().horizontalAdvance(self.text()) > self.width() - 20
        self.setToolTip(plain_tooltip(self.text()) if wide else "")

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or not self.toolTip():
            super().paintEvent(event)
            return
        painter = QPainter(self)
        option = QStyleOptionFrame()
        self.initStyleOption(option)
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelLineEdit, option, painter, self)
        area = self.style().subElementRect(QStyle.SubElement.SE_LineEditContents, option, self)
        area.adjust(2, 0, -2, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine), text)

    def event(self, event: QEvent) -> bool:
        if _keeps_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.restore()
            self.clearFocus()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._rest()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._rest()


class InlineMoney(InlineText):
    """An amount.  `amount_committed` carries minor units or None; what is no amount goes back."""

    amount_committed = Signal(object)

    def __init__(self, currency: str, parent: QWidget | None = None, *, big: bool = False) -> None:
        super().__init__("", parent, big=big)
        self._currency = currency
        self.committed.connect(self._read)

    def sizeHint(self) -> QSize:
        size, words = super().sizeHint(), self.fontMetrics().horizontalAdvance(self.text())
        return QSize(max(words, self.fontMetrics().horizontalAdvance("0") * 11) + 26, size.height())

    def set_amount(self, minor: int | None, currency: str) -> None:
        """Show minor units."""
        self._currency = currency
        self._minor = minor
        self.set_value(self._shown(minor))
        self.updateGeometry()

    def _read(self, text: str) -> None:
        try:
            bare = text.replace(currency_sign(self._currency), "").replace(self._currency, "").strip()
            minor = parse_amount(bare, self._currency) if bare else None
        except ValueError:
            minor = self._minor
        shown = self._shown(minor)
        self._kept = shown
        self.setText(shown)
        if minor != self._minor:
            self._minor = minor
            self.amount_committed.emit(minor)

    def _shown(self, minor: int | None) -> str:
        return "" if minor is None else format_money(minor, self._currency)


class InlineChoice(QPushButton):
    """One of a list, chosen from a menu.  `picked` carries the value."""

    picked = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "inline")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._options: list[tuple[object, str]] = []
        self._value: object = None
        self._words = ""
        self.clicked.connect(self._open)

    def set_options(self, options: Sequence[tuple[object, str]]) -> None:
        """What there is to choose from."""
        self._options = list(options)

    def set_value(self, value: object, words: str = "") -> None:
        """Show a value; `words` when it is not among the options."""
        self._value = value
        self._words = next((text for key, text in self._options if key == value), words)
        self._show()

    def value(self) -> object:
        """What is chosen."""
        return self._value

    def make_menu(self) -> QMenu:
        """The menu to choose from."""
        menu = QMenu(self)
        menu.addAction(EMPTY, lambda: self._take(None))
        for value, words in self._options:
            action = menu.addAction(words.replace("&", "&&"), lambda value=value: self._take(value))
            action.setCheckable(True)
            action.setChecked(value == self._value)
        return menu

    def _open(self) -> None:
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _take(self, value: object) -> None:
        if value != self._value:
            self.set_value(value)
            self.picked.emit(value)

    def _show(self) -> None:
        words = self._words or EMPTY
        room = max(self.width() - 18, 40)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(plain_tooltip(words) if shown != words else "")
        self.setProperty("empty", "" if self._words else "true")
        self.style().unpolish(self)
        self.style().polish(self)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        QTimer.singleShot(0, self, self._show)


class InlineDate(InlineChoice):
    """A day, chosen from a calendar; its value is ISO text or None."""

    def set_day(self, value: str | None) -> None:
        """Show an ISO day."""
        try:
            words = format_date(date.fromisoformat(value)) if value else ""
        except ValueError:
            words = value or ""
        self.set_value(value, words)

    def _open(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        calendar = make_calendar(str(self._value or ""))
        calendar.clicked.connect(lambda day: self._take_day(day, popup))
        popup.column.addWidget(calendar)
        popup.column.addWidget(push_button(_("No date"), lambda: self._take_day(None, popup), role="link"))
        popup.open_under(self)

    def _take_day(self, day: QDate | None, popup: Popup) -> None:
        value = None if day is None else day.toString(Qt.DateFormat.ISODate)
        popup.close()
        if value != self._value:
            self.set_day(value)
            self.picked.emit(value)


class InlineNotes(QPlainTextEdit):
    """Several lines that grow with their text; leaving it commits."""

    committed = Signal(str)

    def __init__(self, theme: Theme, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "inline")
        self.setPlaceholderText(hint or EMPTY)
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._theme = theme
        self._kept = ""
        self.document().documentLayout().documentSizeChanged.connect(lambda _size: self._fit())
        self._fit()

    def set_value(self, text: str) -> None:
        """Show a text, unless a person is changing it now."""
        if self.hasFocus() and self.toPlainText() != self._kept:
            return
        self._kept = text
        if self.toPlainText() != text:
            self.setPlainText(text)

    def value(self) -> str:
        """What stands there."""
        return self.toPlainText()

    def _fit(self) -> None:
        wanted = max(int(self.document().size().height()), 1)
        lines = min(wanted, 8)
        always = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wanted > 8 else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(always)
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + self._theme.px(14))

    # Qt overrides

    def event(self, event: QEvent) -> bool:
        if _keeps_escape(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.setPlainText(self._kept)
            self.clearFocus()
        elif event.key() == Qt.Key.Key_Return and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        text = self.toPlainText().strip()
        if text != self._kept:
            self._kept = text
            self.committed.emit(text)

    def sizeHint(self) -> QSize:
        return QSize(120, self.height())


def make_calendar(iso_day: str = "") -> QCalendarWidget:
    """A calendar in the language spoken, on a day or on today."""
    calendar = QCalendarWidget()
    calendar.setLocale(number_locale())
    calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
    day = QDate.fromString(iso_day, Qt.DateFormat.ISODate)
    if day.isValid():
        calendar.setSelectedDate(day)
    return calendar
