"""A mapping as a document: what goes where and how, to be named, kept and used for another file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from funneldesk.domain.folding import fold
from funneldesk.errors import UserError
from funneldesk.importing.fields import field_of
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.mapping import ColumnMap

_FORM = "funneldesk-mapping"


def mapping_of(flow: ImportFlow) -> dict[str, Any]:
    """The decisions of a flow as a JSON document: columns by header, set values, translations."""
    assert flow.table is not None, "open a file first"
    return {
        "form": _FORM,
        "kind": str(flow.request.kind),
        "columns": {flow.table.name(m.index): _field_of(flow, m) for m in flow.maps},
        "set": dict(flow.settings.constants),
        "values": {field: dict(words) for field, words in flow.settings.translations.items()},
    }


def _field_of(flow: ImportFlow, column: ColumnMap) -> str | None:
    """The field of a column with what was said of it: the order of dates, the unit of sums, the type
    of a new field.
    """
    settings, used = flow.settings, column.used
    said = settings.orders.get(column.index) or settings.types.get(used or "")
    if used == "amount":
        said = settings.units.get(column.index)
    return f"{used}:{said}" if used and said else used


def apply_mapping(flow: ImportFlow, document: Any) -> None:
    """Take the decisions of a document over; columns that the file does not have are passed over.

    Raises UserError `import.bad_mapping` (no such document, or made for other rows) and
    `import.unknown_field`.
    """
    if not isinstance(document, Mapping) or not isinstance(document.get("columns"), Mapping):
        raise UserError("import.bad_mapping")
    if document.get("kind") not in (None, str(flow.request.kind)):
        raise UserError("import.bad_mapping")
    assert flow.table is not None, "open a file first"
    places = {fold(flow.table.name(index)): index for index in range(len(flow.table.headers))}
    for header, field in document["columns"].items():
        if fold(str(header)) in places:
            flow.set_map(places[fold(str(header))], None if field is None else str(field))
    for field, value in dict(document.get("set") or {}).items():
        flow.set_constant(str(field), str(value))
    for field, words in dict(document.get("values") or {}).items():
        if field_of(flow.request.kind, str(field)) is None:
            raise UserError("import.unknown_field", field=str(field), kind=str(flow.request.kind))
        for value, meaning in dict(words).items():
            flow.translate(str(field), str(value), str(meaning))
