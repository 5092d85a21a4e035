"""The window's own actions and the menus made of them."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication, QLineEdit, QMenu, QToolButton

from funneldesk.paths import log_dir
from funneldesk.text import _
from funneldesk.ui.page import Page
from funneldesk.ui.widgets.buttons import IconButton

if TYPE_CHECKING:
    from PySide6.QtGui import QTextDocument
    from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

    from funneldesk.ui.main_window import MainWindow

FILE_MENU = ("new-base", "open-base", "open-sample", "recent", "-", "import", "-", "settings", "-", "quit")
EDIT_MENU = ("undo", "redo", "-", "after-call", "-", "find", "search")
GO_MENU = (
    "deals", "again", "reminders", "funnels", "doubles", "transfer", "-", "back", "forward", "-", "palette",
    "refresh",
)  # fmt: skip
HELP_MENU = ("help", "shortcuts", "logs", "about")


def register(window: MainWindow) -> None:
    """Make the actions; screens add theirs to the same registry."""
    add, host = window.actions_.add, window.host
    _register_edit(window)
    for number, item in enumerate(window.screens.items, start=1):
        keys = ("Ctrl+,",) if item.key == "settings" else ("Ctrl+I",) if item.key == "import" else ()
        if not item.low and number <= 9:
            keys = (f"Ctrl+{number}",)
        action_id = item.key if item.low else f"go-{item.key}"
        if item.key == "help":
            continue
        used = partial(_used, window, item.key)
        add(action_id, item.text, partial(window.show_page, item.key), icon=item.icon, shortcuts=keys,
            menu="go", enabled=used)  # fmt: skip
    add("deals", _("List of deals"), partial(window.show_page, "deals"), icon="list", menu="go")
    add("funnels", _("Edit funnels"), partial(window.show_page, "funnels"), icon="funnel", menu="go")
    add("doubles", _("Find doubles"), partial(window.show_page, "doubles"), icon="git-merge", menu="go")
    add("transfer", _("Portfolio transfer"), partial(window.show_page, "transfer"), icon="arrow-right-left",
        menu="go")  # fmt: skip
    add("again", _("Win again"), partial(window.show_page, "again"), icon="history", menu="go")
    add("back", _("Back"), window.go_back, icon="arrow-left", shortcuts=("Alt+Left",), menu="go",
        enabled=window.trail.can_back)  # fmt: skip
    add("forward", _("Forward"), window.go_forward, icon="arrow-right", shortcuts=("Alt+Right",),
        menu="go", enabled=window.trail.can_forward)  # fmt: skip
    add("refresh", _("Refresh"), window.refresh_all, icon="refresh-cw", shortcuts=("F5",), menu="go")
    add("palette", _("All commands…"), lambda: open_palette(window), icon="command",
        shortcuts=("Ctrl+Shift+P",), menu="go", palette=False)  # fmt: skip
    add("new-base", _("New base…"), host.new_base, icon="plus", menu="file")
    add("open-base", _("Open a base…"), host.choose_base, icon="folder-open", shortcuts=("Ctrl+O",),
        menu="file")  # fmt: skip
    add("open-sample", _("Sample base"), host.open_sample, icon="sparkles", menu="file")
    add("quit", _("Quit"), host.quit, icon="log-out", shortcuts=("Ctrl+Q",), menu="file")
    add("help", _("Help"), lambda: open_help(window), icon="circle-help", shortcuts=("F1",), menu="help")
    add("shortcuts", _("Keys"), lambda: show_shortcuts(window), icon="keyboard", menu="help")
    add("logs", _("Open the folder of the log"), lambda: open_folder(log_dir()), icon="folder", menu="help")
    add("about", _("About FunnelDesk"), lambda: show_about(window), icon="info", menu="help")


def _used(window: MainWindow, key: str) -> bool:
    """Whether a screen is worked with in this base."""
    return key != "leads" or not window.context.leads_off


def _register_edit(window: MainWindow) -> None:
    add = window.actions_.add
    add("undo", _("Undo"), lambda: undo_here(window), icon="undo-2", shortcuts=("Ctrl+Z",), menu="edit")
    add("redo", _("Redo"), lambda: redo_here(window), icon="redo-2", shortcuts=("Ctrl+Y", "Ctrl+Shift+Z"),
        menu="edit")  # fmt: skip
    add("search", _("Search everything"), lambda: focus_search(window), icon="search",
        shortcuts=("Ctrl+K",), menu="edit")  # fmt: skip
    add("find", _("Find on this screen"), lambda: find_here(window), icon="list-filter",
        shortcuts=("Ctrl+F",), menu="edit")  # fmt: skip
    name_undo(window, "", "")
    for action_id, text, icon, make in window.screens.new:
        add(action_id, text, partial(make, window.context), icon=icon, menu="new",
            enabled=lambda: not window.context.read_only)  # fmt: skip
    add("new", _("New…"), lambda: window.top.new_button.showMenu(), icon="plus", shortcuts=("Ctrl+N",),
        palette=False)  # fmt: skip


def name_undo(window: MainWindow, undo: str, redo: str) -> None:
    """Say in the menu what undo and redo would do; nothing to do switches them off."""
    for action_id, bare, named, what in (
        ("undo", _("Undo"), _("Undo: {what}"), undo),
        ("redo", _("Redo"), _("Redo: {what}"), redo),
    ):
        action = window.actions_.get(action_id)
        action.setText(named.format(what=what).replace("&", "&&") if what else bare)
        action.setEnabled(bool(what))


def menu_button(window: MainWindow) -> QToolButton:
    """The button at the head of the rail that opens the main menu."""
    button = IconButton(window.context.theme, "list", _("Menu"), size=20)
    menu = QMenu(button)
    menu.aboutToShow.connect(lambda: fill_main_menu(window, menu))
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    return button


def fill_main_menu(window: MainWindow, menu: QMenu) -> None:
    """The main menu, made anew each time so that it tells what holds now."""
    menu.clear()
    for title, ids in (
        (_("File"), FILE_MENU),
        (_("Edit"), EDIT_MENU),
        (_("Go"), (*(f"go-{item.key}" for item in window.screens.items), "-", *GO_MENU)),
        (_("Help"), HELP_MENU),
    ):
        part = menu.addMenu(title)
        before = ids[: ids.index("recent")] if "recent" in ids else ids
        window.actions_.fill(part, before)
        if "recent" in ids:
            _add_recent(window, part)
            window.actions_.fill(part, ids[ids.index("recent") + 1 :])


def _add_recent(window: MainWindow, menu: QMenu) -> None:
    part = menu.addMenu(_("Recent"))
    for name in window.context.settings.recent:
        part.addAction(name.replace("&", "&&"), partial(window.host.open_base, Path(name)))
    part.setEnabled(bool(window.context.settings.recent))


def new_menu(window: MainWindow) -> QMenu:
    """What can be made."""
    menu = QMenu(window)
    menu.aboutToShow.connect(window.actions_.refresh)
    menu.aboutToShow.connect(window.actions_.draw_icons)
    for action_id, *_rest in window.screens.new:
        menu.addAction(window.actions_.get(action_id))
    if any(entry.id == "import" for entry in window.actions_.entries()):
        menu.addSeparator()
        menu.addAction(window.actions_.get("import"))
    return menu


# -- handlers ---------------------------------------------------------------------------------


def _writing() -> QLineEdit | QTextEdit | QPlainTextEdit | None:
    """The text field a person is writing in, if any."""
    from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

    focus = QApplication.focusWidget()
    return focus if isinstance(focus, QLineEdit | QTextEdit | QPlainTextEdit) else None


def _history(field: QLineEdit | QTextEdit | QPlainTextEdit) -> QLineEdit | QTextDocument:
    return field if isinstance(field, QLineEdit) else field.document()


def undo_here(window: MainWindow) -> None:
    """Undo the typing in a field that has some, else the last change."""
    field = _writing()
    if field is not None and _history(field).isUndoAvailable():
        field.undo()
    else:
        window.undo()


def redo_here(window: MainWindow) -> None:
    """Redo the typing in a field that has some, else what was undone."""
    field = _writing()
    if field is not None and _history(field).isRedoAvailable():
        field.redo()
    else:
        window.redo()


def focus_search(window: MainWindow) -> None:
    """Into the search field of the window."""
    window.search.setFocus()
    window.search.selectAll()


def find_here(window: MainWindow) -> None:
    """Into the search field of the screen."""
    page = window.current_page()
    if isinstance(page, Page):
        page.focus_search()


def escape(window: MainWindow) -> None:
    """Esc: the card, then the toast."""
    if window.card_open() is not None:
        window.close_card()
    elif window.toast.isVisible():
        window.toast.hide()


def open_palette(window: MainWindow) -> None:
    """The list of all that can be done."""
    from funneldesk.ui.palette import Palette

    context = window.context
    palette = Palette(context.theme, window.actions_, window, context.tasks, window.services.search)
    palette.opened.connect(window.open_card)
    palette.open_over(window)


def open_help(window: MainWindow) -> None:
    """The help page of the screen in front, or of the card one is working in."""
    page = window.current_page()
    card, focus = window.body.panel.card(), QApplication.focusWidget()
    if card is not None and focus is not None and card.isAncestorOf(focus):
        window.show_page("help", topic="card")
        return
    topic = page.help_page if isinstance(page, Page) and page.help_page else window.current_key()
    window.show_page("help", topic=topic)


def show_shortcuts(window: MainWindow) -> None:
    """The list of keys."""
    from funneldesk.ui.about import ShortcutsDialog

    ShortcutsDialog(window.context.theme, window.actions_, window).open()


def show_about(window: MainWindow) -> None:
    """Version and licences."""
    from funneldesk.ui.about import AboutDialog

    AboutDialog(window.context.theme, window.context.tasks, window).open()


def open_folder(folder: Path) -> None:
    """Show a folder in the system's file manager."""
    from PySide6.QtCore import QUrl
    from PySide6.QtGui import QDesktopServices

    folder.mkdir(parents=True, exist_ok=True)
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
