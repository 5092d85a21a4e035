"""Which file: bases and spreadsheets asked for, a backup put back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from funneldesk import paths
from funneldesk.errors import UserError
from funneldesk.text import _, error_text

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.host import Host
    from funneldesk.ui.tasks import TaskRunner


def ask_base(over: QWidget | None) -> Path | None:
    """The base to open; None when none was chosen."""
    return _ask(over, _("Open a base"), _("FunnelDesk bases") + f" (*{paths.BASE_SUFFIX})")


def ask_copy(over: QWidget | None) -> Path | None:
    """A copy of the base that is to have its password; None when none was chosen."""
    return _ask(over, _("Protect a copy"), _("FunnelDesk bases") + f" (*{paths.BASE_SUFFIX})")


def ask_spreadsheet(over: QWidget | None) -> Path | None:
    """The file to import; None when none was chosen."""
    from funneldesk.ui.shell import SPREADSHEETS

    kinds = " ".join(f"*{suffix}" for suffix in SPREADSHEETS)
    return _ask(over, _("Import a spreadsheet"), _("Spreadsheets") + f" ({kinds})")


def back_up_today(db: Database, tasks: TaskRunner, host: Host) -> None:
    """Back up at the first start of a day and keep the journal in its bounds, beside the work.

    A failure is said, nothing stops.
    """

    def work() -> None:
        from funneldesk.services import backups, growth

        if backups.daily(db) is not None:
            growth.tend(db)

    def failed(error: Exception) -> None:
        why = error_text(error) if isinstance(error, UserError) else ""
        host.say(_("Today's backup could not be made. {why}").format(why=why).strip())

    tasks.background(work, lambda _none: None, failed)


def _ask(over: QWidget | None, title: str, kinds: str) -> Path | None:
    name, _kind = QFileDialog.getOpenFileName(over, title, str(paths.documents_dir()), kinds)
    return Path(name) if name else None
