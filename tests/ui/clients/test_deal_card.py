from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from funneldesk.domain.activity import Activity
from funneldesk.domain.funnel import DealMode
from funneldesk.services import activities, cards, deals, funnels, steps
from funneldesk.store.database import Database
from funneldesk.store.queries.repeats import planned_repeats
from funneldesk.store.transaction import select_records
from funneldesk.ui.again.dialogs import RepeatDialog
from funneldesk.ui.board.deal_dialogs import LossDialog
from funneldesk.ui.clients.sections import Line
from funneldesk.ui.deal.card import DealCard
from tests.ui.clients.conftest import Desk


@pytest.fixture
def card(desk: Desk, qtbot: QtBot) -> DealCard:
    made = DealCard(desk.context, 1)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(420, 800)
    made.show()
    return made


def deal(db: Database) -> Any:
    found = cards.deal(db, 1, 1)
    assert found is not None
    return found[0].deal


def activities_of(db: Database) -> list[Activity]:
    with db.read() as conn:
        return select_records(conn, Activity)


def test_the_card_shows_the_deal_its_client_and_its_route(card: DealCard, qtbot: QtBot) -> None:
    assert card.title.text() == "Racks"
    assert card.amount.text() == "€1,000"
    assert [line.accessibleName() for line in card.client.findChildren(Line)][:1] == ["ООО «Ромашка»"]
    assert "the deal is here" in card.strip.describe(0)
    with qtbot.waitSignal(card.open_card) as caught:
        card.client.findChildren(Line)[0].clicked.emit()
    assert caught.args == ["company", 1]


def test_a_click_on_a_stage_moves_the_deal_and_undo_brings_it_back(
    card: DealCard, desk: Desk, db: Database
) -> None:
    area = card.strip.area(2)
    QTest.mouseClick(card.strip, Qt.MouseButton.LeftButton, pos=QPoint(area.center()))
    assert deal(db).stage_id == 3
    assert "the deal is here" in card.strip.describe(2)
    assert "→" in card.timeline.texts()[0]
    desk.undo()
    assert deal(db).stage_id == 1


