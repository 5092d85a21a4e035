"""The lists of clients, leads and deals: their order, groups, sums, and as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from funneldesk.domain.fields import CustomField
from funneldesk.domain.record_list import DealFilter, RecordGroup
from funneldesk.errors import UserError
from funneldesk.exporting.sheet_cells import WORDS
from funneldesk.exporting.tables import Written, write_table
from funneldesk.exporting.vcards import write_vcards
from funneldesk.services import list_rows
from funneldesk.store.database import Database
from funneldesk.store.queries import address_cards, card, deal_list, record_groups
from funneldesk.store.queries.deal_list import ListedDeal

OWNED = ("company", "person", "lead", "deal", "product")  # whose own fields stand in lists
Progress = Callable[[int, int, str], None]


def deal_ids(db: Database, flt: DealFilter, sort: str, descending: bool) -> tuple[list[int], int]:
    """Ids of the deals that pass, in order, and how many deals there are in all."""
    with db.read() as conn:
        return deal_list.deal_ids(conn, flt, sort, descending=descending), deal_list.count_deals(conn)


def deal_rows(db: Database, ids: Sequence[int]) -> dict[int, ListedDeal]:
    """As `store.queries.deal_list.listed`."""
    with db.read() as conn:
        return deal_list.listed(conn, ids)


def deal_fields(db: Database) -> list[CustomField]:
    """The custom fields of deals, then those of their clients and products."""
    with db.read() as conn:
        return [*card.custom_fields(conn, "deal"), *card.custom_fields(conn, "company", "person", "product")]


def lead_fields(db: Database) -> list[CustomField]:
    """The custom fields of leads."""
    with db.read() as conn:
        return card.custom_fields(conn, "lead")


def grouped(db: Database, kind: str, ids: Sequence[int], by: str) -> list[RecordGroup]:
    """As `store.queries.record_groups.grouped`."""
    with db.read() as conn:
        return record_groups.grouped(conn, kind, ids, by)


def amount_of(db: Database, kind: str, ids: Sequence[int]) -> int | None:
    """As `store.queries.record_groups.amount_of`."""
    with db.read() as conn:
        return record_groups.amount_of(conn, kind, ids)


def export(
    db: Database,
    kind: str,
    ids: Sequence[int],
    columns: Sequence[tuple[str, str]],
    path: Path,
    progress: Progress = lambda _done, _total, _text: None,
    cancelled: Callable[[], bool] = lambda: False,
    words: Mapping[str, str] = WORDS,
) -> Written:
    """Write records of a list (client, lead, deal) as it is shown: (column, head) from left to right.

    .xlsx and .csv hold the columns with their types; .vcf the people among clients.  Raises UserError
    `export.format`, `export.failed`, `export.stopped`.
    """

    def told(rows: int) -> None:
        if cancelled():
            raise UserError("export.stopped")
        progress(rows, len(ids), "")

    info = db.info()
    with db.read() as conn:
        if path.suffix.lower() == ".vcf":
            if kind != "client":
                raise UserError("export.format", path=str(path))
            return Written(write_vcards(path, address_cards.cards(conn, ids)))
        fields = {f.id: f for f in card.custom_fields(conn, *OWNED)}
        out = [list_rows.column(kind, key, title, fields) for key, title in columns]
        keys = [key for key, _title in columns]
        rows = list_rows.rows(conn, kind, ids, keys, fields, info.currency)
        return write_table(path, out, rows, zone=info.zone, currency=info.currency, words=words, told=told)
