"""The ways to begin: a base for an import, the sample base, an empty base from a template."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QMainWindow

from funneldesk import paths
from funneldesk.errors import UserError
from funneldesk.text import _, error_text, language
from funneldesk.ui.tasks import TaskRunner
from funneldesk.ui.theme import choose_theme
from funneldesk.ui.today import first_steps
from funneldesk.ui.welcome import Welcome, WelcomeCommands

if TYPE_CHECKING:
    from funneldesk.ui.host import Host

SAMPLE_DEALS = 300


class Beginnings:
    """Makes bases in a worker and hands them to the host; `over` is a window that is there already."""

    def __init__(self, tasks: TaskRunner, host: Host, over: QMainWindow | None = None) -> None:
        self._tasks = tasks
        self._host = host
        self._over = over
        theme = choose_theme(host.settings.theme, host.settings.font_scale / 100)
        self._theme = theme
        self.window = Welcome(
            theme,
            WelcomeCommands(
                import_file=self.import_file,
                sample=self.sample,
                empty=self.empty,
                open_base=host.choose_base,
            ),
            host.settings.recent,
        )

    def import_file(self, path: Path | None) -> None:
        """Make a base for what a spreadsheet holds and open the import on it."""
        chosen = path or self._host.choose_spreadsheet()
        if chosen is None:
            return
        target = free_path(paths.default_base())
        self._make(
            _("Making a base for your data…"),
            lambda: _new(target, "general"),
            lambda made: self._begin(made, lambda base: self._host.open_with(base, chosen)),
        )

    def sample(self) -> None:
        """Open the sample base, made at the first time."""
        target = paths.data_dir() / f"{_('Sample')}{paths.BASE_SUFFIX}"
        if target.is_file():
            self._host.open_base(target)
        else:
            self._make(_("Making the sample base…"), lambda: _sample(target), self._host.open_base)

    def empty(self) -> None:
        """Ask for a template and a place, make the base and open it."""
        from funneldesk.ui.template_dialog import TemplateDialog

        dialog = TemplateDialog(self._theme, self._over or self.window)
        dialog.chosen.connect(self._make_empty)
        dialog.open()

    def _make_empty(self, template: str) -> None:
        suggested = free_path(paths.documents_dir() / f"{_('Sales')}{paths.BASE_SUFFIX}")
        name, _kind = QFileDialog.getSaveFileName(
            self._over or self.window,
            _("Where to keep the base"),
            str(suggested),
            _("FunnelDesk bases") + f" (*{paths.BASE_SUFFIX})",
        )
        if not name:
            return
        target = Path(name) if name.endswith(paths.BASE_SUFFIX) else Path(name + paths.BASE_SUFFIX)
        self._make(
            _("Making the base…"),
            lambda: _new(target, template),
            lambda made: self._begin(made, self._host.open_base),
        )

    def _begin(self, made: Path, then: Callable[[Path], None]) -> None:
        """A base of one's own: its first steps are shown in Today."""
        first_steps.begin(self._host.settings, str(made))
        then(made)

    def _make(self, words: str, make: Callable[[], Path], then: Callable[[Path], None]) -> None:
        self.window.set_busy(words)
        self._tasks.background(make, then, self._fail)

    def _fail(self, error: Exception) -> None:
        words = error_text(error) if isinstance(error, UserError) else _("The base could not be made.")
        if self._over is not None:
            self._host.say(words)
        else:
            self.window.show_error(words)


def free_path(wanted: Path) -> Path:
    """`wanted`, or with a number when it is taken."""
    found, number = wanted, 2
    while found.exists():
        found = wanted.with_name(f"{wanted.stem} {number}{wanted.suffix}")
        number += 1
    return found


def _new(path: Path, template: str) -> Path:
    from funneldesk.services import bases

    bases.new_base(path, template=template, language=language()).close()
    return path


def _sample(path: Path) -> Path:
    from funneldesk.services import bases, demo

    with bases.new_base(path, language=language()) as db:
        demo.make_sample(db, deals=SAMPLE_DEALS, language=language())
    return path
