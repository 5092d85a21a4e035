"""The composition root: the command line or the window, wired to the base.  Nobody imports it."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from funneldesk import text
from funneldesk.errors import UserError


def main(argv: Sequence[str] | None = None, *, painted: Callable[[], object] | None = None) -> int:
    """Run the program; the exit status is 0 done, 1 nothing done (a message says why), 2 wrong usage.

    `painted` is called when the first screen is painted with its data.
    """
    if getattr(sys, "frozen", False):
        import multiprocessing  # slow to load, and only a frozen program needs it here

        multiprocessing.freeze_support()
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # Windows, started without a console
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - for good
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or (len(words) == 1 and not words[0].startswith("-") and "." in words[0]):
        # a file or nothing: the window need not wait for argparse
        return _window(words[0] if words else None, os.environ.get("FUNNELDESK_DB"), None, painted)
    from funneldesk.cli.parser import is_command, window_arguments

    if is_command(words):
        return _command(words)
    arguments = window_arguments(words)
    if arguments.self_test is not None:
        from funneldesk.ui import self_test

        return self_test.run(Path(arguments.self_test) if arguments.self_test else None)
    return _window(arguments.file, arguments.db, arguments.lang, painted, safe=arguments.safe)


def _command(words: Sequence[str]) -> int:
    from funneldesk.cli.commands import run
    from funneldesk.domain.booklet import Printable, PrintOptions

    def render_pdf(what: Printable, path: Path, options: PrintOptions) -> None:
        # Only a PDF loads Qt.
        from funneldesk.ui.offscreen import render_report_pdf

        render_report_pdf(
            what,
            path,
            options.zone,
            company=options.company,
            logo=options.logo,
            paper=options.paper,
            landscape=options.landscape,
        )

    return run(words, render_pdf)


def _window(
    file: str | None,
    db: str | None,
    lang: str | None,
    painted: Callable[[], object] | None = None,
    *,
    safe: bool = False,
) -> int:
    gc.disable()  # loading makes only objects that stay; `Host` switches it on after the first paint
    try:
        return _opened_window(file, db, lang, painted, safe=safe)
    finally:
        gc.enable()


def _opened_window(
    file: str | None, db: str | None, lang: str | None, painted: Callable[[], object] | None, *, safe: bool
) -> int:
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
    from funneldesk.store.sqlite_file import path_of
    from funneldesk.ui.application import run_window

    path = Path(file).absolute() if file else None  # it is remembered, and opened from elsewhere next time
    is_base = path is not None and (path.suffix.lower() == ".funneldesk" or not path.suffix)
    try:
        base = path if is_base else path_of(db).absolute() if db else None
    except UserError as error:
        text.set_language(lang or text.system_language())
        sys.stderr.write(text.error_text(error) + "\n")
        return 1
    return run_window(base, lang, None if is_base else path, painted, safe=safe)


def _has_display() -> bool:
    if sys.platform in ("win32", "darwin") or os.environ.get("QT_QPA_PLATFORM"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
