"""The password of the base in the settings: whether there is one, and what can be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWidget

from funneldesk.errors import UserError
from funneldesk.text import _, error_text
from funneldesk.ui.context import AppContext
from funneldesk.ui.theme import SPACE_2
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.flow import FlowLayout
from funneldesk.ui.widgets.labels import PlainLabel, Quiet

if TYPE_CHECKING:
    from funneldesk.store.database import Database


class PasswordSection(QWidget):
    """The state in a sentence, and Set, or Change and Remove."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE_2)
        self.state = PlainLabel("", "strong")
        self.state.setWordWrap(True)
        self.state.setAccessibleName(_("Whether the base has a password"))
        column.addWidget(self.state)
        self.words = Quiet("", wrap=True)
        column.addWidget(self.words)
        theme = context.theme
        self.set_button = push_button(
            _("Set a password…"), lambda: context.password("set"), theme=theme, icon="lock"
        )
        self.change_button = push_button(
            _("Change the password…"), lambda: context.password("change"), theme=theme, icon="lock"
        )
        self.remove_button = push_button(
            _("Remove the password…"), lambda: context.password("remove"), theme=theme, icon="lock-open"
        )
        self.copy_button = push_button(
            _("Protect a copy…"), lambda: context.password("copy"), theme=theme, icon="copy"
        )
        buttons = FlowLayout(spacing=SPACE_2)
        for button in (self.set_button, self.change_button, self.remove_button, self.copy_button):
            button.hide()
            buttons.addWidget(button)
        column.addLayout(buttons)
        self.reload()

    def reload(self) -> None:
        """Read how it is."""
        self._context.tasks.read(_read, self._show, receiver=self, key="settings-password")

    def _show(self, found: tuple[bool, bool]) -> None:
        protected, possible = found
        writable = not self._context.read_only
        self.state.setText(
            _("This base is protected by a password.") if protected else _("This base has no password.")
        )
        self.words.setText(
            _(
                "With a password the file and its backups are encrypted (AES-256). Whoever forgets the "
                "password has lost the data: nobody can reset it. Files that were exported or opened from a "
                "card are not protected."
            )
            if possible
            else error_text(UserError("base.no_cipher"))
        )
        self.set_button.setVisible(possible and not protected)
        for button in (self.change_button, self.remove_button, self.copy_button):
            button.setVisible(possible and protected)
        for button in (self.set_button, self.change_button, self.remove_button):
            button.setEnabled(writable)


def _read(db: Database) -> tuple[bool, bool]:
    from funneldesk.services import passwords

    return passwords.is_protected(db.path), passwords.is_there()
