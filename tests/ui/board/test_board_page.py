"""The board as a person sees it: figures, filters, quick add, what is empty, what changes elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from funneldesk.domain import clock
from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.change import Label
from funneldesk.domain.deal import Deal
from funneldesk.services import activities, bases, calculated, clients, deals, fields, funnels, team
from funneldesk.services.deals import NewDeal, stage
from funneldesk.services.funnel_templates import template
from funneldesk.store.database import Database, create_database
from funneldesk.store.first_page import first_page
from funneldesk.store.queries import board as board_queries
from funneldesk.ui.board.autoscroll import AutoScroller
from funneldesk.ui.board.card_text import step_text
from tests.ui.board.board_kit import Bench, open_board


def test_heads_show_count_sum_and_sum_weighted_by_the_chance_of_the_stage(board: Bench) -> None:
    first = board.page.area.columns[0]
    totals = first.head._totals
    # four stages: the first wins with 1/5 unless the template says otherwise
    assert (totals.count, totals.amount, totals.unknown) == (3, 170_000_00, 1)
    assert totals.weighted == pytest.approx(170_000_00 * first.model.column.probability)
    assert first.model.column.probability == pytest.approx(0.2)
    assert board.page.header.figures.text() == "4 deals  ·  €180.0\u00a0K  ·  weighted 38.0\u00a0K"


def test_other_currencies_are_converted_and_counted_when_there_is_no_rate(board: Bench) -> None:
    with board.db.transaction(Label("deal.created")) as tx:
        deals.add_deal(tx, NewDeal("Export", amount=400_00, currency="PLN"), funnel_id=1, stage_id=4)
    board.page.refresh(None)
    assert "1 without a rate" in board.page.header.figures.text()
    board.page.context.tasks.write(lambda db: team.set_rate(db, "PLN", "2020-01-01", "0.25"))
    assert "without a rate" not in board.page.header.figures.text()
    assert board.page.area.columns[3].head._totals.amount == 100_00


def test_quick_add_makes_deal_and_client_and_stays_for_the_next(board: Bench, qtbot: QtBot) -> None:
    column = board.page.area.columns[1]
    column.add_button.click()
    form = column.quick_add
    assert form is not None and form.isVisible()
    form.title.setText("Cold room")
    form.client.setText("New Foods")
    form.amount.setText("9 900")
    QTest.keyClick(form.amount, Qt.Key.Key_Return)
    assert form.isVisible() and form.title.text() == ""
    card = column.model.card(0)
    assert card is not None
    assert (card.title, card.client, card.amount, card.manager_id) == ("Cold room", "New Foods", 9_900_00, 1)
    form.title.setText("Second room")
    form.client.setText("new foods")
    QTest.keyClick(form.title, Qt.Key.Key_Return)
    second = column.model.card(0)
    assert second is not None and second.client_id == card.client_id, "the client is made once"
    board.undo()
    board.undo()
    assert board.ids(2) == [4]
    with board.db.read() as conn:
        assert conn.exec_driver_sql("SELECT count(*) FROM companies").scalar_one() == 2


def test_quick_add_proposes_clients_and_takes_the_one_chosen(board: Bench, qtbot: QtBot) -> None:
    board.page.context.tasks.write(lambda db: clients.create_person(db, name="Delta Novak"))
    column = board.page.area.columns[0]
    column.add_button.click()
    form = column.quick_add
    assert form is not None
    form.client.setText("delta")
    form.client.textEdited.emit("delta")
    completer = form.client.completer()
    assert completer is not None
    model = completer.model()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["Delta LLC", "Delta Novak"]
    form.client.setText("Delta Novak")
    form.title.setText("For a person")
    QTest.keyClick(form.title, Qt.Key.Key_Return)
    card = column.model.card(0)
    assert card is not None and (card.client_kind, card.client) == ("person", "Delta Novak")


def test_an_amount_that_cannot_be_read_is_not_added(board: Bench, qtbot: QtBot) -> None:
    column = board.page.area.columns[0]
    column.add_button.click()
    form = column.quick_add
    assert form is not None
    form.title.setText("Racks")
    form.amount.setText("many")
    QTest.keyClick(form.amount, Qt.Key.Key_Return)
    assert board.changes == [] and form.title.text() == "Racks"
    QTest.keyClick(form.title, Qt.Key.Key_Escape)
    assert not form.isVisible()


def test_new_deal_of_the_window_opens_the_quick_entry(board: Bench) -> None:
    board.page.show_params(new=True)
    form = board.page.area.columns[0].quick_add
    assert form is not None and form.isVisible()


def test_a_base_without_a_funnel_offers_to_make_one(tmp_path: Path, qtbot: QtBot) -> None:
    with create_database(tmp_path / "empty.funneldesk") as empty:
        board = open_board(empty, qtbot)
        assert board.page.states.kind() == "no_funnel"
        board.page.make_funnel("sale", "en")
        assert board.page.states.kind() == "no_deals"
        assert len(board.page.area.columns) == len(template("sale", "en").stages)
        with empty.read() as conn:
            reasons = conn.exec_driver_sql("SELECT count(*) FROM loss_reasons").scalar_one()
        assert reasons > 0


def test_another_funnel_is_shown_and_remembered(board: Bench) -> None:
    made = funnels.create(board.db, "Service", ["Called", "Repaired"])
    board.page.refresh(made)
    other = made.new_id("funnel")
    assert [text for _id, text in board.page.model.board.funnels][-1] == "Service"
    board.page.show_funnel(other)
    assert [c.model.column.name for c in board.page.area.columns] == ["Called", "Repaired"]
    assert board.page.context.settings.last_funnel == other
    assert board.page.title() == "Service"


def test_only_the_deals_of_a_change_are_read_anew(board: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[int]] = []
    real = board_queries.board_cards

    def noted(conn: object, funnel_id: int, ids: list[int]) -> object:
        asked.append(list(ids))
        return real(conn, funnel_id, ids)  # type: ignore[arg-type]

    monkeypatch.setattr(board_queries, "board_cards", noted)
    monkeypatch.setattr(board_queries, "load_board", lambda *_args: pytest.fail("the whole board was read"))
    tasks = board.page.context.tasks
    tasks.write(lambda db: deals.update(db, 2, title="Forty desks"))
    tasks.write(lambda db: deals.move(db, [4], stage(3)))
    tasks.write(lambda db: clients.update(db, ("company", 1), name="Delta Group"))
    about = activities.About(deal_id=3)
    tasks.write(lambda db: activities.plan(db, ActivityKind.CALL, about, text="Ask", due_at=clock.now()))
    assert asked == [[2], [4], [1, 4], [3]]
    assert board.ids(3) == [4]
    card = board.page.model.find(3)
    assert card is not None and "Ask" in step_text(card[1], board.page.look.today)  # type: ignore[arg-type]
    found = board.page.model.find(1)
    assert found is not None and found[1].client == "Delta Group"


def test_selection_and_focus_stay_while_other_cards_change(board: Bench) -> None:
    board.select(2)
    board.page.context.tasks.write(lambda db: deals.move(db, [1], stage(2)))
    assert board.page.area.selected_ids() == [2]
    assert board.view(1).hasFocus()


def test_the_selection_is_told_with_its_sum(board: Bench) -> None:
    told: list[tuple[int, str]] = []
    board.page.selection_changed.connect(lambda count, text: told.append((count, text)))
    board.select(1, 2)
    assert told[-1] == (2, "€170.0\u00a0K")


def test_the_first_page_is_shown_before_the_base_is_open(db: Database, qtbot: QtBot) -> None:
    first = first_page(db.path)
    assert first is not None
    from funneldesk.settings import Settings
    from funneldesk.ui.board.page import BoardPage
    from funneldesk.ui.context import AppContext
    from funneldesk.ui.hub import Hub
    from funneldesk.ui.tasks import TaskRunner
    from funneldesk.ui.theme import DARK

    tasks = TaskRunner()
    context = AppContext(
        tasks=tasks, hub=Hub(), settings=Settings(), theme=DARK, zone=first.zone,
        currency=first.currency, first_page=first,
    )  # fmt: skip
    page = BoardPage(context)
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    assert [card.id for card in page.area.columns[0].model.cards()] == [1, 2, 3]
    assert page.header.figures.text().startswith("4 deals")
    assert not page.model.board.complete
    tasks.attach(db)
    qtbot.waitUntil(lambda: page.model.board.complete)
    assert [card.id for card in page.area.columns[0].model.cards()] == [1, 2, 3]
    tasks.stop()


def test_screen_readers_are_told_the_whole_card(board: Bench) -> None:
    text = board.page.model.columns[0].index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert text == ("Delta LLC, Racks, €120,000, Ann Kowalska, No next step, 0 days in this stage")
    assert board.view(1).accessibleName() == board.page.model.columns[0].column.name


def test_keys_pressed_faster_than_the_base_answers_are_all_obeyed(db: Database, qtbot: QtBot) -> None:
    board = open_board(db, qtbot, synchronous=False)
    qtbot.waitUntil(lambda: bool(board.page.area.columns))
    board.select(2)
    board.page.moves.sideways(1)
    board.page.moves.sideways(1)
    board.page.moves.sideways(-1)
    board.page.moves.sideways(1)
    board.page.moves.sideways(1)
    qtbot.waitUntil(lambda: board.ids(4) == [2])
    qtbot.waitUntil(lambda: board.page.area.selected_ids() == [2])
    assert board.row(2)["stage_id"] == 4
    board.page.context.tasks.stop()


# -- scrolling while dragging -----------------------------------------------------------------------


@pytest.fixture
def wide(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    """The nine-stage sale with forty cards in the first."""
    base = bases.new_base(
        tmp_path / "wide.funneldesk", template="sale", language="en", currency="EUR", zone="UTC"
    )
    with base.transaction(Label("sample.made")) as tx:
        for number in range(40):
            deals.add_deal(tx, NewDeal(f"Deal {number}"), funnel_id=1)
    bench = open_board(base, qtbot)
    bench.page.resize(900, 600)
    QApplication.processEvents()
    yield bench
    base.close()


def test_the_board_scrolls_to_both_sides_and_up_and_down_near_its_edges(wide: Bench) -> None:
    scroller: AutoScroller = wide.page.scroller
    area, view = wide.page.area, wide.view(1)
    across, down = area.horizontalScrollBar(), view.verticalScrollBar()
    assert across.maximum() > 0 and down.maximum() > 0

    def hold(x: int, y: int, steps: int = 5) -> None:
        scroller.move_to(area.viewport().mapToGlobal(QPoint(x, y)))
        for _step in range(steps):
            scroller.step()

    hold(100, area.viewport().height() - 20)
    assert down.value() > 0 and across.value() == 0
    low = down.value()
    top = view.viewport().mapTo(area.viewport(), QPoint(0, 4)).y()
    hold(100, top)
    assert down.value() < low
    hold(area.viewport().width() - 4, 300)
    assert across.value() > 0
    right = across.value()
    hold(4, 300)
    assert across.value() < right
    middle = across.value()
    hold(400, 300)
    assert across.value() == middle
    scroller.stop()
    assert not scroller.active()


def test_scrolling_down_begins_above_the_drop_zones(wide: Bench) -> None:
    wide.page._drag_started()
    view = wide.view(1)
    strip_top = wide.page.strip.mapToGlobal(QPoint(0, 0))
    wide.page.scroller.move_to(QPoint(view.viewport().mapToGlobal(QPoint(40, 0)).x(), strip_top.y() - 6))
    wide.page.scroller.step()
    assert view.verticalScrollBar().value() > 0
    wide.page._drag_ended()
    assert not wide.page.scroller.active()


def test_cards_grouped_by_manager_stand_together_and_moves_still_work(board: Bench) -> None:
    board.page.header.view._group(True)
    assert board.ids(1) == [1, 3, 2], "Ann's first, then those of Boris"
    model = board.page.area.columns[0].model
    assert [model.starts_group(row) for row in range(3)] == [True, False, True]
    board.view(1).doItemsLayout()
    heights = [board.view(1).visualRect(model.index(row)).height() for row in range(3)]
    assert heights[0] == heights[2] > heights[1]
    assert board.view(1).row_at(board.view(1).visualRect(model.index(1)).topLeft()) == 1
    board.select(3)
    board.page.moves.sideways(1)
    assert board.ids(2) == [3, 4]
    board.page.header.view._group(False)
    board.undo()
    assert board.ids(1) == [1, 2, 3]


def test_what_a_card_shows_is_chosen_and_remembered(db: Database, qtbot: QtBot) -> None:
    board = open_board(db, qtbot, me=1)
    height = board.page.look.card_height()
    view = board.page.header.view
    view.fill()
    for key in ("title", "step"):
        next(a for a in view.menu_.actions() if a.data() == key).setChecked(False)
    assert board.page.look.card_height() < height
    assert board.view(1).row_height() < height
    kept = board.page.context.settings
    again = open_board(db, qtbot, me=1, settings=kept)
    assert again.page.look.fields == {"amount", "days", "manager"}
    again.page.header.view.fill()
    next(a for a in again.page.header.view.menu_.actions() if a.text() == "As usual").trigger()
    assert again.page.look.card_height() == height


def test_own_fields_stand_on_the_cards_where_they_are_chosen(db: Database, qtbot: QtBot) -> None:
    region = fields.add(db, "company", "Region").new_id("custom_field")
    fields.set_value(db, region, "company", 1, "North")
    names = {"amount": "Amount"}
    bonus = calculated.add(db, "deal", "Bonus", "[Amount] * 5%", names).new_id("custom_field")
    board = open_board(db, qtbot, me=1)
    look, view = board.page.look, board.page.header.view
    height = look.card_height()

    def tick(name: str, on: bool = True) -> None:
        view.fill()
        next(a for a in view.menu_.actions() if a.text() == name).setChecked(on)

    tick("Region")
    tick("Bonus")
    assert look.own_words(1) == ("Bonus: €6,000", "Region: North")
    assert look.own_words(3) == ("Bonus: –", "Region: –")
    assert look.card_height() == board.view(1).row_height() - 6 > height
    model = board.page.area.columns[0].model
    assert "Bonus: €6,000" in model.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    board.page.context.tasks.write(lambda db: deals.update(db, 1, amount=100_00))
    board.page.context.tasks.write(lambda db: fields.set_value(db, region, "company", 1, "South"))
    assert look.own_words(1) == ("Bonus: €5", "Region: South")
    again = open_board(db, qtbot, me=1, settings=board.page.context.settings)
    assert again.page.look.own_words(1) == ("Bonus: €5", "Region: South")
    board.page.context.tasks.write(lambda db: fields.delete(db, region))
    assert look.own_words(1) == ("Bonus: €5",) and look.own_lines == 1
    board.undo()
    tick("Bonus", on=False)
    assert look.own_words(1) == () and look.card_height() == height
    assert bonus


def test_a_message_makes_way_for_what_is_dragged(wide: Bench) -> None:
    cleared: list[bool] = []
    wide.page.context.clear_toast = lambda: cleared.append(True)
    wide.page._drag_started()
    assert cleared == [True]
    wide.page._drag_ended()


def test_the_first_cards_are_painted_before_the_others_have_their_place(db: Database, qtbot: QtBot) -> None:
    with db.transaction(Label("deal.created")) as tx:
        for number in range(5, 305):
            tx.insert(Deal(title=f"D{number}", funnel_id=1, stage_id=3, position=float(number)))
    board = open_board(db, qtbot, me=1)
    view, step = board.view(3), board.view(3).row_height()
    assert view.verticalScrollBar().maximum() < 200 * step, "only the first ones are laid out"
    qtbot.waitUntil(lambda: view.verticalScrollBar().maximum() > 280 * step)
    again = open_board(db, qtbot, me=1)
    last = again.ids(3)[-1]
    again.select(last)
    shown = again.view(3).visualRect(again.page.area.column_of(3).model.index(299))  # type: ignore[union-attr]
    assert again.view(3).viewport().rect().intersects(shown), "what is chosen is shown at once"
