"""A whole move from five other programs, by the command line alone and without a word on columns."""

from __future__ import annotations

import csv
import json
import random
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.activity import Activity
from funneldesk.domain.billing import Invoice, Payment
from funneldesk.domain.client import Company, Person
from funneldesk.domain.clock import from_micros
from funneldesk.domain.deal import Deal, StageMove
from funneldesk.domain.funnel import Stage
from funneldesk.domain.team import Manager
from funneldesk.services import bases
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records
from tests.cli.kit import Run, runner
from tests.e2e.systems import SYSTEMS

_SUMS = ("created", "updated", "duplicates", "skipped", "rejected")
_WORDS = {"clients": ("--on-duplicate", "fill"), "people": ("--on-duplicate", "fill")}
_STAGED = ("--create-funnel", "--funnel", "Sales", "--stages", "Новая заявка,Подготовка документов")


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tmp_path / "moved.funneldesk"


@pytest.fixture
def run(base: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    return runner(base, capsysbinary)


def write(folder: Path, name: str, rows: list[list[str]]) -> str:
    path = folder / name
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)
    return str(path)


def records(db: Database, cls: type[Any]) -> list[Any]:
    with db.read() as conn:
        return select_records(conn, cls)


def told_by(base: Path) -> dict[str, list[Any]]:
    """What the base says of the business, without ids and the moment of the import."""
    with bases.open_base(base, read_only=True) as db:
        assert bases.check(db).problems == ()
        manager = {m.id: m.name for m in records(db, Manager)}
        company = {c.id: c.name for c in records(db, Company)}
        person = {p.id: p.name for p in records(db, Person)}
        deal = {d.id: d.title for d in records(db, Deal)}
        stage = {s.id: s.name for s in records(db, Stage)}
        invoice = {i.id: i.number for i in records(db, Invoice)}

        def day(moment: int | None) -> str | None:
            return None if moment is None else f"{from_micros(moment):%Y-%m-%d %H:%M}"

        found: dict[str, list[Any]] = {
            "companies": [(c.name, c.external_id, manager.get(c.manager_id)) for c in records(db, Company)],
            "people": [(company.get(p.company_id), p.external_id, p.name) for p in records(db, Person)],
            "deals": [
                (d.title, d.external_id, company.get(d.company_id), person.get(d.person_id), d.amount,
                 d.status, stage.get(d.stage_id), day(d.created_at), manager.get(d.manager_id))
                for d in records(db, Deal)
            ],
            "moves": [
                (deal[m.deal_id], m.seq, day(m.at), m.to_kind, stage.get(m.to_stage_id))
                for m in records(db, StageMove)
            ],
            "activities": [
                (a.kind, deal.get(a.deal_id), company.get(a.company_id), day(a.done_at), a.comment,
                 manager.get(a.manager_id))
                for a in records(db, Activity)
            ],
            "invoices": [
                (i.number, i.external_id, company.get(i.company_id), deal.get(i.deal_id), i.date, i.due_date,
                 i.amount, i.currency, manager.get(i.manager_id))
                for i in records(db, Invoice)
            ],
            "payments": [
                (invoice.get(p.invoice_id), company.get(p.company_id), p.date, p.amount, p.currency)
                for p in records(db, Payment)
            ],
        }  # fmt: skip
    return {name: sorted(rows, key=repr) for name, rows in found.items()}


IVAN = "Иван Петров"
FIRM = "ООО «Ромашка»"
ANNA = "Лапина Анна Ивановна"
EXPECTED = {
    "companies": [(FIRM, "11", IVAN)],
    "people": [(FIRM, "21", ANNA)],
    "deals": [
        ("Полки", "32", FIRM, None, 5000_00, "open", "Подготовка документов", "2026-01-20 00:00", IVAN),
        ("Стеллажи", "31", FIRM, ANNA, 100000_00, "won", None, "2026-01-15 00:00", IVAN),
    ],
    "moves": [
        ("Полки", 0, "2026-01-20 00:00", "open", "Подготовка документов"),
        ("Стеллажи", 0, "2026-01-15 10:00", "open", "Новая заявка"),
        ("Стеллажи", 1, "2026-01-25 12:00", "open", "Подготовка документов"),
        ("Стеллажи", 2, "2026-02-02 09:00", "won", None),
    ],
    "activities": [("call", "Стеллажи", FIRM, "2026-01-16 11:30", "Обсудили срок", IVAN)],
    "invoices": [
        ("7", "41", FIRM, "Стеллажи", "2026-02-03", "2026-02-13", 100000_00, "RUB", IVAN),
        ("8", "42", FIRM, "Стеллажи", "2026-02-05", None, -2000_00, "RUB", IVAN),
    ],
    "payments": [("7", FIRM, "2026-02-14", 60000_00, "RUB")],
}


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("name", SYSTEMS)
def test_a_business_moves_whole_in_any_order_of_files(
    name: str, seed: int, run: Run, base: Path, tmp_path: Path
) -> None:
    assert run("new", "--currency", "RUB")[0] == 0
    hashes = [json.loads(run("check", "--json")[1])["content_sha256"]]
    kinds = list(SYSTEMS[name])
    if seed:
        random.Random(seed).shuffle(kinds)
    for kind in kinds:
        file = write(tmp_path, *SYSTEMS[name][kind])
        words = _STAGED if kind in ("deals", "stage-history") else _WORDS.get(kind, ())
        status, out, err = run("import", file, "--as", kind, *words, "--json")
        assert status == 0, (kind, out, err)
        told = json.loads(out)
        assert told["read"] == sum(told[key] for key in _SUMS), kind
        assert told["rejected"] == 0, (kind, told["problems"])
        hashes.append(json.loads(run("check", "--json")[1])["content_sha256"])
    assert json.loads(run("waiting", "--json")[1]) == []
    # HubSpot has no patronymics and writes the given name first.
    text = repr(EXPECTED).replace(ANNA, "Анна Лапина") if name == "HubSpot" else repr(EXPECTED)
    assert repr(told_by(base)) == text
    for known in reversed(hashes[:-1]):
        assert run("undo")[0] == 0
        assert json.loads(run("check", "--json")[1])["content_sha256"] == known
