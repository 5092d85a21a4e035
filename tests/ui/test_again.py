"""Win again: who is in the lists, and what is done with them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.errors import UserError
from funneldesk.services import bases, clients, deals, history, repeats, team
from funneldesk.services.deals import LOST, WON, Loss, NewDeal
from funneldesk.store.database import Database
from funneldesk.ui.again.dialogs import CallsDialog, RepeatDialog
from funneldesk.ui.again.page import BOUGHT, PLANNED, AgainPage
from tests.ui.shell_kit import make_context


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    """Lost: 1 (dear), 2 (no money); 3 lost but its client has the open 4; won: 5 (sign), 6 (lamp)."""
    place = tmp_path / "again.funneldesk"
    with bases.new_base(place, template="general", language="en", currency="EUR", zone="UTC") as base:
        team.add_manager(base, "Ann")
        for name in ("Alpha", "Beta", "Gamma", "Delta <b>", "Epsilon"):
            clients.create_company(base, name=name)
        sign = team.add_product(base, "Sign").new_id("product")
        lamp = team.add_product(base, "Lamp").new_id("product")
        for title, company, product in (
            ("Dear", 1, None), ("Poor", 2, None), ("Back", 3, None), ("Now", 3, None),
            ("Signs", 4, sign), ("Lamps", 5, lamp),
        ):  # fmt: skip
            new = NewDeal(
                title, company_id=company, amount=len(title) * 1000, product_id=product, manager_id=1
            )
            deals.create(base, new, funnel_id=1)
        deals.move(base, [1], LOST, loss=Loss(1, "dear"))
        deals.move(base, [2, 3], LOST, loss=Loss(2, "no money"))
        deals.move(base, [5, 6], WON)
        yield base


@pytest.fixture
def page(qtbot: QtBot, db: Database) -> AgainPage:
    context = make_context(db)
    context.me = 1
    made = AgainPage(context)
    context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1100, 600)
    made.show()
    made.activated()
    return made


def test_until_the_list_is_read_nothing_can_be_done_with_it(
    qtbot: QtBot, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = make_context(db)
    read = context.tasks.read
    monkeypatch.setattr(context.tasks, "read", lambda *_args, **_more: None)
    page = AgainPage(context)
    qtbot.addWidget(page)
    page.show()
    assert not (page.calls.isEnabled() or page.again.isEnabled() or page.reopen.isEnabled())
    assert page.advice.isHidden()  # an empty line above the table
    monkeypatch.setattr(context.tasks, "read", read)
    page.activated()
    assert page.calls.isEnabled() and page.lines


def titles(page: AgainPage) -> list[str]:
    return [line.title for line in page.lines]


def rows(db: Database, sql: str) -> list[tuple[Any, ...]]:
    with db.read() as conn:
        return [tuple(row) for row in conn.exec_driver_sql(sql)]


def test_lost_deals_of_clients_without_an_open_one_are_found_by_reason_with_its_advice(
    page: AgainPage,
) -> None:
    assert titles(page) == ["Dear", "Poor"]
    page.reasons.set_chosen([1])
    page._read()
    assert titles(page) == ["Dear"]
    reason = page._reasons[1]
    assert page.advice.text() == (f"{reason.name}: {reason.advice}" if reason.advice else "")
    page.period.set_value("-180")
    assert titles(page) == []
    page.empty.button.click()
    assert titles(page) == ["Dear", "Poor"]


def test_clients_who_bought_one_thing_and_not_another(page: AgainPage) -> None:
    page.show_tab(BOUGHT)
    assert sorted(titles(page)) == ["Lamps", "Signs"]
    page.has.set_value(1)
    assert titles(page) == ["Signs"]
    page.has.set_value(None)
    page.hasnt.set_value(1)
    assert titles(page) == ["Lamps"]


def test_a_list_of_calls_is_made_for_all_that_are_shown_in_one_change(page: AgainPage, db: Database) -> None:
    before = bases.check(db).content_sha256
    page.plan_calls()
    dialog = page.dialog
    assert isinstance(dialog, CallsDialog)
    dialog.text.setText("Offer a discount")
    QTest.keyClick(dialog.text, Qt.Key.Key_Return)
    found = rows(db, "SELECT kind, subject, company_id, deal_id FROM activities ORDER BY company_id")
    assert found == [("call", "Offer a discount", 1, None), ("call", "Offer a discount", 2, None)]
    history.undo(db)
    assert bases.check(db).content_sha256 == before


def test_deals_are_started_again_now_or_on_a_day_to_come(page: AgainPage, db: Database) -> None:
    page.table.selectRow(0)
    page.start_again()
    dialog = page.dialog
    assert isinstance(dialog, RepeatDialog)
    dialog.field.set_value("2020-01-01")
    QTest.keyClick(dialog.field.edit, Qt.Key.Key_Return)
    assert dialog.isVisible() and dialog.error.text() == "Choose a day to come."
    later = clock.local_date(clock.now(), page._context.zone) + timedelta(days=90)
    dialog.field.set_value(later.isoformat())
    dialog.accept()
    assert rows(db, "SELECT title, due_day FROM repeats") == [("Dear", later.isoformat())]
    page.start_again()
    dialog = page.dialog
    assert isinstance(dialog, RepeatDialog)
    dialog.field.set_value(None)
    dialog.accept()
    assert rows(db, "SELECT title, status FROM deals WHERE id = 7") == [("Dear", "open")]
    assert titles(page) == ["Poor"], "its client is in work again"


def test_lost_deals_are_opened_again_by_the_one_way_of_moving(page: AgainPage, db: Database) -> None:
    page.table.selectRow(1)
    page.open_again()
    assert rows(db, "SELECT status, stage_id, loss_reason_id FROM deals WHERE id = 2") == [("open", 1, None)]
    assert rows(db, "SELECT label FROM journal ORDER BY id DESC LIMIT 1") == [("deal.reopened",)]
    assert bases.check(db).problems == ()


def test_planned_repeats_are_put_to_another_day_or_cancelled_and_both_are_taken_back(
    page: AgainPage, db: Database
) -> None:
    year = clock.local_date(clock.now(), page._context.zone).year + 1
    repeats.plan(db, [5], date(year, 3, 1))
    repeats.plan(db, [6], date(year, 2, 1))
    content = bases.check(db).content_sha256
    page.show_params(planned=("company", 4))
    planned = page.planned
    assert [line.client for line in planned.lines] == ["Epsilon", "Delta <b>"]
    assert [line.repeat.title for line in planned.selected()] == ["Signs"], "those of the card's client"
    assert page.count.text() == "2 deals"
    assert not page.calls.isVisible() and not page.period.isVisible()
    planned.ask_day()
    planned.dialog.field.set_value(None)
    planned.dialog.accept()
    assert planned.dialog.error.isVisible(), "a day is needed"
    planned.dialog.field.set_value(f"{year}-01-15")
    planned.dialog.accept()
    assert [line.repeat.due_day for line in planned.lines] == [f"{year}-01-15", f"{year}-02-01"]
    page._context.tasks.write(history.undo)
    assert bases.check(db).content_sha256 == content
    planned.table.selectAll()
    planned.cancel()
    assert planned.lines == [] and page.planned.empty.isVisible()
    page._context.tasks.write(history.undo)
    assert bases.check(db).content_sha256 == content
    assert len(planned.lines) == 2
    planned.table.selectRow(0)
    opened: list[tuple[str, int]] = []
    page.open_card.connect(lambda kind, record_id: opened.append((kind, record_id)))
    planned.table.itemActivated.emit(planned.table.item(0, 0))
    assert opened == [("deal", 6)]


def test_a_repeat_that_is_a_deal_already_is_left_alone(db: Database) -> None:
    made = repeats.plan(db, [5], date(2020, 1, 1)).new_id("repeat")
    repeats.run_due(db, date(2020, 1, 2))
    with pytest.raises(UserError, match=r"record\.gone"):
        repeats.put_day(db, [made], date(2031, 1, 1))
    with pytest.raises(UserError, match=r"record\.gone"):
        repeats.cancel(db, [made])


def test_the_list_of_planned_repeats_says_when_there_are_none_and_leads_back(page: AgainPage) -> None:
    page.show_tab(PLANNED)
    assert page.planned.empty.isVisible()
    page.planned.empty.button.click()
    assert titles(page) == ["Dear", "Poor"] and page.table.isVisible()
