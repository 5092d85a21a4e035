"""The editor of funnels by what a person does and sees."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from funneldesk.errors import UserError
from funneldesk.services import bases, funnels, history, stages
from funneldesk.ui.ask_dialog import AskDialog
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.funnels.colours import COLOURS
from funneldesk.ui.funnels.page import FunnelsPage
from funneldesk.ui.funnels.remove_dialog import StageGoesDialog
from funneldesk.ui.hub import Hub
from funneldesk.ui.settings.page import SettingsPage
from funneldesk.ui.tasks import TaskRunner

GENERAL = ["Prospect identified", "Client qualified", "Offer presented", "Terms agreed"]


def type_into(qtbot: QtBot, field: QLineEdit | QPlainTextEdit, text: str) -> None:
    """Go into a field, write, and leave it."""
    field.setFocus()
    field.selectAll()
    if text:
        qtbot.keyClicks(field, text)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Delete)
    if isinstance(field, QLineEdit):
        qtbot.keyClick(field, Qt.Key.Key_Return)
    else:
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def dialog_of(bench: Any) -> StageGoesDialog:
    found = bench.page.findChildren(StageGoesDialog)
    assert len(found) == 1
    dialog = found[0]
    assert isinstance(dialog, StageGoesDialog)
    return dialog


def test_it_shows_the_funnels_the_stages_and_the_first_stage(bench: Any) -> None:
    page = bench.page
    assert [page.panel.list.item(n).text() for n in range(2)] == ["General sale", "Rent"]
    assert bench.names() == GENERAL
    assert page.middle.about.text() == "4 stages · 2 open deals"
    assert page.form.name.text() == "Prospect identified"
    assert page.form.chance.placeholderText() == "20"
    assert page.middle.won_name.text() == "Deal concluded"


def test_a_stage_dragged_to_another_place_stays_there_and_undo_brings_it_back(bench: Any) -> None:
    model = bench.page.middle.stages.model()
    assert model.moveRow(QModelIndex(), 0, QModelIndex(), 3)
    bench.settle()
    assert bench.names() == [GENERAL[1], GENERAL[2], GENERAL[0], GENERAL[3]]
    assert [s.id for s in funnels.views(bench.db)[0].stages] == [2, 3, 1, 4]
    assert bench.said == ["Changes to funnel General sale"]
    assert len(bench.changes) == 1
    bench.undo()
    assert bench.names() == GENERAL


def test_a_stage_goes_up_and_down_by_keys(bench: Any, qtbot: QtBot) -> None:
    rows = bench.page.middle.stages
    rows.setCurrentRow(1)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(rows, Qt.Key.Key_Up, both)
    bench.settle()
    assert bench.names()[:2] == [GENERAL[1], GENERAL[0]]
    assert rows.current_id() == 2, "the stage stays chosen"
    qtbot.keyClick(rows, Qt.Key.Key_Up, both)
    bench.settle()
    assert len(bench.changes) == 1, "the first one goes no higher"


def test_a_stage_is_renamed_in_place(bench: Any, qtbot: QtBot) -> None:
    rows = bench.page.middle.stages
    rows.setCurrentRow(0)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_F2)
    editor = rows.findChild(QLineEdit)
    assert editor is not None and editor.selectedText() == GENERAL[0]
    qtbot.keyClicks(editor, "Prospect found")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    bench.settle()
    assert bench.names()[0] == "Prospect found"
    assert bench.page.form.name.text() == "Prospect found"


def test_a_stage_is_added_at_the_end_and_chosen(bench: Any, qtbot: QtBot) -> None:
    type_into(qtbot, bench.page.middle.new_stage, "Contract signed")
    assert bench.names() == [*GENERAL, "Contract signed"]
    assert bench.page.form.name.text() == "Contract signed"
    assert bench.page.middle.new_stage.text() == ""
    assert bench.said == ["New stage Contract signed"]


def test_every_field_of_a_stage_is_one_change(bench: Any, qtbot: QtBot) -> None:
    form = bench.page.form
    type_into(qtbot, form.goal, "Know them")
    type_into(qtbot, form.key_task, "Ask")
    type_into(qtbot, form.criterion, "Phone is known")
    type_into(qtbot, form.limit, "7,5")
    type_into(qtbot, form.chance, "35 %")
    form.hold.click()
    form.colour.dots[1].click()
    stage = bench.stage(1)
    assert (stage.goal, stage.key_task, stage.criterion) == ("Know them", "Ask", "Phone is known")
    assert (stage.limit_days, stage.probability, stage.kind) == (7.5, 0.35, "hold")
    assert stage.colour == COLOURS[1][0]
    assert len(bench.changes) == 7
    for field in (form.limit, form.chance):
        type_into(qtbot, field, "")
    assert (bench.stage(1).limit_days, bench.stage(1).probability) == (None, None)
    for _step in range(9):
        bench.undo()
    assert form.goal.text() == "Know whom to talk to and about what"
    assert not form.hold.isChecked()


@pytest.mark.parametrize(
    ("key", "typed"), [("limit", "soon"), ("limit", "0"), ("chance", "120"), ("chance", "-1")]
)
def test_a_figure_that_cannot_be_is_told_under_its_field(
    bench: Any, qtbot: QtBot, key: str, typed: str
) -> None:
    type_into(qtbot, getattr(bench.page.form, key), typed)
    errors = [e.text() for e in bench.page.form.form._errors.values() if e.text()]
    assert len(errors) == 1
    assert bench.changes == []


def test_a_name_that_is_taken_is_told_under_the_field_and_goes_back(bench: Any, qtbot: QtBot) -> None:
    type_into(qtbot, bench.page.form.name, "terms AGREED")
    assert bench.page.form.form._errors["name"].text().startswith("terms AGREED is there already")
    assert bench.page.form.name.text() == GENERAL[0]
    assert bench.names() == GENERAL


def test_the_linter_stands_beside_a_name_and_offers_better_ones(bench: Any, qtbot: QtBot) -> None:
    form = bench.page.form
    assert not form.hint.isVisible()
    type_into(qtbot, form.name, "Client is thinking")
    assert form.hint.isVisible()
    assert form.hint.sentence.text().startswith("This names a wait.")
    assert [b.text() for b in form.hint.buttons if b.isVisible()] == ["Offer sent", "Decision received"]
    form.hint.buttons[1].click()
    assert bench.names()[0] == "Decision received"
    assert not form.hint.isVisible()


def test_an_empty_stage_is_removed_at_once(bench: Any) -> None:
    bench.page.middle.stages.setCurrentRow(3)
    bench.page.form.remove_button.click()
    assert bench.names() == GENERAL[:3]
    assert bench.said == ["Stage Terms agreed removed"]
    bench.undo()
    assert bench.names() == GENERAL


def test_removing_a_stage_with_deals_asks_where_they_go(bench: Any, qtbot: QtBot) -> None:
    rows = bench.page.middle.stages
    rows.setCurrentRow(1)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Delete)
    dialog = dialog_of(bench)
    assert dialog.choice.accessibleName() == "2 open deals go to:"
    assert dialog.choice.value() == 3, "the next one is proposed"
    assert [dialog.choice.itemText(n) for n in range(3)] == [GENERAL[0], GENERAL[2], GENERAL[3]]
    dialog.choice.set_value(1)
    dialog.do_button.click()
    assert bench.deal_stages() == [1, 1]
    assert bench.said == ["Stage Client qualified removed, 2 deals → Prospect identified"]
    assert bench.page.form.name.text() == GENERAL[0]
    bench.undo()
    assert bench.deal_stages() == [2, 2]
    assert bases.check(bench.db).ok


def test_cancel_removes_nothing(bench: Any) -> None:
    bench.page.remove_stage(2)
    dialog_of(bench).reject()
    assert bench.names() == GENERAL
    assert bench.changes == []


def test_a_stage_is_merged_into_another(bench: Any) -> None:
    bench.page.show_stage(2)
    bench.page.form.merge_button.click()
    dialog_of(bench).do_button.click()
    assert bench.names() == [GENERAL[0], GENERAL[2], GENERAL[3]]
    assert bench.deal_stages() == [3, 3]
    assert bench.said == ["Stage Client qualified merged into Offer presented"]


def test_the_only_stage_cannot_go(bench: Any) -> None:
    for stage_id in (1, 3, 4):
        stages.remove_stage(bench.db, stage_id)
    bench.page.reload()
    assert not bench.page.form.remove_button.isEnabled()
    assert not bench.page.form.merge_button.isEnabled()
    bench.page.remove_stage(2)
    assert bench.changes == []


def test_the_rules_of_a_funnel_are_kept(bench: Any) -> None:
    rules = bench.page.rules
    for key, box in rules.boxes.items():
        assert box.isChecked() == (key != "season"), key  # a season is confirmed by hand
        box.click()
    rules.source.setCurrentIndex(1)
    rules.source.activated.emit(1)
    funnel = funnels.views(bench.db)[0].funnel
    assert (funnel.allow_skip, funnel.allow_back, funnel.loss_comment_required) == (False, False, False)
    assert funnel.probability_source == "history"
    assert funnel.season
    assert len(bench.changes) == 5


def test_what_a_forecast_of_the_funnel_rests_on_is_kept_and_taken_back(bench: Any) -> None:
    rules = bench.page.rules
    before = funnels.views(bench.db)[0].funnel
    assert (before.training_months, before.season_months, before.expected_close) == (12, 0, "dates")
    for field, value in ((rules.training, 24), (rules.season_months, 36), (rules.closes, "pace")):
        place = field.findData(value)
        assert place >= 0
        field.setCurrentIndex(place)
        field.activated.emit(place)
    funnel = funnels.views(bench.db)[0].funnel
    assert (funnel.training_months, funnel.season_months, funnel.expected_close) == (24, 36, "pace")
    history.undo(bench.db)
    assert funnels.views(bench.db)[0].funnel.expected_close == "dates"
    bench.page.reload()
    assert (rules.training.value(), rules.season_months.value(), rules.closes.value()) == (24, 36, "dates")


def test_a_funnel_and_its_end_are_renamed(bench: Any, qtbot: QtBot) -> None:
    type_into(qtbot, bench.page.middle.name, "Big sales")
    type_into(qtbot, bench.page.middle.won_name, "Money is here")
    funnel = funnels.views(bench.db)[0].funnel
    assert (funnel.name, funnel.won_name) == ("Big sales", "Money is here")
    assert bench.page.panel.list.item(0).text() == "Big sales"
    type_into(qtbot, bench.page.middle.name, "RENT")
    assert bench.page.middle.name.text() == "Big sales"
    assert bench.said[-1].startswith("RENT is there already")


def test_an_archived_funnel_can_be_looked_at_and_taken_back(bench: Any) -> None:
    page = bench.page
    page.show_funnel(2)
    page.middle.menu().actions()[-1].trigger()
    texts = [page.panel.list.item(n).text() for n in range(page.panel.list.count())]
    assert texts == ["General sale", "Archived", "Rent"]
    assert not page.form.form.isEnabled()
    assert not page.rules.isEnabled()
    assert not page.middle.stages.item(0).flags() & Qt.ItemFlag.ItemIsDragEnabled
    page.middle.menu().actions()[-1].trigger()
    assert page.form.form.isEnabled()
    assert [v.funnel.name for v in funnels.views(bench.db)] == ["General sale", "Rent"]


def test_new_funnels_come_from_a_template_or_a_name(bench: Any) -> None:
    bench.page._make_from("simple")
    assert bench.page.sheet().funnel.name == "Simple sale"
    bench.page.panel.empty_button.click()
    dialog = bench.page.findChild(AskDialog)
    assert not dialog.do_button.isEnabled()
    QTest.keyClicks(dialog.field, " Mine ")
    QTest.keyClick(dialog.field, Qt.Key.Key_Return)
    assert bench.names() == ["New request"]
    assert bench.page.middle.name.text() == "Mine"
    assert bench.said == ["New funnel Simple sale", "New funnel Mine"]


def test_a_hint_on_the_whole_funnel_is_put_away_for_good(bench: Any) -> None:
    page = bench.page
    page._make_from("simple")

    def shown() -> list[str]:
        hints = page.middle._hints
        return [
            hints.itemAt(n).widget().findChild(QAbstractButton).accessibleName() for n in range(hints.count())
        ]

    assert len(shown()) == 1
    page.middle.hint_dismissed.emit("few_stages")
    assert shown() == []
    assert bench.context.settings.more["funnel_hints"] == {"3": ["few_stages"]}
    page.show_funnel(1)
    assert shown() == []


def test_the_board_is_one_step_away(bench: Any) -> None:
    bench.page.show_funnel(2)
    bench.page.middle.menu().actions()[0].trigger()
    assert bench.pages == [("board", {"funnel": 2})]


def test_another_page_can_ask_for_a_funnel(bench: Any) -> None:
    bench.page.show_params(funnel=2)
    assert bench.names()[0] == "Request received"


def test_without_funnels_it_says_what_to_do(bench: Any) -> None:
    for _step in range(5):
        bench.undo()
    assert funnels.views(bench.db) == []
    assert bench.page.body.currentWidget() is bench.page.empty


def test_a_base_for_reading_only_is_not_edited(bench: Any, qtbot: QtBot) -> None:
    bench.context.read_only = True
    page = FunnelsPage(bench.context)
    qtbot.addWidget(page)
    page.show()
    assert not page.form.form.isEnabled()
    assert not page.middle.new_stage.isEnabled()
    assert not page.panel.template_button.isEnabled()


def test_everything_has_a_name_for_screen_readers(bench: Any) -> None:
    kinds = (QLineEdit, QPlainTextEdit, QComboBox, QAbstractButton)
    for kind in kinds:
        for widget in bench.page.findChildren(kind):
            if widget.objectName().startswith("qt_") or not widget.isVisibleTo(bench.page):
                continue
            text = widget.text() if isinstance(widget, QAbstractButton) else ""
            assert widget.accessibleName() or text, widget


def test_settings_and_the_board_lead_to_the_editor(bench: Any, qtbot: QtBot) -> None:
    settings, board = SettingsPage(bench.context), BoardPage(bench.context)
    for page in (settings, board):
        qtbot.addWidget(page)
    settings.funnels.click()
    edit = next(a for a in board.header.menu.actions() if a.text() == "Edit this funnel…")
    edit.trigger()
    assert bench.pages == [("funnels", {}), ("funnels", {"funnel": 1})]


def test_the_head_of_a_column_wears_the_colour_of_its_stage(bench: Any, qtbot: QtBot) -> None:
    board = BoardPage(bench.context)
    qtbot.addWidget(board)
    bench.context.hub.changed.connect(board.refresh)
    bench.page.form.colour.dots[2].click()
    column = board.area.column_of(1)
    assert column is not None and column.model.column.colour == COLOURS[2][0]


def test_what_is_made_is_shown_when_the_work_is_done_elsewhere(bench: Any, qtbot: QtBot) -> None:
    tasks, hub = TaskRunner(bench.db), Hub()
    context = replace(bench.context, tasks=tasks, hub=hub)
    page = FunnelsPage(context)
    qtbot.addWidget(page)
    hub.changed.connect(page.refresh)
    try:
        qtbot.waitUntil(lambda: page.form.stage_id() == 1)
        page.middle.stage_added.emit("Contract signed")
        qtbot.waitUntil(lambda: page.form.name.text() == "Contract signed")
        page._make_from("simple")
        qtbot.waitUntil(lambda: page.middle.name.text() == "Simple sale")
        assert page.panel.list.currentItem().text() == "Simple sale"
    finally:
        tasks.stop()


def test_a_name_being_written_in_place_survives_another_change(bench: Any, qtbot: QtBot) -> None:
    rows = bench.page.middle.stages
    rows.setCurrentRow(2)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_F2)
    editor = rows.findChild(QLineEdit)
    assert editor is not None
    qtbot.keyClicks(editor, "Offer ta")
    bench.context.tasks.write(lambda db: funnels.update_stage(db, 3, goal="", colour="#0072b2"))
    qtbot.keyClicks(editor, "ken in")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    bench.settle()
    assert bench.names()[2] == "Offer taken in"


def test_an_order_that_is_refused_goes_back(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_args: Any, **_more: Any) -> Any:
        raise UserError("stage.not_all")

    monkeypatch.setattr(funnels, "reorder", refuse)
    assert bench.page.middle.stages.model().moveRow(QModelIndex(), 0, QModelIndex(), 3)
    bench.settle()
    assert bench.names() == GENERAL
    assert bench.said == ["Name every stage of the funnel once."]
