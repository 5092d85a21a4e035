"""Rules, what stages ask, and rehearsals in the editor of funnels, by what a person does and sees."""

from __future__ import annotations

import json
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from funneldesk.domain.activity import Activity
from funneldesk.domain.change import Label
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.rule import Action, Event, Params, Rule, params_of
from funneldesk.domain.team import LossReason
from funneldesk.services import bases, deals, funnels, rules
from funneldesk.services.deals import stage
from funneldesk.services.rule_conditions import dumps, tree_of
from funneldesk.store.transaction import select_records
from funneldesk.text import set_language
from funneldesk.ui.funnels.rehearsal_dialog import RehearsalDialog
from funneldesk.ui.funnels.rule_dialog import RuleDialog
from funneldesk.ui.funnels.rule_log import RuleLog
from funneldesk.ui.funnels.rule_words import rule_text
from funneldesk.ui.rule_clock import RuleClock
from funneldesk.ui.widgets.buttons import IconButton
from funneldesk.ui.widgets.fields import ChoiceField


def all_of(bench: Any, cls: type[Any]) -> list[Any]:
    with bench.db.read() as conn:
        return select_records(conn, cls)


def choose(form: Any, key: str, value: object) -> None:
    field = form.field(key)
    assert isinstance(field, ChoiceField)
    field.set_value(value)


def shown_rules(bench: Any) -> list[str]:
    boxes = bench.page.automation.panel.findChildren(QCheckBox)
    return [box.accessibleName() for box in boxes if not box.isHidden() and box.parentWidget().isEnabled()]


def test_a_stage_says_what_must_be_known_and_who_is_responsible(bench: Any) -> None:
    form = bench.page.form
    listing = form.required.make_list()
    for row in range(listing.count()):
        if listing.item(row).data(Qt.ItemDataRole.UserRole) in ("meeting", "amount"):
            listing.item(row).setCheckState(Qt.CheckState.Checked)
    form.required.take(listing)
    assert json.loads(bench.stage(1).required) == ["meeting", "amount"]
    assert "Place, date and time of the meeting" in form.required.words("meeting")
    form.manager.set_value(1)
    form.manager.activated.emit(form.manager.currentIndex())
    assert bench.stage(1).manager_id == 1
    form.subtasks.setPlainText("Site\nPhone")
    form.subtasks.committed.emit("Site\nPhone")
    form.checklist.committed.emit("Budget named")
    assert (bench.stage(1).subtasks, bench.stage(1).checklist) == ("Site\nPhone", "Budget named")
    bench.undo()
    assert form.checklist.value() == ""


def test_the_chance_by_hand_stands_beside_that_of_the_own_history(bench: Any) -> None:
    assert bench.page.form.own_chance.text() == "Own history: no closed deals yet"
    deals.move(bench.db, [1], deals.WON)
    bench.page.reload()
    bench.page.show_stage(1)
    assert bench.page.form.own_chance.text() == "Own history: 27.3% (1 closed deal)"


def test_the_funnel_says_how_its_deals_go(bench: Any) -> None:
    bench.page.rules.mode.set_value("automatic")
    bench.page.rules.mode.activated.emit(0)
    assert funnels.views(bench.db)[0].funnel.deal_mode == "automatic"
    bench.page.rules.loss_task.committed.emit("Ask why")
    assert funnels.views(bench.db)[0].funnel.loss_task == "Ask why"


def test_a_rule_is_made_from_a_beginning_and_acts(bench: Any, qtbot: QtBot) -> None:
    panel = bench.page.automation.panel
    assert [words for words, _rule in panel.starts()][1] == "Hand over after payment to the one who fulfils"
    panel.make_menu().actions()[0].trigger()
    dialog = bench.page.automation.dialog
    assert isinstance(dialog, RuleDialog)
    dialog.accept()
    assert dialog.error.text() == "Write what is to be done.", "the dialog stays until the rule can be kept"
    choose(dialog.when, "stage_id", 3)
    text = dialog.then.field("text")
    assert isinstance(text, QLineEdit)
    text.setText("Send the offer")
    dialog.within.setValue(2)
    expected = (
        "When a deal comes to “Offer presented”: plan “Send the offer” (Task) for whoever has it, in 2 days."
    )
    assert dialog.sentence.text() == expected
    dialog.accept()
    assert shown_rules(bench) == [f"On: {expected}"]
    deals.move(bench.db, [1], stage(3))
    assert [a.subject for a in all_of(bench, Activity)] == ["Send the offer"]


