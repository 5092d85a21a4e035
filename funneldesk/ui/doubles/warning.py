"""The warning while somebody is typed who may be there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.doubles import Double
from funneldesk.text import _
from funneldesk.ui.context import AppContext
from funneldesk.ui.doubles.words import same_words
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database

PAUSE_MS = 200


class DoublesWarning(QFrame):
    """Asks, after a pause in typing, who has these keys; `opened` and `used` tell what was chosen.

    `typed` gives the arguments of `services.doubles.similar`; `usable` says which kinds can be
    taken instead of making another.
    """

    opened = Signal(str, int)
    used = Signal(str, int, str)
    shown = Signal(bool)

    def __init__(
        self, context: AppContext, typed: Callable[[], dict[str, Any]], usable: Sequence[str] = ()
    ) -> None:
        super().__init__()
        self._context = context
        self._typed = typed
        self._usable = tuple(usable)
        self.doubles: list[Double] = []
        self.setProperty("role", "banner")
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        column.setSpacing(SPACE)
        column.addWidget(PlainLabel(_("There may be this client already:"), "strong"))
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        column.addLayout(self._lines)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self.look)
        self.hide()

    def typing(self) -> None:
        """Something was typed: look in a moment."""
        self._timer.start()

    def look(self) -> None:
        """Ask now."""
        typed = self._typed()

        def read(db: Database) -> Sequence[Double]:
            from funneldesk.services import doubles

            return doubles.similar(db, **typed)

        self._context.tasks.read(read, self._show, receiver=self, key="doubles-typed")

    def _show(self, doubles: Sequence[Double]) -> None:
        self.doubles = list(doubles)
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for double in doubles:
            self._lines.addWidget(self._line(double))
        self.setVisible(bool(doubles))
        self.shown.emit(bool(doubles))

    def _line(self, double: Double) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE_2)
        row.addWidget(ElidedLabel(double.name), 1)
        row.addWidget(Quiet(same_words(double.why)))
        if double.kind in self._usable:
            use = push_button(_("Use it"), lambda: self.used.emit(double.kind, double.id, double.name),
                              role="link")  # fmt: skip
            use.setAccessibleName(f"{_('Use it')}: {double.name}")
            row.addWidget(use)
        opens = push_button(_("Open"), lambda: self.opened.emit(double.kind, double.id), role="link")
        opens.setAccessibleName(f"{_('Open')}: {double.name}")
        row.addWidget(opens)
        return line
