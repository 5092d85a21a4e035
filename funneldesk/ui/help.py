"""Help: Markdown pages of resources/help in a text browser that fetches nothing from outside."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QSize, QUrl
from PySide6.QtGui import QDesktopServices, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QTextBrowser

from funneldesk.resources import resource_path
from funneldesk.text import _, language
from funneldesk.ui.help_look import dress
from funneldesk.ui.page import Page
from funneldesk.ui.theme import Theme

START = "start"
MARGIN = 28
BESIDE = 34  # a title's edges and the scroll bar
WIDEST = 820  # pixels of a line; longer ones are hard to follow
ORDER = (
    "start", "today", "board", "deals", "clients", "card", "leads", "doubles", "transfer", "again",
    "import", "migration",
    "reports", "report-stage-funnel", "report-finished-funnel", "report-active-funnel", "report-key-stage",
    "report-managers", "report-manager-matrix", "report-stage-times", "report-cycle", "report-velocity",
    "report-dynamics", "report-lost", "report-lost-history", "report-lost-words", "report-leaks",
    "report-sources", "report-cross-table",
    "report-activities", "report-strategy", "report-reaction", "report-reverse-plan",
    "report-forecast", "report-plan-fact", "report-receivables",
    "goals", "funnels", "automation", "settings", "bases", "glossary", "command-line", "shortcuts", "index",
)  # fmt: skip


def help_file(topic: str, spoken: str) -> Path | None:
    """The page of a topic in a language, else in English; None when there is none."""
    for folder in (spoken, "en"):
        path = resource_path("help", folder, f"{topic}.md")
        if path.is_file():
            return path
    return None


def topics(spoken: str) -> list[tuple[str, str]]:
    """(topic, title) of every page; the title is its first heading."""
    names = {path.stem for lang in (spoken, "en") for path in resource_path("help", lang).glob("*.md")}
    others = ORDER.index("command-line")
    order = sorted(names, key=lambda name: (ORDER.index(name) if name in ORDER else others, name))
    found: list[tuple[str, str]] = []
    for name in order:
        path = help_file(name, spoken)
        if path is not None:
            first = path.read_text(encoding="utf-8").splitlines()[:1]
            found.append((name, first[0].lstrip("# ").strip() if first else name))
    return found


class _Browser(QTextBrowser):
    """Shows only what comes with the program, in lines that can be followed."""

    def __init__(self, widest: int) -> None:
        super().__init__()
        self._widest = widest
        self.setLineWrapMode(QTextBrowser.LineWrapMode.FixedPixelWidth)

    # Qt overrides

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setLineWrapColumnOrWidth(min(self._widest, self.viewport().width()))

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        name = QUrl(name)
        path = name.toLocalFile() if name.isLocalFile() else name.toString()
        inside = resource_path("help", path)
        root = resource_path("help").resolve()
        if not name.scheme() and inside.resolve().is_relative_to(root) and inside.is_file():
            return inside.read_bytes()
        return b""


class HelpPage(Page):
    """Topics at the left, the page at the right."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        self.list = QListWidget()
        self.list.setAccessibleName(_("All help pages"))
        self.list.setProperty("role", "plain")
        self.list.setSpacing(1)
        self.browser = _Browser(theme.px(WIDEST))
        self.browser.setAccessibleName(_("Help"))
        self.browser.setProperty("role", "page")
        self.browser.setOpenLinks(False)
        self.browser.anchorClicked.connect(self._follow)
        layout.addWidget(self.list)
        layout.addWidget(self.browser, 1)
        for name, title in topics(language()):
            item = QListWidgetItem(title)
            item.setData(256, name)
            item.setSizeHint(QSize(0, theme.px(28)))
            self.list.addItem(item)
        self.list.ensurePolished()
        words = self.list.fontMetrics()  # the longest title is not cut
        longest = max(words.horizontalAdvance(title) for _name, title in topics(language()))
        self.list.setFixedWidth(max(theme.px(220), longest + BESIDE))
        self.list.currentItemChanged.connect(self._chosen)
        self.open_topic(START)

    def title(self) -> str:
        """The name of the screen."""
        return _("Help")

    def show_params(self, **params: Any) -> None:
        """Open the topic that is named."""
        self.open_topic(str(params.get("topic", START)))

    def open_topic(self, topic: str) -> None:
        """Show a page; an unknown topic shows the first."""
        path = help_file(topic, language()) or help_file(START, language())
        if path is None:
            self.browser.setPlainText(_("There is no help page yet."))
            return
        self.browser.setMarkdown(path.read_text(encoding="utf-8"))
        document = self.browser.document()
        document.setDocumentMargin(self._theme.px(MARGIN))
        dress(document, self._theme)
        self.browser.moveCursor(QTextCursor.MoveOperation.Start)
        for row in range(self.list.count()):
            if self.list.item(row).data(256) == path.stem and self.list.currentRow() != row:
                self.list.setCurrentRow(row)

    def _chosen(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.open_topic(item.data(256))

    def _follow(self, link: QUrl) -> None:
        if link.scheme() in ("http", "https", "mailto"):
            QDesktopServices.openUrl(link)
        else:
            self.open_topic(Path(link.path()).stem)
