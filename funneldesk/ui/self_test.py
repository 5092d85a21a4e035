"""`--self-test`: does the program's main jobs where it is installed, out of sight, and says what it did.

Meant for whoever builds or installs it: a part that was left out of a bundle shows here and not on the
first day of a person.  What it prints is not translated; that the languages are there is one of the checks.
Everything happens in a folder of its own; settings and bases of the user stay untouched.
"""

from __future__ import annotations

import gzip
import importlib
import os
import pkgutil
import platform
import shutil
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import funneldesk
from funneldesk import text
from funneldesk.domain.results import Report, ReportRequest
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind
from funneldesk.importing.flow import ImportFlow
from funneldesk.resources import resource_path, resource_root
from funneldesk.services import bases, diagnostics, imports, passwords, reporting
from funneldesk.settings import Settings
from funneldesk.text import LANGUAGES

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from funneldesk.ui.host import Host
    from funneldesk.ui.main_window import MainWindow

Say = Callable[[str], None]
OLD = 1  # schema of the base that comes with the program
REPORT = "stage-funnel"
PATIENCE_S = 60.0  # for the slowest machine to build a window
SIZE = (1366, 768)  # of the window, whatever the screen
COLOURS = 40  # a picture with fewer shows nothing


class SelfTestFault(Exception):
    """What did not come out as it should, in one sentence."""


def run(folder: Path | None) -> int:
    """Do it all; 0 = every step came out right.  Pictures, PDFs and the words go to `folder` if given."""
    began, lines = time.monotonic(), list[str]()
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:  # a console of another code page has no letters for our words
        reconfigure(encoding="utf-8", errors="replace")

    def say(line: str) -> None:
        lines.append(line)
        print(line, flush=True)  # noqa: T201 - the result of this word

    with _own_place() as place:
        try:
            _all_steps(place, say)
            status = 0
            say(f"all right, {time.monotonic() - began:.1f} s")
        except Exception:  # noqa: BLE001 - whatever it is, it is the result
            status = 1
            say(traceback.format_exc() + "FAILED")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "self-test.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            for made in [*place.glob("*.png"), *place.glob("*.pdf")]:
                shutil.copy(made, folder)
    return status


@contextmanager
def _own_place() -> Iterator[Path]:
    """A folder of its own for everything, settings included; gone in the end."""
    before = os.environ.get("FUNNELDESK_CONFIG")
    with tempfile.TemporaryDirectory(prefix="funneldesk-", ignore_cleanup_errors=True) as name:
        os.environ["FUNNELDESK_CONFIG"] = str(Path(name) / "config")
        try:
            yield Path(name)
        finally:
            if before is None:
                del os.environ["FUNNELDESK_CONFIG"]
            else:
                os.environ["FUNNELDESK_CONFIG"] = before


def _all_steps(place: Path, say: Say) -> None:
    from PySide6.QtCore import qVersion

    from funneldesk.ui import program

    kind = "frozen" if getattr(sys, "frozen", False) else "Python"
    say(f"FunnelDesk {funneldesk.__version__}, {kind} {platform.python_version()}, Qt {qVersion()}")
    say(f"resources: {resource_root()}")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = program.make_application()
    say(f"modules loaded: {_load_everything()}; platform of windows: {app.platformName()}")
    settings = Settings()
    for language in LANGUAGES:
        base = place / f"{language}.funneldesk"
        program.speak(language)
        say(f"{language}: {_migrate(base)}")
        say(f"{language}: {_import(base, language)}")
        settings.language = language
        say(f"{language}: {_show(app, settings, base, place)}")
        say(f"{language}: {_print(base, place / f'{language}.pdf')}")
    say(f"password: {_protect(place / f'{LANGUAGES[0]}.funneldesk')}")


def _load_everything() -> int:
    """Import every module of the program, those too that are loaded only when wanted -> how many."""
    names = [
        found.name
        for found in pkgutil.walk_packages(funneldesk.__path__, "funneldesk.")
        if not found.name.endswith("__main__") and ".migrations." not in found.name
    ]
    for name in names:
        importlib.import_module(name)
    if len(names) < 100:
        raise SelfTestFault(f"only {len(names)} modules are there")
    return len(names)


# --- the steps -------------------------------------------------------------------------------------


def _migrate(base: Path) -> str:
    """Bring the base of the first version to today's schema with nothing lost."""
    base.write_bytes(gzip.decompress(resource_path("samples", f"schema-{OLD}.funneldesk.gz").read_bytes()))
    with bases.open_base(base) as db:
        found = bases.check(db)
        known = diagnostics.diagnose(db)
    if found.problems:
        raise SelfTestFault(f"the migrated base is not whole: {found.problems[:3]}")
    if known.schema <= OLD:
        raise SelfTestFault(f"the base is still of schema {known.schema}")
    return f"base of schema {OLD} brought to {known.schema}, {sum(known.records.values())} records, whole"


