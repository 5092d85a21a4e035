"""A new base with nothing in it: every screen says what is missing and what to do, in every language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QLabel,
    QLineEdit,
    QListWidget,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from funneldesk import text
from funneldesk.domain.change import Change
from funneldesk.reports import catalog
from funneldesk.services import bases, deals
from funneldesk.services.deals import NewDeal
from funneldesk.store.database import Database
from funneldesk.ui.again.page import BOUGHT, LOST, PLANNED
from funneldesk.ui.clients.client_field import ClientField
from funneldesk.ui.funnels.rule_log import RuleLog
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.palette import Palette
from funneldesk.ui.screens import make_screens
from funneldesk.ui.shell_actions import open_palette
from funneldesk.ui.widgets.empty import EmptyState
from funneldesk.ui.widgets.popup_filter import ChoiceFilter, Popup
from funneldesk.ui.wiring import shell_services
from tests.ui.shell_kit import Called, make_context


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    """Not even a funnel."""
    with bases.new_base(tmp_path / "empty.funneldesk", currency="PLN", zone="Europe/Warsaw") as made:
        yield made


def open_window(db: Database, qtbot: QtBot) -> MainWindow:
    window = complete_window(make_context(db), make_screens(), shell_services(), Called().commands())
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    return window


def words(root: QWidget) -> str:
    """What can be read, but for the names of buttons."""
    QApplication.processEvents()
    labels = [label for label in root.findChildren(QLabel) if label.isVisible()]
    fields = [field for field in root.findChildren(QLineEdit) if field.isVisible()]
    return "\n".join([label.text() for label in labels] + [field.placeholderText() for field in fields])


def bare(root: QWidget) -> list[str]:
    """The lists and tables that stand there empty, with nobody to say why."""
    QApplication.processEvents()
    if any(state.isVisible() for state in root.findChildren(EmptyState)):
        return []
    views = [view for view in root.findChildren(QAbstractItemView) if view.isVisible()]
    return [
        f"{type(view).__name__} {view.accessibleName()!r}"
        for view in views
        if view.model() is not None and not view.model().rowCount()
    ]


def parts(window: MainWindow) -> Iterator[str]:
    """Every screen, with every tab and section of it, one after the other in front."""
    for key in window.screens.pages:
        window.show_page(key)
        page: Any = window.page(key)
        yield key
        if key == "today":
            for view in ("week", "month"):
                page.show_view(view)
                yield f"{key} {view}"
        elif key == "again":
            for tab in (LOST, BOUGHT, PLANNED):
                page.show_tab(tab)
                yield f"{key} {tab}"
        elif key == "reports":
            for name in catalog.CATALOG:
                page.show_params(report=name)
                yield f"{key} {name}"
        elif key == "import":
            page.show_log()
            yield "imports"
        elif key == "goals":
            chips = [b for b in page.findChildren(QAbstractButton) if b.isCheckable() and b.isVisible()]
            for chip in chips:
                chip.click()
                yield f"{key} {chip.text()}"
        elif key == "settings":
            yield from sections(page)


def sections(page: QWidget) -> Iterator[str]:
    """The sections of the settings and the tabs in them."""
    names = page.findChildren(QListWidget)[0]
    for row in range(names.count()):
        names.setCurrentRow(row)
        yield f"settings {names.item(row).text()}"
        for bar in [bar for bar in page.findChildren(QTabBar) if bar.isVisible()]:
            for tab in range(bar.count()):
                bar.setCurrentIndex(tab)
                yield f"settings {names.item(row).text()}, {bar.tabText(tab)}"


def test_no_screen_of_an_empty_base_shows_an_empty_list_without_a_word(empty: Database, qtbot: QtBot) -> None:
    window = open_window(empty, qtbot)
    seen, mute = 0, {}
    for part in parts(window):
        seen += 1
        page = window.current_page()
        assert page is not None
        assert words(page).strip() or part == "help", part
        if found := bare(page):
            mute[part] = found
    assert mute == {}
    assert seen > len(window.screens.pages) + len(catalog.CATALOG)


@pytest.mark.parametrize("language", ["ru", "pl"])
def test_what_is_said_of_an_empty_base_is_said_in_every_language(
    empty: Database, qtbot: QtBot, language: str
) -> None:
    english = {}
    window = open_window(empty, qtbot)
    for number, _part in enumerate(parts(window)):
        page = window.current_page()
        assert page is not None
        english[number] = [words(state) for state in page.findChildren(EmptyState) if state.isVisible()]
    text.set_language(language)
    window = open_window(empty, qtbot)
    for number, part in enumerate(parts(window)):
        page = window.current_page()
        assert page is not None
        shown = [words(state) for state in page.findChildren(EmptyState) if state.isVisible()]
        assert len(shown) == len(english[number]), part
        assert not set(shown) & set(english[number]), part


def test_the_log_of_rules_says_where_rules_are_made(empty: Database, qtbot: QtBot) -> None:
    log = RuleLog(make_context(empty))
    qtbot.addWidget(log)
    log.show()
    assert "Automation" in words(log) and bare(log) == []


def test_a_search_without_a_find_says_how_to_go_on(empty: Database, qtbot: QtBot) -> None:
    window = open_window(empty, qtbot)
    window.search.setText("zzzz")
    window.search._ask("zzzz")
    assert window.search._drop is not None
    assert "Try fewer letters" in words(window.search._drop)
    open_palette(window)
    palette = window.findChild(Palette)
    assert palette is not None
    palette.field.setText("zzzz")
    palette.look()
    assert palette.list.count() == 1 and "Try fewer letters" in palette.list.item(0).text()
    palette._run()
    assert palette.isVisible(), "a sentence is nothing that can be done"
    palette.close()


def test_a_filter_without_anything_to_choose_says_so(empty: Database, qtbot: QtBot) -> None:
    window = open_window(empty, qtbot)
    window.show_page("clients")
    page: Any = window.page("clients")
    chip = next(chip for chip in page.findChildren(ChoiceFilter) if chip.text().startswith("Manager"))
    chip.click()
    popup = chip.findChild(Popup)
    assert popup is not None
    said = [label.text() for label in popup.findChildren(QLabel) if label.isVisibleTo(popup)]
    assert said == ["There is nothing to choose from yet."]
    assert not any(view.isVisibleTo(popup) for view in popup.findChildren(QListWidget))
    popup.close()


def test_a_deal_of_nobody_is_given_a_client_on_its_card(tmp_path: Path, qtbot: QtBot) -> None:
    with bases.new_base(tmp_path / "one.funneldesk", template="general", language="en") as db:
        deals.create(db, NewDeal("Racks"), funnel_id=1)
        window = open_window(db, qtbot)
        changes: list[Change] = []
        window.context.hub.changed.connect(changes.append)
        window.open_card("deal", 1)
        card: Any = window.body.panel.card()
        field = card.findChild(ClientField)
        assert field is not None and "Type a name" in field.placeholderText()
        field.setText("New Age")
        field.returnPressed.emit()
        field.returnPressed.emit()
        assert len(changes) == 1
        assert "New Age" in [line.accessibleName() for line in card.client.findChildren(QWidget)]
        window.close()
