"""The words that Qt itself writes, in the language spoken."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QTranslator
from PySide6.QtWidgets import QApplication

from funneldesk import text
from funneldesk.text import N_, _

# Words that Qt calls by another place of its own than its translations do: place -> theirs.
_MOVED = {"QAbstractFileIconProvider": "QFileDialog"}  # "Folder" and other kinds of files
# Words that its translations lack, in the dialog for printing.
_MISSING = {
    "Double Sided Printing": N_("Double Sided Printing"),
    "Off": N_("Off"),
    "Long side binding": N_("Long side binding"),
    "Short side binding": N_("Short side binding"),
    "Pages": N_("Pages"),
}


class _Rest(QTranslator):
    """Asked for what Qt's own translations do not have."""

    def __init__(self, own: QTranslator) -> None:
        super().__init__(own)
        self._own = own

    # Qt overrides

    def isEmpty(self) -> bool:  # noqa: N802
        return False

    def translate(
        self,
        context: bytes | bytearray | memoryview | str,
        sourceText: bytes | bytearray | memoryview | str,  # noqa: N803
        disambiguation: bytes | bytearray | memoryview | str | None = None,
        n: int = -1,
    ) -> str:
        place, words = str(context), str(sourceText)
        if place in _MOVED:
            about = None if disambiguation is None else str(disambiguation)
            return self._own.translate(_MOVED[place], words, about, n) or words
        return _(_MISSING[words]) if words in _MISSING else words


def use_qt_words(app: QApplication, old: QTranslator | None) -> QTranslator | None:
    """Take the `old` words away and give the application those of today's language (None = English)."""
    if old is not None:
        for each in (old, *old.findChildren(QTranslator)):
            app.removeTranslator(each)
        old.deleteLater()
    if text.language() == "en":
        return None
    translator = QTranslator(app)
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if not translator.load(f"qtbase_{text.language()}", folder):
        return None
    app.installTranslator(_Rest(translator))  # the last one installed is asked first
    app.installTranslator(translator)
    return translator
