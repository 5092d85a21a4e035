"""Filter chips: a button that opens a list to tick or a field to type in, and shows what is set."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from funneldesk.text import _
from funneldesk.ui.icons import dress_button
from funneldesk.ui.theme import SPACE_2, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import Quiet, plain_tooltip
from funneldesk.ui.widgets.tick_list import TickList

SEARCH_FROM = 9  # a list this long gets a field to search it
LETTERS = 30  # of the names told on a chip


class Popup(QFrame):
    """A frame that floats under a widget and closes on a click elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setProperty("role", "popup")
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(SPACE_2, SPACE_2, SPACE_2, SPACE_2)
        self.column.setSpacing(SPACE_2)

    def open_under(self, widget: QWidget) -> None:
        """Show under `widget`, inside its screen."""
        self.adjustSize()
        spot = widget.mapToGlobal(QPoint(0, widget.height() + 4))
        room = widget.screen().availableGeometry()
        spot.setX(max(room.left(), min(spot.x(), room.right() - self.width())))
        if spot.y() + self.height() > room.bottom():
            spot.setY(widget.mapToGlobal(QPoint(0, 0)).y() - self.height() - 4)
        self.move(spot)
        self.show()


class FilterChip(QPushButton):
    """The button: its name, and what is set behind a colon."""

    changed = Signal()

    def __init__(self, theme: Theme, name: str, icon: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self.setProperty("role", "chip")
        self._name = name
        self._theme = theme
        if icon:
            dress_button(self, theme, icon)
        self.clicked.connect(self._open)
        self._show("")

    def is_on(self) -> bool:
        """Whether it filters anything now."""
        return bool(self.property("on"))

    def clear(self) -> None:
        """Filter nothing any more."""

    def _show(self, what: str) -> None:
        text = f"{self._name}: {what}" if what else f"{self._name}  ▾"
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setProperty("on", "true" if what else "")
        self.style().unpolish(self)
        self.style().polish(self)

    def _open(self) -> None:
        """Open the popup."""


def named(names: Sequence[str]) -> str:
    """Names in a line that a chip has room for: as many as fit, at least one, and how many more there are."""
    shown = ", ".join(names)
    if len(shown) <= LETTERS:
        return shown
    count = max(1, len(names) - 1)
    while count > 1 and len(", ".join(names[:count])) > LETTERS:
        count -= 1
    told = ", ".join(names[:count])
    told = told if len(told) <= LETTERS else f"{told[: LETTERS - 1].rstrip()}…"
    more = len(names) - count
    return _("{names} and {count} more").format(names=told, count=more) if more else told


class ChoiceFilter(FilterChip):
    """Any number of things ticked in a list; none ticked filters nothing."""

    def __init__(
        self,
        theme: Theme,
        name: str,
        options: Sequence[tuple[int, str]] = (),
        *,
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        self._options: list[tuple[int, str]] = list(options)
        self._chosen: list[int] = []
        super().__init__(theme, name, icon, parent)

    def set_options(self, options: Sequence[tuple[int, str]]) -> None:
        """The things to choose from, as (id, name); what is gone is no longer chosen."""
        self._options = list(options)
        known = {key for key, _name in options}
        if any(key not in known for key in self._chosen):
            self.set_chosen([key for key in self._chosen if key in known])
        else:
            self._tell()

    def chosen(self) -> tuple[int, ...]:
        """The ids that are ticked."""
        return tuple(self._chosen)

    def set_chosen(self, ids: Sequence[int]) -> None:
        """Tick exactly these."""
        self._chosen = list(ids)
        self._tell()
        self.changed.emit()

    def clear(self) -> None:
        """Tick nothing."""
        if self._chosen:
            self.set_chosen([])

    def _tell(self) -> None:
        names = [name for key, name in self._options if key in self._chosen]
        shown, whole = named(names), ", ".join(names)
        self._show(shown)
        if shown != whole:
            self.setAccessibleName(f"{self._name}: {whole}")
        self.setToolTip(plain_tooltip(whole if shown != whole else ""))

    def _open(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        listing = TickList()
        listing.setProperty("role", "plain")
        row = self._theme.px(26)
        for key, name in self._options:
            item = QListWidgetItem(name)
            item.setSizeHint(QSize(0, row))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if key in self._chosen else Qt.CheckState.Unchecked)
            listing.addItem(item)
        listing.setFixedHeight(min(len(self._options), 12) * row + 8)
        listing.setMinimumWidth(self._theme.px(220))
        if len(self._options) >= SEARCH_FROM:
            field = QLineEdit()
            field.setPlaceholderText(_("Find"))
            field.textChanged.connect(lambda text: _narrow(listing, text))
            popup.column.addWidget(field)
        popup.column.addWidget(listing)
        listing.setVisible(bool(self._options))
        if not self._options:
            popup.column.addWidget(Quiet(_("There is nothing to choose from yet.")))
        else:
            foot = QHBoxLayout()
            foot.addStretch(1)
            foot.addWidget(push_button(_("Clear"), lambda: _untick(listing), role="link"))
            popup.column.addLayout(foot)
        listing.itemChanged.connect(lambda _item: self._take(listing))
        popup.open_under(self)

    def _take(self, listing: QListWidget) -> None:
        items = [listing.item(i) for i in range(listing.count())]
        self.set_chosen(
            [
                int(item.data(Qt.ItemDataRole.UserRole))
                for item in items
                if item.checkState() == Qt.CheckState.Checked
            ]
        )


def _narrow(listing: QListWidget, text: str) -> None:
    from funneldesk.domain.folding import fold

    wanted = fold(text)
    for i in range(listing.count()):
        item = listing.item(i)
        item.setHidden(wanted not in fold(item.text()))


def _untick(listing: QListWidget) -> None:
    for i in range(listing.count()):
        listing.item(i).setCheckState(Qt.CheckState.Unchecked)