@pytest.mark.parametrize("width", [1600, 150])  # with names, and with numbers
def test_a_lost_deal_says_and_shows_at_which_stage_it_was_lost(
    card: DealCard, desk: Desk, db: Database, width: int
) -> None:
    strip = card.strip
    strip.resize(width, strip.height())
    assert strip.cross() is None
    desk.context.tasks.write(lambda base: deals.move(base, [1], deals.stage(2)))
    before = strip.grab().toImage()
    lost = deals.Loss(1, comment="why")
    desk.context.tasks.write(lambda base: deals.move(base, [1], deals.LOST, loss=lost))
    said = [strip.describe(place) for place in range(len(strip._stages))]
    assert [place for place, text in enumerate(said) if "the deal was lost here" in text] == [1]
    assert "the deal was lost here" in strip.accessibleName()
    assert not any("the deal is here" in text for text in said)
    cross = strip.cross()
    assert cross is not None and QRectF(strip.area(1)).contains(cross)
    picture, ink = strip.grab().toImage(), strip._theme.color("lost_text")
    around = [(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    middle = cross.center().toPoint()
    assert any(picture.pixelColor(middle + QPoint(x, y)) == ink for x, y in around)
    assert picture != before
    assert f"at the stage “{strip._stages[1].name}”" in card.outcome.text()
    desk.undo()
    assert strip.cross() is None and "the deal is here" in strip.describe(1)


def test_a_deal_lost_before_any_stage_has_no_sign_at_one(card: DealCard) -> None:
    stages = card.strip._stages
    card.strip.show_route(stages, None, "lost", {}, frozenset(), None)
    assert card.strip.cross() is None
    assert not any("lost here" in card.strip.describe(place) for place in range(len(stages)))


def test_the_arrows_of_a_route_say_all_names_or_all_numbers(card: DealCard) -> None:
    strip = card.strip
    names = [stage.name for stage in strip._stages]
    wide = {}
    for width in (1600, 90 * len(names), 60 * len(names), 30 * len(names)):
        strip.resize(width, strip.height())
        wide[width] = strip.labels()
    assert wide[1600] == names
    numbers = [str(place) for place in range(1, len(names) + 1)]
    assert wide[30 * len(names)] == numbers
    for labels in wide.values():
        assert labels == numbers or all(len(label) >= 8 or label in names for label in labels)


def test_keys_move_the_deal_along_its_route(card: DealCard, db: Database) -> None:
    card.strip.setFocus()
    QTest.keyClick(card.strip, Qt.Key.Key_Right)
    QTest.keyClick(card.strip, Qt.Key.Key_Return)
    assert deal(db).stage_id == 2


def test_an_amount_is_typed_with_or_without_its_currency(card: DealCard, db: Database) -> None:
    for typed, minor in (("2 500,50", 250_050), ("3000 €", 300_000), ("nonsense", 300_000), ("", None)):
        card.amount.setFocus()
        card.amount.setText(typed)
        card.amount.editingFinished.emit()
        assert deal(db).amount == minor, typed


def test_winning_shows_the_outcome_and_asks_for_no_next_step(card: DealCard, db: Database) -> None:
    assert not card.step.isHidden()
    card.won_button.click()
    assert card.mover.dialog is not None
    card.mover.dialog.accept()
    assert deal(db).status == "won"
    assert card.outcome.text().startswith("Won")
    assert card.step.isHidden()
    assert card.won_button.isHidden()


def test_losing_asks_why_and_cancel_leaves_the_deal_open(card: DealCard, db: Database) -> None:
    card.lost_button.click()
    dialog = card.findChild(LossDialog)
    assert dialog is not None
    dialog.reject()
    assert deal(db).status == "open"


def test_fields_are_edited_in_place(card: DealCard, db: Database) -> None:
    card.expected.picked.emit("2026-12-31")
    card.choices["manager_id"].picked.emit(2)
    card.notes["demand"].committed.emit("shelves for a shop")
    found = deal(db)
    assert (found.expected_close, found.manager_id, found.demand) == ("2026-12-31", 2, "shelves for a shop")
    assert card.expected.text() == "Dec 31, 2026"
    assert "Expected close: — → Dec 31, 2026" in "\n".join(card.timeline.texts())


def test_the_deal_is_deleted_from_its_menu(card: DealCard, qtbot: QtBot, db: Database) -> None:
    with qtbot.waitSignal(card.closed):
        card.delete()
    assert cards.deal(db, 1, 1) is None


def test_a_call_about_a_deal_stands_on_its_clients_timeline_too(card: DealCard, db: Database) -> None:
    QTest.keyClicks(card.entry.text, "agreed")
    QTest.keyClick(card.entry.text, Qt.Key.Key_Return)
    found = cards.client(db, "company", 1, 1)
    assert found is not None
    assert found[1][0].values["text"] == "agreed"


def test_a_move_made_elsewhere_is_shown(card: DealCard, desk: Desk) -> None:
    desk.context.tasks.write(lambda base: deals.move(base, [1], deals.stage(2)))
    assert "the deal is here" in card.strip.describe(1)


def test_an_automatic_deal_shows_what_is_to_be_done_now_and_what_comes_then(
    card: DealCard, db: Database
) -> None:
    assert card.way.isHidden()
    funnels.update_stage(db, 1, key_task="Find the contact")
    funnels.update_stage(db, 2, required='["demand"]')
    labels = {action.text(): action for action in card.make_menu().actions()}
    ways = labels["How the deal goes"].menu()
    assert isinstance(ways, QMenu)
    ways.actions()[1].trigger()
    assert card.way.words.text().startswith("Now: Find the contact (")
    assert card.way.words.text().endswith("Then: Client qualified")
    task = next(a.id for a in activities_of(db) if a.stage_id == 1)
    activities.complete(db, task)
    card.load()
    assert card.way.words.text() == "The task of this step is done. Then: Client qualified"
    card.way.button.click()
    assert card.mover.dialog is not None, "what the next stage requires is asked"
    card.mover.dialog.reject()


def test_a_deal_without_stages_has_no_route(card: DealCard, db: Database) -> None:
    steps.set_mode(db, [1], DealMode.STAGELESS)
    card.load()
    assert card.strip.isHidden()
    assert card.where.text().startswith("Without stages")


def test_a_manual_deal_strikes_out_the_stages_it_does_without(card: DealCard, db: Database) -> None:
    labels = {action.text(): action for action in card.make_menu().actions()}
    without = labels["Stages it does without"].menu()
    assert isinstance(without, QMenu)
    without.actions()[2].trigger()
    assert card.strip.describe(2).endswith("the deal does without it")


def test_the_menu_of_a_deal_starts_it_again_and_leads_to_the_planned_repeats(
    desk: Desk, qtbot: QtBot
) -> None:
    card = DealCard(desk.context, 1)
    qtbot.addWidget(card)
    card.show()
    menu = card.make_menu()
    by_text = {action.text(): action for action in menu.actions()}
    by_text["Planned repeats…"].trigger()
    assert desk.pages == [("again", {"planned": ("company", 1)})]
    by_text["Start again…"].trigger()
    dialog = card.findChild(RepeatDialog)
    assert dialog is not None
    dialog.accept()
    with desk.db.read() as conn:
        assert [line.repeat.deal_id for line in planned_repeats(conn)] == [1]


class Unread(DealCard):
    """A card that is not read yet."""

    def load(self) -> None:
        """Later."""


def test_a_card_that_is_not_read_yet_offers_no_end_of_the_deal(desk: Desk, qtbot: QtBot) -> None:
    card = Unread(desk.context, 1)
    qtbot.addWidget(card)
    assert card.won_button.isHidden() and card.lost_button.isHidden()
    DealCard.load(card)
    assert not card.won_button.isHidden() and not card.lost_button.isHidden()
