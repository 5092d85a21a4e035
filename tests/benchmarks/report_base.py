"""A base of any number of deals with whole histories (five to six moves each), for timing reports.

Made by plain inserts in seconds and kept in the temporary folder for the next run; a base of an older schema
or of an older maker is made anew.
"""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path
from random import Random
from typing import Any

import sqlalchemy as sa

from funneldesk.domain import clock
from funneldesk.domain.change import Label
from funneldesk.domain.deal import StageMove, replay
from funneldesk.domain.fields import CustomField
from funneldesk.domain.funnel import Stage
from funneldesk.domain.goals import Measure, Plan, month_after
from funneldesk.domain.team import LossReason, Manager, Product, Source
from funneldesk.services import funnels
from funneldesk.store import closes, places, stays
from funneldesk.store import tables as t
from funneldesk.store.database import Database, create_database
from funneldesk.store.migrations import versions
from funneldesk.store.moves import standing_values
from funneldesk.store.sqlite_file import sqlite_module

STAGES = ("Request", "Contact", "Need", "Offer", "Meeting", "Contract", "Payment")
MANAGERS, SOURCES, PRODUCTS, REASONS, CUSTOM = 12, 8, 10, 9, ("gold", "silver", "bronze")
PLANS = {
    Measure.MONEY: 10**9,
    Measure.DEALS: 400,
    Measure.CALLS: 900,
    Measure.MEETINGS: 900,
}  # of each manager
YEARS = 3
_CHUNK = 20_000


def kept_base(deals: int) -> Path:
    """The base with so many deals and `limits.db` beside it, made when there is none yet."""
    maker = Path(__file__).read_bytes()
    for each in sorted(Path(versions.__path__[0]).glob("*.py")):
        maker += each.read_bytes()
    folder = Path(tempfile.gettempdir()) / "funneldesk-benchmarks"
    path = folder / f"reports-{deals}-{hashlib.sha256(maker).hexdigest()[:10]}.funneldesk"
    if not limits_of(path).exists():
        folder.mkdir(exist_ok=True)
        for old in folder.glob(f"reports-{deals}-*"):
            old.unlink()
        make(path, deals)
        _make_limits(path)
    return path


def limits_of(path: Path) -> Path:
    """The file beside a base with the same rows of deals, moves and activities in narrow indexes."""
    return path.with_suffix(".limits")


def make(path: Path, deals: int, seed: int = 3) -> None:
    """A new base at `path` with `deals` deals of three years and what belongs to them."""
    rnd = Random(seed)
    with create_database(path, currency="EUR", zone="Europe/Warsaw") as db:
        stages = _small_lists(db)
        now = clock.now()
        module = sqlite_module()
        con = module.connect(str(path), isolation_level=None)
        con.execute("BEGIN")
        indexes = con.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN"
            " ('deals', 'stage_moves', 'activities', 'leads', 'companies', 'custom_values', 'deal_items')"
        ).fetchall()
        for name, _sql in indexes:
            con.execute(f"DROP INDEX {name}")
        _fill(con, deals, stages, now, rnd)
        for _name, sql in indexes:
            con.execute(sql)
        con.execute("COMMIT")
        con.close()
        with db.maintenance() as conn:
            closes.keep(conn, sa.true())
            places.keep(conn, sa.true())
            stays.keep(conn, sa.true())


def _small_lists(db: Database) -> list[Stage]:
    funnels.create(db, "Sales", list(STAGES))
    with db.transaction(Label("sample.made")) as tx:
        for n in range(MANAGERS):
            tx.insert(Manager(name=f"Manager {n + 1}"))
        for n in range(SOURCES):
            tx.insert(Source(name=f"Source {n + 1}"))
        for n in range(PRODUCTS):
            tx.insert(Product(name=f"Product {n + 1}"))
        for n in range(REASONS):
            tx.insert(LossReason(name=f"Reason {n + 1}", outcome=f"Group {n % 3 + 1}", position=n))
        tx.insert(CustomField(record_kind="deal", name="Tier", type="text"))
        month = f"{clock.from_micros(clock.now()):%Y-%m}"
        for _each in range(3):  # so that a chance is counted next month, too
            for n in range(MANAGERS):
                for measure, value in PLANS.items():
                    tx.insert(Plan(month=month, manager_id=n + 1, measure=str(measure), value=value))
            month = month_after(month)
        return tx.select(Stage, order=t.stages.c.position)


