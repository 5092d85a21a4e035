"""Starts the window: as little as can be until the first screen with its data is painted.

No Qt at the top: every import after PySide6 passes its hook and costs several times as much, so
what needs no Qt is loaded before it.
"""

from __future__ import annotations

import gc
from pathlib import Path

# Loaded here for their effect: they are in memory when the modules with Qt ask for them.
import funneldesk.domain.board
import funneldesk.paths
import funneldesk.settings
import funneldesk.store.first_page
import funneldesk.text  # noqa: F401


def run_window(path: Path | None, lang: str | None, spreadsheet: Path | None) -> int:
    """Open the window on a base (or the last one, or the first start); the exit status of the program."""
    gc.disable()  # loading makes only objects that stay; `Host` switches it on after the first paint
    from funneldesk.ui import program

    return program.run(path, lang, spreadsheet)
