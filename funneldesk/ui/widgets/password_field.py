"""A field for a password: hidden letters, an eye that shows them, a word when Caps Lock seems to be on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from funneldesk.text import _
from funneldesk.ui.icons import theme_icon
from funneldesk.ui.theme import SPACE, Theme
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.fields import LineField


class PasswordField(LineField):
    """What is typed is `password()`, blanks at its ends too."""

    caps = Signal(bool)  # whether the last letter came as with Caps Lock

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self.edit.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        self.edit.installEventFilter(self)
        self.eye = IconButton(theme, "eye", _("Show the password"), self.turn)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(SPACE)
        row.addWidget(self.edit, 1)
        row.addWidget(self.eye)

    def password(self) -> str:
        """As it was typed."""
        return self.edit.text()

    def turn(self) -> None:
        """Show the letters, or hide them again."""
        hidden = self.edit.echoMode() == QLineEdit.EchoMode.Password
        self.edit.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self.eye.setIcon(theme_icon(self._theme, "eye-off" if hidden else "eye", "quiet", 16))
        words = _("Hide the password") if hidden else _("Show the password")
        self.eye.setToolTip(words)
        self.eye.setAccessibleName(words)

    # Qt overrides

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            letter = event.text()
            if letter.isalpha() and letter.upper() != letter.lower():
                shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self.caps.emit(letter.isupper() != shifted)
        return super().eventFilter(watched, event)
