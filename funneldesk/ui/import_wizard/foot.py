"""The foot of the import: what is wrong or under way, back and on."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar

from funneldesk.text import _
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_6, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton, push_button
from funneldesk.ui.widgets.labels import PlainLabel, Quiet


class Foot(QFrame):
    """One line; the button at its right end is where Enter leads."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setProperty("role", "foot")
        self._words = PlainLabel("", "error")
        self._words.setWordWrap(True)
        self._busy_words = Quiet()
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setRange(0, 0)
        self._bar.setFixedWidth(theme.px(140))
        self.stop = push_button(_("Cancel"), role="link")
        self.back = push_button(_("Back"))
        self.next = PrimaryButton("")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_6, SPACE_2, SPACE_6, SPACE_2)
        row.setSpacing(SPACE_3)
        for widget in (self._busy_words, self._bar, self.stop):
            row.addWidget(widget)
            widget.hide()
        row.addWidget(self._words, 1)
        row.addWidget(self.back)
        row.addWidget(self.next)
        self.setMinimumHeight(theme.px(50))

    def say(self, text: str, *, error: bool = True) -> None:
        """Say what is wrong and what to do; nothing clears it."""
        self._words.setProperty("role", "error" if error else "quiet")
        self._words.style().unpolish(self._words)
        self._words.style().polish(self._words)
        self._words.setText(text)
        if text:
            self.show()

    def said(self) -> str:
        """What it says."""
        return self._words.text()

    def show_busy(self, words: str, *, can_stop: bool) -> None:
        """Something is under way; an empty text ends it."""
        self._busy_words.setText(words)
        self._bar.setRange(0, 0)
        self._busy_words.setVisible(bool(words))
        self._bar.setVisible(bool(words))
        self.stop.setVisible(bool(words) and can_stop)

    def show_part(self, part: float) -> None:
        """How far it is, 0 to 1."""
        self._bar.setRange(0, 100)
        self._bar.setValue(round(part * 100))

    def show_buttons(self, words: str, *, ready: bool, back: bool) -> None:
        """What the button that goes on says, and whether one can."""
        self.next.setText(words)
        self.next.setVisible(bool(words))
        self.next.setEnabled(ready)
        self.back.setVisible(back)
