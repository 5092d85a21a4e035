"""What the tests of the window share: a context whose work is done at once, and small screens."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from funneldesk.domain.change import Change
from funneldesk.settings import Settings
from funneldesk.store.database import Database
from funneldesk.ui.context import AppContext
from funneldesk.ui.global_search import SearchFn
from funneldesk.ui.hub import Hub
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.page import Page
from funneldesk.ui.rail import RailItem
from funneldesk.ui.shell import HostCommands, PageFactory, Screens, ShellServices
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import LIGHT
from funneldesk.ui.wiring import shell_services


class NotedPage(Page):
    """Notes what the window tells it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.noted: list[Any] = []
        self.field = QLineEdit()
        QVBoxLayout(self).addWidget(self.field)

    def title(self) -> str:
        return self.name

    def activated(self) -> None:
        self.noted.append("activated")

    def refresh(self, change: Change | None) -> None:
        self.noted.append(("refresh", change))

    def focus_search(self) -> None:
        self.field.setFocus()

    def show_params(self, **params: Any) -> None:
        self.noted.append(params)


class NotedCard(QWidget):
    """A card that only knows what it is of."""

    def __init__(self, _context: AppContext, kind: str, record_id: int) -> None:
        super().__init__()
        self.of = (kind, record_id)


def _page(name: str) -> PageFactory:
    return lambda _context: NotedPage(name)


class Called:
    """Commands of the host that only note that they were called."""

    def __init__(self) -> None:
        self.log: list[tuple[Any, ...]] = []

    def named(self, name: str) -> Callable[..., None]:
        return lambda *args: self.log.append((name, *args))

    def commands(self) -> HostCommands:
        names = HostCommands.__slots__
        return HostCommands(**{name: self.named(name) for name in names})


def make_context(
    db: Database | None, *, synchronous: bool = True, settings: Settings | None = None
) -> AppContext:
    return AppContext(
        tasks=TaskRunner(db, synchronous=synchronous),
        hub=Hub(),
        settings=settings or Settings(),
        theme=LIGHT,
        zone=ZoneInfo("Europe/Warsaw"),
        currency="PLN",
    )


def make_window(
    context: AppContext, *, called: Called | None = None, search: SearchFn | None = None
) -> MainWindow:
    names = ("today", "board", "clients")
    services = shell_services()
    if search is not None:
        services = ShellServices(search, services.undo, services.redo, services.undo_state)
    screens = Screens(
        items=(
            *(RailItem(name, name.title(), "users") for name in names),
            RailItem("import", "Import", "file-input", low=True),
        ),
        pages={name: _page(name) for name in (*names, "import")},
        cards={"company": NotedCard, "deal": NotedCard},
    )
    return complete_window(context, screens, services, (called or Called()).commands())


def page_of(window: MainWindow, key: str) -> NotedPage:
    page = window.page(key)
    assert isinstance(page, NotedPage)
    return page


def file_named(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_bytes(b"x")
    return path


def drop(window: MainWindow, path: Path) -> None:
    """Drop a file on the window, as the mouse would."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    window.dropEvent(
        QDropEvent(
            QPointF(10, 10),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
    )
