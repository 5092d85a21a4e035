"""The composition root: the command line or the window, wired to the base.  Nobody imports it."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from funneldesk import text


def main(argv: Sequence[str] | None = None) -> int:
    """Run the program; the exit status is 0 done, 1 nothing done (a message says why), 2 wrong usage."""
    multiprocessing.freeze_support()
    words = list(sys.argv[1:] if argv is None else argv)
    from funneldesk.cli.parser import is_command, window_arguments

    if is_command(words):
        return _command(words)
    arguments = window_arguments(words)
    return _window(arguments.file, arguments.db, arguments.lang)


def _command(words: Sequence[str]) -> int:
    from funneldesk.cli.commands import run
    from funneldesk.domain.results import Report

    def render_pdf(report: Report, path: Path) -> None:
        # Only a PDF loads Qt.
        from funneldesk.ui.offscreen import render_report_pdf

        render_report_pdf(report, path)

    return run(words, render_pdf)


def _window(file: str | None, db: str | None, lang: str | None) -> int:
    if not _has_display():
        text.set_language(lang or text.system_language())
        sys.stderr.write(
            text._(
                "There is no display, so no window can open. The same work can be done here: "
                "funneldesk --help lists the words."
            )
            + "\n"
        )
        return 1
    from funneldesk.ui.application import run_window

    path = Path(file) if file else None
    is_base = path is not None and (path.suffix == ".funneldesk" or not path.suffix)
    base = path if is_base else Path(db) if db else None
    return run_window(base, lang, None if is_base else path)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
