"""A small base and the board over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from funneldesk.services import bases, clients, deals, team
from funneldesk.services.deals import NewDeal, stage
from funneldesk.store.database import Database
from tests.ui.board.board_kit import Bench, open_board


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Funnel 1 of four stages; three deals in stage 1 (from the top: 1, 2, 3), one in stage 2 (4)."""
    place = tmp_path / "board.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann Kowalska")
        team.add_manager(base, "Boris Petrov")
        clients.create_company(base, name="Delta LLC")
        clients.create_company(base, name="Łódzkie Regały")
        deals.create(base, NewDeal("Racks", company_id=1, amount=120_000_00, manager_id=1), funnel_id=1)
        deals.create(base, NewDeal("Desks", company_id=2, amount=50_000_00, manager_id=2), funnel_id=1)
        deals.create(base, NewDeal("Service", manager_id=1), funnel_id=1)
        deals.create(base, NewDeal("Lease", company_id=1, amount=10_000_00, manager_id=2), funnel_id=1)
        deals.move(base, [4], stage(2))
        deals.move(base, [1, 2, 3], stage(1))
        yield base


@pytest.fixture
def board(db: Database, qtbot: QtBot) -> Bench:
    """The board of Ann (manager 1)."""
    return open_board(db, qtbot, me=1)
