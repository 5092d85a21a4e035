"""Whole lists as a file: clients, deals, activities, invoices, payments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from funneldesk.exporting.records import write_records
from funneldesk.exporting.sheet_cells import WORDS
from funneldesk.store.database import Database
from funneldesk.store.queries import billing, exports

KINDS = ("clients", "deals", "activities", "invoices", "payments")


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
        if what == "clients":
            rows, fields = exports.clients(conn), exports.CLIENT_FIELDS
            custom = [n for k in ("company", "person") for _i, n in exports.custom_columns(conn, k)]
        elif what == "deals":
            rows, fields = exports.deals(conn), exports.DEAL_FIELDS
            custom = [name for _id, name in exports.custom_columns(conn, "deal")]
        elif what == "invoices":
            rows, fields, custom = billing.invoice_rows(conn), billing.INVOICE_FIELDS, []
        elif what == "payments":
            rows, fields, custom = billing.payment_rows(conn), billing.PAYMENT_FIELDS, []
        else:
            rows, fields, custom = exports.activities(conn), exports.ACTIVITY_FIELDS, []
    columns = [*fields, *dict.fromkeys(custom)]
    write_records(path, columns, rows, zone=info.zone, currency=info.currency, labels=labels, words=words)
    return len(rows)
