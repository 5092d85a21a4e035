"""`funneldesk waiting` and `funneldesk imports`."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from funneldesk.cli.commands import open_for_reading, put, say
from funneldesk.cli.questions import problem_of
from funneldesk.domain.clock import from_micros
from funneldesk.field_words import kind_title
from funneldesk.services import bases, living, waiting
from funneldesk.text import _, format_datetime, format_number, ngettext


def show_waiting(arguments: argparse.Namespace, path: Path) -> int:
    """List the rows that wait, or throw them away."""
    with bases.open_base(path) if arguments.drop else open_for_reading(path) as db:
        rows = waiting.waiting(db)
        if arguments.drop and rows:
            waiting.drop(db, [row.id for row in rows])
            sentence = ngettext(
                "{count} waiting row thrown away.", "{count} waiting rows thrown away.", len(rows)
            )
            put(sentence.format(count=format_number(len(rows))))
            return 0
    if arguments.json:
        lines = [{**asdict(row), "at": from_micros(row.at).isoformat()} for row in rows]
        put(json.dumps(lines, ensure_ascii=False, indent=2))
        return 0
    if not rows:
        say(_("Nothing waits."))
    names = {"deal": _("deal"), "client": _("client"), "invoice": _("invoice")}
    for row in rows:
        cells = ", ".join(f"{key}={value}" for key, value in row.cells.items())
        if row.code:
            why = problem_of(row.code, row.key)
        else:
            why = _("waits for {what} {name}").format(what=names.get(row.wants, row.wants), name=row.key)
        head = _("{file}, row {row} ({kind})").format(file=row.file, row=row.row, kind=kind_title(row.kind))
        put(f"{head}: {why} | {cells}")
    return 0


def show_imports(arguments: argparse.Namespace, path: Path) -> int:
    """List the imports that were run; with a number, what that one made."""
    with open_for_reading(path) as db:
        zone = db.info().zone
        if arguments.number:
            made = living.made_by(db, arguments.number)
            if arguments.json:
                put(json.dumps([asdict(line) for line in made], ensure_ascii=False, indent=2))
                return 0
            for line in made:
                put(f"{line.row}\t{line.kind}\t{line.id}\t{line.name}")
            return 0
        runs = living.runs(db)
    if arguments.json:
        lines = [{**asdict(run), "at": from_micros(run.at).isoformat()} for run in runs]
        put(json.dumps(lines, ensure_ascii=False, indent=2))
        return 0
    for run in runs:
        made_rows = format_number(run.counts["created"])
        words = _("{made} new rows").format(made=made_rows)
        shown = (str(run.id), format_datetime(run.at, zone), kind_title(run.kind), run.file, words, run.who)
        put("\t".join(shown))
    return 0
