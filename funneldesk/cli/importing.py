"""`funneldesk import`: the same flow as the wizard, driven by options."""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from funneldesk import text
from funneldesk.cli.commands import open_for_reading, put, say
from funneldesk.cli.questions import (
    after_words,
    columns_of,
    compared,
    field_words,
    questions_of,
    tell_questions,
    unit_words,
)
from funneldesk.errors import UserError
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.plan import TAG, Plan, Problem
from funneldesk.importing.presets import apply_mapping, mapping_of
from funneldesk.importing.readings import refuse_unknown_type
from funneldesk.services import bases, imports, search
from funneldesk.store.database import Database
from funneldesk.text import _, error_text, format_percent, ngettext

_SHOWN_PROBLEMS = 20


def run_import(arguments: argparse.Namespace, path: Path) -> int:
    """Read the file, make the plan, run it (unless --dry-run) and say what was done."""
    started = time.monotonic()
    file = Path(arguments.file)
    only_looks = arguments.dry_run and not arguments.save_mapping
    with open_for_reading(path) if only_looks else bases.open_base(path) as db:
        flow = ImportFlow()
        try:
            imports.prepare(db, flow)
            flow.open(file, progress=_progress(_("Reading")))
            _steer(db, flow, arguments)
            if tell_questions(flow, questions_of(db, flow), as_json=arguments.json):
                return 1
            plan, settled = imports.dry_run(db, flow), 0
            if arguments.save_mapping:
                _save_mapping(db, flow, arguments.save_mapping)
            columns, units = columns_of(flow), unit_words(flow)
            list_told = compared(db, flow)
            if not arguments.dry_run:
                change = imports.run_import(db, flow, progress=_progress(_("Importing")))
                plan, settled = flow.plan or plan, int(change.summary.get("settled", 0))
                search.fill_all(db)
            if arguments.rejects:
                _save_rejects(flow, Path(arguments.rejects))
        finally:
            flow.close()
    more = {"settled": settled, "list": list_told, "mapping": columns}
    if not arguments.json:
        for words in units:
            say(words)
    _tell(arguments, plan, more, time.monotonic() - started)
    counts = plan.counts
    return 1 if counts["read"] and counts["rejected"] == counts["read"] and not arguments.dry_run else 0


def _steer(db: Database, flow: ImportFlow, arguments: argparse.Namespace) -> None:
    flow.set_kind(Kind(arguments.kind))
    if arguments.sheet:
        flow.choose_sheet_named(arguments.sheet)
    if arguments.header:
        flow.choose_header(arguments.header)
    if arguments.mapping:
        apply_mapping(flow, _mapping(db, arguments.mapping))
    names = (*(flow.table.headers if flow.table else ()), *flow.own_names())
    for column, field in arguments.map:
        refuse_unknown_type(field, names)
        flow.set_map(flow.column_index(column), field or None)
    for column in arguments.split:
        at = flow.column_index(column)
        found = next((split for split in flow.splits() if split.column == at), None)
        if found is None:
            raise UserError("import.no_split", column=column)
        flow.split(found)
    for field, value in arguments.set:
        flow.set_constant(field, value)
    for field, value, meaning in arguments.value:
        flow.translate(field, value, meaning)
    flow.change_request(
        on_duplicate=OnDuplicate(arguments.on_duplicate),
        funnel=arguments.funnel,
        create_funnel=arguments.create_funnel or bool(arguments.stages),
        stages=tuple(arguments.stages or ()),
        keys=arguments.key,
        vanished=_vanished(arguments.vanished),
        unknown=arguments.unknown_options or "",
    )


def _mapping(db: Database, name: str) -> Any:
    """The mapping kept in the base under that name, else the one in that file."""
    kept = imports.mapping_named(db, name)
    if kept is not None:
        return kept
    try:
        return json.loads(Path(name).read_text(encoding="utf-8"))
    except OSError:
        raise UserError("import.no_such_mapping", name=name) from None
    except ValueError:
        raise UserError("import.bad_mapping") from None


def _vanished(given: tuple[str, str] | None) -> tuple[str, str] | None:
    if given is None or given[0] != "tag":
        return given
    return TAG + _("Tags"), given[1] or _("no longer in the list")


def _save_mapping(db: Database, flow: ImportFlow, name: str) -> None:
    if name.endswith(".json"):
        text_of = json.dumps(mapping_of(flow), ensure_ascii=False, indent=2)
        Path(name).write_text(text_of + "\n", encoding="utf-8")
    else:
        imports.save_mapping(db, flow, name)


def _save_rejects(flow: ImportFlow, out: Path) -> None:
    from funneldesk.exporting.rejects import write_rejects

    headers, rows = flow.rejected()
    reasons = [
        (number, cells, "; ".join(problem_text(problem) for problem in problems))
        for number, cells, problems in rows
    ]
    if reasons:
        write_rejects(out, headers, reasons, reason_header=_("Reason"))


def problem_text(problem: Problem) -> str:
    """What is wrong with a row, in words."""
    params = {"column": problem.column or "", "value": problem.value, **problem.params}
    return error_text(UserError(problem.code, **params))


def _progress(what: str) -> Any:
    shown = {"percent": -1}

    def tell(part: float) -> None:
        percent = int(part * 100)
        if sys.stderr.isatty() and percent != shown["percent"]:
            shown["percent"] = percent
            sys.stderr.write(
                f"\r{what} {format_percent(percent / 100, 0)}" + ("\n" if percent >= 100 else "")
            )
            sys.stderr.flush()

    return tell


def _tell(arguments: argparse.Namespace, plan: Plan, more: dict[str, Any], seconds: float) -> None:
    counts = plan.counts
    if arguments.json:
        problems = [
            {
                "row": problem.row,
                "column": problem.column,
                "value": problem.value,
                "code": problem.code,
                "message": problem_text(problem),
            }
            for problem in plan.problems
        ]
        fields = [{"name": name, "type": type_, "options": list(o)} for name, type_, o in plan.new_fields]
        made = {"fields": fields, "options": plan.options}
        out = {**counts, "records": plan.records, **made, "problems": problems, **more}
        out["seconds"] = round(seconds, 3)
        put(json.dumps(out, ensure_ascii=False, indent=2))
        return
    for problem in plan.problems[:_SHOWN_PROBLEMS]:
        say(_("Row {row}: {what}").format(row=problem.row, what=problem_text(problem)))
    rest = len(plan.problems) - _SHOWN_PROBLEMS
    if rest > 0:
        say(ngettext("and {count} more", "and {count} more", rest).format(count=text.format_number(rest)))
    for words in field_words(plan):
        say(words)
    said = {name: text.format_number(value) for name, value in counts.items()}
    sentence = _(
        "{read} rows read: {created} created, {updated} updated, {duplicates} duplicates, "
        "{skipped} skipped, {rejected} rejected; {blank} blank rows apart."
    )
    put((_("Dry run, nothing written.") + " " if arguments.dry_run else "") + sentence.format(**said))
    for words in after_words(counts["waiting"], more["settled"], more["list"]):
        put(words)
