"""The board's first screen, read without SQLAlchemy."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal
from funneldesk.services import deals, funnels, team
from funneldesk.services.deals import NewDeal, stage
from funneldesk.store.database import Database, create_database
from funneldesk.store.first_page import first_page
from funneldesk.store.queries.board import load_board

ROOT = Path(__file__).resolve().parents[2]


def test_it_shows_what_the_full_board_shows(db: Database, place: Path) -> None:
    team.set_rate(db, "PLN", "2020-01-01", "0.25")
    deals.create(db, NewDeal("Export", amount=4_000, currency="PLN", manager_id=1), funnel_id=1)
    deals.create(db, NewDeal("Far", amount=4_000, currency="USD"), funnel_id=1)
    deals.move(db, [2], stage(2))
    first = first_page(place)
    with db.read() as conn:
        whole = load_board(conn)
    assert first is not None
    assert (first.currency, first.zone.key, first.language) == ("EUR", "UTC", "en")
    assert first.board.columns == whole.columns
    assert first.board.managers == whole.managers and first.board.funnels == whole.funnels
    assert not first.board.complete and whole.complete
    totals = first.board.columns[0].totals
    assert (totals.count, totals.amount, totals.no_rate) == (2, 1_000, 1)


def test_a_stage_without_a_limit_lets_cards_stand_for_a_month_and_one_on_hold_for_ever(
    db: Database, place: Path
) -> None:
    funnels.update_stage(db, 1, limit_days=4.0)
    funnels.update_stage(db, 2, limit_days=None)
    funnels.update_stage(db, 3, kind="hold")
    first = first_page(place)
    assert first is not None
    assert [column.limit_days for column in first.board.columns[:3]] == [4.0, 30.0, None]


def test_it_takes_only_the_first_cards_but_counts_all(db: Database, place: Path) -> None:
    for number in range(30):
        deals.create(db, NewDeal(f"Deal {number}"), funnel_id=1)
    first = first_page(place, cards=5)
    assert first is not None
    column = first.board.columns[0]
    assert (len(column.cards), column.totals.count) == (5, 31)
    assert [card.title for card in column.cards] == [f"Deal {n}" for n in (29, 28, 27, 26, 25)]


def test_it_can_show_one_manager_only(db: Database, place: Path) -> None:
    first = first_page(place, manager_id=1)
    assert first is not None and first.board.manager_id == 1
    assert sum(column.totals.count for column in first.board.columns) == 1


def test_it_leaves_anything_strange_to_the_opener(tmp_path: Path) -> None:
    strange = tmp_path / "strange.funneldesk"
    assert first_page(strange) is None
    strange.write_bytes(b"not a base" * 100)
    assert first_page(strange) is None
    newer = tmp_path / "newer.funneldesk"
    with create_database(newer) as base, base.maintenance() as conn:
        conn.exec_driver_sql("PRAGMA user_version = 999")
    assert first_page(newer) is None


def test_an_empty_base_has_a_first_page_without_a_funnel(tmp_path: Path) -> None:
    with create_database(tmp_path / "empty.funneldesk", currency="PLN"):
        first = first_page(tmp_path / "empty.funneldesk")
    assert first is not None and first.board.funnel_id == 0 and first.currency == "PLN"


def test_neither_it_nor_the_board_loads_anything_heavy(place: Path) -> None:
    code = (
        "import sys, funneldesk.store.first_page, funneldesk.ui.board.page\n"
        "heavy = {'sqlalchemy', 'numpy', 'babel', 'pyqtgraph', 'alembic', 'openpyxl'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr


def test_it_does_not_disturb_a_writer(db: Database, place: Path) -> None:
    with db.transaction(Label("deal.changed")) as tx:
        tx.update(Deal, 1, title="Half done")
        first = first_page(place)
        assert first is not None
        titles = [card.title for column in first.board.columns for card in column.cards]
        assert "First" in titles
