"""The sentences of an audit, each with the deals that it speaks of."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from funneldesk.domain.results import Report
from funneldesk.report_words import Finding, deals_text, findings
from funneldesk.ui.theme import SPACE_2, SPACE_3, Theme
from funneldesk.ui.widgets.buttons import push_button
from funneldesk.ui.widgets.labels import PlainLabel

_COLOURS = {"▼": "leak_text", "▲": "boost_text"}


class Sentence(QFrame):
    """One finding: its sign, what it says, and a link to its deals."""

    def __init__(self, theme: Theme, finding: Finding, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        row = QHBoxLayout(self)
        row.setContentsMargins(SPACE_3, SPACE_2, SPACE_3, SPACE_2)
        row.setSpacing(SPACE_3)
        sign = PlainLabel(finding.sign, "strong")
        colour = theme.color(_COLOURS.get(finding.sign, "quiet")).name()
        sign.setStyleSheet(f"color: {colour};")
        sign.setFixedWidth(theme.px(16))
        sign.setAlignment(Qt.AlignmentFlag.AlignCenter)
        row.addWidget(sign)
        self.words = PlainLabel(finding.text)
        self.words.setWordWrap(True)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        row.addWidget(self.words, 1)
        self.link = push_button(deals_text(finding.opens), role="link")
        self.link.setAccessibleName(f"{deals_text(finding.opens)}: {finding.text}")
        self.link.setVisible(bool(finding.opens))
        row.addWidget(self.link, 0, Qt.AlignmentFlag.AlignVCenter)


class Findings(QWidget):
    """`opened` carries (row, key) of the sentence whose deals a person asked for."""

    opened = Signal(object, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.sentences: list[Sentence] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(SPACE_2)

    def show_report(self, report: Report) -> None:
        """Show the sentences of a report; hidden where it has none."""
        for sentence in self.sentences:
            self._column.removeWidget(sentence)
            sentence.hide()
            sentence.deleteLater()
        told = findings(report)
        self.sentences = [Sentence(self._theme, finding, self) for finding in told]
        for sentence, finding in zip(self.sentences, told, strict=True):
            sentence.link.clicked.connect(
                lambda _on=False, place=finding.row: self.opened.emit(place, "count")
            )
            self._column.addWidget(sentence)
            sentence.show()
        self.setVisible(bool(told))