def test_a_rule_is_switched_off_changed_and_removed(bench: Any, qtbot: QtBot) -> None:
    big = dumps(Group((Condition("amount", "gt", 1000_00),)))
    made = Rule(funnel_id=1, event=Event.STALE, days=5, condition=big, action=Action.REMIND,
                params=Params("Look", days=2 / 24).dumps())  # fmt: skip
    rules.add(bench.db, made)
    bench.page.reload()
    panel = bench.page.automation.panel
    words = (
        "When a deal stands still for 5 days, if Amount > €1,000:"
        " remind whoever has it of “Look”, in 2 hours."
    )
    assert shown_rules(bench) == [f"On: {words}"]
    bench.page.tabs.setCurrentIndex(2)
    box = next(b for b in panel.findChildren(QCheckBox) if b.isVisible())
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton)
    assert not all_of(bench, Rule)[0].active
    bench.page.automation.edit(all_of(bench, Rule)[0])
    dialog = bench.page.automation.dialog
    assert dialog.conditions["deal"].group() == tree_of(made) and dialog.hours.value() == 2
    choose(dialog.then, "action", str(Action.HAND_OVER))
    choose(dialog.then, "manager_id", 1)
    dialog.accept()
    changed = all_of(bench, Rule)[0]
    assert (changed.action, params_of(changed).manager_id, changed.condition) == ("hand_over", 1, big)
    bench.settle()
    bins = [b for b in panel.findChildren(IconButton) if b.toolTip() == "Remove this rule"]
    next(b for b in bins if not b.parentWidget().isHidden()).click()
    assert all_of(bench, Rule) == []
    bench.undo()
    assert len(all_of(bench, Rule)) == 1


@pytest.mark.parametrize("language", ["en", "ru", "pl"])
def test_every_rule_is_a_sentence_in_every_language(bench: Any, language: str) -> None:
    sheet = rules.sheet(bench.db)
    params = Params(
        "Call", days=3, manager_id=1, field="amount", value="100", stage_id=2, reason_id=1
    ).dumps()
    set_language(language)
    try:
        for event in Event:
            for action in Action:
                for stage_id in (None, 2):
                    rule = Rule(event=event, stage_id=stage_id, days=3, action=action, params=params)
                    words = rule_text(rule, sheet, "EUR")
                    assert words.endswith(".") and "{" not in words and "…" not in words, words
    finally:
        set_language("en")


def test_the_log_tells_what_fired_and_why_not(bench: Any, qtbot: QtBot) -> None:
    lost = Params("no answer", place="lost", reason_id=1).dumps()
    rules.add(bench.db, Rule(event=Event.ENTERED, stage_id=3, action=Action.MOVE, params=lost))
    with bench.db.transaction(Label("rule.changed")) as tx:
        tx.update(Rule, 1, params=Params(place="lost", reason_id=1).dumps())
    deals.move(bench.db, [1], stage(3))
    bench.page.automation.show_log()
    log = bench.page.findChild(RuleLog)
    assert isinstance(log, RuleLog)
    texts = [line[0] for line in (column(log.table, place) for place in range(1, 4))]
    assert texts[0] == "Racks"
    assert texts[1] == "When a deal comes to “Offer presented”: the deal is lost: Too expensive."
    assert texts[2] == "Not done: Write in a few words why the deal was lost."
    opened: list[tuple[str, int]] = []
    bench.context.open_card = lambda kind, record: opened.append((kind, record))
    log.table.itemActivated.emit(log.table.item(0, 0))
    assert opened == [("deal", 1)]


