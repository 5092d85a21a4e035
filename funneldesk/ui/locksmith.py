"""The passwords of bases in the window: asked for before anything of a base is shown; set, changed, removed.

For the latter the window closes the base and opens it again afterwards.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6 import QtCore
from PySide6.QtCore import QObject

from funneldesk.errors import UserError
from funneldesk.text import _, failure

if TYPE_CHECKING:
    from funneldesk.services.passwords import Rewritten
    from funneldesk.ui.host import Host
    from funneldesk.ui.password_dialogs import AskPasswordDialog, PasswordDialog


def wanted(error: Exception) -> Path | None:
    """The file whose password an error asks for."""
    if isinstance(error, UserError) and error.code == "base.password_needed":
        return Path(str(error.params["path"]))
    return None


class Locksmith(QObject):
    """One per program; knows no password longer than it takes to make the key of it."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._host = host

    def opens(self, path: Path, error: Exception, *, close: bool = False) -> bool:
        """Whether it takes on a base that could not be opened: asks for its password and opens it.

        Nothing of it is shown before.  An open one stays meanwhile, unless `close`.
        """
        if wanted(error) is None:
            return False
        host = self._host
        if close:
            host.close_base()
        if host.window is None and host.welcome_window is None:
            kept, host.spreadsheet = host.spreadsheet, None  # it is for the base, when that opens
            host.welcome()
            host.spreadsheet = kept

        def give_up() -> None:
            host.spreadsheet = None

        self.ask(path, lambda: host.open_base(path), give_up)
        return True

    def leave(self) -> None:
        """Close the base, forget its password, and show the ways to begin."""
        self._host.welcome()
        self.forget()

    def ask(self, path: Path, then: Callable[[], None], otherwise: Callable[[], None] | None = None) -> None:
        """Ask for the password of a file until it is right or the person gives up."""
        from funneldesk.ui.password_dialogs import AskPasswordDialog

        host = self._host
        dialog = AskPasswordDialog(host.theme(), path, host.window or host.welcome_window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(lambda password: self._try(dialog, path, password, then))
        if otherwise is not None:
            dialog.rejected.connect(otherwise)
        dialog.open()

    def forget(self, but: Path | None = None) -> None:
        """Ask anew when a base is opened again; `but`: the one that is opened now."""
        module = sys.modules.get("funneldesk.services.passwords")
        if module is not None:  # else none was given
            module.lock_all(but)

    def _try(self, dialog: AskPasswordDialog, path: Path, password: str, then: Callable[[], None]) -> None:
        def done(_nothing: None) -> None:
            dialog.done(dialog.DialogCode.Accepted)
            then()

        def failed(error: Exception) -> None:
            dialog.refuse(failure(error, _("The base could not be opened.")), dialog.field)

        self._host.work_without_base().background(lambda: _unlock(path, password), done, failed)

    def work(self, what: str) -> None:
        """Do "set", "change" or "remove" to the password of the open base; "copy": give it to a copy."""
        from funneldesk.services.passwords import SHORTEST
        from funneldesk.ui.password_dialogs import PasswordDialog

        host = self._host
        place, window = host.path, host.window
        if place is None or window is None or window.context.tasks.db is None:
            return
        if what == "copy":
            self._bring(place)
            return
        dialog = PasswordDialog(host.theme(), what, SHORTEST, window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.given.connect(lambda old, new: self._begin(dialog, what, place, old, new))
        dialog.open()

    def _begin(self, dialog: PasswordDialog, what: str, place: Path, old: str, new: str) -> None:
        if dialog.old is None:
            self._rewrite(dialog, what, place, old, new)
            return
        field = dialog.old

        def done(right: bool) -> None:
            if right:
                self._rewrite(dialog, what, place, old, new)
            else:
                dialog.refuse(_("This is not the password of the base."), field)

        def failed(error: Exception) -> None:
            dialog.refuse(failure(error, _("The password was not changed.")), field)

        self._host.work_without_base().background(lambda: _is_password(place, old), done, failed)

    def _rewrite(self, dialog: PasswordDialog, what: str, place: Path, old: str, new: str) -> None:
        from funneldesk.ui.leaving import may_leave
        from funneldesk.ui.password_dialogs import RewritingDialog

        host = self._host
        if host.window is None or not may_leave(host.window):
            dialog.wait(False)
            return
        bar = RewritingDialog(host.theme(), dialog.windowTitle(), place.name)
        dialog.done(dialog.DialogCode.Accepted)
        bar.show()  # before the window goes: a program without windows would end
        host.close_base()

        def done(found: Rewritten) -> None:
            host.open_base(place)
            bar.end()
            self._tell(what, found)

        def failed(error: Exception) -> None:
            host.open_base(place)
            bar.end()
            host.say(failure(error, _("The password was not changed.")))

        host.work_without_base().background(lambda: _work(what, place, old, new, bar.step.emit), done, failed)

    def _tell(self, what: str, found: Rewritten) -> None:
        host = self._host
        said = {
            "set": _("The base is protected by its password."),
            "change": _("The password is changed."),
            "remove": _("The password is removed."),
        }[what]
        if found.all_along:
            if host.window is not None and host.window.built:
                host.window.show_toast(said)
            return
        from funneldesk.mending_words import left_lines
        from funneldesk.ui.mending_dialog import MendingDialog

        words = _("These copies of the base were not brought along and stay as they were:")
        dialog = MendingDialog(host.theme(), said, words, host.window)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.show_lines(left_lines(found.left, found.alike, found.away))
        dialog.tell(_advice(what, found))
        if what != "remove" and found.left:
            dialog.offer(_("Keep them"), lambda: None)
            dialog.offer(_("Delete those that could not be brought along"), lambda: self._delete(found))
        dialog.open()

    def _bring(self, place: Path) -> None:
        """Bring a copy that the person names under the password of the open base."""
        from funneldesk.ui.choosing import ask_copy

        copy = ask_copy(self._host.window)
        if copy is not None:
            self._bring_along(place, copy)

    def _bring_along(self, place: Path, copy: Path) -> None:
        host = self._host

        def done(_nothing: None) -> None:
            if host.window is not None and host.window.built:
                host.window.show_toast(_("{name} has the password of the base now.").format(name=copy.name))

        def failed(error: Exception) -> None:
            if wanted(error) == copy:
                self.ask(copy, lambda: self._bring_along(place, copy))
            else:
                host.say(failure(error, _("The copy was not changed.")))

        host.work_without_base().background(lambda: _bring(place, copy), done, failed)

    def _delete(self, found: Rewritten) -> None:
        def done(left: tuple[Path, ...]) -> None:
            if left:
                self._host.say(_("Not all of them could be deleted."))

        self._host.work_without_base().background(lambda: _delete(found), done)


def _advice(what: str, found: Rewritten) -> str:
    if what == "remove":
        return _("They keep the password that they have.")
    parts = [_("They can be read without the new password.")]
    if found.left:
        parts.append(_("Delete those that could not be brought along, or keep them where they are safe."))
    if found.away or found.alike:
        parts.append(
            _(
                "When the disk is connected again, or to bring along one that was left alone: Settings, "
                "Password, “Protect a copy…”."
            )
        )
    return " ".join(parts)


def _bring(place: Path, copy: Path) -> None:
    from funneldesk.services import passwords

    passwords.bring(place, copy)


def _unlock(path: Path, password: str) -> None:
    from funneldesk.services import passwords

    passwords.unlock(path, password)


def _is_password(path: Path, password: str) -> bool:
    from funneldesk.services import passwords

    return passwords.is_password(path, password)


def _work(what: str, place: Path, old: str, new: str, step: Callable[[int, int], None]) -> Rewritten:
    from funneldesk.services import passwords

    if what == "set":
        return passwords.set_password(place, new, step)
    if what == "change":
        return passwords.change(place, old, new, step)
    return passwords.remove(place, old, step)


def _delete(found: Rewritten) -> tuple[Path, ...]:
    from funneldesk.services import passwords

    return passwords.delete(found.left)
