"""The dialogs about the password of a base: asked for, set, changed, removed; and the work they set off."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QCheckBox, QDialog, QFrame, QProgressBar, QVBoxLayout, QWidget

from funneldesk.text import N_, _
from funneldesk.ui.dialog import Dialog
from funneldesk.ui.theme import SPACE_2, SPACE_3, SPACE_4, Theme
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.forms import Form
from funneldesk.ui.widgets.labels import Heading, PlainLabel, Quiet
from funneldesk.ui.widgets.password_field import PasswordField

LONG = 14  # letters from which on a password counts as long
_TITLES = {
    "set": N_("Protect the base with a password"),
    "change": N_("Change the password"),
    "remove": N_("Remove the password"),
}
_DO = {
    "set": N_("Set the password"),
    "change": N_("Change the password"),
    "remove": N_("Remove the password"),
}


class _PasswordDialog(Dialog):
    """A heading, words, a form of passwords, Cancel and the button that does it."""

    help_page = "bases"

    def __init__(self, theme: Theme, title: str, do: str, icon: str, parent: QWidget | None) -> None:
        super().__init__(theme, parent)
        self._theme = theme
        self._column = self.headed(title, 500)
        self.words = Quiet("", wrap=True)
        self._column.addWidget(self.words)
        self.form = Form(theme, label_width=150)
        self._column.addWidget(self.form)
        self.caps = Quiet(_("Caps Lock seems to be on."), small=True)
        self.caps.hide()
        self._column.addWidget(self.caps)
        self.error = PlainLabel("", "error")
        self.error.setWordWrap(True)
        self.error.hide()
        self._column.addWidget(self.error)
        self.button = PrimaryButton(do, self.accept, theme=theme, icon=icon)
        self.add_foot(self._column, self.button)
        self._busy = False

    def add(self, key: str, label: str) -> PasswordField:
        """A field for a password."""
        field = PasswordField(self._theme)
        field.caps.connect(self.caps.setVisible)
        field.changed.connect(self._typed)
        self.form.add_widget(key, label, field, field.password)
        return field

    def refuse(self, words: str, field: PasswordField) -> None:
        """Say what is wrong, in place, and let it be typed again."""
        self.wait(False)
        self.error.setText(words)
        self.error.setVisible(bool(words))
        field.edit.selectAll()
        field.edit.setFocus()
        QTimer.singleShot(0, self, self._fit)  # when the layout knows of the sentence

    def wait(self, busy: bool) -> None:
        """While it is being tried nothing more is typed."""
        self._busy = busy
        self.form.setEnabled(not busy)
        self.button.setEnabled(not busy)

    def _typed(self) -> None:
        if self.error.isVisible():
            self.error.hide()

    def _fit(self) -> None:
        """High enough for its sentences."""
        self._column.activate()
        width = max(self.minimumWidth(), self.width()) if self.isVisible() else self.minimumWidth()
        self.resize(width, self._column.totalHeightForWidth(width))

    # Qt overrides

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        QTimer.singleShot(0, self, self._fit)


class AskPasswordDialog(_PasswordDialog):
    """Which password opens a base or a backup; `given` is emitted for each try."""

    given = Signal(str)

    def __init__(self, theme: Theme, path: Path, parent: QWidget | None = None) -> None:
        super().__init__(
            theme, _("The password of {name}").format(name=path.stem), _("Open"), "lock-open", parent
        )
        self.words.setText(
            _("{path} is protected. Without its password nobody can read it.").format(path=path)
        )
        self.field = self.add("password", _("Password"))
        self.field.edit.setFocus()

    # Qt overrides

    def accept(self) -> None:
        """Try what was typed."""
        if self._busy:
            return
        if not self.field.password():
            self.field.edit.setFocus()
            return
        self.wait(True)
        self.given.emit(self.field.password())


class PasswordDialog(_PasswordDialog):
    """Set, change or remove the password of the open base; `given` has the old and the new one."""

    given = Signal(str, str)

    def __init__(self, theme: Theme, what: str, shortest: int, parent: QWidget | None = None) -> None:
        icon = "lock-open" if what == "remove" else "lock"
        super().__init__(theme, _(_TITLES[what]), _(_DO[what]), icon, parent)
        self._shortest = shortest
        self.old = self.add("old", _("Password now")) if what != "set" else None
        self.new: PasswordField | None = None
        self.again: PasswordField | None = None
        self.understood: QCheckBox | None = None
        if what == "remove":
            self.words.setText(
                _("The base and its backups become readable for everybody who gets hold of the files.")
            )
        else:
            self._add_new()
        (self.old or self.new or self).setFocus()

    def _add_new(self) -> None:
        self.words.setText(
            _(
                "The file of the base and its backups are encrypted. The password is asked for whenever the "
                "base is opened. This cannot be taken back by Ctrl+Z, but the password can be removed here."
            )
        )
        self.new, self.again = self.add("new", _("New password")), self.add("again", _("Once more"))
        self.length = Quiet(_("At least {letters} characters.").format(letters=self._shortest), small=True)
        self.length.setAccessibleName(_("Length of the password"))
        place = self._column.indexOf(self.caps)
        self._column.insertWidget(place, self.length)
        warning = QFrame()
        warning.setProperty("role", "banner")
        inside = QVBoxLayout(warning)
        inside.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        words = PlainLabel(
            _(
                "A forgotten password cannot be reset, not by anybody: the base and its backups are lost "
                "then. Write it down and keep it in a safe place."
            ),
            "strong",
        )
        words.setWordWrap(True)
        inside.addWidget(words)
        self._column.insertWidget(place + 1, warning)
        self.understood = QCheckBox(_("I have written it down and know that it cannot be reset"))
        self.understood.toggled.connect(lambda _on: self._allow())
        self._column.insertWidget(place + 2, self.understood)
        self._allow()

    def _typed(self) -> None:
        super()._typed()
        if self.new is not None:
            count = len(self.new.password())
            if count < self._shortest:
                words = _("At least {letters} characters.").format(letters=self._shortest)
            elif count < LONG:
                words = _("Rather short. Four or five words that do not belong together are safer.")
            else:
                words = _("A good length.")
            self.length.setText(words)

    def _allow(self) -> None:
        self.button.setEnabled(not self._busy and (self.understood is None or self.understood.isChecked()))

    def wait(self, busy: bool) -> None:
        """As of all of them; the button also asks for the tick."""
        super().wait(busy)
        self._allow()

    # Qt overrides

    def accept(self) -> None:
        """Hand the passwords over when they can be right."""
        if self._busy or not self.button.isEnabled():
            return
        if self.new is not None and self.again is not None:
            if len(self.new.password()) < self._shortest:
                self.refuse(_("At least {letters} characters.").format(letters=self._shortest), self.new)
                return
            if self.new.password() != self.again.password():
                self.refuse(_("The two passwords differ."), self.again)
                return
        self.wait(True)
        self.given.emit(self.old.password() if self.old else "", self.new.password() if self.new else "")


class RewritingDialog(QDialog):
    """Stands there while the base and its backups are written anew; it cannot be closed."""

    step = Signal(int, int)  # from the worker's thread

    def __init__(self, theme: Theme, title: str, name: str) -> None:
        super().__init__(None)
        self.setWindowTitle(title)
        self.setMinimumWidth(theme.px(440))
        column = QVBoxLayout(self)
        column.setContentsMargins(SPACE_4, SPACE_4, SPACE_4, SPACE_4)
        column.setSpacing(SPACE_3)
        column.addWidget(Heading(title, 2))
        words = _("{name} and its backups are written anew and checked. Then the base opens again.")
        column.addWidget(Quiet(words.format(name=name), wrap=True))
        self.bar = QProgressBar()
        self.bar.setAccessibleName(title)
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        column.addWidget(self.bar)
        self.step.connect(self._show)
        self._ended = False

    def _show(self, done: int, of: int) -> None:
        self.bar.setRange(0, of)
        self.bar.setValue(done)

    def end(self) -> None:
        """It is done."""
        self._ended = True
        self.close()
        self.deleteLater()

    # Qt overrides

    def reject(self) -> None:
        """Escape does nothing."""
        if self._ended:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._ended:
            super().closeEvent(event)
        else:
            event.ignore()
