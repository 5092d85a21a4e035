"""The screens as the rail names them."""

from __future__ import annotations

from typing import NamedTuple

from funneldesk.text import _

WIDTH = 88  # of the rail, in pixels at 100 %
BUTTON = 52  # height of a button without its frame
ICON = 20

# Screens that are reached from another one and have no button of their own.
HOME = {
    "deals": "board",
    "again": "board",
    "doubles": "clients",
    "transfer": "clients",
    "funnels": "settings",
    "goals": "settings",
}


class RailItem(NamedTuple):
    """A screen in the rail; `low` ones stand at the foot."""

    key: str
    text: str
    icon: str
    low: bool = False


def rail_items() -> tuple[RailItem, ...]:
    """All screens, named in the language spoken now."""
    return (
        RailItem("today", _("Today"), "calendar-check"),
        RailItem("board", _("Board"), "square-kanban"),
        RailItem("clients", _("Clients"), "users"),
        RailItem("leads", _("Leads"), "inbox"),
        RailItem("reports", _("Reports"), "chart-column"),
        RailItem("import", _("Import"), "file-input", low=True),
        RailItem("settings", _("Settings"), "settings", low=True),
        RailItem("help", _("Help"), "circle-help", low=True),
    )
