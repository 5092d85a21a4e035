"""The tab as a place to work: conditions, comparison, saved variants, why a number is what it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from funneldesk.domain.clock import DAY
from funneldesk.domain.condition import Condition, Group
from funneldesk.domain.results import Report, Span
from funneldesk.exporting.report_json import report_to_dict
from funneldesk.report_words import header_block, shown_columns
from funneldesk.report_words.files import file_words, write_xlsx
from funneldesk.reports import comparison
from funneldesk.services import deals, funnels, views
from funneldesk.ui.reports.choice import choice_of
from funneldesk.ui.reports.head import VARIANTS
from funneldesk.ui.reports.page import ReportsPage
from funneldesk.ui.reports.period import Period
from funneldesk.ui.widgets.buttons import PrimaryButton
from funneldesk.ui.widgets.fields import DateField, MoneyField
from funneldesk.ui.widgets.popup_filter import Popup
from tests.ui.clients.conftest import Desk
from tests.ui.clients.conftest import db as db
from tests.ui.clients.conftest import desk as desk

LARGE = Group((Condition("amount", "ge", 500_00),))


@pytest.fixture
def page(desk: Desk, qtbot: QtBot) -> Iterator[ReportsPage]:
    for number in range(1, 6):
        deals.create(
            desk.db,
            deals.NewDeal(f"D{number}", company_id=2, amount=number * 200_00, manager_id=2),
            funnel_id=1,
        )
    deals.move(desk.db, [2, 3], deals.WON)
    desk.context.settings.more["reports"] = {"overview": False}
    made = ReportsPage(desk.context)
    desk.context.hub.changed.connect(made.refresh)
    qtbot.addWidget(made)
    made.resize(1290, 696)
    made.show()
    yield made
    made.hide()


def report(page: ReportsPage) -> Report:
    assert page.answer is not None
    return page.answer.report


def test_conditions_narrow_the_report_and_are_told(page: ReportsPage) -> None:
    assert report(page).totals["created"] == 6
    page.controls.conditions.set_tree(LARGE)
    assert report(page).totals["created"] == 4
    assert report(page).filters == {"conditions": "Amount ≥ €500"}
    page.open_deals(None, "created")
    assert "Amount ≥ €500" in page.deals.reason.text()
    page.controls.clear()
    assert report(page).totals["created"] == 6 and page.controls.conditions.tree() == Group()


def test_why_a_number_is_what_it_is(page: ReportsPage) -> None:
    page.open_deals(None, "won")
    assert not page.deals.reason.isVisible()
    page.deals.why.click()
    assert page.deals.reason.isVisible()
    assert "Reached" in page.deals.reason.text() or "reached" in page.deals.reason.text()
    assert len(page.deals.model.rows) == 2


def test_the_comparison_is_offered_for_a_period_and_shown_under_the_table(page: ReportsPage) -> None:
    compare = page.controls.compare
    assert not compare.isVisible()
    page.controls.period.set_period(Period("this_month"))
    page.controls.period.changed.emit()
    assert compare.isVisible()
    assert page.view is not None and not page.view.compared.isVisible()
    compare.choose("previous")
    assert page.view.compared.isVisible()
    rows = page.view.compared.table.rows
    said = {
        rows.text(r, 1): [rows.text(r, c) for c in (0, 2, 3, 4)]
        for r in range(rows.rowCount())
        if rows.text(r, 0) == "Total"
    }
    assert said["Created"] == ["Total", "6", "0", "+6"]
    assert page.view.compared.heading.text().startswith("Compared with the period before")
    won = next(tile for tile in page.view.figures.tiles if "Won:" in tile.accessibleName())
    assert "▲ was 0" in won.accessibleName()
    page.choose("receivables")
    assert not compare.isVisible() and not page.view.compared.isVisible()


def test_any_two_dates_are_compared_with_and_every_output_says_so(
    page: ReportsPage, desk: Desk, qtbot: QtBot
) -> None:
    page.choose("managers")
    page.controls.period.set_period(Period("this_month"))
    page.controls.period.changed.emit()
    chip = page.controls.compare
    chip.choose("any")
    popup = chip.findChild(Popup)
    assert popup is not None
    first, last = popup.findChildren(DateField)
    button = popup.findChild(PrimaryButton)
    assert button is not None
    button.click()  # both days are needed
    assert popup.isVisible() and report(page).comparison is None
    first.set_value("2024-03-31")
    last.set_value("2024-01-01")
    button.click()
    asked = report(page).comparison
    assert asked is not None and asked.span is Span.ANY
    assert page.choice.compare_first == "2024-01-01" and page.choice.compare_last == "2024-03-31"
    assert "2024" in chip.text()
    said = "Compared with another period"
    assert page.view is not None and page.view.compared.heading.text().startswith(said)
    assert any(line.startswith(said) for line in header_block(report(page), desk.context.zone))
    assert any(value.startswith(said) for _what, value in file_words(report(page), desk.context.zone).notes)
    # a variant keeps the days; the period before forgets them
    kept = choice_of(page.choice.spec())
    assert (kept.compare, kept.compare_first, kept.compare_last) == ("any", "2024-01-01", "2024-03-31")
    chip.choose("previous")
    assert page.choice.compare_first == "" and report(page).comparison.span is Span.PREVIOUS  # type: ignore[union-attr]


def test_a_forecast_may_count_deals_yet_to_come(page: ReportsPage) -> None:
    page.choose("managers")
    assert not page.controls.new_business.isVisible()
    page.choose("forecast")
    box = page.controls.new_business
    assert box.isVisible() and not box.isChecked()
    assert report(page).extra["with_new_business"] is False
    box.click()
    assert report(page).extra["with_new_business"] is True
    assert choice_of(page.choice.spec()).mine().new_business is True
    page.choose("managers")
    assert page.answer is not None and page.answer.request.new_business is False
    page.choose("forecast")
    assert box.isChecked()


def test_a_forecast_follows_the_way_of_its_funnel_until_another_is_chosen(
    page: ReportsPage, desk: Desk
) -> None:
    page.choose("forecast")
    assert page.controls.by.value() == "dates"
    funnels.update_funnel(desk.db, 1, expected_close="pace", training_months=24)
    page.controls.set_choices(page.service.choices(desk.db))
    page.count()
    assert page.controls.by.value() == "pace" and page.choice.mine().by == []
    assert report(page).extra["by"] == ("pace",) and report(page).extra["training_months"] == 24
    page.controls.by.choose("dated")
    assert report(page).extra["by"] == ("dated",) and page.choice.mine().by == ["dated"]
    page.controls.by.choose("pace")  # the funnel's own again: nothing is pinned
    assert page.choice.mine().by == []


def test_only_the_chosen_figures_are_shown_and_saved_and_a_variant_keeps_them(
    page: ReportsPage, desk: Desk, tmp_path: Path
) -> None:
    page.choose("managers")
    assert page.view is not None
    chip = page.controls.columns
    every = [page.view.table.model().headerData(c, Qt.Orientation.Horizontal)
             for c in range(page.view.table.model().columnCount())]  # fmt: skip
    assert chip.isVisible() and len(every) > 6
    keys = page.controls._figures
    chip.set_chosen([keys.index("won"), keys.index("win_rate"), keys.index("win_rate_low")])
    shown = shown_columns(report(page))
    assert [each.column.key for each in shown if each.numeric] == ["won", "win_rate", "win_rate_low"]
    assert shown[0].column.key == "manager"
    write_xlsx(report(page), tmp_path / "f.xlsx", desk.context.zone)
    sheet = openpyxl.load_workbook(tmp_path / "f.xlsx").worksheets[0]
    lines = [[cell for cell in line if cell is not None] for line in sheet.iter_rows(values_only=True)]
    (head,) = [line for line in lines if line and line[0] == "Manager"]
    assert len(head) == 6 and "Won" in head and not {"Deals", "Lost", "Open deals"} & set(head)
    # totals stay whole, JSON too
    assert report_to_dict(report(page), desk.context.zone)["rows"][0].keys() >= {"deals", "won", "lost"}
    assert choice_of(page.choice.spec()).mine().columns == ["won", "win_rate", "win_rate_low"]
    page.choose("velocity")  # another report shows all of its own
    assert page.choice.mine().columns == [] and len(shown_columns(report(page))) > 3
    page.choose("managers")
    assert len(shown_columns(report(page))) < len(every)
    chip.clear()
    assert len(shown_columns(report(page))) == len(every)


def test_the_goal_of_a_reverse_plan_is_set_in_the_window(page: ReportsPage) -> None:
    page.choose("managers")
    assert not page.controls.goal.isVisible()
    page.choose("reverse-plan")
    chip = page.controls.goal
    assert chip.isVisible() and report(page).totals["target_wins"] == 10
    chip._open()
    popup = chip.findChild(Popup)
    button = popup.findChild(PrimaryButton) if popup is not None else None
    assert popup is not None and button is not None
    money = popup.findChild(MoneyField)
    wins = next(f for f in popup.findChildren(QLineEdit) if f.parent() is popup)
    assert money is not None
    money.edit.setText("much")
    button.click()
    assert popup.isVisible() and chip.goal() == (0, 0)
    money.edit.clear()
    wins.setText("25")
    button.click()
    assert report(page).totals["target_wins"] == 25 and "25" in chip.text()
    assert choice_of(page.choice.spec()).mine().goal_wins == 25
    chip.choose(0, 5000_00)
    assert report(page).totals["target_amount"] == 5000_00
    page.choose("forecast")  # a goal of its own
    assert page.controls.goal.goal() == (0, 0) and report(page).totals["plan"] is None
    chip.choose(3, 0)
    assert report(page).totals["plan"] == 3 and report(page).totals["plan_chance"] is not None
    chip.clear()
    assert report(page).totals["plan_chance"] is None


def test_the_comparison_is_in_json_under_its_own_key(page: ReportsPage, desk: Desk) -> None:
    now = report(page)
    before = replace(now, totals={**now.totals, "won": 1, "won_amount": 50_00})
    made = report_to_dict(comparison.compare(now, before, Span.YEAR), desk.context.zone)
    found = {(str(r["label"]), r["figure"]): r for r in made["compared"]["rows"]}
    assert found["None", "won_amount"]["before"] == 50
    assert found["None", "won"]["change"] == 1
    assert made["compared"]["with"] == "year"
    assert "compared" not in report_to_dict(now, desk.context.zone)


def test_a_variant_is_kept_shown_renamed_and_removed(page: ReportsPage, desk: Desk) -> None:
    page.choose("managers")
    page.controls.conditions.set_tree(LARGE)
    page.controls.period.set_period(Period("this_year"))
    page.controls.period.changed.emit()
    page.variants.keep("Large deals")
    page.controls.clear()
    page.choose("lost")
    kept = views.views(desk.db, VARIANTS)
    assert [view.name for view in kept] == ["Large deals"]
    page.show_variant(views.spec_of(kept[0]))
    assert page.choice.report == "managers" and page.choice.period.kind == "this_year"
    assert page.controls.conditions.tree() == LARGE
    assert report(page).name == "managers" and report(page).filters["conditions"]
    page.variants.rename(kept[0], "Large")
    desk.undo()
    assert views.views(desk.db, VARIANTS)[0].name == "Large deals"


@pytest.mark.parametrize(
    "spec", [{"report": "nonsense"}, {"conditions": 5, "period": [], "compare": 7}, {"own": {"lost": 3}}]
)
def test_a_variant_that_cannot_be_read_shows_what_it_can(page: ReportsPage, spec: dict[str, Any]) -> None:
    page.show_variant(spec)
    assert page.answer is not None


def test_the_request_remembers_no_comparison_without_a_period(page: ReportsPage) -> None:
    page.choice.compare = "year"
    assert page.choice.request(20_000 * DAY, page.context.zone).compare is None
