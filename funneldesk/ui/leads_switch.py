"""Those who work with deals only switch leads off: the rail, the keys and the reports follow."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.ui.main_window import MainWindow


def follow(window: MainWindow) -> None:
    """Ask the base, once it is open, whether leads are used."""

    def read(db: Database) -> bool:
        from funneldesk.domain.lead import OFF_KEY

        return bool(db.setting(OFF_KEY, False))

    def take(off: bool) -> None:
        window.context.leads_off = off
        if any(item.key == "leads" for item in window.screens.items):
            window.rail.button("leads").setVisible(not off)
        window.actions_.refresh()

    window.context.tasks.read(read, take, receiver=window)
