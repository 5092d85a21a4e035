"""Makes the base of today's schema that is kept when the schema is closed: a little of every kind of record.

``python -m tests.store.kept_base`` writes ``tests/data/bases/schema-N.funneldesk.gz`` and says the hash for
``CONTENT`` in `test_older_bases`.  It is run once for a schema: a base made anew would no longer prove that
what was released still opens.
"""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import date
from pathlib import Path

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.criteria import Answers
from funneldesk.domain.deal import Deal
from funneldesk.domain.fields import FieldType
from funneldesk.domain.goals import Mark, Measure, SourceCost, Standard, StandardKind
from funneldesk.domain.rule import Action, Event, Params, Rule
from funneldesk.importing.fields import Kind
from funneldesk.services import (
    activities,
    bases,
    billing,
    calculated,
    clients,
    deal_items,
    deals,
    demo,
    doubles,
    fields,
    files,
    funnels,
    goals,
    leads,
    questionnaire,
    repeats,
    rules,
    team,
    views,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal, stage
from funneldesk.services.goals import PlanCell
from funneldesk.store import tables as t
from funneldesk.store.database import SCHEMA, Database
from funneldesk.store.transaction import select_records
from tests.services import import_kit

BASES = Path(__file__).resolve().parent.parent / "data" / "bases"


def fill(db: Database, folder: Path) -> None:
    """Put a little of everything into a base with the general funnel; the last change can be undone."""
    demo.make_sample(db, deals=30, language="en")
    with db.read() as conn:
        first = select_records(conn, Deal)[0].id
    _settings(db)
    _own_fields(db, first)
    deal_items.add(db, first, product_id=1, quantity=2_000, discount=500)
    billing.add_invoice(db, "2026/1", 120_000, company_id=1, date="2026-01-12", due_date="2026-01-26")
    billing.add_payment(db, 50_000, invoice_id=1, date="2026-01-20")
    rows = [["Invoice", "Client", "Date", "Amount"], ["2026/9", "", "2026-01-05", "40"]]
    import_kit.run(db, Kind.PAYMENTS, rows)  # it waits for its invoice
    doubles.dismiss(db, "company", [1, 2])
    _one_deal(db, folder)
    clients.create_company(db, name="Łódź Trading", contacts=[("phone", "+48 42 000 00 01")])


def _settings(db: Database) -> None:
    goals.set_plans(db, [PlanCell("2026-01", manager, Measure.MONEY, 500_000) for manager in (None, 1)])
    goals.set_cost(
        db,
        SourceCost(source_id=1, first_day="2026-01-01", last_day="2026-01-31", amount=90_000, currency="EUR"),
    )
    goals.set_mark(db, Mark(day="2026-02-01", title="New price list"))
    goals.set_standard(db, Standard(kind=StandardKind.CONTACT, limit_=7, stage_id=2))
    team.set_rate(db, "USD", "2026-01-01", "0.92")
    views.save(db, "deals", "Склад", {"sort": "amount"})
    questionnaire.put_question(db, "Has a budget?", points=5)
    leads.create(db, title="Fair", answers={1: "1"})
    funnels.update_funnel(db, 1, training_months=24, expected_close="pace")
    funnels.update_stage(db, 2, required=json.dumps(["amount"]), checklist="Budget named")
    call = Params("Call them", days=2).dumps()
    rules.add(db, Rule(event=Event.ENTERED, action=Action.TASK, params=call, funnel_id=1, stage_id=2))


def _own_fields(db: Database, deal_id: int) -> None:
    fields.add(db, "deal", "Floor", FieldType.NUMBER)
    fields.add(db, "company", "Segment", FieldType.CHOICE, options=["A", "B"])
    calculated.add(db, "deal", "Twice", "[Amount] * 2", {"amount": "Amount"})
    fields.set_value(db, 1, "deal", deal_id, "3")
    fields.set_value(db, 2, "company", 1, "B")


def _one_deal(db: Database, folder: Path) -> None:
    """A deal that is moved through a checklist, sets a rule off, and has an activity, files and a repeat."""
    fresh = NewDeal("Полки, Łódź", company_id=1, amount=70_000, manager_id=1)
    deal = deals.create(db, fresh, funnel_id=1).new_id("deal")
    deals.move(db, [deal], stage(2), answers={deal: Answers(checked=frozenset({"Budget named"}))})
    activities.log(db, ActivityKind.CALL, About(deal_id=deal))
    note = folder / "offer.txt"
    note.write_text("Racks, 12 pieces", encoding="utf-8")
    files.attach(db, "deal", deal, [note])
    files.link(db, "company", 1, "https://example.com/price")
    repeats.plan(db, [deal], date(2030, 1, 15))


def main() -> None:
    """Make, check, pack; say what came out."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "kept.funneldesk"
        with bases.new_base(path, template="general", language="en", currency="EUR", zone="UTC") as db:
            fill(db, Path(name))
            empty = [table.name for table in t.metadata.sorted_tables if not _rows(db, table.name)]
            found = bases.check(db)
            db.compact()
        if found.problems:
            raise SystemExit(f"not sound: {found.problems}")
        target = BASES / f"schema-{SCHEMA}.funneldesk.gz"
        target.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    print(
        f"{target.name}: {target.stat().st_size} bytes, nothing in {empty}\n{SCHEMA}: {found.content_sha256}"
    )


def _rows(db: Database, table: str) -> int:
    with db.read() as conn:
        return int(conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())


if __name__ == "__main__":
    main()
