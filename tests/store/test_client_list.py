"""The client list against a Python oracle: recall of the search, filters, orders."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.client_list import COLUMNS, ClientFilter, code_of, filter_from, ref_of
from funneldesk.domain.folding import fold
from funneldesk.domain.phone import digits
from funneldesk.services import activities, bases, deals, fields
from funneldesk.services.activities import About
from funneldesk.services.deals import NewDeal
from funneldesk.store import search
from funneldesk.store import tables as t
from funneldesk.store.database import Database
from funneldesk.store.queries import client_list as q
from tests.benchmarks.client_base import make_base

CLIENTS = 600


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    place = tmp_path_factory.mktemp("list")
    template = place / "funnel.funneldesk"
    bases.new_base(template, template="general", language="en", currency="EUR", zone="UTC").close()
    with make_base(place / "base.funneldesk", CLIENTS, seed=3) as db:
        _add_work(db)
        yield db


def _add_work(db: Database) -> None:
    from funneldesk.domain.change import Label
    from funneldesk.domain.funnel import Funnel, Stage

    with db.transaction(Label("funnel.created", {"name": "F"})) as tx:
        funnel = tx.insert(Funnel(name="F"))
        tx.insert(Stage(funnel_id=funnel, name="S", slot=0, position=1))
    fields.add(db, "company", "Area")
    rng = random.Random(5)
    for n in range(30):
        links: dict[str, Any] = {"company_id": rng.randrange(1, 100)} if n % 3 else {"person_id": n + 1}
        deals.create(db, NewDeal(f"D{n}", amount=rng.randrange(10_000), **links), funnel_id=1)
        due = None if n % 5 == 0 else 1_700_000_000_000_000 + n
        activities.plan(db, ActivityKind.CALL, About(**links), due_at=due)
        activities.log(db, ActivityKind.NOTE, About(**links), text="x", at=1_600_000_000_000_000 + n)
        fields.set_value(db, 1, "company", n + 1, f"v{rng.randrange(9)}")


def _documents(db: Database) -> dict[int, tuple[str, list[str], str]]:
    """Code -> (folded text, digit runs, name key) straight from the tables."""
    found: dict[int, tuple[str, list[str], str]] = {}
    with db.read() as conn:
        for kind in ("company", "person"):
            table = t.table_of(kind)
            names = search.FIELDS[kind]
            points: dict[int, list[str]] = {}
            owner = t.contact_points.c[f"{kind}_id"]
            for row in conn.execute(t.contact_points.select().where(owner.is_not(None))):
                points.setdefault(getattr(row, f"{kind}_id"), []).append(row.value)
            for row in conn.execute(table.select()):
                values = [getattr(row, name) or "" for name in names]
                mine = points.get(row.id, [])
                text = "\n".join(fold(v) for v in [*values, *mine])
                found[code_of(kind, row.id)] = (text, [digits(v) for v in mine], row.name_key)
    return found


def test_the_search_finds_everything_an_oracle_finds_in_three_languages(base: Database) -> None:
    documents = _documents(base)
    words = ("ромашка", "РОМ", "ёлка", "ЕЛКА", "łódź", "LODZ", "Żółw", "zolw", "gdańska", "Müller", "muller",
             "mul", "йогурт", "смит", "smith", "o'neill", "ооо", "Sp. z o.o.", "info12", "firma-77",
             "ива щер", "зао пром", "санкт", "екатерин")  # fmt: skip
    with base.read() as conn:
        for word in words:
            wanted = {
                code
                for code, (text, _numbers, _key) in documents.items()
                if all(
                    part in text if len(part) >= 3 else f" {part}" in " " + text.replace("\n", " ")
                    for part in fold(word).split()
                )
            }
            assert set(q.client_ids(conn, ClientFilter(text=word))) == wanted, word


def test_the_search_finds_phones_however_they_are_typed(base: Database) -> None:
    with base.read() as conn:
        rows = conn.execute(t.contact_points.select().where(t.contact_points.c.kind == "phone")).all()
        for row in rows[::7]:
            owner = code_of("company" if row.company_id else "person", row.company_id or row.person_id)
            number = digits(row.value)
            tail = number[-9:]
            forms = (row.value, number, f"+7{number[-10:]}", f"8{number[-10:]}", f"({tail[:3]}) {tail[3:]}",
                     f"{tail[:4]}-{tail[4:6]}-{tail[6:]}", number[-6:], number[-4:])  # fmt: skip
            for form in forms:
                assert owner in q.client_ids(conn, ClientFilter(text=form)), (row.value, form)


def test_one_and_two_letters_find_the_beginning_of_names(base: Database) -> None:
    documents = _documents(base)
    with base.read() as conn:
        for text in ("р", "РО", "ł", "żó", "ив"):
            found = set(q.client_ids(conn, ClientFilter(text=text)))
            wanted = {code for code, (_t, _n, key) in documents.items() if key.startswith(fold(text))}
            assert wanted <= found
            assert wanted or text == "ł"


@pytest.mark.parametrize("column", [*COLUMNS, "field:1"])
def test_every_column_sorts_both_ways_and_loses_nobody(base: Database, column: str) -> None:
    with base.read() as conn:
        up = q.client_ids(conn, ClientFilter(), column)
        down = q.client_ids(conn, ClientFilter(), column, descending=True)
        rows = q.client_rows(conn, up)
    assert len(up) == len(set(up)) == CLIENTS
    assert set(up) == set(down) == set(rows)


def test_unknown_values_come_last_whichever_way_it_is_sorted(base: Database) -> None:
    with base.read() as conn:
        for descending in (False, True):
            ids = q.client_ids(conn, ClientFilter(), "open_sum", descending=descending)
            rows = q.client_rows(conn, ids)
            sums = [sum(s for _c, s in rows[i].open_sums) if rows[i].open_sums else None for i in ids]
            known = [s for s in sums if s is not None]
            assert sums[: len(known)] == sorted(known, reverse=descending)
            assert known


def test_filters_let_through_what_an_oracle_does(base: Database) -> None:
    with base.read() as conn:
        rows = q.client_rows(conn, q.client_ids(conn, ClientFilter()))
        managers = dict(q.choices(conn).managers)
        cases: list[tuple[ClientFilter, Any]] = [
            (ClientFilter(kinds=("person",)), lambda r: r.kind == "person"),
            (ClientFilter(manager_ids=(1,)), lambda r: r.manager == managers[1]),
            (ClientFilter(manager_ids=(0, 2)), lambda r: r.manager in ("", managers[2])),
            (ClientFilter(cities=("Łódź", "Москва")), lambda r: r.city in ("Łódź", "Москва")),
            (ClientFilter(open_deals=True), lambda r: r.open_deals > 0),
            (ClientFilter(open_deals=False), lambda r: r.open_deals == 0),
            (ClientFilter(no_next_step=True), lambda r: not r.next_kind),
        ]
        for flt, wanted in cases:
            assert set(q.client_ids(conn, flt)) == {c for c, r in rows.items() if wanted(r)}, flt
            assert filter_from(flt.spec()) == flt


def test_a_known_order_gives_the_same_as_asking_the_base(
    base: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    flt = ClientFilter(text="ооо", kinds=("company",))
    with base.read() as conn:
        plain = q.client_ids(conn, flt, "city", descending=True)
        order = q.client_ids(conn, ClientFilter(kinds=("company",)), "city", descending=True)
        monkeypatch.setattr(q, "FEW", 0)
        assert q.client_ids(conn, flt, "city", descending=True, order=order) == plain
        assert plain


def test_codes_tell_companies_from_people() -> None:
    assert ref_of(code_of("company", 7)) == ("company", 7)
    assert ref_of(code_of("person", 7)) == ("person", 7)
    assert len({code_of(k, i) for k in ("company", "person") for i in range(1, 50)}) == 98


def test_an_edit_is_found_at_once_and_what_was_is_not(tmp_path: Path) -> None:
    from funneldesk.services import clients, history

    with bases.new_base(tmp_path / "b.funneldesk", language="en", currency="EUR", zone="UTC") as db:
        clients.create_company(db, name="Old name", contacts=[("phone", "111 22 33 44")])
        clients.update(db, ("company", 1), name="Fresh name", contacts=[("phone", "999 88 77 66")])
        with db.read() as conn:
            assert q.client_ids(conn, ClientFilter(text="fresh")) == [2]
            assert q.client_ids(conn, ClientFilter(text="99988")) == [2]
            assert q.client_ids(conn, ClientFilter(text="11122")) == []
        history.undo(db)
        with db.read() as conn:
            assert q.client_ids(conn, ClientFilter(text="fresh")) == []
            assert q.client_ids(conn, ClientFilter(text="11122")) == [2]