def _import(base: Path, language: str) -> str:
    """Read the sample spreadsheet in the child process and write its rows into the base."""
    file = resource_path("samples", f"prospects-{language}.xlsx")
    with bases.open_base(base) as db:
        flow = ImportFlow()
        try:
            imports.prepare(db, flow)
            flow.open(file)
            flow.set_kind(Kind.CLIENTS)
            imports.dry_run(db, flow)
            imports.run_import(db, flow)
            counts = flow.plan.counts if flow.plan else {}
        finally:
            flow.close()
    if not counts.get("created"):
        raise SelfTestFault(f"nothing was imported from {file.name}: {counts}")
    return f"{file.name}: {counts['read']} rows read, {counts['created']} created"


def _show(app: QApplication, settings: Settings, base: Path, place: Path) -> str:
    """Open the base in the window, look at the first screen and at a report with its chart."""
    from funneldesk.ui.host import Host

    host = Host(app, settings, settings.language)
    host.start(base)
    try:
        _wait(app, lambda: _opened(host), "the window did not open")
        window = host.window
        assert window is not None
        title = window.windowTitle()
        window.resize(*SIZE)
        _settle(app)
        colours = _picture(window, place / f"{settings.language}-first.png")
        window.show_page("reports", report=REPORT)
        _wait(app, lambda: _drawn(window), "the report did not appear")
        more = _picture(window, place / f"{settings.language}-report.png")
    finally:
        host.end()
        app.processEvents()
    return f'window "{title}" in {colours} colours, its report in {more}; words: {_words(app)}'


def _print(base: Path, out: Path) -> str:
    """Draw the same report on paper."""
    from funneldesk.ui.offscreen import render_report_pdf

    with bases.open_base(base, read_only=True) as db:
        report = reporting.run(db, ReportRequest(name=REPORT))
        render_report_pdf(report, out, db.info().zone)
    written = out.read_bytes()
    if not (written.startswith(b"%PDF-") and written.rstrip().endswith(b"%%EOF") and b"/Font" in written):
        raise SelfTestFault(f"{out.name} is no PDF with text ({len(written)} bytes)")
    assert isinstance(report, Report)
    return f"report {REPORT} on paper, {len(written)} bytes of PDF"


# --- looking ---------------------------------------------------------------------------------------


def _protect(base: Path) -> str:
    """Give the base a password, which its file must not be read without; where the part for it is there."""
    if not passwords.is_there():
        return "this installation has no part for it"
    with bases.open_base(base) as db:
        before = bases.check(db).content_sha256
    passwords.set_password(base, "a word for a test")
    passwords.lock_all()
    try:
        bases.open_base(base).close()
        raise SelfTestFault("a protected base opens without its password")
    except UserError as error:
        if error.code != "base.password_needed":
            raise
    passwords.unlock(base, "a word for a test")
    with bases.open_base(base) as db:
        found = bases.check(db)
    if found.problems or found.content_sha256 != before:
        raise SelfTestFault(f"the protected base is another one: {found.problems[:3]}")
    return f"set, refused without it, opened with it, the same content; SQLite {passwords.engine()}"


def _opened(host: Host) -> bool:
    """Whether the window stands, painted, with its base; an error that was shown instead is raised."""
    if host.welcome_window is not None:
        raise SelfTestFault("the base could not be opened in the window")
    window = host.window
    return window is not None and window.built and window.context.tasks.db is not None


def _drawn(window: MainWindow) -> bool:
    """Whether the page of reports shows the answer."""
    from funneldesk.ui.reports.page import ReportsPage

    page = window.current_page()
    return (
        isinstance(page, ReportsPage) and page.answer is not None and page.stack.currentWidget() is page.view
    )


def _wait(app: QApplication, ready: Callable[[], bool], otherwise: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while not ready():
        if time.monotonic() > end:
            raise SelfTestFault(otherwise)
        app.processEvents()
        time.sleep(0.01)
    _settle(app)


def _settle(app: QApplication) -> None:
    """Let happen what was put off to after a paint."""
    end = time.monotonic() + 0.3
    while time.monotonic() < end:
        app.processEvents()
        time.sleep(0.01)


def _picture(window: MainWindow, out: Path) -> int:
    """Save what the window shows -> how many colours it has, of a pixel in every four each way."""
    image = window.grab().toImage()
    image.save(str(out))
    seen = {image.pixel(x, y) for x in range(0, image.width(), 2) for y in range(0, image.height(), 2)}
    if len(seen) < COLOURS:
        raise SelfTestFault(f"{out.name} shows nothing: {len(seen)} colours")
    return len(seen)


def _words(app: QApplication) -> str:
    """A word of our own and one of Qt's, which tell whether the translations came along."""
    ours, qts = text._("Board"), app.translate("QPlatformTheme", "Cancel")
    if text.language() != "en" and (ours == "Board" or qts == "Cancel"):
        raise SelfTestFault(f"words are missing in {text.language()}: {ours}, {qts}")
    return f"{ours}, {qts}"