def test_the_clock_lets_timed_rules_act_and_tells_it_once(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Rule(event=Event.STALE, days=0.0000001, action=Action.TASK, params=Params("Ask").dumps())
    rules.add(bench.db, made)
    clock = RuleClock(bench.context, bench.page)
    bench.said.clear()
    clock.run()
    clock.run()
    assert bench.said == ["Rules at work: 2"]
    assert len(all_of(bench, Activity)) == 2
    clock.timer.stop()


def rehearsal_of(bench: Any) -> RehearsalDialog:
    bench.page.rehearse()
    found = bench.page.findChild(RehearsalDialog)
    assert isinstance(found, RehearsalDialog)
    return found


def column(table: Any, place: int) -> list[str]:
    return [table.item(row, place).text() for row in range(table.rowCount())]


def test_a_rehearsal_shows_both_reports_and_adopts_in_one_change(bench: Any) -> None:
    deals.move(bench.db, [1], stage(4))
    before = bases.check(bench.db).content_sha256
    dialog = rehearsal_of(bench)
    assert column(dialog.now, 1) == column(dialog.then, 1) == ["2", "2", "1", "1", "0"]
    dialog.begin.set_value("simple")
    dialog.rehearse()
    assert column(dialog.then, 0) == ["Introduced to the product", "Interest shown", "Wish confirmed", "Won"]
    dialog.form.names[0].setText("Known")
    dialog.form.names[0].editingFinished.emit()
    assert bases.check(bench.db).content_sha256 == before
    dialog.adopt_button.click()
    assert bench.names() == ["Known", "Interest shown", "Wish confirmed"]
    assert len(bench.changes) == 1
    bench.undo()
    assert bases.check(bench.db).content_sha256 == before


def test_a_draft_that_cannot_be_says_why_and_stays(bench: Any) -> None:
    dialog = rehearsal_of(bench)
    dialog.form.names[0].setText("Client qualified")
    dialog.adopt_button.click()
    assert dialog.isVisible() and "Client qualified is there already" in dialog.error.text()


def test_stages_of_a_draft_are_added_moved_and_left_out(bench: Any) -> None:
    form = rehearsal_of(bench).form
    form.add_stage("Papers signed")
    form.move_row(4, -1)
    assert [s.name for s in form.draft()][3:] == ["Papers signed", "Terms agreed"]
    form.remove_row(2)
    draft = form.draft()
    assert len(draft) == 4 and draft[1].takes == (2, 3), "what it took in goes to the one before"


def test_every_control_has_a_name(bench: Any) -> None:
    dialog = rehearsal_of(bench)
    bench.page.automation.edit(bench.page.automation.panel.starts()[0][1])
    for window in (dialog, bench.page.automation.dialog):
        for widget in window.findChildren(QWidget):
            if isinstance(widget, (QLineEdit, QCheckBox, ChoiceField, IconButton)):
                around = widget.parentWidget()
                assert widget.accessibleName() or (around and around.accessibleName()), widget


def test_loss_reasons_stand_in_groups_that_can_be_changed(bench: Any) -> None:
    reasons = bench.page.rules.reasons
    assert reasons.groups[1].text() == "Price"
    reasons.groups[1].committed.emit("Money")
    assert next(r.outcome for r in all_of(bench, LossReason) if r.id == 1) == "Money"
    reasons.added.emit("No room for racks")
    assert all_of(bench, LossReason)[-1].funnel_id == 1
    bench.page.show_funnel(2)
    assert len(reasons.groups) == len(all_of(bench, LossReason)) - 1, "the other funnel does not offer it"
    bench.undo()
    bench.undo()
    assert all_of(bench, LossReason)[0].outcome == "Price"


def test_a_stage_that_waits_gets_a_limit_and_a_rule_for_the_end(bench: Any) -> None:
    funnels.update_stage(bench.db, 1, name="Client is thinking", limit_days=None)
    bench.page.reload()
    bench.page.show_stage(1)
    assert not bench.page.form.hint.end.isHidden()
    bench.page.form.hint.end.click()
    assert bench.stage(1).limit_days == 7
    dialog = bench.page.automation.dialog
    dialog.then.field("reason_id").set_value(4)
    dialog.accept()
    rule = all_of(bench, Rule)[0]
    assert (rule.event, rule.stage_id, rule.days, params_of(rule).reason_id) == ("stale", 1, 14, 4)
