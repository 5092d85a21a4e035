"""The columns of the list of leads, and its rows put into words (in the reading thread)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from funneldesk.domain.fields import CustomField
from funneldesk.text import _, format_date_short, format_number
from funneldesk.ui.clients.columns import custom_columns, raw_value, value_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.paged_model import TableColumn

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.queries.leads import LeadRow

_TOKENS = {"new": "accent", "qualified": "success", "converted": "won_text", "dropped": "quiet"}


def status_words(status: str) -> str:
    """Where a lead stands, in words."""
    return {
        "new": _("New lead"),
        "qualified": _("Qualified"),
        "converted": _("Became a deal"),
        "dropped": _("Dropped"),
    }.get(status, status)


def make_columns(fields: Sequence[CustomField]) -> list[TableColumn]:
    """The columns, custom fields behind the built-in ones."""
    found = [
        TableColumn("title", _("Lead"), 220),
        TableColumn("company", _("Company"), 170),
        TableColumn("person", _("Person"), 142),
        TableColumn("phone", _("Phone"), 150, sortable=False),
        TableColumn("email", _("E-mail"), 170, sortable=False, shown=False),
        TableColumn("status", _("Status"), 150),
        TableColumn("points", _("Points"), 80, numeric=True, sortable=False),
        TableColumn("source", _("Source"), 140),
        TableColumn("manager", _("Manager"), 140),
        TableColumn("created", _("Created"), 110),
    ]
    return [*found, *custom_columns(fields)]


def row_fetcher(
    context: AppContext, fields: Sequence[CustomField]
) -> Callable[[Database, Sequence[int]], Mapping[int, Mapping[str, Any]]]:
    """What the table calls for a page of rows."""
    known = {field.id: field for field in fields}

    def fetch(db: Database, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        from funneldesk.services import cards

        return {i: row_words(context, row, known) for i, row in cards.lead_rows(db, ids).items()}

    return fetch


def row_words(context: AppContext, row: LeadRow, fields: Mapping[int, CustomField]) -> dict[str, Any]:
    """A row as texts by column."""
    status = status_words(row.status)
    found: dict[str, Any] = {
        "title": row.title,
        "company": row.company,
        "person": row.person,
        "phone": row.phone,
        "email": row.email,
        "status": f"{status}: {row.drop_reason}" if row.drop_reason else status,
        "status.color": _TOKENS.get(row.status, "text"),
        "points": "" if row.points is None else format_number(row.points),
        "source": row.source,
        "manager": row.manager,
        "created": format_date_short(row.created_at, context.zone),
        "code": row.status,
        "deal": str(row.deal_id or ""),
    }
    for field_id, value in row.custom.items():
        if field_id in fields:
            found[f"field:{field_id}"] = value_words(fields[field_id], value, context.currency)
            found[f"field:{field_id}.raw"] = raw_value(fields[field_id], value, context.currency)
    return found
