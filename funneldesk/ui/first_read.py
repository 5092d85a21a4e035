"""What was shown last of a base, read for the first screen."""

from __future__ import annotations

from pathlib import Path

from funneldesk.settings import Settings
from funneldesk.store.first_page import FirstPage, first_page


def read_first_page(path: Path, settings: Settings) -> FirstPage | None:
    """The first page of the funnel, and of the manager, that were shown last."""
    me, kept = settings.me.get(str(path)), settings.more.get("board", {})
    mine = isinstance(kept, dict) and bool(kept.get("mine", False))
    return first_page(path, funnel_id=settings.last_funnel, manager_id=me if mine else None)
