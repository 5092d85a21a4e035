"""The one place changes are announced; models listen and refresh what they show."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal


class Hub(QObject):
    """Tells every screen what was written.  `changed` carries a `domain.change.Change`."""

    changed = Signal(object)
    settings_changed = Signal()
