"""What the screens of clients read, each at one consistent moment of the base."""

from __future__ import annotations

from collections.abc import Sequence

from funneldesk.domain.card import ClientCard, DealCard, Names, TimelineItem
from funneldesk.domain.client_list import ClientChoices, ClientFilter, ClientRow
from funneldesk.domain.condition import EVERYTHING, Group
from funneldesk.domain.fields import CustomField
from funneldesk.domain.lead import Lead
from funneldesk.store import tables
from funneldesk.store.database import Database
from funneldesk.store.queries import card as card_queries
from funneldesk.store.queries import client_list, lists, timeline
from funneldesk.store.queries import leads as lead_queries
from funneldesk.store.queries.leads import LeadRow
from funneldesk.store.queries.lists import FunnelView
from funneldesk.store.transaction import select_records

Timeline = tuple[list[TimelineItem], bool]


def client(
    db: Database, kind: str, client_id: int, history: int
) -> tuple[ClientCard, list[TimelineItem], bool] | None:
    """A client's card with the newest `history` things that happened and whether there is more."""
    with db.read() as conn:
        card = card_queries.client_card(conn, kind, client_id)
        if card is None:
            return None
        return card, *timeline.client_timeline(conn, kind, client_id, history)


def deal(db: Database, deal_id: int, history: int) -> tuple[DealCard, list[TimelineItem], bool] | None:
    """A deal's card with the newest `history` things that happened and whether there is more."""
    with db.read() as conn:
        card = card_queries.deal_card(conn, deal_id)
        return None if card is None else (card, *timeline.deal_timeline(conn, deal_id, history))


def client_ids(
    db: Database,
    flt: ClientFilter,
    sort: str,
    descending: bool,
    order: Sequence[int] | None = None,
) -> list[int]:
    """As `store.queries.client_list.client_ids`."""
    with db.read() as conn:
        return client_list.client_ids(conn, flt, sort, descending=descending, order=order)


def client_rows(db: Database, codes: Sequence[int]) -> dict[int, ClientRow]:
    """As `store.queries.client_list.client_rows`."""
    with db.read() as conn:
        return client_list.client_rows(conn, codes)


def client_choices(db: Database) -> tuple[ClientChoices, int, list[CustomField]]:
    """What the list can be filtered by, how many clients there are, and their custom fields."""
    with db.read() as conn:
        fields = card_queries.custom_fields(conn, "company", "person")
        return client_list.choices(conn), client_list.count_clients(conn), fields


def lead_ids(
    db: Database,
    text: str,
    statuses: Sequence[str],
    managers: Sequence[int],
    sort: str,
    descending: bool,
    where: Group = EVERYTHING,
) -> tuple[list[int], int]:
    """Ids of the leads that pass, and how many there are in all."""
    with db.read() as conn:
        found = lead_queries.lead_ids(
            conn, text=text, statuses=statuses, manager_ids=managers, sort=sort, descending=descending,
            where=where,
        )  # fmt: skip
        return found, lead_queries.lead_count(conn)


def lead_rows(db: Database, ids: Sequence[int]) -> dict[int, LeadRow]:
    """As `store.queries.leads.lead_rows`."""
    with db.read() as conn:
        return lead_queries.lead_rows(conn, ids)


def deal_lists(db: Database) -> tuple[list[FunnelView], Names]:
    """Funnels with their stages, and the small lists, for a new deal."""
    with db.read() as conn:
        return lists.funnels(conn), card_queries.names(conn)


def lead(db: Database, lead_id: int) -> tuple[Names, Lead | None]:
    """The small lists, and a lead when it is there."""
    with db.read() as conn:
        found = select_records(conn, Lead, tables.leads.c.id == lead_id) if lead_id else []
        return card_queries.names(conn), found[0] if found else None
