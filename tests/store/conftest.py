"""An empty base, and a base with a few deals."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from funneldesk.services import bases, clients, deals, team
from funneldesk.services.deals import NewDeal, stage
from funneldesk.store.database import Database


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "base.funneldesk"


@pytest.fixture
def db(place: Path) -> Iterator[Database]:
    """Funnel "General sale" with deals 1 and 2 of one company and one manager."""
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann")
        clients.create_company(base, name="Acme Ltd", contacts=[("phone", "+48 22 000 12 34")])
        deals.create(base, NewDeal("First", company_id=1, amount=1_000, manager_id=1), funnel_id=1)
        deals.create(base, NewDeal("Second"), funnel_id=1)
        deals.move(base, [1], stage(3))
        yield base
