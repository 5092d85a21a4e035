"""The one window: rail, top bar, screens, side panel, status bar."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6 import QtCore  # its `Qt` is slow to load: not before the first paint
from PySide6.QtCore import QByteArray, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from funneldesk.errors import UserError
from funneldesk.text import _, error_text, label_text
from funneldesk.ui.loading import ALONE
from funneldesk.ui.page import Page

if TYPE_CHECKING:
    from funneldesk.domain.change import Change, Label

    # what is not needed to show a first frame is loaded where it is used
    from funneldesk.ui.actions import Actions
    from funneldesk.ui.banner import Banner
    from funneldesk.ui.context import AppContext
    from funneldesk.ui.global_search import GlobalSearch
    from funneldesk.ui.navigation import Trail
    from funneldesk.ui.rail import Rail
    from funneldesk.ui.shell import HostCommands, Place, Screens, ShellServices
    from funneldesk.ui.side_panel import Body
    from funneldesk.ui.status_bar import StatusBar
    from funneldesk.ui.top_bar import TopBar
    from funneldesk.ui.widgets.toast import Toast


class MainWindow(QMainWindow):
    """Shows screens and cards, and tells them what has changed.

    It shows nothing but a `frame` until whoever made it has run through `build` and `take_over`.
    """

    first_painted = Signal()
    context: AppContext
    screens: Screens
    services: ShellServices
    host: HostCommands
    trail: Trail
    actions_: Actions
    search: GlobalSearch
    rail: Rail
    top: TopBar
    banner: Banner
    body: Body
    status: StatusBar
    toast: Toast

    def __init__(self, frame: QWidget | None = None) -> None:
        super().__init__()
        self._pages: dict[str, QWidget] = {}
        self._late: dict[str, Change | None] = {}  # what screens behind missed; None = several changes
        self._page_key = ""
        self._card: tuple[str, int] | None = None
        self._painted = False
        self.built = False
        self._central: QWidget | None = None
        self.setWindowTitle("FunnelDesk")
        self.resize(1366, 768)
        if frame is not None:
            self.setCentralWidget(frame)

    def build(
        self, context: AppContext, screens: Screens, services: ShellServices, host: HostCommands
    ) -> Iterator[None]:
        """Make the parts, a little at a time, so that the window answers in between."""
        from funneldesk.ui import leads_switch, shell_actions
        from funneldesk.ui.actions import Actions
        from funneldesk.ui.banner import Banner
        from funneldesk.ui.global_search import GlobalSearch
        from funneldesk.ui.navigation import Trail
        from funneldesk.ui.rail import Rail
        from funneldesk.ui.side_panel import Body
        from funneldesk.ui.status_bar import StatusBar
        from funneldesk.ui.top_bar import TopBar
        from funneldesk.ui.widgets.toast import Toast

        yield
        self.context, self.screens, self.services, self.host = context, screens, services, host
        self.trail, theme = Trail(), context.theme
        self.actions_ = context.actions = Actions(self, theme)
        context.toast, context.undo, context.open_card = self.show_toast, self.undo, self.open_card
        context.show_page, context.clear_toast = self.show_page, lambda: self.toast.hide()
        context.restore, context.mend, context.password = host.restore, host.mend, host.password
        shell_actions.register(self)
        yield
        self.search = GlobalSearch(theme, context.tasks, self.services.search, self)
        self.rail = Rail(theme, self.screens.items, shell_actions.menu_button(self))
        self.top = TopBar(theme, self.actions_, self.search)
        self.top.set_new_menu(shell_actions.new_menu(self))
        self.banner = Banner(theme)
        self.body = Body(theme, context.settings.panel_width)
        self.status = StatusBar(theme)
        yield
        self._central = self._lay_out()
        self.toast = Toast(self._central, _("Undo"))
        leads_switch.follow(self)

    def _lay_out(self) -> QWidget:
        central = QWidget(self)
        frame = self.centralWidget()
        if frame is not None:
            central.resize(frame.size())
            central.hide()
        across = QHBoxLayout(central)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.rail)
        down = QVBoxLayout()
        down.setSpacing(0)
        across.addLayout(down, 1)
        for widget in (self.banner, self.top):
            down.addWidget(widget)
        down.addWidget(self.body, 1)
        down.addWidget(self.status)
        return central

    def take_over(self) -> None:
        """Put the parts into the window, in the place of the frame."""
        assert self._central is not None
        self.setCentralWidget(self._central)
        self._central.show()
        self.setAcceptDrops(True)
        self._connect()
        self.built = True

    def _connect(self) -> None:
        self.rail.chosen.connect(self.show_page)
        self.search.opened.connect(self.open_card)
        self.body.panel_resized.connect(self._keep_panel_width)
        tasks = self.context.tasks
        tasks.user_error.connect(self.show_error)
        tasks.job_started.connect(self.status.follow)
        self.context.hub.changed.connect(self._on_change)

    # -- screens ------------------------------------------------------------------------------

    def page(self, key: str) -> QWidget:
        """A screen, made when first asked for."""
        if key not in self._pages:
            with ALONE:
                page = self.screens.pages[key](self.context)
            self._pages[key] = page
            self.body.stack.addWidget(page)
            if isinstance(page, Page):
                page.selection_changed.connect(self.status.set_selection)
                page.open_card.connect(self.open_card)
        return self._pages[key]

    def current_page(self) -> QWidget | None:
        """The screen in front."""
        return self._pages.get(self._page_key)

    def current_key(self) -> str:
        """The key of the screen in front."""
        return self._page_key

    def show_page(self, key: str, **params: Any) -> None:
        """Bring a screen to the front; `params` are handed to it."""
        if key not in self.screens.pages:
            return
        if key != self._page_key and self._card is not None:
            self._drop_card()
        self._bring(key)
        page = self._pages[key]
        if params and isinstance(page, Page):
            page.show_params(**params)
        self._note_place()

    def _bring(self, key: str) -> None:
        page = self.page(key)
        changed = key != self._page_key
        self._page_key = key
        self.body.stack.setCurrentWidget(page)
        self.rail.set_current(key)
        self.status.set_selection(0)
        if changed and isinstance(page, Page):
            if key in self._late:
                page.refresh(self._late.pop(key))
            page.activated()
        self._name_window()

    def _name_window(self) -> None:
        page = self.current_page()
        title = page.title() if isinstance(page, Page) else ""
        self.setWindowTitle(f"{title} – FunnelDesk" if title else "FunnelDesk")

    # -- cards --------------------------------------------------------------------------------

    def open_card(self, kind: str, record_id: int) -> None:
        """Open a card in the side panel; a lead opens on its list, an unknown kind is ignored."""
        factory = self.screens.cards.get(kind)
        if factory is None:
            self.show_page(f"{kind}s", **{kind: record_id})
            return
        with ALONE:
            card = factory(self.context, kind, record_id)
        for name, slot in (("closed", self.close_card), ("open_card", self.open_card)):
            signal = getattr(card, name, None)
            if signal is not None and hasattr(signal, "connect"):
                signal.connect(slot)
        self._card = (kind, record_id)
        self.body.show_panel(card)
        self._note_place()

    def card_open(self) -> tuple[str, int] | None:
        """The kind and id of the card in the panel."""
        return self._card

    def close_card(self) -> None:
        """Close the side panel."""
        if self._card is not None:
            self._drop_card()
            self._note_place()

    def _drop_card(self) -> None:
        self._card = None
        self.body.hide_panel()

    def _keep_panel_width(self, width: int) -> None:
        self.context.settings.panel_width = width

    # -- back and forward ---------------------------------------------------------------------

    def _note_place(self) -> None:
        from funneldesk.ui.shell import Place

        self.trail.visit(Place(self._page_key, self._card))
        self.actions_.refresh()

    def go_back(self) -> None:
        """To the place before."""
        if self.trail.can_back():
            self._go(self.trail.back())

    def go_forward(self) -> None:
        """To the place we came back from."""
        if self.trail.can_forward():
            self._go(self.trail.forward())

    def _go(self, place: Place) -> None:
        self._bring(place.page)
        if place.card is None:
            if self._card is not None:
                self._drop_card()
        elif place.card != self._card:
            self.open_card(*place.card)
        self.actions_.refresh()

    # -- what has changed ---------------------------------------------------------------------

    def _on_change(self, change: Change) -> None:
        for key, page in self._pages.items():
            if key != self._page_key:
                self._late[key] = None if key in self._late else change
            elif isinstance(page, Page):
                page.refresh(change)
        card = self.body.panel.card()
        refresh = getattr(card, "refresh", None)
        if callable(refresh):
            refresh(change)
        self.read_undo_state()

    def refresh_all(self) -> None:
        """F5: read the screen anew."""
        page = self.current_page()
        if isinstance(page, Page):
            page.refresh(None)

    def read_undo_state(self) -> None:
        """Ask what undo and redo would do, for the words in the menu."""
        self.context.tasks.read(self.services.undo_state, self._name_undo, key="undo-state")

    def _name_undo(self, state: tuple[Label | None, Label | None]) -> None:
        from funneldesk.ui import shell_actions

        shell_actions.name_undo(self, *(label_text(label) if label else "" for label in state))

    def undo(self) -> None:
        """Take back the last change."""
        self.context.tasks.write(self.services.undo, lambda change: self._say(_("Undone: {what}"), change))

    def redo(self) -> None:
        """Do again what was undone."""
        self.context.tasks.write(
            self.services.redo, lambda change: self._say(_("Done again: {what}"), change)
        )

    def _say(self, sentence: str, change: Change) -> None:
        self.show_toast(sentence.format(what=label_text(change.label)))

    # -- words to the person ------------------------------------------------------------------

    def show_toast(
        self,
        text: str,
        undo: Callable[[], object] | None = None,
        *,
        error: bool = False,
        action_text: str = "",
    ) -> None:
        """A word at the foot; `undo` gives it a button."""
        self.toast.show_text(text, undo, error=error, action_text=action_text)

    def show_error(self, error: UserError) -> None:
        """A problem that a person can mend."""
        self.show_toast(error_text(error), error=True)

    # -- files --------------------------------------------------------------------------------

    def take_file(self, path: Path) -> None:
        """A file was dropped or named: a base is opened, a spreadsheet imported."""
        from funneldesk.ui.shell import is_base, is_spreadsheet

        if is_base(path):
            self.host.open_base(path)
        elif is_spreadsheet(path):
            self.show_page("import", path=path)

    def restore_geometry(self, kept: str) -> None:
        """As wide and as placed as last time."""
        if kept:
            self.restoreGeometry(QByteArray.fromBase64(kept.encode()))

    def keep_geometry(self) -> None:
        """Remember place, size and screen."""
        if not self.built:
            return
        settings = self.context.settings
        settings.geometry = bytes(self.saveGeometry().toBase64().data()).decode()
        settings.last_screen = self._page_key or settings.last_screen

    # Qt overrides

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._painted:
            self._painted = True  # with all that is in it, before the next event
            QTimer.singleShot(0, self.first_painted.emit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # no shortcut: Esc belongs first to the field, list or drag that has the focus
        if event.key() == QtCore.Qt.Key.Key_Escape:
            from funneldesk.ui import shell_actions

            shell_actions.escape(self)
        else:
            super().keyPressEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        from funneldesk.ui.shell import dropped_file

        if dropped_file(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        from funneldesk.ui.shell import dropped_file

        path = dropped_file(event)
        if path is not None:
            event.acceptProposedAction()
            self.take_file(path)

    def closeEvent(self, event: QCloseEvent) -> None:
        from funneldesk.ui.leaving import may_leave

        self.keep_geometry()
        event.setAccepted(may_leave(self))


def complete_window(
    context: AppContext, screens: Screens, services: ShellServices, host: HostCommands
) -> MainWindow:
    """A window complete at once."""
    from funneldesk.ui.today.bell import install

    window = MainWindow()
    for _part in window.build(context, screens, services, host):
        pass
    window.take_over()
    install(window)
    return window
