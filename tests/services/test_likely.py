"""Clients that are only alike: asked about, taken as the same when a person says so, never unasked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funneldesk.domain.client import Company
from funneldesk.domain.matching import Party
from funneldesk.importing.fields import Kind, OnDuplicate
from funneldesk.importing.flow import ImportFlow
from funneldesk.importing.likely import LikelyCompanies
from funneldesk.importing.matching import KEYS
from funneldesk.importing.plan import Action
from funneldesk.services import bases, clients, history, imports
from funneldesk.store.database import Database
from funneldesk.store.transaction import select_records

LIST = "Company\tCity\tComment\nRomashka Trading\tг. Москва\tnew\nRomashkka Trading\tWarsaw\tother city"


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "l.funneldesk", language="en", currency="EUR", zone="UTC") as base:
        clients.create_company(base, name="Romashka Tradings", city="Москва")
        yield base


def flow_of(db: Database, text: str = LIST, **request: Any) -> ImportFlow:
    flow = ImportFlow()
    imports.prepare(db, flow)
    flow.open_text(text, "list.csv")
    flow.set_kind(Kind.CLIENTS)
    flow.change_request(**request)
    return flow


def companies(db: Database) -> dict[str, str | None]:
    with db.read() as conn:
        return {company.name: company.comment for company in select_records(conn, Company)}


def test_a_like_name_in_the_same_city_is_told_and_not_merged(db: Database) -> None:
    flow = flow_of(db, on_duplicate=OnDuplicate.UPDATE)
    plan = imports.dry_run(db, flow)
    assert plan.actions == [Action.CREATE, Action.CREATE]
    (told,) = [p for p in plan.problems if p.code == "import.likely_double"]
    assert (told.row, told.params["name"], told.fatal) == (2, "Romashka Tradings", False)
    assert 90 <= int(told.params["score"]) < 100
    imports.run_import(db, flow)
    assert len(companies(db)) == 3


@pytest.mark.parametrize("said", [{"same": frozenset({2})}, {"keys": (*KEYS, "name_city")}])
def test_it_is_the_same_when_a_person_says_so(db: Database, said: dict[str, Any]) -> None:
    before = bases.check(db).content_sha256
    flow = flow_of(db, on_duplicate=OnDuplicate.UPDATE, **said)
    plan = imports.dry_run(db, flow)
    assert plan.actions == [Action.UPDATE, Action.CREATE] and plan.matched_by[0] == "name_city"
    imports.run_import(db, flow)
    assert companies(db) == {"Romashka Tradings": "new", "Romashkka Trading": "other city"}
    history.undo(db)
    assert bases.check(db).content_sha256 == before


def test_likeness_inside_the_file_is_told_too(db: Database) -> None:
    plan = imports.dry_run(db, flow_of(db, "Company\tCity\nVasilek Group\tOslo\nVasilekk Group\tOslo"))
    assert [(p.row, p.code) for p in plan.problems] == [(3, "import.likely_double")]


@given(
    st.lists(
        st.tuples(st.text("абвгд ", min_size=1, max_size=12), st.sampled_from(["", "a", "b"])), max_size=12
    )
)
def test_nobody_of_another_city_or_with_another_tax_number_is_proposed(rows: list[tuple[str, str]]) -> None:
    parties = [
        Party("company", at + 1, " ".join(name.split()), "1234567890" if at % 2 else "", city)
        for at, (name, city) in enumerate(rows)
    ]
    known = LikelyCompanies((party, party.name) for party in parties)
    by_id = {party.id: party for party in parties}
    for party in parties:
        asked = Party("company", 0, party.name, "99999999", party.city)
        found = known.find(asked)
        if found is not None:
            other = by_id[found.ref]
            assert other.city == asked.city and not other.tax and found.score >= 88
