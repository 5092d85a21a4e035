"""Starts the window: as little as can be until the first screen with its data is painted.

No Qt at the top: every import after PySide6 passes its hook and costs several times as much, so
what needs no Qt is loaded before it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

# Loaded here for their effect: they are in memory when the modules with Qt ask for them.
import funneldesk.text
import funneldesk.ui.first_read  # noqa: F401
from funneldesk import paths
from funneldesk.settings import Settings, load_settings
from funneldesk.ui.quick_qt import kept_bytecode


def run_window(
    path: Path | None,
    lang: str | None,
    spreadsheet: Path | None,
    painted: Callable[[], object] | None = None,
    *,
    safe: bool = False,
) -> int:
    """Open the window on a base (or the last one, or the first start); the exit status of the program.

    `painted` is called when the first screen has been painted with its data.  `safe`: nothing of how the
    window was left is taken up (place, size, colours, columns, last base), and nothing of it is overwritten.
    """
    settings = Settings() if safe else load_settings(paths.settings_file())
    base = path or (None if safe else last_base(settings))
    with kept_bytecode(paths.config_dir() / "qt.bytecode"):
        from funneldesk.ui import program

    return program.run(base, lang, spreadsheet, settings, painted)


def last_base(settings: Settings) -> Path | None:
    """The base to open when none is named: the last one, else the default one, when they are there."""
    if settings.last_base and Path(settings.last_base).is_file():
        return Path(settings.last_base)
    default = paths.default_base()
    return default if default.is_file() else None
