from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.clock import DAY
from funneldesk.domain.lead import OFF_KEY
from funneldesk.services import activities, agenda, bases, clients, deals, funnels, history, leads, team
from funneldesk.services.activities import About
from funneldesk.store.database import Database
from funneldesk.store.transaction import Actor
from funneldesk.ui.today import first_steps
from funneldesk.ui.today.doing import Doing
from funneldesk.ui.today.page import TodayPage
from funneldesk.ui.today.result import Subject
from tests.ui.shell_kit import make_context

HOUR = DAY // 24
CALL = ActivityKind.CALL


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    with bases.new_base(tmp_path / "sales.funneldesk", template="general", zone="Europe/Warsaw") as made:
        team.add_manager(made, "Ann")
        team.add_manager(made, "Bob")
        yield made


def add_deal(db: Database, title: str) -> int:
    view = funnels.views(db)[0]
    new = deals.NewDeal(title=title, manager_id=1)
    return deals.create(db, new, funnel_id=view.funnel.id, stage_id=view.stages[0].id).new_id("deal")


def open_day(qtbot: QtBot, db: Database, said: list[str] | None = None) -> TodayPage:
    context = make_context(db)
    context.me = 1
    if said is not None:
        context.toast = lambda text, undo=None, **_more: said.append(text)
    page = TodayPage(context)
    context.hub.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    page.activated()
    return page


def counts(page: TodayPage) -> list[int]:
    return [len(part.rows) for part in page.parts]


def test_the_day_parts_what_is_late_what_is_due_and_what_has_no_step(qtbot: QtBot, db: Database) -> None:
    late, bare = add_deal(db, "Late <b>deal</b>"), add_deal(db, "Bare deal")
    ann = Actor(1)
    activities.plan(db, CALL, About(deal_id=late), text="Ask", due_at=clock.now() - 2 * DAY, actor=ann)
    activities.plan(db, CALL, About(deal_id=late), text="Far", due_at=clock.now() + 3 * DAY, actor=ann)
    page = open_day(qtbot, db)
    assert counts(page) == [1, 0, 0, 0, 0, 1]
    opened: list[tuple[str, int]] = []
    page.open_card.connect(lambda kind, record_id: opened.append((kind, record_id)))
    QTest.mouseClick(page.missing.rows[0], Qt.MouseButton.LeftButton)
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_Return)
    assert opened == [("deal", bare), ("deal", late)]


def test_the_day_is_zeroed_by_keys_alone(qtbot: QtBot, db: Database) -> None:
    said: list[str] = []
    deal, stale = add_deal(db, "Deal"), add_deal(db, "Stands")
    funnels.update_stage(db, 1, limit_days=0.0)
    activities.plan(db, CALL, About(deal_id=deal), due_at=clock.now() - 30 * HOUR, actor=Actor(1))
    lead = leads.create(db, title="From the site", actor=Actor(1)).new_id("lead")
    page = open_day(qtbot, db, said)
    assert counts(page) == [1, 0, 0, 1, 1, 0]
    assert page.progress_words.text() == "0 done, 3 left"
    assert not page.progress.isHidden()
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_Space)
    assert counts(page) == [0, 0, 0, 1, 2, 0]
    QTest.keyClick(page.stale.rows[0], Qt.Key.Key_7)
    QTest.keyClick(page.stale.rows[0], Qt.Key.Key_T)
    QTest.keyClick(page.leads.rows[0], Qt.Key.Key_R)
    dialog = page.doing.dialog
    assert dialog is not None
    QTest.keyClicks(dialog.result_line, "Wants an offer")
    QTest.keyClick(dialog.result_line, Qt.Key.Key_Return)
    assert counts(page) == [0] * 6
    assert page.progress_words.text() == "The day is at zero"
    assert len(said) == 4
    with db.read() as conn:
        rows = conn.exec_driver_sql(
            "SELECT deal_id, lead_id, due_local, result FROM activities WHERE id > 1 ORDER BY id"
        ).all()
    today = clock.local_date(clock.now(), page._context.zone)
    days = [row[2] for row in rows]
    assert days == [str(today.fromordinal(today.toordinal() + n)) for n in (7, 1)] + [None]
    assert {row[0] for row in rows[:2]} == {deal, stale}
    assert rows[2][1:] == (lead, None, "Wants an offer")


def test_the_form_of_the_result_may_be_gone_before_it_is_written(qtbot: QtBot, db: Database) -> None:
    context = make_context(db, synchronous=False)  # as in the window: the write ends after the form is closed
    context.me = 1
    crashed: list[Exception] = []
    context.tasks.crashed.connect(crashed.append)
    host = QWidget()
    qtbot.addWidget(host)
    said: list[str] = []
    context.toast = lambda text, undo=None, **_more: said.append(text)
    doing = Doing(context, host)
    doing.ask(Subject(About(deal_id=add_deal(db, "Deal")), "Deal"))
    dialog = doing.dialog
    assert dialog is not None
    dialog.result_line.setText("Wants an offer")
    with qtbot.captureExceptions() as raised:
        dialog.accept()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        qtbot.waitUntil(lambda: bool(said))
        QTest.qWait(50)
    context.tasks.stop()
    assert (raised, crashed) == ([], [])


