"""Everything the user decided + the base as it is -> the plan."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from funneldesk.errors import UserError
from funneldesk.importing.draft import Draft
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.mapping import ColumnMap
from funneldesk.importing.matching import BaseIndex
from funneldesk.importing.own_values import settle_fields
from funneldesk.importing.plan import Action, Plan, Request
from funneldesk.importing.plan_billing import plan_invoices, plan_payments
from funneldesk.importing.plan_clients import plan_clients
from funneldesk.importing.plan_deals import plan_deals
from funneldesk.importing.plan_history import plan_history
from funneldesk.importing.plan_others import plan_activities, plan_leads
from funneldesk.importing.plan_people import plan_people
from funneldesk.importing.table import Settings, Table, Values

_PLANNERS: dict[Kind, Callable[[Draft], None]] = {
    Kind.CLIENTS: plan_clients,
    Kind.LEADS: plan_leads,
    Kind.DEALS: plan_deals,
    Kind.HISTORY: plan_history,
    Kind.ACTIVITIES: plan_activities,
    Kind.PEOPLE: plan_people,
    Kind.INVOICES: plan_invoices,
    Kind.PAYMENTS: plan_payments,
}
# One of each group must be fed by a column or a set value.
_NEEDED: dict[Kind, tuple[tuple[str, ...], ...]] = {
    Kind.CLIENTS: (("name", "legal_name", "person", "first_name", "last_name"),),
    Kind.LEADS: (("title", "client", "person", "first_name", "last_name", "phone", "email"),),
    Kind.DEALS: (
        ("external_id", "title", "client", "person", "first_name", "last_name", "amount", "product"),
    ),
    Kind.HISTORY: (("deal",), ("to_stage",)),
    Kind.ACTIVITIES: (("deal", "client", "client_id", "person_id"),),
    Kind.INVOICES: (("number", "external_id"), ("amount",), ("client", "client_id", "person_id", "deal")),
    Kind.PAYMENTS: (("amount",), ("invoice", "client", "client_id")),
    Kind.PEOPLE: (("name", "first_name", "last_name", "email", "phone"),),
}


def check_fields(request: Request, table: Table, maps: Sequence[ColumnMap], settings: Settings) -> None:
    """Refuse what cannot be planned: UserError `import.no_rows`, `import.missing_field`."""
    if not len(table):
        raise UserError("import.no_rows")
    for group in missing_fields(request, maps, settings):
        raise UserError("import.missing_field", field=group[0], kind=str(request.kind))


def missing_fields(request: Request, maps: Sequence[ColumnMap], settings: Settings) -> list[tuple[str, ...]]:
    """The groups of fields of which one is needed and none is fed."""
    used = {m.used for m in maps} | set(settings.constants)
    return [group for group in _NEEDED[request.kind] if not used & set(group)]


def _leave_unchanged(draft: Draft) -> None:
    """Rows that stood word for word in the last file of this list: what people changed since stays."""
    if draft.request.on_duplicate is OnDuplicate.CREATE:
        return
    plan = draft.plan
    for place, (kind, record) in draft.index.links.unchanged.items():
        if plan.actions[place] is Action.CREATE:
            plan.actions[place], plan.targets[place] = Action.DUPLICATE, record
            plan.matched_by[place] = "row"
            if draft.request.kind is Kind.CLIENTS and kind == "person":
                plan.persons.add(place)


def plan_values(request: Request, table: Table, values: Values, index: BaseIndex) -> Plan:
    """The plan of an import.

    Raises UserError `import.question_date` (a column of dates fits two orders: nothing is guessed),
    `import.no_such_funnel`, `import.no_funnel`, `import.too_many_options`.
    """
    for question in values.questions:
        found = question.ambiguous
        raise UserError(
            "import.question_date",
            column=question.header,
            example=found.example,
            dmy=found.dmy,
            mdy=found.mdy,
        )
    nowhere = not index.funnels and index.first_funnel is None and not request.create_funnel
    if request.kind is Kind.DEALS and nowhere:
        raise UserError("import.no_funnel")
    draft = Draft(request, table, values, index)
    _leave_unchanged(draft)
    _PLANNERS[request.kind](draft)
    for batch in list(draft.plan.made.values()):
        batch.settle()  # which may make managers, sources ... and so further batches
    settle_fields(draft)
    for batch in draft.plan.made.values():
        batch.close()
    draft.plan.problems.sort(key=lambda problem: problem.row)
    return draft.plan
