"""The words that Qt itself writes, in the language spoken."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from funneldesk import text


def use_qt_words(app: QApplication, old: QTranslator | None) -> QTranslator | None:
    """Take the `old` words away and give the application those of today's language (None = English)."""
    if old is not None:
        app.removeTranslator(old)
        old.deleteLater()
    if text.language() == "en":
        return None
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(f"qtbase_{text.language()}", folder):
        return None
    app.installTranslator(translator)
    return translator
