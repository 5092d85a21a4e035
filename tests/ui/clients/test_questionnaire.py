from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.questions import LeadQuestion, most_points, score
from funneldesk.errors import UserError
from funneldesk.services import bases, cards, clients, deals, history, leads, questionnaire, quick_deals
from funneldesk.services.deals import NewDeal
from funneldesk.ui.ask_dialog import AskDialog
from funneldesk.ui.deal.new_deal import NewDealDialog
from funneldesk.ui.leads.dialogs import LeadDialog
from funneldesk.ui.settings.page import SettingsPage
from funneldesk.ui.settings.questions import QuestionDialog, read_options
from tests.ui.clients.conftest import Desk


@pytest.fixture
def asked(desk: Desk) -> Desk:
    """Budget (yes = 3 points), size (small 1, large 5), comment (text, 1)."""
    questionnaire.put_question(desk.db, "Budget agreed?", "yes_no", points=3)
    questionnaire.put_question(desk.db, "Size", "choice", options=[("small", 1), ("large", 5)])
    questionnaire.put_question(desk.db, "What do they use now?", "text", points=1)
    return desk


def test_a_lead_is_qualified_by_its_answers(asked: Desk, qtbot: QtBot) -> None:
    dialog = LeadDialog(asked.context, None, lead_id=1)
    qtbot.addWidget(dialog)
    assert dialog.questions.total.text() == "0 points of 9"
    dialog.questions.answer(1, "1")
    dialog.questions.answer(2, "large")
    assert dialog.questions.total.text() == "8 points of 9"
    dialog.accept()
    assert questionnaire.answers(asked.db, 1) == {1: "1", 2: "large"}
    assert cards.lead_rows(asked.db, [1, 2])[1].points == 8
    assert cards.lead_rows(asked.db, [1, 2])[2].points is None
    again = LeadDialog(asked.context, None, lead_id=1)
    qtbot.addWidget(again)
    assert again.questions.answers() == {1: "1", 2: "large", 3: ""}
    again.questions.answer(2, "")
    again.questions.form.set_values({"1": None, "2": None})
    again.accept()
    assert questionnaire.answers(asked.db, 1) == {}


def test_everything_of_the_questionnaire_is_taken_back(asked: Desk) -> None:
    def sha() -> str:
        result = bases.check(asked.db)
        assert result.ok
        return result.content_sha256

    steps: tuple[Callable[[], object], ...] = (
        lambda: leads.update(asked.db, 1, answers={1: "1", 3: "Excel"}, title="T"),
        lambda: questionnaire.move_question(asked.db, 3, -1),
        lambda: questionnaire.put_question(asked.db, "Budget?", "number", question_id=1, points=2),
        lambda: questionnaire.remove_question(asked.db, 3),
        lambda: leads.delete(asked.db, [1]),
    )
    for step in steps:
        before = sha()
        step()
        after = sha()
        history.undo(asked.db)
        assert sha() == before
        history.redo(asked.db)
        assert sha() == after
    assert [question.text for question in questionnaire.questions(asked.db)] == ["Budget?", "Size"]
    with pytest.raises(UserError, match=r"field\.no_options"):
        questionnaire.put_question(asked.db, "Which?", "choice")


def test_questions_are_kept_in_the_settings(asked: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(asked.context)
    qtbot.addWidget(page)
    section = page.questions
    assert section.list.item(1).text() == "Size · One of a list"
    section.list.setCurrentRow(1)
    section.up.click()
    assert questionnaire.questions(asked.db)[0].text == "Size"
    section.add()
    dialog = section.findChild(QuestionDialog)
    assert dialog is not None
    dialog.form.set_values({"text": "When?", "kind": "choice", "options": "now = 5\nlater"})
    dialog.accept()
    made = questionnaire.questions(asked.db)[-1]
    assert made.options == '[["now", 5], ["later", 0]]'
    section.list.setCurrentRow(3)
    section.remove()
    assert section.list.count() == 3
    assert read_options("a = b = 2\n\n x") == [("a = b", 2), ("x", 0)]


def test_points_are_those_of_the_answers() -> None:
    questions = [
        LeadQuestion(id=1, text="a", points=3),
        LeadQuestion(id=2, text="b", kind="choice", options='[["x", -2], ["y", 4]]'),
        LeadQuestion(id=3, text="c", kind="choice", options="broken"),
    ]
    assert most_points(questions) == 7
    assert score(questions, {1: "1", 2: "x", 3: "z"}) == 1
    assert score(questions, {1: "0", 2: "gone"}) == 0


def test_the_first_request_is_asked_where_a_deal_is_made_once_it_is_needed(desk: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.demand.click()
    with pytest.raises(UserError, match=r"deal\.needs_demand"):
        deals.create(desk.db, NewDeal("Racks"), funnel_id=1)
    dialog = NewDealDialog(desk.context, None, client="Ромашка", links={"company_id": 1})
    qtbot.addWidget(dialog)
    dialog.form.set_values({"title": "Racks"})
    dialog.accept()
    assert dialog.form._errors["demand"].text() == "Fill this in"
    dialog.form.set_values({"demand": "racks for 200 pallets"})
    with qtbot.waitSignal(dialog.made):
        dialog.accept()
    quick = quick_deals.add(desk.db, NewDeal("Shelves"), funnel_id=1, client_name="New")
    shown = cards.deal(desk.db, quick.new_id("deal"), 1)
    assert shown is not None
    assert shown[0].deal.demand == "Shelves"
    with pytest.raises(UserError, match=r"deal\.needs_demand"):
        deals.update(desk.db, 1, demand=None)
    made = leads.convert(desk.db, 1, funnel_id=1, demand="a quote")
    converted = cards.deal(desk.db, made.new_id("deal"), 1)
    assert converted is not None
    assert converted[0].deal.demand == "a quote"


def test_the_usual_sources_are_added_once(desk: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.lists.tabs.setCurrentIndex(1)
    assert page.lists.list.count() == 1
    page.lists.add_usual()
    assert page.lists.list.count() == 11
    page.lists.add_usual()
    assert page.lists.list.count() == 11
    desk.undo()
    assert page.lists.list.count() == 1


def test_sources_are_merged_and_removed_in_the_settings(desk: Desk, qtbot: QtBot) -> None:
    page = SettingsPage(desk.context)
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)
    page.show_params(section="lists")
    section, refused = page.lists, list[UserError]()
    desk.context.tasks.user_error.connect(refused.append)
    section.tabs.setCurrentIndex(1)
    assert not section.merge_button.isEnabled(), "there is nothing to merge the only one into"
    page.lists.add_usual()
    used = section.records[0]
    clients.update(desk.db, ("company", 1), source_id=used.id)
    section.list.setCurrentRow(0)
    section.list.setFocus()
    QTest.keyClick(section.list, Qt.Key.Key_Delete)
    assert [str(error.params["n"]) for error in refused] == ["1"]
    assert section.chosen() == used
    section.merge_button.click()
    dialog = section.findChild(AskDialog)
    assert dialog is not None and dialog.windowTitle() == "Merge entries"
    dialog.accept()
    assert len(section.records) == 10 and used.name not in {record.name for record in section.records}
    section.list.setCurrentRow(9)
    section.list.setFocus()
    QTest.keyClick(section.list, Qt.Key.Key_Delete)
    assert len(section.records) == 9
    desk.undo()
    desk.undo()
    assert len(section.records) == 11
