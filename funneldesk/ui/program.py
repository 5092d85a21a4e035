"""The program with a window: application, language, colours, the handling of bugs."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QLocale, Qt
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from funneldesk import paths, text
from funneldesk.resources import resource_path
from funneldesk.settings import Settings, load_settings
from funneldesk.ui.host import Host
from funneldesk.ui.theme import apply_theme, choose_theme

log = logging.getLogger(__name__)


def run(path: Path | None, lang: str | None, spreadsheet: Path | None) -> int:
    """As `application.run_window`, once the modules are loaded."""
    app = make_application()
    settings = load_settings(paths.settings_file())
    speak(lang or settings.language or text.system_language())
    apply_theme(app, choose_theme(settings.theme, settings.font_scale / 100))
    host = Host(app, settings, lang)
    _report_bugs(host)
    host.start(path or _last_base(settings), spreadsheet)
    status = app.exec()
    host.end()
    return status


def make_application() -> QApplication:
    """The one QApplication, named."""
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        app = QApplication(sys.argv[:1])
    app.setApplicationName(paths.APP)
    app.setDesktopFileName("funneldesk")
    app.setQuitOnLastWindowClosed(True)
    mark = resource_path("icons", "funneldesk.svg")
    if mark.is_file():
        app.setWindowIcon(QIcon(str(mark)))
    return app


def speak(language: str) -> None:
    """Use a language for our words and for what Qt itself writes."""
    text.set_language(language)
    QLocale.setDefault(QLocale(text.language()))


def _last_base(settings: Settings) -> Path | None:
    if settings.last_base and Path(settings.last_base).is_file():
        return Path(settings.last_base)
    default = paths.default_base()
    return default if default.is_file() else None


def _report_bugs(host: Host) -> None:
    """Errors that reach Qt's loop are logged and shown, never swallowed."""

    def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        log.error("unhandled error", exc_info=(kind, error, trace))
        host.show_bug(error)

    sys.excepthook = hook
