"""What is written on the screens can be read: nothing is cut, in any language and size of letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, QPoint, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTableWidget,
    QTabWidget,
    QWidget,
)
from pytestqt.qtbot import QtBot

from funneldesk import text
from funneldesk.services import bases, deal_items, demo
from funneldesk.store.database import Database
from funneldesk.store.queries import lists
from funneldesk.ui.board.page import BoardPage
from funneldesk.ui.clients.card_base import Card
from funneldesk.ui.deals.page import DealsPage
from funneldesk.ui.main_window import MainWindow, complete_window
from funneldesk.ui.screens import make_screens
from funneldesk.ui.settings.page import SettingsPage
from funneldesk.ui.side_panel import NARROWEST
from funneldesk.ui.theme import LIGHT, Theme, apply_theme
from funneldesk.ui.today.page import TodayPage
from funneldesk.ui.widgets.labels import ElidedLabel
from funneldesk.ui.widgets.paged_table import PagedTable
from funneldesk.ui.widgets.two_columns import TwoColumns
from funneldesk.ui.wiring import shell_services
from tests.ui.shell_kit import Called, make_context

WAYS = [("en", 1.5), ("pl", 1.5), ("ru", 1.5), ("ru", 1.0)]


def cut(root: QWidget) -> list[str]:
    """The labels and buttons that are seen and are smaller than their words."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisibleTo(root) or isinstance(widget.parent(), QLineEdit):
            continue
        if isinstance(widget, QScrollArea):
            inner, shown = widget.widget(), widget.viewport().width()
            if (
                widget.horizontalScrollBarPolicy() == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
                and inner is not None
                and inner.width() > shown
            ):
                found.append(f"{type(inner).__name__} is {inner.width()} wide in {shown}")
        if not isinstance(widget, (QLabel, QAbstractButton)) or isinstance(widget, ElidedLabel):
            continue
        if not widget.text():
            continue
        wraps = isinstance(widget, QLabel) and widget.wordWrap()
        needs = widget.minimumSizeHint() if isinstance(widget, QLabel) else widget.sizeHint()
        high = widget.heightForWidth(widget.width()) if wraps else needs.height()
        if needs.width() > widget.width() + 1 or high > widget.height() + 2:
            size = f"{widget.width()}x{widget.height()} of {needs.width()}x{high}"
            found.append(f"{type(widget).__name__} {widget.text()[:40]!r}: {size}")
    return found


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Russian base: long names of stages and managers, a deal with lines whose sum was typed."""
    path = tmp_path_factory.mktemp("looks") / "looks.funneldesk"
    with bases.new_base(path, language="ru") as made:
        demo.make_sample(made, deals=40, language="ru")
        with made.read() as conn:
            product = lists.products(conn)[0]
        deal_items.add(made, open_deal(made), name=product.name, quantity=2_000, price=1_234_567_00)
    return path


def open_deal(db: Database) -> int:
    with db.read() as conn:
        found = conn.exec_driver_sql("select min(id) from deals where status = 'open'").scalar()
    assert isinstance(found, int)
    return found


@pytest.fixture
def db(sample: Path) -> Iterator[Database]:
    with bases.open_base(sample) as opened:
        yield opened


@pytest.fixture
def window(qtbot: QtBot, qapp: QApplication, db: Database, request: Any) -> Iterator[MainWindow]:
    language, scale = request.param
    before = (qapp.styleSheet(), qapp.font(), qapp.palette(), QLocale())
    theme: Theme = LIGHT._replace(scale=scale)
    text.set_language(language)
    QLocale.setDefault(QLocale(language))
    apply_theme(qapp, theme)
    context = make_context(db)
    context.theme, context.me = theme, 1
    made = complete_window(context, make_screens(), shell_services(), Called().commands())
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    yield made
    made.close()
    qapp.setStyleSheet(before[0])
    qapp.setFont(before[1])
    qapp.setPalette(before[2])
    QLocale.setDefault(before[3])


def cut_now(window: MainWindow) -> list[str]:
    """What stays cut when all is laid out: what wraps asks for its height once it has its width."""
    window.resize(1366, 768)
    found: list[str] = []
    for _again in range(6):
        QApplication.processEvents()
        found = cut(window)
        if not found:
            break
    return found


def narrow_columns(page: QWidget) -> list[int]:
    """The columns that are narrower than their heads."""
    return [
        number
        for table in page.findChildren(PagedTable)
        for number in range(table.horizontalHeader().count())
        if not table.isColumnHidden(number)
        and table.columnWidth(number) < table.horizontalHeader().sectionSizeHint(number)
    ]


def parts_of(page: QWidget) -> Iterator[str]:
    """Each tab and part of a screen brought to the front in turn."""
    for tabs in page.findChildren(QTabWidget):
        for place in range(tabs.count() if tabs.isVisible() else 0):
            tabs.setCurrentIndex(place)
            yield tabs.tabText(place)
    if isinstance(page, SettingsPage):
        for place in range(page.sections.list.count()):
            page.sections.list.setCurrentRow(place)
            yield page.sections.section()
    if isinstance(page, TodayPage):
        for view in page.views:
            page.show_view(view)
            yield view


@pytest.mark.parametrize("window", WAYS, indirect=True)
def test_nothing_on_screens_and_cards_is_cut(window: MainWindow, db: Database) -> None:
    wrong: dict[str, object] = {}
    for key in window.screens.pages:
        window.show_page(key)
        page = window.current_page()
        assert page is not None
        wrong[key] = cut_now(window)
        wrong[f"heads of {key}"] = narrow_columns(page)
        for part in parts_of(page):
            wrong[f"{key}, {part}"] = cut_now(window)
    allowed = window.context.theme.px(NARROWEST) - 12  # without the line and the scroll bar
    for kind, record_id in (("deal", open_deal(db)), ("company", 1), ("person", 1)):
        window.open_card(kind, record_id)
        card = window.body.panel.card()
        assert isinstance(card, Card)
        for planning in (False, True):
            card.entry.set_planning(planning)
            wrong[f"{kind} {planning}"] = cut_now(window)
            inner = card.area.widget()
            assert inner is not None
            needs = max(inner.minimumSizeHint().width(), card.content.minimumSizeHint().width())
            assert needs <= allowed, (kind, planning)
    assert {key: found for key, found in wrong.items() if found} == {}


@pytest.mark.parametrize("window", WAYS, indirect=True)
def test_a_card_stands_beside_lists_and_board_and_covers_none_of_them(
    window: MainWindow, db: Database
) -> None:
    wrong: dict[str, object] = {}
    for key in ("today", "board", "clients", "deals", "leads"):
        window.show_page(key)
        window.open_card("deal", open_deal(db))
        wrong[key] = cut_now(window)
        page, panel = window.current_page(), window.body.panel
        assert page is not None
        assert page.width() == window.body.width() - panel.width(), key
        assert page.width() >= page.minimumSizeHint().width(), key
        assert panel.width() >= window.context.theme.px(NARROWEST), key
    assert {key: found for key, found in wrong.items() if found} == {}


@pytest.mark.parametrize("window", [("ru", 1.5)], indirect=True)
def test_beside_a_card_the_day_is_one_column_and_keeps_the_keys(window: MainWindow, db: Database) -> None:
    window.show_page("today")
    today = window.current_page()
    assert isinstance(today, TodayPage)
    columns = today.findChildren(TwoColumns)[0]
    cut_now(window)
    assert not columns.is_one()
    row = next(row for part in today.parts[3:] for row in part.rows)
    row.setFocus()
    window.open_card("deal", open_deal(db))
    cut_now(window)
    assert columns.is_one()
    assert today.focusWidget() is row
    assert row.isVisible()
    window.close_card()
    cut_now(window)
    assert not columns.is_one()
    assert window.focusWidget() is row


@pytest.mark.parametrize("window", [("en", 1.0)], indirect=True)
def test_each_thing_is_where_it_is_looked_for(window: MainWindow) -> None:
    for key, numbers in (("transfer", {1, 2, 3, 4, 5, 6}), ("again", {2})):  # heads over their numbers
        window.show_page(key)
        page: Any = window.page(key)
        table: QTableWidget = page.table
        for column in range(table.columnCount()):
            head = table.horizontalHeaderItem(column)
            assert head is not None
            right = bool(head.textAlignment() & Qt.AlignmentFlag.AlignRight)
            assert right == (column in numbers), (key, column)
    window.show_page("board")
    board, deals = window.page("board"), window.page("deals")
    assert isinstance(board, BoardPage) and isinstance(deals, DealsPage)
    spot = board.header.switch.mapTo(window, QPoint()).x()
    board.header.switch.buttons["list"].click()
    assert window.current_key() == "deals"
    QApplication.processEvents()
    assert deals.switch.mapTo(window, QPoint()).x() == spot
    assert window.rail.button("board").isChecked()
    deals.switch.buttons["months"].click()
    assert window.current_key() == "board"
    assert board.months.on
    board.header.switch.buttons["list"].click()
    deals.switch.buttons["board"].click()
    assert window.current_key() == "board"
    assert not board.months.on
    settings = window.page("settings")
    assert isinstance(settings, SettingsPage)
    window.show_page("settings")
    assert settings.sections.section() == "window"
    window.show_page("settings", section="lists")
    assert settings.sections.section() == "lists"
    assert settings.lists.isVisibleTo(settings) and not settings.backups.isVisibleTo(settings)


@pytest.mark.parametrize("window", WAYS, indirect=True)
def test_a_word_at_the_foot_lies_on_no_card_of_the_board(window: MainWindow) -> None:
    window.show_page("board")
    cut_now(window)
    page = window.current_page()
    assert isinstance(page, BoardPage) and page.area.horizontalScrollBar().isVisible()
    window.toast.show_text("28 reminders are waiting", print, action_text="Show")
    lying = window.toast.rect().translated(window.toast.mapTo(window, QPoint()))
    assert window.rect().contains(lying)
    for column in page.area.columns:
        cards = column.list.viewport()
        assert not lying.intersects(cards.rect().translated(cards.mapTo(window, QPoint())))