def _fill(con: Any, deals: int, stages: list[Stage], now: int, rnd: Random) -> None:
    companies = max(1, deals // 3)
    _many(
        con,
        "companies",
        (
            "id",
            "version",
            "name",
            "roles",
            "name_key",
            "sort_key",
            "created_at",
            "updated_at",
            "city",
            "category",
        ),
        [
            (
                n,
                1,
                f"Client {n}",
                "client",
                f"client {n}",
                f"client {n}",
                now,
                now,
                f"City {n % 40}",
                "ABC"[n % 3],
            )
            for n in range(1, companies + 1)
        ],
    )
    slots = {stage.id: stage.slot for stage in stages}
    rows: dict[str, list[tuple[Any, ...]]] = {"deals": [], "stage_moves": [], "activities": [], "leads": []}
    values: list[tuple[Any, ...]] = []
    columns = {
        "deals": t.COLUMNS["deal"], "stage_moves": t.COLUMNS["stage_move"],
        "activities": ("id", "version", "kind", "subject", "company_id", "deal_id", "manager_id",
                       "created_at", "done_at", "all_day"),
        "leads": ("id", "version", "title", "status", "source_id", "manager_id", "created_at", "deal_id"),
    }  # fmt: skip
    numbers = dict.fromkeys(rows, 0)
    for deal_id in range(1, deals + 1):
        # arrivals grow a little from year to year
        created = now - int((1 - rnd.random() ** 0.8) * YEARS * 365 * clock.DAY) - clock.DAY // 24
        manager, source = rnd.randrange(1, MANAGERS + 1), rnd.randrange(1, SOURCES + 1)
        company = rnd.randrange(1, companies + 1)
        amount = None if rnd.random() < 0.03 else rnd.randrange(5_000, 5_000_000)
        moves, owner = _history(rnd, deal_id, numbers["stage_moves"], stages, created, now, manager, amount)
        numbers["stage_moves"] += len(moves)
        standing = standing_values(replay(moves, slots))
        lost = standing["status"] == "lost"
        lead = rnd.random() < 0.2
        if lead:
            numbers["leads"] += 1
            at = created - rnd.randrange(3 * clock.DAY)
            rows["leads"].append(
                (numbers["leads"], 1, f"Lead {deal_id}", "converted", source, manager, at, deal_id)
            )
        for _each in range(rnd.randrange(5)):
            numbers["activities"] += 1
            end = moves[-1].at or now
            done = min(now, created + int(rnd.random() * max(end - created, clock.DAY)))
            kind = rnd.choice(("call", "letter", "meeting", "task"))
            rows["activities"].append(
                (numbers["activities"], 1, kind, "Talk", company, deal_id, manager, created, done, 0)
            )
        deal = {
            "id": deal_id, "version": 1, "title": f"Deal {deal_id} of some client", "company_id": company,
            "funnel_id": 1, "amount": amount, "currency": "EUR", "manager_id": owner, "source_id": source,
            "product_id": rnd.randrange(1, PRODUCTS + 1), "created_at": created, "position": float(deal_id),
            "loss_reason_id": rnd.randrange(1, REASONS + 1) if lost and rnd.random() < 0.9 else None,
            "loss_comment": "said it was too dear" if lost and rnd.random() < 0.6 else None,
            "lead_id": numbers["leads"] if lead else None,
            "comment": "some words about the deal that nobody reads in a report" * (deal_id % 3),
            "expected_close": clock.from_micros(created + 60 * clock.DAY).date().isoformat(),
            "last_done_at": None, "sort_key": f"deal {deal_id:07}", **standing,
        }  # fmt: skip
        rows["deals"].append(tuple(deal.get(name) for name in columns["deals"]))
        rows["stage_moves"] += [tuple(getattr(m, name) for name in columns["stage_moves"]) for m in moves]
        if rnd.random() < 0.5:
            values.append((len(values) + 1, 1, 1, "deal", deal_id, rnd.choice(CUSTOM)))
        if deal_id % _CHUNK == 0 or deal_id == deals:
            for name, found in rows.items():
                _many(con, name, columns[name], found)
                found.clear()
    _many(con, "custom_values", ("id", "version", "field_id", "record_kind", "record_id", "value"), values)
    con.execute("DELETE FROM sequences WHERE kind IN ('deal', 'stage_move', 'activity', 'lead', 'company')")
    con.executemany(
        "INSERT INTO sequences (kind, next) VALUES (?, ?)",
        [
            ("deal", deals + 1), ("stage_move", numbers["stage_moves"] + 1), ("company", companies + 1),
            ("activity", numbers["activities"] + 1), ("lead", numbers["leads"] + 1),
        ],
    )  # fmt: skip


def _many(con: Any, table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    marks = ", ".join("?" * len(columns))
    con.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _history(
    rnd: Random, deal_id: int, last_id: int, stages: list[Stage], created: int, now: int, owner: int,
    amount: int | None,
) -> tuple[list[StageMove], int]:  # fmt: skip
    """The moves of a deal until now and who has it then: forward, now and then back, skipped or reopened."""
    moves: list[StageMove] = []
    at, place, kind = created, 0, "open"
    before: tuple[str | None, int | None] = (None, None)
    while True:
        stage_id = stages[place].id if kind == "open" else None
        actor = owner if rnd.random() < 0.9 else rnd.randrange(1, MANAGERS + 1)
        moves.append(
            StageMove(
                id=last_id + len(moves) + 1, deal_id=deal_id, seq=len(moves), at=at, from_kind=before[0],
                from_stage_id=before[1], to_kind=kind, to_stage_id=stage_id, actor_id=actor, owner_id=owner,
                amount=amount,
            )
        )  # fmt: skip
        before = (kind, stage_id)
        if kind != "open" and rnd.random() > (0.05 if kind == "lost" else 0.01):
            # some are handed over after their close
            return moves, owner if rnd.random() < 0.95 else rnd.randrange(1, MANAGERS + 1)
        at += int(rnd.expovariate(1 / (9 + 3 * place)) * clock.DAY) + rnd.randrange(clock.DAY // 24)
        if at >= now:
            return moves, owner
        if rnd.random() < 0.04:
            owner = rnd.randrange(1, MANAGERS + 1)
        kind, place = _next(rnd, kind, place, len(stages))


def _next(rnd: Random, kind: str, place: int, count: int) -> tuple[str, int]:
    chance = rnd.random()
    if kind != "open":
        return "open", min(place, count - 1)
    if chance < 0.09:
        return "lost", place
    if chance < 0.13 and place > 0:
        return "open", place - 1
    ahead = place + (2 if chance > 0.92 else 1)
    return ("open", ahead) if ahead < count else ("won", place)


def _make_limits(path: Path) -> None:
    """The narrowest index over the same rows: the sum over it is the least any report can take."""
    con = sqlite_module().connect(str(limits_of(path)), isolation_level=None)
    con.execute("ATTACH ? AS base", (str(path),))
    for table, owner, column in (
        ("deals", "funnel_id", "amount"), ("stage_moves", "1", "at / 1000000"),
        ("activities", "1", "done_at / 1000000"),
    ):  # fmt: skip
        con.execute(f"CREATE TABLE {table} (owner INTEGER, value INTEGER)")
        con.execute(f"INSERT INTO {table} SELECT {owner}, {column} FROM base.{table}")
        con.execute(f"CREATE INDEX ix_{table} ON {table} (owner, value)")
    con.close()
