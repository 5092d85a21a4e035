"""Holds the base, the workers and the window together: opens, changes and closes them."""

from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QMainWindow

from funneldesk import text
from funneldesk.errors import UserError
from funneldesk.resources import resource_path
from funneldesk.settings import Settings
from funneldesk.text import _, failure
from funneldesk.ui.doctor import Doctor
from funneldesk.ui.first_read import read_first_page
from funneldesk.ui.locksmith import Locksmith
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.theme import Theme, apply_theme, choose_theme

if TYPE_CHECKING:
    from PySide6.QtCore import QTranslator

    from funneldesk.store.database import Database
    from funneldesk.store.first_page import FirstPage
    from funneldesk.ui.beginnings import Beginnings
    from funneldesk.ui.context import AppContext
    from funneldesk.ui.crash import Crashes
    from funneldesk.ui.first_frame import FirstFrame
    from funneldesk.ui.shell import HostCommands
    from funneldesk.ui.tasks import TaskRunner
    from funneldesk.ui.welcome import Welcome


class Host(QObject):
    """One per program."""

    first_painted = Signal()  # the window has been painted with its data

    def __init__(self, app: QApplication, settings: Settings, lang: str | None = None) -> None:
        super().__init__()
        self._app = app
        self.settings = settings
        self._lang, self._chosen = lang, settings.language
        self.window: MainWindow | None = None
        self.welcome_window: Welcome | None = None
        self._context: AppContext | None = None
        self.path: Path | None = None
        self._loose: TaskRunner | None = None
        self.spreadsheet: Path | None = None
        self._translator: QTranslator | None = None
        self._beginnings: Beginnings | None = None  # kept while its dialogs are open
        self.doctor, self.locksmith = Doctor(self), Locksmith(self)
        self._crashes: Crashes | None = None
        self._clothed = False  # whether the application has its colours
        self._dressed = self._looks()
        app.styleHints().colorSchemeChanged.connect(lambda _scheme: self.rebuild())

    # -- beginning and end --------------------------------------------------------------------

    def start(self, path: Path | None, spreadsheet: Path | None = None) -> None:
        """Show the first window: of a base, or the first start."""
        self.spreadsheet = spreadsheet
        if path is None:
            self.welcome()
        else:
            self.open_base(path)

    def end(self) -> None:
        """Stop the workers and close the base."""
        self.close_base()
        if self._loose is not None:
            self._loose.stop()
        self.settings.save()

    # -- bases --------------------------------------------------------------------------------

    def open_base(self, path: Path) -> None:
        """Show a base: its first page at once, the rest later.  When it cannot be, an open one stays."""
        try:
            first = read_first_page(path, self.settings)
        except UserError as error:
            if self.locksmith.opens(path, error):
                return
            if self._context is not None and error.code != "base.damaged":
                self._context.tasks.user_error.emit(error)
                return
            self.path = path
            self._cannot_open(error)
            return
        self.close_base()
        self.locksmith.forget(path)
        self.path = path
        frame = None if self._clothed else self._first_frame(first)
        if frame is not None:
            self._show_frame(frame, path, first)
            return
        context = self._context = self._make_context(path, first)
        self._show_window(context, then=lambda: self._open_in_worker(path, context.tasks))

    def _make_context(self, path: Path, first: FirstPage | None) -> AppContext:
        from zoneinfo import ZoneInfo

        from funneldesk.ui.context import AppContext
        from funneldesk.ui.hub import Hub
        from funneldesk.ui.tasks import TaskRunner

        tasks, hub = TaskRunner(), Hub()
        tasks.crashed.connect(self.show_bug)
        hub.settings_changed.connect(lambda: QTimer.singleShot(0, self.rebuild))
        return AppContext(
            tasks=tasks,
            hub=hub,
            settings=self.settings,
            theme=self.theme(),
            zone=first.zone if first else ZoneInfo("UTC"),
            currency=first.currency if first else "EUR",
            me=self.settings.me.get(str(path)),
            first_page=first,
        )

    def _open_in_worker(self, path: Path, tasks: TaskRunner) -> None:
        from funneldesk.ui.wiring import open_or_look

        self.install_qt_words()
        tasks.background(
            lambda: open_or_look(path), self._opened, self._cannot_open, dropped=lambda db: db.close()
        )

    def _opened(self, db: Database) -> None:
        context = self._context
        if context is None or self.window is None:
            db.close()
            return
        try:
            context.know(db)
        except UserError as error:  # what holds for the whole base cannot be read
            db.close()
            self._cannot_open(error)
            return
        context.tasks.attach(db)
        context.first_page = None
        self.settings.remember_base(db.path)
        self.settings.save()
        self.window.read_undo_state()
        self._tell_read_only(self.window)
        if not db.read_only:
            from funneldesk.ui.choosing import back_up_today

            self.doctor.watch(db, context.tasks, self.window)
            back_up_today(db, context.tasks, self)
        if self.spreadsheet is not None:
            self.window.take_file(self.spreadsheet)
            self.spreadsheet = None

    def _tell_read_only(self, window: MainWindow) -> None:
        if window.context.read_only:
            window.banner.say(
                _("This base is open elsewhere or write-protected. You can look, but not change anything."),
                _("Try again"),
                self.retry_writing,
            )

    def _cannot_open(self, error: Exception) -> None:
        words, path = failure(error, _("The base could not be opened.")), self.path
        if path is not None and self.locksmith.opens(path, error, close=True):
            return
        self.welcome(words)
        if path is not None and isinstance(error, UserError) and error.code == "base.damaged":
            self.doctor.offer(path, words)

    def close_base(self) -> None:
        """Put the window away, end its workers (what they were given to write is written), close its base."""
        context, window = self._context, self.window
        self._context, self.window = None, None
        if window is not None:
            window.keep_geometry()
            window.hide()
            window.deleteLater()
        if context is not None:
            context.tasks.stop()
            if context.tasks.db is not None:
                context.tasks.db.close()

    def retry_writing(self) -> None:
        """Try to open the base for writing after all."""
        if self.path is not None:
            self.open_base(self.path)

    # -- windows ------------------------------------------------------------------------------

    def _show_window(self, context: AppContext, then: Callable[[], None] | None = None) -> None:
        from funneldesk.ui.screens import make_screens
        from funneldesk.ui.wiring import shell_services

        self.dress()
        window = complete_window(context, make_screens(), shell_services(), self.commands())
        old, self.window = self.window, window
        window.first_painted.connect(self.first_painted)
        window.first_painted.connect(gc.enable)
        if then is not None:
            window.first_painted.connect(then)
        self._begin_page(window)
        window.restore_geometry(self.settings.geometry)
        window.show()
        self._drop(old)
        self._drop(self.welcome_window)
        self.welcome_window = None

    def _first_frame(self, first: FirstPage | None) -> FirstFrame | None:
        """The first screen painted by hand, when there is a board to paint."""
        if first is None or not first.board.funnel_id:
            return None
        from funneldesk.ui.first_frame import FirstFrame

        mine = None if str(self.path) not in self.settings.me else first.board.manager_id is not None
        return FirstFrame(self.theme(), first, str(self.path), mine=mine, more=self.settings.more)

    def _show_frame(self, frame: FirstFrame, path: Path, first: FirstPage | None) -> None:
        window = self.window = MainWindow(frame)
        frame.setFocus()
        window.first_painted.connect(self.first_painted)
        window.first_painted.connect(lambda: self._go_on(window, frame, path, first))
        window.restore_geometry(self.settings.geometry)
        window.show()

    def _go_on(self, window: MainWindow, frame: FirstFrame, path: Path, first: FirstPage | None) -> None:
        from funneldesk.ui import stages

        def prepare() -> AppContext:
            self.dress()
            self._context = self._make_context(path, first)
            return self._context

        def done() -> None:
            gc.freeze()  # what was loaded stays, and need not be looked through again and again
            gc.enable()
            self._open_in_worker(path, window.context.tasks)

        stages.in_steps(
            stages.build_behind(frame, window, prepare, self.commands, self._begin_page, done), window
        )

    def work_without_base(self) -> TaskRunner:
        """A worker for what needs no open base; made at the first call, ended with the program."""
        if self._loose is None:
            from funneldesk.ui.tasks import TaskRunner

            self._loose = TaskRunner()
            self._loose.crashed.connect(self.show_bug)
        return self._loose

    def _begin_page(self, window: MainWindow) -> None:
        if self.path is not None:
            window.status.set_file(str(self.path))
        start = "board" if window.context.first_page is not None else self.settings.last_screen
        window.show_page(start if start in window.screens.pages else "board")

    def theme(self) -> Theme:
        """The looks chosen in the settings."""
        return choose_theme(self.settings.theme, self.settings.font_scale / 100)

    def dress(self) -> None:
        """Give the application its colours, once."""
        if not self._clothed:
            self._clothed = True
            from PySide6.QtGui import QIcon

            mark = resource_path("icons", "funneldesk.svg")
            if mark.is_file():
                self._app.setWindowIcon(QIcon(str(mark)))
            apply_theme(self._app, self.theme())

    def _drop(self, window: QMainWindow | None) -> None:
        if window is not None:
            window.hide()
            window.deleteLater()

    def commands(self) -> HostCommands:
        """What a window may ask of the program."""
        from funneldesk.ui.host_commands import host_commands

        return host_commands(self, self._app)

    def _looks(self) -> tuple[object, ...]:
        theme = self.theme()
        language = self._lang or self.settings.language or text.system_language()
        return theme.name, theme.scale, language, self.settings.comfortable_rows

    def rebuild(self) -> None:
        """Make the window anew in another language, colours or size of letters, when these changed."""
        if self.window is not None and (not self.window.built or self.window.context.tasks.long_write()):
            QTimer.singleShot(200, self.rebuild)
            return
        if self.settings.language != self._chosen:  # a choice made here outweighs the command line
            self._lang, self._chosen = None, self.settings.language
        looks = self._looks()
        if looks == self._dressed:
            return
        self._dressed = looks
        from funneldesk.ui.program import speak

        speak(self._lang or self.settings.language or text.system_language())
        self.install_qt_words()
        theme = self.theme()
        self._clothed = True
        apply_theme(self._app, theme)
        if self._context is not None and self.window is not None:
            self.window.keep_geometry()
            page = self.window.current_key()
            self._context.theme = theme
            self._context.hub.disconnect(self.window)
            self._context.tasks.disconnect(self.window)
            self._show_window(self._context)
            self.window.show_page(page)
            self.window.read_undo_state()
            self._tell_read_only(self.window)
        elif self.welcome_window is not None:
            self.welcome()

    def install_qt_words(self) -> None:
        """Qt's own words (calendars, file dialogs) in the language spoken."""
        from funneldesk.ui.qt_words import use_qt_words

        self._translator = use_qt_words(self._app, self._translator)

    def say(self, words: str) -> None:
        """A problem in one sentence, in whatever window there is."""
        if self.window is not None and self.window.built:
            self.window.show_toast(words, error=True)
        elif self.welcome_window is not None:
            self.welcome_window.show_error(words)

    def show_bug(self, error: BaseException) -> None:
        """An error nobody expected."""
        from funneldesk.ui.crash import Crashes

        self._crashes = self._crashes or Crashes()
        self._crashes.show(self.theme(), error, self.window or self.welcome_window)

    # -- the first start ----------------------------------------------------------------------

    def welcome(self, error: str = "") -> None:
        """Show the ways to begin."""
        self.dress()
        self.close_base()
        old = self.welcome_window
        self.welcome_window = (beginnings := self._begin()).window
        if error:
            beginnings.window.show_error(error)
        beginnings.window.show()
        gc.enable()
        self._drop(old)
        spreadsheet, self.spreadsheet = self.spreadsheet, None
        if spreadsheet is not None:
            beginnings.import_file(spreadsheet)

    def open_with(self, path: Path, spreadsheet: Path | None) -> None:
        """Open a base and begin to import a file into it."""
        self.spreadsheet = spreadsheet
        self.open_base(path)

    def choose_base(self, path: Path | None = None) -> None:
        """Open a base, asking which."""
        from funneldesk.ui.choosing import ask_base

        if (path := path or ask_base(self.window or self.welcome_window)) is not None:
            self.open_base(path)

    def choose_spreadsheet(self) -> Path | None:
        """Ask for a file to import."""
        from funneldesk.ui.choosing import ask_spreadsheet

        return ask_spreadsheet(self.window or self.welcome_window)

    def new_base(self) -> None:
        """Make a base, asking for the funnel template and the place."""
        self._begin().empty()

    def _begin(self) -> Beginnings:
        from funneldesk.ui.beginnings import Beginnings

        self._beginnings = Beginnings(self.work_without_base(), self, self.window)
        return self._beginnings

    def open_sample(self) -> None:
        """Make (or open) the sample base."""
        self._begin().sample()
