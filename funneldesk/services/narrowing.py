"""What narrows a report on the command line: typed conditions, a file of them, a saved view."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from funneldesk.domain.condition import EVERYTHING, Condition, Group, group_from
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.condition_text import Written, WrittenGroup, from_spec, parse, understand
from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.services import conditions, views
from funneldesk.store.database import Database
from funneldesk.store.queries.filters import FIELDS

# a plain `field=value` without spaces beside the mark; the value may hold anything
_PLAIN = re.compile(r"\s*(?P<field>[^=<>!~\"'«»()]*[^=<>!~\"'«»()\s])=(?P<value>\S.*|)", re.DOTALL)
# settings of the list of deals -> the field they ask for
_CHIPS = {"statuses": "status", "funnels": "funnel", "stages": "stage", "managers": "manager"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """`where`: fields that equal a text, as a report has always taken them; `condition`: all the rest."""

    where: tuple[tuple[str, str], ...] = ()
    condition: Group = EVERYTHING


def narrow(db: Database, texts: Sequence[str] = (), spec: object = None, view: str | None = None) -> Narrowed:
    """All that is asked for together: `texts`, the JSON values of a file, the saved view of that name.

    UserErrors of `condition_text`, `filter.unknown`, `view.unknown`.
    """
    fields = conditions.catalogue(db, "deal")
    currency = db.info().currency
    where: list[tuple[str, str]] = []
    groups: list[Group] = []
    for text in texts:
        written = _written(text, fields)
        if isinstance(written, WrittenGroup):
            groups.append(understand(written, fields, currency))
        else:
            where.append(written)
    if spec is not None:
        groups.append(understand(from_spec(spec), fields, currency))
    if view is not None:
        kept_view = _of_view(db, view)
        where += kept_view.where
        groups.append(kept_view.condition)
    kept = [group for group in groups if group]
    return Narrowed(tuple(where), kept[0] if len(kept) == 1 else Group(tuple(kept)))


def understood(db: Database, text: str) -> Group:
    """Typed conditions alone; UserErrors of `condition_text`."""
    return understand(parse(text), conditions.catalogue(db, "deal"), db.info().currency)


def _written(text: str, fields: Sequence[AskField]) -> WrittenGroup | tuple[str, str]:
    plain = _PLAIN.fullmatch(text)
    pair = None if plain is None else (plain["field"], plain["value"])
    try:
        written = parse(text)
    except UserError:
        # a value that is no condition by itself: `client=Smith and Sons`, `source=`
        if pair is None:
            raise
        return pair
    first = written.parts[0]
    if pair is None or len(written.parts) > 1 or not isinstance(first, Written) or first.op != "=":
        return written
    known = pair[0] in FIELDS or pair[0].startswith("custom:")
    asked = any(field.key == pair[0] for field in fields)
    return written if asked and not known else pair


def _of_view(db: Database, name: str) -> Narrowed:
    """What a view of the list of deals, or a kept variant of a report, asks for (not its period)."""
    wanted = fold(name)
    known = []
    for screen, read in (("deals", _of_list), ("reports", _of_variant)):
        for view in views.views(db, screen):
            known.append(view.name)
            if fold(view.name) == wanted:
                return read(views.spec_of(view))
    raise UserError("view.unknown", name=name, known=known)


def _of_list(spec: Mapping[str, Any]) -> Narrowed:
    parts: list[Condition | Group] = [group_from(spec.get("where"))]
    text = str(spec.get("text") or "").strip()
    if text:
        held = [Condition(field, "contains", text) for field in ("title", "client")]
        parts.append(Group(tuple(held), any=True))
    for chip, field in _CHIPS.items():
        chosen = spec.get(chip)
        if isinstance(chosen, list) and chosen:
            parts.append(Condition(field, "one_of", tuple(chosen)))
    return Narrowed(condition=Group(tuple(part for part in parts if part)))


def _of_variant(spec: Mapping[str, Any]) -> Narrowed:
    parts: list[Condition | Group] = [group_from(spec.get("conditions"))]
    managers = spec.get("managers")
    if isinstance(managers, list) and managers:
        parts.append(Condition("manager", "one_of", tuple(managers)))
    equal = [(name, str(spec[name])) for name in ("source", "product") if spec.get(name)]
    return Narrowed(tuple(equal), Group(tuple(part for part in parts if part)))
