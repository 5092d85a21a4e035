"""Where files to import come from and go to: dialogs, what was dropped, those of lately."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtWidgets import QFileDialog, QWidget

from funneldesk.resources import resource_path
from funneldesk.settings import Settings
from funneldesk.text import _, language
from funneldesk.ui.shell import SPREADSHEETS, is_spreadsheet

_RECENT, _FOLDER = "import_recent", "import_folder"
_MOST = 5


def recent(settings: Settings) -> list[Path]:
    """The files imported lately that are still there."""
    kept = settings.more.get(_RECENT, [])
    paths = [Path(str(name)) for name in kept] if isinstance(kept, list) else []
    return [path for path in paths if path.is_file()]


def remember(settings: Settings, path: Path) -> None:
    """Put a file at the head of those of lately; the sample is not one of them."""
    if path.parent == resource_path("samples"):
        return
    kept = [str(other) for other in recent(settings) if other != path]
    settings.more[_RECENT] = [str(path), *kept][:_MOST]
    settings.more[_FOLDER] = str(path.parent)


def sample() -> Path:
    """A small list in the language spoken now."""
    return resource_path("samples", f"prospects-{language()}.xlsx")


def ask(parent: QWidget, settings: Settings) -> Path | None:
    """Ask for a file; None = nothing was chosen."""
    endings = " ".join(f"*{ending}" for ending in SPREADSHEETS)
    kinds = _("Spreadsheets ({endings})").format(endings=endings)
    folder = str(settings.more.get(_FOLDER, ""))
    name, _kind = QFileDialog.getOpenFileName(parent, _("Import a spreadsheet"), folder, kinds)
    return Path(name) if name else None


def ask_rejects(parent: QWidget, settings: Settings, file: str) -> Path | None:
    """Ask where the rejected rows of `file` go."""
    name = _("{file} rejected.xlsx").format(file=Path(file).stem)
    folder = Path(str(settings.more.get(_FOLDER, "")))
    title = _("Save the rejected rows")
    chosen, _kind = QFileDialog.getSaveFileName(parent, title, str(folder / name), _("Excel (*.xlsx)"))
    if not chosen:
        return None
    return Path(chosen if chosen.lower().endswith(".xlsx") else f"{chosen}.xlsx")


def file_in(mime: QMimeData | None) -> Path | None:
    """The first file that can be imported among what is dropped or copied."""
    if mime is None or not mime.hasUrls():
        return None
    paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
    return next((path for path in paths if is_spreadsheet(path)), None)
