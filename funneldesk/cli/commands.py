"""What each word of the command line does.  Words go to standard error, results to standard output."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from funneldesk import text
from funneldesk.cli.parser import command_parser
from funneldesk.cli.passwords import with_password
from funneldesk.domain.booklet import Printable, PrintOptions
from funneldesk.domain.clock import from_micros
from funneldesk.errors import Cancelled, UserError
from funneldesk.store.database import Database
from funneldesk.text import _, ngettext

RenderPdf = Callable[[Printable, Path, PrintOptions], None]


def run(words: Sequence[str], render_pdf: RenderPdf) -> int:
    """Do one word; returns the exit status."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:  # a console of another code page must not stop a report
            reconfigure(encoding="utf-8", errors="replace")
    arguments = command_parser().parse_args(list(words))
    text.set_language(arguments.lang or text.system_language())
    try:
        return with_password(lambda: _DO[arguments.word](arguments, render_pdf))
    except UserError as error:
        say(text.error_text(error))
        return 1
    except (Cancelled, KeyboardInterrupt):
        say(_("Cancelled. Nothing was changed."))
        return 1
    except BrokenPipeError:
        return 1


def say(sentence: str) -> None:
    """A sentence for the person, on standard error."""
    sys.stderr.write(sentence + "\n")


def put(content: str) -> None:
    """A result, on standard output."""
    sys.stdout.write(content if content.endswith("\n") else content + "\n")


def base_path(arguments: argparse.Namespace) -> Path:
    """The base that the arguments name, else the default one."""
    from funneldesk.paths import default_base
    from funneldesk.store.database import path_of

    return path_of(arguments.db) if arguments.db else default_base()


def open_for_reading(path: Path) -> Database:
    """The base without its lock: reading goes on while a window holds it.  An older one is upgraded first."""
    from funneldesk.services import bases

    try:
        return bases.open_base(path, read_only=True)
    except UserError as error:
        if error.code != "base.old_read_only":
            raise
    bases.open_base(path).close()
    return bases.open_base(path, read_only=True)


def _new(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.services import bases

    path = base_path(arguments)
    bases.new_base(
        path, template=arguments.template, language=text.language(), currency=arguments.currency
    ).close()
    say(_("New base: {path}").format(path=path))
    return 0


def _demo(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.services import bases, demo

    path = base_path(arguments)
    language = text.language()
    fresh = not path.exists()
    db = bases.new_base(path, language=language) if fresh else bases.open_base(path)
    with db:
        change = demo.make_sample(db, deals=arguments.deals, seed=arguments.seed, language=language)
    count = int(change.summary.get("deals", arguments.deals))
    say(
        ngettext(
            "Sample base with {count} deal: {path}", "Sample base with {count} deals: {path}", count
        ).format(count=text.format_number(count), path=path)
    )
    return 0


def _waiting(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.arrivals import show_waiting

    return show_waiting(arguments, base_path(arguments))


def _imports(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.arrivals import show_imports

    return show_imports(arguments, base_path(arguments))


def _import(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.importing import run_import

    return run_import(arguments, base_path(arguments))


def _export(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.field_words import note_words
    from funneldesk.services import exports

    with open_for_reading(base_path(arguments)) as db:
        count = exports.export(db, arguments.what, Path(arguments.output), words=note_words())
    say(
        ngettext("{count} row written to {path}", "{count} rows written to {path}", count).format(
            count=text.format_number(count), path=arguments.output
        )
    )
    return 0


def _report(arguments: argparse.Namespace, render: RenderPdf) -> int:
    from funneldesk.cli.reporting import run_report

    return run_report(arguments, base_path(arguments), render)


_AT_THE_END = ("history.nothing_to_undo", "history.too_old", "history.nothing_to_redo")


def _undo(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    return _entry(arguments) if arguments.entry else _steps(arguments, forward=False)


def _redo(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    return _steps(arguments, forward=True)


def _steps(arguments: argparse.Namespace, *, forward: bool) -> int:
    from funneldesk.services import bases, history, search

    done = 0
    with bases.open_base(base_path(arguments)) as db:
        for _step in range(arguments.steps):
            try:
                change = history.redo(db) if forward else history.undo(db)
            except UserError as error:
                if done and error.code in _AT_THE_END:
                    break
                raise
            done += 1
            label = text.label_text(change.label)
            say((_("Done again: {what}") if forward else _("Taken back: {what}")).format(what=label))
        search.fill_all(db)
    return 0


def _entry(arguments: argparse.Namespace) -> int:
    """Take one change back, whenever it was made, and say what stays."""
    from funneldesk.services import bases, history

    path = base_path(arguments)
    with open_for_reading(path) if arguments.dry_run else bases.open_base(path) as db:
        back = history.look_back(db, arguments.entry)
        left = [{"kind": one.kind, "id": one.id, "name": one.name, "why": one.why} for one in back.left]
        if not arguments.dry_run:
            say(text.label_text(history.take_back(db, arguments.entry).label))
    said = {
        "entry": back.entry, "last": back.whole, "removed": back.removed(), "restored": back.restored(),
        "left": left,
    }  # fmt: skip
    put(json.dumps(said, ensure_ascii=False, indent=2))
    return 0


def _journal(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.services import history

    with open_for_reading(base_path(arguments)) as db:
        zone = db.info().zone
        lines = history.entries(db, None)
    found: list[dict[str, Any]] = [
        {
            "id": line.id,
            "at": from_micros(line.at).astimezone(zone).isoformat(),
            "who": line.who,
            "label": text.label_text(line.label),
            "kind": line.kind,
            "edits": line.edits,
            "undone": line.undone,
        }
        for line in lines
    ]
    if arguments.json:
        put(json.dumps({"entries": found}, ensure_ascii=False, indent=2))
        return 0
    for entry in found:
        mark = _("(taken back)") + " " if entry["undone"] else ""
        moment = entry["at"][:19].replace("T", " ")
        put(f"{entry['id']:>6}  {moment}  {entry['who']:<16}  {mark}{entry['label']}")
    return 0


def _check(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.checking import run_check

    return run_check(arguments, base_path(arguments))


def _backup(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.services import bases

    manifest = bases.back_up(base_path(arguments), Path(arguments.out))
    say(_("Backup {path}, checked, SHA-256 {hash}").format(path=arguments.out, hash=manifest["sha256"]))
    return 0


def _restore(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.services import bases, passwords

    target = base_path(arguments)
    protected = passwords.needs_one(target)
    aside = bases.restore(Path(arguments.file), target)
    say(_("{path} is now the backup {backup}.").format(path=target, backup=arguments.file))
    if aside is not None:
        say(_("What was there before lies in {path}").format(path=aside))
    if protected and not passwords.needs_one(target):
        say(_("The backup had no password, so the base has none now."))
    return 0


def _rates(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.rates import run_rates

    return run_rates(arguments, base_path(arguments), put, say)


def _password(arguments: argparse.Namespace, _render: RenderPdf) -> int:
    from funneldesk.cli.passwords import run_password

    return run_password(arguments, base_path(arguments), say)


_DO: dict[str, Callable[[argparse.Namespace, RenderPdf], int]] = {
    "new": _new,
    "demo": _demo,
    "import": _import,
    "waiting": _waiting,
    "imports": _imports,
    "export": _export,
    "report": _report,
    "undo": _undo,
    "redo": _redo,
    "journal": _journal,
    "check": _check,
    "backup": _backup,
    "restore": _restore,
    "rates": _rates,
    "password": _password,
}
