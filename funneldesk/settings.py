"""What this computer remembers between starts: a small JSON file, written whole or not at all."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

RECENT_FILES = 8


@dataclass
class Settings:
    """Wishes and memories.  `path` None keeps them in memory only (tests)."""

    path: Path | None = None
    language: str = ""  # "" = the system's
    theme: str = "system"  # system, light, dark
    font_scale: int = 100  # percent, 100 to 175
    comfortable_rows: bool = False
    last_base: str = ""
    recent: list[str] = field(default_factory=list)
    last_screen: str = "board"
    last_funnel: int = 0
    geometry: str = ""  # of the window, base64
    panel_width: int = 420
    me: dict[str, int] = field(default_factory=dict)  # path of a base -> manager id
    columns: dict[str, list[str]] = field(default_factory=dict)  # table -> shown columns in order
    widths: dict[str, dict[str, int]] = field(default_factory=dict)  # table -> column -> pixels
    more: dict[str, Any] = field(default_factory=dict)  # anything else a screen wants to keep

    def remember_base(self, path: Path) -> None:
        """Put a base at the head of the recent files."""
        name = str(path)
        self.last_base = name
        self.recent = [name, *(r for r in self.recent if r != name)][:RECENT_FILES]

    def save(self) -> None:
        """Write the file atomically; a full disk is logged, not fatal."""
        if self.path is None:
            return
        values = asdict(self)
        del values["path"]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            fresh = self.path.with_suffix(".new")
            fresh.write_text(json.dumps(values, ensure_ascii=False, indent=1), encoding="utf-8")
            os.replace(fresh, self.path)
        except OSError:
            log.warning("settings could not be written to %s", self.path, exc_info=True)


def load_settings(path: Path) -> Settings:
    """Read the file; what is missing, unknown or of the wrong type falls back to the default."""
    settings = Settings(path=path)
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return settings
    except (OSError, ValueError):
        log.warning("settings %s could not be read", path, exc_info=True)
        return settings
    if not isinstance(values, dict):
        return settings
    for item in fields(Settings):
        value = values.get(item.name)
        if item.name != "path" and type(value) is type(getattr(settings, item.name)):
            setattr(settings, item.name, value)
    settings.recent = [name for name in settings.recent if isinstance(name, str)]
    settings.font_scale = min(max(settings.font_scale, 100), 175)
    return settings