def test_after_a_call_result_and_next_step_are_one_change(qtbot: QtBot, db: Database) -> None:
    deal = add_deal(db, "Deal")
    activities.plan(db, CALL, About(deal_id=deal), due_at=clock.now() - HOUR, actor=Actor(1))
    page = open_day(qtbot, db)
    content = bases.check(db).content_sha256
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_R)
    dialog = page.doing.dialog
    assert dialog is not None
    QTest.mouseClick(dialog.chips[1], Qt.MouseButton.LeftButton)
    assert dialog.next_kinds.kind() == "call", "nobody answered: call again"
    QTest.keyClicks(dialog.next_text, "Try at noon")
    QTest.keyClick(dialog.next_text, Qt.Key.Key_Return)
    assert counts(page) == [0] * 6
    history.undo(db)
    assert bases.check(db).content_sha256 == content


def test_a_task_is_given_from_the_menu_and_accepted_when_done(qtbot: QtBot, db: Database) -> None:
    deal = add_deal(db, "Deal")
    task = activities.plan(
        db, ActivityKind.TASK, About(deal_id=deal), text="Draw", due_at=clock.now() - HOUR, actor=Actor(1)
    ).new_id("activity")
    page = open_day(qtbot, db)
    menu = page.overdue.rows[0].make_menu()
    give = next(a for a in menu.actions() if a.text() == "Give to")
    next(a for a in give.menu().actions() if a.text() == "Bob").trigger()  # type: ignore[attr-defined]
    assert counts(page) == [0, 0, 1, 0, 0, 0]
    assert page.given.rows[0].tick is None, "what Bob is to do is not ticked off by Ann"
    activities.complete(db, task, result="drawn", actor=Actor(2))
    page.activated()
    QTest.keyClick(page.given.rows[0], Qt.Key.Key_B)
    assert agenda.day(db, zone=page._context.zone, manager_id=2).overdue.count == 1
    activities.complete(db, task, actor=Actor(2))
    page.activated()
    QTest.keyClick(page.given.rows[0], Qt.Key.Key_Space)
    assert counts(page)[2] == 0


def test_the_arrows_go_from_row_to_row_over_the_lists(qtbot: QtBot, db: Database) -> None:
    first = add_deal(db, "One")
    add_deal(db, "Two")
    activities.plan(db, CALL, About(deal_id=first), due_at=clock.now() - HOUR, actor=Actor(1))
    page = open_day(qtbot, db)
    page.overdue.rows[0].setFocus()
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_Down)
    assert page.focusWidget() is page.missing.rows[0]
    QTest.keyClick(page.missing.rows[0], Qt.Key.Key_Up)
    assert page.focusWidget() is page.overdue.rows[0]
    QTest.keyClick(page.overdue.rows[0], Qt.Key.Key_Space)
    assert page.focusWidget() is page.missing.rows[0], "the next line takes the place of what was done"


def test_a_base_for_reading_offers_nothing_to_write(qtbot: QtBot, db: Database) -> None:
    add_deal(db, "Bare")
    context = make_context(db)
    context.read_only = True
    page = TodayPage(context)
    qtbot.addWidget(page)
    page.activated()
    assert [a.text().split("\t")[0] for a in page.missing.rows[0].make_menu().actions()] == ["Open"]
    QTest.keyClick(page.missing.rows[0], Qt.Key.Key_T)
    assert len(page.missing.rows) == 1


def test_without_leads_the_day_has_none_and_a_lead_opens_on_its_list(qtbot: QtBot, db: Database) -> None:
    lead = leads.create(db, title="From the site", actor=Actor(1)).new_id("lead")
    page = open_day(qtbot, db)
    shown: list[tuple[str, object]] = []
    page._context.show_page = lambda key, **params: shown.append((key, params))
    QTest.keyClick(page.leads.rows[0], Qt.Key.Key_Return)
    assert shown == [("leads", {"lead": lead})]
    db.set_setting(OFF_KEY, True)
    page._context.leads_off = True
    page.refresh(None)
    assert counts(page) == [0] * 6 and not page.leads.isVisible()
    assert page.progress_words.text() == "The day is at zero"


def test_first_steps_are_ticked_as_they_are_taken_and_can_be_put_away(qtbot: QtBot, db: Database) -> None:
    page = open_day(qtbot, db)
    assert not page.first.isVisible(), "only in a base that was begun here"
    settings = page._context.settings
    first_steps.begin(settings, settings.last_base)
    page.refresh(None)
    assert page.first.isVisible() and page.first.count.text() == "0 of 5 done"
    clients.create_company(db, name="Alpha")
    deal = add_deal(db, "Roof")
    page.refresh(None)
    assert page.first.done == {"client", "deal"} and not page.first.buttons["by hand"].isVisible()
    opened: list[tuple[str, int]] = []
    page.open_card.connect(lambda kind, record_id: opened.append((kind, record_id)))
    page.first.buttons["call"].click()
    assert opened == [("deal", deal)]
    activities.plan(db, CALL, About(deal_id=deal), due_at=clock.now() + DAY, actor=Actor(1))
    first_steps.note(settings, "board")
    page.refresh(None)
    assert page.first.done == {"client", "deal", "call", "board"}
    first_steps.note(settings, "print")
    page.refresh(None)
    assert not page.first.isVisible(), "all is done"
    first_steps.begin(settings, settings.last_base)
    page.refresh(None)
    page.first.away.click()
    page.refresh(None)
    assert not page.first.isVisible()
