"""The bell: the list of what is due, put off or done where it stands; the tray only points to it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSystemTrayIcon, QVBoxLayout, QWidget

from funneldesk.text import _, activity_kind, format_number, ngettext
from funneldesk.ui.clients.common import due_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.page import Page
from funneldesk.ui.theme import SPACE, SPACE_2, SPACE_3
from funneldesk.ui.today.column import card_of
from funneldesk.ui.today.doing import Doing
from funneldesk.ui.today.watch import DayWatch
from funneldesk.ui.widgets.buttons import IconButton, push_button
from funneldesk.ui.widgets.labels import ElidedLabel, PlainLabel, Quiet
from funneldesk.ui.widgets.popup_filter import Popup
from funneldesk.ui.widgets.scroll import ScrollArea

if TYPE_CHECKING:
    from funneldesk.services.agenda import Part
    from funneldesk.store.queries.agenda import AgendaLine
    from funneldesk.ui.main_window import MainWindow

WIDTH, HEIGHT = 400, 380
DAY_MINUTES = 24 * 60


def snoozes() -> tuple[tuple[str, int], ...]:
    """How long a reminder can be put off: words and minutes."""
    return (
        (_("In 10 minutes"), 10),
        (_("In an hour"), 60),
        (_("In three hours"), 180),
        (_("In a day"), DAY_MINUTES),
    )


class Bell(IconButton):
    """A bell with a number; a click shows the list."""

    def __init__(self, window: MainWindow) -> None:
        context = window.context
        super().__init__(context.theme, "bell", _("Reminders"), self.show_list)
        self._context, self._window = context, window
        self._count = 0
        self.lines: tuple[AgendaLine, ...] = ()
        self.popup: ReminderList | None = None
        self.setFixedWidth(context.theme.px(40))  # the number beside the bell, not over it
        self._first = True
        self.tray: QSystemTrayIcon | None = None
        self.doing = Doing(context, window)
        self.watch = DayWatch(context, self)
        self.watch.reminded.connect(self._reminded)

    def _reminded(self, part: Part, fresh: set[int]) -> None:
        self.lines, self._count = part.lines, part.count
        words = ngettext("{count} reminder", "{count} reminders", part.count)
        said = words.format(count=format_number(part.count)) if part.count else _("Reminders")
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.update()
        if self.popup is not None:
            self.popup.show_lines(self.lines)
        if self._first:
            self._first = False
            if part.count:
                missed = ngettext("{count} reminder is waiting", "{count} reminders are waiting", part.count)
                text = missed.format(count=format_number(part.count))
                self._window.show_toast(text, self.show_list, action_text=_("Show"))
                self._to_tray(text)
        elif fresh:
            lines = [line for line in part.lines if line.activity_id in fresh]
            text = words_of(lines[0])
            self._window.show_toast(text, self.show_list, action_text=_("Show"))
            self._to_tray(text)

    def _to_tray(self, text: str) -> None:
        if not self._context.settings.more.get("tray") or not QSystemTrayIcon.isSystemTrayAvailable():
            return
        if self.tray is None:
            self.tray = QSystemTrayIcon(self._window.windowIcon() or self.icon(), self)
            self.tray.setToolTip("FunnelDesk")
            self.tray.messageClicked.connect(self._come)
            self.tray.activated.connect(lambda _reason: self._come())
        self.tray.show()
        self.tray.showMessage("FunnelDesk", text)

    def _come(self) -> None:
        self._window.showNormal() if self._window.isMinimized() else self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self.show_list()

    def show_list(self) -> None:
        """Open the list under the bell."""
        self.popup = ReminderList(self._context, self.doing, self)
        self.popup.destroyed.connect(self._forget)
        self.popup.show_lines(self.lines)
        self.popup.open_under(self)

    def _forget(self) -> None:
        self.popup = None

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._count:
            return
        theme, painter = self._context.theme, QPainter(self)
        text = str(self._count) if self._count < 100 else "99+"
        painter.setFont(theme.font(10, bold=True))
        size = theme.px(14)
        width = max(size, painter.fontMetrics().horizontalAdvance(text) + 6)
        where = QRect(self.width() - width, 0, width, size)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("danger_fill"))
        painter.drawRoundedRect(where, size / 2, size / 2)
        painter.setPen(theme.color("on_accent"))
        painter.drawText(where, Qt.AlignmentFlag.AlignCenter, text)


def words_of(line: AgendaLine) -> str:
    """A reminder in one line."""
    kind = activity_kind(line.kind)
    about = " · ".join(part for part in (line.client, line.subject or line.deal) if part)
    return f"{kind}: {about}" if about else kind


class ReminderList(Popup):
    """What is due now, the latest first; each can be done, put off or opened."""

    def __init__(self, context: AppContext, doing: Doing, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._context, self._doing = context, doing
        self.rows: list[QFrame] = []
        self._lines: tuple[AgendaLine, ...] = ()
        self.setFixedWidth(context.theme.px(WIDTH))
        head = QHBoxLayout()
        head.addWidget(PlainLabel(_("Reminders"), "title"))
        head.addStretch(1)
        self.all_later = push_button(_("All in an hour"), self._snooze_all, role="link")
        head.addWidget(self.all_later)
        self.column.addLayout(head)
        self._area = ScrollArea()
        self._area.setFixedHeight(context.theme.px(HEIGHT))
        self.column.addWidget(self._area)

    def show_lines(self, lines: tuple[AgendaLine, ...]) -> None:
        """Show other reminders."""
        self._lines = lines
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, SPACE_2, 0)
        column.setSpacing(0)
        self.rows = [self._row(line) for line in lines]
        for row in self.rows:
            column.addWidget(row)
        if not lines:
            column.addWidget(
                Quiet(_("Nothing is due. What is planned rings here when its time comes."), wrap=True)
            )
        column.addStretch(1)
        self.all_later.setVisible(bool(lines) and not self._context.read_only)
        self._area.set_inner(inner)

    def _row(self, line: AgendaLine) -> QFrame:
        theme, row = self._context.theme, QFrame()
        row.setProperty("role", "row")
        row.setAccessibleName(words_of(line))
        across = QHBoxLayout(row)
        across.setContentsMargins(SPACE, SPACE, 0, SPACE)
        across.setSpacing(SPACE)
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addWidget(ElidedLabel(words_of(line), "strong"))
        when = due_words(line.due_at, self._context.zone, all_day=line.all_day)
        words.addWidget(PlainLabel(when.text, "error" if when.late else "small"))
        across.addLayout(words, 1)
        if not self._context.read_only:
            across.addWidget(IconButton(theme, "check", _("Done"), partial(self._doing.done, line)))
            across.addWidget(IconButton(theme, "phone", _("What came of it?"), partial(self._result, line)))
            later = IconButton(theme, "alarm-clock", _("Remind later"))
            later.clicked.connect(lambda _checked=False: self._later(line, later))
            across.addWidget(later)
        across.addWidget(IconButton(theme, "panel-right", _("Open"), partial(self._open, line)))
        across.addSpacing(SPACE_3 - SPACE)
        return row

    def _result(self, line: AgendaLine) -> None:
        self.close()
        self._doing.result(line)

    def _open(self, line: AgendaLine) -> None:
        kind, record_id = card_of(line)
        self.close()
        if kind == "lead":
            self._context.show_page("leads", lead=record_id)
        elif kind:
            self._context.open_card(kind, record_id)

    def _later(self, line: AgendaLine, button: QWidget) -> None:
        menu = QMenu(self)
        for words, minutes in snoozes():
            menu.addAction(
                theme_icon(self._context.theme, "clock"), words, partial(self._doing.snooze, [line], minutes)
            )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _snooze_all(self) -> None:
        self._doing.snooze(list(self._lines), 60)


def install(window: MainWindow) -> Bell:
    """Put the bell into the bar of a window, and its action into the registry."""
    bell = Bell(window)
    layout = window.top.layout()
    assert isinstance(layout, QHBoxLayout)
    layout.insertWidget(layout.count() - 1, bell)
    window.actions_.add(
        "reminders", _("Reminders"), bell.show_list, icon="bell", shortcuts=("Ctrl+Shift+B",), menu="go"
    )
    window.actions_.add(
        "after-call",
        _("After a call…"),
        partial(_after_call, window, bell.doing),
        icon="phone",
        shortcuts=("Ctrl+Shift+L",),
        menu="edit",
        enabled=lambda: not window.context.read_only,
    )
    return bell


def _after_call(window: MainWindow, doing: Doing) -> None:
    """The form of what came of a call, for the card that is open or what is in front."""
    page = window.current_page()
    subject = window.card_open() or (page.subject() if isinstance(page, Page) else None)
    if subject is None:
        window.show_toast(_("Choose a client, a deal or a lead first."))
    else:
        doing.result_of(*subject)
