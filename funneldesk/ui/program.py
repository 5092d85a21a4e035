"""The program with a window: application, language, colours, the handling of bugs."""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, QTimer
from PySide6.QtWidgets import QApplication

from funneldesk import paths, text
from funneldesk.settings import Settings
from funneldesk.ui.file_kinds import tell_kinds
from funneldesk.ui.host import Host

log = logging.getLogger(__name__)


def run(
    path: Path | None,
    lang: str | None,
    spreadsheet: Path | None,
    settings: Settings,
    painted: Callable[[], object] | None = None,
) -> int:
    """As `application.run_window`, once the modules are loaded."""
    app = make_application()
    speak(lang or settings.language or text.system_language())
    host = Host(app, settings, lang)
    _report_bugs(host)
    if sys.platform == "darwin":
        from funneldesk.ui.opened_files import OpenedFiles

        OpenedFiles(app, host)
    QTimer.singleShot(1000, _keep_log)
    if painted is not None:
        host.first_painted.connect(painted)
    _start(host, path, spreadsheet)
    status = app.exec()
    host.end()
    return status


def _start(host: Host, path: Path | None, spreadsheet: Path | None) -> None:
    """Show the first window.  A fault on the way is told like any later one, over the ways to begin."""
    try:
        host.start(path, spreadsheet)
    except Exception as error:  # noqa: BLE001 - shown and kept, whatever it is
        with contextlib.suppress(Exception):  # the first fault is the one to tell
            host.welcome()
        sys.excepthook(type(error), error, error.__traceback__)


def _keep_log() -> None:
    """After the first picture, or at a fault before it: its modules take a while to load."""
    from funneldesk import logs

    logs.keep_log()


def make_application() -> QApplication:
    """The one QApplication, named."""
    tell_kinds()
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName(paths.APP)
    app.setDesktopFileName("funneldesk")
    app.setQuitOnLastWindowClosed(True)
    return app


def speak(language: str) -> None:
    """Use a language for our words and for what Qt itself writes."""
    text.set_language(language)
    QLocale.setDefault(QLocale(text.language()))


def _report_bugs(host: Host) -> None:
    """Errors that reach Qt's loop are logged and shown, never swallowed."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        _keep_log()
        log.error("unhandled error", exc_info=(kind, error, trace))
        host.show_bug(error)

    sys.excepthook = hook
