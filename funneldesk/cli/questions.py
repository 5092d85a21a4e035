"""What `funneldesk import` must ask before it can go on, and what it tells beside the counts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from funneldesk.cli.commands import put, say
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.field_words import field_title, type_title
from funneldesk.importing.custom import OwnColumn
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.matching import alike
from funneldesk.importing.plan import Plan
from funneldesk.importing.planner import missing_fields
from funneldesk.importing.staging import shown
from funneldesk.importing.units import Unit
from funneldesk.services import imports, living
from funneldesk.store.database import Database
from funneldesk.text import _, error_text, format_number, ngettext

_EXAMPLES = 3
_SHOWN = 20


def questions_of(db: Database, flow: ImportFlow) -> list[dict[str, Any]]:
    """What a person must decide: fields that no column feeds surely, dates that can mean two days."""
    found = [_missing(flow, group) for group in missing_fields(flow.request, flow.maps, flow.settings)]
    index = imports.read_index(db, flow.request.kind)
    if not flow.request.unknown:
        found += [q for column in flow.own_columns(index) if (q := _options(column)) is not None]
    for question in flow.questions(index):
        two = question.ambiguous
        field = next((m.used for m in flow.maps if m.index == question.column), "") or "FIELD"
        found.append(
            {
                "about": "date_order",
                "column": question.header,
                "examples": [two.example],
                "choices": [two.dmy, two.mdy],
                "option": f"--map '{question.header}={field}:dmy' | --map '{question.header}={field}:mdy'",
                "message": _(
                    "Column {column}: {example} can be {first} or {second}. Write the dates like "
                    "2026-03-31, or say which with --map '{column}=FIELD:dmy' or '{column}=FIELD:mdy'."
                ).format(column=question.header, example=two.example, first=two.dmy, second=two.mdy),
            }
        )
    return found


def _options(column: OwnColumn) -> dict[str, Any] | None:
    """Values that are none of the choices of a field, with the choices and those that are like them."""
    unknown = column.options.unknown_words() if column.options is not None else []
    if not unknown or column.known is None:
        return None
    known = {fold(option): option for option in column.known.options}
    words = [word for word, _count in unknown]
    near = {word: [known[name] for name, _score in alike(word, list(known))] for word in words[:_SHOWN]}
    first = words[0]
    meant = next(iter(near[first]), next(iter(column.known.options), ""))
    option = f"--value '{column.key}:{first}={meant}'"
    sentence = _(
        "{name}: {values} are none of its choices ({choices}). Say what each means: {option} (nothing "
        "after = leaves it empty), or for all of them --unknown-options create | empty | reject."
    )
    return {
        "about": "unknown_option",
        "field": column.key,
        "examples": dict(unknown),
        "choices": list(column.known.options),
        "like": near,
        "option": f"{option} | --unknown-options create | empty | reject",
        "message": sentence.format(
            name=column.name, values=_listed(words), choices=_listed(column.known.options), option=option
        ),
    }


def _listed(words: Sequence[str]) -> str:
    """The first words of a list, and how many more there are."""
    rest = len(words) - _SHOWN
    more = ngettext("and {count} more", "and {count} more", rest).format(count=format_number(rest))
    return ", ".join((*words[:_SHOWN], *([more] if rest > 0 else [])))


def field_words(plan: Plan) -> list[str]:
    """Which own fields an import makes, and which choices fields of the base get."""
    made = [
        _("New field {name}: {type}").format(name=name, type=type_title(type_))
        + (f" ({_listed(options)})" if options else "")
        for name, type_, options in plan.new_fields
    ]
    added = _("New choices of {name}: {choices}")
    return [*made, *(added.format(name=n, choices=_listed(o)) for n, o in plan.options.items())]


def _missing(flow: ImportFlow, group: tuple[str, ...]) -> dict[str, Any]:
    """No column holds a field that is needed: the columns left, with examples, and the option."""
    assert flow.table is not None
    kind, table = str(flow.request.kind), flow.table
    left = {}
    for column in flow.maps:
        if column.used is None:
            cells = [shown(cell) for cell in table.columns[column.index] if cell is not None]
            left[table.name(column.index)] = list(dict.fromkeys(cells))[:_EXAMPLES]
    likely = next((table.name(m.index) for m in flow.maps if m.field in group and not m.accepted), None)
    option = f"--map '{likely or next(iter(left), 'COLUMN')}={group[0]}'"
    columns = "; ".join(f"{name} ({', '.join(cells)})" for name, cells in left.items())
    sentence = _("No column holds the field {field} for sure. Say which one: {option}. Left are: {columns}.")
    return {
        "about": "missing_field",
        "column": likely,
        "field": group[0],
        "examples": left,
        "choices": list(left),
        "option": option,
        "message": sentence.format(field=field_title(kind, group[0]), option=option, columns=columns or "–"),
    }


def tell_questions(flow: ImportFlow, questions: list[dict[str, Any]], *, as_json: bool) -> bool:
    """Say the questions; True when there are any."""
    if questions and as_json:
        out = {"questions": questions, "mapping": columns_of(flow)}
        put(json.dumps(out, ensure_ascii=False, indent=2))
    for question in questions:
        say(question["message"])
    return bool(questions)


def columns_of(flow: ImportFlow) -> list[dict[str, Any]]:
    """Every column of the file: where it goes or what was only proposed for it."""
    return [
        {
            "header": m.header or (flow.table.name(m.index) if flow.table else ""),
            "field": m.field,
            "certainty": m.certainty,
            "accepted": m.accepted,
        }
        for m in flow.maps
    ]


def unit_words(flow: ImportFlow) -> list[str]:
    """Which columns of sums are read as thousands or millions, and how that is changed."""
    sentence = _(
        "Column {column}: {example} is read as {sum}. --map '{column}=amount:ones' takes sums as they stand."
    )
    return [
        sentence.format(column=use.header, example=use.example, sum=format_number(use.value * use.used.times))
        for use in flow.units()
        if use.used is not Unit.ONES
    ]


def compared(db: Database, flow: ImportFlow) -> dict[str, Any] | None:
    """The file beside the last one of the same list; None when there was none."""
    found = living.compare(db, flow)
    if found is None:
        return None
    return {
        "previous": found.previous.file,
        "new": found.new,
        "changed": found.changed,
        "same": found.same,
        "vanished": [{"kind": v.kind, "id": v.id, "name": v.name} for v in found.vanished],
    }


def after_words(waiting: int, settled: int, told: dict[str, Any] | None) -> list[str]:
    """What else there is to say when an import is done."""
    out = []
    if waiting:
        sentence = ngettext(
            "{count} row waits for what it names; see: funneldesk waiting",
            "{count} rows wait for what they name; see: funneldesk waiting",
            waiting,
        )
        out.append(sentence.format(count=format_number(waiting)))
    if settled:
        sentence = ngettext("{count} row that waited came in", "{count} rows that waited came in", settled)
        out.append(sentence.format(count=format_number(settled)))
    if told is not None:
        gone = told["vanished"]
        sentence = _("Compared with {file}: {new} new, {changed} changed, {same} the same, {gone} vanished.")
        numbers = {name: format_number(told[name]) for name in ("new", "changed", "same")}
        out.append(sentence.format(file=told["previous"], gone=format_number(len(gone)), **numbers))
        out += [_("Vanished: {name}").format(name=line["name"]) for line in gone[:_SHOWN]]
    return out


def problem_of(code: str, value: str) -> str:
    """Why a row could not be brought in, in words."""
    return error_text(UserError(code, value=value))
