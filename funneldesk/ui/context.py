"""What every screen is given: the base, the workers, the hub, the looks, who sits here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from funneldesk.settings import Settings
from funneldesk.text import _, label_text
from funneldesk.ui.hub import Hub
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import Theme

if TYPE_CHECKING:
    from funneldesk.domain.change import Change
    from funneldesk.store.database import Database
    from funneldesk.store.first_page import FirstPage
    from funneldesk.ui.actions import Actions


def _no_toast(text: str, undo: Callable[[], None] | None = None) -> None:
    """Stands in until the window gives the real one."""


def _no_undo() -> None:
    """Stands in until the window gives the real one."""


def _no_card(kind: str, record_id: int) -> None:
    """Stands in until the window gives the real one."""


def _no_page(key: str, **params: Any) -> None:
    """Stands in until the window gives the real one."""


def _no_restore(backup: Path) -> None:
    """Stands in until the window gives the real one."""


def _no_mending(how: str) -> None:
    """Stands in until the window gives the real one."""


@dataclass
class AppContext:
    """Handed to every page by its factory.

    `zone` and `currency` are those of the base; `me` is the manager of this computer or None.
    `first_page` holds the board's first columns and cards until the base is open, then None.
    """

    tasks: TaskRunner
    hub: Hub
    settings: Settings
    theme: Theme
    zone: ZoneInfo
    currency: str
    company: str = ""  # the own one, for the heads of prints
    logo: bytes = b""  # beside it, a picture
    me: int | None = None
    read_only: bool = False
    leads_off: bool = False  # only deals are worked with
    as_of: str = ""  # the past day (ISO) that the board and the reports are of; "" = now
    first_page: FirstPage | None = None
    actions: Actions | None = None
    # The window's services to its pages.
    toast: Callable[..., None] = field(default=_no_toast)  # toast(text, undo=None, error=False)
    undo: Callable[[], None] = field(default=_no_undo)  # takes back the last change
    clear_toast: Callable[[], None] = field(default=_no_undo)  # what is dragged to must not lie under it
    open_card: Callable[[str, int], None] = field(default=_no_card)  # ("company"|"person"|"deal", id)
    show_page: Callable[..., None] = field(default=_no_page)  # show_page("import", path=...)
    restore: Callable[[Path], None] = field(default=_no_restore)  # a backup, in the place of the base
    mend: Callable[[str], None] = field(default=_no_mending)  # "repair" the base, or "save" what is readable

    password: Callable[[str], None] = field(default=_no_mending)  # "set", "change" or "remove" it

    def __post_init__(self) -> None:
        """What the workers write is announced on the hub."""
        self.tasks.changed.connect(self.hub.changed)

    def know(self, db: Database) -> None:
        """Take over what the base says of itself."""
        from funneldesk.services import letterhead

        info = db.info()
        self.zone, self.currency, self.read_only = info.zone, info.currency, db.read_only
        self.company, self.logo = info.company, letterhead.logo(db)

    def tell(self, change: Change) -> None:
        """Say what was done, with an Undo that takes back this change and never another."""
        if change.journal_id:
            self.toast(label_text(change.label), lambda: self._take_back(change))

    def _take_back(self, change: Change) -> None:
        def work(db: Database) -> Change:
            from funneldesk.services import history

            return history.undo_entry(db, change.journal_id)

        def done(undone: Change) -> None:
            self.toast(_("Undone: {what}").format(what=label_text(undone.label)))

        self.tasks.write(work, done)

    @property
    def db(self) -> Database:
        """The open base; asking before it is open is a bug (read and write through `tasks`)."""
        db = self.tasks.db
        if db is None:
            raise RuntimeError("no base is open yet")
        return db
