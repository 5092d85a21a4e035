"""Whole lists as a file: clients, deals, products, activities, invoices, payments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from funneldesk.exporting.records import write_records
from funneldesk.exporting.sheet_cells import WORDS
from funneldesk.store.database import Database
from funneldesk.store.queries import billing, exports

KINDS = ("clients", "deals", "products", "activities", "invoices", "payments")
_OWN: Mapping[str, tuple[str, ...]] = {  # whose own fields the rows have
    "clients": ("company", "person"), "deals": ("deal",), "products": ("product",),
    "invoices": ("invoice",), "payments": ("payment",),
}  # fmt: skip


def export(
    db: Database,
    what: str,
    path: Path,
    labels: Mapping[str, str] | None = None,
    words: Mapping[str, str] = WORDS,
) -> int:
    """Write all records of one of `KINDS` to `path` (.xlsx or .csv by its ending); returns the rows.

    Headers are the names of the import's fields, so that the file can be imported again, unless
    `labels` gives words.  `words` are those of the sheet of notes (`exporting.sheet_cells`).
    """
    info = db.info()
    fields: tuple[str, ...]
    with db.read() as conn:
        own = [name for kind in _OWN.get(what, ()) for _id, name in exports.custom_columns(conn, kind)]
        if what == "clients":
            rows, fields = exports.clients(conn), exports.CLIENT_FIELDS
        elif what == "deals":
            rows, fields = exports.deals(conn), exports.DEAL_FIELDS
        elif what == "products":
            rows, fields = exports.products(conn), exports.PRODUCT_FIELDS
        elif what == "invoices":
            rows, fields = billing.invoice_rows(conn), billing.INVOICE_FIELDS
        elif what == "payments":
            rows, fields = billing.payment_rows(conn), billing.PAYMENT_FIELDS
        else:
            rows, fields = exports.activities(conn), exports.ACTIVITY_FIELDS
    columns = [*fields, *dict.fromkeys(own)]
    write_records(path, columns, rows, zone=info.zone, currency=info.currency, labels=labels, words=words)
    return len(rows)
