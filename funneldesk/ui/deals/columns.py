"""The columns of the list of deals, and its rows put into words (in the reading thread)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from funneldesk.condition_words import option_words
from funneldesk.domain import clock
from funneldesk.domain.condition import ValueType
from funneldesk.domain.condition_fields import AskField
from funneldesk.domain.fields import CustomField
from funneldesk.domain.money import from_minor
from funneldesk.text import _, activity_kind, format_date, format_date_short, format_money, format_number
from funneldesk.ui.clients.columns import custom_columns, raw_value, value_words
from funneldesk.ui.clients.common import due_words
from funneldesk.ui.context import AppContext
from funneldesk.ui.widgets.paged_model import TableColumn

if TYPE_CHECKING:
    from funneldesk.store.database import Database
    from funneldesk.store.queries.deal_list import ListedDeal

_STATUS = AskField("status", ValueType.CHOICE)
_TOKENS = {"won": "won_text", "lost": "quiet", "open": "text"}


def make_columns(fields: Sequence[CustomField]) -> list[TableColumn]:
    """The columns, custom fields of deals and of their clients behind the built-in ones."""
    found = [
        TableColumn("title", _("Deal"), 210),
        TableColumn("client", _("Client"), 190),
        TableColumn("stage", _("Stage"), 150),
        TableColumn("amount", _("Amount"), 120, numeric=True),
        TableColumn("manager", _("Manager"), 130),
        TableColumn("next_step", _("Next step"), 180),
        TableColumn("days_in_stage", _("Days in the stage"), 124, numeric=True),
        TableColumn("expected_close", _("Expected close"), 156),
        TableColumn("created", _("Created"), 104),
        TableColumn("funnel", _("Funnel"), 140, shown=False),
        TableColumn("status", _("Outcome"), 90, shown=False),
        TableColumn("source", _("Source"), 130, shown=False),
        TableColumn("product", _("Product"), 130, shown=False),
        TableColumn("closed", _("Closed"), 104, shown=False),
        TableColumn("last_contact", _("Last contact"), 104, shown=False),
        TableColumn("lost_reason", _("Loss reason"), 140, shown=False),
        TableColumn("competitor", _("Competitor"), 130, shown=False),
        TableColumn("demand", _("Primary demand"), 160, shown=False),
        TableColumn("client_city", _("City of the client"), 120, shown=False),
    ]
    return [*found, *custom_columns(fields)]


def row_fetcher(
    context: AppContext, fields: Sequence[CustomField]
) -> Callable[[Database, Sequence[int]], Mapping[int, Mapping[str, Any]]]:
    """What the table calls for a page of rows."""
    known = {field.id: field for field in fields}

    def fetch(db: Database, ids: Sequence[int]) -> Mapping[int, Mapping[str, Any]]:
        from funneldesk.services import listing

        return {i: row_words(context, row, known) for i, row in listing.deal_rows(db, ids).items()}

    return fetch


def row_words(context: AppContext, row: ListedDeal, fields: Mapping[int, CustomField]) -> dict[str, Any]:
    """A row as texts by column."""
    zone = context.zone
    stood = None if row.entered_at is None else max(0, (clock.now() - row.entered_at) // clock.DAY)
    days = "" if stood is None else format_number(stood)
    status = option_words(_STATUS, row.status)
    found: dict[str, Any] = {
        "title": row.title,
        "client": row.client,
        "stage": row.stage if row.status == "open" else status,
        "stage.color": _TOKENS.get(row.status, "text"),
        "amount": "" if row.amount is None else format_money(row.amount, row.currency or context.currency),
        "manager": row.manager,
        "days_in_stage": days if row.status == "open" else "",
        "expected_close": _day(row.expected_close),
        "created": _short(row.created_at, context),
        "funnel": row.funnel,
        "status": status,
        "source": row.source,
        "product": row.product,
        "closed": _short(row.closed_at, context),
        "last_contact": _short(row.last_done_at, context),
        "lost_reason": row.lost_reason,
        "competitor": row.competitor,
        "demand": row.demand,
        "client_city": row.city,
    }
    if row.amount is not None:
        found["amount.raw"] = from_minor(row.amount, row.currency or context.currency)
    if row.next_kind:
        when = due_words(row.next_due_at, zone, all_day=row.next_all_day)
        found["next_step"] = f"{when.text} · {row.next_subject or activity_kind(row.next_kind)}"
        found["next_step.color"] = when.token
    for field_id, value in row.custom.items():
        if field_id in fields:
            found[f"field:{field_id}"] = value_words(fields[field_id], value, context.currency)
            found[f"field:{field_id}.raw"] = raw_value(fields[field_id], value, context.currency)
    return found


def _short(at: int | None, context: AppContext) -> str:
    return "" if at is None else format_date_short(at, context.zone)


def _day(text: str) -> str:
    try:
        return format_date(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text
