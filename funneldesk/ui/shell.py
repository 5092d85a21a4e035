"""What the window is given from outside: its screens, cards, and what the program can do for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QWidget

from funneldesk.paths import BASE_SUFFIX
from funneldesk.ui.context import AppContext
from funneldesk.ui.rail_items import RailItem

if TYPE_CHECKING:
    from funneldesk.domain.change import Change, Label
    from funneldesk.store.database import Database
    from funneldesk.ui.global_search import SearchFn

SPREADSHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt")

PageFactory = Callable[[AppContext], QWidget]
CardFactory = Callable[[AppContext, str, int], QWidget]


@dataclass(frozen=True, slots=True)
class ShellServices:
    """Use cases the window itself calls, each in a worker thread."""

    search: SearchFn
    undo: Callable[[Database], Change]
    redo: Callable[[Database], Change]
    undo_state: Callable[[Database], tuple[Label | None, Label | None]]


@dataclass(frozen=True, slots=True)
class HostCommands:
    """What concerns more than one window: bases, languages, the end."""

    open_base: Callable[[Path], None]
    choose_base: Callable[[], None]
    new_base: Callable[[], None]
    open_sample: Callable[[], None]
    welcome: Callable[[], None]
    rebuild: Callable[[], None]
    retry_writing: Callable[[], None]
    restore: Callable[[Path], None]
    mend: Callable[[str], None]  # "repair" or "save"
    password: Callable[[str], None]  # "set", "change" or "remove" it
    quit: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Screens:
    """The rail's items and how to make each page and card; pages are made when first shown."""

    items: tuple[RailItem, ...]
    pages: Mapping[str, PageFactory]
    cards: Mapping[str, CardFactory]  # kind -> factory(context, kind, id)
    new: tuple[tuple[str, str, str, Callable[[AppContext], None]], ...] = ()  # id, text, icon, what


@dataclass(frozen=True, slots=True)
class Place:
    """Where a person is: a screen and the card that is open, for back and forward."""

    page: str
    card: tuple[str, int] | None = None


def dropped_file(event: QDropEvent) -> Path | None:
    """The base or spreadsheet that is dropped, None when it is something else."""
    urls = event.mimeData().urls() if event.mimeData().hasUrls() else []
    for url in urls:
        path = Path(url.toLocalFile())
        if url.isLocalFile() and (is_base(path) or is_spreadsheet(path)):
            return path
    return None


def is_base(path: Path) -> bool:
    """Whether a file is opened rather than imported."""
    return path.suffix.lower() == BASE_SUFFIX


def is_spreadsheet(path: Path) -> bool:
    """Whether a file starts the import."""
    return path.suffix.lower() in SPREADSHEETS
