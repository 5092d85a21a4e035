"""The lists of deals, clients and leads: columns, groups, many at once, views, files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from funneldesk.domain.activity import ActivityKind
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.fields import FieldType
from funneldesk.domain.funnel import DealMode
from funneldesk.services import (
    activities,
    calculated,
    clients,
    conditions,
    deals,
    fields,
    leads,
    stages,
    steps,
    team,
    views,
)
from funneldesk.services.activities import About
from funneldesk.services.deals import WON, NewDeal
from funneldesk.ui.clients.page import ClientsPage
from funneldesk.ui.deals.page import DealsPage
from funneldesk.ui.leads.page import LeadsPage
from funneldesk.ui.lists.field_dialog import FieldDialog
from funneldesk.ui.lists.tags_dialog import TagsDialog
from funneldesk.ui.widgets.paged_model import HEADING
from tests.ui.clients.conftest import Desk, row_of
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> DealsPage:
    """Deals Racks (Ann, 1 000), Łóżko (Bob, 20 zł = 5 €), Chairs (won, 300); a field Floor of deals."""
    base = desk.db
    team.set_rate(base, "PLN", "2020-01-01", "0.25")
    fields.add(base, "deal", "Floor", FieldType.NUMBER)
    bed = NewDeal("Łóżko", company_id=2, amount=20_00, currency="PLN", manager_id=2)
    deals.create(base, bed, funnel_id=1)
    deals.create(base, NewDeal("Chairs", company_id=3, amount=300_00), funnel_id=1)
    deals.move(base, [3], WON)
    fields.set_value(base, 1, "deal", 1, "12")
    activities.plan(base, ActivityKind.CALL, About(deal_id=1), due_at=5)
    made: DealsPage = shown(DealsPage(desk.context), desk, qtbot)
    return made


def shown(page: Any, desk: Desk, qtbot: QtBot) -> Any:
    desk.context.hub.changed.connect(page.refresh)
    qtbot.addWidget(page)
    page.resize(1300, 640)
    page.show()
    return page


def titles(page: Any) -> list[str]:
    model = page.model
    rows = [row_of(model, row) for row in range(model.rowCount())]
    return [row.get(HEADING) or row[model.columns[0].key] for row in rows]


def test_open_deals_are_listed_with_their_sum_in_the_accounting_currency(page: DealsPage) -> None:
    assert titles(page) == ["Łóżko", "Racks"]
    assert page.count.text() == "2 deals · €1,005"
    page.show_all()
    assert titles(page) == ["Chairs", "Łóżko", "Racks"]
    page._sort_by("amount", True)
    assert titles(page) == ["Racks", "Chairs", "Łóżko"]
    page._sort_by("field:1", False)
    assert titles(page)[0] == "Racks"
    page.search.setText("lodz meble")
    QTest.keyClick(page.search, Qt.Key.Key_Return)
    assert titles(page) == ["Łóżko"]


COLUMNS = (
    "title client stage amount manager next_step days_in_stage expected_close created funnel status source"
    " product closed last_contact lost_reason competitor demand client_city field:1"
)


@pytest.mark.parametrize("key", COLUMNS.split())
def test_every_column_sorts_both_ways(page: DealsPage, key: str) -> None:
    page.show_all()
    for descending in (False, True):
        page._sort_by(key, descending)
        assert sorted(page.model.records()) == [1, 2, 3]


def test_groups_have_counts_and_sums_and_fold(page: DealsPage) -> None:
    page.show_all()
    page.tools.group_by("manager")
    assert titles(page) == [
        "▾  Manager: Ann  ·  1  ·  €1,000", "Racks", "▾  Manager: Bob  ·  1  ·  €5", "Łóżko",
        "▾  Manager: none  ·  1  ·  €300", "Chairs",
    ]  # fmt: skip
    page.table.selectRow(0)
    assert page.table.selected_ids() == []
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    assert [title[:1] for title in titles(page)] == ["▸", "▾", "Ł", "▾", "C"]
    page.table.selectAll()
    assert page.table.selected_ids() == [2, 3]
    page.model.fold_all(False)
    page.tools.group_by("next_step")
    assert titles(page)[0] == "▾  Next step: 01.1970  ·  1  ·  €1,000"
    page.tools.group_by("")
    assert titles(page) == ["Chairs", "Łóżko", "Racks"]


def test_every_field_of_every_list_can_group_it(desk: Desk, qtbot: QtBot, page: DealsPage) -> None:
    for kind, made in (
        ("deal", page),
        ("client", ClientsPage(desk.context)),
        ("lead", LeadsPage(desk.context)),
    ):
        listed = shown(made, desk, qtbot)
        records = sorted(listed.model.records())
        for field in conditions.catalogue(desk.db, kind):
            listed.tools.group_by(field.key)
            inside = [i for heading in listed.model.headings() for i in heading.ids]
            assert sorted(inside) == records, field.key
        listed.tools.group_by("")


def test_the_selection_is_counted_and_added_up(page: DealsPage, qtbot: QtBot) -> None:
    told: list[tuple[int, str]] = []
    page.selection_changed.connect(lambda count, amount: told.append((count, amount)))
    page.table.selectAll()
    assert told[-1] == (2, "€1,005")
    page.table.selectRow(0)
    assert told[-1] == (0, "")


def test_a_field_is_set_for_the_whole_selection(page: DealsPage, desk: Desk) -> None:
    page.table.selectAll()
    refs = page.tools.refs()
    known = conditions.catalogue(desk.db, "deal")
    dialog = FieldDialog(desk.context, refs, known, "deal", page, chosen="manager")
    dialog.editor.set_value(2)  # type: ignore[attr-defined]
    assert dialog.note.text() == "2 records are selected. 1 of them changes."
    dialog.accept()
    assert [row_of(page.model, row)["manager"] for row in range(2)] == ["Bob", "Bob"]
    assert desk.said[-1] == "2 deals changed"
    desk.undo()
    assert [row_of(page.model, row)["manager"] for row in range(2)] == ["Bob", "Ann"]
    number = FieldDialog(desk.context, refs, known, "deal", page, chosen="field:1")
    number.editor.setText("many")  # type: ignore[attr-defined]
    number.accept()
    assert number.error.text() == "many does not fit the field Floor."
    number.editor.setText("7,5")  # type: ignore[attr-defined]
    number.accept()
    assert [row_of(page.model, row)["field:1"] for row in range(2)] == ["7.5", "7.5"]


def test_ctrl_e_begins_with_the_field_under_the_cursor(page: DealsPage) -> None:
    page.table.setCurrentIndex(page.model.index(0, 4))
    QTest.keyClick(page.table, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    dialog = page.findChild(FieldDialog)
    assert dialog is not None
    assert dialog.field.value() == "manager"
    dialog.reject()


def test_tags_are_put_on_people_and_companies_alike(desk: Desk, qtbot: QtBot) -> None:
    page = shown(ClientsPage(desk.context), desk, qtbot)
    page.table.selectAll()
    dialog = TagsDialog(desk.context, page.tools.refs(), conditions.catalogue(desk.db, "client"), page)
    dialog.add.setText("vip; Опт")
    dialog.accept()
    tree = Group(
        (Condition("field:1", "all_of", ("vip", "Опт")), Condition("field:2", "one_of", ("vip",))), True
    )
    assert conditions.count(desk.db, "client", tree) == 4
    page.filters.conditions.set_tree(tree)
    assert page.model.rowCount() == 4


def test_views_keep_groups_and_are_renamed_moved_and_begun_with(
    desk: Desk, page: DealsPage, qtbot: QtBot
) -> None:
    page.tools.group_by("stage")
    page.table.show_columns(["title", "amount", "client"])
    page.views.keep("Mine")
    page.show_view({})
    page.views.keep("Plain")
    first, second = views.views(desk.db, "deals")
    page.views._choose(first)
    assert page.tools.by == "stage"
    assert [column.key for column in page.table.shown_columns()] == ["title", "amount", "client"]
    page.views.rename(first, "By stage")
    page.views._move(first, 1)
    assert [view.name for view in views.views(desk.db, "deals")] == ["Plain", "By stage"]
    page.views.set_default(first.id)
    again = shown(DealsPage(desk.context), desk, qtbot)
    assert again.tools.by == "stage"
    page.views._remove(second)
    assert [view.name for view in views.views(desk.db, "deals")] == ["By stage"]


def test_deals_are_deleted_at_once_and_come_back(page: DealsPage, desk: Desk) -> None:
    page.table.selectAll()
    page.delete()
    assert page.stack.currentWidget() is page.no_match
    desk.undo()
    assert titles(page) == ["Łóżko", "Racks"]


def test_the_list_is_written_as_it_is_shown(page: DealsPage, desk: Desk, tmp_path: Path) -> None:
    deals.update(desk.db, 1, title="=1+1", demand="x" * 40_000)
    page.table.show_columns(["title", "amount", "created", "field:1", "demand"])
    page.tools.export(tmp_path / "deals.xlsx")
    book = load_workbook(tmp_path / "deals.xlsx")
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads == ["Deal", "Amount", "Created", "Floor", "Primary demand"]
    lines = list(sheet.iter_rows(min_row=2, values_only=True))
    assert [line[0] for line in lines] == ["Łóżko", "=1+1"]
    assert [cell.data_type for cell in sheet["A"][1:]] == ["s", "s"]
    assert [line[1] for line in lines] == [20, 1000]
    assert lines[1][3] == 12
    note = next(iter(book.worksheets[1].iter_rows(min_row=2, values_only=True)))
    assert note[0] == 3
    assert str(lines[1][4]).removesuffix(" […]") + str(note[3]) == "x" * 40_000
    assert "2 rows written to deals.xlsx" in desk.said[-1]
    assert "sheet of notes" in desk.said[-1]


def test_people_go_to_an_address_book(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    clients.create_person(
        desk.db, name="Ян; Жук", company_id=2, contacts=[("phone", "+7 1"), ("email", "j@x.example")]
    )
    page = shown(ClientsPage(desk.context), desk, qtbot)
    page.tools.export(tmp_path / "people.vcf")
    text = (tmp_path / "people.vcf").read_text(encoding="utf-8")
    assert text.count("BEGIN:VCARD") == 2
    assert "FN:Ян\\; Жук\n" in text
    assert "ORG:Łódź Meble\n" in text
    assert "TEL;TYPE=VOICE:+7 1\n" in text


def test_copied_numbers_are_numbers_for_a_spreadsheet(
    page: DealsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PySide6.QtCore import QLocale

    from funneldesk.ui.widgets import paged_table

    class German:
        @staticmethod
        def system() -> QLocale:
            return QLocale("de_DE")

    monkeypatch.setattr(paged_table, "QLocale", German)
    page.table.show_columns(["title", "amount", "field:1"])
    page.table.selectAll()
    page.table.copy()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.text().splitlines() == ["Deal\tAmount\tFloor", "Łóżko\t20,00\t", "Racks\t1000,00\t12"]
    assert "<td>1000,00</td>" in mime.html()


def test_cells_are_pasted_into_the_preview_of_the_import(page: DealsPage, desk: Desk) -> None:
    QGuiApplication.clipboard().setText("Name\tCity\nA\tB")
    QTest.keyClick(page.table, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert desk.pages[-1] == ("import", {"text": "Name\tCity\nA\tB"})


def test_leads_have_own_columns_conditions_and_groups(desk: Desk, qtbot: QtBot) -> None:
    fields.add(desk.db, "lead", "Stand", FieldType.TEXT)
    fields.set_value(desk.db, 1, "lead", 1, "B7")
    leads.update(desk.db, 2, manager_id=2)
    page = shown(LeadsPage(desk.context), desk, qtbot)
    page.table.set_column_shown("field:1", True)
    page.conditions.set_tree(Group((Condition("field:1", "contains", "b"),)))
    assert titles(page) == ["Call from the fair"]
    assert row_of(page.model, 0)["field:1"] == "B7"
    page.show_all()
    page.tools.group_by("manager")
    assert [h.title for h in page.model.headings()] == ["Manager: Bob  ·  1", "Manager: none  ·  1"]


def test_a_calculated_field_is_sorted_asked_and_grouped_like_any_other(page: DealsPage, desk: Desk) -> None:
    names = {"amount": "Amount"}
    bonus = calculated.add(desk.db, "deal", "Bonus", "[Amount] * 10%", names).new_id("custom_field")
    page.refresh(None)
    column = next(c for c in page.model.columns if c.key == f"field:{bonus}")
    assert column.sortable and column.numeric
    page.show_all()
    page._sort_by(f"field:{bonus}", False)
    assert titles(page) == ["Łóżko", "Chairs", "Racks"]
    page.tools.group_by(f"field:{bonus}")
    assert [t for t in titles(page) if t.startswith("▾")] == [
        "▾  Bonus: €0.50  ·  1  ·  €5",
        "▾  Bonus: €30  ·  1  ·  €300",
        "▾  Bonus: €100  ·  1  ·  €1,000",
    ]
    page.tools.group_by("")
    page.conditions.set_tree(Group((Condition(f"field:{bonus}", "ge", 30_00),)))
    assert titles(page) == ["Chairs", "Racks"]
    assert field_dialog_offers(page, desk) == {"field:1"}


def field_dialog_offers(page: DealsPage, desk: Desk) -> set[str]:
    """The own fields that can be set for a selection: a formula gives its field, nobody sets it."""
    page.table.selectAll()
    offered = conditions.catalogue(desk.db, "deal")
    dialog = FieldDialog(desk.context, page.tools.refs(), offered, "deal", page)
    return {key for key in dialog._fields if key.startswith("field:")}


def test_a_stage_put_away_with_its_tasks_leaves_the_filter_too(page: DealsPage, desk: Desk) -> None:
    first, second = stages.overview(desk.db).stages_of(1)[:2]
    steps.set_mode(desk.db, [1], DealMode.AUTOMATIC)
    change = stages.remove_stage(desk.db, first.id, to_id=second.id)
    assert change.touches("activity")
    desk.context.hub.changed.emit(change)
    assert first.id not in dict(page.stage._options)


def test_a_sum_that_comes_late_does_not_count_a_selection_that_is_gone(
    page: DealsPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[tuple[int, str]] = []
    waiting: list[Any] = []
    page.selection_changed.connect(lambda count, words: told.append((count, words)))
    monkeypatch.setattr(page.tools._context.tasks, "read", lambda _fn, done, **_words: waiting.append(done))
    page.tools.tell_selection([1, 2])
    page.tools.tell_selection([1])
    waiting[0](1_005_00)
    assert told[-1] == (0, "")
