"""One line of the day: what it is about, when, and everything that can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QVBoxLayout

from funneldesk.domain import clock
from funneldesk.text import _, ngettext
from funneldesk.ui.clients.common import KIND_ICONS
from funneldesk.ui.clients.due import Due, shortcuts
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import pixmap, theme_icon
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.today.doing import WAITS
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel

if TYPE_CHECKING:
    from funneldesk.domain.team import Manager
    from funneldesk.store.queries.agenda import AgendaLine


class DayRow(QFrame):
    """A line.  Enter opens, Space is done, R asks the result, T tomorrow, a figure waits so many days."""

    opened = Signal()
    done = Signal()
    result_wanted = Signal()
    waited = Signal(int)
    put_off = Signal(object)  # Due
    given = Signal(int)
    returned = Signal()
    stepped = Signal(int)  # to the row above (-1) or below (1)

    def __init__(self, context: AppContext, line: AgendaLine, when: str, *, late: bool, mine: bool) -> None:
        super().__init__()
        self._context = context
        self.line = line
        self._mine = mine  # what was given to others is only looked at, or accepted when done
        self.managers: list[Manager] = []
        theme = context.theme
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setProperty("role", "row")
        self.setAccessibleName(
            ", ".join(part for part in (line.client, line.subject, line.deal, when) if part)
        )
        self.across = QHBoxLayout(self)
        self.across.setContentsMargins(SPACE_2, 5, SPACE_2, 5)
        self.across.setSpacing(SPACE_2)
        picture = QLabel()
        icon = "inbox" if line.lead_id and not line.activity_id else KIND_ICONS.get(line.kind, "circle")
        picture.setPixmap(pixmap(icon, theme.danger if late else theme.quiet, theme.px(16)))
        self.across.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        self.across.addLayout(self._words(line, when, late), 1)
        self.tick: IconButton | None = None
        if not context.read_only:
            self._add_buttons()

    def _words(self, line: AgendaLine, when: str, late: bool) -> QVBoxLayout:
        words = QVBoxLayout()
        words.setSpacing(1)
        first = QHBoxLayout()
        first.setSpacing(SPACE_2)
        first.addWidget(ElidedLabel(line.client or line.deal or line.subject, "strong"), 1)
        self.when = PlainLabel(when, "error" if late else "small")
        first.addWidget(self.when)
        words.addLayout(first)
        who = () if self._mine else (line.manager, line.result)
        more = " · ".join(part for part in (*who, line.subject, line.deal) if part)
        words.addWidget(ElidedLabel(more, "quiet"))
        return words

    def _add_buttons(self) -> None:
        theme = self._context.theme
        if self._mine or self.line.done_at is not None:
            planned = bool(self.line.activity_id)
            tip = _("Done (Space)") if self._mine else _("Accept (Space)")
            icon, words = ("check", tip) if planned else ("phone", _("What came of it? (R)"))
            self.tick = IconButton(theme, icon, words, self.done.emit)
            self.across.addWidget(self.tick, 0, Qt.AlignmentFlag.AlignTop)
        self.more = IconButton(theme, "ellipsis", _("More"), self.show_menu)
        self.across.addWidget(self.more, 0, Qt.AlignmentFlag.AlignTop)

    # -- the menu -----------------------------------------------------------------------------

    def make_menu(self) -> QMenu:
        """Everything that can be done with the line, with its keys."""
        menu, theme, line = QMenu(self), self._context.theme, self.line

        def add(icon: str, words: str, keys: str, act: object) -> None:
            menu.addAction(theme_icon(theme, icon), f"{words}\t{keys}", act)

        add("panel-right", _("Open"), _("Enter"), self.opened.emit)
        if self._context.read_only:
            return menu
        menu.addSeparator()
        if not self._mine:
            if line.done_at is not None:
                add("check-check", _("Accept"), _("Space"), self.done.emit)
                add("undo-2", _("Give back"), "B", self.returned.emit)
            return menu
        if line.activity_id:
            add("check", _("Done"), _("Space"), self.done.emit)
        add("phone", _("What came of it?"), "R", self.result_wanted.emit)
        menu.addSeparator()
        self._add_times(menu)
        if line.activity_id and self.managers:
            give = menu.addMenu(theme_icon(theme, "user-check"), _("Give to"))
            for manager in self.managers:
                name = manager.name.replace("&", "&&")
                give.addAction(name, partial(self.given.emit, manager.id))
        return menu

    def _add_times(self, menu: QMenu) -> None:
        theme, today = self._context.theme, clock.local_date(clock.now(), self._context.zone)
        menu.addAction(theme_icon(theme, "clock"), _("Tomorrow") + "\tT", partial(self.waited.emit, 1))
        wait = menu.addMenu(theme_icon(theme, "hourglass"), _("Wait"))
        for days in WAITS:
            words = ngettext("{count} day", "{count} days", days).format(count=days)
            keys = f"\t{days}" if days < 10 else ""
            wait.addAction(words + keys, partial(self.waited.emit, days))
        later = menu.addMenu(theme_icon(theme, "calendar"), _("Put off"))
        for words, due in shortcuts(today):
            later.addAction(words, partial(self.put_off.emit, due))
        later.addAction(_("Some day"), partial(self.put_off.emit, Due(None)))

    def show_menu(self, where: QPoint | None = None) -> None:
        """Open the menu under the row, or where the mouse is."""
        menu = self.make_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where or self.mapToGlobal(QPoint(self.width() - 40, self.height())))

    # Qt overrides

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.opened.emit()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.show_menu(event.globalPos())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier or not self._press(event.key()):
            super().keyPressEvent(event)

    def _press(self, key: int) -> bool:
        keys = Qt.Key
        if key in (keys.Key_Return, keys.Key_Enter):
            self.opened.emit()
        elif key in (keys.Key_Up, keys.Key_Down):
            self.stepped.emit(-1 if key == keys.Key_Up else 1)
        elif self._context.read_only:
            return False
        elif key == keys.Key_Space and (self._mine or self.line.done_at is not None):
            self.done.emit()
        elif key == keys.Key_B and not self._mine and self.line.done_at is not None:
            self.returned.emit()
        elif self._mine and key == keys.Key_R:
            self.result_wanted.emit()
        elif self._mine and key == keys.Key_T:
            self.waited.emit(1)
        elif self._mine and keys.Key_1 <= key <= keys.Key_9:
            self.waited.emit(int(key) - int(keys.Key_0))
        else:
            return False
        return True
