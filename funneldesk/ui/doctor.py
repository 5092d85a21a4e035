"""What the program does about a base that is not sound: backups put back, repairs, what is readable saved.

The window closes the base for it and opens it again afterwards.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from funneldesk.errors import UserError
from funneldesk.text import _, error_text, failure, format_datetime
from funneldesk.ui.locksmith import wanted

if TYPE_CHECKING:
    from funneldesk.services.backups import Backup
    from funneldesk.services.mending import Repaired
    from funneldesk.store.database import Database
    from funneldesk.store.salvage import Salvaged
    from funneldesk.ui.host import Host
    from funneldesk.ui.main_window import MainWindow
    from funneldesk.ui.mending_dialog import MendingDialog
    from funneldesk.ui.tasks import TaskRunner


class Doctor(QObject):
    """One per program; the host's right hand for bases."""

    def __init__(self, host: Host) -> None:
        super().__init__(host)
        self._host = host

    def restore(self, backup: Path) -> None:
        """Put a backup in the place of the open base, which is moved aside, and open it."""
        place = self._host.path
        if place is not None:
            self._away(
                place, lambda: _put_back(backup, place), lambda done: self._restored(place, *done),
                _("The backup was not restored."),
            )  # fmt: skip

    def mend(self, how: str) -> None:
        """Put the open base right ("repair"), or save what can be read of it ("save")."""
        place = self._host.path
        if place is None:
            return
        if how == "repair":
            self._away(
                place, lambda: _repair(place), lambda done: self._repaired(place, done),
                _("The base could not be repaired."),
            )  # fmt: skip
        else:
            self._save(place)

    def offer(self, place: Path, words: str) -> None:
        """Ask what to do about a base that is damaged."""
        window = self._host.window

        def found(answer: tuple[Backup | None, tuple[Path, ...]]) -> None:
            if self._host.window is window:  # it was not closed meanwhile
                self._ask(place, words, *answer)

        self._host.work_without_base().background(lambda: _newest_good(place), found)

    def _ask(self, place: Path, words: str, newest: Backup | None, away: tuple[Path, ...]) -> None:
        from zoneinfo import ZoneInfo

        from funneldesk.domain import clock
        from funneldesk.services.zones import system_zone

        dialog = self._dialog(_("This base is damaged"), words)
        if newest is None:
            told = _(
                "No good backup of it was found. What can be read comes into a new base, and a list says "
                "what is lost. The damaged file is kept beside it."
            )
        else:
            told = _(
                "With a backup, all that was done after it is missing. With what can be read, a list "
                "says what is lost. The damaged file is kept beside the base either way."
            )
            backup = newest.path
            when = format_datetime(clock.to_micros(newest.made_at), ZoneInfo(system_zone()))
            told += "\n" + _("The newest good backup lies in {folder}").format(folder=backup.parent)
            dialog.offer(
                _("Restore the backup of {when}").format(when=when), lambda: self.restore_at(backup, place)
            )
        if away:
            places = "\n".join(map(str, away))
            told += "\n" + _(
                "Backups were also put where nothing can be reached now. Connect the disk and open the base "
                "again to choose from them:\n{places}"
            ).format(places=places)
        dialog.tell(told)
        dialog.offer(_("Save what can be read"), lambda: self._save(place))
        dialog.open()

    def restore_at(self, backup: Path, place: Path) -> None:
        """As `restore`, for a base that could not be opened."""
        self._host.path = place
        self.restore(backup)

    def watch(self, db: Database, tasks: TaskRunner, window: MainWindow) -> None:
        """Say what the check after an unclean stop has found, and warn of a network share."""
        from funneldesk.ui.mending_dialog import warn_of_share

        warn_of_share(self._host.settings, window, db.path)

        def say(detail: str) -> None:
            if window is self._host.window:
                window.banner.say(
                    _("This base is damaged. You can look, but nothing is written to it."),
                    _("What to do…"),
                    lambda: self.offer(db.path, detail),
                )

        def found(problems: tuple[str, ...]) -> None:
            if problems:
                say("; ".join(problems[:3]))

        def refused(error: UserError) -> None:
            if error.code == "base.damaged":
                say(error_text(error))

        tasks.user_error.connect(refused)
        if db.first_check is not None:
            tasks.background(db.first_check.problems, found)

    # -- inside -------------------------------------------------------------------------------

    def _away(
        self, place: Path, work: Callable[[], object], done: Callable[[Any], None], otherwise: str
    ) -> None:
        """Do something to the file while nobody has it open."""
        self._host.close_base()

        def failed(error: Exception) -> None:
            self._host.open_base(place)
            locked = wanted(error)
            if locked is not None and locked != place:  # a backup with a password of its own
                self._host.locksmith.ask(locked, lambda: self._away(place, work, done, otherwise))
                return
            self._host.say(failure(error, otherwise))

        self._host.work_without_base().background(work, done, failed)

    def _restored(self, place: Path, bare: bool, aside: Path | None) -> None:
        host = self._host
        host.open_base(place)
        if bare and host.window is not None and host.window.built:
            host.window.banner.say(
                _("The backup had no password, so the base has none now."),
                _("Set a password…"),
                lambda: host.locksmith.work("set"),
            )
        if aside is not None:
            self._show(
                _("The backup is restored"),
                _("The base as it was before is kept here:"),
                [str(aside)], aside,
            )  # fmt: skip

    def _repaired(self, place: Path, done: Repaired) -> None:
        from funneldesk import mending_words

        self._host.open_base(place)
        lines = mending_words.fixed_lines(done.fixed)
        kept = [_("The base as it was lies in {path}").format(path=done.kept)] if done.kept else []
        left = mending_words.found_lines(done.result.problems)
        if left:
            self._show(
                _("Not all could be put right"), _("This is left:"), [*left, "", *lines, *kept],
                done.kept,
            )  # fmt: skip
        else:
            self._show(
                _("The base is whole"), _("Put right:"), [*(lines or [_("Nothing had to be.")]), *kept],
                done.kept,
            )  # fmt: skip

    def _save(self, place: Path) -> None:
        def done(found: tuple[Salvaged, Path]) -> None:
            self._saved(place, *found)

        self._away(place, lambda: _save(place), done, _("What can be read could not be saved."))

    def _saved(self, place: Path, found: Salvaged, aside: Path) -> None:
        from funneldesk import mending_words

        self._host.open_base(place)
        lost = mending_words.lost_lines(found.lost, found.more, found.emptied)
        self._show(
            _("What could be read is saved"),
            mending_words.saved_line(found.kept),
            [_("Lost:") if lost else _("Nothing is lost."), *lost, "",
             _("The damaged base lies in {path}").format(path=aside)],
            aside,
        )  # fmt: skip

    def _show(self, title: str, words: str, lines: list[str], kept: Path | None = None) -> None:
        """What came of it; `kept` = where the base lies as it was."""
        from funneldesk.ui import in_folder

        dialog = self._dialog(title, words)
        dialog.show_lines(lines)
        if kept is not None:
            dialog.add_button(_("Show in folder"), "folder-open", lambda: in_folder.show_in_folder(kept))
        dialog.open()

    def _dialog(self, title: str, words: str) -> MendingDialog:
        from funneldesk.ui.mending_dialog import MendingDialog
        from funneldesk.ui.theme import choose_theme

        host = self._host
        theme = choose_theme(host.settings.theme, host.settings.font_scale / 100)
        return MendingDialog(theme, title, words, host.window or host.welcome_window)


def _put_back(backup: Path, place: Path) -> tuple[bool, Path | None]:
    """Whether the base has lost its password by it, and where it lies as it was."""
    from funneldesk.services import bases, passwords

    protected = passwords.needs_one(place)
    aside = bases.restore(backup, place)
    return protected and not passwords.needs_one(place), aside


def _repair(place: Path) -> Repaired:
    from funneldesk.services import mending

    return mending.repair(place)


def _save(place: Path) -> tuple[Salvaged, Path]:
    from funneldesk.services import mending

    return mending.replace(place)


def _newest_good(place: Path) -> tuple[Backup | None, tuple[Path, ...]]:
    from funneldesk.services import own_copies

    return own_copies.newest_good(place)
