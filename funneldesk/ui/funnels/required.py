"""The button that chooses what must be known before a deal may stand in a stage."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QSizePolicy, QWidget

from funneldesk.domain.criteria import CLIENT_FIELDS, CUSTOM, DEAL_FIELDS, READY_MADE
from funneldesk.domain.fields import CustomField
from funneldesk.text import _, criterion_text
from funneldesk.ui.theme import Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import plain_tooltip
from funneldesk.ui.widgets.popup_filter import Popup


class RequiredButton(QPushButton):
    """`picked` carries the JSON list of keys, None when nothing is required."""

    picked = Signal(object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._theme = theme
        self._chosen: list[str] = []
        self._fields: Mapping[int, CustomField] = {}
        self.clicked.connect(self._open)
        self._show()

    def set_fields(self, fields: Mapping[int, CustomField]) -> None:
        """Own fields of deals and clients that can be required too."""
        self._fields = fields
        self._show()

    def set_chosen(self, keys: Sequence[str]) -> None:
        """Show what is required."""
        self._chosen = list(keys)
        self._show()

    def value(self) -> str | None:
        """What is required, as it is kept."""
        return json.dumps(self._chosen) if self._chosen else None

    def keys(self) -> list[str]:
        """Everything that can be required, in the order in which it is offered."""
        return [*READY_MADE, *DEAL_FIELDS, *CLIENT_FIELDS, *(f"{CUSTOM}{i}" for i in self._fields)]

    def words(self, key: str) -> str:
        """What a key is called."""
        if key.startswith(CUSTOM):
            field = self._fields.get(int(key.removeprefix(CUSTOM)))
            return field.name if field is not None else _("a field that is gone")
        text = criterion_text(key)
        return text[:1].upper() + text[1:]

    def make_list(self) -> QListWidget:
        """All keys, each with a tick."""
        listing = QListWidget()
        listing.setAccessibleName(_("What must be known"))
        for key in [*self.keys(), *(k for k in self._chosen if k not in self.keys())]:
            item = QListWidgetItem(self.words(key))
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setCheckState(Qt.CheckState.Checked if key in self._chosen else Qt.CheckState.Unchecked)
            listing.addItem(item)
        return listing

    def take(self, listing: QListWidget) -> None:
        """Require what is ticked."""
        items = [listing.item(row) for row in range(listing.count())]
        ticked = [item for item in items if item.checkState() == Qt.CheckState.Checked]
        keys = [str(item.data(Qt.ItemDataRole.UserRole)) for item in ticked]
        if keys != self._chosen:
            self.set_chosen(keys)
            self.picked.emit(self.value())

    def _open(self) -> None:
        popup = Popup(self)
        popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        listing = self.make_list()
        listing.setMinimumSize(self._theme.px(320), self._theme.px(300))
        popup.column.addWidget(listing)
        done = push_button(_("Choose"), lambda: self.take(listing), role="primary")
        done.clicked.connect(popup.close)
        popup.column.addWidget(done)
        popup.open_under(self)
        listing.setFocus()

    def _show(self) -> None:
        words = ", ".join(self.words(key) for key in self._chosen) or _("Nothing is required")
        room = max(self.width() - 24, 60)
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, room)
        self.setText(shown.replace("&", "&&"))
        self.setToolTip(plain_tooltip(words) if shown != words else "")

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show()
