"""What the window expects of a screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from funneldesk.domain.change import Change


class Page(QWidget):
    """A screen in the window's stack.  Override what applies."""

    selection_changed = Signal(int, str)  # how many are selected, their sum in words ("" = none)
    open_card = Signal(str, int)  # "company", "person" or "deal", and the id

    help_page = ""  # name of the Markdown page F1 opens, without ending

    def title(self) -> str:
        """The name of the screen, in words."""
        return ""

    def activated(self) -> None:
        """The screen has come to the front."""

    def refresh(self, change: Change | None) -> None:
        """Something was written (`change`), or F5 was pressed (None)."""

    def subject(self) -> tuple[str, int] | None:
        """The record a person is at: what was done for it can be written down from the keyboard."""
        return None

    def focus_search(self) -> None:
        """Ctrl+F: put the cursor where one searches within this screen."""

    def show_params(self, **params: Any) -> None:
        """`context.show_page(key, **params)` was called: open what it names."""
