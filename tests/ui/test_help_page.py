"""The help in the window: topics, links, and nothing from outside."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QTextTable

from funneldesk import text
from funneldesk.text import LANGUAGES
from funneldesk.ui.help import HelpPage, help_file, topics
from funneldesk.ui.theme import HEADLINE, choose_theme


@pytest.fixture
def page(qtbot: Any) -> HelpPage:
    text.set_language("en")
    made = HelpPage(choose_theme("light", 1.0))
    made.resize(1200, 700)
    qtbot.addWidget(made)
    return made


def shown(page: HelpPage) -> str:
    return page.browser.document().firstBlock().text()


def test_every_topic_of_the_list_opens_its_page(page: HelpPage) -> None:
    for row in range(page.list.count()):
        page.list.setCurrentRow(row)
        assert shown(page) == page.list.item(row).text()


def test_a_topic_asked_for_is_shown_and_marked_in_the_list(page: HelpPage) -> None:
    page.show_params(topic="report-lost")
    assert shown(page) == "Lost deals"
    assert page.list.currentItem().text() == "Lost deals"


@pytest.mark.parametrize("spoken", LANGUAGES)
@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_no_title_in_the_list_is_cut(qtbot: Any, spoken: str, scale: float) -> None:
    text.set_language(spoken)
    page = HelpPage(choose_theme("light", scale))
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    qtbot.waitExposed(page)
    room = page.list.visualItemRect(page.list.item(0)).width()
    words = page.list.fontMetrics()
    longest = max(
        (page.list.item(row).text() for row in range(page.list.count())), key=words.horizontalAdvance
    )
    assert words.horizontalAdvance(longest) + 12 <= room, longest  # 6 at each side


def test_an_unknown_topic_shows_the_first_steps(page: HelpPage) -> None:
    page.show_params(topic="no-such-page")
    assert shown(page) == "First steps"


def test_a_link_leads_to_its_page(page: HelpPage) -> None:
    page.open_topic("today")
    page.browser.anchorClicked.emit(QUrl("card.md"))
    assert shown(page) == "Cards of clients and deals"


def test_nothing_outside_the_help_is_read(page: HelpPage) -> None:
    for name in ("https://example.org/x.png", "file:///etc/passwd", "../../pyproject.toml"):
        assert page.browser.loadResource(0, QUrl(name)) == b""


def test_headings_and_tables_have_the_look_of_the_program(page: HelpPage) -> None:
    page.open_topic("board")
    document = page.browser.document()
    first = document.firstBlock().textFormats()[0]
    assert first.format.font().pixelSize() == HEADLINE
    tables = [frame for frame in document.rootFrame().childFrames() if isinstance(frame, QTextTable)]
    assert tables and all(table.format().borderCollapse() for table in tables)


def test_topics_are_in_one_order_in_every_language() -> None:
    english = [name for name, _title in topics("en")]
    assert english[0] == "start" and english[-1] == "index"
    for language in LANGUAGES:
        assert [name for name, _title in topics(language)] == english
        assert all(help_file(name, language) for name in english)
